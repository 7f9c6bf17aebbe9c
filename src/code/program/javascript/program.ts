import type { ParsedDocument } from '../../document';
import { childrenOf } from '../../syntax';
import type { Program } from '../ast';
import { type Grammar, Lowering } from '../lowering';
import { bodyOf, statementsOf } from './blocks';
import { lowerExpression } from './expressions';
import { lowerStatement } from './statements';
import { lowerTarget } from './targets';

const grammar: Grammar = {
  statement: lowerStatement,
  body: bodyOf,
  expression: lowerExpression,
  target: lowerTarget,
};

/** A JavaScript or TypeScript text as a program. Broken code gives `other` where it is broken, never an exception. */
export const lowerJavascript = (document: ParsedDocument): Program => ({
  language: 'javascript',
  body: statementsOf(new Lowering(document, grammar), childrenOf(document.tree.topNode)),
});
