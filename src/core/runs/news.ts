import type { BackendName } from '../experiment/config';
import { probeColumns, rowsFrom, stepColumns } from './columns';
import type { EpochRow, NetworkState, ProbeBlock, RunRecord, StepBlock } from './record';

/**
 * What a training tells of its run, in order: a record is the sum of its news. The same news build it in the page that
 * trains, in the host that keeps it, and in every page that shows it.
 */
export type RunNews =
  | { readonly kind: 'recorded'; readonly network: string; readonly steps: StepBlock; readonly probes: ProbeBlock }
  | { readonly kind: 'epochEnded'; readonly network: string; readonly row: EpochRow }
  | {
      readonly kind: 'state';
      readonly network: string;
      readonly state: NetworkState;
      /** Training time so far, without pauses. */
      readonly seconds: number;
      readonly backend?: BackendName | undefined;
      /** Why it failed or diverged, as a sentence. */
      readonly message?: string | undefined;
    }
  /** Seconds of training of the whole run, without pauses. */
  | { readonly kind: 'clock'; readonly seconds: number };

/**
 * Takes news into a record. A training that goes on from a checkpoint tells some steps again: what the record has
 * already is passed over, so that nothing is doubled.
 *
 * @returns whether the record has changed
 * @throws RangeError where the news are of another run, or do not follow what is recorded; the record is then unchanged
 */
export function applyNews(run: RunRecord, news: RunNews): boolean {
  if (news.kind === 'clock') {
    const changed = run.seconds !== news.seconds;
    run.seconds = news.seconds;
    return changed;
  }
  const record = run.networks.find(({ id }) => id === news.network);
  if (record === undefined) throw new RangeError(`news of ${news.network}, which this run does not have`);
  switch (news.kind) {
    case 'recorded': {
      const steps = stepsFrom(news.steps, record.steps.count, record.layers.length);
      const probes = probesAfter(news.probes, record.probes.stepOf(record.probes.count - 1), record.layers.length);
      const misfit = record.probes.problem(probes, probes.step.length);
      if (misfit !== undefined) throw new RangeError(`probes of ${record.id} ${misfit}`);
      if (steps.loss.length > 0) record.steps.append(steps);
      if (probes.step.length > 0) record.probes.append(probes);
      return steps.loss.length > 0 || probes.step.length > 0;
    }
    case 'epochEnded': {
      const known = record.epochs.length;
      if (news.row.epoch <= known) return false;
      if (news.row.epoch !== known + 1) throw new RangeError(`epoch ${news.row.epoch} does not follow epoch ${known}`);
      record.epochs.push(news.row);
      return true;
    }
    case 'state': {
      record.state = news.state;
      record.seconds = news.seconds;
      if (news.backend !== undefined) record.backend = news.backend;
      if (news.message === undefined) delete record.message;
      else record.message = news.message;
      return true;
    }
  }
}

/** What of a block comes after the `known` steps. */
function stepsFrom(block: StepBlock, known: number, layers: number): StepBlock {
  const skip = Math.min(Math.max(0, known - block.firstStep), block.loss.length);
  if (skip === 0) return block;
  return { firstStep: block.firstStep + skip, ...rowsFrom(stepColumns, block, skip, layers) };
}

/** @param last step of the last probe that is known; NaN where there is none */
function probesAfter(block: ProbeBlock, last: number, layers: number): ProbeBlock {
  let skip = 0;
  while (skip < block.step.length && block.step[skip]! <= last) skip++;
  if (skip === 0) return block;
  return { step: block.step.subarray(skip), ...rowsFrom(probeColumns, block, skip, layers) };
}
