import type { SyntaxNode } from '@lezer/common';
import { bindingsOf } from './bindings';
import type { ParsedDocument } from './document';
import { expressionOf } from './expression';
import { type Found, lookup } from './lookup';
import { at, type ClassPlace, type Place } from './place';
import { type Binding, classAround, type Scope, scopeAt } from './scope';
import { childrenOf, itemsOf } from './syntax';

/** As many classes above one another as are looked through. */
const HIGHEST = 20;

/** The scope that a method's first parameter belongs to, seen from a place where it is used. */
function classOfParameter(document: ParsedDocument, name: string, position: number): Scope | undefined {
  let scope: Scope | undefined = scopeAt(bindingsOf(document).root, position);
  while (scope !== undefined && !(scope.kind !== 'class' && scope.names.has(name))) scope = scope.parent;
  return scope?.parent?.kind === 'class' ? scope.parent : undefined;
}

/** The class whose object `self` or `this` is at a place. */
function classOf(place: Place): Scope | undefined {
  const expression = expressionOf(place.document, place.node);
  if (expression.kind === 'name') return classOfParameter(place.document, expression.name, place.node.from);
  // `self.__class__`, `type(self)`.
  if (expression.kind === 'member') return classOf(at(place, expression.object));
  if (expression.kind === 'call') {
    const first = expression.list === undefined ? undefined : itemsOf(expression.list)[0]?.[0];
    return first === undefined ? undefined : classOf(at(place, first));
  }
  return classAround(scopeAt(bindingsOf(place.document).root, place.node.from));
}

/** The class that a binding's own statement makes; undefined for a function or a file of the project. */
export function classAt(binding: Binding, place: Omit<Place, 'node'>): ClassPlace | undefined {
  const statement = place.document.tree.resolveInner(binding.target.from, 1).parent;
  const body = statement?.name.startsWith('Class')
    ? (statement.getChild('Body') ?? statement.getChild('ClassBody'))
    : null;
  if (body === null || body === undefined) return undefined;
  const scope = scopeAt(bindingsOf(place.document).root, body.from);
  return scope.kind === 'class' ? { scope, place: { document: place.document, context: place.context } } : undefined;
}

/** The expressions that a class names as those above it. */
function basesOf({ scope, place }: ClassPlace): SyntaxNode[] {
  let node: SyntaxNode | null = place.document.tree.resolveInner(scope.from, 1);
  while (node !== null && !node.name.startsWith('Class')) node = node.parent;
  if (node?.name === 'ClassBody') node = node.parent;
  if (node === null) return [];
  if (place.document.language === 'python') {
    const list = node.getChild('ArgList');
    return list === null ? [] : itemsOf(list).flatMap((item) => (item.length === 1 ? item : []));
  }
  const children = childrenOf(node);
  const keyword = children.findIndex((child) => child.name === 'extends');
  return keyword < 0 ? [] : children.slice(keyword + 1, keyword + 2);
}

/** The classes of the texts that stand directly above one. */
function classesAbove(below: ClassPlace): ClassPlace[] {
  return basesOf(below).flatMap((node) => {
    const written = expressionOf(below.place.document, node);
    // `Base[int]`.
    const expression = written.kind === 'item' ? expressionOf(below.place.document, written.object) : written;
    const found = expression.kind === 'name' ? lookup(at(below.place, node), expression.name) : undefined;
    const binding = found?.bindings.at(-1);
    const above = binding?.meaning.kind === 'local' ? classAt(binding, found!.place) : undefined;
    return above === undefined ? [] : [above];
  });
}

/** What a class itself binds under a name, in its body or by its methods. */
function ownBindings({ scope, place }: ClassPlace, name: string, ofObject: boolean): readonly Binding[] {
  const isPython = place.document.language === 'python';
  const inBody = isPython ? (scope.names.get(name) ?? []) : [];
  return ofObject || !isPython ? [...inBody, ...(scope.attributes.get(name) ?? [])] : inBody;
}

/** What the classes above one bind under a name, the nearest first. */
function inherited(below: ClassPlace, name: string, ofObject: boolean, height: number): Found | undefined {
  if (height >= HIGHEST) return undefined;
  for (const above of classesAbove(below)) {
    const found = attributeOf(above, name, ofObject, height + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a class, or an object of it, has under a name: its own, or what a class above it binds. */
export function attributeOf(owner: ClassPlace, name: string, ofObject: boolean, height = 0): Found | undefined {
  const own = ownBindings(owner, name, ofObject);
  return own.length > 0 ? { bindings: own, place: owner.place } : inherited(owner, name, ofObject, height);
}

/** What an attribute of `self` or `this` may be bound to: by any method, in the body of a Python class, or above it. */
export function attributeBindings(instance: Place, name: string, property: SyntaxNode): Found | undefined {
  const scope = classOf(instance);
  if (scope === undefined) return undefined;
  const own = bindingsOf(instance.document).byTarget.get(property.from);
  if (own !== undefined) return { bindings: [own], place: instance };
  const owner = { scope, place: instance };
  const bindings = ownBindings(owner, name, true);
  if (bindings.length === 0) return inherited(owner, name, true, 0);
  const before = bindings.filter(({ at }) => at <= property.from);
  // The last before the place comes last: it is the one that is told.
  return { bindings: [...bindings.filter(({ at }) => at > property.from), ...before], place: instance };
}
