import type { Point } from '../../../src/core/plots/feed';
import { heightOf, type LinesPainting, type PaintedLine } from '../../../src/core/plots/painting';
import { type FramePlace, lineScales, type Scales } from './scales';
import type { DrawSymbol } from './symbols';
import { writeText } from './text';

/** Lines over the epochs, with their bands, exact zeros, lonely points, markers and names. */

/** Vega's sizes of symbols are those of squares around them. */
const DOT_RADIUS = Math.sqrt(8) / 2;
const MARKER_SIZE = 42;

/**
 * Paints one frame; the context's origin is the frame's.
 *
 * @param from pixels of the frame to the left of which nothing needs to be painted
 */
export function paintLines(
  context: CanvasRenderingContext2D,
  painting: LinesPainting,
  name: string,
  frame: FramePlace,
  { font, drawSymbol }: { readonly font: string; readonly drawSymbol: DrawSymbol },
  from = 0,
): void {
  const scales = lineScales(painting, frame);
  const lines = painting.lines.filter((line) => line.frame === name);
  const { zeroAt } = painting.y;
  context.save();
  context.beginPath();
  context.rect(0, 0, frame.width, frame.height);
  context.clip();
  context.lineJoin = 'round';
  const epoch = (from / frame.width) * painting.epochs;
  const starts = lines.map((line) => (from <= 0 || line.dash.length > 0 ? 0 : startBefore(line.points, epoch)));
  const each = (paint: (line: PaintedLine, start: number) => void) =>
    lines.forEach((line, i) => {
      paint(line, starts[i]!);
    });
  if (zeroAt !== undefined) each((line, start) => zeros(context, line, start, scales, scales.y(zeroAt)));
  context.globalAlpha = painting.bandOpacity;
  each((line, start) => line.band && band(context, line, start, scales, zeroAt));
  each((line, start) => stroke(context, line, start, scales, zeroAt));
  context.restore();
  for (const { frame: own, x, y, shape, colour, edge } of painting.markers) {
    if (own !== name) continue;
    context.save();
    context.translate(scales.x(x), scales.y(y));
    context.beginPath();
    drawSymbol(context, shape, MARKER_SIZE);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = edge;
    context.stroke();
    context.restore();
  }
  for (const { frame: own, x, y, text, limit } of painting.labels) {
    if (own !== name) continue;
    writeText(context, text, { x: frame.width + x, y }, { font, colour: painting.labelColour, limit });
  }
}

/** The last point at or before an epoch; points of the right of it may be painted without those to its left. */
function startBefore(points: readonly Point[], epoch: number): number {
  let i = points.length - 1;
  while (i > 0 && points[i]!.x > epoch) i--;
  return Math.max(0, i);
}

function zeros(
  context: CanvasRenderingContext2D,
  { points, colour, zeroWidth }: PaintedLine,
  start: number,
  { x }: Scales,
  height: number,
): void {
  let any = false;
  let end = Number.NaN;
  for (let i = start; i < points.length; i++) {
    const { zero, x1, x2 } = points[i]!;
    if (zero === 'none') continue;
    if (!any) context.beginPath();
    any = true;
    // Strips that touch are one stroke.
    if (x1 !== end) context.moveTo(x(x1), height);
    context.lineTo(x(x2), height);
    end = x2;
  }
  if (!any) return;
  context.strokeStyle = colour;
  context.lineWidth = zeroWidth;
  context.stroke();
}

function band(
  context: CanvasRenderingContext2D,
  { points, colour, scale }: PaintedLine,
  start: number,
  { x, y }: Scales,
  zeroAt: number | undefined,
): void {
  context.fillStyle = colour;
  const isDrawn = (i: number) => {
    const point = points[i];
    if (point === undefined || heightOf(point, scale, zeroAt) === undefined) return false;
    return zeroAt === undefined ? !Number.isNaN(point.low) : point.low > 0;
  };
  for (let from = start; from < points.length; from++) {
    if (!isDrawn(from)) continue;
    let to = from + 1;
    while (to < points.length && isDrawn(to)) to++;
    context.beginPath();
    for (let i = from; i < to; i++) context.lineTo(x(points[i]!.x), y(points[i]!.high * scale));
    for (let i = to - 1; i >= from; i--) context.lineTo(x(points[i]!.x), y(points[i]!.low * scale));
    context.fill();
    from = to;
  }
}

function stroke(
  context: CanvasRenderingContext2D,
  line: PaintedLine,
  start: number,
  { x, y }: Scales,
  zeroAt: number | undefined,
): void {
  const { points, scale, colour, inner, opacity } = line;
  const dots: [number, number][] = [];
  let pen = false;
  context.beginPath();
  for (let i = start; i < points.length; i++) {
    const height = heightOf(points[i], scale, zeroAt);
    if (height === undefined) {
      pen = false;
      continue;
    }
    const [across, down] = [x(points[i]!.x), y(height)];
    if (pen) context.lineTo(across, down);
    else {
      context.moveTo(across, down);
      // A place with nothing beside it, which as a line would be nothing at all.
      if (heightOf(points[i + 1], scale, zeroAt) === undefined) dots.push([across, down]);
    }
    pen = true;
  }
  context.globalAlpha = opacity;
  context.setLineDash([...line.dash]);
  context.strokeStyle = colour;
  context.lineWidth = line.width;
  context.stroke();
  if (inner !== undefined) {
    context.globalAlpha = 1;
    context.strokeStyle = inner.colour;
    context.lineWidth = inner.width;
    context.stroke();
    context.globalAlpha = opacity;
  }
  if (dots.length === 0) return;
  context.beginPath();
  for (const [across, down] of dots) {
    context.moveTo(across + DOT_RADIUS, down);
    context.arc(across, down, DOT_RADIUS, 0, 2 * Math.PI);
  }
  context.fillStyle = colour;
  context.fill();
}
