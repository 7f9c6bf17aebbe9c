import {
  type BackendTrial,
  medianStep,
  shareOf,
  TIMING_MILLISECONDS,
  type TimedSteps,
} from '../../core/experiment/backendTiming';
import type { BackendName } from '../../core/experiment/config';
import { messageOf } from '../../core/format/errors';

/** A network whose steps are timed and thrown away. */
export interface TimedNetwork {
  step(): void;
  /** Resolves once the steps so far are computed and read, as a training reads them at its turns. */
  read(): Promise<void>;
  dispose(): void;
}

/** What timing takes of the worker that it runs in. */
export interface TimingPlace {
  /** Milliseconds from any start. */
  now(): number;
  /** Why it cannot start here, where that is known without trying. */
  absence(backend: BackendName): string | undefined;
  /** Makes the backend the current one, or rejects; `within` milliseconds where that is given. */
  start(backend: BackendName, within: number | undefined): Promise<void>;
  /** The network, on the backend that was started. */
  network(): TimedNetwork;
  /** Whether an error says that there was not enough time. */
  isLate(error: unknown): boolean;
}

const ABSENT = 'does not start here';
/** A median of these needs no more steps. */
const STEPS = 40;
/** Between two readings so much passes at most, once it is known how long steps take. */
const BLOCK_MILLISECONDS = 20;
/** GPU backends compile at their first step; so much they have after it in any case, at the expense of those that follow. */
const AFTER_FIRST_STEP = 60;

/**
 * Tries backends one after the other. Starting one counts; its first step, which prepares what later steps find, does not,
 * unless all time is up then: it is at most too long. So nothing goes beyond the time but a start and a step, which nothing
 * can end from inside. The first is started in any case.
 */
export async function timeBackends(
  candidates: readonly BackendName[],
  place: TimingPlace,
  told: (trial: BackendTrial) => void,
): Promise<void> {
  const counted = withoutBuilding(place);
  const begun = counted.now();
  for (const [i, backend] of candidates.entries()) {
    const absence = place.absence(backend);
    if (absence !== undefined) {
      told({ backend, problem: ABSENT, detail: absence });
      continue;
    }
    const now = counted.now();
    const share = shareOf(now - begun, candidates.length - i);
    if (i > 0 && share === 0) told({ backend, problem: 'was not tried, since the time was up', passing: true });
    else
      told(
        await trialOf(backend, counted, { share, until: now + share, latest: begun + TIMING_MILLISECONDS }, i === 0),
      );
  }
}

/** A place whose clock stands still while the network is made: drawing its weights is no backend's work. */
function withoutBuilding(place: TimingPlace): TimingPlace {
  let building = 0;
  return {
    ...place,
    now: () => place.now() - building,
    network() {
      const from = place.now();
      try {
        return place.network();
      } finally {
        building += place.now() - from;
      }
    },
  };
}

/** What a backend may take, in milliseconds, and until when by the place's clock: usually, and at the latest. */
interface Time {
  readonly share: number;
  readonly until: number;
  readonly latest: number;
}

async function trialOf(backend: BackendName, place: TimingPlace, time: Time, first: boolean): Promise<BackendTrial> {
  try {
    await place.start(backend, first ? undefined : time.share);
  } catch (error) {
    if (place.isLate(error)) return { backend, problem: 'did not start in time', passing: true };
    return { backend, problem: ABSENT, detail: textOf(error) };
  }
  try {
    const network = place.network();
    try {
      return { backend, millisecondsPerStep: await millisecondsOf(network, place, time, first) };
    } finally {
      network.dispose();
    }
  } catch (error) {
    return { backend, problem: 'does not train this network', detail: textOf(error) };
  }
}

async function millisecondsOf(
  network: TimedNetwork,
  { now }: TimingPlace,
  { until, latest }: Time,
  first: boolean,
): Promise<number> {
  const timed = async (steps: number): Promise<TimedSteps> => {
    const from = now();
    for (let i = 0; i < steps; i++) network.step();
    await network.read();
    return { steps, each: (now() - from) / steps };
  };
  const warmUp = await timed(1);
  // The first one compiles nothing: if its step is long, it is so again.
  const more = first && warmUp.each > AFTER_FIRST_STEP ? 0 : AFTER_FIRST_STEP;
  const end = Math.min(latest, Math.max(until, now() + more));
  const found: TimedSteps[] = [];
  let made = 0;
  let size = 1;
  while (made < STEPS) {
    const each = found.at(-1)?.each ?? 0;
    const room = end - now();
    if (room <= each) break;
    const steps = each > 0 ? Math.max(1, Math.min(size, Math.floor(room / each))) : 1;
    const block = await timed(steps);
    found.push(block);
    made += steps;
    // Reading takes its time on a GPU, and a training does it every few steps at most.
    if (block.each * steps < BLOCK_MILLISECONDS) size *= 2;
  }
  return medianStep(found) ?? warmUp.each;
}

const textOf = (error: unknown): string => messageOf(error).slice(0, 2000);
