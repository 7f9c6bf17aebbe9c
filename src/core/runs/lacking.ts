import { type epochColumns, type probeColumns, stepColumns } from './columns';
import type { NetworkRecord } from './record';

type StepSeriesName = keyof typeof stepColumns;

/** A series of steps or of probes. */
export type SeriesName = StepSeriesName | keyof typeof probeColumns;

export const isOfSteps = (name: SeriesName): name is StepSeriesName => name in stepColumns;

/** Whether a network's records lack a series; before its first step nothing is lacking. */
export function lacks({ steps, probes }: Pick<NetworkRecord, 'steps' | 'probes'>, name: SeriesName): boolean {
  if (steps.count === 0) return false;
  return isOfSteps(name) ? steps[name] === undefined : probes.count === 0 || probes[name] === undefined;
}

/** Whether none of these networks has a series, as far as any has begun. */
export function lacksEverywhere(networks: readonly NetworkRecord[], name: SeriesName): boolean {
  const begun = networks.filter(({ steps }) => steps.count > 0);
  return begun.length > 0 && begun.every((network) => lacks(network, name));
}

/** Whether the epochs of these networks all lack a figure, as far as any has ended. */
export function epochsLack(networks: readonly NetworkRecord[], name: keyof typeof epochColumns): boolean {
  const rows = networks.flatMap(({ epochs }) => epochs);
  return rows.length > 0 && rows.every((row) => row[name] === undefined);
}
