import { seriesName } from '../../src/core/runs/overlay';
import type { MirroredRun } from './mirror';

/** What is said aloud: each epoch's end, pauses, and the verdicts once the run is over. Never steps. */
export function announcement({ status, run, verdicts }: MirroredRun): string {
  const { phase, epoch } = status;
  switch (phase) {
    case 'idle':
      return '';
    case 'loading':
      return 'Preparing.';
    case 'running': {
      const ended = run === undefined ? 0 : Math.max(0, ...run.networks.map((network) => network.epochs.length));
      return ended === 0 ? 'Training.' : `Epoch ${ended} of ${run?.config.epochs} finished.`;
    }
    case 'paused':
      return `Paused in epoch ${epoch}.`;
    default: {
      const sentences = run?.networks.flatMap((network) => {
        const verdict = verdicts.get(network.id);
        return verdict === undefined ? [] : [`${seriesName(network)}: ${verdict.text}`];
      });
      return [`${phase[0]!.toUpperCase()}${phase.slice(1)}.`, ...(sentences ?? []).slice(0, 6)].join(' ');
    }
  }
}
