import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { drawDigits } from '../../../src/core/data/digits';
import { paperConfig } from '../../../src/core/experiment/config';
import type { NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { type Device, graphics, LostDeviceError } from '../../../src/engine/backends/device';
import { startBackend } from '../../../src/engine/backends/start';
import { Trainer } from '../../../src/engine/train/trainer';

const never = new Promise<void>(() => {});

describe('a device that may be lost', () => {
  it('answers what was read while it computes', async () => {
    expect(await graphics(never, async () => true).read(Promise.resolve(7))).toBe(7);
  });

  it('answers nothing that was read when it was lost', async () => {
    await expect(graphics(never, async () => false).read(Promise.resolve(0))).rejects.toThrow(LostDeviceError);
    await expect(graphics(Promise.resolve(), async () => true).read(Promise.resolve(0))).rejects.toThrow(
      LostDeviceError,
    );
  });

  it('waits for no reading that never comes back', async () => {
    let lose = () => {};
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const reading = graphics(lost, async () => true).read(never);
    lose();
    await expect(reading).rejects.toThrow(LostDeviceError);
  });

  it('knows an error that comes of it, also where the loss is heard of later', async () => {
    expect(await graphics(never, async () => true).isLost(new LostDeviceError())).toBe(true);
    let lose = () => {};
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const asked = graphics(lost, async () => true).isLost(new Error('no texture'));
    setTimeout(() => lose());
    expect(await asked).toBe(true);
  });
});

describe('a training on a GPU', () => {
  beforeAll(() => startBackend('cpu', {}));
  const config = { ...paperConfig, hidden: [6], batchSize: 8, epochs: 2 };
  const dataset = drawDigits({ train: 160, test: 16 });

  /** Trains with a device that is lost at its `last` reading; a turn after every step, and a checkpoint asked for at each. */
  async function trained(last: number) {
    let readings = 0;
    let now = 0;
    const device: Device = {
      async read(reading) {
        const found = await reading;
        if (++readings >= last) throw new LostDeviceError();
        return found;
      },
      isLost: async (error) => error instanceof LostDeviceError,
    };
    const told: number[] = [];
    const checkpoints: NetworkCheckpoint[] = [];
    const trainer: Trainer = new Trainer(
      { config, activation: 'relu', seed: 0 },
      dataset,
      {
        recorded({ firstStep, loss }) {
          told.push(...loss.map((_, i) => firstStep + i));
          void trainer.checkpoint().then((checkpoint) => checkpoint && checkpoints.push(checkpoint));
        },
        epochEnded() {},
        stateChanged() {},
        checkpointed() {},
      },
      () => (now += 1000),
      device,
    );
    return { outcome: await trainer.train(), told, checkpoints };
  }

  it('ends as lost, tells no step that was not read, and leaves the checkpoints that were asked for', async () => {
    const before = tf.memory().numTensors;
    const { outcome, told, checkpoints } = await trained(16);
    expect(outcome.state).toBe('lost');
    expect(told).toEqual(told.map((_, i) => i));
    expect(checkpoints.length).toBeGreaterThan(0);
    const last = checkpoints.at(-1)!.step;
    expect(last).toBeLessThanOrEqual(told.length);
    expect(told.length - last).toBeLessThan(6);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lost at its first reading has told nothing', async () => {
    const { outcome, told, checkpoints } = await trained(1);
    expect([outcome.state, told, checkpoints]).toEqual(['lost', [], []]);
  });

  it('reads back when it tells, and no more often for more steps between', async () => {
    const backend = tf.backend();
    const [read, readSync] = [vi.spyOn(backend, 'read'), vi.spyOn(backend, 'readSync')];
    const count = () => read.mock.calls.length;
    const seen: { steps: number; reads: number }[] = [];
    let steps = 0;
    // The clock stands still: what is told is the first step, and then what an epoch has left.
    const trainer = new Trainer(
      { config, activation: 'relu', seed: 0 },
      dataset,
      {
        recorded({ loss }) {
          seen.push({ steps: loss.length, reads: count() });
          steps += loss.length;
        },
        epochEnded: () => seen.push({ steps: 0, reads: count() }),
        stateChanged() {},
        checkpointed() {},
      },
      () => 0,
    );
    await trainer.train();
    // On cpu a reading is one that waits; there is no other.
    expect(readSync.mock.calls).toHaveLength(count());
    for (const each of [read, readSync]) each.mockRestore();
    expect(steps).toBe(40);
    const between = seen.map(({ reads }, i) => reads - (seen[i - 1]?.reads ?? 0));
    // Steps and probes in one reading each; the test set of one batch in one.
    expect(seen.map(({ steps }, i) => [steps, between[i]])).toEqual([
      [1, 2],
      [19, 2],
      [0, 1],
      [20, 2],
      [0, 1],
    ]);
  });
});
