import { formatNarrow, formatTable } from '../format/numbers';
import { seriesName } from '../runs/overlay';
import type { NetworkRecord, RunRecord } from '../runs/record';
import { epochTicks, LogAxis } from './axes';
import { HoverRows, pointsIn } from './curves';
import { networkFeed, type PlotFeed, type Point, shownLayers } from './feed';
import { edges, type HeatLayout, heatLayout, namedLayers, ROOM } from './heatLayout';
import { legendMark, legendMarks, legendPlace, legendRows, rampPixels, rampWidth, SWATCH } from './heatLegend';
import type { CellsPainting, LiveData, PaintedValue } from './painting';
import { heatColours } from './palette';
import type { PlotData, PlotRow, PlotSpec, PlotTheme } from './plot';
import { epochAxis, frame, hoverLayer, only } from './spec';

/**
 * "Does the gradient arrive?" in a narrow place: a row for each layer, the first on top, that fills from left to right; colour is the
 * logarithm of the gradient's size. An exact zero has its own colour and a line through it, since no logarithm has a place for it.
 */

/** Columns of a whole run, at most: each keeps its place while the strip fills. */
const COLUMNS = 60;
/** How bold a value is that is not finite. */
const LOST = 600;

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
