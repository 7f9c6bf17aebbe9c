import type { DatasetSummary } from '../core/data/dataset';
import { formatInteger } from '../core/format/numbers';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import { stepsPerEpoch } from '../core/runs/progress';
import { type NetworkRecord, ProbeSeries, type RunRecord, rewind, StepSeries } from '../core/runs/record';

/** A run cannot go on; the message says why. */
export class ResumeError extends Error {
  override readonly name = 'ResumeError';
}

/** A run that is to go on. */
export interface Resume {
  readonly run: RunRecord;
  /** By network; one without begins anew. */
  readonly checkpoints: ReadonlyMap<string, NetworkCheckpoint>;
}

/**
 * The run as its training goes on: a copy, in which every network that has not come to its own end waits, with the steps
 * up to its checkpoint; and the checkpoints that are gone on from.
 *
 * @throws ResumeError where the data are not those of the run
 */
export function resumed({ run, checkpoints }: Resume, dataset: DatasetSummary): Resume {
  checkData(run.dataset, dataset);
  const perEpoch = stepsPerEpoch(run);
  const used = new Map<string, NetworkCheckpoint>();
  const networks = run.networks.map((network) => {
    const record = copyOf(network);
    if (hasEnded(record)) return record;
    const checkpoint = checkpoints.get(record.id);
    const usable = checkpoint !== undefined && isRecordedUpTo(record, checkpoint, perEpoch);
    if (usable) used.set(record.id, checkpoint);
    else record.seconds = 0;
    rewind(record, usable ? checkpoint.step : 0, perEpoch);
    return record;
  });
  return { run: { ...run, networks }, checkpoints: used };
}

/** Finished or diverged: there is nothing left to train. */
export const hasEnded = ({ state }: NetworkRecord): boolean => state === 'finished' || state === 'diverged';

/** False where the end of a record was lost, so that steps would be missing between it and the checkpoint. */
function isRecordedUpTo(
  { steps, epochs }: NetworkRecord,
  { step, sums }: NetworkCheckpoint,
  perEpoch: number,
): boolean {
  const ended = Math.floor(step / perEpoch);
  const toBeEvaluated = step % perEpoch === 0 && sums.seen > 0;
  return steps.count >= step && epochs.length >= (toBeEvaluated ? ended - 1 : ended);
}

function copyOf(network: NetworkRecord): NetworkRecord {
  const layers = network.layers.length;
  const copy = {
    ...network,
    epochs: [...network.epochs],
    steps: new StepSeries(layers),
    probes: new ProbeSeries(layers),
  };
  copy.steps.append(network.steps.block());
  copy.probes.append(network.probes.block());
  return copy;
}

function checkData(expected: DatasetSummary, found: DatasetSummary): void {
  const text = ({ train, test, inputs, classes }: DatasetSummary) =>
    `${formatInteger(train)} training and ${formatInteger(test)} test images of ${inputs} pixels in ${classes} classes`;
  if (text(expected) !== text(found))
    throw new ResumeError(
      `The run cannot go on: it trained on ${text(expected)}, and the data are now ${text(found)}. Choose the data of the run, or run again.`,
    );
}
