import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/core/runs/record';
import { serialiseRun } from '../../../src/core/runs/serialise';
import { RunStore } from '../../../src/host/runs/runStore';
import type { KeptRunWriter } from '../../../src/host/runs/runWriter';
import { emptyRun, train } from '../core/runs/runs';
import { inputs } from '../hostile';
import { Disk, HandClock, settled } from './memoryFiles';

/** What a window does next; each window has one run at a time, as the conductor has. */
const act = fc.record({
  window: fc.integer({ min: 0, max: 2 }),
  what: fc.constantFrom('train', 'train', 'train', 'end', 'name', 'pin', 'refresh', 'wait', 'pause'),
  steps: fc.integer({ min: 1, max: 5 }),
});

interface Window {
  readonly store: RunStore;
  writer: KeptRunWriter | undefined;
  runs: number;
}

const STEPS = 12;

function tell(writer: KeptRunWriter, steps: number): void {
  for (const network of writer.run.networks) {
    const left = Math.min(steps, STEPS - network.steps.count);
    if (left > 0) for (const news of train(writer.run, network, left)) writer.news(news);
  }
}

describe('several windows on one folder', () => {
  it('lose nothing of what each other keeps, however they take turns', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
        const disk = new Disk();
        const clock = new HandClock();
        const reports: string[] = [];
        const open = async (owner: string) => {
          const files = disk.window();
          const store = new RunStore({ files, clock, owner, report: (message) => void reports.push(message) });
          await store.open();
          return store;
        };
        const windows: Window[] = [];
        for (const owner of ['a', 'b', 'c']) windows.push({ store: await open(owner), writer: undefined, runs: 0 });
        const kept = new Map<string, RunRecord>();
        const named = new Map<string, string>();
        const pending: Promise<unknown>[] = [];

        for (const [i, { window: at, what, steps }] of acts.entries()) {
          const window = windows[at]!;
          const own = [...kept.keys()].filter((id) => id.startsWith(`${at}-`));
          if (what === 'train') {
            window.writer ??= window.store.begin(emptyRun({}, `${at}-${window.runs++}`));
            kept.set(window.writer.run.id, window.writer.run);
            tell(window.writer, steps);
          } else if (what === 'end' && window.writer !== undefined) {
            tell(window.writer, STEPS);
            pending.push(window.writer.end());
            window.writer = undefined;
          } else if (what === 'name' && own.length > 0) {
            await Promise.all(pending);
            named.set(own.at(-1)!, `named ${i}`);
            pending.push(window.store.rename(own.at(-1)!, `named ${i}`));
          } else if (what === 'pin' && own.length > 0) pending.push(window.store.pin(own[0]!, true));
          else if (what === 'refresh') pending.push(window.store.refresh());
          else if (what === 'pause') await settled();
          else clock.turn(1000 * steps);
        }
        for (const window of windows) {
          if (window.writer === undefined) continue;
          tell(window.writer, STEPS);
          pending.push(window.writer.end());
        }
        await Promise.all(pending);
        await settled();

        for (const store of [await open('d'), ...windows.map(({ store }) => store)]) {
          await store.refresh();
          const found = new Map(store.list().map((summary) => [summary.id, summary]));
          expect([...found.keys()].sort()).toEqual([...kept.keys()].sort());
          for (const [id, run] of kept) {
            expect(found.get(id)).toMatchObject({
              state: 'finished',
              ...(named.has(id) ? { name: named.get(id) } : {}),
            });
            expect(serialiseRun((await store.read(id)).run)).toBe(serialiseRun(run));
          }
        }
        expect(reports).toEqual([]);
      }),
      inputs(15),
    );
  });
});
