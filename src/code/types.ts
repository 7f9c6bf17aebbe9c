import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from './document';
import { stringValue } from './strings';
import { childrenOf, textOf } from './syntax';
import { collection, data, foreign, type Value } from './value';

/** A class in an annotation: `tf.Tensor` as its names, with the node that it is looked up from. */
export interface TypePart {
  readonly node: SyntaxNode;
  readonly path: readonly string[];
}

const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** Types of `typing` that stand for the one in their brackets. */
const wrappers = /(^|\.)(Optional|Annotated|Final|ClassVar|Required)$/;

const named = (node: SyntaxNode, text: string): TypePart[] | undefined =>
  dotted.test(text) ? [{ node, path: text.split('.') }] : undefined;

/** All or none: a type that one part leaves open is open. */
function every(nodes: readonly SyntaxNode[], parts: (node: SyntaxNode) => TypePart[] | undefined) {
  const found = nodes.map(parts);
  return found.every((each) => each !== undefined) ? found.flat() : undefined;
}

function pythonParts(document: ParsedDocument, node: SyntaxNode, depth = 0): TypePart[] | undefined {
  if (depth > 20) return undefined;
  const inner = (child: SyntaxNode) => pythonParts(document, child, depth + 1);
  switch (node.name) {
    case 'None':
      return [];
    case 'VariableName':
      return named(node, textOf(document, node));
    case 'String':
      return named(node, stringValue(document.text, node) ?? '');
    case 'ParenthesizedExpression':
      return every(childrenOf(node).slice(1, -1), inner);
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node);
      const isUnion = operator !== undefined && textOf(document, operator) === '|';
      return isUnion && left !== undefined && right !== undefined ? every([left, right], inner) : undefined;
    }
    case 'MemberExpression': {
      const [first, open, argument] = childrenOf(node);
      if (open?.name !== '[') return named(node, textOf(document, node));
      const isWrapper = first !== undefined && wrappers.test(textOf(document, first));
      return isWrapper && argument !== undefined ? inner(argument) : undefined;
    }
    default:
      return undefined;
  }
}

function typescriptParts(document: ParsedDocument, node: SyntaxNode, depth = 0): TypePart[] | undefined {
  if (depth > 20) return undefined;
  const inner = (child: SyntaxNode) => typescriptParts(document, child, depth + 1);
  switch (node.name) {
    case 'NullType':
    case 'VoidType':
      return [];
    case 'TypeName':
    case 'IndexedType': {
      const text = textOf(document, node);
      return text === 'undefined' ? [] : named(node, text);
    }
    case 'ParameterizedType':
      return node.firstChild === null ? undefined : inner(node.firstChild);
    case 'ParenthesizedType':
      return every(childrenOf(node).slice(1, -1), inner);
    case 'UnionType':
      return every(
        childrenOf(node).filter((child) => child.name !== 'LogicOp'),
        inner,
      );
    default:
      return undefined;
  }
}

/** The classes that an annotation allows, without None; undefined where it is no list of classes. */
export function partsOfType(document: ParsedDocument, annotation: SyntaxNode): TypePart[] | undefined {
  const type = childrenOf(annotation).at(-1);
  if (type === undefined) return undefined;
  const parts = document.language === 'python' ? pythonParts(document, type) : typescriptParts(document, type);
  return parts?.length === 0 ? undefined : parts;
}

const plainTypes: ReadonlySet<string> = new Set(
  'int float complex str bytes bool number string boolean bigint symbol'.split(' '),
);
const holdingTypes: ReadonlySet<string> = new Set(['list', 'tuple', 'dict', 'set', 'Array', 'Map', 'Set', 'Record']);
const openTypes: ReadonlySet<string> = new Set(['any', 'unknown', 'object', 'Any', 'never', 'type', 'Function']);

/** What a name that nothing binds says as a type; undefined where it says no more than its name. */
export function valueOfBuiltInType(name: string, isPython: boolean): Value | undefined {
  if (plainTypes.has(name)) return foreign;
  if (holdingTypes.has(name)) return collection;
  // A lone capital is a parameter of the type.
  if (openTypes.has(name) || name.length === 1) return data;
  return isPython ? data : undefined;
}
