import { type Column, epochColumns, namesOf, probeColumns, stepColumns, widthOf } from '../runs/columns';
import type { FloatColumns } from '../runs/floatColumns';
import { epochsLack, lacksEverywhere } from '../runs/lacking';
import { isOverlay, runOf } from '../runs/overlay';
import { stepsPerEpoch } from '../runs/progress';
import type { NetworkRecord, RunRecord } from '../runs/record';
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

/** Names of all layers of some networks, in their order; the output last, however deep each is. */
function layersOf(networks: readonly NetworkRecord[]): string[] {
  const names = networks.map(({ layers }) => layers).sort((a, b) => b.length - a.length);
  const hidden = new Set(names.flatMap((each) => each.slice(0, -1)));
  return [...hidden, ...new Set(names.flatMap((each) => each.slice(-1)))];
}

/** A column of the table: its heading, and which value of a network's row stands there; undefined where it has none. */
interface Cell<Name> {
  readonly name: Name;
  readonly heading: string;
  place(network: NetworkRecord): number | undefined;
}

function cellsOf<Name extends string>(name: Name, column: Column, layers: readonly string[]): Cell<Name>[] {
  if (column.per === 'network') return [{ name, heading: column.heading, place: () => 0 }];
  return layers.slice(0, widthOf(column, layers.length)).map((layer) => ({
    name,
    heading: `${column.heading}: ${layer}`,
    place(network) {
      const at = network.layers.indexOf(layer);
      return at < 0 || at >= widthOf(column, network.layers.length) ? undefined : at;
    },
  }));
}

/**
 * Everything recorded as CSV (RFC 4180), a row for each step of each network; in an overlay each names its run. Probed values and
 * an epoch's means stand in the row of the step at which they were taken and are empty elsewhere; NaN and Infinity are spelt so.
 * Steps and epochs count from 1. What no network has recorded has no column.
 */
export function runCsv(run: RunRecord): string {
  const { networks } = run;
  const overlaid = isOverlay(run);
  const layers = layersOf(networks);
  const steps = namesOf(stepColumns).filter((name) => !lacksEverywhere(networks, name));
  const probes = namesOf(probeColumns).filter((name) => !lacksEverywhere(networks, name));
  const epochs = namesOf(epochColumns).filter((name) => !epochsLack(networks, name));
  const ofSteps = steps.flatMap((name) => cellsOf(name, stepColumns[name], layers));
  const ofProbes = probes.flatMap((name) => cellsOf(name, probeColumns[name], layers));
  const ofEpochs = epochs.flatMap((name) => cellsOf(name, epochColumns[name], layers));
  const headings = [...ofSteps, ...ofProbes, ...ofEpochs].map(({ heading }) => heading);
  const first = [...(overlaid ? ['run'] : []), 'activation', 'seed', 'epoch', 'step'];
  const lines = [[...first, ...headings].map(csvField).join(',')];
  for (const network of networks) {
    const { steps, probes, of } = network;
    const perEpoch = stepsPerEpoch(runOf(run, network));
    const names = of === undefined ? [] : [csvField(of.name)];
    const start = [...names, csvField(network.activation), network.seed].join(',');
    const textAt = <Name>({ place }: Cell<Name>, series: FloatColumns | undefined, row: number): string => {
      const at = place(network);
      return series === undefined || at === undefined ? '' : float32Text(series.at(row, at));
    };
    let probe = 0;
    for (let step = 0; step < steps.count; step++) {
      const atProbe = probes.stepOf(probe) === step;
      const epoch = Math.floor(step / perEpoch) + 1;
      const ended = (step + 1) % perEpoch === 0 ? network.epochs[epoch - 1] : undefined;
      lines.push(
        [
          start,
          String(epoch),
          String(step + 1),
          ...ofSteps.map((cell) => textAt(cell, steps[cell.name], step)),
          ...ofProbes.map((cell) => (atProbe ? textAt(cell, probes[cell.name], probe) : '')),
          ...ofEpochs.map(({ name }) => String(ended?.[name] ?? '')),
        ].join(','),
      );
      if (atProbe) probe++;
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}
