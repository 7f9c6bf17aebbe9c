import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { namedSlot, type Slot } from '../slot';
import { childrenOf, isSameNode, itemsOf, previousOf, splitBy, textOf } from '../syntax';
import { pythonString } from './expression';

function argumentSlot(document: ParsedDocument, list: SyntaxNode, node: SyntaxNode): Slot | undefined {
  const call = list.parent?.name === 'CallExpression' ? list.parent : undefined;
  const items = itemsOf(list);
  const position = items.findIndex((item) => item.some((part) => isSameNode(part, node)));
  const item = items[position];
  if (item === undefined) return undefined;
  if (item[1]?.name === 'AssignOp') return namedSlot(textOf(document, item[0]!), call);
  const isCounted = item[0]!.from === node.from && !items.slice(0, position).some(([first]) => first!.name === '*');
  return isCounted ? { name: undefined, position, call } : undefined;
}

/** The value of a dict's entry, by its key. */
function entrySlot(document: ParsedDocument, node: SyntaxNode): Slot | undefined {
  const colon = previousOf(node);
  const key = colon?.name === ':' ? previousOf(colon) : null;
  return namedSlot(key === null ? undefined : pythonString(document, key));
}

/** The default of a parameter, which may have an annotation. */
function defaultSlot(document: ParsedDocument, node: SyntaxNode): Slot | undefined {
  let name = previousOf(node);
  if (name?.name !== 'AssignOp') return undefined;
  name = previousOf(name);
  if (name?.name === 'TypeDef') name = previousOf(name);
  return namedSlot(name?.name === 'VariableName' ? textOf(document, name) : undefined);
}

/** `activation`, `self.activation`, `options['activation']`. */
function targetName(document: ParsedDocument, target: SyntaxNode | undefined): string | undefined {
  if (target?.name === 'VariableName') return textOf(document, target);
  if (target?.name !== 'MemberExpression') return undefined;
  const property = target.getChild('PropertyName');
  if (property !== null) return textOf(document, property);
  const index = target.getChild('String');
  return index === null ? undefined : pythonString(document, index);
}

function assignedSlot(document: ParsedDocument, statement: SyntaxNode, node: SyntaxNode): Slot | undefined {
  const parts = childrenOf(statement).filter((child) => child.name !== 'TypeDef');
  const groups = splitBy(parts, 'AssignOp');
  const value = groups.pop();
  if (value?.length !== 1 || !isSameNode(value[0]!, node)) return undefined;
  const target = groups.find((group) => group.length === 1)?.[0];
  return namedSlot(targetName(document, target));
}

/** A key into a table: `ACT2FN['gelu']`. */
function keySlot(document: ParsedDocument, item: SyntaxNode, node: SyntaxNode): Slot | undefined {
  if (previousOf(node)?.name !== '[') return undefined;
  return namedSlot(targetName(document, item.firstChild ?? undefined));
}

/** Where a value of a Python text stands. */
export function pythonSlot(document: ParsedDocument, node: SyntaxNode): Slot | undefined {
  const around = node.parent;
  switch (around?.name) {
    case 'ArgList':
      return argumentSlot(document, around, node);
    case 'ParamList':
      return defaultSlot(document, node);
    case 'DictionaryExpression':
    // A dict whose value is still being typed is taken for a comprehension.
    case 'DictionaryComprehensionExpression':
      return entrySlot(document, node);
    case 'AssignStatement':
      return assignedSlot(document, around, node);
    case 'MemberExpression':
      return keySlot(document, around, node);
    default:
      return undefined;
  }
}
