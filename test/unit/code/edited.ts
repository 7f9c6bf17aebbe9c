import fc from 'fast-check';
import type { Edit } from '../../../src/code/document';

/** Random edits of code, for properties that hold after any of them. */

export const fragment = fc.oneof(
  fc.constantFrom('(', ')', '[', '{', '}', "'", '"', '"""', '`', '\n', '  ', '#', '//', '/*', '${', '=', ':', ',', '.'),
  fc.constantFrom(
    'def f(',
    'class A:',
    'import ',
    'from ',
    ' as ',
    'lambda ',
    'for x in ',
    'activation=',
    'self.',
    '@',
  ),
  fc.constantFrom('const ', '=>', 'function ', '<A ', '</A>', 'this.', 'tf.', 'relu', 'nn.ReLU()', '\\', '\r\n', '\0'),
  fc.string({ maxLength: 6, unit: 'binary' }),
);

export const change = fc.record({ at: fc.nat(), remove: fc.nat({ max: 30 }), insert: fragment });

export interface Change {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** A text after a change, which may begin anywhere in it. */
export function applied(text: string, { at, remove, insert }: Change): { text: string; edit: Edit } {
  const from = at % (text.length + 1);
  const to = Math.min(text.length, from + remove);
  return { text: text.slice(0, from) + insert + text.slice(to), edit: { from, to, insertedLength: insert.length } };
}
