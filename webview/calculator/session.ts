import * as v from 'valibot';
import type { FlowConfig } from '../../src/core/calculation/config';
import { messageOf } from '../../src/core/format/errors';
import { readFlowArgument } from '../../src/core/links/flowArgument';
import type { FlowMeasure } from '../../src/core/plots/flow';
import { type Channel, connect, type Transport } from '../../src/protocol/channel';
import {
  type CalculatorState,
  calculatorHostContract,
  calculatorPageContract,
  calculatorStateSchema,
  type Walk,
} from '../../src/protocol/pages/calculator';
import { measure } from '../../src/session/measurement';
import { change, undo } from '../kit/history';
import { ValueStore } from '../kit/store';
import { DeskSession } from '../shell/deskSession';
import type { BrowserEnvironment } from '../shell/environment';
import { Probe } from '../shell/probe';
import type { WorkerParts } from '../shell/workers';
import { type CalculatorActions, type CalculatorPageState, keptRemedy, openedHistory, startState } from './state';

/** A measurement starts by itself once nothing was changed for so long. */
const PAUSE_MILLISECONDS = 700;
/** Multiplications that are done unasked: some seconds' worth. */
const UNASKED_WORK = 4e8;
const REMEMBER_MILLISECONDS = 200;

export interface CalculatorEnvironment extends Pick<BrowserEnvironment, 'clock' | 'loadWorkers'> {
  readonly transport: Transport;
  /** Survives a reload of the window with the panel. */
  remember(state: CalculatorState | undefined): void;
  /** What was remembered last, from a page that VS Code made anew: moved to another window, reloaded. */
  readonly kept: unknown;
}

/** Multiplications of a measurement: three products with each kernel. */
export function measurementWork({ widths, inputs, networks, candidates }: FlowConfig): number {
  const kernels = widths.reduce((sum, width, l) => sum + width * (l === 0 ? (inputs ?? width) : widths[l - 1]!), 0);
  return 3 * kernels * networks * candidates.length;
}

/** The page's life: what is calculated, what was before, and the measurement that runs for it. */
export class CalculatorSession extends DeskSession implements CalculatorActions {
  readonly store = new ValueStore<CalculatorPageState>(startState);
  protected override readonly host: Channel<typeof calculatorHostContract>['remote'];
  /** Where the worker's bundle lies, as soon as the host has said so. */
  #worker: string | undefined;
  readonly #probe = new Probe(() => this.#loadWorkers());
  #cancelPause = () => {};
  #cancelKeep = () => {};
  /** What is shown cannot be drawn, and must not be what a reload shows. */
  #broken = false;
  /** Dragging: something was changed since it was pressed. */
  #pointer: 'up' | 'down' | 'dragging' = 'up';

  constructor(private readonly environment: CalculatorEnvironment) {
    super();
    this.host = connect(
      environment.transport,
      calculatorPageContract,
      {
        show: ({ config, layer = this.store.get().layer, code }) => {
          this.change(config, '', 'what was shown before');
          this.store.set({ layer, code });
          this.#keep();
        },
      },
      calculatorHostContract,
      (error) => this.log('error', error.message),
      'The extension',
    ).remote;
  }

  /** Asks the host what to show. */
  async open(): Promise<void> {
    try {
      const { state: asked, worker } = await this.host.ready();
      const kept = v.safeParse(calculatorStateSchema, this.environment.kept);
      const state = kept.success ? kept.output : asked;
      this.#worker = worker;
      const { walk, measure, layer } = this.store.get();
      this.store.set({
        history: openedHistory(state),
        walk: state.walk ?? walk,
        measure: state.measure ?? measure,
        layer: state.layer ?? layer,
        code: state.code,
      });
      this.#settled();
    } catch (error) {
      this.failed(error);
    }
  }

  change(config: FlowConfig, key: string, label: string): void {
    const { history } = this.store.get();
    this.#broken = false;
    if (JSON.stringify(config) === JSON.stringify(history.present)) return;
    const dragged = this.#pointer === 'dragging';
    const now = this.environment.clock.now();
    this.store.set({ history: change(history, config, key, label, now, dragged), problem: undefined });
    if (this.#pointer === 'down') this.#pointer = 'dragging';
    this.#changed();
  }

  hold(held: boolean): void {
    this.#pointer = held ? 'down' : 'up';
  }

  undo(): void {
    const { history } = this.store.get();
    const label = history.past.at(-1)?.label;
    if (label === undefined) return;
    this.#broken = false;
    this.store.set({ history: undo(history), announcement: `Taken back: ${label}` });
    this.#changed();
  }

  setMeasure(measure: FlowMeasure): void {
    this.store.set({ measure });
    this.#keep();
  }

  setLayer(layer: number): void {
    this.store.set({ layer });
    this.#keep();
  }

  revealLayer(layer: number): void {
    const { code } = this.store.get();
    if (code !== undefined) this.ask(this.host.revealLayer({ model: code.model, layer }));
  }

  setWalk(walk: Walk): void {
    this.store.set({ walk });
    this.#keep();
  }

  startMeasurement(): void {
    this.#cancelPause();
    void this.#measure();
  }

  stopMeasurement(): void {
    this.#cancelPause();
    this.#probe.stop();
    this.store.set({ measurement: { phase: 'none' } });
  }

  savePage(): void {
    this.ask(this.host.savePage(this.#kept()));
  }

  paste(): void {
    this.host.pasteText().then(
      (text) => {
        const result = readFlowArgument(text);
        if ('config' in result) this.change(result.config, '', 'what was shown before');
        else this.store.set({ problem: result.problems.map(({ message }) => message).join(' ') });
      },
      (error: unknown) => this.failed(error),
    );
  }

  compare(): void {
    this.ask(this.host.compare(this.store.get().history.present));
  }

  startOver(): void {
    this.#broken = false;
    this.store.set({ ...startState, announcement: 'The paper’s settings' });
    this.#changed();
  }

  override broke(error: unknown): void {
    super.broke(error);
    this.#broken = true;
    this.#cancelKeep();
    this.#cancelPause();
    this.environment.remember(undefined);
  }

  dismissProblem(): void {
    this.store.set({ problem: undefined });
  }

  /** What was measured is another network's now. */
  #changed(): void {
    this.#probe.stop();
    this.store.set({ measurement: { phase: 'none' } });
    this.#settled();
  }

  #settled(): void {
    this.#keep();
    this.#cancelPause();
    const config = this.store.get().history.present;
    if (config.networks === 0 || measurementWork(config) > UNASKED_WORK) return;
    this.#cancelPause = this.environment.clock.after(PAUSE_MILLISECONDS, () => void this.#measure());
  }

  async #measure(): Promise<void> {
    const config = this.store.get().history.present;
    if (config.networks === 0) return this.#probe.stop();
    const total = config.networks * config.candidates.length;
    this.store.set({ measurement: { phase: 'running', done: 0, total } });
    try {
      const measured = await this.#probe.measure(({ launch }, isCurrent) =>
        measure({
          config,
          launch,
          onProgress: (done, of) => {
            if (isCurrent()) this.store.set({ measurement: { phase: 'running', done, total: of } });
          },
        }),
      );
      if (measured) this.store.set({ measurement: { phase: 'done', flows: measured.found } });
    } catch (error) {
      this.log('error', `measurement: ${messageOf(error)}`);
      this.store.set({ measurement: { phase: 'failed', message: messageOf(error) } });
    }
  }

  async #loadWorkers(): Promise<WorkerParts> {
    if (this.#worker === undefined)
      throw new Error('The page has not heard from the extension where its worker lies. Close it and open it again.');
    return this.environment.loadWorkers({ worker: this.#worker, files: {} });
  }

  #keep(): void {
    this.#cancelKeep();
    if (this.#broken) return;
    this.#cancelKeep = this.environment.clock.after(REMEMBER_MILLISECONDS, () =>
      this.environment.remember(this.#kept()),
    );
  }

  #kept(): CalculatorState {
    const { history, walk, measure, layer, code } = this.store.get();
    return { config: history.present, ...keptRemedy(history), walk, measure, layer, ...(code && { code }) };
  }

  protected override failed(error: unknown): void {
    this.log('error', messageOf(error));
    this.store.set({ problem: messageOf(error) });
  }
}
