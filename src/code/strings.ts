import type { Range } from './syntax';

/** A string literal of a syntax tree. */
export interface Literal extends Range {
  readonly name: string;
  getChild(name: string): unknown;
}

/** A string literal taken apart. Offsets count from where the literal's own offset does. */
export interface StringParts {
  /** Letters before the quote, lower case: `r`, `b`, `f`, `rb`; always empty in JavaScript. */
  readonly prefix: string;
  /** `'`, `"`, a backtick, or three of them. */
  readonly quote: string;
  readonly content: Range;
  /** False while it is being typed: nothing ends it. */
  readonly closed: boolean;
}

const quotes = ['"""', "'''", '"', "'", '`'];

/** Takes apart the literal that covers [from, to) of the text; undefined where none starts there. */
export function stringParts(text: string, { from, to }: Range): StringParts | undefined {
  let start = from;
  while (start < to && start < from + 2 && !quotes.includes(text[start]!)) start++;
  const quote = quotes.find((candidate) => text.startsWith(candidate, start) && start + candidate.length <= to);
  if (quote === undefined) return undefined;
  const content = start + quote.length;
  const closed = to - quote.length >= content && text.startsWith(quote, to - quote.length);
  return {
    prefix: text.slice(from, start).toLowerCase(),
    quote,
    content: { from: content, to: closed ? to - quote.length : to },
    closed,
  };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };

/** The character of a code in hexadecimal; undefined where it is none. */
function coded(digits: string): string | undefined {
  const code = digits === '' ? Number.NaN : Number(`0x${digits}`);
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** The character after a backslash, and how many characters spelled it. */
function escaped(content: string, at: number): { readonly text: string; readonly length: number } {
  const c = content[at] ?? '';
  if (c === '\n') return { text: '', length: 1 };
  if (c === 'u' && content[at + 1] === '{') {
    const end = content.indexOf('}', at);
    const text = end < 0 ? undefined : coded(content.slice(at + 2, end));
    if (text !== undefined) return { text, length: end + 1 - at };
  }
  const digits = c === 'x' ? 2 : c === 'u' ? 4 : 0;
  const text = digits === 0 ? undefined : coded(content.slice(at + 1, at + 1 + digits));
  return text === undefined ? { text: escapes[c] ?? c, length: 1 } : { text, length: 1 + digits };
}

/** The text that a literal stands for; undefined for bytes and where it is not closed. */
export function stringValue(text: string, range: Range): string | undefined {
  const parts = stringParts(text, range);
  if (parts === undefined || !parts.closed || parts.prefix.includes('b')) return undefined;
  const content = text.slice(parts.content.from, parts.content.to);
  if (parts.prefix.includes('r') || !content.includes('\\')) return content;
  const pieces: string[] = [];
  for (let at = 0; at < content.length; ) {
    const backslash = content.indexOf('\\', at);
    if (backslash < 0) {
      pieces.push(content.slice(at));
      break;
    }
    const character = escaped(content, backslash + 1);
    pieces.push(content.slice(at, backslash), character.text);
    at = backslash + 1 + character.length;
  }
  return pieces.join('');
}
