/**
 * When a page draws. Whoever has something new asks; all of it is drawn in one frame, or in the next ones where it takes long,
 * so that a click never waits for more than a part of it. Nobody waits for a clock: how often there is something new is
 * decided where it is told. Only what drawing takes keeps it from coming again at once: the time is wanted by a training,
 * too, and by all means where it has a worker on every core.
 */

/** Drawing may take this share of the time; where trainings fill all cores, that one. */
const SHARE = { free: 0.5, full: 0.15 } as const;
/** Milliseconds of a frame that drawing may use up before the rest waits for the next one. */
const PART = 8;

/** Something that draws. What it answers is when it is done; a drawing that is made once does not count. */
export type Draw = () => undefined | 'once' | Promise<undefined | 'once'>;

export class Pace {
  /** Trainings fill all cores. */
  full = false;
  readonly #waiting = new Set<Draw>();
  #asked = false;
  #due = 0;
  #taken = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Draws in a coming frame: once, however often it is asked. With `now`, for what a person does, in the next one. */
  request(draw: Draw, now = false): void {
    this.#waiting.add(draw);
    if (now) this.#due = 0;
    this.#ask();
  }

  /** It is not drawn any more. */
  cancel(draw: Draw): void {
    this.#waiting.delete(draw);
  }

  #ask(): void {
    if (this.#asked) return;
    clearTimeout(this.#timer);
    const rest = this.#due - performance.now();
    if (rest > 0) {
      this.#timer = setTimeout(() => this.#ask(), rest);
      return;
    }
    this.#asked = true;
    requestAnimationFrame(() => void this.#frame());
  }

  async #frame(): Promise<void> {
    const started = performance.now();
    let now = started;
    // What is drawn asks for what hangs on it.
    for (const draw of this.#waiting) {
      this.#waiting.delete(draw);
      let once = false;
      try {
        once = (await draw()) === 'once';
      } catch (error) {
        // The others are drawn all the same.
        reportError(error);
      }
      const ended = performance.now();
      if (!once) this.#taken += ended - now;
      now = ended;
      if (now - started > PART) break;
    }
    this.#asked = false;
    if (this.#waiting.size === 0) {
      const share = this.full ? SHARE.full : SHARE.free;
      this.#due = now + this.#taken / share - this.#taken;
      this.#taken = 0;
      return;
    }
    this.#ask();
  }
}

/** The page's. */
export const pace = new Pace();
