import type { SyntaxNode } from '@lezer/common';
import { bindingsOf } from './bindings';
import type { ParsedDocument } from './document';
import { expressionOf } from './expression';
import { pathOfGlobal } from './javascript/modules';
import { cellsFrom, contextOf, type Place } from './place';
import { reaching } from './reaching';
import { type Binding, type Bindings, classAround, type Scope, scopeAt } from './scope';

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

const frameworks: ReadonlySet<string> = new Set(['keras', 'tensorflow', 'tf_keras', 'torch', 'jax', 'flax']);

const rootOf = (path: string): string => path.split('.', 1)[0]!;

/** Star imports seen from a place, the likeliest first: a framework's before others, the last before the former. */
function stars(place: Place): string[] {
  const paths = cellsFrom(place).flatMap((cell) => {
    const found = bindingsOf(cell).stars;
    const before = cell === place.document ? found.filter((star) => star.at <= place.node.from) : found;
    return (before.length > 0 ? before : found).map((star) => star.path).toReversed();
  });
  const known = paths.filter((path) => frameworks.has(rootOf(path)));
  return [...new Set(known.length > 0 ? known : paths)];
}

/** The paths that a name may have that nothing binds: from `import *`, or a global of a web page. */
export function unboundPaths(place: Place, name: string): string[] {
  if (place.document.language === 'python') return stars(place).map((path) => `${path}.${name}`);
  const global = pathOfGlobal(name);
  return global === undefined ? [] : [global];
}

/** The scope that a method's first parameter belongs to, seen from a place where it is used. */
function classOfParameter(document: ParsedDocument, name: string, position: number): Scope | undefined {
  let scope: Scope | undefined = scopeAt(bindingsOf(document).root, position);
  while (scope !== undefined && !(scope.kind !== 'class' && scope.names.has(name))) scope = scope.parent;
  return scope?.parent?.kind === 'class' ? scope.parent : undefined;
}

/** The class whose object `self` or `this` is at a place. */
function classOf(place: Place): Scope | undefined {
  const expression = expressionOf(place.document, place.node);
  return expression.kind === 'name'
    ? classOfParameter(place.document, expression.name, place.node.from)
    : classAround(scopeAt(bindingsOf(place.document).root, place.node.from));
}

/** What an attribute of `self` or `this` may be bound to: by any method, or in the body of a Python class. */
export function attributeBindings(instance: Place, name: string, property: SyntaxNode): readonly Binding[] {
  const owner = classOf(instance);
  if (owner === undefined) return [];
  const inBody = instance.document.language === 'python' ? (owner.names.get(name) ?? []) : [];
  const bindings = [...inBody, ...(owner.attributes.get(name) ?? [])];
  const own = bindingsOf(instance.document).byTarget.get(property.from);
  if (own !== undefined) return [own];
  const before = bindings.filter(({ at }) => at <= property.from);
  // The last before the place comes last: it is the one that is told.
  return [...bindings.filter(({ at }) => at > property.from), ...before];
}
