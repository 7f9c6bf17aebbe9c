import * as v from 'valibot';
import type { FlowConfig } from '../../src/core/calculation/config';
import { messageOf } from '../../src/core/format/errors';
import { modelOut, parseModel } from '../../src/core/model/json/json';
import type { Model } from '../../src/core/model/model';
import { networkPlan } from '../../src/core/model/plan/fromModel';
import { toldApart } from '../../src/core/model/toldApart';
import type { FlowMeasure } from '../../src/core/plots/flow';
import { usualMeasurement } from '../../src/core/theory/measuredPlan';
import { type Channel, connect, type Transport } from '../../src/protocol/channel';
import {
  type ModelJson,
  type ModelState,
  modelHostContract,
  modelPageContract,
  modelStateSchema,
} from '../../src/protocol/pages/model';
import { measurePlans } from '../../src/session/measurement';
import { change, startHistory, undo } from '../kit/history';
import { ValueStore } from '../kit/store';
import { DeskSession } from '../shell/deskSession';
import type { BrowserEnvironment } from '../shell/environment';
import { Probe } from '../shell/probe';
import type { WorkerParts } from '../shell/workers';
import type { ModelActions, ModelPageState } from './state';

/** A measurement starts by itself once nothing was changed for so long. */
const PAUSE_MILLISECONDS = 300;
/** For those who ask for more: some seconds. */
const thorough = { ...usualMeasurement, draws: 200, milliseconds: 8000 };

export interface ModelEnvironment extends Pick<BrowserEnvironment, 'clock' | 'loadWorkers'> {
  readonly transport: Transport;
  /** Survives a reload of the window with the panel. */
  remember(state: ModelState | undefined): void;
  /** What was remembered last, from a page that VS Code made anew. */
  readonly kept: unknown;
}

/** Each layer has a name of its own. @throws Error with a sentence; one that was checked is read */
function read(json: ModelJson): Model {
  const reading = parseModel(json);
  if ('problem' in reading) throw new Error(reading.problem);
  return toldApart(reading.model);
}

/** The page's life: which model is shown, what was tried on it, and the measurement that runs for it. */
export class ModelSession extends DeskSession implements ModelActions {
  readonly store = new ValueStore<ModelPageState>({
    opened: undefined,
    history: startHistory<Model | undefined>(undefined),
    measurement: { phase: 'none' },
    measure: 'delta',
    code: undefined,
    layer: undefined,
    problem: undefined,
    announcement: '',
  });
  protected override readonly host: Channel<typeof modelHostContract>['remote'];
  /** Where the worker lies, as soon as the host has said so. */
  #assets: Parameters<BrowserEnvironment['loadWorkers']>[0] | undefined;
  readonly #probe = new Probe(() => this.#loadWorkers());
  #cancelPause = () => {};

  constructor(private readonly environment: ModelEnvironment) {
    super();
    this.host = connect(
      environment.transport,
      modelPageContract,
      { show: (state) => this.#open(state) },
      modelHostContract,
      (error) => this.log('error', error.message),
      'The extension',
    ).remote;
  }

  /** Asks the host what to show. */
  async open(): Promise<void> {
    try {
      const { state: asked, ...assets } = await this.host.ready();
      this.#assets = assets;
      const kept = v.safeParse(modelStateSchema, this.environment.kept);
      this.#open(kept.success ? kept.output : asked);
    } catch (error) {
      this.failed(error);
    }
  }

  change(model: Model, label: string): void {
    const { history } = this.store.get();
    this.store.set({ history: change(history, model, '', label, this.environment.clock.now()), problem: undefined });
    this.#changed();
  }

  undo(): void {
    const { history } = this.store.get();
    const label = history.past.at(-1)?.label;
    if (label === undefined) return;
    this.store.set({ history: undo(history), announcement: `Taken back: ${label}` });
    this.#changed();
  }

  setMeasure(measure: FlowMeasure): void {
    this.store.set({ measure });
    this.#keep();
  }

  startMeasurement(thoroughly: boolean): void {
    this.#cancelPause();
    void this.#measure(thoroughly);
  }

  stopMeasurement(): void {
    this.#cancelPause();
    this.#probe.stop();
    this.store.set({ measurement: { phase: 'none' } });
  }

  revealLayer(layer: number): void {
    const { code } = this.store.get();
    if (code !== undefined) this.ask(this.host.revealLayer({ model: code.model, layer }));
  }

  openModel(): void {
    this.ask(this.host.openModel());
  }

  openCalculator(config: FlowConfig): void {
    this.ask(this.host.openCalculator(config));
  }

  override broke(error: unknown): void {
    super.broke(error);
    this.#cancelPause();
    this.environment.remember(undefined);
  }

  dismissProblem(): void {
    this.store.set({ problem: undefined });
  }

  #open({ model, changed, measure = this.store.get().measure, code, layer }: ModelState): void {
    const opened = read(model);
    const history = startHistory<Model | undefined>(opened);
    this.store.set({
      opened,
      history:
        changed === undefined ? history : change<Model | undefined>(history, read(changed), '', 'all changes', 0),
      measure,
      code,
      layer,
      problem: undefined,
    });
    this.#changed();
  }

  /** What was measured is another network's now. */
  #changed(): void {
    this.#probe.stop();
    this.#keep();
    this.#cancelPause();
    const { present } = this.store.get().history;
    if (present === undefined) return;
    const planned = networkPlan(present);
    if ('problem' in planned) {
      const { problem: message, asks } = planned;
      this.store.set({ measurement: { phase: 'impossible', message, ...(asks === undefined ? {} : { asks }) } });
      return;
    }
    this.store.set({ measurement: { phase: 'none' } });
    this.#cancelPause = this.environment.clock.after(PAUSE_MILLISECONDS, () => void this.#measure(false));
  }

  async #measure(thoroughly: boolean): Promise<void> {
    const { present } = this.store.get().history;
    const planned = present && networkPlan(present);
    if (planned === undefined || 'problem' in planned) return;
    this.store.set({ measurement: { phase: 'running' } });
    try {
      const measured = await this.#probe.measure(({ launch, binaries }) =>
        measurePlans({
          plans: [planned.plan],
          measurement: thoroughly ? thorough : usualMeasurement,
          binaries,
          launch,
        }),
      );
      if (measured) this.store.set({ measurement: { phase: 'done', plan: measured.found[0]! } });
    } catch (error) {
      this.log('error', `measurement: ${messageOf(error)}`);
      this.store.set({ measurement: { phase: 'failed', message: messageOf(error) } });
    }
  }

  async #loadWorkers(): Promise<WorkerParts> {
    if (this.#assets === undefined)
      throw new Error('The page has not heard from the extension where its worker lies. Close it and open it again.');
    return this.environment.loadWorkers(this.#assets);
  }

  #keep(): void {
    const { opened, history, measure, code } = this.store.get();
    if (opened === undefined || history.present === undefined) return;
    const changed = history.present === opened ? {} : { changed: modelOut(history.present) };
    this.environment.remember({ model: modelOut(opened), ...changed, measure, ...(code && { code }) });
  }

  protected override failed(error: unknown): void {
    this.log('error', messageOf(error));
    this.store.set({ problem: messageOf(error) });
  }
}
