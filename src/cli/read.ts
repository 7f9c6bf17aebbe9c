import { checkedSentence } from '../core/advice/checked';
import { modelHelp } from '../core/advice/help';
import { graphRemedies } from '../core/advice/modelRemedies';
import { modelSentence } from '../core/advice/modelSentence';
import { listInWords } from '../core/format/list';
import { formatSentence } from '../core/format/numbers';
import { foldRepeats } from '../core/format/repeats';
import { wrapped } from '../core/format/wrap';
import { framework } from '../core/frameworks/all';
import type { FrameworkId } from '../core/frameworks/framework';
import { initializerLabel, writtenInitializer } from '../core/frameworks/initializerNames';
import { formatInitializer, parseInitializer } from '../core/initializers/initializer';
import { fittingInput, withInputShape } from '../core/model/input';
import { isKnown, type Model } from '../core/model/model';
import { type LayerEntry, type ModelEntry, modelEntry } from '../core/report/modelEntry';
import { writtenIn } from '../core/report/modelTable';
import { type GraphFlow, isUnknownFlow } from '../core/theory/graph';
import { flowOf } from '../core/theory/rememberedFlow';
import { interval } from './flow';
import { filesUnder, readFiles } from './modelFiles';
import { UsageError } from './options';
import { print, printError, printJson } from './output';
import { columnsOf } from './progress';
import { textTable } from './table';

/** A model as `read --json` prints it. */
export type FileEntry = { readonly file: string } & ModelEntry;

export interface ReadArguments {
  /** `name=value`. */
  set?: readonly string[];
  /** `28x28x1` */
  input?: string;
  json?: boolean;
}

interface Found {
  readonly entry: FileEntry;
  readonly model: Model;
  readonly flow: GraphFlow;
}

/**
 * Prints the models in files.
 *
 * @returns 2 where a file that was named could not be read, else 0
 * @throws UsageError for a path that does not exist, and for a value or a shape that is none
 */
export function read(paths: readonly string[], { set = [], input, json = false }: ReadArguments): 0 | 2 {
  const given = new Map(set.map(readSetting));
  const shape = input === undefined ? undefined : readShape(input);
  const found: Found[] = [];
  const asked = new Set<string>();
  const unread = new Set<string>();
  for (const { file, models, place, asked: own } of readFiles(filesUnder(paths), {
    symbols: given,
    onUnread: (file) => unread.add(file),
  })) {
    for (const name of own) asked.add(name);
    for (const each of models) {
      const model = shape === undefined ? each : onInput(each, shape, (message) => printError(`${file}: ${message}`));
      const flow = flowOf(model);
      found.push({ model, flow, entry: { file, ...modelEntry(model, flow, place) } });
    }
  }
  for (const name of given.keys()) if (!asked.has(name)) printError(notAsked(name, [...asked]));
  if (json) printJson(found.map(({ entry }) => entry));
  else print(page(found));
  return paths.some((path) => unread.has(path)) ? 2 : 0;
}

/** The model on an input of which its code does not tell the shape; as it is, with a sentence, where that contradicts it. */
export function onInput(model: Model, shape: readonly number[], tell: (message: string) => void): Model {
  const told = withInputShape(model, shape);
  if (!('problem' in told)) return told;
  tell(`--input: ${told.problem}`);
  return model;
}

/** `width=128` as a name and what a person means by the value. */
export function readSetting(text: string): readonly [string, number | string | boolean] {
  const [, name, value = ''] = /^\s*([A-Za-z_$][\w$]*)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === undefined || value === '') {
    throw new UsageError(`--set: "${text}" is not a name with a value; expected for instance width=128.`);
  }
  if (/^(true|false)$/i.test(value)) return [name, value.toLowerCase() === 'true'];
  const number = Number(value);
  return [name, Number.isNaN(number) ? value.replace(/^(["'])(.*)\1$/s, '$2') : number];
}

/** Axes of an input, and components of one. */
const MOST_AXES = 4;
const MOST_COMPONENTS = 1e8;

/** `28x28x1` as sizes. */
export function readShape(text: string): number[] {
  const sizes = text.split(/\s*[x×,]\s*/i).map((part) => (/^\d{1,9}$/.test(part.trim()) ? Number(part) : 0));
  if (sizes.length <= MOST_AXES && sizes.every((n) => n > 0) && sizes.reduce((a, b) => a * b) <= MOST_COMPONENTS) {
    return sizes;
  }
  throw new UsageError(
    `--input: "${text}" is not a shape; expected up to ${MOST_AXES} sizes without the batch, channels last, for instance 784 or 28x28x1.`,
  );
}

export const notAsked = (name: string, asked: readonly string[]): string =>
  `--set: no model asks for ${name}; ${asked.length === 0 ? 'none asks for anything' : `asked for are ${listInWords(asked)}`}.`;

const page = (found: readonly Found[]): string => (found.length === 0 ? 'No models.' : found.map(section).join('\n\n'));

function section({ entry, model, flow }: Found): string {
  const { file, name, line, cell, input, loss, symbols } = entry;
  const columns = columnsOf(process.stdout);
  const shape = input === null ? 'not known' : input.map((size) => size ?? '?').join(' × ');
  const place = cell === undefined ? `${file}:${line}` : `${file}, cell ${cell}, line ${line}`;
  const names = symbols.map((symbol) => symbol.name);
  const remedies = isUnknownFlow(flow) ? [] : graphRemedies(model, flow);
  const band = isUnknownFlow(flow)
    ? []
    : [`predicted first/last ‖δ‖  ${formatSentence(flow.ratio)}, nine in ten networks ${interval(...flow.band)}`];
  return [
    `${name} · ${writtenIn(model)} · ${place} · input ${shape}`,
    '',
    ...[
      `${modelSentence(model, flow)}${modelHelp(flow, remedies)}.`,
      ...(isUnknownFlow(flow) ? [] : flow.assumptions),
      ...band,
      ...[checkedSentence(model)].filter((each) => each !== undefined),
      ...(loss === null
        ? []
        : [`Loss: ${loss.written}, line ${loss.line}${loss.wants ? `, which wants ${wanted[loss.wants]}` : ''}.`]),
      ...(names.length === 0
        ? []
        : [
            `Not told by the file: ${listInWords(names)}. Fill in with ${names.map((each) => `--set ${each}=…`).join(' ')}.`,
          ]),
      ...(isUnknownFlow(flow) && names.length === 0 ? inputAsked(model) : []),
    ].map((sentence) => wrapped(sentence, columns)),
    '',
    layerTable(entry.layers, model.framework, columns),
  ].join('\n');
}

/** How to fill in an input of which the code does not tell the shape; empty where it tells it. */
function inputAsked(model: Model): string[] {
  const { inputs, inputShape } = model;
  if (inputs.length !== 1 || inputShape?.every(isKnown) === true) return [];
  const fitting = fittingInput(model);
  const example = fitting === undefined ? 'for instance --input 28x28x1' : `--input ${fitting.join('x')} would fit`;
  return [`The shape of the input is not told: fill in with --input; ${example}.`];
}

const wanted = {
  logits: 'logits',
  probabilities: 'probabilities',
  logProbabilities: 'logarithms of probabilities',
} as const;

/** Layers that repeat stand once, with a brace that says how many times. */
function layerTable(layers: readonly LayerEntry[], id: FrameworkId, columns: number | undefined): string {
  const rowOf = (layer: LayerEntry) => row(layer, id);
  const folded = foldRepeats(layers.map(rowOf), (a, b) => a.every((cell, i) => cell === b[i]));
  const rows = folded.flatMap(({ rows: block, times }) =>
    block.map((cells, i) => [...cells, brace(i, block.length, times)]),
  );
  const head = ['line', 'layer', 'name', 'size', 'activation', 'kernel', 'bias', ''];
  const used = head.map((_, i) => rows.some((cells) => cells[i] !== ''));
  const shown = (cells: readonly string[]) => cells.filter((_, i) => used[i]);
  return textTable(shown(head), rows.map(shown), { columns, left: head.length });
}

/** The mark beside one of a block's rows: `┐`, `│`, `┘ × 10`. */
function brace(i: number, length: number, times: number): string {
  if (times === 1) return '';
  if (i === length - 1) return length === 1 ? `× ${times}` : `┘ × ${times}`;
  return i === 0 ? '┐' : '│';
}

const row = (layer: LayerEntry, id: FrameworkId): string[] => [
  String(layer.line),
  `${layer.class ?? layer.type}${layer.unknown ? ' ?' : ''}`,
  layer.name ?? '',
  String(layer.units ?? layer.filters ?? ''),
  layer.activation?.name ?? '',
  initializerName(layer.kernelInit, id),
  biasName(layer.biasInit, id),
];

/** A default bias has a name of its own: PyTorch draws it over the kernel's fan-in. */
function biasName(text: string | null, id: FrameworkId): string {
  const { name, initializer } = framework(id).defaults.bias;
  return text === formatInitializer(initializer) ? name : initializerName(text, id);
}

/** As the framework writes it; what is not known stays as the code has it. */
function initializerName(text: string | null, id: FrameworkId): string {
  const initializer = text === null ? undefined : parseInitializer(text);
  return (initializer && (writtenInitializer(initializer, id) ?? initializerLabel(initializer, id))) ?? text ?? '';
}
