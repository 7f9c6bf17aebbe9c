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
  /** The last row of facets has a gap: then each facet has an axis of its own, so that none stands under nothing. */
  readonly ragged?: boolean;
  /** Of one facet, without axes and labels. */
  readonly width: number;
  readonly height: number;
  /** Names of the frames where some have several lines, in the order of their series. */
  readonly names?: readonly (readonly string[])[];
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

/** A frame's name may stand out over the room of its lines' labels, which is free above the frame. */
export const NAME_ROOM = margins.labels - 8;

/** A frame's least width. */
const LEAST = 100;

/**
 * Lays out `facets` equal frames in a given width: as many beside each other as fit and fill every row. An axis stands under each column,
 * so a row with a gap would have one under nothing: where that saves rows all the same, each frame has its own.
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
  const fitting = Math.max(1, Math.floor((total - left) / (LEAST + right)));
  const full = Array.from({ length: facets }, (_, i) => facets - i).find(
    (each) => each <= fitting && facets % each === 0,
  )!;
  const rows = Math.ceil(facets / fitting);
  const ragged = rows < facets / full;
  const columns = ragged ? Math.ceil(facets / rows) : full;
  const down = Math.ceil(facets / columns);
  const width = Math.max(80, Math.floor((total - left) / columns - right));
  const height = down === 1 ? heights.one : heights.several;
  const between = rowSpacing(ragged);
  return {
    columns,
    width,
    height,
    outer: NAMES + down * height + (down - 1) * between + UNDER,
    ...(ragged ? { ragged } : {}),
  };
}

/** Room between two rows of facets: for the names of the lower, and the axes of the upper where it has its own. */
const rowSpacing = (ragged: boolean): number => margins.header + (ragged ? UNDER - NAMES : 0);

/**
 * What a faceted spec says of its layout.
 *
 * @param more pixels that names need besides
 */
export const facetParts = ({ columns, ragged = false }: PlotLayout, column: number, more = 0): PlotSpec => ({
  columns,
  bounds: 'flush',
  spacing: { column, row: rowSpacing(ragged) + more },
  ...(ragged ? { resolve: { axis: { x: 'independent' } } } : {}),
});
