import type { FlowConfig } from '../../core/calculation/config';
import { framework as dataOf } from '../../core/frameworks/all';
import { drawWeights, type Initializer, isScaledTruncated } from '../../core/initializers/initializer';
import type { Random } from '../../core/math/random';
import type { DenseLayer, Stack } from '../../core/theory/stack';
import { type DenseProducts, plainProducts } from '../kernels/denseProducts';

/** Kernel and bias of one dense layer. */
export interface DrawnLayer {
  /** fanOut × fanIn, row-major. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Draws one layer as the framework would: tfjs leaves its cut-off normals uncorrected. */
export function drawLayer(config: FlowConfig, { fanIn, fanOut }: DenseLayer, random: Random): DrawnLayer {
  const { framework, biasStd } = config;
  const { defaults, truncatedShare } = dataOf(framework);
  const initializer = config.kernelInitializer ?? defaults.kernel.initializer;
  // Rows are units here, which alone of an orthogonal matrix matters.
  const fans = initializer.kind === 'orthogonal' ? ([fanOut, fanIn] as const) : ([fanIn, fanOut] as const);
  const kernel = drawWeights(initializer, fanIn * fanOut, ...fans, random);
  if (truncatedShare !== 1 && isScaledTruncated(initializer)) {
    for (let i = 0; i < kernel.length; i++) kernel[i]! *= Math.sqrt(truncatedShare);
  }
  const bias: Initializer = biasStd === null ? defaults.bias.initializer : { kind: 'normal', mean: 0, stddev: biasStd };
  return { kernel, bias: drawWeights(bias, fanOut, fanIn, fanOut, random) };
}

/** What normalisation adds to a variance before it divides; PyTorch's. Small enough to be without effect unless all is constant. */
const EPSILON = 1e-5;

/** Natural logarithms for each sample and layer, up to a constant that all layers of a sample share. */
export interface GradientLogs {
  /** layers × samples: ln ‖δ^l‖, δ = ∂C/∂z at φ's input. */
  readonly delta: Float64Array;
  /** layers × samples: ln ‖∂C/∂W^l‖ of the sample's own cost. */
  readonly kernelGradient: Float64Array;
  /** samples: ln ‖∂C/∂a^L‖, what arrives at the last hidden layer's output. */
  readonly arriving: Float64Array;
}

/** What the way back needs of the way there. */
interface Pass {
  readonly layer: DenseLayer;
  readonly drawn: DrawnLayer;
  /** samples × fanIn */
  readonly input: Float64Array;
  /** samples × fanOut, φ's input. */
  readonly z: Float64Array;
  /** 1/σ of each unit (BatchNorm) or sample (LayerNorm). */
  readonly inverse: Float64Array | undefined;
  /** samples × fanOut: 0 or 1/ρ. */
  readonly mask: Float64Array | undefined;
}

/**
 * One forward and backward pass through random hidden layers, in float64 with float32 weights but for the products, if
 * these are of the kernels. Nothing underflows on
 * its way through many layers: gradients are scaled to 1 after each, and the scale is kept.
 *
 * The error that enters at the last hidden layer's output is Gaussian and independent from unit to unit: what a linear
 * output layer with Gaussian weights of mean 0 passes back, whatever the cost.
 *
 * @param input samples × inputs
 * @param samples BatchNorm normalises over them; without it they do not meet
 */
export function passThrough(
  { layers }: Stack,
  config: FlowConfig,
  input: Float64Array,
  samples: number,
  random: Random,
  products: DenseProducts = plainProducts,
): GradientLogs {
  const passes: Pass[] = [];
  let signal = input;
  for (const layer of layers) {
    const pass = forward(layer, drawLayer(config, layer, random), signal, samples, random, products);
    passes.push(pass.pass);
    signal = pass.output;
  }
  const delta = new Float64Array(layers.length * samples);
  const kernelGradient = new Float64Array(layers.length * samples);
  let gradient = new Float64Array(signal.length);
  random.normals(gradient);
  const arriving = Float64Array.from({ length: samples }, (_, k) =>
    Math.log(norm(gradient, k, gradient.length / samples)),
  );
  let scale = 0;
  for (let l = layers.length - 1; l >= 0; l--) {
    const pass = passes[l]!;
    const { fanIn, fanOut } = pass.layer;
    const { atPhi, atLinear } = throughPhi(pass, gradient, samples);
    for (let k = 0; k < samples; k++) {
      delta[l * samples + k] = scale + Math.log(norm(atPhi, k, fanOut));
      kernelGradient[l * samples + k] =
        scale + Math.log(norm(atLinear, k, fanOut)) + Math.log(norm(pass.input, k, fanIn));
    }
    if (l === 0) break;
    const below = products.inputGradient(pass.drawn.kernel, atLinear, samples);
    if (pass.layer.residual) for (let i = 0; i < below.length; i++) below[i]! += gradient[i]!;
    scale += rescale(below);
    gradient = below;
  }
  return { delta, kernelGradient, arriving };
}

function forward(
  layer: DenseLayer,
  drawn: DrawnLayer,
  input: Float64Array,
  samples: number,
  random: Random,
  products: DenseProducts,
): { pass: Pass; output: Float64Array } {
  const { fanOut, phi, normalisation, keep, residual } = layer;
  const z = products.affine(drawn.kernel, drawn.bias, input, samples);
  const inverse =
    normalisation === 'batch'
      ? normalise(z, fanOut, samples, 1, fanOut)
      : normalisation === 'layer'
        ? normalise(z, samples, fanOut, fanOut, 1)
        : undefined;
  const output = new Float64Array(z.length);
  for (let i = 0; i < z.length; i++) output[i] = phi.value(z[i]!);
  let mask: Float64Array | undefined;
  if (keep < 1) {
    mask = new Float64Array(z.length);
    for (let i = 0; i < z.length; i++) {
      mask[i] = random.uniform() < keep ? 1 / keep : 0;
      output[i]! *= mask[i]!;
    }
  }
  if (residual) for (let i = 0; i < output.length; i++) output[i]! += input[i]!;
  return { pass: { layer, drawn, input, z, inverse, mask }, output };
}

/** ∂C/∂z at φ's input, and ∂C/∂u at the linear output below the normalisation. */
function throughPhi({ layer, z, inverse, mask }: Pass, gradient: Float64Array, samples: number) {
  const { phi, fanOut, normalisation } = layer;
  const atPhi = new Float64Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const arriving = mask ? mask[i]! * gradient[i]! : gradient[i]!;
    atPhi[i] = arriving === 0 ? 0 : arriving * phi.derivative(z[i]!);
  }
  if (!inverse) return { atPhi, atLinear: atPhi };
  const atLinear =
    normalisation === 'batch'
      ? throughNormalisation(atPhi, z, inverse, fanOut, samples, 1, fanOut)
      : throughNormalisation(atPhi, z, inverse, samples, fanOut, fanOut, 1);
  return { atPhi, atLinear };
}

/** Brings groups of values to mean 0 and variance 1 in place; gives what each was multiplied by. */
function normalise(values: Float64Array, groups: number, size: number, start: number, stride: number): Float64Array {
  const inverse = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    const from = g * start;
    let mean = 0;
    for (let i = 0; i < size; i++) mean += values[from + i * stride]!;
    mean /= size;
    let variance = 0;
    for (let i = 0; i < size; i++) variance += (values[from + i * stride]! - mean) ** 2;
    const factor = 1 / Math.sqrt(variance / size + EPSILON);
    for (let i = 0; i < size; i++) values[from + i * stride] = (values[from + i * stride]! - mean) * factor;
    inverse[g] = factor;
  }
  return inverse;
}

/** ∂C/∂u = (∂C/∂z − mean(∂C/∂z) − z·mean(z·∂C/∂z))/σ, means over each group. */
function throughNormalisation(
  gradient: Float64Array,
  z: Float64Array,
  inverse: Float64Array,
  groups: number,
  size: number,
  start: number,
  stride: number,
): Float64Array {
  const result = new Float64Array(gradient.length);
  for (let g = 0; g < groups; g++) {
    const from = g * start;
    let mean = 0;
    let along = 0;
    for (let i = 0; i < size; i++) {
      const at = from + i * stride;
      mean += gradient[at]!;
      along += gradient[at]! * z[at]!;
    }
    mean /= size;
    along /= size;
    for (let i = 0; i < size; i++) {
      const at = from + i * stride;
      result[at] = inverse[g]! * (gradient[at]! - mean - z[at]! * along);
    }
  }
  return result;
}

/** Euclidean norm of one row. Values near 1 are expected: see {@link rescale}. */
function norm(values: Float64Array, row: number, size: number): number {
  let square = 0;
  let largest = 0;
  const from = row * size;
  for (let i = from; i < from + size; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  for (let i = from; i < from + size; i++) square += (values[i]! / largest) ** 2;
  return largest * Math.sqrt(square);
}

/** Divides by the largest value in place; gives the logarithm of it, 0 where all are 0. */
function rescale(values: Float64Array): number {
  let largest = 0;
  for (const x of values) largest = Math.max(largest, Math.abs(x));
  if (largest === 0 || !Number.isFinite(largest)) return 0;
  for (let i = 0; i < values.length; i++) values[i]! /= largest;
  return Math.log(largest);
}
