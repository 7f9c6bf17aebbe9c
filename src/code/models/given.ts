import { camelCase } from '../../core/format/cases';
import { type InitializerArguments, untold } from '../../core/frameworks/initializerKinds';
import type { LayerSignature } from '../../core/frameworks/layerSignature';
import type { Shape, Size, SourceRange } from '../../core/model/model';
import type { CallArguments, Site, Value } from '../interpret/values';

/** The arguments of a call under the names that the callee gives them. */
export interface Given {
  value(name: string): Value | undefined;
  /** Where it stands, with its name; the call's list where it came by a spread. */
  source(name: string): SourceRange;
  /** The first of these names that is given. */
  first(...names: string[]): string | undefined;
  /** False where a spread may bring more. */
  readonly complete: boolean;
  readonly args: CallArguments;
}

/**
 * @param names of the parameters, in the order of the signature; JavaScript's one object of options has them in
 * camelCase
 */
export function givenBy(args: CallArguments, names: readonly string[], language: 'python' | 'javascript'): Given {
  const [only] = args.positional;
  const options = language === 'javascript' && only?.kind === 'dict' ? only : undefined;
  const value = (name: string): Value | undefined => {
    if (language === 'javascript') return args.named.get(camelCase(name)) ?? options?.entries.get(camelCase(name));
    const position = names.indexOf(name);
    return args.named.get(name) ?? (position < 0 ? undefined : args.positional[position]);
  };
  const written = (name: string): SourceRange | undefined =>
    language === 'javascript'
      ? args.sources.get(camelCase(name))
      : (args.sources.get(name) ?? args.sources.get(names.indexOf(name)));
  return {
    value,
    source: (name) => {
      const given = value(name);
      return written(name) ?? (given?.kind === 'constant' ? given.source : undefined) ?? args.list;
    },
    first: (...candidates) => candidates.find((name) => value(name) !== undefined),
    complete: args.complete && (options?.complete ?? true),
    args,
  };
}

/** The arguments that are constants, as the catalogue of initialisers takes them. */
export const constantsOf =
  (given: Given): InitializerArguments =>
  (name) => {
    const value = given.value(name);
    if (value === undefined) return undefined;
    return value.kind === 'constant' ? (value.value ?? null) : untold;
  };

/** The number that a parameter of a layer has where nothing is given. */
export const usualNumber = ({ defaults }: LayerSignature, name: string): number | undefined => {
  const usual = defaults?.[name];
  return typeof usual === 'number' ? usual : undefined;
};

export const unknownSize: Size = { kind: 'unknown' };

/** True for what is left out, `None`, `null`. */
export const isNone = (value: Value | undefined): boolean =>
  value === undefined || (value.kind === 'constant' && (value.value === null || value.value === undefined));

/** The share of a dropout. */
export function rateOf(value: Value | undefined, usual: Size = unknownSize): Size {
  if (value === undefined) return usual;
  if (value.kind === 'constant') return typeof value.value === 'number' ? value.value : unknownSize;
  if (value.kind === 'list' && value.items.length === 1) return rateOf(value.items[0]);
  if (value.kind === 'unknown' && value.symbols.length > 0) return { kind: 'symbolic', symbols: value.symbols };
  return unknownSize;
}

/** A whole number: a width such as 31.25 is a slip that libraries refuse, and no size is better than that one. */
export function sizeOf(value: Value | undefined, usual?: Size): Size {
  const size = rateOf(value, usual);
  return typeof size === 'number' && !Number.isInteger(size) ? unknownSize : size;
}

/** `3` and `(3, 3)` as sizes along each of `rank` axes. */
export function sizesOf(value: Value | undefined, rank: number, usual: Size = unknownSize): Size[] {
  if (value?.kind === 'list' && value.items.length === rank) return value.items.map((item) => sizeOf(item));
  return Array.from({ length: rank }, () => sizeOf(value, usual));
}

export const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;

export const numberOf = (value: Value | undefined): number | undefined =>
  value?.kind === 'constant' && typeof value.value === 'number' ? value.value : undefined;

/** A flag; undefined where it is not known. */
export function flagOf(value: Value | undefined, usual: boolean): boolean | undefined {
  if (value === undefined) return usual;
  if (value.kind !== 'constant') return undefined;
  return typeof value.value === 'boolean' ? value.value : value.value !== null && value.value !== 0;
}

/** A shape as code writes it: `(28, 28, 1)`, `784`, `x.shape[1:]`; undefined where not even its rank is known. */
export function shapeOf(value: Value | undefined): Shape | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'list') return value.complete ? value.items.map((item) => sizeOf(item)) : undefined;
  // (n,) without its comma; a name that stands for a whole shape looks the same, so that only numbers are taken.
  return value.kind === 'constant' && typeof value.value === 'number' ? [value.value] : undefined;
}

/** Names on which a value hangs. */
export function symbolsIn(value: Value | undefined): readonly string[] {
  if (value === undefined) return [];
  if (value.kind === 'unknown') return value.symbols;
  return value.kind === 'list' ? value.items.flatMap(symbolsIn) : [];
}

export const product = (sizes: readonly Size[]): Size => {
  const symbols = new Set<string>();
  let known = 1;
  for (const size of sizes) {
    if (typeof size === 'number') known *= size;
    else if (size.kind === 'unknown') return unknownSize;
    else for (const symbol of size.symbols) symbols.add(symbol);
  }
  return symbols.size === 0 ? known : { kind: 'symbolic', symbols: [...symbols] };
};

/** The arguments of a call that nobody wrote down. */
export const argumentsWith = (positional: readonly Value[], { site }: { readonly site: Site }): CallArguments => ({
  positional,
  named: new Map(),
  complete: true,
  sources: new Map(),
  list: site.source,
});
