import { type ExperimentConfig, optimizerSlots } from '../../core/experiment/config';
import type { NetworkCheckpoint } from '../../core/runs/checkpoint';
import type { Training } from './training';

/** A checkpoint does not belong to the training that should go on from it; the message says what differs. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** Over the epoch in progress: Σ batch loss × batch size, right answers, examples seen. */
export interface EpochSums {
  loss: number;
  correct: number;
  seen: number;
}

export const noSums: Readonly<EpochSums> = { loss: 0, correct: 0, seen: 0 };

type Place = Pick<NetworkCheckpoint, 'step'> & { readonly sums: Readonly<EpochSums> };

/**
 * Where a training stands after `step` steps: its epoch (from 1) and the first example of the next batch. Between the last
 * batch of an epoch and its evaluation all examples are seen, and there is no next batch (`from` = count); once the epoch
 * is told, the sums are 0 and the next one begins.
 *
 * @param count training examples
 */
export function placeOf({ step, sums }: Place, count: number, batchSize: number): { epoch: number; from: number } {
  const perEpoch = Math.ceil(count / batchSize);
  const epoch = Math.floor(step / perEpoch);
  if (step > 0 && step % perEpoch === 0 && sums.seen === count) return { epoch, from: count };
  return { epoch: epoch + 1, from: (step % perEpoch) * batchSize };
}

/** What a checkpoint must fit besides its network. */
export interface Course extends Pick<ExperimentConfig, 'batchSize' | 'epochs' | 'optimizer'> {
  /** Training examples. */
  readonly count: number;
}

/** @throws CheckpointError where this training cannot go on from it */
export function checkCheckpoint(
  checkpoint: NetworkCheckpoint,
  { keptSizes, trainedSizes }: Pick<Training, 'keptSizes' | 'trainedSizes'>,
  course: Course,
): void {
  checkPlace(checkpoint, course);
  if (keptSizes === undefined)
    throw refused('this network drops units at random, and a checkpoint does not keep the random numbers');
  checkSizes('parameters', checkpoint.parameters, keptSizes);
  const { updates, first, second } = checkpoint.optimizer;
  if (updates !== checkpoint.step) throw refused(`its optimizer made ${updates} updates in ${checkpoint.step} steps`);
  const slots = optimizerSlots[course.optimizer];
  const wanted = (used: boolean) => (used && updates > 0 ? trainedSizes : []);
  checkSizes(`means of the gradients for ${course.optimizer}`, first, wanted(slots.first));
  checkSizes(`means of the squared gradients for ${course.optimizer}`, second, wanted(slots.second));
}

function checkPlace({ step, sums }: Place, { count, batchSize, epochs }: Course): void {
  const steps = epochs * Math.ceil(count / batchSize);
  if (step > steps) throw refused(`it was taken after step ${step}, and this training has ${steps}`);
  const { from } = placeOf({ step, sums }, count, batchSize);
  if (sums.seen !== from)
    throw refused(`its epoch has seen ${sums.seen} examples, and step ${step} of this training comes after ${from}`);
}

function checkSizes(what: string, found: readonly Float32Array[], expected: readonly number[]): void {
  const text = (sizes: readonly number[]) => (sizes.length === 0 ? 'none' : sizes.join(', '));
  const lengths = found.map(({ length }) => length);
  if (lengths.length === expected.length && lengths.every((length, i) => length === expected[i])) return;
  throw refused(`its ${what} have the sizes ${text(lengths)}, and this training needs ${text(expected)}`);
}

const refused = (difference: string): CheckpointError =>
  new CheckpointError(`The checkpoint is of another training: ${difference}. Start the training anew.`);
