import { labelOf } from '../activations/catalogue';
import { isPaperTraining } from '../experiment/config';
import { paperActivations, paperResult } from '../experiment/paper';
import { formatKeras, formatPlain, formatTable } from '../format/numbers';
import { wrapped } from '../format/wrap';
import { meanAndDeviation } from '../math/statistics';
import { epochsLack } from '../runs/lacking';
import { isOverlay, seriesName, seriesOf } from '../runs/overlay';
import type { EpochRow, RunRecord } from '../runs/record';
import { escaped } from './escape';
import { paperNote, paperTitle } from './paperNote';

/** Accuracy and loss of one epoch; over several seeds their means and sample standard deviations. */
export interface EpochCell {
  /** Undefined where it was not recorded. */
  readonly accuracy: number | undefined;
  readonly loss: number;
  readonly accuracyDeviation: number | undefined;
  readonly lossDeviation: number | undefined;
  /** How many seeds have finished this epoch; the deviations are of these. */
  readonly seeds: number;
}

export interface EpochColumn {
  readonly activation: string;
  /** What it is called: the activation, in an overlay with its run. */
  readonly name: string;
  /** What was measured here, or what the paper prints. */
  readonly source: 'measured' | 'paper';
  /** What stands before the name: "paper", or "paper (MNIST)" where the run has other data; empty of what was measured. */
  readonly before: string;
}

/** The paper's result table for a run: training accuracy and loss, running means over each epoch, as Keras prints them. */
export interface EpochTable {
  readonly columns: readonly EpochColumn[];
  /** One row for each epoch that some network has finished, and as many more as were asked for; a cell is undefined where a network has not (yet). */
  readonly rows: readonly { readonly epoch: number; readonly cells: readonly (EpochCell | undefined)[] }[];
  /** Epochs that some network has finished; rows beyond are asked-for places. */
  readonly ended: number;
  readonly seeds: number;
  /** Some column has accuracies; else there is nothing but losses. */
  readonly accuracy: boolean;
  /** Sentences for below the table: what the paper's figures are of, where the run has other data. */
  readonly note: readonly string[];
}

/**
 * The table of a run; with the paper's own columns beside where the run has the paper's settings.
 * @param least rows to show at least, empty where no network is so far yet
 */
export function epochTable(run: RunRecord, least = 0): EpochTable {
  const { seeds } = run.config;
  const series = seriesOf(run);
  const asInPaper = new Set(series.filter((each) => isPaperTraining(each.run.config)).map((each) => each.activation));
  const before = paperTitle(run);
  const columns: EpochColumn[] = [
    ...series.map(({ name, activation }) => ({ activation, name, source: 'measured' as const, before: '' })),
    ...paperActivations
      .filter((activation) => asInPaper.has(activation))
      .map((activation) => ({ activation, name: labelOf(activation), source: 'paper' as const, before })),
  ];
  const byEpoch = new Map<string, EpochRow[]>();
  let ended = 0;
  for (const network of run.networks) {
    for (const row of network.epochs) {
      const key = `${seriesName(network)} ${row.epoch}`;
      byEpoch.set(key, [...(byEpoch.get(key) ?? []), row]);
      ended = Math.max(ended, row.epoch);
    }
  }
  const rows = Array.from({ length: Math.max(ended, least) }, (_, i) => {
    const epoch = i + 1;
    const cells = columns.map(({ activation, name, source }): EpochCell | undefined => {
      if (source === 'paper') {
        const printed = paperResult(activation, epoch);
        return printed && { ...printed, accuracyDeviation: undefined, lossDeviation: undefined, seeds: 1 };
      }
      const measured = byEpoch.get(`${name} ${epoch}`);
      if (measured === undefined) return undefined;
      const shares = measured.flatMap((row) => row.accuracy ?? []);
      const accuracy = shares.length === 0 ? undefined : meanAndDeviation(shares);
      const loss = meanAndDeviation(measured.map((row) => row.loss));
      return {
        accuracy: accuracy?.mean,
        loss: loss.mean,
        accuracyDeviation: accuracy?.deviation,
        lossDeviation: loss.deviation,
        seeds: measured.length,
      };
    });
    return { epoch, cells };
  });
  const accuracy = columns.length > series.length || !epochsLack(run.networks, 'accuracy');
  return { columns, rows, ended, seeds, accuracy, note: asInPaper.size === 0 ? [] : paperNote(run) };
}

/** How numbers are written that four decimals cannot say: a page's way, or the terminal's. */
type WrittenNumber = (x: number) => string;

const withDeviation = (mean: number, deviation: number | undefined, number: WrittenNumber): string =>
  [mean, ...(deviation === undefined ? [] : [deviation])].map((x) => formatKeras(x, 4, number)).join(' ± ');

/** "0.8842", over several seeds "0.8842 ± 0.0012", "–" where it was not recorded, "" where there is nothing. */
export function accuracyText(cell: EpochCell | undefined, number: WrittenNumber = formatTable): string {
  if (cell === undefined) return '';
  return cell.accuracy === undefined ? '–' : withDeviation(cell.accuracy, cell.accuracyDeviation, number);
}

/** "3.3873", over several seeds "3.3873 ± 0.0612", "" where there is nothing. */
export const lossText = (cell: EpochCell | undefined, number: WrittenNumber = formatTable): string =>
  cell === undefined ? '' : withDeviation(cell.loss, cell.lossDeviation, number);

/** "ReLU", "paper: ReLU", or "paper (MNIST): ReLU". */
export const columnTitle = ({ name, before }: EpochColumn): string => (before === '' ? name : `${before}: ${name}`);

/** Heading and body of the table as text, a column for each accuracy and each loss. */
function tableTexts(
  table: EpochTable,
  number: WrittenNumber = formatTable,
): {
  readonly head: readonly string[];
  readonly body: readonly (readonly string[])[];
} {
  return {
    head: [
      'epoch',
      ...table.columns.flatMap((column) => figureNames(table).map((name) => `${columnTitle(column)} ${name}`)),
    ],
    body: table.rows.map(({ epoch, cells }) => [
      String(epoch),
      ...cells.flatMap((cell) => figureTexts(table, cell, number)),
    ]),
  };
}

/** What a table's ± is: "standard deviation over 3 seeds"; undefined where it has none. */
export const deviationNote = (run: RunRecord, { seeds }: EpochTable): string | undefined =>
  seeds > 1 ? `mean ± standard deviation over ${isOverlay(run) ? 'the seeds of a run' : `${seeds} seeds`}` : undefined;

/** Below a table that has no caption. */
function notesBelow(run: RunRecord, table: EpochTable): string[] {
  const deviation = deviationNote(run, table);
  return [...(deviation === undefined ? [] : [`Measured: ${deviation}.`]), ...table.note];
}

/** What a table has of each column. */
export const figureNames = ({ accuracy }: EpochTable): readonly string[] =>
  accuracy ? ['accuracy', 'loss'] : ['loss'];

/** … of one epoch, as text. */
export const figureTexts = (
  { accuracy }: EpochTable,
  cell: EpochCell | undefined,
  number: WrittenNumber = formatTable,
): readonly string[] => (accuracy ? [accuracyText(cell, number), lossText(cell, number)] : [lossText(cell, number)]);

/** The table in Markdown, figures to the right. */
export function markdownTable(run: RunRecord): string {
  const table = epochTable(run);
  const { head, body } = tableTexts(table);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [line(head.map(escaped)), line(head.map(() => '---:')), ...body.map(line)];
  const sentences = notesBelow(run, table);
  const note = sentences.length === 0 ? [] : ['', escaped(sentences.join(' '))];
  return [...lines, ...note].join('\n');
}

/**
 * The table for a terminal: columns padded with spaces, no colours; a note below has a line for each sentence. Where it is
 * wider than `columns`, names go above their two figures, and then series below each other.
 */
export function plainTable(run: RunRecord, columns?: number): string {
  const table = epochTable(run);
  const sentences = notesBelow(run, table);
  const note = sentences.length === 0 ? [] : ['', ...sentences.map((sentence) => wrapped(sentence, columns))];
  const flat = flatTable(table);
  if (columns === undefined || flat[0]!.length <= columns) return [...flat, ...note].join('\n');
  for (let rows = 1; ; rows++) {
    const size = Math.ceil(table.columns.length / rows);
    const blocks = Array.from({ length: Math.ceil(table.columns.length / size) }, (_, i) =>
      groupedTable(table, i * size, (i + 1) * size),
    );
    if (size === 1 || blocks.every(([head]) => head!.length <= columns)) {
      return [...blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block])), ...note].join('\n');
    }
  }
}

const rightAligned = (cells: readonly string[], widths: readonly number[]): string =>
  cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ');

function flatTable(table: EpochTable): string[] {
  const { head, body } = tableTexts(table, formatPlain);
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i]?.length ?? 0)));
  return [head, widths.map((width) => '─'.repeat(width)), ...body].map((cells) => rightAligned(cells, widths));
}

/** Series `from` to before `to` under their names, two figures each. */
function groupedTable(table: EpochTable, from: number, to: number): string[] {
  const series = table.columns.slice(from, to);
  const figures = figureNames(table);
  const head = ['epoch', ...series.flatMap(() => figures)];
  const body = table.rows.map(({ epoch, cells }) => [
    String(epoch),
    ...cells.slice(from, to).flatMap((cell) => figureTexts(table, cell, formatPlain)),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i]!.length)));
  const names = series.map((column, i) => {
    const title = columnTitle(column);
    // A long name makes its last column wider.
    const loss = figures.length * (i + 1);
    const before = figures.length === 1 ? 0 : widths[loss - 1]! + 2;
    widths[loss] = Math.max(widths[loss]!, title.length - before);
    const width = before + widths[loss]!;
    return title.length > width - 2 ? title.padEnd(width) : `${title} ${'─'.repeat(width - title.length - 1)}`;
  });
  return [
    [' '.repeat(widths[0]!), ...names].join('  '),
    ...[head, ...body].map((cells) => rightAligned(cells, widths)),
  ];
}
