/** Time, as far as a session needs it; tests hand in one that they turn themselves. */
export interface Clock {
  /** Milliseconds from any start; never goes back. */
  now(): number;
  /** Calls `f` once after some milliseconds, unless the returned function is called before. */
  after(milliseconds: number, f: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, f) {
    const timer = setTimeout(f, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Counts the seconds between `start` and `stop`, over and over. */
export class Stopwatch {
  #milliseconds: number;
  #since: number | undefined;

  /** @param seconds where it stands at first */
  constructor(
    private readonly clock: Clock,
    seconds = 0,
  ) {
    this.#milliseconds = 1000 * seconds;
  }

  get seconds(): number {
    const running = this.#since === undefined ? 0 : this.clock.now() - this.#since;
    return (this.#milliseconds + running) / 1000;
  }

  /** Without effect where it runs. */
  start(): void {
    this.#since ??= this.clock.now();
  }

  stop(): void {
    if (this.#since === undefined) return;
    this.#milliseconds += this.clock.now() - this.#since;
    this.#since = undefined;
  }
}
