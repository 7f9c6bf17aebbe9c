import { currentEpoch } from '../runs/progress';
import type { RunRecord } from '../runs/record';
import { runStateOf } from '../runs/runState';

const words = { stopped: 'Stopped', interrupted: 'Interrupted', failed: 'Failed' } as const;

/** A sentence for a run that ended before its last epoch: what is shown is a part. Undefined for one that is whole. */
export function partialNote(run: RunRecord): string | undefined {
  const state = runStateOf(run);
  if (state !== 'stopped' && state !== 'interrupted' && state !== 'failed') return undefined;
  const { epochs } = run.config;
  const whole = Math.min(...run.networks.map((network) => network.epochs.length));
  const place = currentEpoch(run) === 0 ? 'before the first step' : `in epoch ${currentEpoch(run)} of ${epochs}`;
  const word = words[state];
  return `${word} ${place}: the figures are partial, of ${whole} of ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} trained to the end.`;
}
