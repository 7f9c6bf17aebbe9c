import { capped, type Forward } from './forward';

/** The backward pass at one layer. */
export interface Backward {
  /** E‖δ^l‖²/E‖δ^(l+1)‖² */
  readonly chi: number;
  /** ln of E‖δ^l‖²/E‖δ^L‖². */
  readonly logDelta: number;
  /** ln of what E‖∂C/∂W^l‖²/E‖∂C/∂W^L‖² has besides. */
  readonly logInput: number;
  /** Relative variance of ‖δ^l‖² that comes of sums over all units: kernels with a mean pass them on as they are. */
  readonly common: number;
}

/**
 * g = ∂C/∂a of a layer's output, one component: g_j = A + B·a_j + noise. A and B are common to the components and random
 * over draws. All over the square of the pass's scale.
 */
interface Arriving {
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
  /** Variance of the noise. */
  readonly noise: number;
  /** The part of it that is orthogonal to a: pre-activations without a bias know their weights along it. */
  readonly tied: number;
}

/** δ = ∂C/∂z: E‖δ‖², and the second moments of S = Σδ and T = Σtδ, t = (z − m)/√q. */
interface Leaving {
  readonly square: number;
  /** The share of E‖δ‖² that A and B bring. */
  readonly coherent: number;
  /** The share of E[S²] that they bring. */
  readonly kept: number;
  readonly ss: number;
  readonly st: number;
  readonly tt: number;
  /** E[A·S], E[A·T], E[B·S] and E[B·T]. */
  readonly as: number;
  readonly at: number;
  readonly bs: number;
  readonly bt: number;
}

/** From the first layer, for layers as {@link propagate} gives them. */
export function backpropagate(forward: readonly Forward[]): Backward[] {
  const last = forward.length - 1;
  /** ln E‖δ^l‖² where E‖∂C/∂a^L‖² = 1. */
  const logs = new Array<number>(forward.length);
  const common = new Array<number>(forward.length);
  let arriving = incoherent(forward[last]!.layer.fanOut);
  let scale = 0;
  let squares: Squares = { uu: 1, us: 1, ss: 3 };
  /** The lowest layer that passes on what is common to its units: below it, what S and T hold does no more matter. */
  const lowest = forward.findIndex(({ layer }) => isCoupled(layer) || layer.residual);
  for (let l = last; l >= 0; l--) {
    const at = forward[l]!;
    const full = lowest >= 0 && l >= lowest;
    const leaving = throughActivation(at, arriving, full);
    logs[l] = leaving.square > 0 ? scale + Math.log(leaving.square) : Number.NEGATIVE_INFINITY;
    common[l] = sumSquare(squares, leaving.coherent) - 1;
    const { next, inherited } = throughKernel(at, arriving, leaving, full);
    squares = passedOn(squares, leaving.coherent, inherited);
    const unit =
      at.layer.fanIn * (next.aa + 2 * next.ab * at.input.mean + next.bb * at.input.square + next.noise) - next.tied;
    if (unit > 0 && unit < Number.POSITIVE_INFINITY) {
      arriving = over(next, unit);
      scale += Math.log(unit);
    } else if (unit === 0) arriving = next;
    else {
      // Beyond what numbers hold.
      arriving = incoherent(at.layer.fanIn);
      scale = Number.POSITIVE_INFINITY;
    }
  }

  const inputs = forward.map(logInput);
  const result = new Array<Backward>(forward.length);
  let infinite = false;
  for (let l = last; l >= 0; l--) {
    const overflows = forward[l]!.moments.derivativeSquared === Number.POSITIVE_INFINITY;
    infinite ||= overflows && l < last;
    result[l] = {
      chi: l === last ? lastChi(forward[l]!) : overflows ? Number.POSITIVE_INFINITY : ratio(logs[l]!, logs[l + 1]!),
      logDelta: l === last ? 0 : difference(logs[l]!, logs[last]!, infinite),
      logInput: l === last ? 0 : difference(inputs[l]!, inputs[last]!, false),
      common: common[l]!,
    };
  }
  return result;
}

/** Whether the kernel's mean is felt: normalisation takes it out. */
const isCoupled = ({ kernelMean, normalisation }: Forward['layer']): boolean =>
  kernelMean !== 0 && normalisation === 'none';

/** A gradient of norm 1 on `n` units. */
const incoherent = (n: number): Arriving => ({ aa: 0, ab: 0, bb: 0, noise: 1 / n, tied: 0 });

/** Finite: what overflows on its way stays large. */
const held = (x: number): number => (Number.isNaN(x) ? capped(Number.POSITIVE_INFINITY) : capped(x));

/** A share of sums that may have overflowed. */
const shareOf = (part: number, whole: number): number => (whole > 0 ? Math.max(0, Math.min(1, part / whole)) : 0);

/** So that its square does not overflow. */
const limited = (x: number): number => Math.max(-1e140, Math.min(1e140, x));

const over = ({ aa, ab, bb, noise, tied }: Arriving, unit: number): Arriving => ({
  aa: aa / unit,
  ab: ab / unit,
  bb: bb / unit,
  noise: noise / unit,
  tied: tied / unit,
});

/** ln(e^a/e^b), where 0/0 is 0 and ∞/∞ is ∞. */
function difference(a: number, b: number, infinite: boolean): number {
  if (!Number.isFinite(a)) return a;
  return infinite ? Number.POSITIVE_INFINITY : a - b;
}

const ratio = (a: number, b: number): number => Math.exp(difference(a, b, false));

/** E[u²], E[u·s] and E[s²] of the noise's power u and of s = S², each over its expectation. */
interface Squares {
  readonly uu: number;
  readonly us: number;
  readonly ss: number;
}

/** What of the arriving gradient was there before the layer: all that a residual layer hands on, and nothing else. */
interface Inherited {
  /** Share of the noise's power. */
  readonly noise: number;
  /** Share of the power that is common to the components; what S brings anew counts as far as A and B brought S. */
  readonly common: number;
}

/** E[d²] of d = ‖δ‖² over its expectation, d = (1 − c)·u + c·s. */
const sumSquare = ({ uu, us, ss }: Squares, c: number): number => (1 - c) ** 2 * uu + 2 * c * (1 - c) * us + c * c * ss;

/**
 * u′ = α·u + (1 − α)·d and S′ = √w·S + √(1 − w)·√u·ξ, ξ ~ N(0, 1), with the inherited shares α and w; above the last
 * hidden layer, u = 1 and S = ξ.
 */
function passedOn(squares: Squares, c: number, { noise: alpha, common: w }: Inherited): Squares {
  const { uu, us, ss } = squares;
  const du = (1 - c) * uu + c * us;
  const ds = (1 - c) * us + c * ss;
  return {
    uu: alpha ** 2 * uu + 2 * alpha * (1 - alpha) * du + (1 - alpha) ** 2 * sumSquare(squares, c),
    us: w * (alpha * us + (1 - alpha) * ds) + (1 - w) * (alpha * uu + (1 - alpha) * du),
    ss: w * w * ss + 6 * w * (1 - w) * us + 3 * (1 - w) ** 2 * uu,
  };
}

/** Times φ′ and the dropout mask, both independent of g but for its B·a. */
function throughActivation(at: Forward, g: Arriving, full: boolean): Leaving {
  const { layer, moments, input, output } = at;
  const n = layer.fanOut;
  const { keep } = layer;
  const square = capped(moments.derivativeSquared) / keep;
  const scattered = n * square * g.noise;
  const none = { coherent: 0, kept: 0, ss: 0, st: 0, tt: 0, as: 0, at: 0, bs: 0, bt: 0 };
  if (!full && g.aa === 0 && g.bb === 0) return { ...none, square: scattered };

  const c = at.couplings;
  const slope = capped(moments.derivative);
  // a is φ times the mask, and a residual layer's own input, which is independent of z.
  const own: { mean: number; square: number } = layer.residual ? input : { mean: 0, square: 0 };
  const alongA = own.mean * square + c.activationSquare / keep ** 2;
  const alongA2 =
    own.square * square + (2 * own.mean * c.activationSquare) / keep ** 2 + c.activation2Square / keep ** 3;
  const common = Math.max(0, held(n * (g.aa * square + 2 * g.ab * alongA + g.bb * alongA2)));
  const tied = output.square > 0 ? g.tied / output.square : 0;
  const total = common + Math.max(0, scattered - tied * alongA2);

  const sA = slope;
  const sB = own.mean * slope + c.activation / keep;
  const tA = c.t;
  const tB = own.mean * c.t + c.tActivation / keep;
  const as = held(n * (g.aa * sA + g.ab * sB));
  const bs = held(n * (g.ab * sA + g.bb * sB));
  const at_ = held(n * (g.aa * tA + g.ab * tB));
  const bt = held(n * (g.ab * tA + g.bb * tB));
  const kept = held(n * (sA * as + sB * bs));
  const ss = held(
    kept + n * Math.max(0, square - slope * slope) * g.aa + n * Math.max(0, g.noise * square - tied * sB * sB),
  );
  return {
    square: total,
    coherent: shareOf(common, total),
    as,
    at: at_,
    bs,
    bt,
    kept: shareOf(kept, ss),
    ss,
    st: held(n * (sA * at_ + sB * bt) + n * ((g.noise * c.tSquare) / keep - tied * sB * tB)),
    tt: held(n * (tA * at_ + tB * bt) + n * Math.max(0, (g.noise * c.t2Square) / keep - tied * tB * tB)),
  };
}

/** Times Wᵀ, over the normalisation; a residual layer adds g. */
function throughKernel(
  at: Forward,
  g: Arriving,
  delta: Leaving,
  full: boolean,
): { readonly next: Arriving; readonly inherited: Inherited } {
  const { layer, moments, q, divisor, input } = at;
  const variance = capped(layer.kernelVariance / divisor);
  const noise = variance * delta.square;
  // Normalisation takes S and T out, over the units or over the samples.
  const bare = full && layer.normalisation === 'none';
  const mu = bare ? limited(layer.kernelMean) : 0;
  const kappa = bare && q > 0 ? limited(layer.kernelVariance / Math.sqrt(q)) : 0;
  const fresh: Arriving = {
    aa: mu * mu * delta.ss,
    ab: mu * kappa * delta.st,
    bb: kappa * kappa * delta.tt,
    noise,
    tied: bare && q > 0 ? noise * (1 - layer.biasVariance / q) : 0,
  };
  if (!layer.residual) return { next: fresh, inherited: { noise: 0, common: delta.kept } };
  // g's B·a is B·(input + φ): of φ, the mean joins A and the rest the noise.
  const phi = capped(moments.value);
  const scatter = Math.max(0, capped(moments.valueSquared) / layer.keep - phi * phi);
  const next: Arriving = {
    aa: g.aa + 2 * phi * g.ab + phi * phi * g.bb + 2 * mu * (delta.as + phi * delta.bs) + fresh.aa,
    ab: g.ab + phi * g.bb + kappa * (delta.at + phi * delta.bt) + mu * delta.bs + fresh.ab,
    bb: g.bb + 2 * kappa * delta.bt + fresh.bb,
    noise: g.noise + g.bb * scatter + noise,
    tied: fresh.tied,
  };
  const power = ({ aa, ab, bb }: Arriving): number => held(aa + 2 * ab * input.mean + bb * input.square);
  return {
    next,
    inherited: {
      noise: shareOf(g.noise, next.noise),
      common: 1 - (1 - delta.kept) * shareOf(power(fresh), power(next)),
    },
  };
}

/** ln of what ‖∂C/∂W‖² has besides ‖δ‖²: ∂C/∂W = δ·aᵀ with δ at the linear output. */
const logInput = ({ layer, input, divisor }: Forward): number => Math.log((layer.fanIn * input.square) / divisor);

/** χ of the last layer, as if the next had its kernel's moments and its own φ′. */
function lastChi(at: Forward): number {
  const { fanIn, kernelMean, kernelVariance, keep, residual } = at.layer;
  const mean = isCoupled(at.layer) ? kernelMean : 0;
  const gain = capped((fanIn * (kernelVariance + mean * mean)) / at.divisor);
  const square = at.moments.derivativeSquared / keep;
  const branch = gain > 0 && square > 0 ? gain * square : 0;
  return residual ? 1 + branch : branch;
}
