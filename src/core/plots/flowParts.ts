import { formatTable } from '../format/numbers';
import { LogAxis } from './axes';
import { activationStyle, type MarkerShape } from './palette';
import type { PlotSpec, PlotTheme } from './plot';
import { only } from './spec';

/** Parts that the plots of a calculation share. Colours, shapes and dashes are in the rows: a plot is made once. */

/** A logarithm's ends move in steps of several powers of ten, so that a dragged slider does not shake the axis. */
const decades = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 310];

const stepped = (exponent: number): number => decades.find((each) => each >= exponent) ?? 310;

/** Room above 1 where nothing lies higher: a line at 1 is seen whole. */
const HEADROOM = 0.35;
/** … and above the topmost tick, as a share of the axis. */
const EDGE = 0.03;

/** Ends whose power of ten is still a number: upwards, and downwards with the lane, which is a seventh of the axis. */
const HIGHEST = 308;
const lowestBelow = (high: number): number => Math.floor((7 * 307 - high) / 8);

/**
 * A logarithmic axis with a lane for zeros that holds all values, and 10⁻² … 1 at least. What is too small for an axis
 * of numbers falls into the lane.
 */
export function steppedAxis(values: Iterable<number>): LogAxis {
  let low = -2;
  let high = 0;
  for (const value of values) {
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
    const exponent = Math.log10(value);
    low = Math.min(low, exponent);
    high = Math.max(high, exponent);
  }
  const bottom = stepped(-low - 1e-9);
  const top = high <= HEADROOM / 2 ? 0 : stepped(high);
  // The topmost label needs half a line.
  const end = Math.min(HIGHEST, top + Math.max(top === 0 ? HEADROOM : 0, EDGE * (bottom + top)));
  return new LogAxis(-Math.min(bottom, lowestBelow(end)), end, true);
}

/** Whole numbers from 1 to `last` to label, about `count` of them, the first and the last among them. */
export function wholeTicks(last: number, count: number): number[] {
  const step = [1, 2, 5, 10, 20, 25, 50, 100].find((each) => last / each <= count) ?? 100;
  const inner = Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
  const kept = inner.filter((tick) => tick > 1 && (tick === last || last - tick > step / 2));
  return [...new Set([1, ...kept, last])];
}

/** The look of one line, as fields of its rows. */
export interface LineStyle {
  readonly c: string;
  readonly s: MarkerShape;
  readonly d: readonly number[];
}

const shapesLeft: readonly MarkerShape[] = ['circle', 'square', 'triangle-up', 'diamond'];

/**
 * The palette's style of each activation. Lines of the same activation get other markers and dashes, since they are
 * compared with each other.
 */
export function lineStyles(names: readonly string[], background: PlotTheme['background']): LineStyle[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const style = activationStyle(name);
    const own = `${style.light} ${style.shape}`;
    const shape = taken.has(own)
      ? (shapesLeft.find((each) => !taken.has(`${style.light} ${each}`)) ?? style.shape)
      : style.shape;
    taken.add(`${style.light} ${shape}`);
    return { c: style[background], s: shape, d: style.dash };
  });
}

/** Encodings that take a row's own look. */
export const ownColour = { field: 'c', type: 'nominal', scale: null, legend: null } as const;
export const ownShape = { field: 's', type: 'nominal', scale: null, legend: null } as const;
export const ownDash = { field: 'd', type: 'nominal', scale: null, legend: null } as const;
/** Dots mean "predicted", everywhere. */
export const dots = [1, 3.5] as const;

/** The logarithmic axis of sizes; a spec serves all of them, since ends and ticks are parameters. */
export const sizeAxis = {
  type: 'quantitative',
  scale: { type: 'log', domain: { expr: '[yMin, yMax]' }, nice: false },
  axis: {
    title: null,
    values: { expr: 'yTicks' },
    labelExpr: 'yLabels[indexof(yTicks, datum.value)]',
    minExtent: 40,
    maxExtent: 40,
    labelLimit: 40,
    grid: true,
  },
} as const;

/** Where that axis ends and what it labels: some `count` ticks. */
export function sizeAxisParams(axis: LogAxis, count: number): Readonly<Record<string, unknown>> {
  const { values, labels } = axis.ticks(count);
  return { yMin: axis.bottom, yMax: axis.high, yLow: axis.low, yTicks: values, yLabels: labels };
}

/** What a logarithmic axis has a place for. */
export const isDrawn = (x: number): boolean => x > 0 && Number.isFinite(x);
export const drawnOrNull = (x: number): number | null => (isDrawn(x) ? x : null);
export const sizeText = (x: number): string => (x === 0 ? 'exactly 0' : formatTable(x));

/** Hidden layers side by side; `labels` is the expression of a tick's text. */
export const layerAxis = (labels: string) =>
  ({
    field: 'x',
    type: 'quantitative',
    scale: { domain: { expr: '[0.5, xMax]' }, nice: false, zero: false },
    axis: {
      title: 'hidden layer, from the input',
      titlePadding: 2,
      values: { expr: 'xTicks' },
      // One spec serves every depth: what changes with it are parameters.
      labelExpr: labels,
      labelOverlap: 'greedy',
      // Of many layers the last stands at the very edge: its label stays inside, as the picture keeps its size.
      labelFlush: 10,
    },
  }) as const;

/** The line between the axis and the lane of zeros. */
export const laneRule = (theme: PlotTheme): PlotSpec => ({
  data: { values: [{}] },
  mark: { type: 'rule', color: theme.muted, strokeWidth: 1, opacity: 0.45 },
  encoding: { y: { datum: { expr: 'yLow' }, type: 'quantitative' } },
});

/** What was measured: a filled marker on a bar that holds nine in ten networks. */
export const measuredLayers = (x: PlotSpec): PlotSpec[] => [
  {
    transform: [only('measured')],
    mark: { type: 'rule', strokeWidth: 1.5, clip: true },
    encoding: { x, y: { ...sizeAxis, field: 'low' }, y2: { field: 'high' }, color: ownColour },
  },
  {
    transform: [only('measured')],
    mark: { type: 'point', filled: true, size: 46, opacity: 1 },
    encoding: { x, y: { ...sizeAxis, field: 'y' }, color: ownColour, shape: ownShape },
  },
];

/** A legend of the rows' names for a picture that stands alone; in the page the caption has it. */
export function namesLegend(
  names: readonly string[],
  styles: readonly Pick<LineStyle, 'c' | 's'>[],
  x: PlotSpec,
  y: PlotSpec = sizeAxis,
): PlotSpec {
  const scale = (range: readonly unknown[]) => ({
    field: 'n',
    type: 'nominal',
    scale: { domain: names, range },
    legend: { symbolOpacity: 1, symbolFillColor: { expr: 'null' } },
  });
  return {
    transform: [only('mark')],
    mark: { type: 'point', filled: true, size: 40, opacity: 0 },
    encoding: {
      x,
      y: { ...y, field: 'y' },
      color: scale(styles.map(({ c }) => c)),
      shape: scale(styles.map(({ s }) => s)),
    },
  };
}
