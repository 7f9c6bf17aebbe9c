/** One thing that was measured: a line of the bench's table. */
export interface Row {
  /** What was measured, in words. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What has to be known beside it. */
  readonly note?: string;
}

/** A part of the bench is an async generator of these, as its module's default export: a line stands as soon as it is known. */
export type Part = () => AsyncGenerator<Row>;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
