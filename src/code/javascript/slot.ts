import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { namedSlot, type Slot } from '../slot';
import { childrenOf, isSameNode, itemsOf, previousOf, textOf } from '../syntax';
import { javascriptString } from './expression';

const names: ReadonlySet<string> = new Set([
  'VariableName',
  'VariableDefinition',
  'PropertyName',
  'PropertyDefinition',
  'PrivatePropertyDefinition',
  'JSXIdentifier',
]);

function nameOf(document: ParsedDocument, node: SyntaxNode | null | undefined): string | undefined {
  if (node === null || node === undefined) return undefined;
  if (names.has(node.name)) return textOf(document, node);
  return node.name === 'String' ? javascriptString(document, node) : undefined;
}

const isCall = (node: SyntaxNode | null): boolean => node?.name === 'CallExpression' || node?.name === 'NewExpression';

function argumentSlot(list: SyntaxNode, node: SyntaxNode): Slot | undefined {
  const items = itemsOf(list);
  const position = items.findIndex((item) => item.length === 1 && isSameNode(item[0]!, node));
  if (position < 0 || items.slice(0, position).some(([first]) => first!.name === 'Spread')) return undefined;
  return { name: undefined, position, call: isCall(list.parent) ? list.parent! : undefined };
}

/** A property's value; it belongs to the call whose argument the object is. */
function propertySlot(document: ParsedDocument, property: SyntaxNode, node: SyntaxNode): Slot | undefined {
  const key = property.firstChild;
  if (previousOf(node)?.name !== ':') return undefined;
  const list = property.parent?.parent;
  const call = list?.name === 'ArgList' && isCall(list.parent) ? list.parent! : undefined;
  return namedSlot(nameOf(document, key), call);
}

/** The name before an `=`: of a variable, a parameter, a field; a type may stand between. */
function initialisedSlot(document: ParsedDocument, node: SyntaxNode): Slot | undefined {
  let name = previousOf(node);
  if (name?.name !== 'Equals') return undefined;
  name = previousOf(name);
  while (name?.name === 'TypeAnnotation' || name?.name === 'Optional') name = previousOf(name);
  return namedSlot(nameOf(document, name));
}

function assignedSlot(document: ParsedDocument, assignment: SyntaxNode, node: SyntaxNode): Slot | undefined {
  const [target, operator, value] = childrenOf(assignment);
  if (operator?.name !== 'Equals' || value === undefined || !isSameNode(value, node)) return undefined;
  if (target?.name !== 'MemberExpression') return namedSlot(nameOf(document, target));
  return namedSlot(nameOf(document, target.getChild('PropertyName') ?? target.getChild('String')));
}

/** The key of a property in a pattern, `{activation = 'relu'}` or `{activation: act = 'relu'}`. */
const patternSlot = (document: ParsedDocument, pattern: SyntaxNode, node: SyntaxNode): Slot | undefined =>
  previousOf(node)?.name === 'Equals' ? namedSlot(nameOf(document, pattern.firstChild)) : undefined;

/** Where a value of a JavaScript text stands. */
export function javascriptSlot(document: ParsedDocument, node: SyntaxNode): Slot | undefined {
  const around = node.parent;
  switch (around?.name) {
    case 'ArgList':
      return argumentSlot(around, node);
    case 'Property':
      return propertySlot(document, around, node);
    case 'PatternProperty':
      return patternSlot(document, around, node);
    case 'VariableDeclaration':
    case 'PropertyDeclaration':
    case 'ParamList':
    case 'JSXAttribute':
      return initialisedSlot(document, node);
    case 'JSXEscape':
      return around.parent?.name === 'JSXAttribute' ? initialisedSlot(document, around) : undefined;
    case 'AssignmentExpression':
      return assignedSlot(document, around, node);
    default:
      return undefined;
  }
}
