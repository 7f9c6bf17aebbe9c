import type { WayOut } from '../../src/core/advice/runStatus';
import { type ExperimentConfig, paperConfig } from '../../src/core/experiment/config';
import { messageOf } from '../../src/core/format/errors';
import { connect, type Transport } from '../../src/protocol/channel';
import { trainingHostContract, trainingPageContract } from '../../src/protocol/pages/training';
import type { Store } from '../kit/store';
import { RunFollower } from '../run/follower';
import { mend } from '../run/mend';
import type { MirroredRun } from '../run/mirror';
import { RunSession } from '../run/session';
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
  showLog(): void;
  /** What is shown could not be drawn. */
  broke(error: unknown): void;
  /** The buttons of a problem. */
  mend(way: WayOut): void;
  dismissProblem(): void;
}

/** The training view's life: it follows the host's run, trains it where it is asked to, and passes on what is wanted. */
export class TrainingSession extends RunSession implements TrainingActions {
  readonly store: Store<MirroredRun>;
  protected readonly host;
  readonly #follower: RunFollower;

  constructor(environment: TrainingEnvironment) {
    super();
    this.#follower = new RunFollower(
      () => this.host,
      environment,
      (level, text) => this.log(level, text),
    );
    this.store = this.#follower.mirror.store;
    this.host = connect(
      environment.transport,
      trainingPageContract,
      this.#follower.service(),
      trainingHostContract,
      (error) => this.log('error', error.message),
      'The extension',
    ).remote;
  }

  open(): Promise<void> {
    return this.#follower.open().catch((error: unknown) => this.failed(error));
  }

  startPaper(): void {
    this.ask(this.host.startRun(paperConfig));
  }

  chooseActivations(): void {
    this.ask(this.host.chooseActivations());
  }

  runAgain(): void {
    this.ask(this.host.runAgain());
  }

  openPanel(): void {
    this.ask(this.host.openPanel());
  }

  openCalculator(): void {
    this.ask(this.host.openCalculator());
  }

  dismissProblem(): void {
    this.ask(this.host.dismissProblem());
  }

  mend(way: WayOut): void {
    const base = this.store.get().config;
    const start = (config: ExperimentConfig) => this.ask(this.host.startRun(config));
    const going = mend(way, base, {
      start,
      chooseFolder: () => this.host.chooseFolder(),
      downloadMnist: () =>
        this.ask(
          this.host.downloadMnist().then((done) => {
            if (done) start({ ...base, data: { kind: 'mnist' } });
          }),
        ),
      continueRun: () => this.continueRun(),
      runAgain: () => this.runAgain(),
      showLog: () => this.ask(this.host.showLog()),
    });
    this.ask(going);
  }

  /** What the host refuses is shown where the run's own problems are. */
  protected failed(error: unknown): void {
    const message = messageOf(error);
    this.log('error', message);
    const { status } = this.store.get();
    this.#follower.mirror.status({ ...status, problem: { message, waysOut: ['showLog'] } });
  }
}
