import type { SyntaxNode } from '@lezer/common';
import { pathSpelling } from '../../core/frameworks/spellings';
import type { ModelNode } from '../../core/model/model';
import { codeLanguage } from '../document';
import { expressionOf } from '../expression';
import { resolvePath } from '../resolve';
import { childrenOf, isSameNode, itemsOf, textOf } from '../syntax';
import type { TextEdit } from './textEdit';
import { argumentList, type CellPlace, plainArguments, type Texts } from './tree';

/** Takes an item out of a list, of arguments or elements, with its comma; its line too where it has one of its own. */
function withoutItem({ cell, document: { text } }: CellPlace, list: SyntaxNode, item: readonly SyntaxNode[]): TextEdit {
  const [from, to] = [item[0]!.from, item.at(-1)!.to];
  const items = itemsOf(list);
  const k = items.findIndex(([first]) => first?.from === from);
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const rest = /^[ \t]*,?[ \t]*(#[^\n]*|\/\/[^\n]*)?\r?\n/.exec(text.slice(to));
  if (text.slice(lineStart, from).trim() === '' && rest !== null) {
    return { cell, from: lineStart, to: to + rest[0].length, text: '' };
  }
  const [next, before] = [items[k + 1], items[k - 1]];
  if (next !== undefined) return { cell, from, to: next[0]!.from, text: '' };
  if (before !== undefined) return { cell, from: before.at(-1)!.to, to, text: '' };
  const comma = /^\s*,/.exec(text.slice(to));
  return { cell, from, to: to + (comma?.[0].length ?? 0), text: '' };
}

/** Takes out a statement that stands alone on its lines; undefined where it is all that its block has. */
function withoutStatement({ cell, document: { text } }: CellPlace, statement: SyntaxNode): TextEdit | undefined {
  const siblings = statement.parent === null ? [] : childrenOf(statement.parent).filter(({ name }) => name !== ':');
  const start = text.lastIndexOf('\n', statement.from - 1) + 1;
  const to = statement.from + text.slice(statement.from, statement.to).trimEnd().length;
  const rest = /^[ \t]*;?[ \t]*\r?\n?/.exec(text.slice(to))![0];
  if (siblings.length < 2 || text.slice(start, statement.from).trim() !== '') return undefined;
  return rest.includes('\n') || to + rest.length === text.length
    ? { cell, from: start, to: to + rest.length, text: '' }
    : undefined;
}

const atoms: ReadonlySet<string> = new Set([
  'VariableName',
  'MemberExpression',
  'CallExpression',
  'Number',
  'ParenthesizedExpression',
]);

const open: ReadonlySet<string> = new Set(['AssignStatement', 'ReturnStatement', 'ArgList', 'VariableDeclaration']);

/** Puts what a call is applied to in the place of the call. */
function unwrapped(call: CellPlace, inner: SyntaxNode): TextEdit | undefined {
  const { cell, document, node } = call;
  const around = node.parent;
  const text = textOf(document, inner);
  if (around?.name === 'AssignStatement') {
    const [target, , value, ...more] = childrenOf(around);
    // x = F.relu(x) says nothing more.
    if (more.length === 0 && value && isSameNode(value, node) && textOf(document, target!) === text) {
      return withoutStatement(call, around);
    }
  }
  const bare = atoms.has(inner.name) || (around !== null && open.has(around.name));
  return { cell, from: node.from, to: node.to, text: bare ? text : `(${text})` };
}

/** The call that an expression is the callee of. */
function callOf(place: CellPlace): CellPlace | undefined {
  const around = place.node.parent;
  return around?.name === 'CallExpression' && around.firstChild !== null && isSameNode(around.firstChild, place.node)
    ? { ...place, node: around }
    : undefined;
}

const firstArgument = (call: CellPlace): SyntaxNode | undefined => plainArguments(call)?.[0]?.value;

/** A layer's call taken out of the list, statement or functional call that it stands in. */
function withoutLayer(layer: CellPlace): TextEdit | undefined {
  const applied = callOf(layer);
  if (applied !== undefined) {
    const inner = firstArgument(applied);
    return inner && unwrapped(applied, inner);
  }
  const list = layer.node.parent;
  if (list === null) return undefined;
  if (list.name === 'ArrayExpression') return withoutItem(layer, list, [layer.node]);
  if (list.name !== 'ArgList') return undefined;
  const call = list.parent!;
  const callee = call.firstChild!;
  const added = callee.name === 'MemberExpression' && textOf(layer.document, callee.lastChild!) === 'add';
  if (added) return call.parent?.name === 'ExpressionStatement' ? withoutStatement(layer, call.parent) : undefined;
  return /Sequential$/.test(resolvePath({ ...layer, node: callee }) ?? '')
    ? withoutItem(layer, list, [layer.node])
    : undefined;
}

/** The ways to take an activation out of the text, the likeliest first. */
export function* withoutActivation(node: ModelNode, texts: Texts): Generator<readonly TextEdit[]> {
  const { operation } = node;
  if (operation.kind !== 'activation') return;
  const place = texts.expression(operation.activation.source);
  if (place === undefined) return;
  const single = function* (edit: TextEdit | undefined) {
    if (edit !== undefined) yield [edit];
  };
  const expression = expressionOf(place.document, place.node);
  if (expression.kind !== 'call') {
    const call = callAround(place);
    if (call === undefined) return;
    const isLayer = /(^|\.)activation$/i.test(resolvePath({ ...call, node: call.node.firstChild! }) ?? '');
    yield* single(isLayer ? withoutLayer(call) : withoutArgument(call, place));
    return;
  }
  const path = resolvePath({ ...place, node: expression.callee });
  const form = path === undefined ? undefined : pathSpelling(path, codeLanguage(place.document))?.form;
  if (form === 'function') {
    const inner = firstArgument(place);
    yield* single(inner && unwrapped(place, inner));
    return;
  }
  yield* single(withoutLayer(place));
  const applied = node.applied && texts.exactly(node.applied);
  const inner = applied && firstArgument(applied);
  yield* single(inner && unwrapped(applied!, inner));
  const callee = expressionOf(place.document, expression.callee);
  if (path === undefined && callee.kind === 'member') yield* single(unwrapped(place, callee.object));
}

/** The call whose argument an expression is. */
function callAround({ node, ...place }: CellPlace): CellPlace | undefined {
  let around = node.parent;
  while (around !== null && ['Property', 'ObjectExpression'].includes(around.name)) around = around.parent;
  const call = around?.name === 'ArgList' ? around.parent : null;
  return call?.name === 'CallExpression' ? { ...place, node: call } : undefined;
}

/** Takes a named argument out of a call. */
function withoutArgument(call: CellPlace, value: CellPlace): TextEdit | undefined {
  const list = argumentList(call);
  const item =
    list && itemsOf(list).find((nodes) => nodes[0]!.from <= value.node.from && value.node.to <= nodes.at(-1)!.to);
  const named = item !== undefined && (item.length === 3 || item[0]!.name === 'Property');
  return list && named ? withoutItem(call, list, item) : undefined;
}
