import { hiddenText } from '../experiment/hidden';
import { formatInitializer } from '../initializers/initializer';
import type { RunRecord } from '../runs/record';
import { runTitle } from '../runs/summary';
import { seedsText } from './settings';

/** A run under the name that a list has for it. */
export interface TitledRun {
  readonly title: string;
  readonly run: RunRecord;
}

/** What may tell two runs apart, the weightiest first. Activations are not among them: each series says its own. */
const traits: readonly ((run: RunRecord) => string)[] = [
  ({ dataset }) => dataset.name,
  ({ config }) => `hidden ${hiddenText(config.hidden)}`,
  ({ config }) => formatInitializer(config.kernelInitializer),
  ({ config }) => `bias ${formatInitializer(config.biasInitializer)}`,
  ({ config }) => config.optimizer,
  ({ config }) => `rate ${config.learningRate}`,
  ({ config }) => `batch ${config.batchSize}`,
  ({ config }) => `${config.epochs} ${config.epochs === 1 ? 'epoch' : 'epochs'}`,
  ({ config }) => seedsText(config),
];

/**
 * Short names for runs that are laid over each other: those that people gave; otherwise what differs in their settings, and
 * when they began where nothing does.
 */
export function overlayNames(runs: readonly TitledRun[]): string[] {
  const differing = traits.filter((trait) => new Set(runs.map(({ run }) => trait(run))).size > 1);
  const settings = runs.map(({ title, run }) =>
    title === runTitle({ config: run.config }) ? differing.map((trait) => trait(run)).join(', ') : title,
  );
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
