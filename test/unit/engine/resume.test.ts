import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/data/dataset';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRandom } from '../../../src/core/math/random';
import type { NetworkPlan } from '../../../src/core/model/plan/plan';
import type { NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { createRunRecord, type NetworkRecord, rewind } from '../../../src/core/runs/record';
import { CheckpointError, placeOf } from '../../../src/engine/train/checkpoint';
import { Trainer } from '../../../src/engine/train/trainer';
import type { TrainingJob } from '../../../src/protocol/workers/training';
import { startWasm } from './backend';
import { PlanBuilder } from './plans';

const COUNT = 110;
/** 110 = 3 × 32 + 14. */
const PER_EPOCH = 4;

const dataset: Dataset = (() => {
  const random = createRandom(2, 'pictures');
  const draw = (count: number) => ({
    images: Uint8Array.from({ length: count * 16 }, () => random.below(256)),
    labels: Uint8Array.from({ length: count }, () => random.below(3)),
  });
  return { name: 'noise', rows: 4, columns: 4, classes: 3, train: draw(COUNT), test: draw(40) };
})();

const config: ExperimentConfig = {
  ...paperConfig,
  hidden: [8, 6],
  kernelInitializer: { kind: 'glorot_uniform' },
  batchSize: 32,
  epochs: 3,
  learningRate: 0.02,
};
const STEPS = 3 * PER_EPOCH;

function emptyRecord(): NetworkRecord {
  const summary = { name: 'noise', train: COUNT, test: 40, classes: 3, inputs: 16 };
  return createRunRecord('test', '2026-01-01T00:00:00Z', { ...config, activations: ['tanh'] }, summary).networks[0]!;
}

/** A turn after each step. */
const hurried = () => {
  let now = 0;
  return () => {
    now += 3000;
    return now;
  };
};

interface Watch {
  recorded?(trainer: Trainer, steps: number): void;
  paused?(trainer: Trainer): void;
  epochEnded?(trainer: Trainer, epoch: number): void;
}

/** Trains on, into the record. */
async function train(job: TrainingJob, record = emptyRecord(), watch: Watch = {}) {
  const checkpoints: NetworkCheckpoint[] = [];
  const states: string[] = [];
  const trainer: Trainer = new Trainer(
    structuredClone(job),
    dataset,
    {
      recorded(steps, probes) {
        record.steps.append(steps);
        record.probes.append(probes);
        watch.recorded?.(trainer, record.steps.count);
      },
      epochEnded(row) {
        record.epochs.push(row);
        watch.epochEnded?.(trainer, row.epoch);
      },
      stateChanged(state) {
        states.push(state);
        if (state === 'paused') watch.paused?.(trainer);
      },
      checkpointed: (checkpoint) => checkpoints.push(structuredClone(checkpoint)),
    },
    hurried(),
  );
  const outcome = await trainer.train();
  return { outcome, record, checkpoints, states, trainer };
}

const stopAt = (step: number): Watch => ({
  recorded: (trainer, steps) => {
    if (steps === step) trainer.stop();
  },
});

/** Everything recorded, to the bit. */
function bits({ steps, probes, epochs }: NetworkRecord) {
  const bytes = (values: Float32Array | Int32Array) =>
    Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const { firstStep: _, ...columns } = steps.block();
  return {
    steps: Object.entries(columns).map(([name, values]) => [name, bytes(values!)]),
    probes: Object.entries(probes.block()).map(([name, values]) => [name, bytes(values!)]),
    epochs,
  };
}

const jobs = (optimizer: ExperimentConfig['optimizer']): TrainingJob => ({
  config: { ...config, optimizer },
  activation: 'tanh',
  seed: 5,
});

async function startCpu(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
}

describe.each([
  ['cpu', startCpu],
  ['wasm', startWasm],
] as const)('going on from a checkpoint on %s', (_, start) => {
  beforeAll(start);

  describe.each(['sgd', 'momentum', 'rmsprop', 'adam'] as const)('with %s', (optimizer) => {
    const job = jobs(optimizer);

    // The first step, in an epoch, at a probe, the last of an epoch (its evaluation to come), the last of all.
    it.each([1, 2, PER_EPOCH - 1, PER_EPOCH, PER_EPOCH + 1, 2 * PER_EPOCH, 10, STEPS - 1, STEPS])(
      'stopped after step %i, records what an undisturbed training does',
      async (step) => {
        const before = tf.memory().numTensors;
        const whole = await train(job);
        expect(whole.record.steps.count).toBe(STEPS);
        const first = await train(job, undefined, stopAt(step));
        expect(first.outcome.state).toBe('stopped');
        const checkpoint = first.checkpoints.at(-1)!;
        expect(checkpoint.step).toBe(step);
        expect(first.record.steps.count).toBe(step);
        const second = await train({ ...job, checkpoint }, first.record);
        expect(second.outcome.state).toBe('finished');
        expect(bits(second.record)).toEqual(bits(whole.record));
        expect(second.outcome.tensors.end).toBe(second.outcome.tensors.early);
        expect(tf.memory().numTensors).toBe(before);
      },
    );

    it('from an epoch’s end, with a record that went further', async () => {
      const { record } = await train(job);
      const whole = bits(record);
      for (const step of [2 * PER_EPOCH, PER_EPOCH]) {
        const stopped = await train(job, undefined, stopAt(step));
        // As of after its evaluation.
        const checkpoint = { ...stopped.checkpoints.at(-1)!, sums: { loss: 0, correct: 0, seen: 0 } };
        rewind(record, step, PER_EPOCH);
        expect(record.epochs).toHaveLength(step / PER_EPOCH);
        await train({ ...job, checkpoint }, record);
        expect(bits(record)).toEqual(whole);
      }
    });

    it('interrupted at every step, in a new trainer each time', async () => {
      const whole = await train(job);
      const record = emptyRecord();
      let checkpoint: NetworkCheckpoint | undefined;
      for (let step = 1; step <= STEPS; step++) {
        const part = await train({ ...job, checkpoint }, record, stopAt(step));
        checkpoint = part.checkpoints.at(-1)!;
      }
      await train({ ...job, checkpoint }, record);
      expect(bits(record)).toEqual(bits(whole.record));
    });
  });
});

describe('a checkpoint', () => {
  beforeAll(startWasm);
  const job = jobs('adam');

  it('comes with a pause, and disturbs nothing', async () => {
    const whole = await train(job);
    const { record, checkpoints, states } = await train(job, undefined, {
      recorded: (trainer, steps) => {
        if (steps === 3) trainer.pause();
      },
      paused: (trainer) => trainer.resume(),
    });
    expect(states).toEqual(['running', 'paused', 'running']);
    expect(checkpoints[0]!.step).toBe(3);
    expect(bits(record)).toEqual(bits(whole.record));
  });

  it('is answered while the training runs and while it pauses, as of what is told', async () => {
    const asked: Promise<[NetworkCheckpoint | undefined, number]>[] = [];
    const record = emptyRecord();
    const ask = (trainer: Trainer) =>
      trainer.checkpoint().then((checkpoint) => [checkpoint, record.steps.count] as [typeof checkpoint, number]);
    const { outcome } = await train(job, record, {
      recorded: (trainer, steps) => {
        if (steps === 2 || steps === PER_EPOCH) asked.push(ask(trainer));
        if (steps === 6) trainer.pause();
      },
      paused: (trainer) => {
        asked.push(
          ask(trainer).finally(() => {
            asked.push(ask(trainer));
            setTimeout(() => trainer.resume());
          }),
        );
      },
    });
    expect(outcome.state).toBe('finished');
    const answers = await Promise.all(asked);
    expect(answers.map(([checkpoint]) => checkpoint!.step)).toEqual([2, PER_EPOCH, 6, 6]);
    expect(answers.map(([, told]) => told)).toEqual([2, PER_EPOCH, 6, 6]);
    expect(answers[1]![0]!.sums.seen).toBe(COUNT);
    const whole = await train(job);
    for (const [checkpoint] of answers) {
      rewind(record, checkpoint!.step, PER_EPOCH);
      if (checkpoint!.sums.seen === COUNT) record.epochs.length = checkpoint!.step / PER_EPOCH - 1;
      await train({ ...job, checkpoint }, record);
      expect(bits(record)).toEqual(bits(whole.record));
    }
  });

  it('is not there once the training is over, and whoever waits for one then hears so', async () => {
    let late: Promise<NetworkCheckpoint | undefined> | undefined;
    const { trainer } = await train(job, undefined, {
      epochEnded: (running, epoch) => {
        if (epoch === config.epochs) late = running.checkpoint();
      },
    });
    expect(await late).toBeUndefined();
    expect(await trainer.checkpoint()).toBeUndefined();
  });

  it.each(['pause', 'stop'] as const)(
    'before the first step (%s before the start) has the first weights',
    async (how) => {
      const whole = await train(job);
      const checkpoints: NetworkCheckpoint[] = [];
      const first = new Trainer(job, dataset, {
        recorded: () => expect.fail('a step was trained'),
        epochEnded() {},
        stateChanged: (state) => {
          if (state === 'paused') first.stop();
        },
        checkpointed: (checkpoint) => checkpoints.push(structuredClone(checkpoint)),
      });
      first[how]();
      expect((await first.train()).state).toBe('stopped');
      expect(checkpoints).toHaveLength(1);
      expect(checkpoints[0]!.step).toBe(0);
      const second = await train({ ...job, checkpoint: checkpoints[0] });
      expect(bits(second.record)).toEqual(bits(whole.record));
    },
  );

  it('is told by a stop, and before that only where somebody asks: whoever keeps it knows what it costs', async () => {
    const { checkpoints } = await train(job, undefined, stopAt(2 * PER_EPOCH + 1));
    expect(checkpoints.map(({ step }) => step)).toEqual([2 * PER_EPOCH + 1]);
  });

  it('of a whole training has nothing left to train', async () => {
    const { checkpoints, record } = await train(job, undefined, stopAt(STEPS));
    await train({ ...job, checkpoint: checkpoints.at(-1) }, record);
    const done = { ...checkpoints.at(-1)!, sums: { loss: 0, correct: 0, seen: 0 } };
    const { outcome, record: none } = await train({ ...job, checkpoint: done });
    expect(outcome).toMatchObject({ state: 'finished' });
    expect(outcome.tensors.end).toBe(outcome.tensors.early);
    expect([none.steps.count, none.epochs.length]).toEqual([0, 0]);
  });

  it('keeps the last loss, for the sentence of a training that diverges right after it', async () => {
    const wild: TrainingJob = {
      ...jobs('sgd'),
      config: {
        ...config,
        optimizer: 'sgd',
        learningRate: 10,
        kernelInitializer: { kind: 'normal', mean: 0, stddev: 1e4 },
      },
      activation: 'linear',
    };
    const whole = await train(wild);
    expect(whole.outcome.state).toBe('diverged');
    const bad = whole.record.steps.count - 1;
    expect(bad).toBeGreaterThan(0);
    const first = await train(wild, undefined, stopAt(bad));
    const second = await train({ ...wild, checkpoint: first.checkpoints.at(-1) }, first.record);
    expect(second.outcome.message).toBe(whole.outcome.message);
  });

  it('of a network from a plan keeps its moving averages', async () => {
    const plan = new PlanBuilder([16]);
    plan.dense(8);
    plan.normalise('batch');
    plan.add({ kind: 'activation', shape: [8], phi: 'relu', hidden: true });
    plan.dense(3);
    await goesOn(plan.build('classes'));
  });

  it('of a network that drops units is none, and none is taken', async () => {
    const builder = new PlanBuilder([16]);
    builder.dense(8, 'tanh');
    builder.add({ kind: 'dropout', rate: 0.2, variant: 'plain', shape: [8] });
    builder.dense(3);
    const plan = builder.build('classes');
    const { checkpoints } = await train({ ...job, plan }, oneHidden(), stopAt(3));
    expect(checkpoints).toEqual([]);
    const { checkpoints: other } = await train(job, undefined, stopAt(3));
    await expect(train({ ...job, plan, checkpoint: other[0] })).rejects.toThrow(/drops units at random/);
  });

  it.each([
    [
      'other widths',
      { hidden: [8, 5] },
      /parameters have the sizes 128, 48, 18, 8, 6, 3, and this training needs 128, 40/,
    ],
    ['another optimizer', { optimizer: 'sgd' }, /means of the gradients for sgd have the sizes .*needs none/],
    ['other batches', { batchSize: 16 }, /has seen 96 examples, and step 3 of this training comes after 48/],
    ['fewer steps', { batchSize: 110, epochs: 1 }, /after step 3, and this training has 1/],
  ] as const)('of a training with %s gets a sentence, and leaves no tensors', async (_, change, message) => {
    const { checkpoints } = await train(job, undefined, stopAt(3));
    const before = tf.memory().numTensors;
    const other = { ...job, config: { ...config, optimizer: 'adam', ...change } as ExperimentConfig };
    const going = train({ ...other, checkpoint: checkpoints[0] });
    await expect(going).rejects.toThrow(CheckpointError);
    await expect(going).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('knows its place in its epoch', () => {
    const at = (step: number, seen: number) => placeOf({ step, sums: { loss: 0, correct: 0, seen } }, COUNT, 32);
    expect(at(0, 0)).toEqual({ epoch: 1, from: 0 });
    expect(at(3, 96)).toEqual({ epoch: 1, from: 96 });
    expect(at(4, COUNT)).toEqual({ epoch: 1, from: COUNT });
    expect(at(4, 0)).toEqual({ epoch: 2, from: 0 });
    expect(at(12, 0)).toEqual({ epoch: 4, from: 0 });
  });

  async function goesOn(plan: NetworkPlan): Promise<void> {
    const [one, two] = [oneHidden(), oneHidden()];
    await train({ ...job, plan }, one);
    const first = await train({ ...job, plan }, two, stopAt(6));
    await train({ ...job, plan, checkpoint: first.checkpoints.at(-1) }, two);
    expect(bits(two)).toEqual(bits(one));
  }
});

function oneHidden(): NetworkRecord {
  const summary = { name: 'noise', train: COUNT, test: 40, classes: 3, inputs: 16 };
  return createRunRecord('test', '', { ...config, activations: ['tanh'], hidden: [8] }, summary).networks[0]!;
}
