import { activation as catalogueEntry } from '../activations/catalogue';
import { capital } from '../format/cases';
import { formatPercent } from '../format/numbers';
import { axes, valueInWords } from '../sweeps/axes';
import { curvesOf, measures, predictedArrival, type SweepCurve, type SweepMeasure } from '../sweeps/curves';
import { groupsOf, type SweepGroup, type SweepPlan } from '../sweeps/plan';
import type { SweepResult } from '../sweeps/result';
import {
  dots,
  drawnOrNull,
  laneRule,
  lineStyles,
  namesLegend,
  ownColour,
  ownDash,
  ownShape,
  sizeAxis,
  sizeAxisParams,
  sizeText,
  steppedAxis,
} from './flowParts';
import { runDash } from './palette';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import { frame, hoverLayer, only } from './spec';

/** A sweep's plot: a measure along the first setting, a line for each activation and second value, a band over the seeds. */

/** What is drawn: the sweep so far. */
export interface SweepPlot {
  readonly plan: SweepPlan;
  readonly results: ReadonlyMap<string, SweepResult>;
  readonly measure: SweepMeasure;
}

interface Line {
  readonly name: string;
  readonly activation: string;
  /** Place of the second value among its axis's, from 0. */
  readonly group: number;
  readonly curve: SweepCurve;
  /** By the place along the axis; only of what the theory says something of. */
  readonly predicted: readonly (number | undefined)[];
}

/** An activation along which a sweep goes has no line of its own: all stand on one, which is drawn as the first of them. */
const styledAs = ({ activation, points }: SweepCurve): string => activation || String(points[0]?.at ?? '');

function linesOf({ plan, results, measure }: SweepPlot): Line[] {
  const second = plan.axes[1];
  const groups = groupsOf(plan);
  return curvesOf(plan, results, measure).map((curve) => {
    const names = [
      ...(curve.activation === '' ? [] : [catalogueEntry(curve.activation).label]),
      ...(curve.second === undefined ? [] : [`${second!.setting} ${valueInWords(second!.setting, curve.second)}`]),
    ];
    return {
      name: names.join(', ') || measures[measure].label,
      activation: styledAs(curve),
      group: curve.second === undefined ? 0 : second!.values.indexOf(curve.second),
      curve,
      predicted: measure === 'arrives' ? predictionsOf(groups, curve) : [],
    };
  });
}

/** The seed decides nothing of a prediction: the first network of a group stands for all. Groups and places have one order. */
const predictionsOf = (groups: readonly SweepGroup[], { activation, second }: SweepCurve): (number | undefined)[] =>
  groups
    .filter(({ values, activation: own }) => (activation === '' || own === activation) && values[1] === second)
    .map(({ points }) => predictedArrival(points[0]!));

/** Where the values of the first axis stand: numbers at their size, or its logarithm; names one after the other. */
function placesOf({ axes: [along] }: SweepPlan): number[] {
  const { setting, values } = along!;
  const axis = axes[setting];
  if (axis.kind === 'name') return values.map((_, i) => i);
  return values.map((value) => (axis.spacing === 'equal ratios' ? Math.log10(Number(value)) : Number(value)));
}

/** As far as a strip reaches to both sides of its place, and an axis beyond its ends. */
function halfSteps(places: readonly number[]): readonly (readonly [number, number])[] {
  const sorted = [...places].sort((a, b) => a - b);
  const end = sorted.length < 2 ? 0.5 : (sorted.at(-1)! - sorted[0]!) / (sorted.length - 1) / 2;
  return places.map((place) => {
    const i = sorted.indexOf(place);
    const before = i === 0 ? place - end : (sorted[i - 1]! + place) / 2;
    const after = i === sorted.length - 1 ? place + end : (sorted[i + 1]! + place) / 2;
    return [before, after] as const;
  });
}

/** Pixels of a label of the axis, letter by letter. */
const LETTER = 7;

/** The values that have room for a label, the first and the last among them. */
function labelled(labels: readonly string[], width: number): number[] {
  const room = Math.max(2, Math.floor(width / (12 + LETTER * Math.max(...labels.map(({ length }) => length)))));
  const step = Math.ceil((labels.length - 1) / Math.max(1, room - 1)) || 1;
  return labels.map((_, i) => i).filter((i) => i % step === 0);
}

const labelsOf = ({ axes: [along] }: SweepPlan): string[] =>
  along!.values.map((value) => valueInWords(along!.setting, value));

/** Whether names stand aslant, since they have no room beside each other. */
const isSlanted = (plan: SweepPlan, { width }: PlotLayout): boolean =>
  axes[plan.axes[0]!.setting].kind === 'name' && labelled(labelsOf(plan), width).length < plan.axes[0]!.values.length;

/** Pixels of a name that stands aslant; a longer one is cut. */
const SLANTED = { labelAngle: -35, labelAlign: 'right', labelLimit: 140 } as const;

const shareAxis = {
  type: 'quantitative',
  scale: { domain: [0, 1], nice: false },
  axis: {
    title: null,
    values: [0, 0.25, 0.5, 0.75, 1],
    labelExpr: "format(100 * datum.value, 'd') + ' %'",
    minExtent: 40,
    maxExtent: 40,
    grid: true,
  },
} as const;

const isShare = (measure: SweepMeasure): boolean => measure === 'accuracy';
const textOf = (measure: SweepMeasure, x: number): string => (isShare(measure) ? formatPercent(x) : sizeText(x));

/** Rows and parameters of the sweep so far. */
export function sweepData(plot: SweepPlot, layout: PlotLayout, background: PlotTheme['background']): PlotData {
  const { plan, measure } = plot;
  const lines = linesOf(plot);
  const places = placesOf(plan);
  const strips = halfSteps(places);
  const axis = steppedAxis(isShare(measure) ? [] : valuesOf(lines));
  const styles = lineStyles(
    lines.map(({ activation }) => activation),
    background,
  );
  const at = (x: number): number | null => (isShare(measure) ? x : x === 0 ? axis.zeroAt : drawnOrNull(x));
  const rows = lines.flatMap((line, l): PlotRow[] => {
    const { c, s } = styles[l]!;
    const own = { n: line.name, line: l, c, s, d: runDash(line.group) };
    const measured = line.curve.points.flatMap(({ at: _, band }, i): PlotRow[] => {
      if (band === undefined) return [];
      const x = places[i]!;
      const rows: PlotRow[] = [
        { i: `line ${l} ${i}`, k: 'line', ...own, x, y: at(band.median) },
        { i: `mark ${l} ${i}`, k: 'mark', ...own, x, y: at(band.median) },
      ];
      if (band.min < band.max)
        rows.push({ i: `band ${l} ${i}`, k: 'band', ...own, x, low: at(band.min), high: at(band.max) });
      return rows;
    });
    const expected = line.predicted.flatMap((value, i): PlotRow[] =>
      value === undefined ? [] : [{ i: `predicted ${l} ${i}`, k: 'predicted', ...own, x: places[i]!, y: at(value) }],
    );
    return [...expected, ...measured];
  });
  const labels = labelsOf(plan);
  // Of names none can be read off its neighbours.
  const ticks = isSlanted(plan, layout) ? labels.map((_, i) => i) : labelled(labels, layout.width);
  return {
    rows: [...rows, ...hoverRows(plot, lines, strips, labels)],
    params: {
      ...sizeAxisParams(axis, layout.height < 200 ? 5 : 7),
      xMin: Math.min(...strips.map(([from]) => from)),
      xMax: Math.max(...strips.map(([, to]) => to)),
      xTicks: ticks.map((i) => places[i]!),
      xLabels: ticks.map((i) => labels[i]!),
    },
    points: rows.filter(({ k }) => k === 'mark').length,
  };
}

function* valuesOf(lines: readonly Line[]): Generator<number> {
  for (const { curve, predicted } of lines) {
    for (const { band } of curve.points) if (band) yield* [band.min, band.max];
    for (const value of predicted) if (value !== undefined) yield value;
  }
}

/** A strip for each place that tells the numbers of every line there. */
function hoverRows(
  { plan, measure }: SweepPlot,
  lines: readonly Line[],
  strips: readonly (readonly [number, number])[],
  labels: readonly string[],
): PlotRow[] {
  return labels.map((label, i): PlotRow => {
    const tip: Record<string, string> = { [axes[plan.axes[0]!.setting].label]: label };
    for (const { name, curve, predicted } of lines) {
      const { band, seeds, planned } = curve.points[i]!;
      if (band !== undefined) {
        const between = band.min === band.max ? '' : ` (${textOf(measure, band.min)} to ${textOf(measure, band.max)})`;
        const so = seeds === planned ? '' : `, ${seeds} of ${planned} seeds`;
        tip[name] = `${textOf(measure, band.median)}${between}${so}`;
      }
      const expected = predicted[i];
      if (expected !== undefined) tip[`${name}, predicted`] = textOf(measure, expected);
    }
    const [x1, x2] = strips[i]!;
    return { i: `hover ${i}`, k: 'hover', x1, x2, tip };
  });
}

/** The plot in Vega-Lite; `alone` for a picture outside the page, with title and legend. */
export function sweepSpec(plot: SweepPlot, theme: PlotTheme, layout: PlotLayout, alone = false): PlotSpec {
  const { plan, measure } = plot;
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: { expr: '[xMin, xMax]' }, nice: false, zero: false },
    axis: {
      title: axes[plan.axes[0]!.setting].label,
      titlePadding: 2,
      values: { expr: 'xTicks' },
      labelExpr: 'xLabels[indexof(xTicks, datum.value)]',
      ...(isSlanted(plan, layout) ? SLANTED : { labelFlush: 10, labelLimit: 0 }),
    },
  } as const;
  const y = isShare(measure) ? shareAxis : sizeAxis;
  const detail = { field: 'line', type: 'nominal' };
  const lines = linesOf(plot);
  const styles = lineStyles(
    lines.map(({ activation }) => activation),
    theme.background,
  );
  return frame(
    {
      ...(alone ? { title: sweepTitle(plot), padding: 12 } : {}),
      width: layout.width,
      height: layout.height,
      layer: [
        ...(isShare(measure) ? [] : [laneRule(theme)]),
        {
          transform: [only('band')],
          mark: { type: 'area', opacity: theme.highContrast ? 0.35 : 0.18, clip: true, line: false },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: ownColour, detail },
        },
        {
          transform: [only('predicted')],
          mark: { type: 'line', strokeWidth: 2, strokeDash: [...dots], strokeCap: 'round', clip: true },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour, detail },
        },
        {
          transform: [only('line')],
          mark: { type: 'line', strokeWidth: 1.75, clip: true },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour, detail, strokeDash: ownDash },
        },
        {
          transform: [only('mark')],
          mark: { type: 'point', filled: true, size: 42, opacity: 1 },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour, shape: ownShape },
        },
        ...(alone && lines.length > 1
          ? [
              namesLegend(
                lines.map(({ name }) => name),
                styles,
                x,
                y,
              ),
            ]
          : []),
        hoverLayer(x, theme),
      ],
      ...(alone ? { resolve: { scale: { color: 'independent', shape: 'independent' } } } : {}),
    },
    sweepData(plot, layout, theme.background).params,
  );
}

/** "test accuracy along hidden layers". */
export const sweepTitle = ({ plan, measure }: SweepPlot): string =>
  capital(`${measures[measure].label} along ${plan.axes.map(({ setting }) => axes[setting].label).join(' and ')}`);

/** The plot in words: where each line begins and ends. */
export function describeSweep(plot: SweepPlot): string {
  const { plan, measure } = plot;
  const { setting } = plan.axes[0]!;
  const each = linesOf(plot).map(({ name, curve }) => {
    const known = curve.points.filter(({ band }) => band !== undefined);
    if (known.length === 0) return `${name}: nothing yet`;
    const said = (known.length === 1 ? known : [known[0]!, known.at(-1)!]).map(
      ({ at, band }) => `${textOf(measure, band!.median)} at ${valueInWords(setting, at)}`,
    );
    return `${name}: ${said.join(', ')}`;
  });
  return `${sweepTitle(plot)}. ${each.join('; ')}.`;
}
