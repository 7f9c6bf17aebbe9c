import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../core/math/random';
import type { PlanLayer } from '../../core/model/plan/layers';
import type { NetworkPlan } from '../../core/model/plan/plan';
import { type MeasuredSize, summariseLogs } from '../../core/theory/measured';
import { type MeasuredPlan, type PlanMeasurement, usualMeasurement } from '../../core/theory/measuredPlan';
import { PlanNetwork } from '../plan/planNetwork';
import { norm } from '../tensors/norm';

/** Normal numbers of mean 0 in the input's shape; numbers of entries below the vocabulary. */
function randomInput(
  { inputShape, vocabulary }: NetworkPlan,
  { batch, inputVariance = 1 }: PlanMeasurement,
  seed: number,
): Float32Array | Int32Array {
  const random = createRandom(seed, 'measured input');
  const length = inputShape.reduce((all, size) => all * size, batch);
  if (vocabulary !== null) return Int32Array.from({ length }, () => random.below(vocabulary));
  const normals = new Float32Array(length);
  random.normals(normals, 0, Math.sqrt(inputVariance));
  return normals;
}

/**
 * One forward and backward pass through freshly drawn networks of a plan. What enters at the output is Gaussian and
 * independent from unit to unit, as if a linear layer with random targets came after: how sure an untrained network is
 * of its classes does not count.
 *
 * @param data batches of data, batch × inputs, for each draw; standard normal numbers, or any entries, where left out
 */
export async function measurePlan(
  plan: NetworkPlan,
  options: PlanMeasurement = usualMeasurement,
  data?: (draw: number) => Float32Array | Int32Array,
): Promise<MeasuredPlan> {
  const { seed, draws, milliseconds } = options;
  if (!(draws >= 1)) throw new RangeError(`draws is ${draws}; expected at least 1.`);
  const kernelLogs: number[][] = [];
  const deltaLogs: (number[] | undefined)[] = [];
  let layers: readonly PlanLayer[] = [];
  const started = performance.now();
  let done = 0;
  while (done < draws && (done < 2 || performance.now() - started < milliseconds)) {
    const own = (seed + done) >>> 0;
    const network = new PlanNetwork(plan, own);
    layers = network.layers;
    const input = data?.(done) ?? randomInput(plan, options, own);
    const inputs = plan.inputShape.reduce((all, size) => all * size, 1);
    const rows = Math.max(1, Math.floor(input.length / inputs));
    const error = new Float32Array(rows * plan.output.units);
    createRandom(own, 'measured error').normals(error);
    const numbers = tf.tidy(() => {
      const x = tf.tensor(input, [rows, ...plan.inputShape], plan.vocabulary === null ? 'float32' : 'int32');
      const found = network.gradientsFrom(x, tf.tensor2d(error, [rows, plan.output.units]));
      const missing = tf.scalar(-1);
      return tf.stack([
        ...found.kernels.map((gradient) => norm(gradient)),
        ...found.deltas.map((delta) => (delta ? norm(delta) : missing)),
      ]) as tf.Tensor1D;
    });
    const values = await numbers.data();
    numbers.dispose();
    network.dispose();
    const count = layers.length;
    for (let l = 0; l < count; l++) {
      kernelLogs[l] ??= [];
      kernelLogs[l]!.push(Math.log(values[l]!));
      const delta = values[count + l]!;
      if (!(delta < 0)) {
        deltaLogs[l] ??= [];
        deltaLogs[l]!.push(logOf(delta));
      }
    }
    done++;
  }
  // The last one is the output layer.
  const hidden = layers.slice(0, -1).flatMap((_, l) => (deltaLogs[l] ? [l] : []));
  const last = hidden.at(-1);
  const relative = (logs: readonly (readonly number[] | undefined)[], l: number): MeasuredSize | undefined =>
    last === undefined || logs[l] === undefined
      ? undefined
      : summariseLogs(logs[l].map((log, i) => differenceOf(log, logs[last]![i]!)));
  return {
    draws: done,
    layers: layers.map(({ index, name, node }, l) => ({
      index,
      name,
      node,
      kernelGradient: summariseLogs(kernelLogs[l]!.map((log) => (Number.isNaN(log) ? Number.POSITIVE_INFINITY : log))),
      delta: deltaLogs[l] && summariseLogs(deltaLogs[l]!),
      toLast:
        l === layers.length - 1
          ? undefined
          : { delta: relative(deltaLogs, l), kernelGradient: relative(kernelLogs, l) },
    })),
    ratio: hidden[0] === undefined ? undefined : relative(deltaLogs, hidden[0]),
  };
}

/** What overflowed on its way counts as infinite. */
const logOf = (x: number): number => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : Math.log(x));

const differenceOf = (a: number, b: number): number => {
  if (a === Number.NEGATIVE_INFINITY) return a;
  const found = a - b;
  return Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
};
