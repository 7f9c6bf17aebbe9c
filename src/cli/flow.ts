import { type ActivationName, findActivation } from '../core/activations/catalogue';
import { type CandidateFlow, calculate } from '../core/advice/calculate';
import { remedies } from '../core/advice/flowRemedies';
import { effectOf } from '../core/advice/remedies/rank';
import { type FlowConfig, flowLimits, paperFlow, parseFlowConfig } from '../core/calculation/config';
import { bestCaseProduct } from '../core/explain/flowWords';
import { splitList } from '../core/format/list';
import { createNonce } from '../core/format/nonce';
import { formatPercent, formatPlain, formatSentence, formatTable, superscript } from '../core/format/numbers';
import { readWidths } from '../core/format/widths';
import { wrapped } from '../core/format/wrap';
import { framework } from '../core/frameworks/all';
import { type FrameworkId, frameworkIds, isFrameworkId } from '../core/frameworks/framework';
import { readInitializer } from '../core/frameworks/initializerNames';
import { findSpelling, frameworksWith, meantSpelling } from '../core/frameworks/lookup';
import { resolveSpelling } from '../core/frameworks/resolve';
import { initializerForms } from '../core/initializers/initializer';
import { calculatorHtml, calculatorPartFiles } from '../core/report/calculatorHtml';
import { flowSettings } from '../core/report/flowTable';
import type { MeasuredFlow } from '../core/theory/measured';
import { worthSaying } from '../core/verdicts/predicted';
import { measure } from '../session/measurement';
import { readAsset, targetAt } from './files';
import { commandFor, flowFlags } from './flags';
import { footnotes } from './footnotes';
import { launchNodeWorker } from './nodeWorkers';
import { UsageError } from './options';
import { print, printJson } from './output';
import { columnsOf } from './progress';
import { textTable } from './table';

/** The flow command's options as the command line gives them. */
export interface FlowArguments {
  /** One text for each network that is compared. */
  activation: readonly string[];
  layers?: string;
  width: string;
  inputs?: string;
  init?: string;
  framework: string;
  biasStd?: string;
  norm: string;
  residual?: boolean;
  dropout: string;
  inputVariance: string;
  data: string;
  measure: string;
  seed: string;
  json?: boolean;
  html?: string;
  wide?: boolean;
}

export const flowDefaults: FlowArguments = {
  activation: ['sigmoid'],
  width: '128',
  framework: 'keras',
  norm: 'none',
  dropout: '0',
  inputVariance: '1',
  data: 'gaussian',
  measure: '0',
  seed: '0',
};

const DEFAULT_LAYERS = 10;

/** Prints what reaches the first layer of each stack, calculated and measured. @throws UsageError */
export async function flow(args: FlowArguments): Promise<void> {
  const config = flowConfigFromArguments(args);
  const found = calculate(config);
  const target = args.html === undefined ? undefined : targetAt('--html', args.html);
  const measured = config.networks > 0 ? await measure({ config, launch: launchNodeWorker }).result : [];
  if (args.json) {
    const all = found.map((each, i) => flowJson(each, measured[i]));
    printJson(all.length === 1 ? all[0] : all);
  } else {
    const columns = columnsOf(process.stdout);
    const shown = { columns, wide: args.wide === true };
    const text = found.map((each, i) => page(config, i, each, measured[i], shown)).join('\n\n\n');
    print([text, footnotes(text, columns)].filter((part) => part !== '').join('\n'));
  }
  if (target === undefined) return;
  target.write(pageOf(config));
  if (!args.json) print(`\nPage: ${args.html}`);
}

/** The calculator itself; what it measures costs nobody's time here, so that it does where this command was not asked to. */
function pageOf(config: FlowConfig): string {
  const { script, style, worker } = calculatorPartFiles;
  const parts = { script: readAsset(script), style: readAsset(style), worker: readAsset(worker) };
  const networks = config.networks === 0 ? paperFlow.networks : config.networks;
  return calculatorHtml(
    { config: { ...config, networks } },
    parts,
    createNonce((bytes) => crypto.getRandomValues(bytes)),
  );
}

const flags: Record<keyof FlowConfig, string> = {
  framework: '--framework',
  candidates: '--activation',
  widths: '--width',
  inputs: '--inputs',
  kernelInitializer: '--init',
  biasStd: '--bias-std',
  normalisation: '--norm',
  dropout: '--dropout',
  residual: '--residual',
  inputVariance: '--input-variance',
  networks: '--measure',
  data: '--data',
  seed: '--seed',
};

/** Checks the arguments; throws {@link UsageError} at the first that is not usable. */
export function flowConfigFromArguments(args: FlowArguments): FlowConfig {
  const id = toFramework(args.framework);
  const widths = toWidths(args.width, args.layers);
  const result = parseFlowConfig({
    ...paperFlow,
    framework: id,
    candidates: args.activation.map((text) => ({ activations: toActivations(text, id, widths.length) })),
    widths,
    inputs: args.inputs === undefined ? null : toNumber('--inputs', args.inputs),
    kernelInitializer: args.init === undefined ? null : toInitializer(args.init),
    biasStd: args.biasStd === undefined ? null : toNumber('--bias-std', args.biasStd),
    normalisation: args.norm,
    dropout: toNumber('--dropout', args.dropout),
    residual: args.residual === true,
    inputVariance: toNumber('--input-variance', args.inputVariance),
    data: args.data,
    networks: toNumber('--measure', args.measure),
    seed: toNumber('--seed', args.seed),
  });
  if ('config' in result) return result.config;
  const problem = result.problems[0]!;
  throw new UsageError(`${flags[problem.field]}: ${problem.message}`);
}

export function toNumber(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`${flag}: "${text}" is not a number.`);
  return value;
}

function toFramework(text: string): FrameworkId {
  if (isFrameworkId(text)) return text;
  throw new UsageError(`--framework: "${text}" is not known; expected ${frameworkIds.join(', ')}.`);
}

function toInitializer(text: string) {
  const initializer = readInitializer(text);
  if (!initializer) throw new UsageError(`--init: "${text}" is not an initialiser; expected ${initializerForms}.`);
  return initializer;
}

/** "128" as often as there are layers, or a list that says how many there are itself. */
function toWidths(text: string, layers: string | undefined): number[] {
  const widths = readWidths(text);
  if (widths === undefined) {
    throw new UsageError(`--width: "${text}" is not a list of widths; expected 128, 128x10 or 256,128x3,64.`);
  }
  const { min, max } = flowLimits.layers;
  const depth = layers === undefined ? undefined : toNumber('--layers', layers);
  if (depth !== undefined && !(Number.isInteger(depth) && depth >= min && depth <= max)) {
    throw new UsageError(`--layers: ${layers} layers; expected a whole number from ${min} to ${max}.`);
  }
  if (widths.length === 1) return Array.from({ length: depth ?? DEFAULT_LAYERS }, () => widths[0]!);
  if (depth !== undefined && depth !== widths.length) {
    throw new UsageError(
      `--width: lists ${widths.length} layers and --layers says ${depth}; expected one of the two, or equal numbers.`,
    );
  }
  return widths;
}

function toActivations(text: string, id: FrameworkId, layers: number): ActivationName[] {
  const names = splitList(text).map((name) => toActivation(name, id));
  if (names.length === 1 || names.length === layers) return names;
  throw new UsageError(
    `--activation: ${names.length} activations for ${layers} layers; expected one, or one for each layer. For networks beside each other give --activation once for each.`,
  );
}

/** What the name means in the framework; the catalogue's own form, `leaky_relu(negative_slope=0.3)`, everywhere. */
function toActivation(name: string, id: FrameworkId): ActivationName {
  const spelling = findSpelling(name, id);
  const spelled = spelling && resolveSpelling(spelling);
  if (spelled) return spelled.activation.name;
  if (spelling)
    throw new UsageError(
      `--activation: "${name}" looks at more than one unit at a time; expected a function of one number.`,
    );
  const found = findActivation(name);
  if (found) return found.name;
  const elsewhere = frameworksWith(name).map((each) => framework(each).label);
  const where = elsewhere.length > 0 ? ` (${elsewhere.join(', ')} ${elsewhere.length === 1 ? 'has' : 'have'} it)` : '';
  throw new UsageError(
    `--activation: ${framework(id).label} has no "${name}"${where}; ${meantSpelling(name, id, 'element-wise')}`,
  );
}

/** An overflow as JSON has it: null. */
export type JsonNumber = number | null;

/** What `flow --json` prints. */
export interface FlowJson {
  /** The paper’s ∏ max|φ′|: one of each layer, no kernels; null where φ′ is unbounded. */
  readonly bound: JsonNumber;
  /** What `ratio` could be at best, the same steps with every slope at its largest; null where that bounds nothing. */
  readonly atBest: JsonNumber;
  /** Predicted ‖δ¹‖/‖δ^L‖ of the hidden layers, of the typical (median) network. */
  readonly ratio: JsonNumber;
  /** The same, root mean square over networks. */
  readonly rootMeanSquare: JsonNumber;
  /** Share of the networks in which exactly 0 arrives. */
  readonly zeros: number;
  /** Holds nine in ten networks. */
  readonly band: readonly [JsonNumber, JsonNumber];
  readonly verdict: string;
  readonly layers: readonly {
    readonly layer: number;
    readonly q: JsonNumber;
    readonly chi: JsonNumber;
    /** ‖δ^l‖/‖δ^L‖ */
    readonly delta: JsonNumber;
    /** ‖∂C/∂W^l‖/‖∂C/∂W^L‖ */
    readonly kernelGradient: JsonNumber;
  }[];
  /** Median of ‖δ¹‖/‖δ^L‖, geometric standard deviation of what is not 0, share that is; null where nothing was measured. */
  readonly measured: {
    readonly ratio: JsonNumber;
    readonly spread: JsonNumber;
    readonly zeros: number;
    readonly networks: number;
  } | null;
}

export const finite = (x: number): JsonNumber => (Number.isFinite(x) ? x : null);

export function flowJson({ bound, prediction, verdict }: CandidateFlow, measured: MeasuredFlow | undefined): FlowJson {
  return {
    bound: finite(bound.product),
    atBest: prediction.atBest ? finite(prediction.atBest.value) : null,
    ratio: finite(prediction.ratio),
    rootMeanSquare: finite(prediction.rootMeanSquare),
    zeros: prediction.zeros,
    band: [finite(prediction.band[0]), finite(prediction.band[1])],
    verdict: verdict.kind,
    layers: prediction.layers.map(({ layer, q, chi, delta, kernelGradient }) => ({
      layer,
      q: finite(q),
      chi: finite(chi),
      delta: finite(delta),
      kernelGradient: finite(kernelGradient),
    })),
    measured: measured
      ? {
          ratio: finite(measured.ratio.typical),
          spread: finite(measured.ratio.spread),
          zeros: measured.ratio.zeros,
          networks: measured.networks,
        }
      : null,
  };
}

/** What a stack passes back, as a symbol. */
const ratioOf = (layers: number): string => (layers === 1 ? '‖δ‖/‖∂C/∂a‖' : `‖δ¹‖/‖δ${superscript(layers)}‖`);

export const interval = (low: number, high: number): string => `${formatTable(low)} … ${formatTable(high)}`;

function page(
  config: FlowConfig,
  candidate: number,
  { label, bound, prediction, verdict }: CandidateFlow,
  measured: MeasuredFlow | undefined,
  { columns, wide }: { readonly columns: number | undefined; readonly wide: boolean },
): string {
  const { widths } = config;
  const best = prediction.atBest;
  const rows: [string, string][] = [
    [
      'the paper’s bound',
      `${formatSentence(bound.product)}, ${widths.length === 1 ? 'one slope' : `${widths.length} slopes`} and no kernels`,
    ],
    ...(best === undefined || widths.length === 1
      ? []
      : [['at best', bestCaseProduct(best, bound.common, widths.length - 1)] as [string, string]]),
    [
      `predicted ${ratioOf(widths.length)}`,
      `${formatSentence(prediction.ratio)}, nine in ten networks ${interval(...prediction.band)}`,
    ],
  ];
  if (measured) {
    const { typical, low, high } = measured.ratio;
    rows.push([`measured on ${measured.networks}`, `${formatSentence(typical)}, nine in ten ${interval(low, high)}`]);
  }
  if (worthSaying.rootMeanSquare(prediction)) {
    rows.push(['root mean square', `${formatSentence(prediction.rootMeanSquare)}, which few networks carry`]);
  }
  const dead = measured?.ratio.zeros ?? 0;
  if (worthSaying.dead(prediction.zeros) || dead > 0) {
    const found = measured ? `, measured ${formatPercent(dead)}` : '';
    rows.push(['born dead', `${formatPercent(prediction.zeros)} of networks predicted${found}`]);
  }
  const width = Math.max(...rows.map(([key]) => key.length));
  const fixes = remedies(config, candidate).slice(0, 5);
  return [
    `${label} · ${flowSettings(config)}`,
    '',
    wrapped(verdict.text, columns),
    '',
    ...rows.map(([key, text]) => wrapped(`${key.padEnd(width)}  ${text}`, columns, ' '.repeat(width + 2))),
    '',
    layerTable(prediction, measured, wide ? undefined : columns),
    ...(fixes.length > 0
      ? ['', wrapped(`What would help: predicted ${ratioOf(widths.length)} (nine in ten networks)`, columns, '  ')]
      : []),
    ...fixes.flatMap((fix) => [
      wrapped(`  ${fix.title}: ${effectOf(fix)} (${interval(...fix.band)})`, columns, '    '),
      // In one line, however long: it is there to be copied.
      ...commandFor(flowFlags(config, fix.config)).map((command) => `    ${command}`),
    ]),
  ].join('\n');
}

/** With a frame where there is room for one. */
export function layerTable(
  { layers }: CandidateFlow['prediction'],
  measured: MeasuredFlow | undefined,
  columns: number | undefined,
): string {
  // Results first: where the terminal is narrow, what they come from goes.
  const cells = layers.map(({ layer, q, chi, delta, kernelGradient }, l) => {
    const found = measured?.layers[l];
    return {
      hidden: String(layer),
      '‖δ‖': formatPlain(delta),
      ...(found ? { 'measured ‖δ‖': formatPlain(found.delta.typical) } : {}),
      '‖∂C/∂W‖': formatPlain(kernelGradient),
      ...(found ? { 'measured ‖∂C/∂W‖': formatPlain(found.kernelGradient.typical) } : {}),
      χ: formatPlain(chi),
      q: formatPlain(q),
    };
  });
  return textTable(Object.keys(cells[0]!), cells.map(Object.values<string>), { columns, more: '--wide' });
}
