import type { Activation } from '../activations/catalogue';
import type { CandidateFlow } from '../advice/calculate';
import { formatPercent, formatTable } from '../format/numbers';
import { normalQuantile } from '../math/normal';
import { hiddenLayerInWords } from '../runs/layerWords';
import { lineStyles, ownColour } from './flowParts';
import {
  facetLayout,
  facetParts,
  margins,
  type PlotData,
  type PlotLayout,
  type PlotRow,
  type PlotSpec,
  type PlotTheme,
} from './plot';
import { frame, hoverLayer, only } from './spec';

/**
 * "Why?": φ and φ′ of each candidate at one layer, and under them how its pre-activations are distributed, N(m, q). The
 * shaded part of the hill is flat: no gradient passes there.
 */

const SAMPLES = 161;
/** Of the hill, in standard deviations to each side. */
const HILL_REACH = 3.6;
const HILL_SAMPLES = 96;
/** Odd: one of them has 0 in its middle. */
const STRIPS = 41;
/** φ′ below this share of its maximum passes nothing worth the name. */
export const FLAT = 0.01;
/** Ends of the axis of z. */
const reaches = [6, 10, 20, 50];
/** Steeper slopes are cut off. */
const TALLEST = 4;
/** Pixels that a whole note needs. */
const NOTE = 190;
/** The hill's share of the frame's height. */
const LANE = 0.34;

/** What is drawn of one candidate. */
interface Place {
  readonly phi: Activation;
  readonly mean: number;
  readonly stddev: number;
  /** What its slopes leave of a gradient. */
  readonly slope: number;
}

const inWords = (flows: readonly CandidateFlow[], layer: number): string =>
  hiddenLayerInWords(layer, Math.max(...flows.map(({ phis }) => phis.length)));

const placeOf = ({ phis, prediction }: CandidateFlow, layer: number): Place => {
  const l = Math.min(layer, phis.length) - 1;
  const { mean, q, slope } = prediction.layers[l]!;
  return { phi: phis[l]!, mean, stddev: Math.sqrt(q), slope };
};

/** 1/max|φ′|; 1 where it has none. */
const slopeScale = ({ derivativeMax: { value } }: Activation): number =>
  Number.isFinite(value) && value > 0 ? 1 / value : 1;

const isFlat = (phi: Activation, z: number): boolean =>
  phi.derivativeMax.value === 0 || Math.abs(phi.derivative(z)) * slopeScale(phi) < FLAT;

/** Φ⁻¹ of the midpoints of 400 equal shares. */
const quantiles = (() => {
  let made: Float64Array | undefined;
  return (): Float64Array => {
    made ??= Float64Array.from({ length: 400 }, (_, i) => normalQuantile((i + 0.5) / 400));
    return made;
  };
})();

/** The share of pre-activations N(m, q) at which |φ′| is below 1 % of its maximum. */
export function nearlyFlatShare(phi: Activation, mean: number, q: number): number {
  if (!Number.isFinite(mean) || !Number.isFinite(q)) return Number.NaN;
  const stddev = Math.sqrt(q);
  if (stddev === 0) return isFlat(phi, mean) ? 1 : 0;
  const all = quantiles();
  return all.reduce((sum, t) => sum + (isFlat(phi, mean + stddev * t) ? 1 : 0), 0) / all.length;
}

/** In steps, so that a dragged slider does not shake the axis. */
function reach(places: readonly Place[]): number {
  let needed = 0;
  for (const { mean, stddev } of places) {
    const end = Math.abs(mean) + 3.2 * stddev;
    if (Number.isFinite(end)) needed = Math.max(needed, end);
  }
  const near = reaches.find((each) => each >= needed);
  if (near !== undefined) return near;
  const power = 10 ** Math.floor(Math.log10(needed));
  return ([1, 2, 5, 10].find((m) => m * power >= needed) ?? 10) * power;
}

/** Heights of the frame in units of φ′: the curves above `floor`, the hill between `bottom` and `floor`. */
interface Heights {
  readonly top: number;
  readonly floor: number;
  readonly bottom: number;
}

function heights(places: readonly Place[]): Heights {
  let top = 1.12;
  let floor = -0.12;
  for (const { phi } of places) {
    const slope = phi.derivativeMax.value;
    if (Number.isFinite(slope)) top = Math.max(top, Math.min(TALLEST, 1.1 * slope));
    floor = Math.min(floor, 1.12 * Math.max(-1, Math.min(phi.range[0], phi.derivativeRange[0])));
  }
  return { top, floor, bottom: floor - (top - floor) * (LANE / (1 - LANE)) };
}

function curveRows({ phi }: Place, f: number, style: object, end: number, { top, floor }: Heights): PlotRow[] {
  const breaks = phi.kinks.filter((z) => Math.abs(z) < end);
  const even = Array.from({ length: SAMPLES }, (_, i) => end * ((2 * i) / (SAMPLES - 1) - 1));
  // A point on each side of a kink, so that a jump is drawn as one.
  const all = [...even, ...breaks.flatMap((z) => [z - end * 1e-6, z + end * 1e-6])].sort((a, b) => a - b);
  const clipped = (y: number): number => Math.max(floor, Math.min(top, y));
  return all.flatMap((z, i): PlotRow[] => [
    { i: `value ${f} ${i}`, k: 'value', f, z, y: phi.value(z) > top || phi.value(z) < floor ? null : phi.value(z) },
    { i: `slope ${f} ${i}`, k: 'slope', f, ...style, z, y: clipped(phi.derivative(z)), zero: 0 },
  ]);
}

function hillRows({ phi, mean, stddev }: Place, f: number, style: object, { floor, bottom }: Heights): PlotRow[] {
  // The note has the rest of the lane to itself.
  const height = (floor - bottom) * 0.6;
  if (!Number.isFinite(mean) || !Number.isFinite(stddev)) return [];
  if (stddev === 0) return [{ i: `spike ${f}`, k: 'spike', f, ...style, z: mean, y: bottom + height, base: bottom }];
  return Array.from({ length: HILL_SAMPLES + 1 }, (_, i): PlotRow[] => {
    const t = HILL_REACH * ((2 * i) / HILL_SAMPLES - 1);
    const z = mean + stddev * t;
    const y = bottom + height * Math.exp((-t * t) / 2);
    const dead = isFlat(phi, z) ? y : bottom;
    return [
      { i: `hill ${f} ${i}`, k: 'hill', f, ...style, z, y, base: bottom },
      { i: `dead ${f} ${i}`, k: 'dead', f, z, y: dead, base: bottom },
    ];
  }).flat();
}

/** Strips for the pointer and the cursor: φ and φ′ at some z. */
function stripRows({ phi, mean, stddev }: Place, f: number, end: number): PlotRow[] {
  const width = (2 * end) / STRIPS;
  return Array.from({ length: STRIPS }, (_, i): PlotRow => {
    const x1 = -end + i * width;
    const z = x1 + width / 2;
    const tip = {
      activation: phi.label,
      z: formatTable(z),
      'φ(z)': formatTable(phi.value(z)),
      'φ′(z)': formatTable(phi.derivative(z)),
      'predicted z, mean ± std over units': `${formatTable(mean, 2)} ± ${formatTable(stddev, 2)}`,
    };
    return { i: `hover ${f} ${i}`, k: 'hover', f, x1, x2: x1 + width, tip };
  });
}

/**
 * "slopes leave 0.23, 0.5 % flat": the typical slope that a gradient meets, and the share of pre-activations where there is
 * next to none, where a saturated unit of a training is flat on all of a batch. In a narrow frame what decides stands alone.
 */
function noteOf({ phi, mean, stddev, slope }: Place, width = Number.POSITIVE_INFINITY): string {
  const share = nearlyFlatShare(phi, mean, stddev ** 2);
  if (Number.isNaN(share)) return 'overflows';
  const flat = `${formatPercent(share)} flat`;
  const leaves = `slopes leave ${formatTable(slope, 2)}`;
  if (width >= NOTE) return `${leaves}, ${flat}`;
  return share >= 0.5 ? flat : leaves;
}

export const curvesLayout = (width: number, count: number): PlotLayout =>
  facetLayout(width, count, { one: 200, several: 170 }, margins.left, 14);

/** Rows and parameters for one layer of each candidate. */
export function curvesData(
  flows: readonly CandidateFlow[],
  layer: number,
  layout: PlotLayout,
  background: PlotTheme['background'],
): PlotData {
  const places = flows.map((flow) => placeOf(flow, layer));
  const styles = lineStyles(
    places.map(({ phi }) => phi.name),
    background,
  );
  const end = reach(places);
  const size = heights(places);
  const rows = places.flatMap((place, f): PlotRow[] => [
    { i: `facet ${f}`, k: 'facet', f },
    ...curveRows(place, f, styles[f]!, end, size),
    ...hillRows(place, f, styles[f]!, size),
    ...stripRows(place, f, end),
    {
      i: `note ${f}`,
      k: place.mean > 0.15 * end ? 'note left' : 'note right',
      f,
      y: size.bottom + 0.95 * (size.floor - size.bottom),
      t: noteOf(place, layout.width),
    },
  ]);
  const few = layout.width < 170;
  const marks = few ? [-end, 0, end] : [-end, -end / 2, 0, end / 2, end];
  return {
    rows,
    params: {
      zEnd: end,
      zTicks: marks,
      top: size.top,
      floor: size.floor,
      bottom: size.bottom,
      yTicks: [-1, -0.5, 0, 0.5, 1, 2, 3, 4].filter(
        (y) => y >= size.floor && y <= size.top && (size.floor < -0.5 ? y % 1 === 0 : true),
      ),
      names: places.map(({ phi }) => phi.label),
    },
    points: rows.filter(({ k }) => k === 'slope').length,
  };
}

/** The plot in Vega-Lite; a frame for each candidate. */
export function curvesSpec(
  flows: readonly CandidateFlow[],
  layer: number,
  theme: PlotTheme,
  layout: PlotLayout,
  alone = false,
): PlotSpec {
  const x = {
    field: 'z',
    type: 'quantitative',
    scale: { domain: { expr: '[-zEnd, zEnd]' }, nice: false, zero: false },
    axis: {
      title: 'pre-activation z',
      titlePadding: 2,
      values: { expr: 'zTicks' },
      labelFlush: true,
      labelOverlap: 'parity',
    },
  };
  const y = {
    type: 'quantitative',
    scale: { domain: { expr: '[bottom, top]' }, nice: false, zero: false },
    axis: {
      title: null,
      values: { expr: 'yTicks' },
      minExtent: margins.left - 6,
      maxExtent: margins.left - 6,
      grid: true,
    },
  };
  return frame(
    {
      ...(alone ? { title: `φ, φ′ and the pre-activations of ${inWords(flows, layer)}`, padding: 12 } : {}),
      facet: {
        field: 'f',
        type: 'ordinal',
        header: { title: null, labelLimit: layout.width, labelExpr: 'names[datum.value]' },
      },
      ...facetParts(layout, 14),
      spec: {
        width: layout.width,
        height: layout.height,
        layer: [
          {
            transform: [only('facet')],
            mark: { type: 'rule', color: theme.muted, strokeWidth: 1, opacity: 0.6 },
            encoding: { y: { datum: { expr: 'bottom' }, type: 'quantitative' } },
          },
          {
            transform: [only('slope')],
            mark: { type: 'area', opacity: theme.highContrast ? 0.3 : 0.12, clip: true, line: false },
            encoding: { x, y: { ...y, field: 'y' }, y2: { field: 'zero' }, color: ownColour },
          },
          {
            transform: [only('value')],
            mark: { type: 'line', color: theme.muted, strokeWidth: 1.25, clip: true },
            encoding: { x, y: { ...y, field: 'y' } },
          },
          {
            transform: [only('slope')],
            mark: { type: 'line', strokeWidth: 2, clip: true },
            encoding: { x, y: { ...y, field: 'y' }, color: ownColour },
          },
          {
            transform: [only('hill')],
            mark: { type: 'area', opacity: theme.highContrast ? 0.5 : 0.3, clip: true, line: false },
            encoding: { x, y: { ...y, field: 'y' }, y2: { field: 'base' }, color: ownColour },
          },
          {
            transform: [only('dead')],
            mark: {
              type: 'area',
              color: theme.foreground,
              opacity: 0.55,
              clip: true,
              line: false,
              interpolate: 'step',
            },
            encoding: { x, y: { ...y, field: 'y' }, y2: { field: 'base' } },
          },
          {
            transform: [only('spike')],
            mark: { type: 'rule', strokeWidth: 2.5, clip: true },
            encoding: { x, y: { ...y, field: 'y' }, y2: { field: 'base' }, color: ownColour },
          },
          ...(['left', 'right'] as const).map((align) => ({
            transform: [only(`note ${align}`)],
            mark: {
              type: 'text',
              align,
              baseline: 'top',
              x: align === 'left' ? 0 : 'width',
              dx: align === 'left' ? 2 : -2,
              color: theme.muted,
            },
            encoding: { y: { ...y, field: 'y' }, text: { field: 't' } },
          })),
          hoverLayer(x, theme),
        ],
      },
    },
    curvesData(flows, layer, layout, theme.background).params,
  );
}

/** The plot in words. */
export function describeCurves(flows: readonly CandidateFlow[], layer: number): string {
  const each = flows.map((flow) => {
    const place = placeOf(flow, layer);
    const { mean, stddev, phi } = place;
    return `${phi.label}: mean ${formatTable(mean, 2)}, standard deviation ${formatTable(stddev, 2)}, ${noteOf(place)}`;
  });
  return `φ and φ′ with the pre-activations of ${inWords(flows, layer)} under them. ${each.join('; ')}.`;
}
