import {
  type BackendTrial,
  type ChosenBackend,
  chosenOf,
  isSettled,
  whyChosen,
} from '../core/experiment/backendTiming';
import type { BackendChoice, BackendName } from '../core/experiment/config';
import type { TrainingJob } from '../protocol/workers/training';
import type { Timing } from './backendTiming';

/** Where what `auto` took is kept for this machine and a network of this shape. */
export interface BackendMemory {
  recall(): Promise<ChosenBackend | undefined>;
  keep(chosen: ChosenBackend): void;
  forget(): void;
}

export interface BackendsOptions {
  readonly wanted: BackendChoice;
  /** What `auto` took before the run was interrupted. */
  readonly soFar: BackendName | undefined;
  readonly memory: BackendMemory | undefined;
  /** Times the backends; called once at a time. */
  time(job: TrainingJob): Timing;
  /** Why a backend trains, as a sentence, whenever there is something to say. */
  onNote(text: string): void;
  log(level: 'info' | 'warn', text: string): void;
}

/**
 * The backend that the networks of a comparison train on, chosen once for all of them, and what comes after one that
 * cannot go on.
 */
export class Backends {
  #current: Promise<BackendName> | undefined;
  #now: BackendName | undefined;
  #remembered = false;
  #timing: Timing | undefined;
  #stopped = false;

  constructor(private readonly options: BackendsOptions) {
    const { wanted, soFar } = options;
    this.#now = wanted === 'auto' ? soFar : wanted;
    if (this.#now !== undefined) this.#current = Promise.resolve(this.#now);
  }

  /** The backend to begin on; `auto` is timed with the network that asks first, and the others wait. */
  first(job: TrainingJob): Promise<BackendName> {
    this.#current ??= this.#choose(job, true);
    return this.#current;
  }

  /** One that does not start is followed by another where `auto` took it, or where it stands in for another. */
  async afterNoStart(failed: BackendName, job: TrainingJob): Promise<BackendName | undefined> {
    if (this.#now !== failed) return this.#current;
    const { wanted, memory } = this.options;
    if (wanted === failed) return undefined;
    if (this.#remembered) {
      this.options.log('warn', `${failed}, which was remembered, does not start any more: backends are timed again.`);
      memory?.forget();
      this.#now = undefined;
      this.#current = this.#choose(job, false);
      return this.#current;
    }
    return this.#fallBack(failed);
  }

  /** What goes on after the GPU of a backend was lost. */
  async afterLoss(lost: BackendName): Promise<BackendName | undefined> {
    if (this.#now !== lost) return this.#current;
    if (this.options.wanted === 'auto') this.options.memory?.forget();
    return this.#fallBack(lost);
  }

  /** Nothing is timed any more. */
  stop(): void {
    this.#stopped = true;
    this.#timing?.stop();
  }

  #fallBack(failed: BackendName): BackendName | undefined {
    if (failed === 'cpu') return undefined;
    this.#remembered = false;
    this.#now = failed === 'wasm' ? 'cpu' : 'wasm';
    this.#current = Promise.resolve(this.#now);
    return this.#now;
  }

  async #choose(job: TrainingJob, mayRecall: boolean): Promise<BackendName> {
    const { memory, onNote, log } = this.options;
    const recalled = mayRecall ? await memory?.recall().catch(() => undefined) : undefined;
    this.#remembered = recalled !== undefined;
    const chosen = recalled ?? chosenOf(await this.#time(job));
    this.#now = chosen.backend;
    if (this.#stopped) return chosen.backend;
    const why = whyChosen(chosen, this.#remembered);
    onNote(why);
    log('info', `${why}${this.#remembered ? '' : details(chosen.trials)}`);
    if (!this.#remembered && isSettled(chosen)) memory?.keep(chosen);
    return chosen.backend;
  }

  async #time(job: TrainingJob): Promise<BackendTrial[]> {
    if (this.#stopped) return [];
    this.#timing = this.options.time(job);
    const trials = await this.#timing.trials;
    this.#timing = undefined;
    return trials;
  }
}

const details = (trials: readonly BackendTrial[]): string =>
  trials.map(({ detail }) => (detail === undefined ? '' : ` ${detail}`)).join('');
