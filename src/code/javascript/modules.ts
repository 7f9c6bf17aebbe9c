import { rootOfSpecifier } from '../../core/frameworks/paths';

/** A file of the project that hands tfjs on, by its name. */
const handsOnTfjs = /^[./].*\/(tf|tfjs|tensorflow)(\.[cm]?[jt]s)?$/i;

/** Packages of one library under one name; it brings tfjs with it. */
const DANFO = /^danfojs(-node)?(-gpu)?$|\/danfojs(@[^/]*)?\//;

/**
 * The root of the paths of what a module exports. Every package of tfjs is `tf`, by whatever way it is reached; any other
 * file of the project has none.
 */
export function pathOfModule(specifier: string): string | undefined {
  const root = rootOfSpecifier(specifier);
  if (root !== undefined) return root;
  if (handsOnTfjs.test(specifier)) return 'tf';
  if (DANFO.test(specifier)) return 'danfojs';
  return specifier.startsWith('.') || specifier.startsWith('/') || specifier === '' ? undefined : specifier;
}

const lowerCaseGlobals: ReadonlySet<string> = new Set(['tf', 'console', 'document', 'process', 'exports', 'module']);

const isUpperCase = (c: string): boolean => c !== c.toLowerCase();

/**
 * The path of a name that nothing binds: `tf` of a script tag, `Math`. Undefined for a name that may hold any data in
 * a fragment of code.
 */
export const pathOfGlobal = (name: string): string | undefined =>
  lowerCaseGlobals.has(name) || isUpperCase(name[0] ?? '') ? name : undefined;

/** The objects whose members are the globals. */
export const globalObjects: ReadonlySet<string> = new Set(['window', 'globalThis', 'self', 'global']);
