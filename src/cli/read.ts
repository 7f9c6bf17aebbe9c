import Table from 'cli-table3';
import { type LayerJson, type ModelJson, modelJson } from '../core/advice/modelJson';
import { formatTable } from '../core/format/numbers';
import { framework } from '../core/frameworks/all';
import { graphFlow } from '../core/theory/graph';
import { filesUnder, readFiles } from './modelFiles';

/** A model as `read --json` prints it. */
export type ModelEntry = { readonly file: string } & ModelJson;

/** Prints the models in files. @throws UsageError for a path that does not exist */
export function read(paths: readonly string[], { json = false }: { json?: boolean }): void {
  const entries: ModelEntry[] = [];
  for (const { file, models, position } of readFiles(filesUnder(paths))) {
    for (const model of models) {
      entries.push({ file, ...modelJson(model, graphFlow(model), (range) => position(range).line) });
    }
  }
  process.stdout.write(`${json ? JSON.stringify(entries) : page(entries)}\n`);
}

const page = (entries: readonly ModelEntry[]): string =>
  entries.length === 0 ? 'No models.' : entries.map(section).join('\n\n');

const flowLine = ({ flow }: ModelEntry): string => {
  if (flow === null) return 'Gradient reaching the first layer: not known.';
  const number = (x: number | null) => (x === null ? 'not a number' : formatTable(x));
  const doubt = flow.certain ? '' : ', as far as the model is known';
  const [low, high] = flow.band;
  return `Gradient reaching the first layer: ${number(flow.ratio)} (${flow.verdict}${doubt}), nine in ten networks ${number(low)} … ${number(high)}`;
};

function section(entry: ModelEntry): string {
  const { file, name, framework: id, line, input, layers } = entry;
  const table = new Table({
    head: ['line', 'layer', 'size', 'activation', 'kernel', 'bias'],
    colAligns: ['right', 'left', 'right', 'left', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const layer of layers) table.push(row(layer));
  const shape = input === null ? 'not known' : input.map((size) => size ?? '?').join(' × ');
  return [
    `${name} · ${framework(id).label} · ${file}:${line} · input ${shape}`,
    '',
    flowLine(entry),
    '',
    table.toString(),
  ].join('\n');
}

const row = ({ line, type, unknown, units, filters, activation, kernelInit, biasInit }: LayerJson) => [
  line,
  unknown ? `${type} ?` : type,
  units ?? filters ?? '',
  activation?.name ?? '',
  kernelInit ?? '',
  biasInit ?? '',
];
