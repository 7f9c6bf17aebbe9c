import Table from 'cli-table3';

/**
 * A table for the terminal: framed, or as bare columns where it is wider than the terminal.
 *
 * @param left how many of the first columns are text, at the left; numbers are at the right
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
  left = 0,
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i < left ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const framed = table.toString();
  if (framed.indexOf('\n') <= (columns ?? Number.POSITIVE_INFINITY)) return framed;
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const padded = (text: string, i: number) => (i < left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!));
  return all.map((row) => row.map(padded).join('  ')).join('\n');
}
