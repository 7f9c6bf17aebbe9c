import type { LabelledImages } from '../../core/data/dataset';
import type { Examples } from '../../core/data/examples';
import type { NetworkCheckpoint } from '../../core/runs/checkpoint';
import { probeColumns, rowWidth, stepColumns } from '../../core/runs/columns';
import type { Batch, BatchSource, Numbers } from '../kernels/kernels';

/** What a training needs to go on. */
export type TrainingState = Pick<NetworkCheckpoint, 'parameters' | 'optimizer'>;

/** Summed (not mean) loss, and how many of the batch are right; of a regression, see `LossAndError`. */
export interface Evaluation {
  readonly lossSum: number;
  readonly correct: number;
}

/** A network with its optimiser, as the trainer drives it: where its numbers lie is its own affair. */
export interface Training {
  /** What computes it, for the log. */
  readonly computedBy: string;
  /** Layers whose kernels' gradients are measured, the output layer included. */
  readonly layerCount: number;
  /** Examples that an evaluation takes at once. */
  readonly evaluationBatch: number;
  /** Numbers in each of the parameters that are trained. */
  readonly trainedSizes: readonly number[];
  /** Of what a checkpoint keeps; undefined where a network has more state than numbers, such as a dropout's random ones. */
  readonly keptSizes: readonly number[] | undefined;
  /** A row a step, as `stepColumns` has it; shares as counts of their batch. */
  readonly steps: Numbers;
  /** A row a probe, as `probeColumns` has it. */
  readonly probes: Numbers;
  /** Tensors that come and go without being lost: numbers that were not read, and room for a few sizes of batches. */
  readonly passingTensors: number;
  /** Batches for this training. */
  batches(set: LabelledImages | Examples): BatchSource;
  /** Forward and backward pass and update; looks at the units where `probing` says so. */
  step(batch: Batch, probing: boolean): void;
  evaluate(batch: Batch): Promise<Evaluation>;
  /** A copy; no step may come while it is read. Undefined where `keptSizes` is. */
  state(): Promise<TrainingState | undefined>;
  /** Goes on from a state of these sizes. */
  restore(state: TrainingState): void;
  dispose(): void;
}

export const stepWidth = (layers: number): number => rowWidth(stepColumns, layers);
export const probeWidth = (layers: number): number => rowWidth(probeColumns, layers);
