import type { CellsPainting } from '../../../src/core/plots/painting';
import { epochScale, type FramePlace } from './scales';
import { writeText } from './text';

/** Rows of cells: a colour for each size, over which exact zeros rise from below, and what was NaN or infinite. */

/** Pixels from the frame to the values beside it. */
const VALUE_GAP = 6;

/**
 * Paints the frame; the context's origin is the frame's.
 *
 * @param from pixels of the frame to the left of which nothing needs to be painted
 */
export function paintCells(
  context: CanvasRenderingContext2D,
  painting: CellsPainting,
  frame: FramePlace,
  font: string,
  from = 0,
): void {
  const x = epochScale(painting.epochs, frame);
  const colourOf = colourScale(painting);
  for (const { top, bottom, middle, points } of painting.rows) {
    let first = points.length;
    while (first > 0 && x(points[first - 1]!.x2) >= from) first--;
    for (let i = first; i < points.length; i++) {
      const { x1, x2, y, zero, zeroShare, broken } = points[i]!;
      // Whole pixels, so that no seams show.
      const left = Math.round(x(x1));
      const width = Math.round(x(x2)) - left;
      if (y > 0) {
        context.fillStyle = colourOf(y);
        context.fillRect(left, top, width, bottom - top);
      }
      if (zero !== 'none') {
        const height = (bottom - top) * zeroShare;
        context.fillStyle = painting.zero;
        context.fillRect(left, bottom - height, width, height);
      }
      if (zero === 'all') {
        context.fillStyle = painting.rule;
        context.fillRect(left, middle - 0.5, width, 1);
      }
      if (broken !== undefined) {
        context.fillStyle = painting.broken;
        context.fillRect(left, top, width, bottom - top);
      }
    }
  }
  for (const { y, text, colour, weight } of painting.values)
    writeText(context, text, { x: frame.width + VALUE_GAP, y }, { font, colour, weight });
}

const channels = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** The colour of a size, between those of the ramp. */
function colourScale({ low, high, ramp }: CellsPainting): (value: number) => string {
  const stops = ramp.map(channels);
  const [start, span] = [Math.log(low), Math.log(high) - Math.log(low)];
  return (value) => {
    const at = Math.max(0, Math.min(1, (Math.log(value) - start) / span)) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(at));
    const mixed = stops[below]!.map((from, i) => Math.round(from + (at - below) * (stops[below + 1]![i]! - from)));
    return `rgb(${mixed.join(', ')})`;
  };
}
