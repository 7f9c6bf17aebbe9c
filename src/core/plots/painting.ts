import type { Point } from './feed';
import type { MarkerShape } from './palette';
import type { PlotData, PlotRow, PlotSpec } from './plot';
import { only } from './spec';

/**
 * What of a plot changes with every step: painted over its frame, while Vega draws the frame alone (axes, grid, names, what
 * ended and what broke). The rows of a whole spec say the same, and look the same, for pictures that stand alone.
 */
export type Painting = LinesPainting | CellsPainting | PlacesPainting;

/** Lines over the epochs of a run, in one frame or several. */
export interface LinesPainting {
  readonly of: 'lines';
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

/** Rows of cells over the epochs of a run, in a single frame. */
export interface CellsPainting {
  readonly of: 'cells';
  /** The x axis is 0 … epochs, in whole pixels. */
  readonly epochs: number;
  /** Sizes between which colours run, at even distances on a logarithm. */
  readonly low: number;
  readonly high: number;
  readonly ramp: readonly string[];
  /** Of exact zeros, of the line through them, and of what is not finite. */
  readonly zero: string;
  readonly rule: string;
  readonly broken: string;
  readonly rows: readonly PaintedRow[];
  readonly values: readonly PaintedValue[];
}

/** Places on an axis of pre-activations, in a frame for each series. */
export interface PlacesPainting {
  readonly of: 'places';
  /** The x axis is −reach … reach, a symmetric logarithm. */
  readonly reach: number;
  /** The y axis. */
  readonly low: number;
  readonly high: number;
  readonly places: readonly PaintedPlace[];
  readonly dropColour: string;
}

/** The present state of a plot that is painted: its rows are those of the frame. */
export interface LiveData<Painted extends Painting = Painting> extends PlotData {
  readonly painting: Painted;
  /** What pointing at it tells, strip by strip or mark by mark: made when somebody points. */
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

/** Pixels from the frame's top. */
export interface PaintedRow {
  readonly top: number;
  readonly bottom: number;
  readonly middle: number;
  readonly points: readonly Point[];
}

/** Beside a row, to the right of the frame. */
export interface PaintedValue {
  readonly y: number;
  readonly text: string;
  readonly colour: string;
  readonly weight: number;
}

export interface PaintedPlace {
  /** The identity of its row. */
  readonly id: string;
  readonly frame: string;
  readonly colour: string;
  readonly mean: number;
  readonly stddev: number;
  /** Where it was at the first batch. */
  readonly first: number;
  readonly y: number;
  /** A line goes up to here. */
  readonly drop?: number | undefined;
}

/** Where a line is at a point; undefined where it has a gap: an exact zero has a lane of its own, and NaN no place. */
export function heightOf(point: Point | undefined, scale: number, zeroAt: number | undefined): number | undefined {
  if (point === undefined || Number.isNaN(point.y) || (point.zero === 'all' && zeroAt !== undefined)) return undefined;
  return point.y * scale;
}

/** Kinds of rows that are painted, and the kind whose axes the frame keeps, where what is left has none. */
const painted: Record<Painting['of'], { readonly kinds: readonly string[]; readonly axes?: string }> = {
  lines: { kinds: ['line', 'band', 'zero', 'dot', 'test', 'label', 'hover'], axes: 'line' },
  cells: { kinds: ['cell', 'zero', 'broken', 'value', 'lost', 'hover'], axes: 'cell' },
  places: { kinds: ['drop', 'place', 'first'] },
};

interface Layer {
  readonly transform?: readonly { readonly filter?: unknown }[];
  readonly encoding?: Readonly<Record<string, unknown>>;
  readonly layer?: readonly Layer[];
  readonly spec?: Layer;
}

/** The frame of a whole spec, without what is painted over it. */
export function frameOf(spec: PlotSpec, of: Painting['of']): PlotSpec {
  const { layer, spec: inner } = spec as Layer;
  if (inner !== undefined) return { ...spec, spec: frameOf(inner as PlotSpec, of) };
  const { kinds, axes } = painted[of];
  const filters = new Set<unknown>(kinds.map((kind) => only(kind).filter));
  const withAxes = axes === undefined ? undefined : only(axes).filter;
  let kept = false;
  const layers = (layer ?? []).flatMap((each): readonly unknown[] => {
    const filter = each.transform?.[0]?.filter;
    if (!filters.has(filter)) return [each];
    if (kept || filter !== withAxes) return [];
    kept = true;
    const { x, y } = each.encoding ?? {};
    const encoding = { x, ...(y === undefined ? {} : { y }) };
    return [{ transform: [only('axes')], mark: { type: 'point', opacity: 0 }, encoding }];
  });
  return { ...spec, layer: layers };
}
