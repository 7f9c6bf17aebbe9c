import { labelOf } from '../../core/activations/catalogue';
import { formatPercent, formatTable } from '../../core/format/numbers';
import { formatInitializer } from '../../core/initializers/initializer';
import { type RunSummary, runTitle } from '../../core/runs/summary';
import type { VerdictKind } from '../../core/runs/verdictKinds';
import { verdictWord } from '../../core/verdicts/verdict';

/** Runs of one time, or the pinned ones. */
export interface RunGroup {
  readonly id: string;
  readonly label: string;
  readonly runs: readonly RunSummary[];
}

const DAY = 24 * 60 * 60 * 1000;

const startOfDay = (time: Date): number => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();

/** Groups in the order of the list: pinned, then by day, the newest first; empty ones are left out. */
export function groupRuns(runs: readonly RunSummary[], now: Date): RunGroup[] {
  const today = startOfDay(now);
  // Half a day more than a day: days of 23 or 25 hours are no matter.
  const yesterday = startOfDay(new Date(today - DAY / 2));
  const bounds = [
    { id: 'today', label: 'Today', from: today },
    { id: 'yesterday', label: 'Yesterday', from: yesterday },
    { id: 'week', label: 'Last 7 Days', from: startOfDay(new Date(today - 6.5 * DAY)) },
    { id: 'older', label: 'Older', from: Number.NEGATIVE_INFINITY },
  ];
  const time = (run: RunSummary) => Date.parse(run.startedAt);
  const sorted = [...runs].sort((a, b) => time(b) - time(a));
  const groupOf = (run: RunSummary) => (run.pinned ? 'pinned' : bounds.find(({ from }) => time(run) >= from)?.id);
  return [{ id: 'pinned', label: 'Pinned' }, ...bounds]
    .map(({ id, label }) => ({ id, label, runs: sorted.filter((run) => groupOf(run) === id) }))
    .filter(({ runs: own }) => own.length > 0);
}

/** The local day, 2026-01-31. */
const dayOf = (time: Date): string =>
  [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

/** All that a filter looks at: name, settings, data, state, verdicts, day. */
function words(run: RunSummary): string {
  const { config } = run;
  return [
    runTitle(run),
    ...config.activations,
    formatInitializer(config.kernelInitializer),
    config.optimizer,
    config.hidden.join(','),
    run.dataset,
    `seed ${run.seed}`,
    ...run.backends,
    run.state,
    ...run.networks.flatMap(({ verdict }) => (verdict === undefined ? [] : [verdict, verdictWord(verdict)])),
    dayOf(new Date(run.startedAt)),
  ]
    .join(' ')
    .toLowerCase();
}

/** Runs that hold every word of a filter, anywhere in what a list knows of them. */
export function filterRuns(runs: readonly RunSummary[], filter: string): readonly RunSummary[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return runs;
  return runs.filter((run) => {
    const own = words(run);
    return wanted.every((word) => own.includes(word));
  });
}

/**
 * Behind the name: how far a run is that has not finished, each activation's training accuracy (its loss, where no accuracy
 * was recorded) with its verdict where something is the matter, and the data.
 */
export function runDescription(run: RunSummary): string {
  const best = new Map<string, { readonly share: number; readonly text: string }>();
  for (const { activation, last, verdict } of run.networks) {
    if (last === undefined) continue;
    const { accuracy, loss } = last;
    const own =
      accuracy === undefined
        ? { share: -loss, text: `loss ${formatTable(loss)}${ill(verdict)}` }
        : { share: accuracy, text: `${formatPercent(accuracy)}${ill(verdict)}` };
    if (!(own.share <= (best.get(activation)?.share ?? Number.NEGATIVE_INFINITY))) best.set(activation, own);
  }
  const results = [...best].map(([name, { text }]) => `${labelOf(name)} ${text}`);
  const { done, of } = run.epochs;
  const state = run.state === 'finished' ? [] : [`${run.state}, epoch ${done}/${of}`];
  const failed = run.networks.filter((network) => network.state === 'failed');
  // A list has little room: why, where it is the same for all, and else of the first.
  const why = failed[0]?.message === undefined ? [] : [failed[0].message];
  return [...state, ...why, ...(results.length > 0 ? [results.join(', ')] : []), run.dataset].join(' · ');
}

const ill = (verdict: VerdictKind | undefined): string =>
  verdict === undefined || verdict === 'healthy' || verdict === 'started' ? '' : ` (${verdict})`;

/** The state of a run, at a glance. How its networks came out is another matter: a run that shows a stuck one did its work. */
export function runMark({ state }: RunSummary): 'training' | 'finished' | 'failed' | 'open' {
  switch (state) {
    case 'running':
    case 'paused':
      return 'training';
    case 'finished':
      return 'finished';
    case 'failed':
    case 'diverged':
      return 'failed';
    default:
      return 'open';
  }
}
