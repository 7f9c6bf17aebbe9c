import { describe, expect, it } from 'vitest';
import { type Dataset, summarise } from '../../../src/core/data/dataset';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import { fittingAtOnce, formatBytes, networkMemory } from '../../../src/core/experiment/memory';
import type { TrainingJob, TrainingOutcome } from '../../../src/protocol/workers/training';
import { Comparison } from '../../../src/session/comparison';
import type { ComparisonOptions } from '../../../src/session/comparisonOptions';
import { MemoryError, TrainingMemory } from '../../../src/session/memory';
import { config, dataset, fakeWorker, handClock, type Script, summary, wellBehaved } from './scriptedWorker';

const GB = 2 ** 30;
/** More than WebAssembly has. */
const large = Array<number>(30).fill(4096);

function compare(script: Script, change: Partial<ExperimentConfig>, options: Partial<ComparisonOptions> = {}) {
  const started: TrainingJob[] = [];
  const notes: string[] = [];
  const comparison = new Comparison({
    config: { ...config, ...change },
    dataset,
    binaries: {},
    launch: () => fakeWorker(script, started),
    parallel: 4,
    id: 'test',
    startedAt: '2026-01-01T00:00:00Z',
    clock: handClock().clock,
    onBackendNote: (text) => notes.push(text),
    onChange: () => {},
    log: () => {},
    ...options,
  });
  return { comparison, started, notes };
}

describe('the memory of a comparison', () => {
  it('that is too little for any of its networks is said before a worker starts', () => {
    const launched: unknown[] = [];
    const start = (change: Partial<ExperimentConfig>, memory?: number) => () =>
      compare(wellBehaved, change, { memory, launch: () => launched.push(0) as never });
    expect(start({ hidden: large, backend: 'wasm' })).toThrow(MemoryError);
    expect(start({ hidden: large, backend: 'wasm' })).toThrow(
      /^A network of this size takes 7\.\d GB .* the wasm backend has 3\.9 GB/,
    );
    expect(start({ hidden: large, backend: 'auto' }, 4 * GB)).toThrow('this machine has 4.0 GB');
    expect(launched).toEqual([]);
    expect(start({ hidden: large, backend: 'auto' }, 32 * GB)).not.toThrow();
  });

  it('of wasm alone lets auto pass it over, without trying it', async () => {
    const tried: string[][] = [];
    const { comparison, started, notes } = compare(
      { ...wellBehaved, time: async (candidates) => void tried.push(candidates) },
      { hidden: large, backend: 'auto', activations: ['relu'] },
      { memory: 64 * GB },
    );
    await comparison.start();
    expect(tried).toEqual([['webgl', 'webgpu']]);
    expect(started.map((job) => job.config.backend)).toEqual(['cpu']);
    expect(notes.join(' ')).toContain('wasm has too little memory for this network');
  });

  it('that holds one network at a time has them train one after the other', async () => {
    const data = { ...summary, sparse: true };
    const { total } = networkMemory(config, data, 'wasm');
    let [training, most] = [0, 0];
    const script: Script = {
      async train(...life) {
        most = Math.max(most, ++training);
        const outcome = await wellBehaved.train(...life);
        training--;
        return outcome;
      },
    };
    const { comparison, notes } = compare(script, {}, { memory: 2 * total });
    await comparison.start();
    expect(most).toBe(1);
    expect(comparison.run.networks.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(notes).toEqual([
      'One network trains after the other, since each takes 1 MB of memory and this machine has 1 MB.',
    ]);
    const roomy = compare(script, {}, { memory: GB });
    await roomy.comparison.start();
    expect(roomy.notes).toEqual([]);
  });

  it('counts a copy of the data for each worker, unless all have the same', () => {
    const change = { ...config, hidden: [64] };
    const filled = (bytes: Uint8Array) => ({ images: bytes.fill(200), labels: new Uint8Array(bytes.length / 100) });
    const data = (images: Uint8Array): Dataset => ({
      ...{ name: 'pictures', rows: 10, columns: 10, classes: 2 },
      ...{ train: filled(images), test: filled(new Uint8Array(100)) },
    });
    const length = 8_000_000;
    const own = data(new Uint8Array(length));
    const shared = data(new Uint8Array(new SharedArrayBuffer(length)));
    const facts = summarise(own);
    const drawn = summarise({ drawn: 'digits' });
    for (const [dataset, backend, copied, of] of [
      [own, 'wasm', length + 100, { ...facts, sparse: false }],
      [shared, 'wasm', 0, { ...facts, sparse: false }],
      [shared, 'auto', 0, { ...facts, sparse: false }],
      [shared, 'cpu', 0, { ...facts, sparse: false }],
      // Each worker draws its own.
      [{ drawn: 'digits' }, 'wasm', (drawn.train + drawn.test) * drawn.inputs, { ...drawn, sparse: true }],
    ] as const) {
      const settings = { ...change, backend };
      const each = networkMemory(settings, of, backend === 'auto' ? 'wasm' : backend).total + copied;
      const { note } = new TrainingMemory(settings, dataset, each).atOnce(6);
      expect(note).toContain(`One network trains after the other, since each takes ${formatBytes(each)} of memory`);
    }
  });

  it('says how many train at the same time, where it is more than one and fewer than might', () => {
    const each = networkMemory(config, { ...summary, sparse: true }, 'wasm').total + summary.inputs * 6;
    let machine = each;
    while (fittingAtOnce(6, each, machine) < 2) machine += each / 4;
    const atOnce = fittingAtOnce(6, each, machine);
    expect(atOnce).toBeLessThan(6);
    const found = new TrainingMemory({ ...config, backend: 'wasm' }, dataset, machine).atOnce(6);
    expect(found.atOnce).toBe(atOnce);
    expect(found.note).toMatch(new RegExp(`^${atOnce} networks train at the same time, since`));
  });

  it('lets nothing be passed over that fits', () => {
    expect(new TrainingMemory(config, dataset, GB).passedOver()).toEqual([]);
  });

  it.each(['table index is out of bounds', 'Aborted(). Build with -sASSERTIONS for more info.'])(
    'that was estimated too low is told of in a sentence: %s',
    async (error) => {
      const failing = compare({ train: () => Promise.reject(new Error(error)) }, { activations: ['relu'] });
      await failing.comparison.start();
      const [network] = failing.comparison.run.networks;
      expect(network!.state).toBe('failed');
      expect(network!.message).toMatch(/^Its memory was used up \(.*\)\. Choose a batch smaller than 2/);

      const dying = compare(
        {
          train(_, _job, { die }) {
            die(error);
            return new Promise<TrainingOutcome>(() => {});
          },
        },
        { activations: ['relu'] },
      );
      await dying.comparison.start();
      expect(dying.comparison.run.networks[0]!.message).toMatch(
        /^Its memory was used up .* What it recorded is kept\.$/,
      );

      // Its backend is not to blame.
      const early = compare({ ...wellBehaved, prepare: (_, die) => die(error) }, { activations: ['relu'] });
      await early.comparison.start();
      expect(early.comparison.run.networks[0]!.message).toMatch(/^Its memory was used up/);
    },
  );
});
