import * as tf from '@tensorflow/tfjs';
import type { ProbeBlock, StepBlock } from '../core/runs/record';

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

  add(numbers: tf.Tensor1D, size: number, probed: { probe: tf.Tensor2D; ratios: tf.Scalar[] } | undefined): void {
    if (probed) this.#probes.push({ step: this.total, ...probed });
    this.#numbers.push(numbers);
    this.#sizes.push(size);
  }

  async flush(): Promise<{ steps: StepBlock; probes: ProbeBlock; sizes: number[] }> {
    const pending = this.#numbers;
    const probed = this.#probes;
    const sizes = this.#sizes;
    const firstStep = this.#told;
    this.#numbers = [];
    this.#probes = [];
    this.#sizes = [];
    const count = pending.length;
    const layers = this.layerCount;
    const steps = {
      firstStep,
      loss: new Float32Array(count),
      accuracy: new Float32Array(count),
      gradientNorms: new Float32Array(count * layers),
    };
    if (count > 0) {
      const rows = await readRows(pending);
      const width = 2 + layers;
      for (let i = 0; i < count; i++) {
        const loss = rows[i * width]!;
        steps.loss[i] = loss;
        steps.accuracy[i] = rows[i * width + 1]! / sizes[i]!;
        steps.gradientNorms.set(rows.subarray(i * width + 2, (i + 1) * width), i * layers);
      }
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
    const columns = Array.from({ length: 5 }, () => new Float32Array(probed.length * hidden));
    const updateRatio = new Float32Array(probed.length * this.layerCount);
    if (probed.length > 0) {
      const rows = await readRows(probed.map(({ probe }) => probe));
      for (let i = 0; i < probed.length; i++) {
        for (let c = 0; c < 5; c++) {
          const from = (i * 5 + c) * hidden;
          columns[c]!.set(rows.subarray(from, from + hidden), i * hidden);
        }
      }
      updateRatio.set(await readRows(probed.flatMap(({ ratios }) => ratios)));
    }
    const [meanDerivative, saturatedShare, deadShare, preActivationMean, preActivationStddev] = columns;
    return {
      step: Int32Array.from(probed, ({ step }) => step),
      meanDerivative: meanDerivative!,
      saturatedShare: saturatedShare!,
      deadShare: deadShare!,
      preActivationMean: preActivationMean!,
      preActivationStddev: preActivationStddev!,
      updateRatio,
    };
  }

  dispose(): void {
    tf.dispose([this.#numbers, this.#probes.map(({ probe, ratios }) => [probe, ...ratios])]);
  }
}

/** One read for many tensors of one shape; disposes of them. */
async function readRows(tensors: readonly tf.Tensor[]): Promise<Float32Array> {
  const stacked = tf.stack([...tensors]);
  tf.dispose([...tensors]);
  const values = (await stacked.data()) as Float32Array;
  stacked.dispose();
  return values;
}
