import { positionsOf } from '../model/fans';
import type { ModelNode, Operation, Shape } from '../model/model';
import type { KnownStep } from './graphForward';

/** How a gradient lies over the places (positions × examples) of a tensor. */
export interface Places {
  /** Positions in one example at which a channel's gradient is not 0: after a maximum, those of the winners. */
  readonly positions: number;
  /** Examples; their gradients are independent. */
  readonly examples: number;
  /** Mean square of the correlation of the gradients at two positions of one example. */
  readonly alike: number;
}

const atLeastOne = (count: number): number => (count >= 1 ? count : 1);

/** Independent components at an output. */
export const placesOf = (shape: Shape | undefined, examples: number): Places => ({
  positions: atLeastOne(positionsOf(shape)),
  examples,
  alike: 0,
});

const pairsOf = ({ positions }: Places): number => positions - 1;

/**
 * Relative variance that a step adds to ‖gradient‖², n its channels, T its places.
 *
 * An activation: of Σφ′²h² over channels and places, h Gaussian with correlation c between two places, the terms of one
 * place bring 3(E[φ′⁴]/E[φ′²]² − 1), those of two E[φ′²φ′²]/E[φ′²]² − 1 times 1 + 2c², each over n·T. A kernel: h = Wᵀδ
 * adds 2c² for every pair of places, 2/(n·T) for each with itself; c of two places is that of δ, since they share W, and
 * beside it what m products of independent δ leave by chance, 1/m, m = the outputs that one component leads to.
 * (Isserlis' theorem for the four h; Var Σ = ΣΣ Cov.)
 */
export function scatter(
  step: KnownStep,
  operation: Operation,
  places: Places,
  channels: number,
  units: number,
): number {
  const { kurtosis, weights, unrolled, slopesAlike } = step;
  const n = channels > 0 ? channels : 64;
  const total = places.positions * places.examples;
  const inside = pairsOf(places);
  const outside = total - places.positions;
  if (operation.kind === 'activation') {
    const own = 3 * Math.max(0, kurtosis - 1);
    const pair = Math.max(0, (slopesAlike?.squares ?? 1) - 1);
    const shared = pair * (inside * (1 + 2 * places.alike) + outside);
    return Math.log1p((own + shared) / (n * total));
  }
  if (unrolled) {
    const own = (3 * Math.max(0, kurtosis - 1)) / atLeastOne(weights?.fanOut ?? n);
    return Math.log1p(2 / n) + unrolled.steps * Math.log1p(own);
  }
  if (!weights || operation.kind === 'embedding') return 0;
  const leads = atLeastOne(leadingOut(operation, weights.connections, channels, units > 0 ? units : n));
  const alike = (c: number): number => c + (1 - c) / leads;
  return Math.log1p((2 / (n * total)) * (1 + inside * alike(places.alike) + outside * alike(0)));
}

/** Outputs that one component of the input leads to. */
function leadingOut(operation: Operation, connections: number, channels: number, units: number): number {
  if (operation.kind !== 'convolution') return units;
  return (connections / channels) * units;
}

/** A gradient on its way back through a step. */
export function placesBefore(
  { operation }: ModelNode,
  step: KnownStep,
  places: Places,
  input: Shape | undefined,
  output: Shape | undefined,
): Places {
  const positions = atLeastOne(positionsOf(input));
  const { examples, alike } = places;
  switch (operation.kind) {
    case 'activation':
      return { ...places, alike: alike * (step.slopesAlike?.slopes ?? 1) ** 2 };
    case 'flatten':
    case 'rearrange':
      return positions === places.positions ? places : { positions, examples, alike: 0 };
    case 'pooling': {
      if (operation.mode === 'max') return places;
      const window = positions / places.positions;
      // Within a window all are the same; a share of the pairs lies in one.
      const same = positions > 1 ? Math.min(1, Math.max(0, (window - 1) / (positions - 1))) : 0;
      return { positions, examples, alike: same + (1 - same) * alike };
    }
    case 'dense':
    case 'convolution': {
      // Of two places, both are winners only so often.
      const winners = Math.min(1, places.positions / atLeastOne(positionsOf(output)));
      return { positions, examples, alike: alike * winners ** 2 };
    }
    default:
      return { ...places, positions: Math.max(places.positions, 1) };
  }
}

/** What arrives along two ways, the second with a share of ‖gradient‖². */
export function merged(a: Places, b: Places, share: number): Places {
  return {
    positions: Math.max(a.positions, b.positions),
    examples: a.examples,
    alike: ((1 - share) * Math.sqrt(a.alike) + share * Math.sqrt(b.alike)) ** 2,
  };
}
