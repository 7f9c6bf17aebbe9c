import { listInWords } from '../format/list';
import { networkName } from '../runs/overlay';
import { currentEpoch } from '../runs/progress';
import type { NetworkRecord, RunRecord } from '../runs/record';
import { runStateOf } from '../runs/runState';

const words = { stopped: 'Stopped', interrupted: 'Interrupted', failed: 'Failed' } as const;

/** A sentence for a run that ended before its last epoch: what is shown is a part. Undefined for one that is whole. */
export function partialNote(run: RunRecord): string | undefined {
  const state = runStateOf(run);
  if (state !== 'stopped' && state !== 'interrupted' && state !== 'failed') return undefined;
  const { epochs } = run.config;
  const trained = (networks: readonly NetworkRecord[]) =>
    `partial, of ${Math.min(...networks.map((network) => network.epochs.length))} of ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} trained to the end`;
  const cut = run.networks.filter((network) => network.epochs.length < epochs);
  const failed = run.networks.filter((network) => network.state === 'failed');
  // Those of the others are whole.
  if (failed.length === cut.length && cut.length < run.networks.length) {
    const names = listInWords(failed.map((network) => networkName(run, network)));
    return `${names} failed: ${failed.length === 1 ? 'its' : 'their'} figures are ${trained(failed)}.`;
  }
  const place = currentEpoch(run) === 0 ? 'before the first step' : `in epoch ${currentEpoch(run)} of ${epochs}`;
  return `${words[state]} ${place}: the figures are ${trained(run.networks)}.`;
}
