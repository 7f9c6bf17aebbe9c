import type { PageState } from './state';

/** What is said aloud: each epoch's end, pauses, and the verdicts once the run is over. Never steps. */
export function announcement({ phase, run, epoch, verdicts }: PageState): string {
  switch (phase) {
    case 'loading':
      return 'Preparing.';
    case 'running': {
      const ended = run === undefined ? 0 : Math.max(0, ...run.networks.map((network) => network.epochs.length));
      return ended === 0 ? 'Training.' : `Epoch ${ended} of ${run?.config.epochs} finished.`;
    }
    case 'paused':
      return `Paused in epoch ${epoch}.`;
    case 'finished':
    case 'stopped': {
      const sentences = run?.networks.flatMap((network) => {
        const verdict = verdicts.get(network.id);
        return verdict === undefined ? [] : [`${network.activation}: ${verdict.text}`];
      });
      return [phase === 'finished' ? 'Finished.' : 'Stopped.', ...(sentences ?? []).slice(0, 6)].join(' ');
    }
    default:
      return '';
  }
}
