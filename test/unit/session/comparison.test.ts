import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/data/dataset';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { connect, type Transport } from '../../../src/protocol/channel';
import type { Remote, Service } from '../../../src/protocol/contract';
import {
  type TrainingJob,
  type TrainingOutcome,
  trainingContract,
  trainingNewsContract,
} from '../../../src/protocol/workers/training';
import { Comparison, type WorkerHandle } from '../../../src/session/comparison';

const dataset: Dataset = {
  name: 'tiny',
  rows: 1,
  columns: 2,
  classes: 2,
  train: { images: new Uint8Array(8), labels: new Uint8Array(4) },
  test: { images: new Uint8Array(4), labels: new Uint8Array(2) },
};

const config: ExperimentConfig = {
  ...paperConfig,
  activations: ['sigmoid', 'relu'],
  batchSize: 2,
  epochs: 3,
  hidden: [4],
};
const tensors = { early: 12, end: 12 };

/** A worker whose life the test writes. */
interface Script {
  train(
    news: Remote<typeof trainingNewsContract>,
    job: TrainingJob,
    life: { stopped: Promise<void>; die(reason: string): void },
  ): Promise<TrainingOutcome>;
}

function fakeWorker(script: Script, started: TrainingJob[]): WorkerHandle {
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
  const service: Service<typeof trainingContract> = {
    prepare(wanted) {
      job = wanted;
      started.push(wanted);
      return {
        backend: 'wasm',
        trials: wanted.config.backend === 'auto' ? [{ backend: 'wasm', millisecondsPerStep: 1 }] : [],
      };
    },
    train: () => script.train(remote, job!, { stopped, die: (reason) => died(reason) }),
    pause() {},
    resume() {},
    stop: () => stop(),
    checkpoint: () => undefined,
  };
  const { remote } = connect(inner, trainingContract, service, trainingNewsContract, () => {});
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

const block = (firstStep: number) => ({
  firstStep,
  loss: Float32Array.of(1),
  accuracy: Float32Array.of(0.5),
  gradientNorms: Float32Array.of(0.1, 0.2),
});
const one = () => Float32Array.of(0);
const probe = () => ({
  step: Int32Array.of(0),
  meanDerivative: one(),
  saturatedShare: one(),
  deadShare: one(),
  preActivationMean: one(),
  preActivationStddev: one(),
  updateRatio: new Float32Array(2),
});

function compare(script: Script, change: Partial<ExperimentConfig> = {}) {
  const started: TrainingJob[] = [];
  const logged: string[] = [];
  const comparison = new Comparison({
    config: { ...config, ...change },
    dataset,
    binaries: {},
    launch: () => fakeWorker(script, started),
    parallel: 2,
    id: 'test',
    startedAt: '2026-01-01T00:00:00Z',
    onChange: () => {},
    log: (_level, text) => logged.push(text),
  });
  return { comparison, started, logged };
}

const wellBehaved: Script = {
  async train(news) {
    await news.stateChanged('running');
    await news.recorded(block(0), probe());
    await news.epochEnded({ epoch: 1, loss: 1, accuracy: 0.9, testLoss: 1, testAccuracy: 0.9 });
    return { state: 'finished', seconds: 1, tensors };
  },
};

describe('a comparison', () => {
  it('trains every activation of every seed once, and keeps what it hears', async () => {
    const { comparison, started } = compare(wellBehaved, { seeds: 3, seed: 7 });
    await comparison.start();
    expect(started.map(({ activation, seed }) => `${activation} ${seed}`).sort()).toEqual([
      'relu 7',
      'relu 8',
      'relu 9',
      'sigmoid 7',
      'sigmoid 8',
      'sigmoid 9',
    ]);
    expect(
      comparison.run.networks.every(
        ({ state, steps, epochs }) => state === 'finished' && steps.count === 1 && epochs.length === 1,
      ),
    ).toBe(true);
    expect(comparison.verdicts.size).toBe(6);
    expect(comparison.progress).toBe(1);
  });

  it('lets one worker choose the backend for all', async () => {
    const { comparison, started } = compare(wellBehaved, { backend: 'auto', seeds: 2 });
    await comparison.start();
    expect(started.map((job) => job.config.backend)).toEqual(['auto', 'wasm', 'wasm', 'wasm']);
    expect(comparison.trials).toHaveLength(1);
  });

  it('marks the network of a dead worker, keeps its records, and lets the others finish', async () => {
    const { comparison } = compare({
      async train(news, job, { die }) {
        if (job.activation === 'relu') return wellBehaved.train(news, job, { stopped: Promise.resolve(), die });
        await news.recorded(block(0), probe());
        setTimeout(() => die('out of memory'));
        return new Promise<TrainingOutcome>(() => {});
      },
    });
    await comparison.start();
    const [sigmoid, relu] = comparison.run.networks;
    expect(sigmoid!.state).toBe('failed');
    expect(sigmoid!.message).toContain('out of memory');
    expect(sigmoid!.steps.count).toBe(1);
    expect(relu!.state).toBe('finished');
  });

  it('stops a worker that answers, with its last steps', async () => {
    const running = withResolvers();
    const { comparison } = compare(
      {
        async train(news, _job, { stopped }) {
          await news.recorded(block(0), probe());
          running.resolve();
          await stopped;
          await news.recorded(block(1), { ...probe(), step: new Int32Array(0), ...emptyProbe() });
          return { state: 'stopped', seconds: 1, tensors };
        },
      },
      { seeds: 2 },
    );
    const over = comparison.start();
    await running.promise;
    comparison.stop();
    await over;
    expect(comparison.run.networks.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    expect(comparison.run.networks[0]!.steps.count).toBe(2);
    expect(comparison.run.networks[2]!.steps.count).toBe(0);
  });

  it('ends a worker that does not answer a stop', async () => {
    const running = withResolvers();
    const { comparison } = compare({
      async train(news) {
        await news.recorded(block(0), probe());
        running.resolve();
        return new Promise<TrainingOutcome>(() => {});
      },
    });
    const over = comparison.start();
    await running.promise;
    comparison.stop();
    await over;
    expect(comparison.run.networks.every(({ state }) => state === 'stopped')).toBe(true);
  });

  it('fails a network, not the run, where steps do not follow each other', async () => {
    const { comparison, logged } = compare({
      async train(news) {
        await news.recorded(block(5), probe());
        return { state: 'finished', seconds: 1, tensors };
      },
    });
    await comparison.start();
    expect(logged.join(' ')).toContain('do not follow');
    expect(comparison.run.networks[0]!.steps.count).toBe(0);
  });
});

function emptyProbe() {
  const none = new Float32Array(0);
  return {
    meanDerivative: none,
    saturatedShare: none,
    deadShare: none,
    preActivationMean: none,
    preActivationStddev: none,
    updateRatio: none,
  };
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
