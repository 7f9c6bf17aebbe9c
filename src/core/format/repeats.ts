/** Rows that come again and again below each other, written once. */

/** A run of rows, and how many times in a row it stands. */
export interface Repeats<Row> {
  readonly rows: readonly Row[];
  readonly times: number;
}

/** Rows of a block that is looked for. */
const LONGEST = 40;

/**
 * Folds what repeats: `a b c b c b c d` is a, (b c) three times, d. From the first row on, the block that saves most
 * rows is taken, of several the shortest; a block is folded where it saves at least `least` rows.
 */
export function foldRepeats<Row>(
  rows: readonly Row[],
  equal: (a: Row, b: Row) => boolean,
  least = 2,
): readonly Repeats<Row>[] {
  const folded: Repeats<Row>[] = [];
  for (let from = 0; from < rows.length; ) {
    let best = { length: 1, times: 1 };
    for (let length = 1; length <= Math.min(LONGEST, (rows.length - from) / 2); length++) {
      const times = timesAt(rows, from, length, equal);
      const saved = length * (times - 1);
      if (saved >= least && saved > best.length * (best.times - 1)) best = { length, times };
    }
    folded.push({ rows: rows.slice(from, from + best.length), times: best.times });
    from += best.length * best.times;
  }
  return folded;
}

/** How many times in a row the block of `length` rows at `from` stands. */
function timesAt<Row>(rows: readonly Row[], from: number, length: number, equal: (a: Row, b: Row) => boolean): number {
  let to = from + length;
  while (to < rows.length && equal(rows[to]!, rows[to - length]!)) to++;
  return Math.floor((to - from) / length);
}
