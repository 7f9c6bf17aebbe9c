import * as tf from '@tensorflow/tfjs';
import { type EachOf, forEachOf, namesOf, rowWidth, stepColumns, widthOf } from '../core/runs/columns';
import type { ProbeBlock, StepBlock } from '../core/runs/record';
import { type UnitColumn, unitColumns } from './unitProbe';

/** Steps that the device has computed and nobody has read yet. */
export class Records {
  #numbers: tf.Tensor1D[] = [];
  #sizes: number[] = [];
  #probes: { step: number; probe: tf.Tensor2D; ratios: tf.Scalar[] }[] = [];
  #told: number;
  #lastFiniteLoss: number | undefined;

  /**
   * @param told steps that were told before
   * @param lastLoss the loss of the last of them
   */
  constructor(
    private readonly layerCount: number,
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
    return this.#told + this.#numbers.length;
  }

  get pendingTensors(): number {
    return this.#numbers.length + this.#probes.reduce((sum, { ratios }) => sum + 1 + ratios.length, 0);
  }

  /** The loss of the step before the first non-finite one. */
  get lastFiniteLoss(): number | undefined {
    return this.#lastFiniteLoss;
  }

  /** @param numbers as `stepNumbers` has them */
  add(numbers: tf.Tensor1D, size: number, probed: { probe: tf.Tensor2D; ratios: tf.Scalar[] } | undefined): void {
    if (probed) this.#probes.push({ step: this.total, ...probed });
    this.#numbers.push(numbers);
    this.#sizes.push(size);
  }

  async flush(): Promise<{ steps: WholeSteps; probes: ProbeBlock; sizes: number[] }> {
    const pending = this.#numbers;
    const probed = this.#probes;
    const sizes = this.#sizes;
    const firstStep = this.#told;
    this.#numbers = [];
    this.#probes = [];
    this.#sizes = [];
    const count = pending.length;
    const rows = count > 0 ? await readRows(pending) : new Float32Array(0);
    const steps: WholeSteps = { firstStep, ...columnsOfRows(rows, sizes, this.layerCount) };
    if (count > 0) {
      const firstBad = steps.loss.findIndex((loss) => !Number.isFinite(loss));
      const lastGood = firstBad < 0 ? count - 1 : firstBad - 1;
      if (lastGood >= 0) this.#lastFiniteLoss = steps.loss[lastGood];
    }
    const probes = await this.#readProbes(probed);
    this.#told += count;
    return { steps, probes, sizes };
  }

  async #readProbes(probed: readonly { step: number; probe: tf.Tensor2D; ratios: tf.Scalar[] }[]): Promise<ProbeBlock> {
    const hidden = this.layerCount - 1;
    const count = probed.length;
    const units = count > 0 ? await readRows(probed.map(({ probe }) => probe)) : new Float32Array(0);
    const updateRatio = count > 0 ? await readRows(probed.flatMap(({ ratios }) => ratios)) : new Float32Array(0);
    const columns = {} as Record<UnitColumn, Float32Array>;
    for (const [c, name] of unitColumns.entries()) {
      const values = new Float32Array(count * hidden);
      for (let i = 0; i < count; i++) {
        const from = (i * unitColumns.length + c) * hidden;
        values.set(units.subarray(from, from + hidden), i * hidden);
      }
      columns[name] = values;
    }
    return { step: Int32Array.from(probed, ({ step }) => step), ...columns, updateRatio };
  }

  dispose(): void {
    tf.dispose([this.#numbers, this.#probes.map(({ probe, ratios }) => [probe, ...ratios])]);
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

/** The columns of steps whose rows were read, each of a batch of its size. */
function columnsOfRows(
  rows: Float32Array,
  sizes: readonly number[],
  layers: number,
): EachOf<typeof stepColumns, Float32Array> {
  const stride = rowWidth(stepColumns, layers);
  let first = 0;
  return forEachOf(stepColumns, (_, column) => {
    const width = widthOf(column, layers);
    const values = new Float32Array(sizes.length * width);
    for (let i = 0; i < sizes.length; i++) {
      const size = column.unit === 'share' ? sizes[i]! : 1;
      for (let k = 0; k < width; k++) values[i * width + k] = rows[i * stride + first + k]! / size;
    }
    first += width;
    return values;
  });
}

/** One read for many tensors of one shape; disposes of them. */
async function readRows(tensors: readonly tf.Tensor[]): Promise<Float32Array> {
  const stacked = tf.stack([...tensors]);
  tf.dispose([...tensors]);
  const values = (await stacked.data()) as Float32Array;
  stacked.dispose();
  return values;
}
