import { widthsInWords } from '../format/widths';
import { initializerInWords } from '../initializers/initializer';
import type { RunRecord } from '../runs/record';
import { runTitle } from '../runs/summary';
import { seedsText } from './settings';

/** A run under the name that a list has for it. */
export interface TitledRun {
  readonly title: string;
  readonly run: RunRecord;
}

export const epochsText = ({ config }: RunRecord): string =>
  `${config.epochs} ${config.epochs === 1 ? 'epoch' : 'epochs'}`;

type Trait = (run: RunRecord) => string;

/** What may tell two runs apart, the weightiest first. Activations are not among them: each series says its own. */
const traits: readonly Trait[] = [
  ({ dataset }) => dataset.name,
  ({ config }) => `hidden ${widthsInWords(config.hidden)}`,
  ({ config }) => initializerInWords(config.kernelInitializer),
  ({ config }) => `bias ${initializerInWords(config.biasInitializer)}`,
  ({ config }) => config.optimizer,
  ({ config }) => `rate ${config.learningRate}`,
  ({ config }) => `batch ${config.batchSize}`,
  epochsText,
  ({ config }) => seedsText(config),
];

/** Settings that are not the same in all of the runs, of each run. */
export function differences(runs: readonly RunRecord[]): string[][] {
  const differing = traits.filter((trait) => new Set(runs.map(trait)).size > 1);
  return runs.map((run) => differing.map((trait) => trait(run)));
}

/** A name has its place in legends and heads of columns. */
const MAX_LENGTH = 48;
const cut = (name: string): string => (name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH - 1).trimEnd()}…` : name);

/**
 * Short names for runs that are laid over each other: those that people gave; otherwise as much of what differs in their
 * settings as tells them apart, and when they began where nothing does.
 */
export function overlayNames(runs: readonly TitledRun[]): string[] {
  const all = differences(runs.map(({ run }) => run));
  const startsWith = (start: readonly string[], own: readonly string[]) => start.every((part, i) => own[i] === part);
  const settings = runs.map(({ title, run }, i) => {
    if (title !== runTitle({ config: run.config })) return cut(title);
    const own = all[i] ?? [];
    const enough = own.findIndex((_, n) => all.filter((other) => startsWith(own.slice(0, n + 1), other)).length === 1);
    return (enough < 0 ? own : own.slice(0, enough + 1)).join(', ');
  });
  const same = runs.filter((_, i) => settings[i] === '' || settings.filter((name) => name === settings[i]).length > 1);
  const times = timesOf(same.map(({ run }) => new Date(run.startedAt)));
  return settings.map((name, i) => {
    const time = times[same.indexOf(runs[i]!)];
    return [name, time].filter(Boolean).join(', ');
  });
}

/** As short as tells them apart: with the day where they are of several, with seconds where minutes are the same. */
function timesOf(all: readonly Date[]): string[] {
  const text = (options: Intl.DateTimeFormatOptions) => all.map((time) => time.toLocaleString('en-GB', options));
  const day: Intl.DateTimeFormatOptions =
    new Set(text({ dateStyle: 'short' })).size > 1 ? { day: 'numeric', month: 'short' } : {};
  const minutes = text({ ...day, hour: '2-digit', minute: '2-digit' });
  if (new Set(minutes).size === all.length) return minutes;
  return text({ ...day, hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
