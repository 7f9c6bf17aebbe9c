import { activation } from '../activations/catalogue';
import { formatPercent, formatTable } from '../format/numbers';
import { type Series, seriesOf } from '../runs/overlay';
import type { RunRecord } from '../runs/record';
import { LogAxis } from './axes';
import { bandOpacity, brokenRows, growingAxis, HoverRows, lineRows, percentAxis, pointsIn } from './curves';
import { type PlotFeed, type Point, shownLayers } from './feed';
import type { LinesPainting, LiveData, PaintedLine } from './painting';
import { activationStyle } from './palette';
import {
  margins,
  NAME_ROOM,
  type PlotData,
  type PlotLayout,
  type PlotRow,
  type PlotSpec,
  type PlotTheme,
} from './plot';
import { brokenLayer, colour, dotMark, epochAxis, facets, frame, hoverLayer, only, stopLayer, stopRows } from './spec';

/**
 * Plots with a line for each layer: "does the gradient arrive?" and "why not?". A frame for each activation, all on the same axes; in it
 * the first hidden layer is the boldest line and later ones fade, the output is a double line: dashes tell runs apart.
 */

interface Line {
  readonly name: string;
  readonly layer: number;
  readonly points: readonly Point[];
  /** How many lines its frame has. */
  readonly of: number;
  /** 0 for the first layer, 1 for the last. */
  readonly depth: number;
  readonly output: boolean;
  /** What its heights are multiplied by. */
  readonly scale: number;
}

/** Frames of more lines have no bands. */
const BANDS = { gradient: 3, saturation: 2 } as const;

/** Half a label: at the edges of a frame it stays inside. */
const EDGE = 6;
/** Pixels that a label needs. */
const LABEL_LINE = 13;

/** A double line is a broad one with one of the background's colour on it. */
const DOUBLE = { outer: 3.5, inner: 1.5 } as const;
/** Of the first layer's line and its exact zeros, and of the others'. */
const WIDTH = { first: 2.25, other: 1.25, firstZero: 3.5, otherZero: 2 } as const;
/** The deepest line's. */
const faintest = ({ highContrast }: PlotTheme): number => (highContrast ? 0.6 : 0.4);
const outputOpacity = ({ highContrast }: PlotTheme): number => (highContrast ? 1 : 0.75);
/** Pixels that a label may have. */
const LABEL_LIMIT = margins.labels - 6;
const LABEL_GAP = 5;

/** Moves labels apart that would overlap: heights 0 … 1 in, the same order out. */
export function spread(heights: readonly number[], least: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = [...heights];
  for (let k = 1; k < order.length; k++) {
    const below = placed[order[k - 1]!]!;
    if (placed[order[k]!]! < below + least) placed[order[k]!] = below + least;
  }
  const over = placed[order.at(-1) ?? 0]! - 1;
  if (over > 0) {
    let ceiling = 1;
    for (const i of order.toReversed()) {
      placed[i] = Math.min(placed[i]!, ceiling);
      ceiling = placed[i]! - least;
    }
  }
  return placed;
}

/** What the lines are called, at the right edge, at the height of their last value. */
function labelRows(
  series: readonly Series[],
  lines: readonly Line[],
  height: (point: Point, scale: number) => number | undefined,
  pixels: number,
): PlotRow[] {
  return series.flatMap(({ name, layers }) => {
    const own = lines.filter((line) => line.name === name && line.points.length > 0);
    const named = own.length <= 3 ? own : [own[0]!, own.at(-1)!];
    const placed = named.flatMap((line) => {
      const at = height(line.points.at(-1)!, line.scale);
      return at === undefined ? [] : [{ layer: line.layer, at }];
    });
    const heights = spread(
      placed.map(({ at }) => at),
      LABEL_LINE / (pixels - 2 * EDGE),
    );
    return placed.map(({ layer }, i): PlotRow => {
      return { i: `label ${name} ${layer}`, k: 'label', n: name, l: layer, h: heights[i]!, t: layers[layer] ?? '' };
    });
  });
}

interface LayerParts {
  readonly feed: PlotFeed;
  readonly theme: PlotTheme;
  readonly layout: PlotLayout;
  readonly alone: boolean;
  readonly title: string;
  readonly y: PlotSpec;
  readonly params: Readonly<Record<string, unknown>>;
  readonly lane: boolean;
}

function layersSpec({ feed, theme, layout, alone, title, y, params, lane }: LayerParts): PlotSpec {
  const { run } = feed;
  const x = epochAxis(feed.epochs, layout.width);
  const paint = colour(run, theme, false);
  const opacity = {
    condition: { test: 'datum.output', value: outputOpacity(theme) },
    field: 'depth',
    type: 'quantitative',
    scale: { domain: [0, 1], range: [1, faintest(theme)] },
    legend: null,
  };
  return frame(
    {
      ...(alone ? { title, padding: 12 } : {}),
      ...facets(run, layout, { right: margins.labels, room: layout.width + NAME_ROOM, alone }),
      spec: {
        width: layout.width,
        height: layout.height,
        layer: [
          ...(lane
            ? [
                {
                  transform: [only('facet')],
                  mark: { type: 'rule', color: theme.muted, strokeWidth: 1, opacity: 0.45 },
                  encoding: { y: { datum: { expr: 'yLow' }, type: 'quantitative' } },
                },
                {
                  transform: [only('zero')],
                  mark: { type: 'rule', clip: true },
                  encoding: {
                    x,
                    x2: { field: 'x2' },
                    y: { ...y, field: 'y' },
                    color: paint,
                    strokeWidth: {
                      condition: { test: 'datum.l === 0', value: WIDTH.firstZero },
                      value: WIDTH.otherZero,
                    },
                  },
                },
              ]
            : []),
          {
            transform: [only('band')],
            mark: { type: 'area', opacity: bandOpacity(theme), clip: true, line: false },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: paint, detail: { field: 'l' } },
          },
          {
            transform: [only('line')],
            mark: { type: 'line', clip: true, strokeJoin: 'round' },
            encoding: {
              x,
              y: { ...y, field: 'y' },
              color: paint,
              detail: { field: 'l' },
              opacity,
              strokeWidth: {
                condition: [
                  { test: 'datum.output', value: DOUBLE.outer },
                  { test: 'datum.l === 0', value: WIDTH.first },
                ],
                value: WIDTH.other,
              },
            },
          },
          {
            transform: [only('line'), { filter: 'datum.output' }],
            mark: { type: 'line', clip: true, strokeJoin: 'round', color: theme.canvas, strokeWidth: DOUBLE.inner },
            encoding: { x, y: { ...y, field: 'y' }, detail: { field: 'l' } },
          },
          { ...dotMark, encoding: { x, y: { ...y, field: 'y' }, color: paint, opacity } },
          {
            // Holds the labels' room open: Vega sizes the picture by what is in it when it is made.
            transform: [only('facet')],
            mark: { type: 'text', text: '.', align: 'left', x: 'width', y: 10, dx: margins.labels - 8, opacity: 0 },
            encoding: {},
          },
          {
            transform: [only('label')],
            mark: {
              type: 'text',
              align: 'left',
              baseline: 'middle',
              x: 'width',
              y: { expr: 'datum.h' },
              dx: LABEL_GAP,
              color: theme.muted,
              limit: LABEL_LIMIT,
            },
            encoding: { text: { field: 't' } },
          },
          stopLayer(x, theme, feed, layout.width),
          brokenLayer(x, theme),
          hoverLayer(x, theme),
        ],
      },
    },
    params,
  );
}

/** What is painted of frames with a line for each layer, and what broke as rows of the frame. */
function paintedLayers(
  feed: PlotFeed,
  theme: PlotTheme,
  lines: readonly Line[],
  labels: readonly PlotRow[],
  y: LinesPainting['y'],
  bands: number,
): Pick<LiveData<LinesPainting>, 'rows' | 'points' | 'painting'> {
  const colours = new Map(
    feed.series.map(({ name, activation }) => [name, activationStyle(activation)[theme.background]]),
  );
  const painted = lines.map(({ name, layer, points, of, depth, output, scale }): PaintedLine => {
    const first = layer === 0;
    return {
      frame: name,
      points,
      scale,
      colour: colours.get(name) ?? theme.foreground,
      width: output ? DOUBLE.outer : first ? WIDTH.first : WIDTH.other,
      opacity: output ? outputOpacity(theme) : 1 - depth * (1 - faintest(theme)),
      dash: [],
      inner: output ? { colour: theme.canvas, width: DOUBLE.inner } : undefined,
      band: of <= bands,
      zeroWidth: first ? WIDTH.firstZero : WIDTH.otherZero,
    };
  });
  return {
    rows: [
      ...facetRows(feed.run),
      ...stopRows(feed),
      ...lines.flatMap(({ name, layer, points }) => brokenRows(name, layer, points)),
    ],
    points: pointsIn(lines),
    painting: {
      of: 'lines',
      epochs: feed.epochs,
      y,
      bandOpacity: bandOpacity(theme),
      lines: painted,
      markers: [],
      labels: labels.map(({ n, h, t }) => {
        return { frame: n as string, x: LABEL_GAP, y: h as number, text: t as string, limit: LABEL_LIMIT };
      }),
      labelColour: theme.muted,
    },
  };
}

/** The size of the gradient of each layer's kernel over the run, on a logarithmic axis with a lane for exact zeros. */
export class GradientPlot {
  readonly #axis = new LogAxis(-2, 1, true);
  readonly #hover = new HoverRows();

  constructor(readonly feed: PlotFeed) {}

  /** Its lines so far, and what they are called; the axis has room for them. */
  #look(layout: PlotLayout): { readonly lines: readonly Line[]; readonly labels: readonly PlotRow[] } {
    const { feed } = this;
    const { series } = feed;
    const lines = series.flatMap(({ name, layers }) => {
      const shown = shownLayers(layers.length);
      const last = layers.length - 1;
      return shown.map((layer): Line => {
        const points = feed.points('gradient', name, layer);
        return { name, layer, points, of: shown.length, depth: layer / last, output: layer === last, scale: 1 };
      });
    });
    for (const { points } of lines) {
      for (const { low, high } of points) {
        this.#axis.include(low);
        this.#axis.include(high);
      }
    }
    const { bottom, high, zeroAt } = this.#axis;
    const share = (value: number) => Math.log(value / bottom) / Math.log(high / bottom);
    const labels = labelRows(
      series,
      lines,
      (point) => (point.zero === 'all' ? share(zeroAt) : Number.isNaN(point.y) ? undefined : share(point.y)),
      layout.height,
    );
    return { lines, labels: atHeight(labels, layout.height) };
  }

  data(layout: PlotLayout): PlotData {
    const { feed } = this;
    const { lines, labels } = this.#look(layout);
    const { zeroAt } = this.#axis;
    return {
      rows: [
        ...facetRows(feed.run),
        ...stopRows(feed),
        ...lines.flatMap(({ name, layer, points, of, depth, output }) =>
          lineRows(name, layer, points, zeroAt, of <= BANDS.gradient, { depth, output }),
        ),
        ...labels,
        ...hoverRows(this.#hover, feed, lines, formatTable),
      ],
      params: this.#params(layout),
      points: pointsIn(lines),
    };
  }

  live(theme: PlotTheme, layout: PlotLayout): LiveData<LinesPainting> {
    const { feed } = this;
    const { lines, labels } = this.#look(layout);
    const { bottom: low, high, zeroAt } = this.#axis;
    return {
      ...paintedLayers(feed, theme, lines, labels, { type: 'log', low, high, zeroAt }, BANDS.gradient),
      params: this.#params(layout),
      hover: () => hoverRows(this.#hover, feed, lines, formatTable),
    };
  }

  #params(layout: PlotLayout): Record<string, unknown> {
    const ticks = this.#axis.ticks(layout.height < 150 ? 4 : 6);
    return {
      yMin: this.#axis.bottom,
      yMax: this.#axis.high,
      yLow: this.#axis.low,
      yTicks: ticks.values,
      yLabels: ticks.labels,
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, alone = false): PlotSpec {
    return layersSpec({
      feed: this.feed,
      theme,
      layout,
      alone,
      title: 'Gradient norm per layer',
      params: this.#params(layout),
      lane: true,
      y: {
        type: 'quantitative',
        scale: { type: 'log', domain: { expr: '[yMin, yMax]' }, nice: false },
        axis: { ...growingAxis, title: null },
      },
    });
  }
}

/** What pointing at the lines tells, frame by frame. */
const hoverRows = (hover: HoverRows, feed: PlotFeed, lines: readonly Line[], text: (x: number) => string): PlotRow[] =>
  feed.series.flatMap(({ name, layers }) => {
    const own = lines.filter((line) => line.name === name);
    return hover.rows(
      own.map(({ layer, points }) => ({ name: layers[layer] ?? '', points })),
      text,
      name,
    );
  });

/** Labels get pixels: their heights are no values of the axis. They keep their distances at the edges, too. */
const atHeight = (rows: readonly PlotRow[], height: number): PlotRow[] =>
  rows.map((row) => ({ ...row, h: Math.round(EDGE + (1 - (row.h as number)) * (height - 2 * EDGE)) }));

/** Each series has its frame from the start, whether or not there is something to draw in it. */
export const facetRows = (run: RunRecord): PlotRow[] =>
  seriesOf(run).map(({ name }) => ({ i: `facet ${name}`, k: 'facet', n: name }));

export type SaturationMeasure = 'saturated' | 'derivative';

/** How much of each hidden layer still passes a gradient: the share of saturated units, or the mean of φ′. */
export class SaturationPlot {
  readonly #hover = { saturated: new HoverRows(), derivative: new HoverRows() };

  constructor(readonly feed: PlotFeed) {}

  #look(
    layout: PlotLayout,
    measure: SaturationMeasure,
  ): { readonly lines: readonly Line[]; readonly labels: readonly PlotRow[] } {
    const { feed } = this;
    const { series } = feed;
    const lines = series.flatMap(({ name, activation, layers }) => {
      const scale = measure === 'saturated' ? 1 : derivativeScale(activation);
      const hidden = layers.length - 1;
      const shown = shownLayers(hidden);
      return shown.map((layer): Line => {
        const points = feed.points(measure, name, layer);
        return { name, layer, points, of: shown.length, depth: layer / Math.max(1, hidden - 1), output: false, scale };
      });
    });
    const labels = labelRows(
      series,
      lines,
      (point, scale) => (Number.isNaN(point.y) ? undefined : Math.max(0, Math.min(1, point.y * scale))),
      layout.height,
    );
    return { lines, labels: atHeight(labels, layout.height) };
  }

  data(layout: PlotLayout, measure: SaturationMeasure): PlotData {
    const { feed } = this;
    const { lines: read, labels } = this.#look(layout, measure);
    const lines = read.map(scaledLine);
    return {
      rows: [
        ...facetRows(feed.run),
        ...stopRows(feed),
        ...lines.flatMap(({ name, layer, points, of, depth, output }) =>
          lineRows(name, layer, points, undefined, of <= BANDS.saturation, { depth, output }),
        ),
        ...labels,
        ...hoverRows(this.#hover[measure], feed, lines, formatPercent),
      ],
      params: {},
      points: pointsIn(lines),
    };
  }

  live(theme: PlotTheme, layout: PlotLayout, measure: SaturationMeasure): LiveData<LinesPainting> {
    const { feed } = this;
    const { lines, labels } = this.#look(layout, measure);
    return {
      ...paintedLayers(feed, theme, lines, labels, { type: 'linear', low: 0, high: 1 }, BANDS.saturation),
      params: {},
      hover: () => hoverRows(this.#hover[measure], feed, lines.map(scaledLine), formatPercent),
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, measure: SaturationMeasure, alone = false): PlotSpec {
    return layersSpec({
      feed: this.feed,
      theme,
      layout,
      alone,
      title: measure === 'saturated' ? 'Saturated units per layer' : 'Mean φ′ per layer, relative to its maximum',
      params: {},
      lane: false,
      y: { type: 'quantitative', scale: { domain: [0, 1], nice: false, clamp: true }, axis: percentAxis },
    });
  }
}

/** 1/sup|φ′|; 1 where φ′ has no maximum. */
const derivativeScale = (name: string): number => {
  const { value } = activation(name).derivativeMax;
  return Number.isFinite(value) && value > 0 ? 1 / value : 1;
};

const scaledLine = (line: Line): Line =>
  line.scale === 1 ? line : { ...line, points: line.points.map((point) => scaled(point, line.scale)) };

const scaled = (point: Point, by: number): Point => ({
  ...point,
  y: point.y * by,
  low: point.low * by,
  high: point.high * by,
});
