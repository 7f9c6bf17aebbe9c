import { judge } from '../core/advice/judge';
import { summarise } from '../core/data/dataset';
import { type BackendName, isOnGpu } from '../core/experiment/config';
import { withoutMemoryErrors } from '../core/experiment/memory';
import { messageOf } from '../core/format/errors';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import { applyNews, type RunNews } from '../core/runs/news';
import { networkName } from '../core/runs/overlay';
import { stepsPerEpoch } from '../core/runs/progress';
import { createRunRecord, type NetworkRecord, type NetworkState, type RunRecord } from '../core/runs/record';
import type { Verdict } from '../core/verdicts/verdict';
import type { TrainingJob, TrainingOutcome } from '../protocol/workers/training';
import { Backends } from './backends';
import { timeBackends } from './backendTiming';
import { type Clock, realClock, Stopwatch } from './clock';
import type { ComparisonOptions } from './comparisonOptions';
import { TrainingMemory } from './memory';
import { hasEnded, resumed } from './resume';
import { diedEarlyText, diedText, goesOnText, lostText, missingText } from './sentences';
import { Training, type TrainingListener } from './trainingWorker';

/** Why a network cannot go on with a backend: its GPU was lost, or it does not start. */
interface Hindrance {
  readonly lost: boolean;
  readonly text: string;
}

/**
 * A worker gets this long to stop by itself, so that its last steps and its checkpoint are told; then it is ended. A turn
 * (100 ms, or one step) and reading a large network back take less, unless the machine has much else to do.
 */
const STOP_GRACE = 2000;
/** News of steps bring those of the run's seconds at most this often. */
const CLOCK_SECONDS = 0.25;

/**
 * Trains all networks of a comparison, a worker each, and keeps what they tell. The page and the terminal command both
 * run this; it knows neither.
 */
export class Comparison {
  readonly run: RunRecord;
  readonly #verdicts = new Map<string, Verdict>();
  /** Networks of which there is news since they were judged. */
  readonly #unjudged = new Set<NetworkRecord>();
  readonly #options: Omit<ComparisonOptions, 'resume'>;
  readonly #active = new Map<string, Training>();
  /** Where networks go on from, until they do, since a large one takes hundreds of megabytes; on a GPU, which may be lost, the last. */
  readonly #checkpoints: Map<string, NetworkCheckpoint>;
  readonly #stepsPerNetwork: number;
  readonly #clock: Clock;
  readonly #watch: Stopwatch;
  readonly #backends: Backends;
  readonly #memory: TrainingMemory;
  #state: 'running' | 'paused' | 'stopped' | 'over' = 'running';

  /**
   * @throws ResumeError where the data are not those of the run to go on with
   * @throws MemoryError where no network of it fits in the memory
   */
  constructor({ resume, ...options }: ComparisonOptions) {
    const { config, dataset, id, startedAt, clock = realClock } = options;
    this.#options = options;
    const summary = summarise(dataset);
    const { run, checkpoints } = resume
      ? resumed(resume, summary)
      : { run: createRunRecord(id, startedAt, config, summary), checkpoints: [] };
    this.run = run;
    this.#checkpoints = new Map(checkpoints);
    this.#stepsPerNetwork = run.config.epochs * stepsPerEpoch(run);
    this.#clock = clock;
    this.#watch = new Stopwatch(clock, run.seconds);
    this.#memory = new TrainingMemory(run.config, dataset, options.memory);
    this.#memory.check();
    this.#backends = new Backends({
      wanted: run.config.backend,
      soFar: run.networks.find(({ backend }) => backend !== undefined)?.backend,
      memory: options.backendMemory,
      time: (job) => timeBackends(job, { ...options, clock, passedOver: this.#memory.passedOver() }),
      onNote: (text) => options.onBackendNote?.(text),
      log: options.log,
    });
    for (const record of run.networks) this.#judge(record);
  }

  /** By network id, as far as there are any. Judged when somebody asks: a page judges what it shows by itself. */
  get verdicts(): ReadonlyMap<string, Verdict> {
    for (const record of this.#unjudged) {
      const verdict = judge(record, this.run.config, this.run.dataset.classes);
      if (verdict) this.#verdicts.set(record.id, verdict);
    }
    this.#unjudged.clear();
    return this.#verdicts;
  }

  get state(): 'running' | 'paused' | 'stopped' | 'over' {
    return this.#state;
  }

  /** Seconds of training so far, without pauses. */
  get seconds(): number {
    return this.#watch.seconds;
  }

  /** Trains to the end; resolves also where networks fail (their records say so). */
  async start(): Promise<void> {
    if (this.#state === 'running') this.#watch.start();
    const waiting = this.#state === 'stopped' ? [] : this.run.networks.filter((record) => !hasEnded(record));
    for (const record of waiting) if (record.state !== 'waiting') this.#tellState(record, 'waiting');
    const lanes = Array.from({ length: this.#parallel(waiting.length) }, () => this.#lane(waiting));
    await Promise.all(lanes);
    this.#watch.stop();
    this.#state = 'over';
    this.#changed();
  }

  /** Before `start`, the workers come up and wait. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#watch.stop();
    this.#state = 'paused';
    for (const { remote } of this.#active.values()) unheard(remote.pause());
    this.#changed();
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#watch.start();
    for (const { remote } of this.#active.values()) unheard(remote.resume());
    this.#changed();
  }

  /** Ends all networks after their step in progress; what they recorded stays. */
  stop(): void {
    if (this.#state === 'over' || this.#state === 'stopped') return;
    this.#watch.stop();
    this.#state = 'stopped';
    this.#backends.stop();
    for (const record of this.run.networks) if (record.state === 'waiting') this.#tellState(record, 'stopped');
    for (const training of this.#active.values()) {
      if (!training.prepared) {
        this.#end(training, 'stopped');
        continue;
      }
      unheard(training.remote.stop());
      const cancel = this.#clock.after(STOP_GRACE, () => this.#end(training, 'stopped'));
      void training.over.then(cancel);
    }
    this.#changed();
  }

  /**
   * Asks every network that trains for a checkpoint, one after the other, since those of large networks have hundreds of
   * megabytes; resolves when all of them were taken, or could not be.
   */
  async checkpoint(): Promise<void> {
    for (const training of [...this.#active.values()]) {
      const { record, remote, prepared } = training;
      // By a stop, networks tell their last ones by themselves.
      if (!prepared || !this.#isActive(training) || this.#stopping()) continue;
      try {
        const checkpoint = await remote.checkpoint();
        if (checkpoint) await this.#keep(training, checkpoint);
      } catch (error) {
        if (this.#isActive(training))
          this.#options.log('warn', `${networkName(this.run, record)} gave no checkpoint: ${messageOf(error)}`);
      }
    }
  }

  /** Asked anew each time: a stop may come while a worker is awaited. */
  #stopping(): boolean {
    return this.#state === 'stopped';
  }

  /** How many train at the same time: fewer than might, with word of it, where the memory does not hold them. */
  #parallel(waiting: number): number {
    const wanted = Math.min(this.#options.parallel, waiting);
    const { atOnce, note } = this.#memory.atOnce(wanted);
    if (note !== undefined) {
      this.#options.log('info', note);
      this.#options.onBackendNote?.(note);
    }
    return atOnce;
  }

  /** Trains one waiting network after the other. */
  async #lane(waiting: NetworkRecord[]): Promise<void> {
    for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) await this.#train(record);
  }

  /** Trains a network to its end. A resumed one keeps its backend, since others round otherwise. */
  async #train(record: NetworkRecord): Promise<void> {
    const { config } = this.run;
    const job = { config, activation: record.activation, seed: record.seed };
    let backend = record.backend ?? (await this.#backends.first(job));
    while (!this.#stopping()) {
      const training = this.#launch(record);
      if (training === undefined) return;
      const problem = await this.#attempt(training, { ...job, config: { ...config, backend } });
      if (problem === undefined) return;
      const { lost, text } = problem;
      const next = lost ? await this.#backends.afterLoss(backend) : await this.#backends.afterNoStart(backend, job);
      if (next === undefined || this.#stopping()) {
        this.#end(training, this.#stopping() ? 'stopped' : 'failed', this.#stopping() ? undefined : text);
        return;
      }
      this.#leave(training, `${text} ${goesOnText(record, next, this.#checkpoints.get(record.id))}`, lost);
      backend = next;
    }
  }

  /** Starts a worker for one network. */
  #launch(record: NetworkRecord): Training | undefined {
    try {
      const training = new Training(record, this.#options.launch(), this.#clock, this.#listener);
      this.#active.set(record.id, training);
      this.#tellState(record, this.#state === 'paused' ? 'paused' : 'running');
      return training;
    } catch (error) {
      this.#fail(record, `The worker that should train it did not start (${messageOf(error)}). Run again.`);
      return undefined;
    }
  }

  /** Hears what the workers let know. */
  readonly #listener: TrainingListener = {
    told: (training, news) => this.#hear(training, news),
    stateChanged: (training, state) => {
      if (!this.#isActive(training)) return;
      this.#tellState(training.record, state, { seconds: training.watch.seconds });
      this.#changed();
    },
    checkpointed: (training, checkpoint) => void this.#keep(training, checkpoint),
    // One that dies while it prepares is heard of there: its backend may be to blame.
    died: (training, reason) => {
      if (training.prepared) this.#end(training, 'failed', diedText(reason, this.run.config));
    },
    problem: ({ record }, error) => this.#options.log('error', `${networkName(this.run, record)}: ${error.message}`),
  };

  /** Trains it on one backend, until it is over; answers why it cannot go on there, where that is so. */
  async #attempt(training: Training, job: TrainingJob): Promise<Hindrance | undefined> {
    try {
      const problem = await this.#prepare(training, job);
      if (problem !== undefined && this.#isActive(training)) return { lost: false, text: problem };
      if (this.#isActive(training)) {
        const outcome = await Promise.race([training.remote.train(), training.over]);
        if (outcome?.state === 'lost' && this.#isActive(training))
          return { lost: true, text: lostText(training.record) };
        if (outcome) this.#ended(training, outcome);
      }
    } catch (error) {
      this.#end(training, 'failed', withoutMemoryErrors(messageOf(error), this.run.config));
    }
    await training.over;
    return undefined;
  }

  /** Answers why the backend does not start, where that is so. */
  async #prepare(training: Training, job: TrainingJob): Promise<string | undefined> {
    const { record, remote } = training;
    const { dataset, binaries, log } = this.#options;
    const backend = job.config.backend as BackendName;
    const problem = this.#memory.problem(backend);
    if (problem !== undefined) return problem;
    const checkpoint = this.#checkpoints.get(record.id);
    const answer = await Promise.race([remote.prepare({ ...job, checkpoint }, dataset, binaries), training.death]);
    if (typeof answer === 'string' || training.dead !== undefined)
      return diedEarlyText(backend, training.dead ?? '', this.run.config);
    if ('notStarted' in answer) return answer.notStarted;
    if (!isOnGpu(backend)) this.#checkpoints.delete(record.id);
    if (!this.#isActive(training)) return undefined;
    this.#tellState(record, record.state, { backend });
    log('info', `${networkName(this.run, record)} trains on ${backend}: ${answer.computedBy}.`);
    training.prepared = true;
    if (this.#state === 'paused') unheard(remote.pause());
    return undefined;
  }

  /** Takes in what a worker recorded; one whose news do not fit has failed. */
  #hear(training: Training, news: RunNews): void {
    if (!this.#isActive(training)) return;
    const { record } = training;
    try {
      this.#take(news);
    } catch (error) {
      this.#end(
        training,
        'failed',
        `Its worker told what does not fit the record: ${messageOf(error)}. What was recorded before is kept; run again.`,
      );
      return;
    }
    if (news.kind === 'epochEnded' || record.epochs.length === 0) this.#judge(record);
    this.#changed(CLOCK_SECONDS);
  }

  async #keep(training: Training, checkpoint: NetworkCheckpoint): Promise<void> {
    if (!this.#isActive(training)) return;
    const { id, backend } = training.record;
    if (backend !== undefined && isOnGpu(backend)) this.#checkpoints.set(id, checkpoint);
    await this.#options.onCheckpoint?.(id, checkpoint);
  }

  /** A worker has answered: it trained to an end. */
  #ended(training: Training, { state, message, seconds, tensors }: TrainingOutcome): void {
    if (!this.#isActive(training) || state === 'lost') return;
    const { record, before } = training;
    this.#options.log(
      'info',
      `${networkName(this.run, record)} ${state} on ${record.backend} after ${seconds.toFixed(1)} s; tensors ${tensors.early} → ${tensors.end}`,
    );
    const missing =
      state === 'finished' ? missingText(record, this.#stepsPerNetwork, this.run.config.epochs) : undefined;
    if (missing === undefined) this.#end(training, state, message, before + seconds);
    else this.#end(training, 'failed', missing, before + seconds);
  }

  /** Ends a training once; later calls do nothing. */
  #end(
    training: Training,
    state: Exclude<TrainingOutcome['state'], 'lost'> | 'failed',
    message?: string,
    seconds = training.watch.seconds,
  ): void {
    if (!this.#isActive(training)) return;
    const { record } = training;
    this.#active.delete(record.id);
    this.#checkpoints.delete(record.id);
    if (state === 'failed') this.#options.log('error', `${networkName(this.run, record)}: ${message}`);
    this.#tellState(record, state, { seconds, message });
    this.#judge(record);
    training.close(message);
    this.#changed();
  }

  /** Closes the worker of a network that waits for another one. */
  #leave(training: Training, reason: string, isNews: boolean): void {
    if (!this.#isActive(training)) return;
    const { record } = training;
    this.#active.delete(record.id);
    const text = `${networkName(this.run, record)}: ${reason}`;
    this.#options.log('warn', text);
    if (isNews) this.#options.onBackendNote?.(text);
    this.#tellState(record, 'waiting', { seconds: training.watch.seconds });
    training.close(reason);
    this.#changed();
  }

  /** Of a network that never had a worker. */
  #fail(record: NetworkRecord, message: string): void {
    this.#options.log('error', `${networkName(this.run, record)}: ${message}`);
    this.#tellState(record, 'failed', { message });
    this.#changed();
  }

  #isActive(training: Training): boolean {
    return this.#active.get(training.record.id) === training;
  }

  #judge(record: NetworkRecord): void {
    this.#unjudged.add(record);
  }

  #tellState(
    { id, seconds }: NetworkRecord,
    state: NetworkState,
    more: { seconds?: number; backend?: BackendName; message?: string | undefined } = {},
  ): void {
    this.#take({ kind: 'state', network: id, state, seconds, ...more });
  }

  /** The one way into the record. */
  #take(news: RunNews): void {
    applyNews(this.run, news);
    this.#options.onNews?.(news);
  }

  /** @param atLeast seconds since the run's were last told, less than which are not worth news */
  #changed(atLeast = 0): void {
    const { seconds } = this;
    const since = seconds - this.run.seconds;
    if (since > 0 && since >= atLeast) this.#take({ kind: 'clock', seconds });
    this.#options.onChange();
  }
}

/** For requests to a worker that may be gone when it should answer: its end is heard of elsewhere. */
const unheard = (answer: Promise<unknown>): void => void answer.catch(() => {});
