import type { PlotLayout } from './plot';

/** Where a heat strip's parts stand: a row for each layer, names to its left, last values to its right. */

/** Pixels of a row; many layers share the tallest strip. */
const ROW = { tallest: 14, least: 4, strip: 210 } as const;
/** Pixels that two labels need between their middles. */
const LABEL = 12;
/** Room for the layers' names and for their last values, and beneath the strip for the epochs. */
export const ROOM = { left: 60, right: 62, axis: 22 } as const;
/** A strip's least width; where it had less, the values go, which pointing at it says too: half a label of the legend stays. */
const LEAST = { width: 60, right: 14, narrowest: 36 } as const;

export interface HeatLayout extends PlotLayout {
  /** Pixels of a layer's row. */
  readonly row: number;
  /** Pixels beside the strip, for last values where there is room. */
  readonly right: number;
}

/** The strip of so many layers in a given width. */
export function heatLayout(total: number, layers: number): HeatLayout {
  const row = Math.max(ROW.least, Math.min(ROW.tallest, Math.floor(ROW.strip / Math.max(1, layers))));
  const right = total - ROOM.left - ROOM.right < LEAST.width ? LEAST.right : ROOM.right;
  const width = Math.max(LEAST.narrowest, total - ROOM.left - right);
  return { columns: 1, width, height: row * layers, row, right };
}

/** Which layers are named: all, or as many as have room, among them the first and the last. */
export function namedLayers(layers: number, row: number): number[] {
  const every = Math.max(1, Math.ceil(LABEL / row));
  const last = layers - 1;
  const picked = Array.from({ length: layers }, (_, i) => i).filter((i) => i % every === 0 && last - i >= every);
  return [...picked, last];
}

/** Pixels of a layer's row, with a gap where there is room for one. */
export function edges(layer: number, { row }: HeatLayout): { top: number; bottom: number; middle: number } {
  const bottom = (layer + 1) * row - (row >= 8 ? 2 : row >= 6 ? 1 : 0);
  return { top: layer * row, bottom, middle: (layer * row + bottom) / 2 };
}
