import type { CandidateFlow } from '../advice/calculate';
import { hiddenLayerInWords } from '../runs/layerWords';
import type { MeasuredFlow } from '../theory/measured';
import {
  dots,
  drawnOrNull,
  isDrawn,
  type LineStyle,
  laneRule,
  layerAxis,
  lineStyles,
  measuredLayers,
  namesLegend,
  ownColour,
  ownDash,
  ownShape,
  sizeAxis,
  sizeAxisParams,
  sizeText,
  steppedAxis,
  wholeTicks,
} from './flowParts';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import { brokenLayer, frame, hoverLayer, only } from './spec';

/** The main plot of a calculation: how large the gradient is at each layer; prediction, measurement, and what could be at best. */

/**
 * ‖δ‖ at the pre-activations, or ‖∂C/∂W‖ of the kernels; both relative to the last hidden layer, or, where there is one
 * alone, to what arrives at it.
 */
export type FlowMeasure = 'delta' | 'kernel';

/** A candidate, and what was measured of it. */
export interface FlowLine {
  readonly flow: CandidateFlow;
  readonly measured: MeasuredFlow | undefined;
  /** As it was before the latest change; undefined where nothing is compared. */
  readonly before?: CandidateFlow | undefined;
}

/** What networks really passed back to one layer, relative to the last: mean, and the range of nine in ten. */
interface MeasuredPoint {
  readonly layer: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const measuredPoints = (measured: MeasuredFlow | undefined, measure: FlowMeasure): MeasuredPoint[] =>
  (measured?.layers ?? []).map((at) => {
    const { typical, low, high } = measure === 'delta' ? at.delta : at.kernelGradient;
    return { layer: at.layer, mean: typical, low, high };
  });

/** As many hollow markers a predicted line carries, and as many measured points, before they touch. */
const MARKERS = 9;
const MEASURED = 25;

/** At most `most` layers at even distances, the first among them. */
function someLayers(count: number, most: number): Set<number> {
  const step = Math.max(1, Math.ceil(count / most));
  return new Set(Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step + 1));
}

interface PredictedPoint {
  readonly value: number;
  readonly band: readonly [number, number] | undefined;
}

/** The prediction at each layer, and what arrives where there is one alone; kernels have no band. */
const predicted = ({ prediction }: CandidateFlow, measure: FlowMeasure): PredictedPoint[] => {
  const points = prediction.layers.map(({ delta, band, kernelGradient }) =>
    measure === 'delta' ? { value: delta, band } : { value: kernelGradient, band: undefined },
  );
  // A dot alone would not tell what it is measured by.
  return points.length === 1 ? [...points, { value: 1, band: undefined }] : points;
};

/** Behind the one hidden layer stands what arrives at it. */
const ARRIVING = 2;

/** What could arrive at best, where that bounds something; the last layer's own 1 is no curve without the one before. */
const bestCurve = ({ prediction: { layers } }: CandidateFlow): { readonly layer: number; readonly value: number }[] =>
  layers.flatMap(({ layer, atBest }, l) =>
    atBest && (l + 1 < layers.length || layers[l - 1]?.atBest) ? [{ layer, value: atBest.value }] : [],
  );

/** Whether the plot has a best case to explain. */
export const drawsBest = (flows: readonly CandidateFlow[], measure: FlowMeasure): boolean =>
  measure === 'delta' && flows.some((flow) => bestCurve(flow).length > 0);

function* axisValues(lines: readonly FlowLine[], measure: FlowMeasure): Generator<number> {
  for (const { flow, measured, before } of lines) {
    for (const { value } of before ? predicted(before, measure) : []) yield value;
    for (const { value, band } of predicted(flow, measure)) yield* band === undefined ? [value] : [value, ...band];
    if (measure === 'delta') for (const { value } of bestCurve(flow)) yield value;
    for (const { mean, low, high } of measuredPoints(measured, measure)) yield* [mean, low, high];
  }
}

function lineRows(
  { flow, measured }: FlowLine,
  line: number,
  style: object,
  measure: FlowMeasure,
  zeroAt: number,
): PlotRow[] {
  const own = { n: flow.label, line, ...style };
  const points = predicted(flow, measure);
  const marked = someLayers(points.length, MARKERS);
  const shownMeasured = someLayers(points.length, MEASURED);
  const rows: PlotRow[] = [];
  if (measure === 'delta') {
    for (const { layer, value } of bestCurve(flow)) {
      rows.push({ i: `best ${line} ${layer - 1}`, k: 'best', ...own, x: layer, y: drawnOrNull(value) });
    }
  }
  let broken = false;
  points.forEach(({ value, band }, l) => {
    const key = `${line} ${l}`;
    const x = l + 1;
    rows.push({ i: `line ${key}`, k: 'line', ...own, x, y: drawnOrNull(value) });
    if (band !== undefined && isDrawn(band[0]) && isDrawn(band[1])) {
      rows.push({ i: `band ${key}`, k: 'band', ...own, x, low: band[0], high: band[1] });
    }
    if (value === 0) rows.push({ i: `zero ${key}`, k: 'zero', ...own, x1: x - 0.5, x2: x + 0.5, y: zeroAt });
    if (marked.has(x) && (value === 0 || isDrawn(value))) {
      rows.push({ i: `mark ${key}`, k: 'mark', ...own, x, y: value === 0 ? zeroAt : value });
    }
    if (!broken && !Number.isFinite(value)) {
      broken = true;
      rows.push({ i: `broken ${line}`, k: 'broken', ...own, x, t: sizeText(value) });
    }
  });
  for (const { layer, mean, low, high } of measuredPoints(measured, measure)) {
    if (!shownMeasured.has(layer)) continue;
    const at = (x: number) => (x === 0 ? zeroAt : drawnOrNull(x));
    rows.push({
      i: `measured ${line} ${layer}`,
      k: 'measured',
      ...own,
      x: layer,
      y: at(mean),
      low: at(low),
      high: at(high),
    });
  }
  return rows;
}

/** The prediction before a change, with its marker at the first layer. */
function beforeRows(
  before: CandidateFlow,
  line: number,
  measure: FlowMeasure,
  background: PlotTheme['background'],
  zeroAt: number,
): PlotRow[] {
  const [{ c, s }] = lineStyles([before.name], background) as [LineStyle];
  return predicted(before, measure).flatMap(({ value }, l): PlotRow[] => {
    const own = { n: beforeLabel(before), line, c, s, x: l + 1, y: value === 0 ? zeroAt : drawnOrNull(value) };
    const row = { i: `before ${line} ${l}`, k: 'before', ...own };
    return l === 0 ? [row, { ...own, i: `before mark ${line}`, k: 'before mark' }] : [row];
  });
}

/** What a line before a change is called. */
export const beforeLabel = ({ label }: CandidateFlow): string => `${label}, before`;

/** A strip for each layer that tells the numbers of every line there. */
function hoverRows(lines: readonly FlowLine[], measure: FlowMeasure): PlotRow[] {
  const layers = lines[0]?.flow.prediction.layers ?? [];
  const arriving = { i: 'hover arriving', k: 'hover', x1: 1.5, x2: 2.5, tip: { 'arrives at the layer': '1' } };
  const points = lines.map(({ flow }) => predicted(flow, measure));
  const real = lines.map(({ measured }) => measuredPoints(measured, measure));
  const rows = layers.map((_, l): PlotRow => {
    const tip: Record<string, string> = { layer: `${l + 1} of ${layers.length}` };
    lines.forEach(({ flow, before }, i) => {
      const { value, band } = points[i]![l]!;
      const between = band === undefined ? '' : ` (${sizeText(band[0])} to ${sizeText(band[1])})`;
      tip[`${flow.label}, predicted`] = `${sizeText(value)}${between}`;
      const found = real[i]![l];
      if (found !== undefined)
        tip[`${flow.label}, measured`] = `${sizeText(found.mean)} (${sizeText(found.low)} to ${sizeText(found.high)})`;
      const best = flow.prediction.layers[l]!.atBest;
      const old = before && predicted(before, measure)[l];
      if (before && old) tip[beforeLabel(before)] = sizeText(old.value);
      if (measure === 'delta' && best && l + 1 < layers.length) tip[`${flow.label}, at best`] = sizeText(best.value);
    });
    return { i: `hover ${l}`, k: 'hover', x1: l + 0.5, x2: l + 1.5, tip };
  });
  return layers.length === 1 ? [...rows, arriving] : rows;
}

/** Rows and parameters for the present calculation. */
export function flowData(
  lines: readonly FlowLine[],
  measure: FlowMeasure,
  layout: PlotLayout,
  background: PlotTheme['background'],
): PlotData {
  const axis = steppedAxis(axisValues(lines, measure));
  const styles = lineStyles(
    lines.map(({ flow }) => flow.name),
    background,
  );
  const depth = Math.max(1, ...lines.flatMap(({ flow, before }) => [flow, ...(before ? [before] : [])].map(layersOf)));
  // Dashes tell grey lines apart; a single one needs none.
  const looks = lines.length === 1 ? styles.map((style) => ({ ...style, d: [] })) : styles;
  const rows = lines.flatMap((line, i) => [
    ...(line.before ? beforeRows(line.before, i, measure, background, axis.zeroAt) : []),
    ...lineRows(line, i, looks[i]!, measure, axis.zeroAt),
  ]);
  return {
    rows: [...rows, ...hoverRows(lines, measure)],
    params: {
      ...sizeAxisParams(axis, layout.height < 200 ? 5 : 7),
      isSingle: depth === 1,
      xMax: (depth === 1 ? ARRIVING : depth) + 0.5,
      xTicks: depth === 1 ? [1, ARRIVING] : wholeTicks(depth, Math.max(3, Math.min(20, Math.floor(layout.width / 34)))),
    },
    points: rows.filter(({ k }) => k === 'line' || k === 'measured').length,
  };
}

const layersOf = ({ prediction }: CandidateFlow): number => prediction.layers.length;

const isSingle = (lines: readonly FlowLine[]): boolean => lines[0]?.flow.prediction.layers.length === 1;

const titles: Record<FlowMeasure, string> = {
  delta: 'Gradient size per layer, ‖δ‖ relative to the last',
  kernel: 'Kernel gradient per layer, ‖∂C/∂W‖ relative to the last',
};

const titleOf = (lines: readonly FlowLine[], measure: FlowMeasure): string =>
  isSingle(lines) ? titles[measure].replace('to the last', 'to what arrives') : titles[measure];

/** Each line's text in a row of its own, and on the side that has room. */
const eachBelow: PlotSpec = {
  align: { expr: "datum.x < 0.1 * xMax ? 'left' : 'right'" },
  dx: { expr: 'datum.x < 0.1 * xMax ? 3 : -3' },
  y: { expr: '6 + 13 * datum.line' },
};

/** The plot in Vega-Lite; `alone` for a picture outside the page, with title and legend. */
export function flowSpec(
  lines: readonly FlowLine[],
  measure: FlowMeasure,
  theme: PlotTheme,
  layout: PlotLayout,
  alone = false,
): PlotSpec {
  const x = layerAxis(`isSingle && datum.value === ${ARRIVING} ? 'what arrives' : format(datum.value, 'd')`);
  const y = sizeAxis;
  const detail = { field: 'line', type: 'nominal' };
  const styles = lineStyles(
    lines.map(({ flow }) => flow.name),
    theme.background,
  );
  const labels = lines.map(({ flow }) => flow.label);
  const before = lines.flatMap((line) => line.before ?? []);
  const stylesBefore = before.flatMap(({ name }) => lineStyles([name], theme.background));
  return frame(
    {
      ...(alone ? { title: titleOf(lines, measure), padding: 12 } : {}),
      width: layout.width,
      height: layout.height,
      layer: [
        laneRule(theme),
        {
          transform: [only('band')],
          mark: { type: 'area', opacity: theme.highContrast ? 0.35 : 0.18, clip: true, line: false },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: ownColour, detail },
        },
        {
          transform: [only('best')],
          mark: { type: 'line', color: theme.muted, strokeWidth: 1, clip: true },
          encoding: { x, y: { ...y, field: 'y' }, detail, strokeDash: ownDash },
        },
        {
          transform: [only('before')],
          mark: { type: 'line', strokeWidth: 1.25, opacity: theme.highContrast ? 1 : 0.75, clip: true },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour, detail },
        },
        {
          transform: [only('before mark')],
          mark: { type: 'point', filled: true, fill: theme.canvas, size: 30, strokeWidth: 1.25, opacity: 1 },
          encoding: { x, y: { ...y, field: 'y' }, stroke: ownColour, shape: ownShape },
        },
        {
          transform: [only('line')],
          mark: { type: 'line', strokeWidth: 2.25, strokeDash: [...dots], strokeCap: 'round', clip: true },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour, detail },
        },
        {
          transform: [only('zero')],
          mark: { type: 'rule', strokeWidth: 2.5, strokeDash: [...dots], strokeCap: 'round', clip: true },
          encoding: { x: { ...x, field: 'x1' }, x2: { field: 'x2' }, y: { ...y, field: 'y' }, color: ownColour },
        },
        {
          transform: [only('mark')],
          mark: { type: 'point', filled: true, fill: theme.canvas, size: 42, strokeWidth: 1.5, opacity: 1 },
          encoding: { x, y: { ...y, field: 'y' }, stroke: ownColour, shape: ownShape },
        },
        ...measuredLayers(x),
        brokenLayer(x, theme, eachBelow),
        ...(alone ? [namesLegend([...labels, ...before.map(beforeLabel)], [...styles, ...stylesBefore], x)] : []),
        hoverLayer(x, theme),
      ],
      ...(alone ? { resolve: { scale: { color: 'independent', shape: 'independent' } } } : {}),
    },
    flowData(lines, measure, layout, theme.background).params,
  );
}

/** The plot in words. */
export function describeFlow(lines: readonly FlowLine[], measure: FlowMeasure): string {
  const each = lines.map(({ flow, measured, before }) => {
    const first = predicted(flow, measure)[0];
    if (first === undefined) return `${flow.label}: nothing`;
    const between =
      first.band === undefined ? '' : `, 90 % band ${sizeText(first.band[0])} to ${sizeText(first.band[1])}`;
    const real = measuredPoints(measured, measure)[0];
    const found = real === undefined ? '' : `, measured ${sizeText(real.mean)}`;
    const best = flow.prediction.atBest;
    const [old] = before ? predicted(before, measure) : [];
    const change = before && old ? `; ${beforeLabel(before)} the change ${sizeText(old.value)}` : '';
    const limit = measure === 'delta' && best ? `, at best ${sizeText(best.value)}` : '';
    return `${flow.label}: ${hiddenLayerInWords(1, flow.phis.length)} predicted ${sizeText(first.value)}${between}${found}${limit}${change}`;
  });
  return `${titleOf(lines, measure)}, logarithmic. ${each.join('; ')}.`;
}
