import { formatNarrow, formatTable } from '../format/numbers';
import { seriesName } from '../runs/overlay';
import type { NetworkRecord, RunRecord } from '../runs/record';
import { epochTicks, LogAxis } from './axes';
import { HoverRows, pointsIn } from './curves';
import { networkFeed, type PlotFeed, type Point, shownLayers } from './feed';
import type { CellsPainting, LiveData, PaintedValue } from './painting';
import { heatColours } from './palette';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import { epochAxis, frame, hoverLayer, only } from './spec';

/**
 * "Does the gradient arrive?" in a narrow place: a row for each layer, the first on top, that fills from left to right; colour is the
 * logarithm of the gradient's size. An exact zero has its own colour and a line through it, since no logarithm has a place for it.
 */

/** Columns of a whole run, at most: each keeps its place while the strip fills. */
const COLUMNS = 60;
/** Pixels of a row; many layers share the tallest strip. */
const ROW = { tallest: 14, least: 4, strip: 210 } as const;
/** Pixels that two labels need between their middles. */
const LABEL = 12;
/** Room for the layers' names and for their last values, and beneath the strip for the epochs. */
const ROOM = { left: 60, right: 62, axis: 22 } as const;
/** A strip's least width; where it had less, the values go, which pointing at it says too: half a label of the legend stays. */
const LEAST = { width: 60, right: 14, narrowest: 36 } as const;
/** The legend: the swatch of zero, then the ramp. */
const SWATCH = { width: 12, gap: 14, height: 7 } as const;
const RAMP = 180;
/** How bold a value is that is not finite. */
const LOST = 600;
/** Pixels between two of the legend's labels. */
const TICK = 28;

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
function namedLayers(layers: number, row: number): number[] {
  const every = Math.max(1, Math.ceil(LABEL / row));
  const last = layers - 1;
  const picked = Array.from({ length: layers }, (_, i) => i).filter((i) => i % every === 0 && last - i >= every);
  return [...picked, last];
}

interface Line {
  readonly layer: number;
  readonly points: readonly Point[];
}

/** Of strips that are seen together: it grows by whole decades, for all of them. */
export const heatAxis = (): LogAxis => new LogAxis(-4, 1, false);

/** The gradient of one network's layers over its run, as a strip of colours. */
export class GradientHeat {
  readonly feed: PlotFeed;
  readonly #axis: LogAxis;
  readonly #legend: boolean;
  readonly #hover = new HoverRows();

  /**
   * @param shared strips that are seen together have one axis, on which a colour is the same size in all of them, and one
   *   legend beneath the last
   */
  constructor(
    run: RunRecord,
    readonly network: NetworkRecord,
    shared: { readonly axis: LogAxis; readonly legend: boolean; readonly epochs?: number | undefined } = {
      axis: heatAxis(),
      legend: true,
    },
  ) {
    this.#axis = shared.axis;
    this.#legend = shared.legend;
    this.feed = networkFeed(run, network, COLUMNS, shared.epochs);
  }

  layout(total: number): HeatLayout {
    return heatLayout(total, this.network.layers.length);
  }

  #lines(): Line[] {
    const { feed, network } = this;
    return network.layers.map((_, layer) => ({ layer, points: feed.points('gradient', seriesName(network), layer) }));
  }

  /** Its rows so far; the axis has room for them. */
  #look(): readonly Line[] {
    const lines = this.#lines();
    for (const { points } of lines) for (const { y } of points) this.#axis.include(y);
    return lines;
  }

  #share(value: number): number {
    const { low, high } = this.#axis;
    return Math.log(value / low) / Math.log(high / low);
  }

  /** What stays while the strip fills, until the axis grows. */
  #frameRows(layout: HeatLayout): PlotRow[] {
    const { layers } = this.network;
    return [
      ...layers.map((_, layer): PlotRow => ({ i: `track ${layer}`, k: 'track', l: layer, ...edges(layer, layout) })),
      ...nameRows(layers, layout),
      ...(this.#legend ? legendRows(this.#axis, (value) => this.#share(value), rampPixels(layout)) : []),
    ];
  }

  #hoverRows(lines: readonly Line[]): PlotRow[] {
    const { layers } = this.network;
    const told = new Set(shownLayers(layers.length));
    const hover = lines
      .filter(({ layer }) => told.has(layer))
      .map(({ layer, points }) => ({ name: layers[layer] ?? '', points }));
    return this.#hover.rows(hover, formatTable);
  }

  data(layout: HeatLayout): PlotData {
    const lines = this.#look();
    return {
      rows: [
        ...this.#frameRows(layout),
        ...lines.flatMap((line) => cellRows(line, layout, (value) => this.#share(value))),
        ...valueRows(this.network, layout),
        ...this.#hoverRows(lines),
      ],
      params: {},
      points: pointsIn(lines),
    };
  }

  live(theme: PlotTheme, layout: HeatLayout): LiveData<CellsPainting> {
    const lines = this.#look();
    const { low, high } = this.#axis;
    const { ramp, zero } = heatColours(theme.background);
    return {
      rows: this.#frameRows(layout),
      params: {},
      points: pointsIn(lines),
      painting: {
        of: 'cells',
        epochs: this.feed.epochs,
        low,
        high,
        ramp,
        zero,
        rule: theme.canvas,
        broken: theme.error,
        rows: lines.map(({ layer, points }) => ({ ...edges(layer, layout), points })),
        values: valueRows(this.network, layout).map(({ k, middle, text }): PaintedValue => {
          const style =
            k === 'lost' ? { colour: theme.error, weight: LOST } : { colour: theme.foreground, weight: 400 };
          return { y: middle as number, text: text as string, ...style };
        }),
      },
      hover: () => this.#hoverRows(lines),
    };
  }

  spec(theme: PlotTheme, layout: HeatLayout, alone = false): PlotSpec {
    const { ramp, zero } = heatColours(theme.background);
    const { epochs } = this.feed;
    const x = shortAxis(epochAxis(epochs, layout.width), epochs, layout.width);
    const across = { x: { ...x, field: 'x1' }, x2: { field: 'x2' } };
    const flat = { aria: false, tooltip: null };
    const legendTop = layout.height + ROOM.axis;
    const legend = legendPlace(layout);
    const strip = { y: { expr: 'datum.top' }, y2: { expr: 'datum.bottom' } };
    return frame(
      {
        ...(alone ? { title: `Gradient norm per layer, ${seriesName(this.network)}`, padding: 12 } : {}),
        width: layout.width,
        height: layout.height,
        layer: [
          {
            transform: [only('track')],
            mark: { type: 'rect', ...flat, ...strip, x: 0, x2: 'width', color: theme.grid, opacity: 0.45 },
            encoding: {},
          },
          {
            transform: [only('cell')],
            mark: { type: 'rect', ...flat, ...strip },
            encoding: {
              ...across,
              color: {
                field: 't',
                type: 'quantitative',
                scale: { domain: [0, 1 / 3, 2 / 3, 1], range: ramp, clamp: true, interpolate: 'rgb' },
                legend: null,
              },
            },
          },
          { transform: [only('zero')], mark: { type: 'rect', ...flat, ...strip, color: zero }, encoding: across },
          {
            transform: [only('zero'), { filter: 'datum.all' }],
            mark: { type: 'rule', ...flat, y: { expr: 'datum.middle' }, color: theme.canvas, strokeWidth: 1 },
            encoding: across,
          },
          {
            transform: [only('broken')],
            mark: { type: 'rect', ...flat, ...strip, color: theme.error },
            encoding: across,
          },
          text('name', theme.muted, { align: 'right', x: -6, y: { expr: 'datum.middle' }, limit: ROOM.left - 4 }),
          text('value', theme.foreground, { align: 'left', x: { expr: 'width + 6' }, y: { expr: 'datum.middle' } }),
          text('lost', theme.error, {
            align: 'left',
            x: { expr: 'width + 6' },
            y: { expr: 'datum.middle' },
            fontWeight: LOST,
          }),
          {
            // Holds the room of names and values open: Vega sizes the picture by what is in it when it is made.
            data: { values: [{}] },
            mark: {
              type: 'rect',
              ...flat,
              x: -ROOM.left,
              x2: { expr: `width + ${layout.right}` },
              y: 0,
              y2: 1,
              opacity: 0,
            },
            encoding: {},
          },
          {
            data: { values: [{}] },
            layer: [
              legendMark({
                type: 'text',
                text: 'epoch',
                align: 'right',
                baseline: 'middle',
                x: -6,
                y: layout.height + 10,
                color: theme.muted,
              }),
              ...(this.#legend ? legendMarks(ramp, zero, theme, legendTop, legend) : []),
            ],
          },
          text('tick', theme.muted, {
            align: 'center',
            x: { expr: `${legend.ramp} + datum.t * ${rampWidth(legend.ramp)}` },
            y: legendTop + SWATCH.height + 9,
          }),
          hoverLayer(x, theme),
        ],
      },
      {},
    );
  }
}

/** Where the legend's parts stand: under the strip, in a narrow place under the names too. */
function legendPlace({ right }: HeatLayout): { readonly swatch: number; readonly ramp: number } {
  const swatch = right < ROOM.right ? 10 - ROOM.left : 0;
  return { swatch, ramp: swatch + SWATCH.width + SWATCH.gap };
}

/** The ramp's pixels: the strip's width may change under a spec. */
const rampWidth = (ramp: number): string => `min(${RAMP}, width - ${ramp})`;
const rampPixels = (layout: HeatLayout): number => Math.min(RAMP, layout.width - legendPlace(layout).ramp);

const legendMark = (mark: PlotSpec): PlotSpec => ({ mark: { aria: false, tooltip: null, ...mark }, encoding: {} });

/** The swatch of zero, and the ramp beside it. */
const legendMarks = (
  ramp: readonly string[],
  zero: string,
  theme: PlotTheme,
  legendTop: number,
  place: ReturnType<typeof legendPlace>,
): PlotSpec[] => [
  legendMark({
    type: 'rect',
    x: place.swatch,
    x2: place.swatch + SWATCH.width,
    y: legendTop,
    y2: legendTop + SWATCH.height,
    color: zero,
  }),
  legendMark({
    type: 'rule',
    x: place.swatch,
    x2: place.swatch + SWATCH.width,
    y: legendTop + SWATCH.height / 2,
    color: theme.canvas,
    strokeWidth: 1,
  }),
  legendMark({
    type: 'text',
    text: '0',
    baseline: 'middle',
    x: place.swatch + SWATCH.width / 2,
    y: legendTop + SWATCH.height + 9,
    color: theme.muted,
  }),
  legendMark({
    type: 'rect',
    x: place.ramp,
    x2: { expr: `${place.ramp} + ${rampWidth(place.ramp)}` },
    y: legendTop,
    y2: legendTop + SWATCH.height,
    color: {
      gradient: 'linear',
      x1: 0,
      y1: 0,
      x2: 1,
      y2: 0,
      stops: ramp.map((color, i) => ({ offset: i / 3, color })),
    },
  }),
];

const text = (kind: string, colour: string, place: PlotSpec): PlotSpec => ({
  transform: [only(kind)],
  mark: { type: 'text', baseline: 'middle', color: colour, tooltip: null, ...place },
  encoding: { text: { field: 'text' } },
});

/** The axis of epochs in one line: what it counts stands to its left. Whole pixels, so that no seams show between cells. */
const shortAxis = (x: PlotSpec, epochs: number, width: number): PlotSpec => ({
  ...x,
  scale: { ...(x.scale as object), round: true },
  axis: {
    ...(x.axis as object),
    title: null,
    domain: false,
    tickSize: 3,
    labelPadding: 2,
    values: epochTicks(epochs, Math.max(2, Math.min(10, Math.floor(width / 36)))),
  },
});

/** Pixels of a layer's row, with a gap where there is room for one. */
function edges(layer: number, { row }: HeatLayout): { top: number; bottom: number; middle: number } {
  const bottom = (layer + 1) * row - (row >= 8 ? 2 : row >= 6 ? 1 : 0);
  return { top: layer * row, bottom, middle: (layer * row + bottom) / 2 };
}

/** Colours of a layer: for each bucket its size, over which the share of its exact zeros rises from below, and what was NaN or infinite. */
function cellRows({ layer, points }: Line, layout: HeatLayout, share: (value: number) => number): PlotRow[] {
  const own = edges(layer, layout);
  const rows: PlotRow[] = [];
  for (const { bucket, x1, x2, y, zero, zeroShare, broken } of points) {
    const place = { l: layer, x1, x2, ...own };
    const key = `${layer} ${bucket}`;
    if (y > 0) rows.push({ i: `cell ${key}`, k: 'cell', ...place, y, t: share(y) });
    if (zero !== 'none') {
      const top = own.bottom - (own.bottom - own.top) * zeroShare;
      rows.push({ i: `zero ${key}`, k: 'zero', ...place, top, all: zero === 'all', share: zeroShare });
    }
    if (broken !== undefined)
      rows.push({ i: `broken ${key}`, k: 'broken', ...place, value: formatTable(broken.value) });
  }
  return rows;
}

/** Names to the left. */
const nameRows = (layers: readonly string[], layout: HeatLayout): PlotRow[] =>
  namedLayers(layers.length, layout.row).map((layer) => {
    const place = { l: layer, middle: edges(layer, layout).middle };
    return { i: `name ${layer}`, k: 'name', ...place, text: layers[layer] };
  });

/** What was last recorded, to the right. */
function valueRows({ layers, steps }: NetworkRecord, layout: HeatLayout): PlotRow[] {
  const { gradientNorms } = steps;
  if (steps.count === 0 || gradientNorms === undefined || layout.right < ROOM.right) return [];
  return namedLayers(layers.length, layout.row).map((layer) => {
    const value = gradientNorms.at(steps.count - 1, layer);
    const kind = Number.isFinite(value) ? 'value' : 'lost';
    const { middle } = edges(layer, layout);
    return { i: `value ${layer}`, k: kind, l: layer, middle, text: formatNarrow(value) };
  });
}

/** Sizes beneath the ramp, as many as do not lie over each other: the greatest, and from the least up. */
function legendRows(axis: LogAxis, share: (value: number) => number, pixels: number): PlotRow[] {
  const { values, labels } = axis.ticks(4);
  const all = values.map((value, i): PlotRow & { readonly t: number } => {
    return { i: `tick ${value}`, k: 'tick', t: share(value), text: labels[i] };
  });
  const last = all.at(-1);
  const kept: typeof all = [];
  for (const tick of all.slice(0, -1)) {
    const isFree = (other: { readonly t: number } | undefined) =>
      other === undefined || Math.abs(other.t - tick.t) * pixels >= TICK;
    if (isFree(kept.at(-1)) && isFree(last)) kept.push(tick);
  }
  return last === undefined ? kept : [...kept, last];
}
