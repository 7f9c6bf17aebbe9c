import { frameworkOfPackage } from '../core/frameworks/paths';
import { bindingsOf } from './bindings';
import { pathOfGlobal } from './javascript/modules';
import { cellsFrom, contextOf, type Place } from './place';
import { reaching } from './reaching';
import { bringsTorch, customaryPath, originalPath } from './reexports';
import { isOtherLibrary } from './results';
import { type Binding, type Bindings, type Scope, scopeAt } from './scope';
import { rootOf } from './value';

/** The bindings that a name may have at a place, with the cell that they stand in. */
export interface Found {
  readonly bindings: readonly Binding[];
  readonly place: Omit<Place, 'node'>;
}

/** What a name may be bound to at a position of its own document; undefined where no scope binds it. */
function inScopes({ root, byTarget }: Bindings, name: string, position: number): readonly Binding[] | undefined {
  const own = byTarget.get(position);
  if (own !== undefined) return [own];
  let scope: Scope | undefined = scopeAt(root, position);
  while (scope?.kind === 'outside') scope = scope.parent;
  const first = scope;
  // Code of a function runs later: it sees what the scopes around hold in the end.
  let later = false;
  while (scope !== undefined) {
    const bindings = scope.kind === 'class' && scope !== first ? undefined : scope.names.get(name);
    if (bindings !== undefined) return reaching(bindings, later ? scope.to : position);
    later ||= scope.kind === 'function' || scope.kind === 'arrow';
    const owner: Scope | undefined = scope.elsewhere.get(name);
    if (owner !== undefined) later = true;
    scope = owner ?? scope.parent;
  }
  return undefined;
}

/** What a name may be bound to at its place, in its own cell or another; undefined where nothing binds it. */
export function lookup(place: Place, name: string): Found | undefined {
  const own = inScopes(bindingsOf(place.document), name, place.node.from);
  if (own !== undefined) return { bindings: own, place };
  for (const cell of cellsFrom(place).slice(1)) {
    const { root } = bindingsOf(cell);
    const bindings = root.names.get(name);
    if (bindings !== undefined) {
      return { bindings: reaching(bindings, root.to), place: { document: cell, context: contextOf(cell, place) } };
    }
  }
  return undefined;
}

const isKnown = (path: string | undefined): path is string =>
  path !== undefined && (frameworkOfPackage(rootOf(path), 'python') !== undefined || bringsTorch(path));

/** Star imports seen from a place, the last first; undefined stands for files of the project. */
function starsFrom(place: Place): (string | undefined)[] {
  return cellsFrom(place).flatMap((cell) => {
    const found = bindingsOf(cell).stars;
    const before = cell === place.document ? found.filter((star) => star.at <= place.node.from) : found;
    return (before.length > 0 ? before : found).map((star) => star.path).toReversed();
  });
}

const usesJax = (place: Place): boolean =>
  cellsFrom(place).some((cell) =>
    [...bindingsOf(cell).imported].some((path) => frameworkOfPackage(rootOf(path), 'python') === 'jax'),
  );

/**
 * The paths that a name may have that star imports bring, the likeliest first: a framework's before others. What a file
 * brings that is not here is told by custom: `nn`, `F`.
 */
function starPaths(place: Place, name: string): string[] {
  const stars = starsFrom(place);
  const known = stars.filter(isKnown);
  const paths = known.length > 0 ? known : stars.filter((path) => path !== undefined);
  const written = paths.map((path) => `${path}.${name}`);
  const handedOn = written.map(originalPath).filter((path) => !written.includes(path));
  const isOpen = stars.some((path) => path === undefined || !(isKnown(path) || isOtherLibrary(path)));
  const custom = isOpen ? customaryPath(name, usesJax(place)) : undefined;
  const own = written.filter((path) => originalPath(path) === path);
  const told = [...handedOn, ...own.filter((path) => !bringsTorch(path)), ...own.filter(bringsTorch)];
  const guessed = custom === undefined ? [] : [custom];
  return known.length === 0 && custom !== undefined ? guessed : [...new Set([...told, ...guessed])];
}

/** The paths that a name may have that nothing binds: from `import *`, or a global of a web page. */
export function unboundPaths(place: Place, name: string): string[] {
  if (place.document.language === 'python') return starPaths(place, name);
  const global = pathOfGlobal(name);
  return global === undefined ? [] : [global];
}
