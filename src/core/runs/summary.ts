import * as v from 'valibot';
import { labelOf } from '../activations/catalogue';
import { excerpt } from '../format/excerpt';
import { widthsInWords } from '../format/widths';
import { initializerInWords } from '../initializers/initializer';
import { currentEpoch, recordedSteps } from './progress';
import { endedEarly, networkStates, type RunRecord } from './record';
import { runStateOf, runStates } from './runState';
import { type VerdictKind, verdictKinds } from './verdictKinds';
import { backendName, configOfFile, count, duration, instant, rowOut, rowSchema, runId } from './wire';

/** What a list shows of a run, and all that "reproduce" needs. */
export const runSummarySchema = v.object({
  id: runId,
  /** What the person called it; `runTitle` where there is none. */
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  startedAt: instant,
  state: v.picklist(runStates),
  config: configOfFile,
  /** The dataset's name as people read it. */
  dataset: v.string(),
  seed: count,
  /** The backends that trained; empty where none has started. */
  backends: v.array(backendName),
  /** The epoch that it is in, or has come to, as its status says; of how many. */
  epochs: v.object({ done: count, of: count }),
  /** Steps recorded, over all networks. */
  steps: count,
  seconds: duration,
  networks: v.array(
    v.object({
      id: v.string(),
      activation: v.string(),
      state: v.picklist(networkStates),
      /** Why it ended before its end, where that was told. */
      message: v.optional(v.string()),
      /** Its last epoch, if it has ended one. */
      last: v.optional(rowSchema),
      verdict: v.optional(v.picklist(verdictKinds)),
    }),
  ),
  pinned: v.boolean(),
  /** Milliseconds since 1970; the newer of two summaries of a run is the one to believe. */
  changedAt: v.pipe(v.number(), v.finite()),
});
export type RunSummary = v.InferOutput<typeof runSummarySchema>;

/** Characters of why a network failed, as a list has it. */
const MOST_OF_MESSAGE = 300;

export interface SummaryLabel {
  readonly name?: string | undefined;
  readonly pinned: boolean;
}

/**
 * @param verdicts kind by network id
 * @param changedAt milliseconds since 1970
 */
export function summarise(
  run: RunRecord,
  verdicts: ReadonlyMap<string, VerdictKind>,
  label: SummaryLabel,
  changedAt: number,
): RunSummary {
  return {
    id: run.id,
    ...(label.name === undefined ? {} : { name: label.name }),
    startedAt: run.startedAt,
    state: runStateOf(run),
    config: run.config,
    dataset: run.dataset.name,
    seed: run.config.seed,
    backends: [...new Set(run.networks.flatMap(({ backend }) => backend ?? []))],
    epochs: { done: currentEpoch(run), of: run.config.epochs },
    steps: recordedSteps(run),
    seconds: run.seconds,
    networks: run.networks.map(({ id, activation, state, message, epochs }) => {
      const last = epochs.at(-1);
      const verdict = verdicts.get(id);
      return {
        id,
        activation,
        state,
        ...(message === undefined || !endedEarly(state) ? {} : { message: excerpt(message, MOST_OF_MESSAGE) }),
        ...(last === undefined ? {} : { last }),
        ...(verdict === undefined ? {} : { verdict }),
      };
    }),
    pinned: label.pinned,
    changedAt,
  };
}

/** As JSON, which `runSummarySchema` reads back: JSON has no NaN. */
export const summaryOut = (summary: RunSummary) => ({
  ...summary,
  networks: summary.networks.map(({ last, ...network }) => ({ ...network, ...(last && { last: rowOut(last) }) })),
});

/** What a run is called where nobody has named it: "sigmoid, ReLU · glorot_uniform · 10 × 128"; what differs most comes first, as a list cuts it. */
export function runTitle({ name, config }: Pick<RunSummary, 'name' | 'config'>): string {
  if (name !== undefined) return name;
  return [
    config.activations.map(labelOf).join(', '),
    initializerInWords(config.kernelInitializer),
    widthsInWords(config.hidden),
  ].join(' · ');
}
