import type { ParsedDocument } from './document';

/** Where the grammar knows less than Python does: `1.`, a bare `yield`, blanks at the end. */
const allowed = /(?:\d\.|\byield)\s*(?:#[^\n]*\s*)*$/;

/** Whether something that the grammar takes for an error is none. */
export const isAllowed = (text: string, from: number, to: number): boolean =>
  from === to && (allowed.test(text.slice(Math.max(0, from - 200), from)) || !text.slice(from).trim());

/** Offset of the first place that a text's language does not allow; undefined where it parses. */
export function firstError({ tree, text }: ParsedDocument): number | undefined {
  let found: number | undefined;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (found !== undefined) return false;
      if (!type.isError) return true;
      if (!isAllowed(text, from, to)) found = from;
      return true;
    },
  });
  return found;
}
