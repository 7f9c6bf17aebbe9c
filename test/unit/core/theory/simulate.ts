import type { Random } from '../../../../src/core/math/random';
import type { DenseLayer, Stack } from '../../../../src/core/theory/stack';

/** Norms of one drawn network, by layer from the input; over the whole batch. */
export interface Simulated {
  /** ‖∂C/∂z^l‖ at φ's input. */
  readonly delta: number[];
  /** ‖∂C/∂W^l‖, summed over the samples' own norms. */
  readonly kernelGradient: number[];
  /** Mean and variance of z over units and samples. */
  readonly mean: number[];
  readonly q: number[];
}

/** Samples × units, row by row. */
interface Batch {
  readonly units: number;
  readonly data: Float64Array;
}

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));

/**
 * Draws the network's weights and one batch of Gaussian inputs, and passes an incoherent Gaussian ∂C/∂a^L back: the
 * plain chain rule, with nothing of the theory.
 */
export function simulate(stack: Stack, random: Random, samples = 1): Simulated {
  const layers = stack.layers;
  const inputMean = stack.inputMean ?? 0;
  const inputDeviation = Math.sqrt(stack.inputVariance - inputMean ** 2);
  const gaussian = (size: number, mean: number, deviation: number): Float64Array =>
    Float64Array.from({ length: size }, () => mean + deviation * random.normal());

  let a: Batch = {
    units: layers[0]!.fanIn,
    data: gaussian(samples * layers[0]!.fanIn, inputMean, inputDeviation),
  };
  const passes = layers.map((layer) => {
    const { fanIn, fanOut } = layer;
    const kernel = gaussian(fanIn * fanOut, layer.kernelMean, Math.sqrt(layer.kernelVariance));
    const bias = gaussian(fanOut, layer.biasMean ?? 0, Math.sqrt(layer.biasVariance));
    const linear: Batch = { units: fanOut, data: new Float64Array(samples * fanOut) };
    for (let s = 0; s < samples; s++) {
      for (let i = 0; i < fanOut; i++) {
        let z = bias[i]!;
        for (let j = 0; j < fanIn; j++) z += kernel[i * fanIn + j]! * a.data[s * fanIn + j]!;
        linear.data[s * fanOut + i] = z;
      }
    }
    const { z, deviations } = normalise(layer, linear, samples);
    const mask = z.map(() => (layer.keep === 1 ? 1 : random.uniform() < layer.keep ? 1 / layer.keep : 0));
    const input = a;
    a = {
      units: fanOut,
      data: z.map((x, i) => layer.phi.value(x) * mask[i]! + (layer.residual ? input.data[i]! : 0)),
    };
    return { layer, kernel, input, z, mask, deviations };
  });

  const delta: number[] = [];
  const kernelGradient: number[] = [];
  let g = gaussian(a.data.length, 0, 1);
  for (const { layer, kernel, input, z, mask, deviations } of passes.toReversed()) {
    const { fanIn, fanOut } = layer;
    const atZ = g.map((x, i) => x * layer.phi.derivative(z[i]!) * mask[i]!);
    const atLinear = denormalise(layer, z, deviations, atZ, samples);
    const before = new Float64Array(samples * fanIn);
    let square = 0;
    for (let s = 0; s < samples; s++) {
      const d = atLinear.subarray(s * fanOut, (s + 1) * fanOut);
      square += (norm(d) * norm(input.data.subarray(s * fanIn, (s + 1) * fanIn))) ** 2;
      for (let i = 0; i < fanOut; i++) {
        for (let j = 0; j < fanIn; j++) before[s * fanIn + j]! += kernel[i * fanIn + j]! * d[i]!;
      }
    }
    delta.unshift(norm(atZ));
    kernelGradient.unshift(Math.sqrt(square));
    g = layer.residual ? before.map((x, i) => x + g[i]!) : before;
  }
  const moments = passes.map(({ z }) => {
    const mean = z.reduce((sum, x) => sum + x, 0) / z.length;
    return { mean, q: z.reduce((sum, x) => sum + (x - mean) ** 2, 0) / z.length };
  });
  return { delta, kernelGradient, mean: moments.map(({ mean }) => mean), q: moments.map(({ q }) => q) };
}

/** Indices that are normalised together: a unit over the batch, or a sample over its units. */
function groups(layer: DenseLayer, units: number, samples: number): number[][] {
  if (layer.normalisation === 'none') return [];
  const [outer, inner] = layer.normalisation === 'batch' ? [units, samples] : [samples, units];
  return Array.from({ length: outer }, (_, o) =>
    Array.from({ length: inner }, (_, i) => (layer.normalisation === 'batch' ? i * units + o : o * units + i)),
  );
}

function normalise(
  layer: DenseLayer,
  { units, data }: Batch,
  samples: number,
): { z: Float64Array; deviations: number[] } {
  const z = data.slice();
  const deviations = groups(layer, units, samples).map((indices) => {
    const mean = indices.reduce((sum, i) => sum + data[i]!, 0) / indices.length;
    const deviation = Math.sqrt(indices.reduce((sum, i) => sum + (data[i]! - mean) ** 2, 0) / indices.length);
    for (const i of indices) z[i] = (data[i]! - mean) / deviation;
    return deviation;
  });
  return { z, deviations };
}

/** ∂C/∂u = (∂C/∂z − mean(∂C/∂z) − z·mean(z·∂C/∂z))/deviation for z = (u − mean(u))/deviation. */
function denormalise(
  layer: DenseLayer,
  z: Float64Array,
  deviations: readonly number[],
  atZ: Float64Array,
  samples: number,
): Float64Array {
  const atLinear = atZ.slice();
  groups(layer, layer.fanOut, samples).forEach((indices, k) => {
    const mean = indices.reduce((sum, i) => sum + atZ[i]!, 0) / indices.length;
    const along = indices.reduce((sum, i) => sum + atZ[i]! * z[i]!, 0) / indices.length;
    for (const i of indices) atLinear[i] = (atZ[i]! - mean - z[i]! * along) / deviations[k]!;
  });
  return atLinear;
}

/** Mean and standard deviation of ln‖δ^l‖/‖δ^L‖ and of ln‖∂C/∂W^l‖/‖∂C/∂W^L‖ over draws. */
export function simulateRatios(
  stack: Stack,
  draws: number,
  random: Random,
  samples = 1,
): { delta: number[]; deviation: number[]; kernelGradient: number[]; all: Simulated[] } {
  const all = Array.from({ length: draws }, () => simulate(stack, random, samples));
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const logRatios = (of: (s: Simulated) => number[]) =>
    stack.layers.map((_, l) => all.map((s) => Math.log(of(s)[l]! / of(s).at(-1)!)));
  const deltas = logRatios((s) => s.delta);
  return {
    delta: deltas.map(mean),
    deviation: deltas.map((values) => Math.sqrt(mean(values.map((x) => (x - mean(values)) ** 2)))),
    kernelGradient: logRatios((s) => s.kernelGradient).map(mean),
    all,
  };
}
