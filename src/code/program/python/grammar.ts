import type { Grammar } from '../lowering';
import { lowerExpression } from './expressions';
import { lowerStatement, statementsIn } from './statements';
import { lowerTarget } from './targets';

export const pythonGrammar: Grammar = {
  statement: lowerStatement,
  body: (lower, node) => (node === null || node === undefined ? [] : statementsIn(lower, node)),
  expression: lowerExpression,
  target: lowerTarget,
};
