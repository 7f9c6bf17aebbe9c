import { modelHelp } from '../core/advice/help';
import { graphRemedies } from '../core/advice/modelRemedies';
import { modelSentence } from '../core/advice/modelSentence';
import type { Change } from '../core/advice/remedies/change';
import { effectOf } from '../core/advice/remedies/rank';
import { flowLimits } from '../core/calculation/config';
import { messageOf } from '../core/format/errors';
import { listInWords } from '../core/format/list';
import { formatPlain, formatSentence } from '../core/format/numbers';
import { wrapped } from '../core/format/wrap';
import type { FrameworkId } from '../core/frameworks/framework';
import { formatInitializer } from '../core/initializers/initializer';
import { parseModelText } from '../core/model/json/json';
import { isKnown, type Model, type Shape } from '../core/model/model';
import { networkPlan } from '../core/model/plan/fromModel';
import { toldApart } from '../core/model/toldApart';
import { knownPart, modelCell, modelColumns, modelLayers, modelSettings } from '../core/report/modelTable';
import { type GraphFlow, graphFlow, isUnknownFlow } from '../core/theory/graph';
import type { MeasuredPlan } from '../core/theory/measuredPlan';
import { modelVerdict } from '../core/verdicts/model';
import type { FlowVerdictKind } from '../core/verdicts/predicted';
import { measurePlans } from '../session/measurement';
import { readBytes } from './files';
import { type FlowArguments, finite, interval, type JsonNumber, toNumber } from './flow';
import { footnotes } from './footnotes';
import { launchNodeWorker, readBackendFiles } from './nodeWorkers';
import { UsageError } from './options';
import { print, printJson } from './output';
import { columnsOf } from './progress';
import { textTable } from './table';

/** What goes with a model; the rest describes a stack. */
const withModel: ReadonlySet<string> = new Set(['inputVariance', 'measure', 'seed', 'json', 'wide']);

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Prints what reaches the first hidden layer of a model that a file describes, predicted and, where asked, measured.
 *
 * @param given names of the options that were written
 * @throws UsageError
 */
export async function flowOfModel(file: string, args: FlowArguments, given: readonly string[]): Promise<void> {
  const strange = given.find((name) => !withModel.has(name));
  if (strange !== undefined) {
    throw new UsageError(
      `${flagOf(strange)} describes a stack, and --model gives a whole model; expected one of the two. The file says widths, activations and initialisers itself.`,
    );
  }
  const variance = numberWithin('--input-variance', args.inputVariance, flowLimits.inputVariance);
  const networks = wholeWithin('--measure', args.measure, flowLimits.networks);
  const seed = wholeWithin('--seed', args.seed, flowLimits.seed);
  const model = readModel(file);
  const flow = graphFlow(model, { variance });
  const measured = networks > 0 ? await measureModel(model, networks, seed, variance) : undefined;
  if (args.json) printJson(modelFlowJson(model, flow, measured));
  else print(page(model, flow, measured, columnsOf(process.stdout), args.wide === true));
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function numberWithin(flag: string, text: string, { min, max }: Range): number {
  const value = toNumber(flag, text);
  if (value >= min && value <= max) return value;
  throw new UsageError(`${flag}: ${text} is out of range; expected a number from ${min} to ${max}.`);
}

function wholeWithin(flag: string, text: string, range: Range): number {
  const value = numberWithin(flag, text, range);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`${flag}: ${text} is not whole; expected a whole number from ${range.min} to ${range.max}.`);
}

/** Bytes of a file; a model of 20,000 layers has some 4 MB. */
const LARGEST = 20_000_000;

function readModel(file: string): Model {
  let text: string;
  try {
    text = readBytes(file, LARGEST).toString('utf8');
  } catch (error) {
    throw new UsageError(`--model: "${file}" ${messageOf(error)}`);
  }
  const reading = parseModelText(text);
  if ('problem' in reading) throw new UsageError(`--model: ${file}: ${reading.problem}`);
  return toldApart(reading.model);
}

/** What was measured, or the sentence why not. */
type Measured = MeasuredPlan | { readonly problem: string };

/** Examples that each network sees. */
const BATCH = 16;

async function measureModel(model: Model, draws: number, seed: number, inputVariance: number): Promise<Measured> {
  const planned = networkPlan(model);
  if ('problem' in planned) return { problem: planned.problem };
  const [found] = await measurePlans({
    plans: [planned.plan],
    measurement: { seed, draws, milliseconds: Number.MAX_SAFE_INTEGER, batch: BATCH, inputVariance },
    binaries: readBackendFiles(),
    launch: launchNodeWorker,
  }).result;
  return found!;
}

const isMeasured = (measured: Measured | undefined): measured is MeasuredPlan =>
  measured !== undefined && !('problem' in measured);

/** What `flow --model --json` prints. */
export interface ModelFlowJson {
  readonly name: string;
  readonly framework: FrameworkId;
  /** Predicted ‖δ‖ at the first hidden layer over ‖δ‖ at the last, of the typical (median) network; null where unknown. */
  readonly ratio: JsonNumber;
  /** Holds nine in ten networks. */
  readonly band: readonly [JsonNumber, JsonNumber] | null;
  readonly verdict: FlowVerdictKind | null;
  /** False where something had to be assumed. */
  readonly certain: boolean;
  readonly assumptions: readonly string[];
  /** Why nothing is predicted, and from which layer on; the layers are those before it then. */
  readonly unknown: { readonly reason: string; readonly from: string | null } | null;
  readonly layers: readonly ModelLayerJson[];
  readonly measured:
    | { readonly ratio: JsonNumber; readonly spread: JsonNumber; readonly zeros: number; readonly networks: number }
    | { readonly problem: string }
    | null;
}

interface ModelLayerJson {
  readonly name: string;
  readonly kind: string;
  /** Without the batch, channels last; null for a size that is not known. */
  readonly shape: readonly JsonNumber[] | null;
  readonly q: JsonNumber;
  readonly chi: JsonNumber;
  /** ‖δ‖ here over ‖δ‖ at the last hidden layer. */
  readonly delta: JsonNumber;
  /** ‖∂C/∂W‖ likewise. */
  readonly kernelGradient: JsonNumber;
  /** Medians of what was measured, relative to the last hidden layer as well. */
  readonly measured: { readonly delta: JsonNumber; readonly kernelGradient: JsonNumber } | null;
}

const shapeJson = (shape: Shape | undefined): (number | null)[] | null =>
  shape?.map((size) => (isKnown(size) ? size : null)) ?? null;

const layersJson = (model: Model, flow: GraphFlow, measured: Measured | undefined): ModelLayerJson[] =>
  modelLayers(model, flow, isMeasured(measured) ? measured : undefined).flatMap(
    ({ name, kind, shape, predicted, measured: own }) =>
      predicted === undefined
        ? []
        : [
            {
              name,
              kind,
              shape: shapeJson(shape),
              q: finite(predicted.q),
              chi: finite(predicted.chi),
              delta: finite(predicted.delta),
              kernelGradient: finite(predicted.kernelGradient),
              measured: own
                ? {
                    delta: finite(own.delta?.typical ?? Number.NaN),
                    kernelGradient: finite(own.kernelGradient?.typical ?? Number.NaN),
                  }
                : null,
            },
          ],
  );

export function modelFlowJson(model: Model, flow: GraphFlow, measured: Measured | undefined): ModelFlowJson {
  const { name, framework: id, nodes } = model;
  const unknown = isUnknownFlow(flow);
  const ratio = isMeasured(measured) ? measured.ratio : undefined;
  return {
    name,
    framework: id,
    ratio: unknown ? null : finite(flow.ratio),
    band: unknown ? null : [finite(flow.band[0]), finite(flow.band[1])],
    verdict: unknown ? null : modelVerdict(flow),
    certain: !unknown && flow.certain,
    assumptions: knownPart(flow)?.assumptions ?? [],
    unknown: unknown
      ? {
          reason: flow.unknown,
          from: flow.from === undefined ? null : (nodes[flow.from]!.name ?? nodes[flow.from]!.type),
        }
      : null,
    layers: layersJson(model, flow, measured),
    measured:
      measured === undefined || !isMeasured(measured)
        ? (measured ?? null)
        : ratio === undefined
          ? { problem: 'No gradient was measured at a hidden layer.' }
          : {
              ratio: finite(ratio.typical),
              spread: finite(ratio.spread),
              zeros: ratio.zeros,
              networks: measured.draws,
            },
  };
}

function page(
  model: Model,
  flow: GraphFlow,
  measured: Measured | undefined,
  columns: number | undefined,
  wide: boolean,
): string {
  const part = knownPart(flow);
  const rows: [string, string][] = [];
  if (part) {
    const within = isUnknownFlow(flow) ? 'predicted up to there' : 'predicted first/last ‖δ‖';
    rows.push([within, `${formatSentence(part.ratio)}, nine in ten networks ${interval(...part.band)}`]);
  }
  if (isMeasured(measured) && measured.ratio) {
    const { typical, low, high } = measured.ratio;
    rows.push([`measured on ${measured.draws}`, `${formatSentence(typical)}, nine in ten ${interval(low, high)}`]);
  }
  const width = Math.max(0, ...rows.map(([key]) => key.length));
  const remedies = isUnknownFlow(flow) ? [] : graphRemedies(model, flow).slice(0, 5);
  const sentences = [
    `${modelSentence(model, flow)}${modelHelp(flow, remedies)}.`,
    ...(part?.assumptions ?? []),
    ...(measured && !isMeasured(measured) ? [`Not measured: ${measured.problem}`] : []),
  ];
  const text = [
    modelSettings(model),
    '',
    ...sentences.map((sentence) => wrapped(sentence, columns)),
    '',
    ...rows.map(([key, text]) => wrapped(`${key.padEnd(width)}  ${text}`, columns, ' '.repeat(width + 2))),
    '',
    layerTable(model, flow, isMeasured(measured) ? measured : undefined, columns, wide),
    ...(remedies.length > 0
      ? ['', wrapped('What would help: predicted first/last ‖δ‖ (nine in ten networks)', columns, '  ')]
      : []),
    ...remedies.flatMap((remedy) => [
      wrapped(`  ${remedy.title}: ${effectOf(remedy)} (${interval(...remedy.band)})`, columns, '    '),
      wrapped(`    in the file: ${inFile(remedy.change)}`, columns, '      '),
    ]),
  ].join('\n');
  return [text, footnotes(text, columns)].filter((part) => part !== '').join('\n');
}

/** What a file says for a change. */
const inFile = ({ activation, kernelInitializers = [], normalisation, residual }: Change): string =>
  listInWords([
    ...(activation === undefined ? [] : [`"activation": "${activation}"`]),
    ...[...new Set(kernelInitializers.map(formatInitializer))].map((name) => `"kernel": "${name}"`),
    ...(normalisation === undefined
      ? []
      : [`{ "kind": "normalisation", "over": "${normalisation}" } before each activation`]),
    ...(residual === undefined ? [] : ['{ "kind": "add" } of each layer’s input and output']),
  ]);

function layerTable(
  model: Model,
  flow: GraphFlow,
  measured: MeasuredPlan | undefined,
  columns: number | undefined,
  wide: boolean,
): string {
  const shown = modelColumns(measured !== undefined);
  return textTable(
    shown.map(({ title }) => title),
    modelLayers(model, flow, measured).map((layer) => shown.map(({ cell }) => modelCell(cell(layer), formatPlain))),
    { columns: wide ? undefined : columns, left: shown.filter(({ isText }) => isText).length, more: '--wide' },
  );
}
