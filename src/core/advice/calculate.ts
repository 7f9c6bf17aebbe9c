import type { Activation, ActivationName } from '../activations/catalogue';
import type { FlowConfig } from '../calculation/config';
import { candidateKey, phisOf, predictCandidate, stackOfConfig } from '../calculation/predict';
import type { FrameworkId } from '../frameworks/framework';
import { memo } from '../math/memo';
import { type DerivativeBound, derivativeBound } from '../theory/bound';
import { type EdgeOfChaos, edgeOfChaos, type FixedPoint, fixedPoint } from '../theory/fixedPoint';
import type { FlowPrediction } from '../theory/meanField';
import type { DenseLayer, Stack } from '../theory/stack';
import { type FlowVerdict, flowVerdict } from './flowVerdict';

/** The limit of infinite depth, for stacks whose layers are alike. */
export interface FlowFixedPoint extends FixedPoint {
  /** σ_w, of fan-in · Var(w) over the keep probability. */
  readonly kernelGain: number;
  /** σ_b */
  readonly biasDeviation: number;
  /** The σ_w at which χ₁ = 1 with this σ_b; undefined where there is none. */
  readonly edgeOfChaos: EdgeOfChaos | undefined;
}

/** What is calculated of one candidate. */
export interface CandidateFlow {
  /** "sigmoid", or "sigmoid × 5, tanh × 5". */
  readonly label: string;
  /** Of the catalogue, for the colour; the first layer's where layers differ. */
  readonly name: ActivationName;
  /** One for each layer, as the framework computes them. */
  readonly phis: readonly Activation[];
  readonly stack: Stack;
  readonly bound: DerivativeBound;
  readonly prediction: FlowPrediction;
  readonly verdict: FlowVerdict;
  /** Undefined where layers differ, are normalised or residual, or where kernels have a mean. */
  readonly fixedPoint: FlowFixedPoint | undefined;
}

/** "sigmoid × 5, tanh × 5"; at most three runs are named. */
function labelOf(phis: readonly Activation[]): string {
  const runs: { label: string; count: number }[] = [];
  for (const { label } of phis) {
    const last = runs.at(-1);
    if (last?.label === label) last.count++;
    else runs.push({ label, count: 1 });
  }
  if (runs.length === 1) return runs[0]!.label;
  const named = runs.slice(0, 3).map(({ label, count }) => (count === 1 ? label : `${label} × ${count}`));
  return runs.length > 3 ? `${named.join(', ')}, …` : named.join(', ');
}

const fixedPoints = memo<FlowFixedPoint>(64);
/** Wrapped, since there may be none. */
const edges = memo<{ readonly edge: EdgeOfChaos | undefined }>(64);
const candidates = memo<CandidateFlow>(64);

function fixedPointOf({ layers }: Stack, name: ActivationName, framework: FrameworkId): FlowFixedPoint | undefined {
  // The first layer's input is another: its fan-in may differ.
  const [first, ...others] = layers.length > 1 ? layers.slice(1) : layers;
  const { phi, fanIn, kernelVariance: variance, keep } = first!;
  const gainSquared = (fanIn * variance) / keep;
  const alike = (layer: DenseLayer): boolean =>
    layer.phi === phi &&
    Math.abs((layer.fanIn * layer.kernelVariance) / layer.keep - gainSquared) <= 1e-9 * gainSquared &&
    layer.biasVariance === first!.biasVariance;
  const plain = layers.every(
    (layer) => layer.kernelMean === 0 && layer.normalisation === 'none' && !layer.residual && layer.phi === phi,
  );
  if (!plain || !others.every(alike)) return undefined;
  return fixedPoints(`${framework} ${name} ${gainSquared} ${first!.biasVariance}`, () => {
    const biasDeviation = Math.sqrt(first!.biasVariance);
    return {
      ...fixedPoint(phi, gainSquared, first!.biasVariance),
      kernelGain: Math.sqrt(gainSquared),
      biasDeviation,
      edgeOfChaos: edges(`${framework} ${name} ${biasDeviation}`, () => ({ edge: edgeOfChaos(phi, biasDeviation) }))
        .edge,
    };
  });
}

/**
 * Bound, prediction and verdict of every candidate. The latest are kept, and verdicts and fixed points are worked out
 * when they are read, so that a slider may call this on every frame: 2 to 10 ms for 100 layers on a busy machine. How
 * many networks are drawn, and their seed, matter to a measurement alone.
 *
 * @throws RangeError for an activation that is not known; a config that was parsed has none
 */
export function calculate(config: FlowConfig): CandidateFlow[] {
  return config.candidates.map((candidate) =>
    candidates(candidateKey(config, candidate), () => {
      const stack = stackOfConfig(config, candidate);
      const phis = phisOf(config, candidate);
      const name = phis[0]!.name;
      let verdict: FlowVerdict | undefined;
      return {
        label: labelOf(phis),
        name,
        phis,
        stack,
        bound: derivativeBound(phis),
        prediction: predictCandidate(config, candidate),
        get verdict() {
          verdict ??= flowVerdict(config, candidate);
          return verdict;
        },
        get fixedPoint() {
          return fixedPointOf(stack, name, config.framework);
        },
      };
    }),
  );
}
