import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from './document';
import type { Expression } from './expressionTypes';
import { javascriptExpression } from './javascript/expression';
import { pythonExpression } from './python/expression';

/** What kind of expression a node is, in words that hold for every language. */
export const expressionOf = (document: ParsedDocument, node: SyntaxNode): Expression =>
  document.language === 'python' ? pythonExpression(document, node) : javascriptExpression(document, node);
