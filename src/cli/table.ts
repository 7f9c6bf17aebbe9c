import Table from 'cli-table3';
import { listInWords } from '../core/format/list';
import { wrapped } from '../core/format/wrap';

export interface TextTableOptions {
  /** Of the terminal; undefined for a file or a pipe, and where all columns are wanted whatever they take. */
  readonly columns?: number | undefined;
  /** How many of the first columns are text, at the left; numbers are at the right. */
  readonly left?: number;
  /** What gives the columns that have no room: "--wide". */
  readonly more?: string;
}

const BETWEEN = 2;

/**
 * A table for the terminal, the most important columns first: framed; as bare columns where the terminal is narrower than
 * the frame; and without its last columns where it is narrower than those, which a line below it says.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, left = 0, more = '--json' }: TextTableOptions = {},
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i < left ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const framed = table.toString();
  if (columns === undefined || framed.indexOf('\n') <= columns) return framed;
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  let shown = 0;
  for (let taken = 0; shown < head.length; shown++) {
    taken += widths[shown]! + (shown === 0 ? 0 : BETWEEN);
    if (taken > columns && shown > 0) break;
  }
  const padded = (text: string, i: number) => (i < left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!));
  const bare = all.map((row) => row.slice(0, shown).map(padded).join(' '.repeat(BETWEEN)).trimEnd());
  const absent = head.slice(shown).filter((title) => title !== '');
  return absent.length === 0
    ? bare.join('\n')
    : [...bare, wrapped(`No room for ${listInWords(absent)}: ${more} has all.`, columns)].join('\n');
}
