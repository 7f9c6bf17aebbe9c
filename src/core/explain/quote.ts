import { withoutIcons } from '../format/excerpt';

/** What a person's code says, and our own sentences, in a hover: nothing of it is Markdown, HTML, a link or an icon by itself. */

const newlines = /[\r\n\u2028\u2029]+/g;

/** Characters that Markdown would take for its own anywhere. */
const own = /[\\`*_{}[\]<>~|&#]/g;
/** What begins a list, a heading's line or a quotation, where a paragraph begins. */
const opening = /^(\s*)(?:([-+])(?=[-\s]|$)|(\d+)([.)])(?=\s|$))/;
/** What becomes a link by itself. */
const link = /:(?=\/\/)|(?<=\b(?:mailto|xmpp)):|@|(?<=\bwww)\./gi;

/** Text of a paragraph as Markdown that shows just this. */
export const markdown = (text: string): string =>
  withoutIcons(text.replace(newlines, ' '))
    .replace(own, '\\$&')
    .replace(link, '\\$&')
    .replace(opening, (_, space: string, mark?: string, number?: string, point?: string) =>
      mark === undefined ? `${space}${number}\\${point}` : `${space}\\${mark}`,
    );

/** A sentence in which what stands in backticks is code. */
export const withCode = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, k) => (k % 2 === 1 ? code(part.slice(1, -1)) : markdown(part)))
    .join('');

/** Code cannot be escaped, only quoted with more backticks than it holds. */
export function code(text: string): string {
  const line = withoutIcons(text.replace(newlines, ' '));
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  if (longest === 0 && line.trim() !== '') return `\`${line}\``;
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

export const html = (text: string): string =>
  withoutIcons(text.replace(newlines, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
