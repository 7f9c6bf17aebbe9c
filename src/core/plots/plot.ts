/** What every plot is made of. Specs are plain Vega-Lite JSON: the core knows its language, not the library. */

export const plotKinds = ['loss', 'accuracy', 'gradient', 'saturation', 'preactivation'] as const;
export type PlotKind = (typeof plotKinds)[number];

/** Colours and fonts of the place where a plot is drawn. */
export interface PlotTheme {
  /** Which of an activation's two colours stands out here. */
  readonly background: 'light' | 'dark';
  readonly highContrast: boolean;
  /** The background's colour. */
  readonly canvas: string;
  readonly foreground: string;
  /** Axis labels and captions. */
  readonly muted: string;
  readonly grid: string;
  readonly error: string;
  readonly fontFamily: string;
}

/** One drawn thing: `k` says which layer of the spec draws it, `i` tells it from all others of the plot. */
export interface PlotRow {
  readonly i: string;
  readonly k: string;
  readonly [field: string]: unknown;
}

/** The present state of a plot: rows for its one dataset, and values for the spec's parameters. */
export interface PlotData {
  readonly rows: readonly PlotRow[];
  readonly params: Readonly<Record<string, unknown>>;
  /** How many of the rows are measured points. */
  readonly points: number;
}

export type PlotSpec = Readonly<Record<string, unknown>>;

/** A plot's shape, decided by the width that it is given. */
export interface PlotLayout {
  /** Facets beside each other; 1 where there are none. */
  readonly columns: number;
  /** Of one facet, without axes and labels. */
  readonly width: number;
  readonly height: number;
  /** Of the whole picture with axes and the names of facets, where it is known before it is drawn. */
  readonly outer?: number;
}

/** Room under a frame, for its axis and the axis' title. */
const UNDER = 42;
/** Room above the first row of facets, for their names. */
const NAMES = 9;

/** The height of a picture of one frame. */
export const singleOuter = (height: number): number => height + UNDER;

/** Name of the only dataset of each spec. */
export const ROWS = 'rows';

/** Room around a plot's frame: left for its axis, right for what its lines are called, above for the name of a facet. */
export const margins = { left: 44, right: 10, labels: 66, lanes: 68, header: 30 } as const;

/**
 * Lays out `facets` equal frames in a given width: as many beside each other as fit and fill every row. An axis stands under each column,
 * so a row with a gap would have one under nothing.
 * @param left room for the axis, once a row
 * @param right room after each frame
 */
export function facetLayout(
  total: number,
  facets: number,
  heights: { one: number; several: number },
  left: number,
  right: number,
): PlotLayout {
  const least = 125;
  const fitting = Math.max(1, Math.floor((total - left) / (least + right)));
  const columns = Array.from({ length: facets }, (_, i) => facets - i).find(
    (each) => each <= fitting && facets % each === 0,
  )!;
  const rows = facets / columns;
  const width = Math.max(80, Math.floor((total - left) / columns - right));
  const height = rows === 1 ? heights.one : heights.several;
  return { columns, width, height, outer: NAMES + rows * height + (rows - 1) * margins.header + UNDER };
}
