import type { Activation } from '../activations/catalogue';
import { modelSentence } from '../advice/modelSentence';
import { formatInteger, formatTable } from '../format/numbers';
import { framework } from '../frameworks/all';
import { isKnown, libraryLabels, type Model, type Shape } from '../model/model';
import { inferShapes } from '../model/shapes';
import { activationAfter, type GraphFlow, hiddenLayers, isUnknownFlow, type KnownFlow } from '../theory/graph';
import { flowContext, functionOf } from '../theory/graphForward';
import type { MeasuredSize } from '../theory/measured';
import type { MeasuredPlan } from '../theory/measuredPlan';
import { modelVerdict } from '../verdicts/model';
import { flowVerdictWord } from '../verdicts/predicted';
import { meaning } from '../words/glossary';
import { csvOf, escaped } from './escape';

/** A model's flow as a table: a row for each hidden layer, those of which nothing is known among them. */

/** A hidden layer of a model, with what is known of its gradient. */
export interface ModelLayer {
  /** From 1, in the order in which they can be computed. */
  readonly number: number;
  /** The step with the kernel. */
  readonly node: number;
  /** As the code calls it, else what it is. */
  readonly name: string;
  readonly kind: string;
  /** Without the batch, channels last. */
  readonly shape: Shape | undefined;
  /** The activation that follows, as its framework computes it; undefined for none, and for one that is not known. */
  readonly phi: Activation | undefined;
  /** Undefined where nothing is predicted: an unknown layer comes before it. */
  readonly predicted: KnownFlow['layers'][number] | undefined;
  /** Relative to the last hidden layer, as what is predicted. */
  readonly measured:
    | { readonly delta: MeasuredSize | undefined; readonly kernelGradient: MeasuredSize | undefined }
    | undefined;
}

/** The flow that is known: of all hidden layers, or of those before the first step of which nothing is known. */
export const knownPart = (flow: GraphFlow): KnownFlow | undefined => (isUnknownFlow(flow) ? flow.before : flow);

/** The hidden layers of a model, those of the flow and those behind an unknown step. */
export function modelLayers(model: Model, flow: GraphFlow, measured: MeasuredPlan | undefined): ModelLayer[] {
  const context = flowContext(model);
  const shapes = inferShapes(model.nodes);
  const predicted = new Map(knownPart(flow)?.layers.map((layer) => [layer.node, layer]));
  const found = new Map(measured?.layers.map((layer) => [layer.node, layer.toLast]));
  const hidden = hiddenLayers(model);
  return hidden.map((node, i): ModelLayer => {
    const { operation, name, type } = model.nodes[node]!;
    const own = found.get(node);
    return {
      number: i + 1,
      node,
      name: name ?? type,
      kind: operation.kind,
      shape: shapes[node],
      phi: phiOf(activationAfter(context, node)),
      predicted: predicted.get(node),
      measured: own && { delta: own.delta, kernelGradient: own.kernelGradient },
    };
  });
}

const phiOf = (node: ReturnType<typeof activationAfter>): Activation | undefined =>
  node?.operation.kind === 'activation' ? functionOf(node.operation.activation) : undefined;

/** "28 × 28 × 16", with a question mark for what is not known. */
export const shapeText = (shape: Shape | undefined, between = ' × '): string =>
  shape?.map((size) => (isKnown(size) ? String(size) : '?')).join(between) ?? '?';

/** "PyTorch", "Equinox": what a model is written in, as its makers write it. */
export const writtenIn = ({ framework: id, library }: Model): string =>
  library === undefined ? framework(id).label : libraryLabels[library];

/** "small · PyTorch · 3 hidden layers · input 14 × 14 × 1" */
export function modelSettings(model: Model): string {
  const { name, inputShape } = model;
  const hidden = hiddenLayers(model).length;
  const input = inputShape === undefined ? 'input not known' : `input ${shapeText(inputShape)}`;
  return `${name} · ${writtenIn(model)} · ${formatInteger(hidden)} hidden ${hidden === 1 ? 'layer' : 'layers'} · ${input}`;
}

export interface ModelColumn {
  readonly id: string;
  readonly title: string;
  /** What the column holds, in words. */
  readonly hint: string;
  /** Text stands at the left. */
  readonly isText?: boolean;
  readonly ofMeasurement?: boolean;
  readonly cell: (layer: ModelLayer) => string | number | undefined;
}

const columns: readonly ModelColumn[] = [
  { id: 'layer', title: 'layer', hint: 'as the code calls it', isText: true, cell: ({ name }) => name },
  { id: 'kind', title: 'kind', hint: 'what the layer is', isText: true, cell: ({ kind }) => kind },
  {
    id: 'output',
    title: 'output',
    hint: 'its shape without the batch, channels last',
    cell: ({ shape }) => shapeText(shape, '×'),
  },
  {
    id: 'delta',
    title: '‖δ‖',
    hint: `predicted: ${meaning('delta')}, of the typical network, relative to the last hidden layer`,
    cell: ({ predicted }) => predicted?.delta,
  },
  {
    id: 'measured',
    title: 'measured ‖δ‖',
    hint: 'median over the drawn networks',
    ofMeasurement: true,
    cell: ({ measured }) => measured?.delta?.typical,
  },
  { id: 'low', title: '5 %', hint: 'lower end of the 90 % band of ‖δ‖', cell: ({ predicted }) => predicted?.band[0] },
  { id: 'high', title: '95 %', hint: 'upper end of the 90 % band of ‖δ‖', cell: ({ predicted }) => predicted?.band[1] },
  {
    id: 'kernel',
    title: '‖∂C/∂W‖',
    hint: `predicted: ${meaning('kernelGradient')}, relative to the last hidden layer`,
    cell: ({ predicted }) => predicted?.kernelGradient,
  },
  {
    id: 'measuredKernel',
    title: 'measured ‖∂C/∂W‖',
    hint: 'median over the drawn networks',
    ofMeasurement: true,
    cell: ({ measured }) => measured?.kernelGradient?.typical,
  },
  { id: 'chi', title: 'χ', hint: meaning('chi'), cell: ({ predicted }) => predicted?.chi },
  { id: 'mean', title: 'm', hint: `predicted: ${meaning('mean')}`, cell: ({ predicted }) => predicted?.mean },
  { id: 'q', title: 'q', hint: `predicted: ${meaning('q')}`, cell: ({ predicted }) => predicted?.q },
];

/** The columns of a model's table; those of a measurement only where there is one. */
export const modelColumns = (measured: boolean): readonly ModelColumn[] =>
  columns.filter(({ ofMeasurement }) => measured || ofMeasurement !== true);

/** A cell as text; a dash where there is no number. */
export const modelCell = (value: string | number | undefined, number: (x: number) => string = formatTable): string =>
  value === undefined ? '–' : typeof value === 'string' ? value : number(value);

export interface ModelReport {
  readonly model: Model;
  readonly flow: GraphFlow;
  readonly measured: MeasuredPlan | undefined;
}

/** Verdict, table, and what had to be assumed. */
export function modelMarkdown({ model, flow, measured }: ModelReport): string {
  const shown = modelColumns(measured !== undefined);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${escaped(model.name)}** (${isUnknownFlow(flow) ? 'not predicted' : flowVerdictWord(modelVerdict(flow))}): ${escaped(modelSentence(model, flow).replaceAll('`', ''))}.`,
    '',
    line(shown.map(({ title }) => title.replaceAll('|', '\\|'))),
    line(shown.map(({ isText }) => (isText ? '---' : '---:'))),
    ...modelLayers(model, flow, measured).map((layer) =>
      line(shown.map(({ cell }) => escaped(modelCell(cell(layer))))),
    ),
    '',
    [
      `${escaped(modelSettings(model))}.`,
      ...(knownPart(flow)?.assumptions ?? []).map((each) => escaped(each.replaceAll('`', ''))),
    ].join(' '),
    '',
  ].join('\n');
}

/** RFC 4180, every digit: a row for each hidden layer. */
export function modelCsv({ model, flow, measured }: ModelReport): string {
  const shown = modelColumns(measured !== undefined);
  const rows = modelLayers(model, flow, measured).map((layer) => shown.map(({ cell }) => String(cell(layer) ?? '')));
  return csvOf([shown.map(({ title }) => title), ...rows]);
}
