import { type ColumnList, epochColumns, namesOf, probeColumns, rowWidth, stepColumns, widthOf } from '../runs/columns';
import { stepsPerEpoch } from '../runs/progress';
import type { RunRecord } from '../runs/record';

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Shortest text that reads back as the same float32, so that 0.1 is not written 0.10000000149011612. */
export function float32Text(x: number): string {
  if (!Number.isFinite(x) || Number.isInteger(x)) return String(x);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return String(short);
  }
  return String(Number(x.toPrecision(9)));
}

/**
 * Everything recorded as CSV (RFC 4180), a row for each step of each network. Probed values and an epoch's means stand in the row
 * of the step at which they were taken and are empty elsewhere; NaN and Infinity are spelt so. Steps and epochs count from 1.
 */
export function runCsv(run: RunRecord): string {
  const perEpoch = stepsPerEpoch(run);
  const layers = run.networks[0]?.layers ?? [];
  const headings = [stepColumns, probeColumns, epochColumns].flatMap((list) => headingsOf(list, layers));
  const lines = [['activation', 'seed', 'epoch', 'step', ...headings].map(field).join(',')];
  const empty = (cells: number): string => ','.repeat(Math.max(0, cells - 1));
  const noProbe = empty(rowWidth(probeColumns, layers.length));
  const notEnded = empty(epochNames.length);
  for (const network of run.networks) {
    const { steps, probes } = network;
    const start = [field(network.activation), network.seed].join(',');
    let probe = 0;
    for (let step = 0; step < steps.count; step++) {
      const atProbe = probes.stepOf(probe) === step;
      const epoch = Math.floor(step / perEpoch) + 1;
      const ended = (step + 1) % perEpoch === 0 ? network.epochs[epoch - 1] : undefined;
      lines.push(
        [
          start,
          epoch,
          step + 1,
          stepNames.flatMap((name) => Array.from(steps[name].row(step), float32Text)).join(','),
          atProbe ? probeNames.flatMap((name) => Array.from(probes[name].row(probe), float32Text)).join(',') : noProbe,
          ended === undefined ? notEnded : epochNames.map((name) => ended[name]).join(','),
        ].join(','),
      );
      if (atProbe) probe++;
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

const stepNames = namesOf(stepColumns);
const probeNames = namesOf(probeColumns);
const epochNames = namesOf(epochColumns);

/** "loss", or a heading for each layer: "gradient norm: hidden 1". */
const headingsOf = (list: ColumnList, layers: readonly string[]): string[] =>
  Object.values(list).flatMap((column) =>
    column.per === 'network'
      ? [column.heading]
      : layers.slice(0, widthOf(column, layers.length)).map((layer) => `${column.heading}: ${layer}`),
  );
