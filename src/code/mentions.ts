import type { SyntaxNode } from '@lezer/common';
import { activationSlot } from './activationString';
import { type Argument, type Arguments, argumentsOf, noArguments, partialArguments } from './arguments';
import type { NotebookContext, ParsedDocument } from './document';
import { expressionOf } from './expression';
import { initializerSlot } from './initializers/slot';
import { nameUse } from './nameUse';
import { alone, at, type Place } from './place';
import { isPartial, namingArgument, valueAt } from './resolve';
import { stringParts } from './strings';
import { isSameNode, itemsOf, type Range, textOf } from './syntax';
import { mayBeTensor, type Value } from './value';

export type Reference =
  /** `nn.GELU`: `torch.nn.GELU`. `alternatives` are other paths, where several `import *` may have brought the name. */
  | { readonly kind: 'path'; readonly path: string; readonly alternatives?: readonly string[] }
  /** `activation='relu'` in a call of `callee`, or `kernel_initializer='he_normal'`. */
  | {
      readonly kind: 'string';
      readonly names: 'activation' | 'initializer';
      readonly text: string;
      readonly callee: string | undefined;
      readonly keyword: string | undefined;
      /** The arguments of the same call. */
      readonly beside: readonly Argument[];
    }
  /** `x.relu_()`; `sure` where x is a tensor for sure, and not only perhaps. */
  | { readonly kind: 'method'; readonly name: string; readonly sure: boolean };

/** Something in a text that may be an activation, or an initialiser. */
export interface Mention extends Range {
  readonly reference: Reference;
  /** True where `arguments` are those of a call: of the name itself, or of the call that made what it is bound to. */
  readonly called: boolean;
  readonly arguments: readonly Argument[];
  readonly incomplete: boolean;
  /**
   * The call that the arguments stand in, where it is not at the mention: `act(x)` after `act = nn.GELU()`. It may be in
   * another cell: then the arguments' offsets count there.
   */
  readonly origin: { readonly document: ParsedDocument; readonly from: number; readonly to: number } | undefined;
}

const uncalled = { called: false, ...noArguments, origin: undefined };

const calledWith = (given: Arguments) => ({ called: true, ...given, origin: undefined });

/** The expression that a name ends, with the brackets and casts around it: what a call would call. */
function calledExpression(place: Place): SyntaxNode {
  let node = place.node;
  for (let step = 0; step < 20; step++) {
    const around = node.parent;
    if (around === null) return node;
    const expression = expressionOf(place.document, around);
    if (expression.kind !== 'wrapped' || !isSameNode(expression.inner, node)) return node;
    node = around;
  }
  return node;
}

/** The call whose callee stands at a place. */
function callAround(place: Place): Place | undefined {
  const callee = calledExpression(place);
  if (callee.parent === null) return undefined;
  const expression = expressionOf(place.document, callee.parent);
  return expression.kind === 'call' && isSameNode(expression.callee, callee) ? at(place, callee.parent) : undefined;
}

/** The call of `functools.partial` whose first argument stands at a place. */
function partialAround(place: Place): Place | undefined {
  const list = place.node.parent;
  if (list?.name !== 'ArgList' || list.parent?.name !== 'CallExpression') return undefined;
  const first = itemsOf(list)[0]?.[0];
  if (first === undefined || !isSameNode(first, place.node)) return undefined;
  const call = at(place, list.parent);
  return isPartial(call) ? call : undefined;
}

/** How a path is called at a place. */
function use(place: Place) {
  const call = callAround(place);
  if (call !== undefined) return calledWith(argumentsOf(call));
  const partial = partialAround(place);
  return partial === undefined ? uncalled : calledWith(partialArguments(partial));
}

/** What made a value, with its arguments. */
function made(value: Value & { kind: 'made' }) {
  const { document, node } = value.call;
  const given = value.partial ? partialArguments(value.call) : argumentsOf(value.call);
  return { called: true, ...given, origin: { document, from: node.from, to: node.to } };
}

function valueMention(place: Place, value: Value, name: Range): Mention | undefined {
  const range = { from: name.from, to: name.to };
  if (value.kind === 'path') {
    const { kind, path, alternatives } = value;
    const reference = alternatives.length === 0 ? { kind, path } : { kind, path, alternatives };
    return { reference, ...range, ...use(place) };
  }
  if (value.kind !== 'made') return undefined;
  return { reference: { kind: 'path', path: value.path }, ...range, ...made(value) };
}

/** `x.relu()` where x may be a tensor; a member of anything else is known by its path or not at all. */
function methodMention(place: Place, object: Value, property: SyntaxNode): Mention | undefined {
  if (!mayBeTensor(object)) return undefined;
  const call = callAround(place);
  if (call === undefined) return undefined;
  const name = textOf(place.document, property);
  return {
    reference: { kind: 'method', name, sure: object.kind === 'tensor' },
    from: property.from,
    to: property.to,
    ...calledWith(argumentsOf(call)),
  };
}

/** A member's last name; names on the way to it are no mention. */
function memberMention(place: Place, property: SyntaxNode): Mention | undefined {
  const expression = expressionOf(place.document, place.node);
  if (expression.kind !== 'member' || !isSameNode(expression.property, property)) return undefined;
  if (isObject(place)) return undefined;
  const mention = valueMention(place, valueAt(place), property);
  return mention ?? methodMention(place, valueAt(at(place, expression.object)), property);
}

/** True where a member is taken of the expression at a place. */
function isObject(place: Place): boolean {
  const node = calledExpression(place);
  return node.parent?.name === 'MemberExpression' && isSameNode(node.parent.firstChild, node);
}

/** A text that names a member: `getattr(nn, 'GELU')`, `table['gelu']`, `tf['relu']`. */
function namedMention(literal: Place, content: Range): Mention | undefined {
  const around = literal.node.parent;
  const node = around?.name === 'ArgList' ? around.parent : around?.name === 'MemberExpression' ? around : null;
  if (node === null || node === undefined || isSameNode(node.firstChild, literal.node)) return undefined;
  const place = at(literal, node);
  const expression = expressionOf(place.document, node);
  if (expression.kind === 'call' && !namesMember(place, expression.list, literal.node)) return undefined;
  return isObject(place) ? undefined : valueMention(place, valueAt(place), content);
}

/** True for the argument by which a call names what it gives. */
function namesMember(call: Place, list: SyntaxNode | undefined, argument: SyntaxNode): boolean {
  const named = namingArgument(call);
  return list !== undefined && named !== undefined && isSameNode(itemsOf(list)[named]?.[0] ?? null, argument);
}

function stringMention(place: Place): Mention | undefined {
  const { document, node } = place;
  if (node.parent?.name === 'ContinuedString') return undefined;
  const parts = stringParts(document.text, node);
  if (parts === undefined || !parts.closed || expressionOf(document, node).kind !== 'constant') return undefined;
  const named = namedMention(place, parts.content);
  if (named !== undefined) return named;
  const activation = activationSlot(place);
  const slot = activation ?? initializerSlot(place);
  if (slot === undefined) return undefined;
  const names = activation === undefined ? 'initializer' : 'activation';
  const text = textOf(document, parts.content);
  const { callee, keyword, call } = slot;
  const beside = call === undefined ? [] : argumentsOf(at(place, call)).arguments;
  return { reference: { kind: 'string', names, text, callee, keyword, beside }, ...parts.content, ...uncalled };
}

/** A name that stands alone: imported, or bound to something imported. */
function nameMention(place: Place): Mention | undefined {
  const isPython = place.document.language === 'python';
  const node = nameUse(isPython, place.node);
  if (node === undefined || isObject(place)) return undefined;
  const value = valueAt(at(place, node));
  // A global of a web page is the root of a path, never its end.
  if (!isPython && value.kind === 'path' && !value.path.includes('.')) return undefined;
  return valueMention(place, value, place.node);
}

const strings: ReadonlySet<string> = new Set(['String', 'FormatString', 'TemplateString', 'JSXAttributeValue']);

const names: ReadonlySet<string> = new Set([
  'VariableName',
  'VariableDefinition',
  'PropertyDefinition',
  'PropertyName',
]);

/** What a leaf of the tree mentions. */
function mentionOf(place: Place): Mention | undefined {
  const { node } = place;
  if (strings.has(node.name)) return stringMention(place);
  if (node.parent?.name === 'MemberExpression' && node.name.endsWith('PropertyName')) {
    return memberMention(at(place, node.parent), node);
  }
  return names.has(node.name) ? nameMention(place) : undefined;
}

/** The leaf at an offset; an escape stands for the string that it is a part of. */
function leafAt(document: ParsedDocument, offset: number, side: -1 | 1): SyntaxNode {
  const leaf = document.tree.resolveInner(offset, side);
  return leaf.name === 'Escape' && leaf.parent !== null ? leaf.parent : leaf;
}

/**
 * What stands at an offset, a name's end included; undefined where nothing does that could be an activation.
 * It takes no time to speak of once the document's names are bound, which its first call does.
 */
export function mentionAt(
  document: ParsedDocument,
  offset: number,
  context: NotebookContext = alone,
): Mention | undefined {
  if (!(offset >= 0 && offset <= document.text.length)) return undefined;
  for (const side of [1, -1] as const) {
    const mention = mentionOf({ document, context, node: leafAt(document, offset, side) });
    if (mention !== undefined && mention.from <= offset && offset <= mention.to) return mention;
  }
  return undefined;
}

/** Everything in a text that could be an activation, in its order. */
export function mentions(document: ParsedDocument, context: NotebookContext = alone): Mention[] {
  const found: Mention[] = [];
  document.tree.cursor().iterate((reference) => {
    if (!names.has(reference.name) && !strings.has(reference.name) && reference.name !== 'PrivatePropertyName') return;
    const mention = mentionOf({ document, context, node: reference.node });
    if (mention !== undefined) found.push(mention);
  });
  return found;
}
