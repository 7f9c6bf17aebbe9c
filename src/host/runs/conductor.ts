import { statusOf } from '../../core/advice/runStatus';
import type { DatasetSummary } from '../../core/data/dataset';
import { type ExperimentConfig, networkCount } from '../../core/experiment/config';
import { messageOf } from '../../core/format/errors';
import type { CheckpointPiece } from '../../core/runs/checkpointPieces';
import type { RunNews } from '../../core/runs/news';
import { createRunRecord, isOver, type RunRecord } from '../../core/runs/record';
import { serialiseRun } from '../../core/runs/serialise';
import type { Service } from '../../protocol/contract';
import type { Problem, RunJob, RunStatus, runsHostContract, Snapshot } from '../../protocol/pages/runs';
import type { Origin } from '../../protocol/schemas';
import type { Clock } from '../clock';
import { type Attachment, Audience, type RunPage } from './audience';
import { CurrentRun } from './currentRun';
import type { RunKeeping } from './keeping';

/** A page that was called has this long to come up; then the run rests where it is, for this window or another one. */
const SUMMON_MILLISECONDS = 45_000;

/** What the conductor answers of {@link runsHostContract}; the rest is about data. */
export type RunDesk = Omit<
  Service<typeof runsHostContract>,
  'workerAssets' | 'readData' | 'chooseFolder' | 'downloadMnist' | 'hasMnist' | `${'recall' | 'keep' | 'forget'}Backend`
>;

export interface ConductorOptions {
  readonly keeping: RunKeeping;
  /** What is kept has been looked through. */
  readonly ready: Promise<void>;
  readonly clock: Pick<Clock, 'after'>;
  /** Settings of the next run where none has been yet. */
  defaults(): ExperimentConfig;
  newId(): string;
  now(): Date;
  /** Brings up a page that can train, where none is up. */
  summonPage(): void;
  onStatus(status: RunStatus): void;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

interface StartOptions {
  /** Where to train, where such a page is open. */
  readonly at?: Attachment | undefined;
  /** Where the network comes from, where another surface has handed it over. */
  readonly origin?: Origin | undefined;
}

/** One attempt at training a run, in one page. */
interface Turn {
  readonly id: string;
  readonly job: RunJob;
  /** Where it trains; undefined while no page is up. */
  page: Attachment | undefined;
  wanted: 'running' | 'paused' | 'stopped';
  readonly over: Promise<void>;
  end(): void;
}

/**
 * The current run's truth: its record, made of the news of the page that trains it, kept in files as they come, and told
 * on to every page that shows it. Which page trains is nobody else's concern: where that page goes away, another one goes
 * on from the last checkpoint, and the steps that are trained again are the ones already recorded.
 */
export class Conductor {
  readonly #audience: Audience;
  readonly #current: CurrentRun;
  #config: ExperimentConfig | undefined;
  #origin: Origin | undefined;
  #turn: Turn | undefined;
  #loadingText = '';
  #backendNote = '';
  #problem: Problem | undefined;
  #seq = 0;
  #turns = 0;
  /** Raised by every start, so that one overtaken while it waits gives up. */
  #starts = 0;
  #cancelWait = () => {};
  /** Over once the file of a run that goes on is open, or could not be. */
  #opening: Promise<void> = Promise.resolve();
  #status: RunStatus;

  constructor(private readonly options: ConductorOptions) {
    this.#audience = new Audience((error) => options.log('warn', messageOf(error)));
    this.#current = new CurrentRun(options.keeping);
    this.#status = this.#newStatus();
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Networks of a run that waits for a page to train in. */
  get waitingNetworks(): number {
    const turn = this.#turn;
    return turn === undefined || turn.page !== undefined ? 0 : networkCount(turn.job.config);
  }

  /** The current run; grows while it trains. */
  get run(): RunRecord | undefined {
    return this.#current.record;
  }

  /** Takes in a page from its opening on; `detach` when it is closed. What it asks is answered by `desk`. */
  attach(page: () => RunPage): { readonly desk: RunDesk; detach(): void } {
    const attachment = this.#audience.add(page);
    return {
      desk: { ...this.#deskOf(attachment), ...this.#trainerDesk() },
      detach: () => {
        this.#audience.remove(attachment);
        this.#lost(attachment);
      },
    };
  }

  /** Trains these settings, in the page that asks where there is one; a run that trains is stopped first. */
  async start(config: ExperimentConfig, { at, origin }: StartOptions = {}): Promise<void> {
    const start = ++this.#starts;
    await this.options.ready;
    await this.#endTurn();
    if (start !== this.#starts) return;
    this.#leave();
    this.#config = config;
    this.#origin = origin;
    this.#begin({ runId: this.options.newId(), startedAt: this.options.now().toISOString(), config }, at);
  }

  pause(): void {
    this.#want('paused');
  }

  resume(): void {
    this.#want('running');
  }

  stop(): void {
    this.#starts++;
    this.#want('stopped');
  }

  /** Goes on from the last checkpoints; networks without one begin anew. */
  async continue(at?: Attachment): Promise<void> {
    const { run } = this;
    if (run === undefined || !this.#resumable()) throw new Error('There is no interrupted run to continue.');
    const start = ++this.#starts;
    const isOvertaken = () => start !== this.#starts || this.run !== run || this.#turn !== undefined;
    // A run's file is opened by one at a time.
    const going = this.#opening.then(async () => {
      if (!(await this.#current.reopen(isOvertaken))) return;
      this.#problem = undefined;
      this.#goOn(run, false, at);
    });
    this.#opening = going.catch(() => {});
    return going;
  }

  /** The current run's settings once more. */
  runAgain(at?: Attachment): Promise<void> {
    return this.start(this.run?.config ?? this.#settings, { at, origin: this.#origin });
  }

  /** Shows a kept run as the current one; without effect while one trains. */
  show(run: RunRecord): void {
    if (this.#turn !== undefined) return;
    this.#problem = undefined;
    this.#backendNote = '';
    this.#current.show(run);
    this.#config = run.config;
    this.#origin = undefined;
    this.#showAll();
  }

  /** Forgets the current run where it is this one, and does not train: it was deleted. */
  forget(id: string): void {
    if (this.#turn !== undefined || this.run?.id !== id) return;
    this.#leave();
    this.#origin = undefined;
    this.#showAll();
  }

  get #settings(): ExperimentConfig {
    return this.#config ?? this.options.defaults();
  }

  #deskOf(attachment: Attachment) {
    return {
      follow: (): Snapshot => {
        // A page that asks again has been loaded anew: what it trained is gone.
        const again = attachment.up;
        attachment.up = true;
        if (again) this.#lost(attachment);
        else if (this.#turn?.page === undefined && this.#turn !== undefined) this.#give(this.#turn, attachment);
        return this.#snapshot();
      },
      resync: (): Snapshot => this.#snapshot(),
      startRun: (config: ExperimentConfig) => this.start(config, { at: attachment }),
      pauseRun: () => this.pause(),
      resumeRun: () => this.resume(),
      stopRun: () => this.stop(),
      continueRun: () => this.continue(attachment),
      runAgain: () => this.runAgain(attachment),
      dismissProblem: () => {
        this.#problem = undefined;
        this.#tellStatus();
      },
      dismissOrigin: () => {
        this.#origin = undefined;
      },
    };
  }

  /** What the page that trains tells; what comes of an earlier turn is passed over. */
  #trainerDesk() {
    const mine = (turn: string, what: () => void) => {
      if (this.#turn?.id === turn) what();
    };
    return {
      loading: (turn: string, text: string) =>
        mine(turn, () => {
          this.#loadingText = text;
          this.#tellStatus();
        }),
      prepared: (turn: string, dataset: DatasetSummary) => mine(turn, () => this.#prepared(dataset)),
      told: (turn: string, news: RunNews[]) => mine(turn, () => this.#told(news)),
      checkpointPiece: (turn: string, network: string, piece: CheckpointPiece) =>
        mine(turn, () => this.#current.checkpointPiece(network, piece)),
      backendNoted: (turn: string, text: string) =>
        mine(turn, () => {
          this.#backendNote = text;
          this.#tellStatus();
        }),
      ended: (turn: string, problem?: Problem) => mine(turn, () => this.#ended(problem)),
    };
  }

  /** @param wish where to train, unless that page has been closed */
  #begin(job: Omit<RunJob, 'turn'>, wish: Attachment | undefined, paused = false): void {
    const at = this.#audience.choose(wish);
    const id = `${job.runId}/${++this.#turns}`;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const turn: Turn = {
      id,
      job: { ...job, turn: id },
      page: undefined,
      wanted: paused ? 'paused' : 'running',
      over,
      end,
    };
    this.#turn = turn;
    this.#loadingText = 'Loading the data…';
    this.#showAll();
    if (at?.up) this.#give(turn, at);
    else {
      this.#loadingText = 'Opening a page to train in…';
      this.#tellStatus();
      // A page that has been opened and is not up yet asks by itself.
      if (at === undefined) this.#summon(turn);
    }
  }

  /** Lets the run go on in a page, from the last checkpoints. */
  #goOn({ id, startedAt, config }: RunRecord, paused: boolean, at: Attachment | undefined): void {
    this.#begin({ runId: id, startedAt, config, resume: this.#current.resumption(paused) }, at, paused);
  }

  #summon(turn: Turn): void {
    this.options.summonPage();
    this.#cancelWait();
    this.#cancelWait = this.options.clock.after(SUMMON_MILLISECONDS, () => {
      if (this.#turn !== turn || turn.page !== undefined) return;
      this.#ended({
        message: 'No page came up to train in. What is recorded is kept; open the training view and continue.',
        waysOut: [this.run === undefined ? 'runAgain' : 'continueRun', 'showLog'],
      });
    });
  }

  #give(turn: Turn, at: Attachment): void {
    this.#cancelWait();
    turn.page = at;
    at.page()
      .train(turn.job)
      .catch((error: unknown) => {
        if (this.#turn !== turn) return;
        const goOn = turn.job.resume === undefined ? [] : (['continueRun'] as const);
        this.#ended({ message: messageOf(error), waysOut: [...goOn, 'runAgain', 'showLog'] });
      });
  }

  /** The data are loaded: a new run's record begins. */
  #prepared(dataset: DatasetSummary): void {
    const turn = this.#turn!;
    this.#loadingText = '';
    if (turn.job.resume === undefined) {
      const { runId, startedAt, config } = turn.job;
      this.#current.begin(createRunRecord(runId, startedAt, config, dataset));
      this.#showAll();
      return;
    }
    const { train, test, classes, inputs } = this.run!.dataset;
    if (train === dataset.train && test === dataset.test && classes === dataset.classes && inputs === dataset.inputs) {
      this.#tellStatus();
      return;
    }
    this.#giveUp({
      message: `The data have changed since the run began: ${dataset.train} training images of ${dataset.inputs} pixels were found, expected ${train} of ${inputs}. Run again with these data, or choose the folder that the run used.`,
      waysOut: ['runAgain', 'chooseFolder', 'showLog'],
    });
  }

  #told(news: readonly RunNews[]): void {
    if (this.run === undefined) return;
    const { taken, failure } = this.#current.take(news);
    this.#tellOn(taken);
    if (failure === undefined) return;
    this.options.log('error', `The run does not fit together: ${messageOf(failure)}`);
    this.#giveUp({
      message: 'Some recorded steps did not arrive. What is recorded is kept; the run can be continued.',
      waysOut: ['continueRun', 'showLog'],
    });
  }

  #ended(problem: Problem | undefined): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    this.#loadingText = '';
    this.#problem = problem;
    turn.end();
    // A page that ends without a word for a network leaves it where its checkpoint is.
    const closing = this.#current.closingNews(turn.wanted === 'stopped' ? 'stopped' : 'interrupted');
    this.#tellOn(this.#current.take(closing).taken);
    this.#current.endWriting();
    this.#tellStatus();
  }

  /** Ends a turn that cannot go on. */
  #giveUp(problem: Problem): void {
    const turn = this.#turn;
    turn?.page
      ?.page()
      .stopTraining(turn.id)
      .catch(() => {});
    this.#ended(problem);
  }

  /** Tells every page what the record has taken in, and the status after it. */
  #tellOn(news: RunNews[]): void {
    if (news.length === 0) return;
    this.#seq++;
    this.#setStatus(this.#newStatus());
    this.#audience.tell((page) => page.news(this.#seq, news, this.#status));
  }

  /** A page has gone, or was loaded anew: what it trained goes on in another one, or in itself. */
  #lost(attachment: Attachment): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    if (turn.page === undefined && this.#audience.isEmpty) this.#summon(turn);
    if (turn.page !== attachment) return;
    if (turn.wanted === 'stopped') {
      this.#ended(undefined);
      return;
    }
    this.options.log('info', 'The page that trained is gone; the run goes on in another one.');
    this.#turn = undefined;
    turn.end();
    const paused = turn.wanted === 'paused';
    if (this.run?.id === turn.job.runId) this.#goOn(this.run, paused, attachment);
    else this.#begin(turn.job, attachment, paused);
  }

  /** Stops what trains and waits for its last steps. */
  async #endTurn(): Promise<void> {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#want('stopped');
    // Its networks have stopped, and nobody wants to go on with them.
    if (this.run !== undefined && turn.wanted === 'stopped' && this.run.networks.every(({ state }) => isOver(state)))
      this.#ended(undefined);
    await turn.over;
  }

  #want(wanted: Turn['wanted']): void {
    const turn = this.#turn;
    if (turn === undefined || turn.wanted === wanted || turn.wanted === 'stopped') return;
    turn.wanted = wanted;
    const page = turn.page?.page();
    if (page === undefined) {
      if (wanted === 'stopped') this.#ended(undefined);
      return;
    }
    const ask = { running: page.resumeTraining, paused: page.pauseTraining, stopped: page.stopTraining }[wanted];
    ask(turn.id).catch((error: unknown) => {
      if (this.#turn !== turn) return;
      this.options.log('error', messageOf(error));
      // A page that does not answer a stop is not waited for.
      if (wanted === 'stopped') this.#ended(undefined);
    });
  }

  /** Puts the current run away; its files stay. */
  #leave(): void {
    this.#current.leave();
    this.#problem = undefined;
    this.#backendNote = '';
  }

  #resumable(): boolean {
    return this.#turn === undefined && this.#current.isOpen;
  }

  #newStatus(): RunStatus {
    return statusOf({
      run: this.run,
      config: this.#settings,
      training: this.#turn !== undefined,
      stopping: this.#turn?.wanted === 'stopped',
      loadingText: this.#loadingText,
      backendNote: this.#backendNote,
      problem: this.#problem,
      resumable: this.#resumable(),
    });
  }

  #snapshot(): Snapshot {
    return {
      seq: this.#seq,
      status: this.#status,
      config: this.#settings,
      ...(this.#origin === undefined ? {} : { origin: this.#origin }),
      run: this.run === undefined ? null : serialiseRun(this.run),
      states: Object.fromEntries(this.run?.networks.map(({ id, state }) => [id, state]) ?? []),
    };
  }

  #showAll(): void {
    this.#setStatus(this.#newStatus());
    const snapshot = this.#snapshot();
    this.#audience.tell((page) => page.showRun(snapshot));
  }

  #tellStatus(): void {
    this.#setStatus(this.#newStatus());
    this.#audience.tell((page) => page.status(this.#status));
  }

  #setStatus(status: RunStatus): void {
    this.#status = status;
    this.options.onStatus(status);
  }
}
