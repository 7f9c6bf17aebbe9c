import type { Model } from '../model/model';
import type { GraphFlow, KnownFlow } from '../theory/graph';
import { isUnknownFlow } from '../theory/graph';
import { labelOf } from '../theory/graphForward';
import type { FlowMeasure } from './flow';
import {
  dots,
  drawnOrNull,
  isDrawn,
  laneRule,
  layerAxis,
  measuredLayers,
  namesLegend,
  ownColour,
  ownShape,
  sizeAxis,
  sizeAxisParams,
  sizeText,
  steppedAxis,
  wholeTicks,
} from './flowParts';
import { activationStyle } from './palette';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import { brokenLayer, frame, hoverLayer, only } from './spec';

/**
 * How large the gradient is at each hidden layer of a model: predicted and measured, and where nothing is known of it.
 * Each layer has the colour and the marker of its activation.
 */

/** A hidden layer as the plot shows it; `modelLayers` gives them. */
export interface ModelPoint {
  readonly name: string;
  readonly phi: { readonly name: string; readonly label: string } | undefined;
  readonly predicted: KnownFlow['layers'][number] | undefined;
  readonly measured: { readonly [measure in 'delta' | 'kernelGradient']: MeasuredBar | undefined } | undefined;
}

interface MeasuredBar {
  readonly typical: number;
  readonly low: number;
  readonly high: number;
}

export interface ModelFlowInput {
  readonly layers: readonly ModelPoint[];
  /** ‖δ‖ or ‖∂C/∂W‖ of the same layers before the latest changes, by layer; undefined where there are none. */
  readonly before: readonly (number | undefined)[] | undefined;
  /** From which step on nothing is known: "`mixing`"; undefined where all is known. */
  readonly unknownFrom: string | undefined;
}

/** What the region behind an unknown step is called. */
export const unknownFrom = (model: Model, flow: GraphFlow): string | undefined =>
  isUnknownFlow(flow) ? (flow.from === undefined ? 'here' : labelOf(model.nodes[flow.from]!)) : undefined;

/** The prediction at a layer; kernels have no band. */
const predictedOf = ({ predicted }: ModelPoint, measure: FlowMeasure): number | undefined =>
  measure === 'delta' ? predicted?.delta : predicted?.kernelGradient;

const bandOf = ({ predicted }: ModelPoint, measure: FlowMeasure): readonly [number, number] | undefined =>
  measure === 'delta' ? predicted?.band : undefined;

const measuredOf = ({ measured }: ModelPoint, measure: FlowMeasure): MeasuredBar | undefined =>
  measured?.[measure === 'delta' ? 'delta' : 'kernelGradient'];

function* axisValues({ layers, before }: ModelFlowInput, measure: FlowMeasure): Generator<number> {
  for (const value of before ?? []) if (value !== undefined) yield value;
  for (const layer of layers) {
    yield* bandOf(layer, measure) ?? [];
    const value = predictedOf(layer, measure);
    if (value !== undefined) yield value;
    const bar = measuredOf(layer, measure);
    if (bar !== undefined) yield* [bar.typical, bar.low, bar.high];
  }
}

/** As many markers as a line carries before they touch. */
const MARKERS = 40;
/** Pixels of a letter of a label. */
const LETTER = 6.2;
const LONGEST_NAME = 14;

const shortened = (name: string): string => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

/** Names where there is room for them, else numbers. */
function xTicks(layers: readonly ModelPoint[], width: number): { values: number[]; labels: string[] } {
  const names = layers.map(({ name }) => shortened(name));
  const longest = Math.max(...names.map(({ length }) => length));
  if (LETTER * longest + 8 <= width / layers.length) return { values: names.map((_, i) => i + 1), labels: names };
  const values = wholeTicks(layers.length, Math.max(3, Math.min(20, Math.floor(width / 34))));
  return { values, labels: values.map(String) };
}

/** What the region of unknown layers says, and on which side of its edge there is room for it. */
function unknownRows({ layers, unknownFrom: from }: ModelFlowInput, width: number): PlotRow[] {
  const first = layers.findIndex(({ predicted }) => predicted === undefined);
  if (from === undefined || first < 0) return [];
  const end = layers.length + 0.5;
  const t = `unknown from ${from.replaceAll('`', '')} on`;
  const room = LETTER * t.length + 8;
  const edge = (width * first) / layers.length;
  const side = width - edge >= room ? 'left' : edge >= room ? 'right' : undefined;
  return [
    { i: 'unknown', k: 'unknown', x1: first + 0.5, x2: end },
    ...(side === undefined ? [] : [{ i: 'unknown text', k: `unknown ${side}`, x: first + 0.5, t }]),
  ];
}

function layerRows(
  layer: ModelPoint,
  l: number,
  measure: FlowMeasure,
  background: PlotTheme['background'],
  zeroAt: number,
  marked: boolean,
): PlotRow[] {
  const { shape, ...colours } = activationStyle(layer.phi?.name ?? 'linear');
  const x = l + 1;
  const own = { n: layer.phi?.label ?? 'no activation', c: colours[background], s: shape, x };
  const value = predictedOf(layer, measure);
  const band = bandOf(layer, measure);
  const bar = measuredOf(layer, measure);
  const at = (size: number) => (size === 0 ? zeroAt : drawnOrNull(size));
  const rows: PlotRow[] = [];
  if (value !== undefined) {
    rows.push({ i: `line ${l}`, k: 'line', ...own, y: at(value) });
    if (!Number.isFinite(value)) rows.push({ i: `broken ${l}`, k: 'broken', ...own, t: sizeText(value) });
    else if (marked) rows.push({ i: `mark ${l}`, k: 'mark', ...own, y: at(value) });
  }
  if (band?.every(isDrawn)) rows.push({ i: `band ${l}`, k: 'band', x, low: band[0], high: band[1] });
  if (bar !== undefined && marked)
    rows.push({
      i: `measured ${l}`,
      k: 'measured',
      ...own,
      y: at(bar.typical),
      low: at(bar.low),
      high: at(bar.high),
    });
  return rows;
}

function hoverRow(layer: ModelPoint, l: number, { layers, before }: ModelFlowInput, measure: FlowMeasure): PlotRow {
  const value = predictedOf(layer, measure);
  const band = bandOf(layer, measure);
  const bar = measuredOf(layer, measure);
  const old = before?.[l];
  const between = (low: number, high: number) => ` (${sizeText(low)} to ${sizeText(high)})`;
  return {
    i: `hover ${l}`,
    k: 'hover',
    x1: l + 0.5,
    x2: l + 1.5,
    tip: {
      layer: `${layer.name} (${l + 1} of ${layers.length})`,
      activation: layer.phi?.label ?? 'none',
      predicted: value === undefined ? 'unknown' : `${sizeText(value)}${band === undefined ? '' : between(...band)}`,
      ...(bar === undefined ? {} : { measured: `${sizeText(bar.typical)}${between(bar.low, bar.high)}` }),
      ...(old === undefined ? {} : { before: sizeText(old) }),
    },
  };
}

/** Rows and parameters for the model as it is. */
export function modelFlowData(
  input: ModelFlowInput,
  measure: FlowMeasure,
  layout: PlotLayout,
  background: PlotTheme['background'],
): PlotData {
  const { layers, before } = input;
  const axis = steppedAxis(axisValues(input, measure));
  const step = Math.ceil(layers.length / MARKERS);
  const rows = [
    ...unknownRows(input, layout.width),
    ...(before ?? []).map((value, l): PlotRow => {
      const y = value === undefined ? null : value === 0 ? axis.zeroAt : drawnOrNull(value);
      return { i: `before ${l}`, k: 'before', x: l + 1, y };
    }),
    ...layers.flatMap((layer, l) => layerRows(layer, l, measure, background, axis.zeroAt, l % step === 0)),
  ];
  const along = xTicks(layers, layout.width);
  return {
    rows: [...rows, ...layers.map((layer, l) => hoverRow(layer, l, input, measure))],
    params: {
      ...sizeAxisParams(axis, layout.height < 200 ? 5 : 7),
      xMax: layers.length + 0.5,
      xTicks: along.values,
      xLabels: along.labels,
    },
    points: rows.filter(({ k }) => k === 'line' || k === 'measured').length,
  };
}

const titles: Record<FlowMeasure, string> = {
  delta: 'Gradient size per layer, ‖δ‖ relative to the last hidden layer',
  kernel: 'Kernel gradient per layer, ‖∂C/∂W‖ relative to the last hidden layer',
};

/** The activations of the layers that are drawn, in the order in which they first come. */
export function activationsOf(layers: readonly ModelPoint[]): { name: string; label: string }[] {
  const found = new Map<string, { name: string; label: string }>();
  for (const { phi, predicted } of layers) {
    if (predicted === undefined) continue;
    const each = phi ?? { name: 'linear', label: 'no activation' };
    if (!found.has(each.label)) found.set(each.label, { name: each.name, label: each.label });
  }
  return [...found.values()];
}

/** The plot in Vega-Lite; `alone` for a picture outside the page, with title and legend. */
export function modelFlowSpec(
  input: ModelFlowInput,
  measure: FlowMeasure,
  theme: PlotTheme,
  layout: PlotLayout,
  alone = false,
): PlotSpec {
  const x = layerAxis('xLabels[indexof(xTicks, datum.value)]');
  const y = sizeAxis;
  const activations = activationsOf(input.layers);
  const styles = activations.map(({ name }) => {
    const { shape, ...colours } = activationStyle(name);
    return { c: colours[theme.background], s: shape };
  });
  const unknownText = (side: 'left' | 'right') => ({
    transform: [only(`unknown ${side}`)],
    mark: { type: 'text', align: side, dx: side === 'left' ? 6 : -6, baseline: 'top', color: theme.foreground },
    encoding: { x, y: { value: 6 }, text: { field: 't' } },
  });
  return frame(
    {
      ...(alone ? { title: titles[measure], padding: 12 } : {}),
      width: layout.width,
      height: layout.height,
      layer: [
        laneRule(theme),
        {
          transform: [only('unknown')],
          mark: theme.highContrast
            ? { type: 'rect', fillOpacity: 0, stroke: theme.foreground, strokeDash: [4, 4] }
            : { type: 'rect', color: theme.muted, opacity: 0.16 },
          encoding: { x: { ...x, field: 'x1' }, x2: { field: 'x2' }, y: { value: 0 }, y2: { value: 'height' } },
        },
        unknownText('left'),
        unknownText('right'),
        {
          transform: [only('band')],
          mark: { type: 'area', opacity: theme.highContrast ? 0.35 : 0.2, clip: true, line: false, color: theme.muted },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          transform: [only('before')],
          mark: { type: 'line', color: theme.muted, strokeWidth: 1, clip: true },
          encoding: { x, y: { ...y, field: 'y' } },
        },
        {
          transform: [only('line')],
          mark: {
            type: 'line',
            color: theme.foreground,
            strokeWidth: 2.25,
            strokeDash: [...dots],
            strokeCap: 'round',
            clip: true,
          },
          encoding: { x, y: { ...y, field: 'y' } },
        },
        {
          transform: [only('mark')],
          mark: { type: 'point', filled: true, fill: theme.canvas, size: 52, strokeWidth: 1.75, opacity: 1 },
          encoding: { x, y: { ...y, field: 'y' }, stroke: ownColour, shape: ownShape },
        },
        ...measuredLayers(x),
        brokenLayer(x, theme),
        ...(alone
          ? [
              namesLegend(
                activations.map(({ label }) => label),
                styles,
                x,
              ),
            ]
          : []),
        hoverLayer(x, theme),
      ],
      ...(alone ? { resolve: { scale: { color: 'independent', shape: 'independent' } } } : {}),
    },
    modelFlowData(input, measure, layout, theme.background).params,
  );
}

/** The plot in words. */
export function describeModelFlow(input: ModelFlowInput, measure: FlowMeasure): string {
  const { layers, unknownFrom: from } = input;
  const first = layers[0];
  const value = first && predictedOf(first, measure);
  const bar = first && measuredOf(first, measure);
  const parts = [
    first === undefined
      ? 'There is no hidden layer'
      : `First of ${layers.length} hidden layers, ${first.name}: ${value === undefined ? 'not predicted' : `predicted ${sizeText(value)}`}`,
    ...(bar === undefined ? [] : [`measured ${sizeText(bar.typical)}`]),
    ...(from === undefined ? [] : [`unknown from ${from.replaceAll('`', '')} on`]),
  ];
  return `${titles[measure]}, logarithmic. ${parts.join('; ')}.`;
}
