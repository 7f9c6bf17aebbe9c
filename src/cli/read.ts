import Table from 'cli-table3';
import { formatTable } from '../core/format/numbers';
import { framework } from '../core/frameworks/all';
import { type LayerEntry, type ModelEntry, modelEntry } from '../core/report/modelEntry';
import { graphFlow } from '../core/theory/graph';
import { filesUnder, readFiles } from './modelFiles';

/** A model as `read --json` prints it. */
export type FileEntry = { readonly file: string } & ModelEntry;

/** Prints the models in files. @throws UsageError for a path that does not exist */
export function read(paths: readonly string[], { json = false }: { json?: boolean }): void {
  const entries: FileEntry[] = [];
  for (const { file, models, place } of readFiles(filesUnder(paths))) {
    for (const model of models) entries.push({ file, ...modelEntry(model, graphFlow(model), place) });
  }
  process.stdout.write(`${json ? JSON.stringify(entries) : page(entries)}\n`);
}

const page = (entries: readonly FileEntry[]): string =>
  entries.length === 0 ? 'No models.' : entries.map(section).join('\n\n');

const flowLine = ({ flow }: FileEntry): string => {
  if (flow === null) return 'Gradient reaching the first layer: not known.';
  const number = (x: number | null) => (x === null ? 'not a number' : formatTable(x));
  const doubt = flow.certain ? '' : ', as far as the model is known';
  const [low, high] = flow.band;
  return `Gradient reaching the first layer: ${number(flow.ratio)} (${flow.verdict}${doubt}), nine in ten networks ${number(low)} … ${number(high)}`;
};

function section(entry: FileEntry): string {
  const { file, name, framework: id, line, cell, input, layers, loss, symbols } = entry;
  const table = new Table({
    head: ['line', 'layer', 'name', 'size', 'activation', 'kernel', 'bias'],
    colAligns: ['right', 'left', 'left', 'right', 'left', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const layer of layers) table.push(row(layer));
  const shape = input === null ? 'not known' : input.map((size) => size ?? '?').join(' × ');
  const place = cell === undefined ? `${file}:${line}` : `${file}, cell ${cell}, line ${line}`;
  return [
    `${name} · ${framework(id).label} · ${place} · input ${shape}`,
    '',
    flowLine(entry),
    ...(loss === null
      ? []
      : [`Loss: ${loss.written}, line ${loss.line}${loss.wants ? `, which wants ${wanted[loss.wants]}` : ''}.`]),
    ...(symbols.length === 0 ? [] : [`Not told by the file: ${symbols.map((symbol) => symbol.name).join(', ')}.`]),
    '',
    table.toString(),
  ].join('\n');
}

const wanted = {
  logits: 'logits',
  probabilities: 'probabilities',
  logProbabilities: 'logarithms of probabilities',
} as const;

const row = (layer: LayerEntry) => [
  layer.line,
  `${layer.class ?? layer.type}${layer.unknown ? ' ?' : ''}`,
  layer.name ?? '',
  layer.units ?? layer.filters ?? '',
  layer.activation?.name ?? '',
  layer.kernelInit ?? '',
  layer.biasInit ?? '',
];
