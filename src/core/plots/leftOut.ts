import { lacks, lacksEverywhere, type SeriesName } from '../runs/lacking';
import { seriesOf } from '../runs/overlay';
import type { NetworkRecord, RunRecord } from '../runs/record';
import type { PlotKind } from './plot';

/** The series that a plot needs, one after the other; any of a group will do. */
const needs: Record<PlotKind, readonly (readonly SeriesName[])[]> = {
  loss: [['loss']],
  accuracy: [['accuracy']],
  gradient: [['gradientNorms']],
  saturation: [['saturatedShare', 'meanDerivative']],
  preactivation: [['preActivationMean'], ['preActivationStddev']],
};

/** What it draws, inside a sentence. */
const words: Record<PlotKind, string> = {
  loss: 'loss',
  accuracy: 'accuracy of each step',
  gradient: 'gradient norms',
  saturation: 'saturated units',
  preactivation: 'pre-activations',
};

const kinds = Object.keys(needs) as PlotKind[];

const lacking = (kind: PlotKind, lacksIt: (name: SeriesName) => boolean): boolean =>
  needs[kind].some((group) => group.every(lacksIt));

/** What of a run cannot be drawn, since it was not recorded. */
export interface LeftOut {
  /** Plots that would have no line. */
  readonly kinds: ReadonlySet<PlotKind>;
  /** What is not drawn and why, a sentence each. */
  readonly sentences: readonly string[];
}

export function leftOut(run: RunRecord): LeftOut {
  const whole = kinds.filter((kind) => lacking(kind, (name) => lacksEverywhere(run.networks, name)));
  const sentences = whole.length === 0 ? [] : [`Not recorded, and so not drawn: ${listed(whole)}.`];
  for (const { name, networks } of seriesOf(run)) {
    const own = kinds.filter(
      (kind) => !whole.includes(kind) && lacking(kind, (series) => lacksEverywhere(networks, series)),
    );
    if (own.length > 0) sentences.push(`Not recorded of ${name}, and so without its lines: ${listed(own)}.`);
  }
  return { kinds: new Set(whole), sentences };
}

/** Whether a network's records lack what a plot draws. */
export const lacksPlot = (kind: PlotKind, network: NetworkRecord): boolean =>
  lacking(kind, (name) => lacks(network, name));

const listed = (some: readonly PlotKind[]): string => some.map((kind) => words[kind]).join(', ');
