import type { Clock } from '../../../src/host/clock';
import type { RunFiles } from '../../../src/host/runs/runFiles';

/** A disk that several windows share; it may be full. */
export class Disk {
  readonly files = new Map<string, Uint8Array>();
  full = false;
  reads: string[] = [];
  operations = 0;
  crashed = false;

  get names(): string[] {
    return [...this.files.keys()].sort();
  }

  /** @param crashAt operation with which the window dies: a write is half done, and nothing works after it */
  window(crashAt = Number.POSITIVE_INFINITY): RunFiles {
    let done = 0;
    const operation = (): boolean => {
      this.operations++;
      if (done > crashAt) throw new Error('the window is gone');
      return done++ === crashAt;
    };
    const crash = () => {
      this.crashed = true;
      throw new Error('the window dies');
    };
    return {
      list: async () => {
        if (operation()) crash();
        return this.names;
      },
      read: async (name) => {
        if (operation()) crash();
        this.reads.push(name);
        return this.files.get(name)?.slice();
      },
      write: async (name, bytes) => {
        const crashes = operation();
        if (crashes || this.full) this.files.set(name, bytes.slice(0, bytes.length / 2));
        else this.files.set(name, bytes.slice());
        if (crashes) crash();
        if (this.full) throw new Error(`${name} could not be written (no space left).`);
      },
      rename: async (from, to) => {
        if (operation()) crash();
        const bytes = this.files.get(from);
        if (bytes === undefined) throw new Error(`${from} could not be renamed (not found).`);
        // As VS Code does it: first the target goes, and others may look meanwhile.
        if (this.files.delete(to)) {
          if (operation()) crash();
          for (let turn = 0; turn < 3; turn++) await undefined;
        }
        this.files.delete(from);
        this.files.set(to, bytes);
      },
      remove: async (name) => {
        if (operation()) crash();
        this.files.delete(name);
      },
    };
  }
}

/** Time that passes when the test says so. */
export class HandClock implements Clock {
  #now = Date.parse('2026-01-31T12:05:00.000Z');
  readonly #timers = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#now + milliseconds, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass at once; what it sets off is not waited for. */
  turn(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
      if (this.#timers.delete(timer)) timer.call();
    }
  }

  /** Lets time pass, second by second, and what it sets off come to its end. */
  async pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.turn(1000);
      await settled();
    }
  }
}

/** After all that is under way in memory. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 8; i++) await new Promise((resolve) => setImmediate(resolve));
}
