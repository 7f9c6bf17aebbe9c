import { readList } from './list';

/**
 * Widths of hidden layers as people write them: `128`, `128x10` (ten layers of 128), `256, 128x3, 64`. The one reader of
 * terminal, settings, links and pages.
 *
 * @returns undefined where an item is no whole number; ranges are checked with the configuration
 */
export function readWidths(text: string): number[] | undefined {
  const items = readList(text);
  return items.length > 0 && items.every((item) => /^\d{1,6}$/.test(item)) ? items.map(Number) : undefined;
}

/** "10 × 128" where the widths are the same, "256, 128, 64" otherwise. */
export function widthsInWords(widths: readonly number[]): string {
  const [first] = widths;
  if (widths.length > 1 && widths.every((width) => width === first)) return `${widths.length} × ${first}`;
  return widths.join(', ');
}

/** The same, where what is spoken of are layers: "1 × 128". */
export const layersInWords = (widths: readonly number[]): string =>
  widths.length === 1 ? `1 × ${widths[0]}` : widthsInWords(widths);
