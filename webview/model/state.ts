import type { FlowConfig } from '../../src/core/calculation/config';
import type { Model } from '../../src/core/model/model';
import type { PlanProblem } from '../../src/core/model/plan/fromModel';
import type { FlowMeasure } from '../../src/core/plots/flow';
import type { MeasuredPlan } from '../../src/core/theory/measuredPlan';
import type { CodeOnShow } from '../../src/protocol/schemas';
import type { History } from '../kit/history';

/** What networks of the model as it is really pass back. */
export type ModelMeasurement =
  | { readonly phase: 'none' }
  | { readonly phase: 'running' }
  | { readonly phase: 'done'; readonly plan: MeasuredPlan }
  /** It cannot be: a sentence, and what a person can tell to help. */
  | ({ readonly phase: 'impossible'; readonly message: string } & Pick<PlanProblem, 'asks'>)
  | { readonly phase: 'failed'; readonly message: string };

/** All that a model's page draws. Replaced, never changed in place. */
export interface ModelPageState {
  /** As it was opened; undefined before that is known. */
  readonly opened: Model | undefined;
  /** With the changes that were tried. */
  readonly history: History<Model | undefined>;
  readonly measurement: ModelMeasurement;
  readonly measure: FlowMeasure;
  /** The model in code that it is. */
  readonly code: CodeOnShow | undefined;
  /** The hidden layer that was asked about, from 1. */
  readonly layer: number | undefined;
  /** A sentence about what could not be done. */
  readonly problem: string | undefined;
  /** What was just done, for those who cannot see it. */
  readonly announcement: string;
}

/** What a person can ask for. */
export interface ModelActions {
  /** @param label names the change where it is taken back */
  change(model: Model, label: string): void;
  undo(): void;
  setMeasure(measure: FlowMeasure): void;
  /** @param thoroughly more networks, for longer */
  startMeasurement(thoroughly: boolean): void;
  stopMeasurement(): void;
  /** False where it could not be copied. */
  copyText(text: string): Promise<boolean>;
  saveFile(name: string, content: string | Uint8Array): void;
  /** Shows the line of a hidden layer, from 1, of the model in code. */
  revealLayer(layer: number): void;
  openModel(): void;
  openCalculator(config: FlowConfig): void;
  showLog(): void;
  /** What is shown could not be drawn. */
  broke(error: unknown): void;
  dismissProblem(): void;
}
