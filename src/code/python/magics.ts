/**
 * Lines of a notebook cell that IPython takes away before Python sees them: `%matplotlib inline`, `!pip install x`.
 * They become blanks of the same length, so that no quote or bracket in them swallows the code below and every offset
 * stays.
 */

/** Cell magics whose cell is still Python. */
const pythonCellMagics: ReadonlySet<string> = new Set([
  'time',
  'timeit',
  'capture',
  'prun',
  'python',
  'python3',
  'script',
]);

const isLetter = (c: string): boolean => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

function wordAt(text: string, from: number): string {
  let to = from;
  while (to < text.length && (isLetter(text[to]!) || (text[to]! >= '0' && text[to]! <= '9'))) to++;
  return text.slice(from, to);
}

/** A `%` counts in the first column only: elsewhere it is a remainder on a continued line. */
function isMagic(text: string, line: number): boolean {
  if (text[line] === '%') return text[line + 1] === '%' || isLetter(text[line + 1] ?? '');
  let at = line;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return text[at] === '!' && text[at + 1] !== '=';
}

/** True where the whole cell is in another language: `%%bash`, `%%html`. */
function isForeign(text: string): boolean {
  const start = text.length - text.trimStart().length;
  return (
    text.startsWith('%%', start) && isLetter(text[start + 2] ?? '') && !pythonCellMagics.has(wordAt(text, start + 2))
  );
}

/** The text as Python sees it, of the same length; the very same string where there is no magic. */
export function withoutMagics(text: string): string {
  if (!text.includes('%') && !text.includes('!')) return text;
  if (isForeign(text)) return ' '.repeat(text.length);
  const parts: string[] = [];
  let kept = 0;
  for (let line = 0; line < text.length; ) {
    const newline = text.indexOf('\n', line);
    const end = newline < 0 ? text.length : newline;
    if (isMagic(text, line)) {
      parts.push(text.slice(kept, line), ' '.repeat(end - line));
      kept = end;
    }
    line = end + 1;
  }
  if (kept === 0) return text;
  parts.push(text.slice(kept));
  return parts.join('');
}
