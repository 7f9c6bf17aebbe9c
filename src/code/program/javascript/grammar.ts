import type { Grammar } from '../lowering';
import { bodyOf } from './blocks';
import { lowerExpression } from './expressions';
import { lowerStatement } from './statements';
import { lowerTarget } from './targets';

/** JavaScript and TypeScript. */
export const javascriptGrammar: Grammar = {
  statement: lowerStatement,
  body: bodyOf,
  expression: lowerExpression,
  target: lowerTarget,
};
