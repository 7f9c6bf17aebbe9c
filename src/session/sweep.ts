import { summarise } from '../core/data/dataset';
import { messageOf } from '../core/format/errors';
import { stepsPerEpoch } from '../core/runs/progress';
import type { RunRecord } from '../core/runs/record';
import type { SweepPoint } from '../core/sweeps/plan';
import { resultOf, type SweepResult } from '../core/sweeps/result';
import { Comparison } from './comparison';
import type { ComparisonOptions } from './comparisonOptions';
import { TrainingMemory } from './memory';

/** What a sweep is started with, and whom it tells. */
export interface SweepOptions
  extends Pick<ComparisonOptions, 'dataset' | 'binaries' | 'launch' | 'memory' | 'clock' | 'backendMemory' | 'log'> {
  /** The networks to train, in this order. */
  readonly points: readonly SweepPoint[];
  /** Networks that train at the same time, where the memory holds them. */
  readonly parallel: number;
  /** ISO 8601, of each network's run. */
  now(): string;
  /** A network has come to its end; the next one waits until this is kept. */
  onResult(result: SweepResult, point: SweepPoint, run: RunRecord | undefined): void | Promise<void>;
  /** Why networks train as they do, as a sentence. */
  onNote?(text: string): void;
  /** Something in {@link Sweep.training} changed. */
  onChange?(): void;
}

/**
 * Trains the networks of a sweep, each as a comparison of its own, so that its numbers are those that a comparison gives,
 * whoever trains beside it.
 */
export class Sweep {
  readonly #options: SweepOptions;
  readonly #waiting: SweepPoint[];
  readonly #active = new Map<string, Comparison>();
  #state: 'running' | 'paused' | 'stopped' = 'running';
  /** Those that wait for the end of a pause. */
  #wake: (() => void)[] = [];

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#waiting = [...options.points];
  }

  /** The runs in progress, by the id of their network. */
  get training(): ReadonlyMap<string, RunRecord> {
    return new Map([...this.#active].map(([id, { run }]) => [id, run]));
  }

  /** Networks that have not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get state(): 'running' | 'paused' | 'stopped' {
    return this.#state;
  }

  /**
   * Trains to the end, or until it is stopped; resolves also where networks fail (their results say so).
   *
   * @throws what `onResult` throws: then nothing more is trained
   */
  async start(): Promise<void> {
    const lanes = Array.from({ length: this.#parallel() }, () => this.#lane());
    const ended = await Promise.allSettled(lanes);
    const failed = ended.find((lane) => lane.status === 'rejected');
    if (failed) throw failed.reason;
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    for (const comparison of this.#active.values()) comparison.pause();
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    for (const comparison of this.#active.values()) comparison.resume();
    this.#wakeUp();
  }

  /** Networks in progress have no result: they train anew when the sweep goes on. */
  stop(): void {
    this.#state = 'stopped';
    this.#waiting.length = 0;
    for (const comparison of this.#active.values()) comparison.stop();
    this.#wakeUp();
  }

  #wakeUp(): void {
    const woken = this.#wake;
    this.#wake = [];
    for (const wake of woken) wake();
  }

  /** How many train at the same time: the largest network decides. */
  #parallel(): number {
    const { points, dataset, memory, onNote } = this.#options;
    const wanted = Math.min(this.#options.parallel, points.length);
    if (wanted === 0) return 0;
    const { inputs } = summarise(dataset);
    const largest = points.reduce((a, b) => (weightsOf(b, inputs) > weightsOf(a, inputs) ? b : a));
    const { atOnce, note } = new TrainingMemory(largest.config, dataset, memory).atOnce(wanted);
    if (note !== undefined) onNote?.(note);
    return atOnce;
  }

  async #lane(): Promise<void> {
    try {
      while (this.#state !== 'stopped') {
        if (this.#state === 'paused') {
          await new Promise<void>((resolve) => this.#wake.push(resolve));
          continue;
        }
        const point = this.#waiting.shift();
        if (point === undefined) return;
        await this.#train(point);
      }
    } catch (error) {
      // What cannot be kept need not be trained.
      this.stop();
      throw error;
    }
  }

  async #train(point: SweepPoint): Promise<void> {
    const { dataset, binaries, launch, memory, clock, backendMemory, log, now, onNote, onChange } = this.#options;
    let comparison: Comparison;
    try {
      comparison = new Comparison({
        config: point.config,
        dataset,
        binaries,
        launch,
        parallel: 1,
        id: 'sweep',
        startedAt: now(),
        memory,
        backendMemory,
        onChange: () => onChange?.(),
        log: (level, text) => log(level, `${point.id}: ${text}`),
        ...(clock === undefined ? {} : { clock }),
        ...(onNote === undefined ? {} : { onBackendNote: onNote }),
      });
    } catch (error) {
      const message = messageOf(error);
      log('error', `${point.id}: ${message}`);
      const result: SweepResult = { id: point.id, state: 'failed', message, seconds: 0, steps: 0 };
      await this.#options.onResult(result, point, undefined);
      return;
    }
    this.#active.set(point.id, comparison);
    try {
      await comparison.start();
    } finally {
      this.#active.delete(point.id);
    }
    const { run } = comparison;
    const result = resultOf(point.id, run.networks[0]!, {
      config: point.config,
      classes: run.dataset.classes,
      stepsPerEpoch: stepsPerEpoch(run),
    });
    if (result !== undefined) await this.#options.onResult(result, point, run);
  }
}

/** Weights of a network's dense layers, without those of its output. */
function weightsOf({ config: { hidden } }: SweepPoint, inputs: number): number {
  return hidden.reduce((sum, width, l) => sum + width * (l === 0 ? inputs : hidden[l - 1]!), 0);
}
