import * as v from 'valibot';
import type { Clock } from '../clock';
import { type RunFiles, writeWhole } from './runFiles';
import { lockName } from './runNames';

/**
 * The window that writes a run says so this often, and is taken for gone after three times as long. In a browser a window
 * that is reloaded is gone without a word: so long its own run looks like another window's.
 */
export const BEAT_MILLISECONDS = 3000;
export const GONE_MILLISECONDS = 9000;

const lockSchema = v.object({ owner: v.string(), at: v.number() });

/**
 * Which window writes a run: a file with the window's id and the time of its last sign of life. Two windows that ask in
 * the same moment are told apart by reading it back; the one that wrote last has it.
 */
export class RunLock {
  constructor(
    private readonly files: RunFiles,
    private readonly clock: Clock,
    private readonly owner: string,
  ) {}

  /** Milliseconds since the last sign of another window that writes this run; undefined where none does. */
  async foreign(id: string): Promise<number | undefined> {
    const bytes = await this.files.read(lockName(id));
    if (bytes === undefined) return undefined;
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      return undefined;
    }
    const lock = v.safeParse(lockSchema, json);
    if (!lock.success || lock.output.owner === this.owner) return undefined;
    const age = Math.abs(this.clock.now() - lock.output.at);
    return age < GONE_MILLISECONDS ? age : undefined;
  }

  /** Gives a sign of life; false where another window has the run. */
  async hold(id: string): Promise<boolean> {
    if ((await this.foreign(id)) !== undefined) return false;
    const lock = new TextEncoder().encode(JSON.stringify({ owner: this.owner, at: this.clock.now() }));
    await writeWhole(this.files, this.owner, lockName(id), lock);
    return true;
  }

  /** Lets a run go that this window has held. */
  async release(id: string): Promise<void> {
    if ((await this.foreign(id)) === undefined) await this.files.remove(lockName(id));
  }
}
