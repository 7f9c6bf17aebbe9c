import type { SyntaxNode } from '@lezer/common';

/** A value that source code spells out. */
export type Constant = number | boolean | string | null;

/** An expression as the reading room sees it: the same kinds for Python and JavaScript. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  /** `this`, `super`, `super()`: the object whose method this is. Python's `self` is a name that a binding tells. */
  | { readonly kind: 'instance' }
  /** `require('…')`, `import('…')`; no path for a file of the project. */
  | { readonly kind: 'module'; readonly path: string | undefined }
  | { readonly kind: 'member'; readonly object: SyntaxNode; readonly name: string; readonly property: SyntaxNode }
  | { readonly kind: 'call'; readonly callee: SyntaxNode; readonly list: SyntaxNode | undefined }
  /** Brackets, casts, `await`: it stands for what is inside. */
  | { readonly kind: 'wrapped'; readonly inner: SyntaxNode }
  | { readonly kind: 'choice'; readonly branches: readonly [SyntaxNode, SyntaxNode] }
  /** `a or b`, `a || b`, `a ?? b`. */
  | { readonly kind: 'either'; readonly branches: readonly [SyntaxNode, SyntaxNode] }
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly SyntaxNode[] }
  /** `a[0]`, `a['key']`, `a[1:2]`; no index where it is not one expression. */
  | { readonly kind: 'item'; readonly object: SyntaxNode; readonly index: SyntaxNode | undefined }
  /** A list, a tuple, a dict, a set, an object literal. */
  | { readonly kind: 'collection' }
  /** Any other object of the language whose text says what it is: a lambda, a text with holes. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'other' };

export const other: Expression = { kind: 'other' };
export const plain: Expression = { kind: 'plain' };

/** The number of a literal with underscores taken out; undefined for what is no real number. */
export function numberOf(text: string): number | undefined {
  const value = Number(text.replaceAll('_', ''));
  return text === '' || Number.isNaN(value) ? undefined : value;
}

export const constantOr = (value: Constant | undefined, otherwise: Expression = other): Expression =>
  value === undefined ? otherwise : { kind: 'constant', value };
