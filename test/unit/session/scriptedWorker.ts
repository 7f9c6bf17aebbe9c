import type { Dataset } from '../../../src/core/data/dataset';
import { type BackendName, type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import type { NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { connect, type Transport } from '../../../src/protocol/channel';
import type { Remote, Service } from '../../../src/protocol/contract';
import { timingContract, timingNewsContract } from '../../../src/protocol/workers/timing';
import {
  type TrainingJob,
  type TrainingOutcome,
  trainingContract,
  trainingNewsContract,
} from '../../../src/protocol/workers/training';
import type { Clock } from '../../../src/session/clock';
import type { WorkerHandle } from '../../../src/session/trainingWorker';

export const dataset: Dataset = {
  name: 'tiny',
  rows: 1,
  columns: 2,
  classes: 2,
  train: { images: new Uint8Array(8), labels: new Uint8Array(4) },
  test: { images: new Uint8Array(4), labels: new Uint8Array(2) },
};

export const config: ExperimentConfig = {
  ...paperConfig,
  activations: ['sigmoid', 'relu'],
  batchSize: 2,
  epochs: 3,
  hidden: [4],
};
export const tensors = { early: 12, end: 12 };

type News = Remote<typeof trainingNewsContract>;

/** A worker whose life the test writes. */
export interface Script {
  train(
    news: News,
    job: TrainingJob,
    life: { stopped: Promise<void>; die(reason: string): void },
  ): Promise<TrainingOutcome>;
  /** Why the job's backend does not start; without it, it does. */
  notStarted?(job: TrainingJob): string | undefined;
  /** Tells what each backend takes; without it wasm is the fastest. */
  time?(
    candidates: BackendName[],
    news: Remote<typeof timingNewsContract>,
    job: TrainingJob,
    die: (reason: string) => void,
  ): Promise<void>;
  /** Holds the preparation back. */
  prepare?(job: TrainingJob, die: (reason: string) => void): Promise<void> | void;
  asked?(what: 'pause' | 'resume' | 'stop', news: News): void;
  checkpoint?(job: TrainingJob): NetworkCheckpoint | undefined;
}

export function fakeWorker(
  script: Script,
  started: TrainingJob[],
  given: unknown[] = [],
  timed: TrainingJob[] = [],
): WorkerHandle {
  let toPage: (message: unknown) => void = () => {};
  let toWorker: (message: unknown) => void = () => {};
  let died: (reason: string) => void = () => {};
  let terminated = false;
  const deliver = (receive: () => (message: unknown) => void) => (message: unknown) => {
    const copy = structuredClone(message);
    queueMicrotask(() => {
      if (!terminated) receive()(copy);
    });
  };
  const inner: Transport = {
    post: deliver(() => toPage),
    listen(receive) {
      toWorker = receive;
      return () => {};
    },
  };
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let job: TrainingJob | undefined;
  const service: Service<typeof trainingContract & typeof timingContract> = {
    async prepare(wanted, data) {
      job = wanted;
      started.push(wanted);
      given.push(data);
      await script.prepare?.(wanted, (reason) => died(reason));
      const notStarted = script.notStarted?.(wanted);
      return notStarted === undefined ? { computedBy: 'operations of tfjs' } : { notStarted };
    },
    async timeBackends(candidates, wanted) {
      timed.push(wanted);
      if (script.time) return script.time(candidates, timing, wanted, (reason) => died(reason));
      for (const backend of candidates)
        await timing.tried({ backend, millisecondsPerStep: backend === 'wasm' ? 1 : 2 });
    },
    train: () => script.train(remote, job!, { stopped, die: (reason) => died(reason) }),
    pause: () => script.asked?.('pause', remote),
    resume: () => script.asked?.('resume', remote),
    stop() {
      script.asked?.('stop', remote);
      stop();
    },
    checkpoint: () => (job === undefined ? undefined : script.checkpoint?.(job)),
  };
  const contract = { ...trainingContract, ...timingContract };
  const { remote: both } = connect(
    inner,
    contract,
    service,
    { ...trainingNewsContract, ...timingNewsContract },
    () => {},
  );
  const remote: News = both;
  const timing: Remote<typeof timingNewsContract> = both;
  return {
    transport: {
      post: deliver(() => toWorker),
      listen(receive) {
        toPage = receive;
        return () => {
          toPage = () => {};
        };
      },
    },
    terminate() {
      terminated = true;
    },
    onDied(listener) {
      died = listener;
    },
  };
}

/** A step's numbers, which depend on the step alone. */
export const block = (firstStep: number) => ({
  firstStep,
  loss: Float32Array.of(1 / (1 + firstStep)),
  accuracy: Float32Array.of(0.5),
  gradientNorms: Float32Array.of(0.1, 0.2 + firstStep),
});
const one = () => Float32Array.of(0);
export const probe = () => ({
  step: Int32Array.of(0),
  meanDerivative: one(),
  saturatedShare: one(),
  deadShare: one(),
  preActivationMean: one(),
  preActivationStddev: one(),
  updateRatio: new Float32Array(2),
});
export const row = (epoch: number) => ({ epoch, loss: 1, accuracy: 0.9, testLoss: 1, testAccuracy: 0.9 });

/** Two steps an epoch, three epochs. */
export const STEPS = 6;

export async function tellStep(news: News, step: number): Promise<void> {
  await news.recorded(block(step), step === 0 ? probe() : noProbe());
  if (step % 2 === 1) await news.epochEnded(row((step + 1) / 2));
}

/** Tells every step from the checkpoint on, and the epochs. */
export const wellBehaved: Script = {
  async train(news, { checkpoint }) {
    await news.stateChanged('running');
    for (let step = checkpoint?.step ?? 0; step < STEPS; step++) await tellStep(news, step);
    return { state: 'finished', seconds: 1, tensors };
  },
};

/** As far as some step, and then it waits to be stopped. */
export const upTo = (last: number, reached: () => void = () => {}): Script => ({
  async train(news, { checkpoint }, { stopped }) {
    await news.stateChanged('running');
    for (let step = checkpoint?.step ?? 0; step < last; step++) await tellStep(news, step);
    reached();
    await stopped;
    await news.checkpointed(checkpointAt(last));
    return { state: 'stopped', seconds: 1, tensors };
  },
});

export const checkpointAt = (step: number): NetworkCheckpoint => ({
  step,
  sums: { loss: 0, correct: 0, seen: step % 2 === 0 ? 0 : 2 },
  lastLoss: 1,
  parameters: [Float32Array.of(step)],
  optimizer: { updates: step, first: [], second: [] },
});

/** Time that the test turns. */
export function handClock() {
  let now = 0;
  const due: { at: number; f: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after(milliseconds, f) {
      const entry = { at: now + milliseconds, f };
      due.push(entry);
      return () => {
        if (due.includes(entry)) due.splice(due.indexOf(entry), 1);
      };
    },
  };
  const turn = (milliseconds: number) => {
    now += milliseconds;
    for (const entry of due.filter(({ at }) => at <= now)) {
      due.splice(due.indexOf(entry), 1);
      entry.f();
    }
  };
  return { clock, turn, due };
}

export const summary = { name: 'tiny', train: 4, test: 2, classes: 2, inputs: 2 };

/** Where no step was probed. */
export function noProbe() {
  const none = new Float32Array(0);
  return {
    step: new Int32Array(0),
    meanDerivative: none,
    saturatedShare: none,
    deadShare: none,
    preActivationMean: none,
    preActivationStddev: none,
    updateRatio: none,
  };
}

/** Promise.withResolvers, which Node 20 lacks. */
export function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
