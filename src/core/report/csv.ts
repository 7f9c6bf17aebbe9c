import { type Column, epochColumns, namesOf, probeColumns, stepColumns, widthOf } from '../runs/columns';
import type { FloatColumns } from '../runs/floatColumns';
import { epochsLack, lacksEverywhere } from '../runs/lacking';
import { stepsPerEpoch } from '../runs/progress';
import type { RunRecord } from '../runs/record';
import { csvField } from './escape';

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
 * of the step at which they were taken and are empty elsewhere; NaN and Infinity are spelt so. Steps and epochs count from 1. What
 * no network has recorded has no column.
 */
export function runCsv(run: RunRecord): string {
  const perEpoch = stepsPerEpoch(run);
  const layers = run.networks[0]?.layers ?? [];
  const ofSteps = namesOf(stepColumns).filter((name) => !lacksEverywhere(run.networks, name));
  const ofProbes = namesOf(probeColumns).filter((name) => !lacksEverywhere(run.networks, name));
  const ofEpochs = namesOf(epochColumns).filter((name) => !epochsLack(run.networks, name));
  const headings = [
    ...ofSteps.map((name) => stepColumns[name]),
    ...ofProbes.map((name) => probeColumns[name]),
    ...ofEpochs.map((name) => epochColumns[name]),
  ].flatMap((column) => headingsOf(column, layers));
  const width = (column: Column): number => widthOf(column, layers.length);
  const probed = ofProbes.reduce((sum, name) => sum + width(probeColumns[name]), 0);
  const lines = [['activation', 'seed', 'epoch', 'step', ...headings].map(csvField).join(',')];
  for (const network of run.networks) {
    const { steps, probes } = network;
    const start = [csvField(network.activation), network.seed].join(',');
    let probe = 0;
    for (let step = 0; step < steps.count; step++) {
      const atProbe = probes.stepOf(probe) === step;
      const epoch = Math.floor(step / perEpoch) + 1;
      const ended = (step + 1) % perEpoch === 0 ? network.epochs[epoch - 1] : undefined;
      const cells = [start, String(epoch), String(step + 1)];
      for (const name of ofSteps) addRow(cells, steps[name], step, width(stepColumns[name]));
      if (!atProbe) addRow(cells, undefined, 0, probed);
      else for (const name of ofProbes) addRow(cells, probes[name], probe, width(probeColumns[name]));
      for (const name of ofEpochs) cells.push(String(ended?.[name] ?? ''));
      lines.push(cells.join(','));
      if (atProbe) probe++;
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Adds a row of a series to a line; as many empty cells where there is none. */
function addRow(cells: string[], series: FloatColumns | undefined, row: number, width: number): void {
  for (let i = 0; i < width; i++) cells.push(series === undefined ? '' : float32Text(series.at(row, i)));
}

/** "loss", or a heading for each layer: "gradient norm: hidden 1". */
const headingsOf = (column: Column, layers: readonly string[]): string[] =>
  column.per === 'network'
    ? [column.heading]
    : layers.slice(0, widthOf(column, layers.length)).map((layer) => `${column.heading}: ${layer}`);
