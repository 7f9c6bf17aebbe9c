import type { PaintedPlace, PlacesPainting } from '../../../src/core/plots/painting';
import { type FramePlace, placeScales, type Scales } from './scales';

/** Where pre-activations sit: a bar of mean ± one standard deviation with a dot, a ring where they sat at the first batch. */

const BAR = { height: 7, corner: 2, opacity: 0.45 } as const;
/** Vega's sizes of symbols are those of squares around them. */
const RADIUS = { dot: Math.sqrt(46) / 2, ring: Math.sqrt(34) / 2 } as const;
const RING_WIDTH = 1.25;

const scalesOf = ({ reach, low, high }: PlacesPainting, frame: FramePlace): Scales =>
  placeScales(reach, low, high, frame);

/**
 * Paints one frame; the context's origin is the frame's.
 *
 * @param cursor the identity of the place that the cursor is on
 */
export function paintPlaces(
  context: CanvasRenderingContext2D,
  painting: PlacesPainting,
  name: string,
  frame: FramePlace,
  cursor?: string,
): void {
  const { x, y } = scalesOf(painting, frame);
  const places = painting.places.filter((place) => place.frame === name);
  context.save();
  context.beginPath();
  context.rect(0, 0, frame.width, frame.height);
  context.clip();
  context.setLineDash([2, 2]);
  context.lineWidth = 1;
  context.strokeStyle = painting.dropColour;
  for (const { mean, y: from, drop } of places) {
    if (drop === undefined) continue;
    context.beginPath();
    context.moveTo(x(mean), y(from));
    context.lineTo(x(mean), y(drop));
    context.stroke();
  }
  for (const { id, colour, ...place } of places) {
    const bar = barOf(place, { x, y });
    if (bar === undefined) continue;
    context.globalAlpha = id === cursor ? 1 : BAR.opacity;
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(bar.x, bar.y, bar.width, BAR.height, BAR.corner);
    context.fill();
  }
  context.restore();
  context.lineWidth = RING_WIDTH;
  for (const { colour, first, y: height } of places) {
    if (!Number.isFinite(first)) continue;
    context.strokeStyle = colour;
    circle(context, x(first), y(height), RADIUS.ring);
    context.stroke();
  }
  for (const { colour, mean, y: height } of places) {
    context.fillStyle = colour;
    circle(context, x(mean), y(height), RADIUS.dot);
    context.fill();
  }
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** undefined where it has no end. */
function barOf({ mean, stddev, y }: Pick<PaintedPlace, 'mean' | 'stddev' | 'y'>, scales: Scales) {
  if (!Number.isFinite(stddev)) return undefined;
  const [left, right] = [scales.x(mean - stddev), scales.x(mean + stddev)];
  return { x: left, y: scales.y(y) - BAR.height / 2, width: right - left };
}

/** The place under a point of a frame, the one on top where several lie there. */
export function placeAt(
  painting: PlacesPainting,
  name: string,
  frame: FramePlace,
  at: { readonly x: number; readonly y: number },
): PaintedPlace | undefined {
  const scales = scalesOf(painting, frame);
  const places = painting.places.filter((place) => place.frame === name);
  const isNear = (z: number, height: number, radius: number) =>
    Math.hypot(scales.x(z) - at.x, scales.y(height) - at.y) <= radius;
  const isInBar = (place: PaintedPlace) => {
    const bar = barOf(place, scales);
    if (bar === undefined) return false;
    return at.x >= bar.x && at.x <= bar.x + bar.width && at.y >= bar.y && at.y <= bar.y + BAR.height;
  };
  return (
    places.findLast(({ mean, y }) => isNear(mean, y, RADIUS.dot)) ??
    places.findLast(({ first, y }) => isNear(first, y, RADIUS.ring + RING_WIDTH / 2)) ??
    places.findLast(isInBar)
  );
}
