import { activation } from '../activations/catalogue';
import { formatPercent, formatTable } from '../format/numbers';
import { seriesOf } from '../runs/overlay';
import type { NetworkRecord, RunRecord } from '../runs/record';
import { powerLabel } from './axes';
import { CURSOR } from './cursor';
import type { LiveData, PaintedPlace, PlacesPainting } from './painting';
import { activationColour } from './palette';
import { margins, type PlotData, type PlotLayout, type PlotRow, type PlotSpec, type PlotTheme } from './plot';
import { colour, facets, frame, only } from './spec';

/**
 * "Why not?": the derivative φ′ over the pre-activation z, and below it where each hidden layer's pre-activations sit, mean ± one
 * standard deviation; hollow where they sat at the first batch. Where a bar lies outside the hill, no gradient passes.
 */

const MAX_LANES = 6;
const SAMPLES = 121;
/** Pixels: the hill above, a lane for each layer below; together they fill a plot of the usual height. */
const LANE = 13;
const hill = (lanes: number): number => Math.max(84, 156 - LANE * lanes);
/** Values of φ′ (relative to its maximum) that the hill's pixels span. */
const SPAN = 1.26;
/** The upper end of the y axis. */
const TOP = 1.12;
/** Pixels of the y axis beyond its ends, as Vega-Lite has them where bars lie on it. */
const PADDING = 5;

interface Place {
  readonly layer: number;
  readonly first: number;
  readonly mean: number;
  readonly stddev: number;
}

/** A series, its φ′ relative to its maximum, and where its pre-activations sit. */
interface Found {
  readonly name: string;
  readonly activation: string;
  readonly layers: readonly string[];
  height(z: number): number;
  readonly places: readonly Place[];
}

const placeId = (name: string, layer: number): string => `place ${name} ${layer}`;

/** As far as a derivative is drawn. */
const onHill = (height: number): number => Math.max(-0.13, Math.min(1.1, height));

/** Moments over the seeds of an activation at their first and latest probes. */
function places(networks: readonly NetworkRecord[], layers: readonly number[]): Place[] {
  const probed = networks.flatMap(({ probes }) => {
    const { count, preActivationMean: means, preActivationStddev: stddevs } = probes;
    return count === 0 || means === undefined || stddevs === undefined ? [] : [{ count, means, stddevs }];
  });
  if (probed.length === 0) return [];
  return layers.map((layer) => {
    const of = (probe: 'first' | 'last') => {
      const moments = probed.map(({ count, means, stddevs }) => {
        const at = probe === 'first' ? 0 : count - 1;
        return { mean: means.at(at, layer), stddev: stddevs.at(at, layer) };
      });
      const mean = moments.reduce((sum, each) => sum + each.mean, 0) / moments.length;
      const variance =
        moments.reduce((sum, each) => sum + each.stddev ** 2 + (each.mean - mean) ** 2, 0) / moments.length;
      return { mean, stddev: Math.sqrt(variance) };
    };
    return { layer, first: of('first').mean, ...of('last') };
  });
}

/** The layers of the deepest network: its hidden ones have the lanes, and shallower networks use some of them. */
const deepest = (run: RunRecord): readonly string[] =>
  run.networks.reduce<readonly string[]>(
    (most, { layers }) => (layers.length > most.length ? layers : most),
    ['hidden', 'output'],
  );

/** Where the axis ends: ±10, ±100, ±1,000 … */
const reach = (z: number): number => 10 ** Math.max(1, Math.min(9, Math.ceil(Math.log10(Math.max(z, 1)))));

export class PreactivationPlot {
  #reach = 10;
  #hills: { readonly reach: number; readonly rows: readonly PlotRow[] } | undefined;
  readonly #layers: readonly number[];

  constructor(readonly run: RunRecord) {
    const hidden = deepest(run).length - 1;
    const shown = Math.min(hidden, MAX_LANES);
    this.#layers = Array.from({ length: shown }, (_, i) =>
      shown === 1 ? 0 : Math.round((i * (hidden - 1)) / (shown - 1)),
    );
  }

  /** Of one frame: it has a lane for each layer. */
  get height(): number {
    return hill(this.#layers.length) + LANE * this.#layers.length + 4;
  }

  /** Pixels for a derivative at its maximum. */
  get #unit(): number {
    return hill(this.#layers.length) / SPAN;
  }

  /** The lower end of the y axis. */
  get #bottom(): number {
    return TOP - this.height / this.#unit;
  }

  #lane(index: number): number {
    return -0.14 - (LANE * (index + 0.5)) / this.#unit;
  }

  /** The series with their places so far; the axis has room for them. */
  #look(): Found[] {
    const { run } = this;
    const found = seriesOf(run).map(({ name, activation: own, networks, layers }): Found => {
      const { derivative, derivativeMax } = activation(own);
      const scale = Number.isFinite(derivativeMax.value) && derivativeMax.value > 0 ? 1 / derivativeMax.value : 1;
      const lanes = this.#layers.filter((layer) => layer < layers.length - 1);
      return {
        name,
        activation: own,
        layers,
        height: (z) => scale * derivative(z),
        places: places(networks, lanes),
      };
    });
    for (const { places } of found) {
      for (const { mean, stddev, first } of places) {
        for (const z of [mean - stddev, mean + stddev, first]) {
          if (Number.isFinite(z)) this.#reach = Math.max(this.#reach, reach(Math.abs(z)));
        }
      }
    }
    return found;
  }

  /** The hills: they stay until the axis grows. */
  #curves(found: readonly Found[]): readonly PlotRow[] {
    if (this.#hills?.reach === this.#reach) return this.#hills.rows;
    // Even steps on the symmetric logarithm, so that the hill in the middle is drawn finely.
    const range = Math.log1p(this.#reach);
    const rows = found.flatMap(({ name, height }) =>
      Array.from({ length: SAMPLES }, (_, i): PlotRow => {
        const s = (2 * i) / (SAMPLES - 1) - 1;
        const z = Math.sign(s) * Math.expm1(Math.abs(s) * range);
        return { i: `curve ${name} ${i}`, k: 'curve', n: name, z, y: onHill(height(z)), zero: 0 };
      }),
    );
    this.#hills = { reach: this.#reach, rows };
    return rows;
  }

  /** A mark for each place, with what it tells. */
  #marks(found: readonly Found[]): PlotRow[] {
    return found.flatMap(({ name, layers, height, places }) =>
      places.flatMap(({ layer, mean, stddev, first }): PlotRow[] => {
        if (!Number.isFinite(mean)) return [];
        const y = this.#lane(this.#layers.indexOf(layer));
        const there = height(mean);
        const tip = {
          layer: layers[layer] ?? '',
          'mean of z': formatTable(mean),
          'standard deviation': formatTable(stddev),
          'at the first batch': formatTable(first),
          'φ′ at the mean': there === 0 ? 'exactly 0' : `${formatPercent(Math.abs(there))} of its maximum`,
        };
        const drop: PlotRow = { i: `drop ${name}`, k: 'drop', n: name, z: mean, y, top: onHill(there) };
        return [
          { i: placeId(name, layer), k: 'place', n: name, z: mean, z1: mean - stddev, z2: mean + stddev, y, tip },
          { i: `first ${name} ${layer}`, k: 'first', n: name, z: first, y, tip },
          ...(layer === 0 ? [drop] : []),
        ];
      }),
    );
  }

  /** Each probe moves the places: it is the probes that tell whether the plot is alive. */
  get #points(): number {
    return this.run.networks.reduce((sum, { probes }) => sum + probes.count, 0) * this.#layers.length;
  }

  data(): PlotData {
    const found = this.#look();
    return {
      rows: [...this.#curves(found), ...this.#marks(found)],
      params: this.#params(),
      points: this.#points,
    };
  }

  live(theme: PlotTheme): LiveData<PlacesPainting> {
    const found = this.#look();
    const beyond = (PADDING * (TOP - this.#bottom)) / (this.height - 2 * PADDING);
    return {
      rows: this.#curves(found),
      params: this.#params(),
      points: this.#points,
      painting: {
        of: 'places',
        reach: this.#reach,
        low: this.#bottom - beyond,
        high: TOP + beyond,
        places: found.flatMap(({ name, activation, height, places }) =>
          places.flatMap(({ layer, mean, stddev, first }): PaintedPlace[] => {
            if (!Number.isFinite(mean)) return [];
            const place = {
              id: placeId(name, layer),
              frame: name,
              colour: activationColour(activation, theme.background),
              ...{ mean, stddev, first },
              y: this.#lane(this.#layers.indexOf(layer)),
            };
            return [layer === 0 ? { ...place, drop: onHill(height(mean)) } : place];
          }),
        ),
        dropColour: theme.muted,
      },
      hover: () => this.#marks(found),
    };
  }

  #params(): Record<string, unknown> {
    const top = Math.round(Math.log10(this.#reach));
    const exponents = Array.from({ length: top + 1 }, (_, i) => i).filter((e) => top <= 3 || e % 2 === top % 2);
    const positive = exponents.map((e) => 10 ** e);
    return {
      zEnd: this.#reach,
      zTicks: [...positive.map((z) => -z).reverse(), 0, ...positive],
      zLabels: [...exponents.map((e) => `−${powerLabel(e)}`).reverse(), '0', ...exponents.map(powerLabel)],
    };
  }

  spec(theme: PlotTheme, layout: PlotLayout, alone = false): PlotSpec {
    const { run } = this;
    const layers = deepest(run);
    const ticks = [...[0, 0.5, 1], ...this.#layers.map((_, i) => this.#lane(i))];
    const labels = ['0', '50 %', '100 %', ...this.#layers.map((layer) => layers[layer] ?? '')];
    const x = {
      field: 'z',
      type: 'quantitative',
      scale: {
        type: 'symlog',
        constant: 1,
        domain: { expr: '[-zEnd, zEnd]' },
        nice: false,
        zero: false,
      },
      axis: {
        title: 'pre-activation z',
        titlePadding: 2,
        values: { expr: 'zTicks' },
        labelExpr: 'zLabels[indexof(zTicks, datum.value)]',
        labelOverlap: 'parity',
        labelFlush: true,
      },
    };
    const y = {
      type: 'quantitative',
      scale: { domain: [this.#bottom, TOP], padding: PADDING, nice: false, zero: false },
      axis: {
        title: null,
        values: ticks,
        labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(ticks)}, datum.value)]`,
        gridOpacity: { expr: 'datum.value === 0 ? 1 : 0.6' },
        minExtent: margins.lanes - 4,
        maxExtent: margins.lanes - 4,
        labelLimit: margins.lanes - 8,
        labelOverlap: false,
        grid: true,
      },
    };
    const paint = colour(run, theme, false);
    return frame(
      {
        ...(alone ? { title: 'Where the pre-activations sit on φ′', padding: 12 } : {}),
        ...facets(run, layout, { right: 14, room: layout.width, alone }),
        spec: {
          width: layout.width,
          height: layout.height,
          layer: [
            {
              transform: [only('curve')],
              mark: { type: 'area', opacity: theme.highContrast ? 0.3 : 0.14, line: false, clip: true },
              encoding: { x, y: { ...y, field: 'y' }, y2: { field: 'zero' }, color: paint },
            },
            {
              transform: [only('curve')],
              mark: { type: 'line', strokeWidth: 1.5, clip: true },
              encoding: { x, y: { ...y, field: 'y' }, color: paint },
            },
            {
              transform: [only('drop')],
              mark: { type: 'rule', strokeWidth: 1, strokeDash: [2, 2], color: theme.muted, clip: true },
              encoding: { x, y: { ...y, field: 'y' }, y2: { field: 'top' } },
            },
            {
              transform: [only('place')],
              mark: {
                type: 'bar',
                height: 7,
                cornerRadius: 2,
                clip: true,
                tooltip: { expr: 'datum.tip' },
              },
              encoding: {
                x: { ...x, field: 'z1' },
                x2: { field: 'z2' },
                y: { ...y, field: 'y' },
                color: paint,
                opacity: { condition: { test: `datum.i === ${CURSOR}`, value: 1 }, value: 0.45 },
              },
            },
            {
              transform: [only('first')],
              mark: {
                type: 'point',
                filled: false,
                size: 34,
                strokeWidth: 1.25,
                opacity: 1,
                tooltip: { expr: 'datum.tip' },
              },
              encoding: { x, y: { ...y, field: 'y' }, color: paint },
            },
            {
              transform: [only('place')],
              mark: { type: 'point', filled: true, size: 46, opacity: 1, tooltip: { expr: 'datum.tip' } },
              encoding: { x, y: { ...y, field: 'y' }, color: paint },
            },
          ],
        },
      },
      this.#params(),
    );
  }
}
