import { BucketedSeries, bucketSizeFor } from '../runs/downsample';
import { isOfSteps, type SeriesName } from '../runs/lacking';
import { runOf, type Series, seriesOf } from '../runs/overlay';
import { shownEpochs, stepsPerEpoch } from '../runs/progress';
import { isOver, type NetworkRecord, type RunRecord } from '../runs/record';

/** A bucket of one series (and layer): of its one network, or over those of several seeds. */
export interface Point {
  readonly bucket: number;
  /** Epochs since the start, at the bucket's middle, start and end. */
  readonly x: number;
  readonly x1: number;
  readonly x2: number;
  /** The steps it covers, from 0. */
  readonly firstStep: number;
  readonly lastStep: number;
  /** Mean; NaN where no value can be drawn. */
  readonly y: number;
  /** Range: of the steps of one seed, of the means of several. */
  readonly low: number;
  readonly high: number;
  /** All values were exactly 0, or some. */
  readonly zero: 'all' | 'some' | 'none';
  /** The share of them, 0 … 1. */
  readonly zeroShare: number;
  readonly broken: { readonly x: number; readonly value: number } | undefined;
  /** Values behind it: changes when it changes. */
  readonly count: number;
}

/** Which recorded series a plot draws. */
export type Measure = 'loss' | 'accuracy' | 'gradient' | 'saturated' | 'derivative';

/** Its name among the recorded series. */
export const recordedAs = {
  loss: 'loss',
  accuracy: 'accuracy',
  gradient: 'gradientNorms',
  saturated: 'saturatedShare',
  derivative: 'meanDerivative',
} as const satisfies Record<Measure, SeriesName>;

/** Buckets that a plot of this many lines can hold while it still draws fluently. */
export function bucketsPerLine(lines: number): number {
  return Math.max(50, Math.min(240, Math.floor(4000 / Math.max(1, lines))));
}

/** At most this many layers are drawn: the first, the last and evenly between. */
const MAX_LAYERS = 12;

/** Indices of the layers to draw. */
export function shownLayers(count: number): number[] {
  if (count <= MAX_LAYERS) return Array.from({ length: count }, (_, i) => i);
  // The last is the output; the hidden ones share the rest evenly.
  const hidden = MAX_LAYERS - 1;
  const picked = Array.from({ length: hidden }, (_, i) => Math.round((i * (count - 2)) / (hidden - 1)));
  return [...new Set([...picked, count - 1])];
}

interface Reader {
  readonly network: NetworkRecord;
  readonly layer: number;
  series: BucketedSeries;
  read: number;
}

/** A series' line: what is read of its networks, and the points made of it. */
interface Line {
  readonly readers: readonly Reader[];
  readonly points: Point[];
}

/**
 * Follows a growing run and keeps its series in buckets. Each look reads only what was recorded since the last; several plots may
 * share one feed.
 */
export class PlotFeed {
  readonly series: readonly Series[];
  readonly #kept = new Map<string, Line>();

  /**
   * @param most buckets of a line at most; a plot of many lines has fewer
   * @param epochs where its axis ends; a run that has ended, or goes on, wants another feed
   */
  constructor(
    readonly run: RunRecord,
    readonly most = 240,
    readonly epochs = shownEpochs(run),
  ) {
    this.series = seriesOf(run);
  }

  /** Where networks ended before their plan, as far as the axis goes on after them: "stopped", "failed" … */
  stops(): { readonly name: string; readonly x: number; readonly state: string }[] {
    return this.series.flatMap(({ name, networks, run }) => {
      const x = Math.max(0, ...networks.map(({ steps }) => steps.count)) / stepsPerEpoch(run);
      const state = networks.find((network) => network.state !== 'finished')?.state;
      const over = networks.every((network) => isOver(network.state));
      return over && state !== undefined && x > 0 && x < 0.99 * this.epochs ? [{ name, x, state }] : [];
    });
  }

  /** How many lines a measure has in all. */
  #lines(measure: Measure): number {
    if (measure === 'loss' || measure === 'accuracy') return this.series.length;
    return this.series.reduce((sum, { layers }) => {
      return sum + (measure === 'gradient' ? shownLayers(layers.length).length : layers.length - 1);
    }, 0);
  }

  #lineOf(measure: Measure, series: Series, layer: number): Line {
    const key = `${measure} ${series.name} ${layer}`;
    let line = this.#kept.get(key);
    if (line === undefined) {
      const size = bucketSizeFor(
        Math.round(stepsPerEpoch(series.run) * this.epochs),
        Math.min(this.most, bucketsPerLine(this.#lines(measure))),
      );
      // The norms of one layer span decades: their mean in the ordinary sense would be that of the greatest.
      const mean = measure === 'gradient' ? 'geometric' : 'arithmetic';
      const readers = series.networks.map((network) => ({
        network,
        layer,
        series: new BucketedSeries(size, mean),
        read: 0,
      }));
      line = { readers, points: [] };
      this.#kept.set(key, line);
    }
    return line;
  }

  /**
   * The points of a series' line so far, oldest first: one list that grows, and whose last points are made anew where steps
   * have come since the last look.
   */
  points(measure: Measure, name: string, layer = 0): readonly Point[] {
    const series = this.series.find((each) => each.name === name);
    if (series === undefined) return [];
    const { readers, points } = this.#lineOf(measure, series, layer);
    const changed = Math.min(...readers.map((reader) => read(reader, measure)));
    if (changed === Number.POSITIVE_INFINITY) return points;
    while ((points.at(-1)?.bucket ?? -1) >= changed) points.pop();
    const perEpoch = stepsPerEpoch(series.run);
    const planned = Math.round(perEpoch * Math.min(series.run.config.epochs, this.epochs));
    const length = Math.max(0, ...readers.map((reader) => reader.series.length));
    for (let bucket = changed; bucket < length; bucket++) {
      const point = pointOf(readers, bucket, perEpoch, planned);
      if (point !== undefined) points.push(point);
    }
    return points;
  }
}

/** @param planned steps of all that is shown: the last bucket ends there */
function pointOf(readers: readonly Reader[], bucket: number, perEpoch: number, planned: number): Point | undefined {
  const buckets = readers.flatMap(({ series }) => series.at(bucket) ?? []);
  const [first] = buckets;
  if (first === undefined) return undefined;
  const drawable = buckets.filter(({ mean }) => !Number.isNaN(mean));
  const several = readers.length > 1;
  const geometric = readers[0]?.series.mean === 'geometric';
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const means = drawable.map((each) => each.mean);
  const broken = buckets.find((each) => each.broken !== undefined)?.broken;
  const end = Math.min(first.lastStep + 1, planned);
  const zeros = buckets.reduce((sum, each) => sum + each.zeros, 0);
  const count = buckets.reduce((sum, each) => sum + each.count, 0);
  return {
    bucket,
    x: (first.firstStep + end) / 2 / perEpoch,
    x1: first.firstStep / perEpoch,
    x2: end / perEpoch,
    firstStep: first.firstStep,
    lastStep: end - 1,
    y: means.length === 0 ? Number.NaN : geometric ? Math.exp(mean(means.map(Math.log))) : mean(means),
    low: means.length === 0 ? Number.NaN : Math.min(...(several ? means : drawable.map(({ min }) => min))),
    high: means.length === 0 ? Number.NaN : Math.max(...(several ? means : drawable.map(({ max }) => max))),
    zero: zeros === 0 ? 'none' : zeros === count ? 'all' : 'some',
    zeroShare: zeros / count,
    broken: broken && { x: (broken.step + 0.5) / perEpoch, value: broken.value },
    count,
  };
}

/** The feed of one network alone, coarse enough for a narrow place. */
export function networkFeed(
  run: RunRecord,
  network: NetworkRecord,
  most: number,
  epochs = shownEpochs(runOf(run, network)),
): PlotFeed {
  const own = runOf(run, network);
  const config = { ...own.config, activations: [network.activation], seeds: 1 };
  return new PlotFeed({ ...own, config, networks: [network] }, most, epochs);
}

/** Reads what was recorded since the last time; the first bucket that has changed, ∞ where none has. */
function read(reader: Reader, measure: Measure): number {
  const { steps, probes } = reader.network;
  const name = recordedAs[measure];
  const ofSteps = isOfSteps(name);
  const column = ofSteps ? steps[name] : probes[name];
  const count = column === undefined ? 0 : ofSteps ? steps.count : probes.count;
  let changed = Number.POSITIVE_INFINITY;
  if (count < reader.read) {
    // The record was taken back to an earlier step.
    reader.series = new BucketedSeries(reader.series.bucketSize, reader.series.mean);
    reader.read = 0;
    changed = 0;
  }
  if (column === undefined || reader.read === count) return changed;
  const { layer, series } = reader;
  const first = ofSteps ? reader.read : probes.stepOf(reader.read);
  for (; reader.read < count; reader.read++) {
    series.add(ofSteps ? reader.read : probes.stepOf(reader.read), column.at(reader.read, layer));
  }
  return Math.min(changed, Math.floor(first / series.bucketSize));
}
