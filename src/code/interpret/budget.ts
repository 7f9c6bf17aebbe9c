import type { Steps } from '../steps';

/** Statements and expressions that a run, and each later call from outside, may take. */
const STEPS = 150_000;
/** … and all of them together: a file of many endless classes is given up after a second. */
const ALL_STEPS = 400_000;

/** Ends a run that takes too long; never leaves {@link Budget.spend}. */
export class Exhausted extends Error {}

/** How many steps code may still take, so that every program comes to an end. */
export class Budget {
  private steps = 0;
  private left: number;
  private most = Number.POSITIVE_INFINITY;

  constructor(
    private readonly each = STEPS,
    private readonly all = ALL_STEPS,
  ) {
    this.left = all;
  }

  /** The share of all steps that is left. */
  get share(): number {
    return this.left / this.all;
  }

  /** Steps that were taken since what is spent just now began. */
  get taken(): number {
    return this.steps;
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.most) throw new Exhausted();
  }

  /** Runs code with a budget of its own, also within other code's. Nothing that it throws for want of steps or of stack gets out. */
  spend(run: () => void): void {
    const end = this.begin();
    try {
      run();
    } catch (error) {
      passOver(error);
    } finally {
      end();
    }
  }

  /** The same of code that runs in steps. */
  *spending(run: Steps<void>): Steps<void> {
    const end = this.begin();
    try {
      yield* run;
    } catch (error) {
      passOver(error);
    } finally {
      end();
    }
  }

  private begin(): () => void {
    const { steps, most } = this;
    this.steps = 0;
    this.most = Math.min(this.each, this.left);
    return () => {
      this.left = Math.max(0, this.left - this.steps);
      this.steps = steps;
      this.most = most;
    };
  }
}

function passOver(error: unknown): void {
  if (!(error instanceof Exhausted || error instanceof RangeError)) throw error;
}
