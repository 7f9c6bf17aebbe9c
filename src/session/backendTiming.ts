import type { Dataset } from '../core/data/dataset';
import type { DrawnDigits } from '../core/data/drawnDigits';
import { autoCandidates, type BackendTrial } from '../core/experiment/backendTiming';
import { connect } from '../protocol/channel';
import type { BackendFiles } from '../protocol/workers/backendFiles';
import { timingContract, timingNewsContract } from '../protocol/workers/timing';
import type { TrainingJob } from '../protocol/workers/training';
import type { Clock } from './clock';
import type { WorkerHandle } from './trainingWorker';

export interface TimingOptions {
  readonly launch: () => WorkerHandle;
  readonly dataset: Dataset | DrawnDigits;
  readonly binaries: BackendFiles;
  readonly clock: Clock;
  /** Those that need not be tried, with why. */
  readonly passedOver?: readonly BackendTrial[];
}

/** Backends that are being timed. */
export interface Timing {
  /** A trial of each candidate, in their order; never rejects. */
  readonly trials: Promise<BackendTrial[]>;
  /** Ends it: what has not been tried by then was not. */
  stop(): void;
}

/** A worker that is silent for so long hangs in a driver, or in a step that takes too long to be waited for. */
const SILENT_MILLISECONDS = 10_000;

/**
 * Times real steps of a network on every backend, in a worker of its own that ends with it: contexts and memory of the
 * backends that lose are given back, and one that never comes up again can be ended from outside.
 */
export function timeBackends(
  job: TrainingJob,
  { launch, dataset, binaries, clock, passedOver = [] }: TimingOptions,
): Timing {
  const found = new Map<string, BackendTrial>(passedOver.map((trial) => [trial.backend, trial]));
  const candidates = autoCandidates.filter((backend) => !found.has(backend));
  let settle = () => {};
  let why = 'the time was up';
  const trials = new Promise<BackendTrial[]>((resolve) => {
    settle = () =>
      resolve(
        autoCandidates.map(
          (backend) => found.get(backend) ?? { backend, problem: `was not tried, since ${why}`, passing: true },
        ),
      );
  });
  let handle: WorkerHandle;
  try {
    handle = launch();
  } catch {
    // The networks' own workers will say more of it.
    why = 'the worker for that did not start';
    settle();
    return { trials, stop() {} };
  }
  let cancel = () => {};
  const end = () => {
    cancel();
    channel.close('The timing is over.');
    handle.terminate();
    settle();
  };
  const wait = () => {
    cancel();
    cancel = clock.after(SILENT_MILLISECONDS, end);
  };
  const channel = connect(
    handle.transport,
    timingNewsContract,
    {
      tried(trial) {
        found.set(trial.backend, trial);
        wait();
      },
    },
    timingContract,
    end,
  );
  handle.onDied((reason) => {
    // Of what comes after it nothing is known.
    const tried = candidates.find((backend) => !found.has(backend));
    const detail = reason.slice(0, 2000);
    if (tried !== undefined) found.set(tried, { backend: tried, problem: 'ended the worker that tried it', detail });
    end();
  });
  wait();
  channel.remote.timeBackends(candidates, job, dataset, binaries).then(end, end);
  return { trials, stop: end };
}
