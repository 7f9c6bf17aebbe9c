import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { alone } from '../../../src/host/data/alone';
import { RunLock } from '../../../src/host/runs/runLock';
import { inputs } from '../hostile';
import { Disk, HandClock, settled } from './memoryFiles';

let disk: Disk;
let clock: HandClock;

beforeEach(() => {
  disk = new Disk();
  clock = new HandClock();
});

/** A window's way to the one download; what it does ends when the test says so. */
function open(owner: string) {
  const controller = new AbortController();
  let finish = () => {};
  const heard = { waited: 0, acts: false, over: false, error: undefined as unknown };
  const lock = new RunLock(disk.window(), clock, owner);
  const options = { lock, clock, signal: controller.signal, onWait: () => void heard.waited++ };
  const done = alone('download', options, async () => {
    heard.acts = true;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    heard.acts = false;
  }).then(
    () => {
      heard.over = true;
    },
    (error: unknown) => {
      heard.error = error;
    },
  );
  return { heard, done, cancel: () => controller.abort(new Error('cancelled')), finish: () => finish() };
}

describe('what one window at a time does', () => {
  it('the second one waits for, however long it takes, and then does itself', async () => {
    const a = open('a');
    await settled();
    const b = open('b');
    await clock.pass(60);
    expect([a.heard.acts, b.heard.acts]).toEqual([true, false]);
    expect(b.heard.waited).toBeGreaterThan(10);
    a.finish();
    await clock.pass(2);
    expect([a.heard.over, b.heard.acts]).toEqual([true, true]);
    b.finish();
    await b.done;
    expect(disk.names).toEqual([]);
  });

  it('goes on in the second one where the first is gone without a word', async () => {
    await new RunLock(disk.window(), clock, 'gone').hold('download');
    const b = open('b');
    await clock.pass(5);
    expect(b.heard.acts).toBe(false);
    await clock.pass(6);
    expect(b.heard.acts).toBe(true);
    b.finish();
    await b.done;
  });

  it('is not waited for by somebody who cancels', async () => {
    const a = open('a');
    await settled();
    const b = open('b');
    await settled();
    b.cancel();
    await b.done;
    expect(b.heard.error).toEqual(new Error('cancelled'));
    a.finish();
    await a.done;
    expect(a.heard.over).toBe(true);
  });

  it('lets the next one go where it fails', async () => {
    const lock = new RunLock(disk.window(), clock, 'a');
    const options = { lock, clock, signal: new AbortController().signal, onWait: () => {} };
    await expect(alone('download', options, () => Promise.reject(new Error('no mirror')))).rejects.toThrow('no mirror');
    const b = open('b');
    await settled();
    expect(b.heard.acts).toBe(true);
    b.finish();
    await b.done;
  });

  it('is done by all of them, one after the other, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 4 }), async (pauses) => {
        disk = new Disk();
        clock = new HandClock();
        const windows: ReturnType<typeof open>[] = [];
        const acting = () => windows.filter(({ heard }) => heard.acts);
        for (const [i, seconds] of pauses.entries()) {
          windows.push(open(`window ${i}`));
          await clock.pass(seconds);
          expect(acting().length).toBeLessThanOrEqual(1);
          if (seconds % 3 === 0) acting()[0]?.finish();
        }
        while (windows.some(({ heard }) => !heard.over)) {
          await clock.pass(2);
          expect(acting().length).toBeLessThanOrEqual(1);
          acting()[0]?.finish();
        }
      }),
      inputs(15),
    );
  });
});
