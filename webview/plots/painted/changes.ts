import type { Point } from '../../../src/core/plots/feed';
import type { CellsPainting, LinesPainting } from '../../../src/core/plots/painting';

/**
 * What of a painting is other than it was painted last: series grow at their ends, and only their last points are made anew
 * ({@link Point}s are never changed in place). Everything else that differs asks for the whole.
 */
export class Changes {
  #key = '';
  #series: Point[][] = [];
  #markers = 0;
  #labels = new Map<string, string>();

  /**
   * For each frame that has changed the epoch from which on it has: −∞ for all of it, ∞ for its labels alone. Undefined where
   * the whole has to be painted.
   *
   * @param key what else a picture hangs on
   */
  since(painting: LinesPainting | CellsPainting, key: string): ReadonlyMap<string, number> | undefined {
    const { series, style, markers, labels } = partsOf(painting);
    const whole = `${key} ${style}`;
    const isSame = whole === this.#key && markers.length >= this.#markers;
    this.#key = whole;
    const from = new Map<string, number>();
    const note = (frame: string, epoch: number) =>
      from.set(frame, Math.min(from.get(frame) ?? Number.POSITIVE_INFINITY, epoch));
    for (const [i, { frame, points }] of series.entries()) {
      this.#series[i] ??= [];
      const epoch = renewed(this.#series[i], points);
      if (epoch !== undefined) note(frame, epoch);
    }
    this.#series.length = series.length;
    for (const { frame, x } of markers.slice(this.#markers)) note(frame, x);
    this.#markers = markers.length;
    for (const [frame, text] of labels) if (this.#labels.get(frame) !== text) note(frame, Number.POSITIVE_INFINITY);
    this.#labels = labels;
    return isSame ? from : undefined;
  }

  /** Nothing of what was painted is there any more. */
  forget(): void {
    this.#key = '';
  }
}

/** Takes over what has come or is other than before; the epoch from which on it is, undefined where nothing is. */
function renewed(old: Point[], now: readonly Point[]): number | undefined {
  let same = Math.min(old.length, now.length);
  while (same > 0 && old[same - 1] !== now[same - 1]) same--;
  if (same === old.length && same === now.length) return undefined;
  old.length = same;
  for (let i = same; i < now.length; i++) old.push(now[i]!);
  // A line goes on from the last point that stays.
  return now[same - 1]?.x ?? Number.NEGATIVE_INFINITY;
}

interface Parts {
  readonly series: readonly { readonly frame: string; readonly points: readonly Point[] }[];
  /** Of all that is no series, marker or label. */
  readonly style: string;
  readonly markers: readonly { readonly frame: string; readonly x: number }[];
  /** What stands beside each frame. */
  readonly labels: Map<string, string>;
}

function partsOf(painting: LinesPainting | CellsPainting): Parts {
  if (painting.of === 'cells') {
    const { rows, values, ...style } = painting;
    return {
      series: rows.map(({ points }) => ({ frame: '', points })),
      style: JSON.stringify([style, rows.map(({ top, bottom }) => [top, bottom])]),
      markers: [],
      labels: new Map([['', JSON.stringify(values)]]),
    };
  }
  const { lines, markers, labels, ...style } = painting;
  const texts = new Map<string, string>();
  for (const { frame, y, text } of labels) texts.set(frame, `${texts.get(frame) ?? ''} ${y} ${text}`);
  return {
    series: lines,
    style: JSON.stringify([style, lines.map(({ points: _, ...each }) => each)]),
    markers,
    labels: texts,
  };
}
