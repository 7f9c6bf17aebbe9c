/** A figure that somebody else has published, and what this product finds for it. */
export interface Published {
  /** Author, year and where in it. */
  readonly source: string;
  readonly what: string;
  readonly published: number;
  /** What may be found, both ends in it: as much as the source's rounding, its draw of the weights or its seeds leave. */
  readonly range: readonly [lo: number, hi: number];
  /** Why the range is as wide as it is. */
  readonly because: string;
}

export const isWithin = ({ range: [lo, hi] }: Published, found: number): boolean => found >= lo && found <= hi;

/** A figure that holds to the digits it is printed with. */
export function printed(text: string): Pick<Published, 'published' | 'range' | 'because'> {
  const published = Number(text);
  const [digits, exponent = '0'] = text.split('e');
  const half = 0.5 * 10 ** (Number(exponent) - (digits?.split('.')[1]?.length ?? 0));
  return { published, range: [published - half, published + half], because: 'its digits' };
}

/** A figure that others' repetitions have spread over a range. */
export const spread = (
  published: number,
  range: readonly [lo: number, hi: number],
  because: string,
): Pick<Published, 'published' | 'range' | 'because'> => ({ published, range, because });
