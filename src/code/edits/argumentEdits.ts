import type { TextEdit } from './textEdit';
import { argumentList, type CellPlace, indentAt, lineBreak, type WrittenArgument, writtenArguments } from './tree';

/** `use_bias=False` or `useBias: false`. */
export const writtenAs = (call: CellPlace, name: string, value: string): string =>
  call.document.language === 'python' ? `${name}=${value}` : `${name}: ${value}`;

/**
 * Gives a call an argument: its value changes where the call has it, otherwise it is written after another one, on a line
 * of its own where the others stand so. Undefined where the arguments cannot be told, or a JavaScript call has no object
 * of options.
 *
 * @param next names of arguments that it should follow, the likeliest first; after the last one where none is there
 */
export function withArgument(
  call: CellPlace,
  name: string,
  value: string,
  next: readonly string[] = [],
): TextEdit | undefined {
  const given = writtenArguments(call);
  const list = argumentList(call);
  if (given === undefined || list === undefined) return undefined;
  const python = call.document.language === 'python';
  if (!python && list.name !== 'ObjectExpression') return undefined;
  const { cell } = call;
  const own = given.find((each) => each.name === name);
  if (own !== undefined) {
    const { from, to } = own.value;
    // A shorthand property is its own name.
    const text = from === own.from && to === own.to ? writtenAs(call, name, value) : value;
    return { cell, from, to, text };
  }
  const text = writtenAs(call, name, value);
  const last = given.at(-1);
  if (last === undefined) {
    const at = list.from + 1;
    return { cell, from: at, to: at, text: python ? text : ` ${text} ` };
  }
  const named = next.map((each) => given.find((argument) => argument.name === each)).find((each) => each !== undefined);
  const before = named ?? last;
  return { cell, from: before.to, to: before.to, text: `,${gapBefore(call, given, before)}${text}` };
}

/** What stands between two arguments: a line break and the indent, or a space. */
function gapBefore(
  { document: { text } }: CellPlace,
  given: readonly WrittenArgument[],
  before: WrittenArgument,
): string {
  const k = given.indexOf(before);
  const neighbour = given[k + 1] ?? given[k - 1];
  const [first, second] =
    neighbour === undefined || neighbour.from > before.from ? [before, neighbour] : [neighbour, before];
  if (second === undefined) return ' ';
  const between = text.slice(first.to, second.from);
  if (between.includes('\n')) return lineBreak(text) + indentAt(text, second.from);
  return between.includes(', ') ? ' ' : between.endsWith(',') ? '' : ' ';
}
