import { type ExperimentConfig, paperConfig } from '../../src/core/experiment/config';
import type { WayOut } from '../../src/core/verdicts/runStatus';
import type { Transport } from '../../src/protocol/channel';
import { connect } from '../../src/protocol/channel';
import { trainingHostContract, trainingPageContract } from '../../src/protocol/pages/training';
import type { Store } from '../kit/store';
import { RunFollower } from '../run/follower';
import { mend } from '../run/mend';
import type { MirroredRun } from '../run/mirror';
import type { BrowserEnvironment } from '../shell/environment';

export interface TrainingEnvironment extends BrowserEnvironment {
  readonly transport: Transport;
}

/** What a person can ask for in the training view. */
export interface TrainingActions {
  startPaper(): void;
  chooseActivations(): void;
  pause(): void;
  resume(): void;
  stop(): void;
  runAgain(): void;
  continueRun(): void;
  openPanel(): void;
  openCalculator(): void;
  /** The buttons of a problem. */
  mend(way: WayOut): void;
  dismissProblem(): void;
}

/** The training view's life: it follows the host's run, trains it where it is asked to, and passes on what is wanted. */
export class TrainingSession implements TrainingActions {
  readonly store: Store<MirroredRun>;
  readonly #host;
  readonly #follower: RunFollower;

  constructor(environment: TrainingEnvironment) {
    this.#follower = new RunFollower(
      () => this.#host,
      environment,
      (level, text) => this.#log(level, text),
    );
    this.store = this.#follower.mirror.store;
    this.#host = connect(
      environment.transport,
      trainingPageContract,
      this.#follower.service(),
      trainingHostContract,
      (error) => this.#log('error', error.message),
    ).remote;
  }

  open(): Promise<void> {
    return this.#follower.open().catch((error: unknown) => this.#failed(error));
  }

  startPaper(): void {
    this.#ask(this.#host.startRun(paperConfig));
  }

  chooseActivations(): void {
    this.#ask(this.#host.chooseActivations());
  }

  pause(): void {
    this.#ask(this.#host.pauseRun());
  }

  resume(): void {
    this.#ask(this.#host.resumeRun());
  }

  stop(): void {
    this.#ask(this.#host.stopRun());
  }

  runAgain(): void {
    this.#ask(this.#host.runAgain());
  }

  continueRun(): void {
    this.#ask(this.#host.continueRun());
  }

  openPanel(): void {
    this.#ask(this.#host.openPanel());
  }

  openCalculator(): void {
    this.#ask(this.#host.openCalculator());
  }

  dismissProblem(): void {
    this.#ask(this.#host.dismissProblem());
  }

  mend(way: WayOut): void {
    const base = this.store.get().config;
    const start = (config: ExperimentConfig) => this.#ask(this.#host.startRun(config));
    const going = mend(way, base, {
      start,
      chooseFolder: () => this.#host.chooseFolder(),
      downloadMnist: () =>
        this.#ask(
          this.#host.downloadMnist().then((done) => {
            if (done) start({ ...base, data: { kind: 'mnist' } });
          }),
        ),
      continueRun: () => this.continueRun(),
      runAgain: () => this.runAgain(),
      showLog: () => this.#ask(this.#host.showLog()),
    });
    this.#ask(going);
  }

  #ask(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => this.#failed(error));
  }

  /** What the host refuses is shown where the run's own problems are. */
  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#log('error', message);
    const { status } = this.store.get();
    this.#follower.mirror.status({ ...status, problem: { message, waysOut: ['showLog'] } });
  }

  #log(level: 'info' | 'warn' | 'error', text: string): void {
    void this.#host.log(level, text).catch(() => {});
  }
}
