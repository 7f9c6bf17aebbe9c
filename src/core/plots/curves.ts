import { formatPercent, formatTable } from '../format/numbers';
import type { RunRecord } from '../runs/record';
import { LinearAxis, LogAxis } from './axes';
import type { Measure, PlotFeed, Point } from './feed';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import { brokenLayer, colour, epochAxis, frame, hoverLayer, only, shape } from './spec';

/** The two plots of "does it learn?": loss and accuracy, a line for each activation and markers for the test set. */

export type LossScale = 'log' | 'linear';

const orNull = (x: number): number | null => (Number.isNaN(x) ? null : x);

/** Most markers a line carries before they touch. */
const MAX_MARKERS = 25;

/** "epoch 3.2 (step 1,501)" as label and value of a tooltip. */
export const placeText = (feed: PlotFeed, point: Point): string => {
  const from = Math.round(point.x1 * feed.stepsPerEpoch) + 1;
  const to = Math.round(point.x2 * feed.stepsPerEpoch);
  const steps = from >= to ? `step ${from}` : `steps ${from} to ${to}`;
  return `${(Math.floor(point.x * 100) / 100).toFixed(2)}, ${steps}`;
};

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

/** Strips for the pointer, one for each bucket; each tells the value of every line there. */
export class HoverRows {
  readonly #tips = new TipCache();

  rows(
    feed: PlotFeed,
    lines: readonly { name: string; points: readonly Point[] }[],
    text: (x: number) => string,
    key = '',
  ): PlotRow[] {
    const byBucket = new Map<number, { point: Point; values: [string, Point][] }>();
    for (const { name, points } of lines) {
      for (const point of points) {
        const held = byBucket.get(point.bucket);
        if (held === undefined) byBucket.set(point.bucket, { point, values: [[name, point]] });
        else held.values.push([name, point]);
      }
    }
    return [...byBucket.values()].map(({ point, values }) => {
      const tip = this.#tips.get(`${key}${point.bucket}`, values.map(([, { count }]) => count).join(), () => ({
        epoch: placeText(feed, point),
        ...Object.fromEntries(values.map(([name, each]) => [name, pointText(each, text)])),
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

/** Rows of the lines, bands, zeros and broken places of one line. */
export function lineRows(
  name: string,
  layer: number,
  points: readonly Point[],
  zeroAt: number | undefined,
  band: boolean,
): PlotRow[] {
  const rows: PlotRow[] = [];
  let wasBroken = false;
  for (const point of points) {
    const key = `${name} ${layer} ${point.bucket}`;
    const y = point.zero === 'all' && zeroAt !== undefined ? null : orNull(point.y);
    const low = zeroAt !== undefined && point.low <= 0 ? null : orNull(point.low);
    rows.push({ i: `line ${key}`, k: 'line', n: name, l: layer, x: point.x, y });
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
      rows.push({
        i: `broken ${key}`,
        k: 'broken',
        n: name,
        l: layer,
        x: point.broken.x,
        t: formatTable(point.broken.value),
      });
    }
  }
  return rows;
}

/** Test values at the ends of epochs; means where there are several seeds. */
function testRows(
  run: RunRecord,
  name: string,
  value: (row: { testLoss: number; testAccuracy: number }) => number,
): PlotRow[] {
  const networks = run.networks.filter(({ activation }) => activation === name);
  const every = Math.ceil(run.config.epochs / MAX_MARKERS);
  const rows: PlotRow[] = [];
  for (let epoch = every; epoch <= run.config.epochs; epoch += every) {
    const values = networks.flatMap(({ epochs }) => epochs[epoch - 1] ?? []).map(value);
    const y = values.reduce((sum, x) => sum + x, 0) / values.length;
    if (Number.isFinite(y)) rows.push({ i: `test ${name} ${epoch}`, k: 'test', n: name, x: epoch, y });
  }
  return rows;
}

interface CurveParts {
  readonly run: RunRecord;
  readonly theme: PlotTheme;
  readonly layout: PlotLayout;
  /** For a picture that stands alone: with title and legend. */
  readonly alone: boolean;
  readonly title: string;
  readonly y: PlotSpec;
  readonly reference: { readonly value: number; readonly text: string };
  readonly params: Readonly<Record<string, unknown>>;
  readonly zeros: boolean;
}

function curveSpec({ run, theme, layout, alone, title, y, reference, params, zeros }: CurveParts): PlotSpec {
  const x = epochAxis(run, layout.width);
  const paint = colour(run, theme, alone);
  const marker = shape(run, alone);
  return frame(
    {
      ...(alone ? { title, padding: 12 } : {}),
      width: layout.width,
      height: layout.height,
      layer: [
        {
          data: { values: [{}] },
          layer: [
            {
              mark: { type: 'rule', color: theme.muted, strokeWidth: 1, opacity: 0.7, clip: true },
              encoding: { y: { datum: reference.value, type: 'quantitative' } },
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
                      text: reference.text,
                    },
                    encoding: { y: { datum: reference.value, type: 'quantitative' } },
                  },
                ]
              : []),
          ],
        },
        {
          transform: [only('band')],
          mark: { type: 'area', opacity: theme.highContrast ? 0.35 : 0.2, clip: true, line: false },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: paint },
        },
        {
          transform: [only('line')],
          mark: { type: 'line', strokeWidth: 1.75, clip: true, strokeJoin: 'round' },
          encoding: { x, y: { ...y, field: 'y' }, color: paint },
        },
        ...(zeros
          ? [
              {
                transform: [only('zero')],
                mark: { type: 'rule', strokeWidth: 2.5, clip: true },
                encoding: { x, x2: { field: 'x2' }, y: { ...y, field: 'y' }, color: paint },
              },
            ]
          : []),
        {
          transform: [only('test')],
          mark: { type: 'point', filled: true, size: 42, opacity: 1, stroke: theme.canvas, strokeWidth: 1 },
          encoding: { x, y: { ...y, field: 'y' }, color: paint, shape: marker },
        },
        brokenLayer(x, theme),
        hoverLayer(x, theme),
      ],
    },
    params,
  );
}

/** The loss of each activation over the run. */
export class LossPlot {
  readonly #log = new LogAxis(0, 1, false);
  readonly #linear = new LinearAxis(2.5);
  readonly #hover = new HoverRows();

  constructor(readonly feed: PlotFeed) {}

  data(scale: LossScale): PlotData {
    const { feed } = this;
    const { run } = feed;
    const lines = run.config.activations.map((name) => ({ name, points: feed.points('loss', name) }));
    const tests = run.config.activations.flatMap((name) => testRows(run, name, (row) => row.testLoss));
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
    const zeroAt = scale === 'log' ? this.#log.zeroAt : undefined;
    const rows = lines.flatMap(({ name, points }) => lineRows(name, 0, points, zeroAt, true));
    return {
      rows: [...rows, ...tests, ...this.#hover.rows(feed, lines, formatTable)],
      params: this.#params(scale),
      points: lines.reduce((sum, { points }) => sum + points.length, 0),
    };
  }

  #params(scale: LossScale): Record<string, unknown> {
    const ticks = scale === 'log' ? this.#log.ticks() : this.#linear.ticks();
    return {
      yMin: scale === 'log' ? this.#log.bottom : 0,
      yMax: scale === 'log' ? this.#log.high : this.#linear.high,
      yTicks: ticks.values,
      yLabels: ticks.labels,
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, scale: LossScale, alone = false): PlotSpec {
    const { run } = this.feed;
    return curveSpec({
      run,
      theme,
      layout,
      alone,
      title: 'Loss',
      reference: { value: Math.log(run.dataset.classes), text: `ln ${run.dataset.classes}: guessing` },
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

  data(): PlotData {
    const { feed } = this;
    const { run } = feed;
    const measure: Measure = 'accuracy';
    const lines = run.config.activations.map((name) => ({ name, points: feed.points(measure, name) }));
    const tests = run.config.activations.flatMap((name) => testRows(run, name, (row) => row.testAccuracy));
    const rows = lines.flatMap(({ name, points }) => lineRows(name, 0, points, undefined, true));
    return {
      rows: [...rows, ...tests, ...this.#hover.rows(feed, lines, formatPercent)],
      params: {},
      points: lines.reduce((sum, { points }) => sum + points.length, 0),
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, alone = false): PlotSpec {
    const { run } = this.feed;
    return curveSpec({
      run,
      theme,
      layout,
      alone,
      title: 'Accuracy',
      reference: { value: 1 / run.dataset.classes, text: 'guessing' },
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
