import {
  type FanMode,
  type Initializer,
  largestWeight,
  type ScalingDistribution,
  scalingName,
  type VarianceScalingName,
} from '../initializers/initializer';

import type { Library } from './layerShelf';

/** How a framework writes initialisers, and what its names draw. */

/** Stands for an argument that the code writes and does not tell. */
export const untold: unique symbol = Symbol('untold');

/** What a call gives for a parameter, by the framework's name for it: a constant; undefined where it is left out. */
export type InitializerArguments = (name: string) => number | string | boolean | null | undefined | typeof untold;

/** An initialiser by the parameters that it takes. */
export interface InitializerKind {
  /** In the order of the signature. */
  readonly names: readonly string[];
  /** Undefined where an argument is not known, or no initialiser of the catalogue fits. */
  make(given: InitializerArguments): Initializer | undefined;
  /** True for an initialiser itself, which needs no call: JAX's `zeros`. */
  readonly itself?: boolean;
  /** What it does, where it draws no independent numbers. A sentence. */
  readonly explanation?: string;
}

/**
 * `function`: called with its parameters alone, or handed over. `fill`: called with the tensor first. `method`: called on
 * the tensor.
 */
export type InitializerForm = 'string' | 'function' | 'fill' | 'method';

/** Names of initialisers that stand together in one place of a framework. */
export interface InitializerShelf {
  readonly form: InitializerForm;
  /** Public paths. Empty for strings and methods. */
  readonly modules: readonly string[];
  readonly items: Readonly<Record<string, InitializerKind>>;
  readonly docs: (name: string) => string;
  /** Whose they are where they are not the framework's own: in texts without paths they are not meant. */
  readonly library?: Library;
}

export interface FrameworkInitializers {
  readonly shelves: readonly InitializerShelf[];
  /** Names that code for it uses besides, without case and underscores. */
  readonly besides?: Readonly<Record<string, InitializerKind>>;
  /** Paths of older versions with other defaults: what stands there is not told. */
  readonly older?: RegExp;
  /** As code writes it, with its numbers; undefined where none of its own has them. */
  readonly written: (initializer: Initializer) => string | undefined;
  /** The name alone of variance scaling. */
  readonly scaling: (name: VarianceScalingName) => string;
  /** Whether a scaled normal is cut off at two standard deviations. */
  readonly cutsOff: boolean;
  /** Frameworks with the same family have the same names and draws; its label where left out. */
  readonly family?: string;
}

/** A number as a name has it. */
export const numeral = (x: number): string => String(Number(x.toPrecision(6)));

/** A number; `usual` where it is left out, undefined where it is not known, or beyond what any network starts with. */
export function numberOf(given: InitializerArguments, name: string, usual?: number): number | undefined {
  const value = given(name) ?? usual;
  return typeof value === 'number' && Math.abs(value) <= largestWeight ? value : undefined;
}

export function wordOf(given: InitializerArguments, name: string, usual?: string): string | undefined {
  const value = given(name) ?? usual;
  return typeof value === 'string' ? value : undefined;
}

export const constantOf = (value: number): Initializer =>
  value === 0 ? { kind: 'zeros' } : { kind: 'constant', value };

export const always = (initializer: Initializer, names: readonly string[] = []): InitializerKind => ({
  names,
  make: () => initializer,
});

/** One whose numbers are not told one by one. */
export const explained = (explanation: string, names: readonly string[] = []): InitializerKind => ({
  names,
  make: () => undefined,
  explanation,
});

export const IDENTITY = 'Ones on the diagonal, zeros elsewhere: a square layer hands its input on unchanged.';

/** N(mean, stddev²), under the framework's names of the two. */
export const normalKind = (
  names: readonly string[],
  [mean, usualMean]: readonly [string | undefined, number],
  [stddev, usualStddev]: readonly [string, number],
  kind: 'normal' | 'truncated_normal' = 'normal',
): InitializerKind => ({
  names,
  make: (given) => {
    const center = mean === undefined ? usualMean : numberOf(given, mean, usualMean);
    const deviation = numberOf(given, stddev, usualStddev);
    return center === undefined || deviation === undefined || deviation < 0
      ? undefined
      : { kind, mean: center, stddev: deviation };
  },
});

/** U(min, max), under the framework's names of the two. */
export const uniformKind = (
  names: readonly string[],
  [low, usualLow]: readonly [string | undefined, number],
  [high, usualHigh]: readonly [string, number],
): InitializerKind => ({
  names,
  make: (given) => {
    const min = low === undefined ? usualLow : numberOf(given, low, usualLow);
    const max = numberOf(given, high, usualHigh);
    return min === undefined || max === undefined || min > max ? undefined : { kind: 'uniform', min, max };
  },
});

/** A gain times a matrix with orthonormal rows or columns. */
export const orthogonalKind = (names: readonly string[], gain: string): InitializerKind => ({
  names,
  make: (given) => {
    const found = numberOf(given, gain, 1);
    return found === undefined ? undefined : { kind: 'orthogonal', gain: found };
  },
});

/** Gains are square roots: their squares come out a little off. */
export const rounded = (scale: number): number => Number(scale.toPrecision(12));

/** Variance scale/fan, by the name that it has where it has one, of a framework that cuts no normal off. */
export function wholeScaling(scale: number, mode: FanMode, shape: 'uniform' | 'normal'): Initializer {
  const kind = scalingName(rounded(scale), mode, shape);
  const distribution = shape === 'uniform' ? 'uniform' : 'untruncated_normal';
  return kind ? { kind } : { kind: 'variance_scaling', scale, mode, distribution };
}

/** The same where the name stands for a normal that is cut off, as in Keras and JAX. */
export function cutScaling(scale: number, mode: FanMode, distribution: ScalingDistribution): Initializer {
  const kind =
    distribution === 'untruncated_normal'
      ? undefined
      : scalingName(rounded(scale), mode, distribution === 'uniform' ? 'uniform' : 'normal');
  return kind ? { kind } : { kind: 'variance_scaling', scale, mode, distribution };
}
