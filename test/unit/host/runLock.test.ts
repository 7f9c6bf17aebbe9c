import { beforeEach, describe, expect, it } from 'vitest';
import { GONE_MILLISECONDS, RunLock } from '../../../src/host/runs/runLock';
import { Disk, HandClock } from './memoryFiles';

let disk: Disk;
let clock: HandClock;
beforeEach(() => {
  disk = new Disk();
  clock = new HandClock();
});

const lockOf = (owner: string) => new RunLock(disk.window(), clock, owner);

/** Lets so much of what is under way happen. */
async function microtasks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}

describe('a lock', () => {
  it('is another window’s at every moment while that one renews it', async () => {
    const [own, other] = [lockOf('a'), lockOf('b')];
    let missing = 0;
    for (let moment = 0; moment < 40; moment++) {
      await own.hold('run');
      const renewed = own.hold('run');
      await microtasks(moment);
      if (!disk.files.has('run.lock')) missing++;
      expect(await other.foreign('run')).toBe(0);
      expect(await other.hold('run')).toBe(false);
      expect(await renewed).toBe(true);
    }
    // Moments in which VS Code's file system has no such file.
    expect(missing).toBeGreaterThan(0);
  });

  it('is nobody’s that was left in the middle of being renewed', async () => {
    await lockOf('a').hold('run');
    disk.files.set('run.lock.a.tmp', disk.files.get('run.lock')!);
    disk.files.delete('run.lock');
    expect(await lockOf('b').hold('run')).toBe(false);
    expect(await lockOf('a').foreign('run')).toBeUndefined();
    clock.turn(GONE_MILLISECONDS);
    expect(await lockOf('b').hold('run')).toBe(true);
  });

  it('that cannot be read is none', async () => {
    for (const text of ['', '{', '3', '{"owner":1,"at":2}']) {
      disk.files.set('run.lock', new TextEncoder().encode(text));
      expect(await lockOf('b').foreign('run')).toBeUndefined();
    }
  });
});
