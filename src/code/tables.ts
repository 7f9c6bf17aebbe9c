import type { SyntaxNode } from '@lezer/common';
import { attributeBindings } from './classes';
import { expressionOf } from './expression';
import type { Constant } from './expressionTypes';
import { type Found, lookup } from './lookup';
import { at, type Place } from './place';
import { childrenOf, itemsOf, textOf } from './syntax';
import { knownKey } from './texts';

const FURTHEST = 20;

/** Calls that make a table of what they are given: of their first argument, or of all. */
const ofFirst: ReadonlySet<string> = new Set(['torch.nn.ModuleDict', 'torch.nn.ModuleList', 'collections.OrderedDict']);
const ofAll: ReadonlySet<string> = new Set(['torch.nn.Sequential']);

/** The path that an expression stands for: `resolvePath`, handed in since it needs tables itself. */
type PathOf = (place: Place) => string | undefined;

const only = (found: Found | undefined): Place | undefined => {
  const meaning = found?.bindings.length === 1 ? found.bindings[0]!.meaning : undefined;
  return meaning?.kind === 'expression' && meaning.members.length === 0 ? at(found!.place, meaning.node) : undefined;
};

function isInstance(place: Place): boolean {
  const expression = expressionOf(place.document, place.node);
  const found = expression.kind === 'name' ? lookup(place, expression.name) : undefined;
  return (
    expression.kind === 'instance' || (found?.bindings.every(({ meaning }) => meaning.kind === 'instance') ?? false)
  );
}

/** The literal or the call that makes a table, through names that are bound once. */
function behind(place: Place, pathOf: PathOf, steps = 0): Place | undefined {
  if (steps > FURTHEST) return undefined;
  const expression = expressionOf(place.document, place.node);
  const further = (next: Place | undefined) => (next === undefined ? undefined : behind(next, pathOf, steps + 1));
  switch (expression.kind) {
    case 'collection':
      return place;
    case 'wrapped':
      return further(at(place, expression.inner));
    case 'name':
      return further(only(lookup(place, expression.name)));
    case 'member':
      return isInstance(at(place, expression.object))
        ? further(only(attributeBindings(at(place, expression.object), expression.name, expression.property)))
        : undefined;
    case 'call': {
      const path = pathOf(at(place, expression.callee));
      const first = expression.list === undefined ? undefined : itemsOf(expression.list)[0];
      if (path !== undefined && ofFirst.has(path))
        return first?.length === 1 ? further(at(place, first[0]!)) : undefined;
      const callee = expressionOf(place.document, expression.callee);
      const isDict = callee.kind === 'name' && callee.name === 'dict' && lookup(place, 'dict') === undefined;
      const isTable = isDict || (path !== undefined && ofAll.has(path));
      return isTable && expression.list !== undefined ? at(place, expression.list) : undefined;
    }
    default:
      return undefined;
  }
}

const text = (place: Place, node: SyntaxNode | undefined): string =>
  node === undefined ? '' : textOf(place.document, node);

/** The key of an item of a dict, an object literal or keywords: `'a': x`, `a: x`, `a=x`. */
function keyOf(table: Place, item: readonly SyntaxNode[]): Constant | undefined {
  const [first, sign] = item[0]?.name === 'Property' ? childrenOf(item[0]) : item;
  if (first === undefined || sign === undefined) return undefined;
  if (sign.name === 'AssignOp' || first.name === 'PropertyDefinition') return text(table, first);
  return sign.name === ':' ? knownKey(at(table, first)) : undefined;
}

/** `('a', x)` of a list of pairs. */
function pairOf(
  table: Place,
  item: readonly SyntaxNode[],
): { readonly key: Constant | undefined; readonly value?: SyntaxNode } {
  const parts = item.length === 1 && item[0]!.name === 'TupleExpression' ? itemsOf(item[0]!) : [];
  const [key, value] = parts.length === 2 ? parts : [];
  return key?.length === 1 && value?.length === 1
    ? { key: knownKey(at(table, key[0]!)), value: value[0]! }
    : { key: undefined };
}

/** The expression under a key of a table, or at an index of a list; undefined where the text does not tell. */
export function entryOf(place: Place, key: Constant, pathOf: PathOf): Place | undefined {
  const table = behind(place, pathOf);
  if (table === undefined || table.node.name.includes('Comprehension')) return undefined;
  const items = itemsOf(table.node);
  if (items.some(([first]) => first?.name === '*' || first?.name === 'Spread')) return undefined;
  if (typeof key === 'number') {
    const item = items.at(key);
    const isPlain = item?.length === 1 && item[0]!.name !== 'Property' && items.length > (key < 0 ? -key - 1 : key);
    return isPlain ? at(table, item[0]!) : undefined;
  }
  for (const item of items.toReversed()) {
    if (keyOf(table, item) === key) {
      const value = item[0]?.name === 'Property' ? childrenOf(item[0]).at(-1) : item.at(-1);
      return value === undefined ? undefined : at(table, value);
    }
    const pair = pairOf(table, item);
    if (pair.value !== undefined && pair.key === key) return at(table, pair.value);
  }
  return undefined;
}
