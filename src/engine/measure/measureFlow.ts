import type { FlowCandidate, FlowConfig } from '../../core/calculation/config';
import { inputsOf } from '../../core/calculation/inputs';
import { stackOfConfig } from '../../core/calculation/predict';
import { drawDigits } from '../../core/data/digits';
import { createRandom, type Random } from '../../core/math/random';
import { type MeasuredFlow, summariseLogs } from '../../core/theory/measured';
import { kernelProducts } from '../kernels/wasm/products';
import { turn } from '../thread/turn';
import { passThrough } from './flowNetwork';

/** Samples that a network with BatchNorm sees at once; each other network sees one. */
export const BATCH = 64;
/** Digits that the networks draw their samples from. */
const DIGITS = 256;

/** Fills samples of `inputs` components. */
type Sampler = (into: Float64Array, random: Random) => void;

function sampler(config: FlowConfig): Sampler {
  const deviation = Math.sqrt(config.inputVariance);
  if (config.data === 'gaussian') {
    return (into, random) => random.normals(into, 0, deviation);
  }
  const pixels = inputsOf(config);
  const { images } = drawDigits({ train: DIGITS, test: 1, seed: config.seed }).train;
  const square = images.reduce((sum, x) => sum + x * x, 0) / images.length;
  const scale = deviation / Math.sqrt(square);
  return (into, random) => {
    for (let at = 0; at < into.length; at += pixels) {
      // Components that are not as many as a digit's pixels run on from one digit to the next, and from the last to the first.
      const start = random.below(DIGITS) * pixels;
      for (let i = 0; i < pixels; i++) into[at + i] = scale * images[(start + i) % images.length]!;
    }
  };
}

/** ln(a/b), where 0/0 is 0; Infinity for what has no ratio, since b is 0 or something overflowed on the way. */
function logRatio(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return a;
  const found = a - b;
  return Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
}

/**
 * Draws the configuration's networks for one candidate and sends one backward pass through each; yields after each of
 * them. The candidates' networks share their random numbers, so that they differ by their activations alone where they
 * draw equally many.
 *
 * One network sees one sample, since theory speaks of one; a network with BatchNorm sees a batch, and each of its samples
 * counts as a draw.
 */
export function* measureCandidate(config: FlowConfig, candidate: FlowCandidate): Generator<void, MeasuredFlow> {
  const stack = stackOfConfig(config, candidate);
  const samples = config.normalisation === 'batch' ? BATCH : 1;
  const products = samples > 1 ? kernelProducts() : undefined;
  const depth = stack.layers.length;
  const draws = config.networks * samples;
  const delta = Array.from({ length: depth }, () => new Float64Array(draws));
  const kernelGradient = Array.from({ length: depth }, () => new Float64Array(draws));
  const sample = sampler(config);
  const input = new Float64Array(samples * stack.layers[0]!.fanIn);
  for (let n = 0; n < config.networks; n++) {
    sample(input, createRandom(config.seed, `flow/${n}/input`));
    const found = passThrough(stack, config, input, samples, createRandom(config.seed, `flow/${n}`), products);
    const last = (depth - 1) * samples;
    for (let l = 0; l < depth; l++) {
      for (let k = 0; k < samples; k++) {
        const [at, top, to] = [l * samples + k, last + k, n * samples + k];
        if (depth === 1) {
          delta[l]![to] = logRatio(found.delta[at]!, found.arriving[k]!);
          kernelGradient[l]![to] = delta[l]![to]!;
          continue;
        }
        delta[l]![to] = logRatio(found.delta[at]!, found.delta[top]!);
        kernelGradient[l]![to] = logRatio(found.kernelGradient[at]!, found.kernelGradient[top]!);
      }
    }
    yield;
  }
  const layers = delta.map((logs, l) => ({
    layer: l + 1,
    delta: summariseLogs(logs),
    kernelGradient: summariseLogs(kernelGradient[l]!),
  }));
  return { networks: config.networks, layers, ratio: layers[0]!.delta };
}

/** News and requests get their turn this often. */
const TURN_MILLISECONDS = 50;

/**
 * Measures all candidates, one after the other.
 *
 * @param onProgress hears some twenty times a second how many networks of all candidates are done, of how many
 * @throws RangeError where the configuration asks for no networks
 */
export async function measureFlow(
  config: FlowConfig,
  onProgress: (done: number, total: number) => void,
): Promise<MeasuredFlow[]> {
  if (config.networks === 0) throw new RangeError('networks is 0; expected at least 1 to measure.');
  const total = config.networks * config.candidates.length;
  const flows: MeasuredFlow[] = [];
  let done = 0;
  let started = performance.now();
  for (const candidate of config.candidates) {
    const networks = measureCandidate(config, candidate);
    for (let next = networks.next(); ; next = networks.next()) {
      if (next.done) {
        flows.push(next.value);
        break;
      }
      done++;
      if (performance.now() - started < TURN_MILLISECONDS && done < total) continue;
      onProgress(done, total);
      await turn();
      started = performance.now();
    }
  }
  return flows;
}
