import type { ParsedDocument } from '../../document';
import type { Program } from '../ast';
import { type Grammar, Lowering } from '../lowering';
import { lowerExpression } from './expressions';
import { lowerStatement, statementsIn } from './statements';
import { lowerTarget } from './targets';

const grammar: Grammar = {
  statement: lowerStatement,
  body: (lower, node) => (node === null || node === undefined ? [] : statementsIn(lower, node)),
  expression: lowerExpression,
  target: lowerTarget,
};

/** A Python text as a program. Broken code gives `other` where it is broken, never an exception. */
export const lowerPython = (document: ParsedDocument): Program => ({
  language: 'python',
  body: statementsIn(new Lowering(document, grammar), document.tree.topNode),
});
