import type { PlotRow } from './plot';

/** A cursor that the arrow keys move through a plot, and what it says where it stands. */

/** The parameter that has the identity of the row under the cursor. */
export const CURSOR = 'cursor';

/** A place of the cursor. */
export interface Stop {
  /** The identity of its row. */
  readonly id: string;
  /** In which frame it lies, and where in it. */
  readonly frame: string;
  readonly at: number;
  readonly tip: Readonly<Record<string, string>>;
}

const isText = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Where a cursor can stand: a strip of the pointer each, or the marks that say something, frame by frame, left to right. */
export function stopsOf(rows: readonly PlotRow[]): Stop[] {
  const telling = rows.filter(({ tip }) => typeof tip === 'object' && tip !== null);
  const strips = telling.filter(({ k }) => k === 'hover');
  const marks = telling.filter(({ k }) => k === 'place');
  const stops = (strips.length > 0 ? strips : marks).map(({ i, n, f, x1, tip }, order): Stop => {
    const frame = isText(n) ? String(n) : isText(f) ? String(f) : '';
    return { id: i, frame, at: typeof x1 === 'number' ? x1 : order, tip: tip as Stop['tip'] };
  });
  const frames = [...new Set(stops.map(({ frame }) => frame))];
  return stops.sort((a, b) => frames.indexOf(a.frame) - frames.indexOf(b.frame) || a.at - b.at);
}

/** Where a key takes the cursor: left and right within a frame, up and down to the frame before and after; undefined where it does not. */
export function moved(stops: readonly Stop[], from: string | undefined, key: string): Stop | undefined {
  const now = stops.find(({ id }) => id === from);
  if (now === undefined) {
    if (key === 'ArrowLeft' || key === 'End') return stops.at(-1);
    return ['ArrowRight', 'ArrowUp', 'ArrowDown', 'Home'].includes(key) ? stops[0] : undefined;
  }
  const own = stops.filter(({ frame }) => frame === now.frame);
  const at = own.indexOf(now);
  const frames = [...new Set(stops.map(({ frame }) => frame))];
  const other = (step: number): Stop | undefined => {
    const frame = frames[frames.indexOf(now.frame) + step];
    const there = stops.filter((stop) => stop.frame === frame);
    return frame === undefined ? now : (there.findLast((stop) => stop.at <= now.at) ?? there[0]);
  };
  switch (key) {
    case 'ArrowRight':
      return own[at + 1] ?? now;
    case 'ArrowLeft':
      return own[at - 1] ?? now;
    case 'Home':
      return own[0];
    case 'End':
      return own.at(-1);
    case 'ArrowUp':
      return other(-1);
    case 'ArrowDown':
      return other(1);
    default:
      return undefined;
  }
}

/** About where a stop lies in a picture with so many frames beside each other: shares of its width and of its height, from the left and top. */
export function placeOf(stops: readonly Stop[], stop: Stop, columns: number): { x: number; y: number } {
  const frames = [...new Set(stops.map(({ frame }) => frame))];
  const own = stops.filter(({ frame }) => frame === stop.frame);
  const index = frames.indexOf(stop.frame);
  const rows = Math.ceil(frames.length / columns);
  const within = own.indexOf(stop) / Math.max(1, own.length - 1);
  return { x: ((index % columns) + within) / Math.min(columns, frames.length), y: Math.floor(index / columns) / rows };
}

/** "relu: epoch 1.00, step 5; hidden 1.20": the numbers under the cursor, to be read out. */
export const stopText = ({ frame, tip }: Stop): string =>
  `${frame !== '' ? `${frame}: ` : ''}${Object.entries(tip)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')}`;
