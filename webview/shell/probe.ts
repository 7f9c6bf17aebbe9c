import type { Measurement } from '../../src/session/measurement';
import type { WorkerParts } from './workers';

/** Measures in a worker, one measurement at a time; what starting workers takes is fetched once. */
export class Probe {
  #parts: Promise<WorkerParts> | undefined;
  #running: Measurement<unknown> | undefined;
  /** Raised by every start and stop, so that what was overtaken gives up. */
  #attempt = 0;

  constructor(private readonly load: () => Promise<WorkerParts>) {}

  /**
   * Starts a measurement in the place of the one before.
   *
   * @param isCurrent told to `make`: false once another one was started, or all was stopped
   * @returns undefined where it was overtaken
   * @throws Error where workers cannot be loaded, or the measurement fails
   */
  async measure<T>(
    make: (parts: WorkerParts, isCurrent: () => boolean) => Measurement<T>,
  ): Promise<{ readonly found: T } | undefined> {
    this.stop();
    const attempt = this.#attempt;
    const isCurrent = () => attempt === this.#attempt;
    try {
      const parts = await this.#loaded();
      if (!isCurrent()) return undefined;
      const measurement = make(parts, isCurrent);
      this.#running = measurement;
      const found = await measurement.result;
      return isCurrent() ? { found } : undefined;
    } catch (error) {
      if (!isCurrent()) return undefined;
      throw error;
    }
  }

  /** Ends what is measured, or is about to be. */
  stop(): void {
    this.#attempt++;
    const running = this.#running;
    this.#running = undefined;
    running?.result.catch(() => {});
    running?.stop();
  }

  /** What could not be fetched is asked for again with the next measurement. */
  #loaded(): Promise<WorkerParts> {
    this.#parts ??= this.load().catch((error: unknown) => {
      this.#parts = undefined;
      throw error;
    });
    return this.#parts;
  }
}
