import { numeral } from '../activations/formula';
import { framework } from '../frameworks/all';
import type { FrameworkId } from '../frameworks/framework';
import { drawnShare } from '../frameworks/initialVariance';
import {
  type FanMode,
  type Initializer,
  initializerMoments,
  isScaledTruncated,
  scalingOf,
  TRUNCATED_NORMAL_STDDEV,
  type VarianceScaling,
} from '../initializers/initializer';

/** How many weights meet in one unit, and how many units one component feeds. */
export interface LayerFans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** What an initialiser draws in a framework. */
export interface InitializerFigures {
  readonly mean: number;
  /** Of one weight, as the framework really draws it. */
  readonly stddev: number;
  /** Smallest and largest weight that can come out; infinite for a normal that is not cut off. */
  readonly range: readonly [low: number, high: number];
  readonly isCut: boolean;
  /** Of a cut-off normal: the share of the standard deviation that is left of the one that is written; 1 where corrected. */
  readonly left: number;
  /** Undefined for what does not look at the fans. */
  readonly scaling: VarianceScaling | undefined;
}

/** Whether a framework cuts the normal off at two standard deviations: PyTorch draws Kaiming's and Xavier's whole. */
const isCutOff = (initializer: Initializer, id: FrameworkId): boolean =>
  initializer.kind === 'truncated_normal' || (framework(id).initializers.cutsOff && isScaledTruncated(initializer));

function rangeOf(initializer: Initializer, isCut: boolean, mean: number, stddev: number): [number, number] {
  if (initializer.kind === 'uniform') return [initializer.min, initializer.max];
  if (initializer.kind === 'orthogonal') return [-Math.abs(initializer.gain), Math.abs(initializer.gain)];
  if (stddev === 0) return [mean, mean];
  if (scalingOf(initializer)?.distribution === 'uniform') return [-Math.sqrt(3) * stddev, Math.sqrt(3) * stddev];
  if (!isCut) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const cut = (2 * stddev) / TRUNCATED_NORMAL_STDDEV;
  return [mean - cut, mean + cut];
}

export function initializerFigures(
  initializer: Initializer,
  framework: FrameworkId,
  { fanIn, fanOut }: LayerFans,
): InitializerFigures {
  const { mean, variance } = initializerMoments(initializer, fanIn, fanOut);
  const share = drawnShare(initializer, framework);
  const stddev = Math.sqrt(variance * share);
  const isCut = isCutOff(initializer, framework);
  return {
    mean,
    stddev,
    range: rangeOf(initializer, isCut, mean, stddev),
    isCut,
    left: initializer.kind === 'truncated_normal' ? TRUNCATED_NORMAL_STDDEV : Math.sqrt(share),
    scaling: scalingOf(initializer),
  };
}

const fanWords: Readonly<Record<FanMode, string>> = {
  fan_in: 'fan_in',
  fan_out: 'fan_out',
  fan_avg: '(fan_in + fan_out)',
};

const rootOf = (factor: number, mode: FanMode): string => {
  // The average is half of the sum.
  const doubled = mode === 'fan_avg' ? 2 * factor : factor;
  const over = 1 / doubled;
  const isFraction = doubled < 1 && Math.abs(over - Math.round(over)) < 1e-9;
  if (!isFraction) return `√(${numeral(Number(doubled.toPrecision(4)))}/${fanWords[mode]})`;
  const fan = fanWords[mode];
  return over < 1.5 ? `1/√${fan}` : `1/√(${Math.round(over)}·${fan})`;
};

/** "√(2/fan_in)", the standard deviation that it aims at. */
export const stddevFormula = ({ scale, mode }: VarianceScaling): string => rootOf(scale, mode);

/** "√(6/fan_in)", the end of a uniform range. */
export const limitFormula = ({ scale, mode }: VarianceScaling): string => rootOf(3 * scale, mode);

/** "√2": variance scaling's factor before 1/√fan. */
export function gainText(scale: number): string {
  const gain = Math.sqrt(scale);
  const rounded = numeral(Number(gain.toPrecision(3)));
  if (Math.abs(gain - Math.round(gain)) < 1e-9) return rounded;
  return Number.isInteger(scale) ? `√${numeral(scale)} ≈ ${rounded}` : rounded;
}
