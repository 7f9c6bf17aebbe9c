import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { launchNodeWorker, readBackendFiles } from '../../../src/cli/nodeWorkers';
import type { Dataset } from '../../../src/core/data/dataset';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRandom } from '../../../src/core/math/random';
import { decodeCheckpoints, encodeCheckpoints, type NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { recordedSteps } from '../../../src/core/runs/progress';
import type { RunRecord } from '../../../src/core/runs/record';
import { parseRun, serialiseRun } from '../../../src/core/runs/serialise';
import { Comparison } from '../../../src/session/comparison';
import type { Resume } from '../../../src/session/resume';

/** Real workers: the bundle in worker threads. */
const dist = join(import.meta.dirname, '../../../dist');

const dataset: Dataset = (() => {
  const random = createRandom(1, 'noise');
  const draw = (count: number) => ({
    images: Uint8Array.from({ length: count * 64 }, () => random.below(256)),
    labels: Uint8Array.from({ length: count }, () => random.below(4)),
  });
  return { name: 'noise', rows: 8, columns: 8, classes: 4, train: draw(3000), test: draw(200) };
})();

const config: ExperimentConfig = {
  ...paperConfig,
  activations: ['sigmoid', 'relu'],
  optimizer: 'adam',
  hidden: [64, 32],
  batchSize: 16,
  // Many turns of a worker, however fast it is: what interrupts it comes before its end.
  epochs: 60,
  backend: 'wasm',
};

interface Watch {
  resume?: Resume;
  during?(comparison: Comparison, killAll: () => void): void;
}

async function train({ resume, during }: Watch = {}) {
  const kills: (() => void)[] = [];
  const checkpoints = new Map<string, NetworkCheckpoint>(resume?.checkpoints);
  const killAll = () => {
    for (const kill of kills) kill();
  };
  const comparison: Comparison = new Comparison({
    config,
    dataset,
    binaries: readBackendFiles(dist),
    launch() {
      const worker = launchNodeWorker(dist);
      return {
        ...worker,
        onDied: (listener) =>
          kills.push(() => {
            worker.terminate();
            listener('killed');
          }),
      };
    },
    parallel: 2,
    id: 'test',
    startedAt: '2026-01-01T00:00:00Z',
    resume,
    onCheckpoint: (network, checkpoint) => void checkpoints.set(network, checkpoint),
    onChange: () => during?.(comparison, killAll),
    log() {},
  });
  await comparison.start();
  return { run: comparison.run, checkpoints };
}

/** As the next window finds it. */
const kept = ({ run, checkpoints }: Resume): Resume => ({
  run: parseRun(serialiseRun(run)),
  checkpoints: decodeCheckpoints(encodeCheckpoints(checkpoints)),
});

const numbers = ({ networks }: RunRecord) =>
  networks.map(({ id, steps, probes, epochs, state }) => ({
    id,
    state,
    steps: steps.block(),
    probes: probes.block(),
    epochs,
  }));

describe('a comparison in real workers, interrupted and gone on with', () => {
  let whole: RunRecord;
  beforeAll(async () => {
    if (!existsSync(dist)) throw new Error('dist is missing: run npm run build first.');
    whole = (await train()).run;
  });

  it('by a stop, records what an undisturbed one does', async () => {
    const first = await train({
      during: (comparison) => {
        if (recordedSteps(comparison.run) > 100) comparison.stop();
      },
    });
    expect(first.run.networks.map(({ state }) => state)).toContain('stopped');
    expect(first.checkpoints.size).toBeGreaterThan(0);
    const second = await train({ resume: kept(first) });
    expect(numbers(second.run)).toEqual(numbers(whole));
  });

  it('by the death of its workers, again and again, goes on from the checkpoints that were asked for', async () => {
    let state: Resume = {
      run: (await train({ during: (comparison) => comparison.stop() })).run,
      checkpoints: new Map(),
    };
    for (let time = 1; time <= 3; time++) {
      let asked = false;
      state = await train({
        resume: kept(state),
        during(comparison, killAll) {
          const { run } = comparison;
          // One that has not begun has nothing to keep.
          if (asked || run.networks.some(({ steps }) => steps.count === 0)) return;
          if (recordedSteps(run) < 100 * time) return;
          asked = true;
          void comparison.checkpoint().then(() => setTimeout(killAll));
        },
      });
      if (time === 1) expect(state.run.networks.map((network) => network.state)).toContain('failed');
      for (const { id, steps } of state.run.networks.filter((network) => network.state === 'failed')) {
        const { step } = state.checkpoints.get(id)!;
        expect(step).toBeGreaterThan(0);
        expect(step).toBeLessThanOrEqual(steps.count);
      }
    }
    const { run } = await train({ resume: kept(state) });
    expect(numbers(run)).toEqual(numbers(whole));
  });
});
