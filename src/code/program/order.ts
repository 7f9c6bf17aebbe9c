import type { PlacedPart, Program, Statement } from './ast';

const isFunction = ({ kind }: Statement): boolean => kind === 'function';

/** Functions are there from the start of their block on: JavaScript's order of statements. */
export const hoisted = (statements: readonly Statement[]): Statement[] => [
  ...statements.filter(isFunction),
  ...statements.filter((statement) => !isFunction(statement)),
];

/** Of each part the statements for which that is true; parts without any are left out. */
const only = (parts: readonly PlacedPart[], wanted: (statement: Statement) => boolean): PlacedPart[] =>
  parts.flatMap(({ from, part: { body } }) => {
    if (body.every(wanted)) return body.length === 0 ? [] : [{ from, part: { body } }];
    const some = body.filter(wanted);
    return some.length === 0 ? [] : [{ from, part: { body: some } }];
  });

/** A program's parts as they run. */
export const inOrder = ({ language, parts }: Program): readonly PlacedPart[] =>
  language === 'python' ? parts : [...only(parts, isFunction), ...only(parts, (each) => !isFunction(each))];
