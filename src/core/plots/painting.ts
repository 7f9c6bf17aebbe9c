import type { Point } from './feed';
import type { MarkerShape } from './palette';
import type { PlotData, PlotRow, PlotSpec } from './plot';
import { only } from './spec';

/**
 * What of a plot changes with every step: painted over its frame as plain lines, while Vega draws the frame alone (axes, grid,
 * names, what ended and what broke). The rows of a whole spec say the same, and look the same, for pictures that stand alone.
 */
export interface Painting {
  /** The x axis is 0 … epochs. */
  readonly epochs: number;
  /** The y axis; `zeroAt` is where exact zeros lie on a logarithmic one. */
  readonly y: {
    readonly type: 'log' | 'linear';
    readonly low: number;
    readonly high: number;
    readonly zeroAt?: number | undefined;
  };
  readonly bandOpacity: number;
  readonly lines: readonly PaintedLine[];
  readonly markers: readonly PaintedMarker[];
  readonly labels: readonly PaintedLabel[];
  /** Of the labels. */
  readonly labelColour: string;
}

/** The present state of a plot that is painted: its rows are those of the frame. */
export interface LiveData extends PlotData {
  readonly painting: Painting;
  /** What pointing at it tells, strip by strip: made when somebody points. */
  hover(): readonly PlotRow[];
}

/** A line with its band, its exact zeros and its lonely points. */
export interface PaintedLine {
  /** The name of its frame; that of a single frame is empty. */
  readonly frame: string;
  readonly points: readonly Point[];
  /** What heights are multiplied by. */
  readonly scale: number;
  readonly colour: string;
  readonly width: number;
  readonly opacity: number;
  readonly dash: readonly number[];
  /** Lies on a double line. */
  readonly inner?: { readonly colour: string; readonly width: number } | undefined;
  readonly band: boolean;
  readonly zeroWidth: number;
}

export interface PaintedMarker {
  readonly frame: string;
  readonly x: number;
  readonly y: number;
  readonly shape: MarkerShape;
  readonly colour: string;
  /** Around it. */
  readonly edge: string;
}

/** `x` pixels to the right of its frame, `y` from its top. */
export interface PaintedLabel {
  readonly frame: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Pixels that it may have. */
  readonly limit: number;
}

/** Where a line is at a point; undefined where it has a gap: an exact zero has a lane of its own, and NaN no place. */
export function heightOf(point: Point | undefined, scale: number, zeroAt: number | undefined): number | undefined {
  if (point === undefined || Number.isNaN(point.y) || (point.zero === 'all' && zeroAt !== undefined)) return undefined;
  return point.y * scale;
}

const painted = new Set(['line', 'band', 'zero', 'dot', 'test', 'label', 'hover'].map((kind) => only(kind).filter));

interface Layer {
  readonly transform?: readonly { readonly filter?: unknown }[];
  readonly encoding?: Readonly<Record<string, unknown>>;
  readonly layer?: readonly Layer[];
  readonly spec?: Layer;
}

/** The frame of a whole spec, without what is painted over it. Its axes are those of the lines. */
export function frameOf(spec: PlotSpec): PlotSpec {
  const { layer, spec: inner } = spec as Layer;
  if (inner !== undefined) return { ...spec, spec: frameOf(inner as PlotSpec) };
  let axes = false;
  const kept = (layer ?? []).flatMap((each): readonly unknown[] => {
    if (!painted.has(each.transform?.[0]?.filter)) return [each];
    const { x, y } = each.encoding ?? {};
    if (axes || each.transform?.[0]?.filter !== only('line').filter) return [];
    axes = true;
    return [{ transform: [only('axes')], mark: { type: 'point', opacity: 0 }, encoding: { x, y } }];
  });
  return { ...spec, layer: kept };
}
