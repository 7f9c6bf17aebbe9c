import type { CandidateFlow } from '../advice/calculate';
import type { FlowConfig } from '../calculation/config';
import { DIGIT_PIXELS, inputsOf } from '../calculation/inputs';
import { kernelName } from '../calculation/predict';
import { formatInteger, formatTable } from '../format/numbers';
import { layersInWords } from '../format/widths';
import { framework } from '../frameworks/all';
import { flowCommandUri } from '../links/flowArgument';
import type { MeasuredFlow } from '../theory/measured';
import { flowVerdictWord } from '../verdicts/predicted';
import { meaning } from '../words/glossary';
import { csvOf, escaped } from './escape';

/** A calculation as a table: a row for each hidden layer. */

export interface FlowColumn {
  readonly id:
    | 'layer'
    | 'units'
    | 'mean'
    | 'q'
    | 'chi'
    | 'best'
    | 'delta'
    | 'low'
    | 'high'
    | 'kernel'
    | 'measured'
    | 'spread'
    | 'measuredKernel';
  readonly title: string;
  /** What the column holds, in words. */
  readonly hint: string;
}

/** Results first: where a table is cut off, what they come from is. */
const columns: readonly FlowColumn[] = [
  { id: 'layer', title: 'hidden', hint: 'hidden layer, from the input' },
  { id: 'units', title: 'units', hint: 'width of the layer' },
  {
    id: 'delta',
    title: '‖δ‖',
    hint: `predicted: ${meaning('delta')}, of the typical network, relative to the last hidden layer`,
  },
  { id: 'measured', title: 'measured ‖δ‖', hint: 'median over the drawn networks' },
  { id: 'spread', title: '×/÷', hint: 'geometric standard deviation over the drawn networks' },
  { id: 'low', title: '5 %', hint: 'lower end of the 90 % band of ‖δ‖' },
  { id: 'high', title: '95 %', hint: 'upper end of the 90 % band of ‖δ‖' },
  {
    id: 'kernel',
    title: '‖∂C/∂W‖',
    hint: `predicted: ${meaning('kernelGradient')}, of the typical network, relative to the last hidden layer`,
  },
  { id: 'measuredKernel', title: 'measured ‖∂C/∂W‖', hint: 'median over the drawn networks' },
  {
    id: 'best',
    title: 'at best',
    hint: 'what could arrive over the same steps with every slope at its largest; empty where that bounds nothing',
  },
  { id: 'chi', title: 'χ', hint: meaning('chi') },
  { id: 'mean', title: 'm', hint: `predicted: ${meaning('mean')}` },
  { id: 'q', title: 'q', hint: `predicted: ${meaning('q')}` },
];

const ofMeasurement = new Set<FlowColumn['id']>(['measured', 'spread', 'measuredKernel']);

/** The columns of a table; those of a measurement only where there is one. */
export const flowColumns = (measured: boolean): readonly FlowColumn[] =>
  columns.filter(({ id }) => measured || !ofMeasurement.has(id));

/** The numbers of one candidate, by layer, in the order of {@link flowColumns}; undefined where there is none. */
export function flowRows(
  flow: CandidateFlow,
  measured: MeasuredFlow | undefined,
  withMeasured = measured !== undefined,
): (number | undefined)[][] {
  const shown = flowColumns(withMeasured);
  return flow.prediction.layers.map((at, l) => {
    const found = measured?.layers[l];
    const cells: Record<FlowColumn['id'], number | undefined> = {
      layer: at.layer,
      units: flow.stack.layers[l]!.fanOut,
      delta: at.delta,
      measured: found?.delta.typical,
      spread: found?.delta.spread,
      low: at.band[0],
      high: at.band[1],
      kernel: at.kernelGradient,
      measuredKernel: found?.kernelGradient.typical,
      best: at.atBest?.value,
      chi: at.chi,
      mean: at.mean,
      q: at.q,
    };
    return shown.map(({ id }) => cells[id]);
  });
}

/** Cells as text; a dash where there is no number. */
export const flowCells = (row: readonly (number | undefined)[]): string[] =>
  row.map((x, i) => (x === undefined ? '–' : i < 2 ? String(x) : formatTable(x)));

export interface FlowReport {
  readonly config: FlowConfig;
  readonly flows: readonly CandidateFlow[];
  /** By candidate; empty before a measurement. */
  readonly measured: readonly MeasuredFlow[];
}

/** What was calculated, in one line: all that the activations have in common. */
export function flowSettings(config: FlowConfig): string {
  const { widths, biasStd, normalisation, dropout, residual, inputVariance } = config;
  const inputs = inputsOf(config);
  return [
    layersInWords(widths),
    ...(config.data === 'digits' ? ['on drawn digits'] : []),
    ...(inputs === (config.data === 'digits' ? DIGIT_PIXELS : widths[0])
      ? []
      : [`${formatInteger(inputs)} ${inputs === 1 ? 'input' : 'inputs'}`]),
    framework(config.framework).label,
    kernelName(config),
    ...(biasStd === null ? [] : [`biases of std ${biasStd}`]),
    ...(normalisation === 'none' ? [] : [`${normalisation} normalisation`]),
    ...(dropout === 0 ? [] : [`dropout ${dropout}`]),
    ...(residual ? ['residual'] : []),
    ...(inputVariance === 1 ? [] : [`inputs’ mean square ${inputVariance}`]),
  ].join(' · ');
}

/** Verdicts, a table for each candidate, and a link that opens the calculation again. */
export function flowMarkdown({ config, flows, measured }: FlowReport): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const tables = flows.flatMap((flow, i) => {
    const own = measured[i];
    const head = flowColumns(own !== undefined).map(({ title }) => title.replaceAll('|', '\\|'));
    return [
      `**${escaped(flow.label)}** (${flowVerdictWord(flow.verdict.kind)}): ${escaped(flow.verdict.text)}`,
      '',
      line(head),
      line(head.map(() => '---:')),
      ...flowRows(flow, own).map((row) => line(flowCells(row))),
      '',
    ];
  });
  return [...tables, `${escaped(flowSettings(config))}. [Open in the calculator](${flowCommandUri(config)})`, ''].join(
    '\n',
  );
}

/** RFC 4180, every digit: a row for each layer of each candidate. */
export function flowCsv({ flows, measured }: FlowReport): string {
  const withMeasured = measured.length > 0;
  const head = ['activation', ...flowColumns(withMeasured).map(({ title }) => title)];
  const rows = flows.flatMap((flow, i) =>
    flowRows(flow, measured[i], withMeasured).map((row) => [
      flow.label,
      ...row.map((x) => (x === undefined ? '' : String(x))),
    ]),
  );
  return csvOf([head, ...rows]);
}
