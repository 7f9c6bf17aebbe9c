import * as v from 'valibot';
import type { Clock } from '../clock';
import { isAsideOf, type RunFiles, writeWhole } from './runFiles';
import { lockName } from './runNames';

/**
 * The window that writes a run says so this often, and is taken for gone after three times as long. In a browser a window
 * that is reloaded is gone without a word: so long its own run looks like another window's.
 */
export const BEAT_MILLISECONDS = 3000;
export const GONE_MILLISECONDS = 9000;

const lockSchema = v.object({ owner: v.string(), at: v.number() });
type Lock = v.InferOutput<typeof lockSchema>;

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
    const name = lockName(id);
    // While it is renewed it may have its other name alone; and by the time that one is read, its own again.
    const lock = (await this.#read(name)) ?? (await this.#renewed(name)) ?? (await this.#read(name));
    if (lock === undefined || lock.owner === this.owner) return undefined;
    const age = Math.abs(this.clock.now() - lock.at);
    return age < GONE_MILLISECONDS ? age : undefined;
  }

  async #read(name: string): Promise<Lock | undefined> {
    const bytes = await this.files.read(name);
    if (bytes === undefined) return undefined;
    try {
      const lock = v.safeParse(lockSchema, JSON.parse(new TextDecoder().decode(bytes)));
      return lock.success ? lock.output : undefined;
    } catch {
      return undefined;
    }
  }

  /** Another window's lock that is about to take the place of the one before. */
  async #renewed(name: string): Promise<Lock | undefined> {
    for (const each of (await this.files.list()).filter((aside) => isAsideOf(aside, name))) {
      const lock = await this.#read(each);
      if (lock !== undefined && lock.owner !== this.owner) return lock;
    }
    return undefined;
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
