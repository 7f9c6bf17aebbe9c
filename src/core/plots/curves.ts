import { formatPercent, formatTable } from '../format/numbers';
import { isOverlay, type Series } from '../runs/overlay';
import type { EpochRow } from '../runs/record';
import { LinearAxis, LogAxis } from './axes';
import type { PlotFeed, Point } from './feed';
import { heightOf, type LinesPainting, type LiveData, type PaintedLine, type PaintedMarker } from './painting';
import { activationStyle, runDash } from './palette';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import {
  brokenLayer,
  colour,
  dash,
  dotMark,
  epochAxis,
  frame,
  hoverLayer,
  only,
  shape,
  stopLayer,
  stopRows,
} from './spec';

/** The two plots of "does it learn?": loss and accuracy, a line for each activation and markers for the test set. */

export type LossScale = 'log' | 'linear';

const orNull = (x: number): number | null => (Number.isNaN(x) ? null : x);

/** Most markers a line carries before they touch. */
const MAX_MARKERS = 25;

/** "3.20, step 1,501": epoch and steps of points that lie together; the epoch alone where their steps differ. */
function placeText(point: Point, all: readonly Point[]): string {
  const epoch = (Math.floor(point.x * 100) / 100).toFixed(2);
  if (all.some(({ firstStep, lastStep }) => firstStep !== point.firstStep || lastStep !== point.lastStep)) return epoch;
  const [from, to] = [point.firstStep + 1, point.lastStep + 1];
  return `${epoch}, ${from >= to ? `step ${from}` : `steps ${from} to ${to}`}`;
}

/** Keeps a tooltip's contents as long as the points behind it stay the same. */
class TipCache {
  readonly #tips = new Map<string, { version: string; tip: Record<string, string> }>();

  get(key: string, version: string, make: () => Record<string, string>): Record<string, string> {
    const held = this.#tips.get(key);
    if (held?.version === version) return held.tip;
    const tip = make();
    this.#tips.set(key, { version, tip });
    return tip;
  }
}

/** The point of a line at some epoch; `from` is where to look first. */
function pointAt(points: readonly Point[], x: number, from: number): Point | undefined {
  const near = points[from];
  if (near !== undefined && near.x1 <= x && x < near.x2) return near;
  return points.find(({ x1, x2 }) => x1 <= x && x < x2);
}

/** Strips for the pointer, one for each bucket of the longest line; each tells the value of every line there. */
export class HoverRows {
  readonly #tips = new TipCache();

  rows(lines: readonly { name: string; points: readonly Point[] }[], text: (x: number) => string, key = ''): PlotRow[] {
    const reach = ({ points }: { points: readonly Point[] }) => points.at(-1)?.x2 ?? 0;
    const longest = lines.reduce<(typeof lines)[number] | undefined>((best, line) => {
      return best === undefined || reach(line) > reach(best) ? line : best;
    }, undefined);
    return (longest?.points ?? []).map((point, i) => {
      const values = lines.flatMap(({ name, points }) => {
        const there = pointAt(points, point.x, i);
        return there === undefined ? [] : [[name, there] as const];
      });
      const version = `${point.x1} ${values.map(([name, { count }]) => `${name} ${count}`).join()}`;
      const tip = this.#tips.get(`${key}${point.bucket}`, version, () => ({
        epoch: placeText(
          point,
          values.map(([, there]) => there),
        ),
        ...Object.fromEntries(values.map(([name, there]) => [name, pointText(there, text)])),
      }));
      return { i: `hover ${key} ${point.bucket}`, k: 'hover', n: key, x1: point.x1, x2: point.x2, tip };
    });
  }
}

function pointText(point: Point, text: (x: number) => string): string {
  if (point.broken !== undefined) return formatTable(point.broken.value);
  if (point.zero === 'all') return 'exactly 0';
  return text(point.y);
}

/** Rows of the lines, bands, zeros and broken places of one line. @param more what the line's rows say besides */
export function lineRows(
  name: string,
  layer: number,
  points: readonly Point[],
  zeroAt: number | undefined,
  band: boolean,
  more: Readonly<Record<string, unknown>> = {},
): PlotRow[] {
  const rows: PlotRow[] = [];
  let wasBroken = false;
  const height = (point: Point | undefined): number | null => heightOf(point, 1, zeroAt) ?? null;
  for (const [i, point] of points.entries()) {
    const key = `${name} ${layer} ${point.bucket}`;
    const y = height(point);
    const low = zeroAt !== undefined && point.low <= 0 ? null : orNull(point.low);
    rows.push({ i: `line ${key}`, k: 'line', n: name, l: layer, x: point.x, y, ...more });
    if (y !== null && height(points[i - 1]) === null && height(points[i + 1]) === null) {
      rows.push({ i: `dot ${key}`, k: 'dot', n: name, l: layer, x: point.x, y, ...more });
    }
    if (band && y !== null) {
      rows.push({
        i: `band ${key}`,
        k: 'band',
        n: name,
        l: layer,
        x: point.x,
        low,
        high: orNull(point.high),
      });
    }
    if (zeroAt !== undefined && point.zero !== 'none') {
      rows.push({ i: `zero ${key}`, k: 'zero', n: name, l: layer, x: point.x1, x2: point.x2, y: zeroAt });
    }
    // Once a network is broken it stays so: the first place says it.
    if (point.broken !== undefined && !wasBroken) {
      wasBroken = true;
      rows.push(brokenRow(name, layer, point, point.broken));
    }
  }
  return rows;
}

const brokenRow = (
  name: string,
  layer: number,
  { bucket }: Point,
  { x, value }: NonNullable<Point['broken']>,
): PlotRow => ({
  i: `broken ${name} ${layer} ${bucket}`,
  k: 'broken',
  n: name,
  l: layer,
  x,
  t: formatTable(value),
});

/** Where a line broke: its first such place. */
export function brokenRows(name: string, layer: number, points: readonly Point[]): PlotRow[] {
  const first = points.find(({ broken }) => broken !== undefined);
  return first?.broken === undefined ? [] : [brokenRow(name, layer, first, first.broken)];
}

/** A line by what it is called. */
export interface NamedLine {
  readonly name: string;
  readonly points: readonly Point[];
}

export const pointsIn = (lines: readonly { readonly points: readonly Point[] }[]): number =>
  lines.reduce((sum, { points }) => sum + points.length, 0);

/**
 * Test values at the ends of epochs; means where there are several seeds.
 *
 * @param shown epochs that the plot has room for
 */
function testRows(
  { name, activation, networks, run }: Series,
  value: (row: EpochRow) => number | undefined,
  shown: number,
): PlotRow[] {
  const every = Math.ceil(Math.min(run.config.epochs, shown) / MAX_MARKERS);
  const rows: PlotRow[] = [];
  for (let epoch = every; epoch <= run.config.epochs; epoch += every) {
    const values = networks.flatMap(({ epochs }) => epochs[epoch - 1] ?? []).flatMap((row) => value(row) ?? []);
    const y = values.reduce((sum, x) => sum + x, 0) / values.length;
    const s = activationStyle(activation).shape;
    if (Number.isFinite(y)) rows.push({ i: `test ${name} ${epoch}`, k: 'test', n: name, x: epoch, y, s });
  }
  return rows;
}

interface CurveParts {
  readonly feed: PlotFeed;
  readonly theme: PlotTheme;
  readonly layout: PlotLayout;
  /** For a picture that stands alone: with title and legend. */
  readonly alone: boolean;
  readonly title: string;
  readonly y: PlotSpec;
  /** Where guessing lies; several where datasets differ. */
  readonly references: readonly { readonly value: number; readonly text: string }[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly zeros: boolean;
}

/** Of a line and of its exact zeros. */
const WIDTH = { line: 1.75, zero: 2.5 } as const;

export const bandOpacity = ({ highContrast }: PlotTheme): number => (highContrast ? 0.35 : 0.2);

function curveSpec({ feed, theme, layout, alone, title, y, references, params, zeros }: CurveParts): PlotSpec {
  const { run } = feed;
  const x = epochAxis(feed.epochs, layout.width);
  // In an overlay the legend shows dashes, not markers.
  const overlaid = isOverlay(run);
  const paint = colour(run, theme, alone);
  const marker = overlaid ? { field: 's', type: 'nominal', scale: null } : shape(run, alone);
  const stroke = overlaid ? { strokeDash: dash(run, alone) } : {};
  return frame(
    {
      ...(alone ? { title, padding: 12 } : {}),
      width: layout.width,
      height: layout.height,
      layer: [
        ...references.map(({ value, text }) => ({
          data: { values: [{}] },
          layer: [
            {
              mark: { type: 'rule', color: theme.muted, strokeWidth: 1, opacity: 0.7, clip: true },
              encoding: { y: { datum: value, type: 'quantitative' } },
            },
            ...(alone
              ? [
                  {
                    mark: {
                      type: 'text',
                      color: theme.muted,
                      align: 'right',
                      baseline: 'bottom',
                      x: 'width',
                      dy: -2,
                      text,
                    },
                    encoding: { y: { datum: value, type: 'quantitative' } },
                  },
                ]
              : []),
          ],
        })),
        {
          transform: [only('band')],
          mark: { type: 'area', opacity: bandOpacity(theme), clip: true, line: false },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: paint },
        },
        {
          transform: [only('line')],
          mark: { type: 'line', strokeWidth: WIDTH.line, clip: true, strokeJoin: 'round' },
          encoding: { x, y: { ...y, field: 'y' }, color: paint, ...stroke },
        },
        { ...dotMark, encoding: { x, y: { ...y, field: 'y' }, color: paint } },
        ...(zeros
          ? [
              {
                transform: [only('zero')],
                mark: { type: 'rule', strokeWidth: WIDTH.zero, clip: true },
                encoding: { x, x2: { field: 'x2' }, y: { ...y, field: 'y' }, color: paint },
              },
            ]
          : []),
        {
          transform: [only('test')],
          mark: { type: 'point', filled: true, size: 42, opacity: 1, stroke: theme.canvas, strokeWidth: 1 },
          encoding: { x, y: { ...y, field: 'y' }, color: paint, shape: marker },
        },
        stopLayer(x, theme, feed, layout.width),
        brokenLayer(x, theme),
        hoverLayer(x, theme),
      ],
    },
    params,
  );
}

/** What is painted of a plot with one frame: a line for each series, its markers, and what broke as rows of the frame. */
function paintedCurves(
  feed: PlotFeed,
  theme: PlotTheme,
  lines: readonly NamedLine[],
  tests: readonly PlotRow[],
  y: LinesPainting['y'],
): Pick<LiveData<LinesPainting>, 'rows' | 'points' | 'painting'> {
  const overlaid = isOverlay(feed.run);
  const colours = new Map(
    feed.series.map(({ name, activation }) => [name, activationStyle(activation)[theme.background]]),
  );
  const colourOf = (name: string) => colours.get(name) ?? theme.foreground;
  const painted = feed.series.map(({ name, group }, i): PaintedLine => {
    return {
      frame: '',
      points: lines[i]?.points ?? [],
      scale: 1,
      colour: colourOf(name),
      width: WIDTH.line,
      opacity: 1,
      dash: overlaid ? runDash(group) : [],
      band: true,
      zeroWidth: WIDTH.zero,
    };
  });
  const markers = tests.map(({ n, x, y, s }): PaintedMarker => {
    const [colour, edge] = [colourOf(n as string), theme.canvas];
    return { frame: '', x: x as number, y: y as number, shape: s as PaintedMarker['shape'], colour, edge };
  });
  return {
    rows: [...lastStop(feed), ...lines.flatMap(({ name, points }) => brokenRows(name, 0, points))],
    points: pointsIn(lines),
    painting: {
      of: 'lines',
      epochs: feed.epochs,
      y,
      bandOpacity: bandOpacity(theme),
      lines: painted,
      markers,
      labels: [],
      labelColour: theme.muted,
    },
  };
}

/** All lines of a run share a frame: where the last of them ended. Runs that lie over each other ended at several places. */
const lastStop = (feed: PlotFeed): PlotRow[] => {
  if (isOverlay(feed.run)) return [];
  const stops = stopRows(feed);
  const last = stops.reduce<PlotRow | undefined>(
    (most, each) => (most === undefined || (each.x as number) > (most.x as number) ? each : most),
    undefined,
  );
  return last === undefined || stops.length < feed.series.length ? [] : [last];
};

/** How many classes the datasets have: one number, but in an overlay. */
const classCounts = ({ series }: PlotFeed): number[] => [...new Set(series.map(({ run }) => run.dataset.classes))];

/** The loss of each activation over the run. */
export class LossPlot {
  readonly #log = new LogAxis(0, 1, false);
  readonly #linear = new LinearAxis(2.5);
  readonly #hover = new HoverRows();

  constructor(readonly feed: PlotFeed) {}

  /** Its lines and markers so far; the axes have room for them. */
  #look(): { readonly lines: readonly NamedLine[]; readonly tests: readonly PlotRow[] } {
    const { feed } = this;
    const lines = feed.series.map(({ name }) => ({ name, points: feed.points('loss', name) }));
    const tests = feed.series.flatMap((series) => testRows(series, (row) => row.testLoss, feed.epochs));
    for (const { points } of lines) {
      for (const { low, high, zero } of points) {
        this.#log.include(low);
        this.#log.include(high);
        if (zero !== 'none') this.#log.include(0);
        this.#linear.include(high);
      }
    }
    for (const { y } of tests) {
      this.#log.include(y as number);
      this.#linear.include(y as number);
    }
    return { lines, tests };
  }

  data(scale: LossScale): PlotData {
    const { lines, tests } = this.#look();
    const zeroAt = scale === 'log' ? this.#log.zeroAt : undefined;
    const rows = lines.flatMap(({ name, points }) => lineRows(name, 0, points, zeroAt, true));
    return {
      rows: [...rows, ...tests, ...lastStop(this.feed), ...this.#hover.rows(lines, formatTable)],
      params: this.#params(scale),
      points: pointsIn(lines),
    };
  }

  live(theme: PlotTheme, scale: LossScale): LiveData<LinesPainting> {
    const { lines, tests } = this.#look();
    const { yMin: low, yMax: high, ...ticks } = this.#params(scale);
    const zeroAt = scale === 'log' ? this.#log.zeroAt : undefined;
    return {
      ...paintedCurves(this.feed, theme, lines, tests, { type: scale, low, high, zeroAt }),
      params: { yMin: low, yMax: high, ...ticks },
      hover: () => this.#hover.rows(lines, formatTable),
    };
  }

  #params(scale: LossScale) {
    const ticks = scale === 'log' ? this.#log.ticks() : this.#linear.ticks();
    return {
      yMin: scale === 'log' ? this.#log.bottom : 0,
      yMax: scale === 'log' ? this.#log.high : this.#linear.high,
      yTicks: ticks.values,
      yLabels: ticks.labels,
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, scale: LossScale, alone = false): PlotSpec {
    return curveSpec({
      feed: this.feed,
      theme,
      layout,
      alone,
      title: 'Loss',
      references: classCounts(this.feed).map((classes) => ({
        value: Math.log(classes),
        text: `ln ${classes}: guessing`,
      })),
      params: this.#params(scale),
      zeros: scale === 'log',
      y: {
        type: 'quantitative',
        scale: {
          type: scale,
          domain: { expr: '[yMin, yMax]' },
          nice: false,
        },
        axis: { ...growingAxis, title: null },
      },
    });
  }
}

/** Ticks and labels from the parameters; the axis keeps its width whatever they say. */
export const growingAxis = {
  values: { expr: 'yTicks' },
  labelExpr: 'yLabels[indexof(yTicks, datum.value)]',
  minExtent: 40,
  maxExtent: 40,
  labelLimit: 40,
  grid: true,
} as const;

/** The share classified rightly, by each activation, over the run. */
export class AccuracyPlot {
  readonly #hover = new HoverRows();

  constructor(readonly feed: PlotFeed) {}

  #look(): { readonly lines: readonly NamedLine[]; readonly tests: readonly PlotRow[] } {
    const { feed } = this;
    return {
      lines: feed.series.map(({ name }) => ({ name, points: feed.points('accuracy', name) })),
      tests: feed.series.flatMap((series) => testRows(series, (row) => row.testAccuracy, feed.epochs)),
    };
  }

  data(): PlotData {
    const { lines, tests } = this.#look();
    const rows = lines.flatMap(({ name, points }) => lineRows(name, 0, points, undefined, true));
    return {
      rows: [...rows, ...tests, ...lastStop(this.feed), ...this.#hover.rows(lines, formatPercent)],
      params: {},
      points: pointsIn(lines),
    };
  }

  live(theme: PlotTheme): LiveData<LinesPainting> {
    const { lines, tests } = this.#look();
    return {
      ...paintedCurves(this.feed, theme, lines, tests, { type: 'linear', low: 0, high: 1 }),
      params: {},
      hover: () => this.#hover.rows(lines, formatPercent),
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, alone = false): PlotSpec {
    return curveSpec({
      feed: this.feed,
      theme,
      layout,
      alone,
      title: 'Accuracy',
      references: classCounts(this.feed).map((classes) => ({ value: 1 / classes, text: 'guessing' })),
      params: {},
      zeros: false,
      y: {
        type: 'quantitative',
        scale: { domain: [0, 1], nice: false },
        axis: percentAxis,
      },
    });
  }
}

export const percentAxis = {
  title: null,
  values: [0, 0.25, 0.5, 0.75, 1],
  labelExpr: "round(100 * datum.value) + ' %'",
  minExtent: 40,
  maxExtent: 40,
  labelLimit: 40,
  grid: true,
} as const;
