import { describe, expect, it } from 'vitest';
import type { BackendTrial } from '../../../src/core/experiment/backendTiming';
import type { BackendName } from '../../../src/core/experiment/config';
import { type TimingPlace, timeBackends } from '../../../src/engine/backends/timing';

class Late extends Error {}

/** A backend as the clock sees it. */
interface Machine {
  /** Milliseconds; a sentence where it does not start; `hangs` where it never comes up. */
  readonly start: number | string | 'hangs';
  /** Of the network. */
  readonly build?: number;
  readonly first?: number;
  readonly step?: number;
  /** Of a reading, however many steps came before. */
  readonly read?: number;
  readonly refuses?: string;
  readonly absent?: string;
}

/** Times made-up backends on a clock that only they turn. */
async function timed(machines: Partial<Record<BackendName, Machine>>) {
  let now = 1000;
  let alive = 0;
  let current: Machine = { start: 0 };
  const steps = new Map<BackendName, number>();
  const started: { backend: BackendName; within: number | undefined }[] = [];
  const place: TimingPlace = {
    now: () => now,
    absence: (backend) => machines[backend]!.absent,
    async start(backend, within) {
      started.push({ backend, within });
      current = machines[backend]!;
      const { start } = current;
      if (start === 'hangs') {
        now += within!;
        throw new Late();
      }
      if (typeof start === 'string') throw new Error(start);
      now += start;
    },
    network() {
      if (current.refuses !== undefined) throw new Error(current.refuses);
      const { build = 0, first = 0, step = 0, read = 0 } = current;
      now += build;
      const { backend } = started.at(-1)!;
      alive++;
      let made = 0;
      return {
        step() {
          now += made++ === 0 ? first : step;
          steps.set(backend, made);
        },
        async read() {
          now += read;
        },
        dispose: () => void alive--,
      };
    },
    isLate: (error) => error instanceof Late,
  };
  const trials: BackendTrial[] = [];
  const names = Object.keys(machines) as BackendName[];
  await timeBackends(names, place, (trial) => trials.push(trial));
  expect(alive).toBe(0);
  return { trials, spent: now - 1000, started, steps };
}

describe('timing backends', () => {
  it('counts no warm-up, and takes what steps cost between two readings', async () => {
    const { trials, spent } = await timed({
      wasm: { start: 60, first: 30, step: 1.5 },
      webgl: { start: 40, first: 150, step: 0.5, read: 8 },
      webgpu: { start: 20, first: 10, step: 0.25, read: 2 },
    });
    expect(trials.map(({ backend }) => backend)).toEqual(['wasm', 'webgl', 'webgpu']);
    const [wasm, webgl, webgpu] = trials.map(({ millisecondsPerStep }) => millisecondsPerStep!);
    expect(wasm).toBeCloseTo(1.5);
    // A reading of 8 ms is shared by the steps of a block, as a training shares it.
    expect(webgl).toBeGreaterThan(0.5);
    expect(webgl).toBeLessThan(2);
    expect(webgpu).toBeLessThan(webgl!);
    expect(spent).toBeLessThanOrEqual(500);
  });

  it('takes the median: a step that something else delays does not count', async () => {
    let calls = 0;
    let now = 0;
    const place: TimingPlace = {
      now: () => now,
      absence: () => undefined,
      start: async () => {},
      network: () => ({
        step() {
          now += ++calls === 3 ? 90 : 4;
        },
        read: async () => {},
        dispose() {},
      }),
      isLate: () => false,
    };
    const found: BackendTrial[] = [];
    await timeBackends(['wasm'], place, (trial) => found.push(trial));
    expect(found[0]!.millisecondsPerStep).toBe(4);
  });

  it('gives the others what one does not need, and never more than 500 ms to start', async () => {
    const { started, trials } = await timed({
      wasm: { start: 50, first: 1, step: 1 },
      webgl: { start: 'no WebGL here' },
      webgpu: { start: 'hangs' },
    });
    const [, webgl, webgpu] = started;
    expect(started[0]!.within).toBeUndefined();
    expect(webgl!.within).toBeGreaterThan(150);
    expect(webgpu!.within).toBeGreaterThan(350);
    expect(webgpu!.within).toBeLessThan(450);
    expect(trials[1]).toEqual({ backend: 'webgl', problem: 'does not start here', detail: 'no WebGL here' });
    expect(trials[2]).toEqual({ backend: 'webgpu', problem: 'did not start in time', passing: true });
  });

  it('goes by the first step where there is time for no other', async () => {
    const { trials, spent, steps } = await timed({
      wasm: { start: 60, first: 140, step: 130 },
      webgl: { start: 40, first: 110, step: 30 },
      webgpu: { start: 30, first: 40, step: 20 },
    });
    expect(trials.map(({ millisecondsPerStep }) => millisecondsPerStep)).toEqual([140, 30, 20]);
    expect(steps.get('wasm')).toBe(1);
    expect(spent).toBeLessThanOrEqual(500);
  });

  it('does not count what drawing the weights takes', async () => {
    const { trials, spent } = await timed({
      wasm: { start: 60, build: 2000, first: 3, step: 2 },
      webgl: { start: 60, build: 2000, first: 90, step: 1 },
    });
    expect(trials.map(({ millisecondsPerStep }) => millisecondsPerStep)).toEqual([2, 1]);
    expect(spent - 4000).toBeLessThanOrEqual(500);
  });

  it('leaves out what there is no time for, but not the first', async () => {
    const { trials } = await timed({ wasm: { start: 700, first: 20, step: 20 }, webgl: { start: 1, step: 1 } });
    expect(trials).toEqual([
      { backend: 'wasm', millisecondsPerStep: 20 },
      { backend: 'webgl', problem: 'was not tried, since the time was up', passing: true },
    ]);
  });

  it('knows what is not there, also where the time is up', async () => {
    const { trials, started } = await timed({
      wasm: { start: 700, first: 20, step: 20 },
      webgl: { start: 1, absent: 'no WebGL' },
    });
    expect(started.map(({ backend }) => backend)).toEqual(['wasm']);
    expect(trials[1]).toEqual({ backend: 'webgl', problem: 'does not start here', detail: 'no WebGL' });
  });

  it('goes on after a backend that does not train the network', async () => {
    const { trials } = await timed({
      wasm: { start: 1, refuses: 'no such kernel' },
      webgl: { start: 1, first: 9, step: 5 },
    });
    expect(trials).toEqual([
      { backend: 'wasm', problem: 'does not train this network', detail: 'no such kernel' },
      { backend: 'webgl', millisecondsPerStep: 5 },
    ]);
  });
});
