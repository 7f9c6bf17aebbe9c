import * as v from 'valibot';
import { judge } from '../advice/judge';
import type { ExperimentConfig } from '../experiment/config';
import type { NetworkRecord } from '../runs/record';
import { verdictKinds } from '../runs/verdictKinds';
import { backendName, count, duration, figure, figureOut } from '../runs/wire';

/** What a sweep keeps of a network. Shares are 0 … 1; what was not recorded, or cannot be told, is undefined. */
export interface SweepResult {
  /** Of its {@link SweepPoint}. */
  readonly id: string;
  readonly state: (typeof endStates)[number];
  /** Why it failed or diverged, as a sentence. */
  readonly message?: string | undefined;
  readonly backend?: NetworkRecord['backend'] | undefined;
  /** Of training, on the machine that did it. */
  readonly seconds: number;
  readonly steps: number;
  /** Share of the test set that is classified rightly after the last epoch. */
  readonly accuracy?: number | undefined;
  /** Nats on the test set after the last epoch; not finite where it diverged. */
  readonly loss?: number | undefined;
  /** ‖∂C/∂W‖ of the first hidden layer at the first batch. */
  readonly gradient?: number | undefined;
  /** The same over that of the last hidden layer: what of a gradient arrives. */
  readonly arrives?: number | undefined;
  /** The same over the steps of the last epoch: of the mean norms. */
  readonly arrivesAtEnd?: number | undefined;
  readonly verdict?: (typeof verdictKinds)[number] | undefined;
}

/** How a network of a sweep ends. One that was stopped has no result: it trains anew. */
export const endStates = ['finished', 'diverged', 'failed'] as const;

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const size = v.pipe(v.number(), v.minValue(0));

export const resultSchema = v.object({
  id: v.pipe(v.string(), v.maxLength(1000)),
  state: v.picklist(endStates),
  message: v.optional(v.pipe(v.string(), v.maxLength(4000))),
  backend: v.optional(backendName),
  seconds: duration,
  steps: count,
  accuracy: v.optional(share),
  loss: v.optional(figure),
  gradient: v.optional(size),
  arrives: v.optional(size),
  arrivesAtEnd: v.optional(size),
  verdict: v.optional(v.picklist(verdictKinds)),
});

/** As it is written: JSON has no NaN and no ∞. */
export const resultOut = (result: SweepResult) => ({
  ...result,
  ...(result.loss === undefined ? {} : { loss: figureOut(result.loss) }),
});

/**
 * What a network came to.
 *
 * @param stepsPerEpoch of its training, more than 0
 * @returns undefined where it did not come to an end
 */
export function resultOf(
  id: string,
  record: NetworkRecord,
  { config, classes, stepsPerEpoch }: { config: ExperimentConfig; classes: number; stepsPerEpoch: number },
): SweepResult | undefined {
  const state = endStates.find((each) => each === record.state);
  if (state === undefined) return undefined;
  const { steps, epochs, message, backend, seconds } = record;
  const last = epochs.at(-1);
  const verdict = state === 'failed' ? undefined : judge(record, config, classes)?.kind;
  return {
    id,
    state,
    message,
    backend,
    seconds,
    steps: steps.count,
    accuracy: last?.testAccuracy,
    loss: last?.testLoss,
    gradient: finite(steps.gradientNorms?.at(0)),
    arrives: arrival(record, 0, 1),
    arrivesAtEnd: epochs.length === 0 ? undefined : arrival(record, steps.count - stepsPerEpoch, steps.count),
    verdict,
  };
}

const finite = (x: number | undefined): number | undefined => (Number.isFinite(x) ? x : undefined);

/** The first hidden layer's gradient over the last one's, of their means over steps; undefined where it is not finite. */
function arrival({ steps, layers }: NetworkRecord, first: number, end: number): number | undefined {
  const norms = steps.gradientNorms;
  if (norms === undefined || steps.count === 0) return undefined;
  let [firstLayer, lastLayer] = [0, 0];
  for (let step = Math.max(0, first); step < end; step++) {
    firstLayer += norms.at(step, 0);
    // Behind it there is the output.
    lastLayer += norms.at(step, layers.length - 2);
  }
  // Of 0 at both, too: nothing arrives.
  return firstLayer === 0 ? 0 : finite(firstLayer / lastLayer);
}

/** The same result, whichever machine came to it: all but the time that it took, and on what. */
export const isSameResult = (a: SweepResult, b: SweepResult): boolean => numbersOf(a) === numbersOf(b);

const numbersOf = ({ seconds: _seconds, backend: _backend, ...rest }: SweepResult): string =>
  JSON.stringify(Object.entries(resultOut(rest as SweepResult)).sort(([a], [b]) => (a < b ? -1 : 1)));
