import * as tf from '@tensorflow/tfjs-core';
import {
  type ColumnList,
  type EachOf,
  forEachOf,
  namesOf,
  probeColumns,
  rowWidth,
  startsOf,
  stepColumns,
  widthOf,
} from '../../core/runs/columns';
import type { ProbeBlock, StepBlock } from '../../core/runs/record';
import type { Training } from './training';

/** Steps that a training has computed and nobody has read yet, and what they tell once they are read. */
export class Records {
  #sizes: number[] = [];
  #probed: number[] = [];
  #told: number;
  #lastFiniteLoss: number | undefined;

  /**
   * @param told steps that were told before
   * @param lastLoss the loss of the last of them
   */
  constructor(
    private readonly training: Pick<Training, 'layerCount' | 'steps' | 'probes'>,
    told = 0,
    lastLoss?: number,
  ) {
    this.#told = told;
    this.#lastFiniteLoss = lastLoss;
  }

  /** Steps that were told. */
  get told(): number {
    return this.#told;
  }

  /** Steps so far, told or not. */
  get total(): number {
    return this.#told + this.#sizes.length;
  }

  /** The loss of the step before the first non-finite one. */
  get lastFiniteLoss(): number | undefined {
    return this.#lastFiniteLoss;
  }

  /** The training has made a step on a batch of this size. */
  add(size: number, probed: boolean): void {
    if (probed) this.#probed.push(this.total);
    this.#sizes.push(size);
  }

  async flush(): Promise<{ steps: WholeSteps; probes: ProbeBlock; sizes: number[] }> {
    const probed = this.#probed;
    const sizes = this.#sizes;
    const firstStep = this.#told;
    this.#probed = [];
    this.#sizes = [];
    const rows = await this.training.steps.read();
    const layers = this.training.layerCount;
    const steps: WholeSteps = { firstStep, ...columnsOfRows(stepColumns, rows, sizes, layers) };
    if (sizes.length > 0) {
      const firstBad = steps.loss.findIndex((loss) => !Number.isFinite(loss));
      const lastGood = firstBad < 0 ? sizes.length - 1 : firstBad - 1;
      if (lastGood >= 0) this.#lastFiniteLoss = steps.loss[lastGood];
    }
    // Shares of a probe are shares already.
    const whole = probed.map(() => 1);
    const units = columnsOfRows(probeColumns, await this.training.probes.read(), whole, layers);
    this.#told += sizes.length;
    return { steps, probes: { step: Int32Array.from(probed), ...units }, sizes };
  }
}

/** Steps with all that there is to tell. */
type WholeSteps = StepBlock & EachOf<typeof stepColumns, Float32Array>;

/** What a step tells, on the device; a share as a count in its batch. */
export type StepNumbers = EachOf<typeof stepColumns, readonly tf.Scalar[]>;

const stepNames = namesOf(stepColumns);

/** A step's row. */
export const stepNumbers = (numbers: StepNumbers): tf.Tensor1D =>
  tf.stack(stepNames.flatMap((name) => numbers[name])) as tf.Tensor1D;

/** The columns of rows that were read; a share is a count in a batch, of the size of each. */
function columnsOfRows<T extends ColumnList>(
  list: T,
  rows: Float32Array,
  sizes: readonly number[],
  layers: number,
): EachOf<T, Float32Array> {
  const stride = rowWidth(list, layers);
  const starts = startsOf(list, layers);
  return forEachOf(list, (name, column) => {
    const width = widthOf(column, layers);
    const values = new Float32Array(sizes.length * width);
    for (let i = 0; i < sizes.length; i++) {
      const size = column.unit === 'share' ? sizes[i]! : 1;
      for (let k = 0; k < width; k++) values[i * width + k] = rows[i * stride + starts[name] + k]! / size;
    }
    return values;
  });
}
