import type { ParsedDocument } from './document';

/** Where the grammar knows less than Python does: `1.`, a bare `yield`, blanks at the end. */
const allowed = /(?:\d\.|\byield)\s*(?:#[^\n]*\s*)*$/;

/** Offset of the first place that a text's language does not allow; undefined where it parses. */
export function firstError({ tree, text }: ParsedDocument): number | undefined {
  let found: number | undefined;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (found !== undefined) return false;
      if (!type.isError) return true;
      const fine = from === to && (allowed.test(text.slice(Math.max(0, from - 200), from)) || !text.slice(from).trim());
      if (!fine) found = from;
      return true;
    },
  });
  return found;
}
