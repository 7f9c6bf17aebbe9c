import { LogAxis } from './axes';
import type { PlotFeed, Point } from './feed';

/** A network's loss or accuracy as a line for a row of text: within a unit box, x to the right and y down, as SVG has it. */
export interface Sparkline {
  /** The `d` of a path; empty where there is nothing to draw. Where a value was not finite the line has a gap. */
  readonly path: string;
  /** Where the line ends; undefined where nothing is drawn. */
  readonly end: { readonly x: number; readonly y: number } | undefined;
  /** A value was NaN or infinite. */
  readonly broken: boolean;
}

const short = (x: number): string => String(Number(x.toFixed(4)));

/** The height of a value in the box, 0 at the bottom. */
type Height = (value: number) => number;

/** Losses span decades: their axis is logarithmic and grows by whole powers of ten, as in the plot of the loss. */
function lossHeight(lines: readonly (readonly Point[])[]): Height {
  const axis = new LogAxis(0, 1, false);
  for (const { low, high } of lines.flat()) {
    axis.include(low);
    axis.include(high);
  }
  // An exact zero has no logarithm: it lies on the bottom.
  return (value) => (value > 0 ? Math.log(value / axis.low) / Math.log(axis.high / axis.low) : 0);
}

function drawn(points: readonly Point[], epochs: number, height: Height): Sparkline {
  let path = '';
  let end: Sparkline['end'];
  let pen = false;
  let alone = false;
  const dot = () => {
    // A move alone draws nothing: a line of no length makes a dot under round caps.
    if (alone) path += 'h0';
    alone = false;
  };
  for (const point of points) {
    if (Number.isNaN(point.y)) {
      dot();
      pen = false;
      continue;
    }
    end = { x: Number(short(point.x / epochs)), y: Number(short(1 - Math.max(0, Math.min(1, height(point.y))))) };
    path += `${pen ? 'L' : 'M'}${end.x} ${end.y}`;
    alone = !pen;
    pen = true;
  }
  dot();
  return { path, end, broken: points.some(({ broken }) => broken !== undefined) };
}

/**
 * The lines of several networks that are seen together, on the same axes. The x axis is the whole planned run, the accuracy's y axis
 * 0 … 1; that of the loss has room for all of them, and grows in decades.
 * @param feeds one for each network ({@link networkFeed}), with as many buckets as a line shall have
 */
export function sparklines(feeds: readonly PlotFeed[], measure: 'loss' | 'accuracy'): Sparkline[] {
  const lines = feeds.map((feed) => feed.points(measure, feed.series[0]?.name ?? ''));
  const height: Height = measure === 'loss' ? lossHeight(lines) : (value) => value;
  return lines.map((points, i) => drawn(points, feeds[i]?.epochs ?? 1, height));
}
