/**
 * What JavaScript and TypeScript allow and the grammar does not know, in a form of the same length that it does, so that
 * every offset stays: `[this.a, this.b] = f()` as if a comma stood in the place of the sign, and a class that is decorated
 * before its `export` without that.
 */

const TARGET = String.raw`(?:\.\.\.)?[\w$]+(?:\.#?[\w$]+|\[[\w$'"]+\])*`;
/** An array of targets at the start of a statement, up to the sign. */
const UNPACKED = new RegExp(
  String.raw`(?<=(?:^|[;{}\n])\s*)(\[\s*${TARGET}(?:\s*,\s*${TARGET})*\s*,?\s*\]\s*)=(?![=>])`,
  'g',
);

const EXPORTED = /\bexport\s+(?:default\s+)?(?=(?:abstract\s+)?class\b)/g;
/** The end of a decorator without brackets. */
const DECORATOR = /@[\w$.]+$/;
/** Characters before `export` in which its decorator is looked for, and characters of the decorator's name. */
const LONGEST = { decorator: 4000, name: 200 };

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Whether a text ends with a decorator, such as `@register({name: 'a'})`. */
function endsDecorated(before: string): boolean {
  const end = before.trimEnd();
  const isName = (text: string): boolean => DECORATOR.test(text.slice(-LONGEST.name));
  if (!end.endsWith(')')) return isName(end);
  let depth = 0;
  for (let at = end.length - 1; at >= 0; at--) {
    if (end[at] === ')') depth++;
    else if (end[at] === '(' && --depth === 0) return isName(end.slice(0, at));
  }
  return false;
}

const withoutUnpacking = (text: string): string =>
  text.replace(UNPACKED, (all, targets: string) => (/[.[]/.test(targets.slice(1)) ? `${all.slice(0, -1)},` : all));

const withoutExports = (text: string): string =>
  text.replace(EXPORTED, (written: string, at: number) =>
    endsDecorated(text.slice(Math.max(0, at - LONGEST.decorator), at)) ? blank(written) : written,
  );

/** The text as the grammar takes it, of the same length; the very same string where it takes all of it. */
export function asGrammarHas(text: string): string {
  const unpacked = text.includes('[') ? withoutUnpacking(text) : text;
  return unpacked.includes('@') ? withoutExports(unpacked) : unpacked;
}
