import { type FlowConfig, paperFlow } from '../../src/core/calculation/config';
import type { FlowMeasure } from '../../src/core/plots/flow';
import type { MeasuredFlow } from '../../src/core/theory/measured';
import type { CalculatorState, Walk } from '../../src/protocol/pages/calculator';
import type { CodeOnShow } from '../../src/protocol/schemas';
import { change, type History, startHistory } from '../kit/history';

/** A measurement on drawn networks, of one configuration. */
export type MeasurementState =
  | { readonly phase: 'none' }
  | { readonly phase: 'running'; readonly done: number; readonly total: number }
  | { readonly phase: 'done'; readonly flows: readonly MeasuredFlow[] }
  | { readonly phase: 'failed'; readonly message: string };

/** All that the calculator's page draws. Replaced, never changed in place. */
export interface CalculatorPageState {
  readonly history: History<FlowConfig>;
  readonly measurement: MeasurementState;
  readonly walk: Walk;
  readonly measure: FlowMeasure;
  /** Whose pre-activations are shown, from 1; beyond the last means the last. */
  readonly layer: number;
  /** The model in code that it was opened on. */
  readonly code: CodeOnShow | undefined;
  /** A sentence about what could not be done. */
  readonly problem: string | undefined;
  /** What was just done, for those who cannot see it. */
  readonly announcement: string;
}

/** w = 1 and z = 0 at every neuron: the sigmoid at its steepest, as the paper has it. */
export const startWalk: Walk = {
  activation: 'sigmoid',
  weight: 1,
  bias: -0.5,
  samples: [{ input: 0.5, target: 0 }],
  neurons: 10,
};

/** Where the page stands: in VS Code, or outside as a file of its own, which has no comparison, no log and another link. */
export type Place = { readonly kind: 'editor' } | { readonly kind: 'file'; link(config: FlowConfig): string };

export const startState: CalculatorPageState = {
  history: startHistory(paperFlow),
  measurement: { phase: 'none' },
  walk: startWalk,
  measure: 'delta',
  layer: 1,
  code: undefined,
  problem: undefined,
  announcement: '',
};

/** How a remedy is called where it is taken back; other changes have plain names. */
export const remedyLabel = (title: string): string => `“${title}”`;

const isRemedy = (label: string): boolean => label.startsWith('“');

/** The remedy that was applied last, if nothing was changed since. */
export function appliedRemedy({ past }: History<FlowConfig>): string | undefined {
  const label = past.at(-1)?.label;
  return label !== undefined && isRemedy(label) ? label : undefined;
}

/** The calculation before the remedies that were applied last; undefined where a single layer has no ratio to compare. */
export function beforeRemedies({ past, present }: History<FlowConfig>): FlowConfig | undefined {
  const other = past.findLastIndex(({ label }) => !isRemedy(label));
  const before = past[other + 1]?.value;
  return before && before.widths.length > 1 === present.widths.length > 1 ? before : undefined;
}

/** What a page that is made anew needs to show the line before the remedies. */
export function keptRemedy(history: History<FlowConfig>): Pick<CalculatorState, 'remedy'> {
  const [label, before] = [appliedRemedy(history), beforeRemedies(history)];
  return label === undefined || before === undefined ? {} : { remedy: { before, label } };
}

/** The history of a page that opens on a calculation. */
export const openedHistory = ({ config, remedy }: CalculatorState): History<FlowConfig> =>
  remedy === undefined ? startHistory(config) : change(startHistory(remedy.before), config, '', remedy.label, 0);

/** What a person can ask for. */
export interface CalculatorActions {
  /** @param key what is changed; a drag is one change @param label names it where it is taken back */
  change(config: FlowConfig, key: string, label: string): void;
  undo(): void;
  /** The pointer was pressed or let go: what is dragged meanwhile is one change. */
  hold(held: boolean): void;
  setMeasure(measure: FlowMeasure): void;
  setLayer(layer: number): void;
  /** Shows the line of a hidden layer, from 1, of the model in code. */
  revealLayer(layer: number): void;
  setWalk(walk: Walk): void;
  startMeasurement(): void;
  stopMeasurement(): void;
  /** False where it could not be copied. */
  copyText(text: string): Promise<boolean>;
  saveFile(name: string, content: string | Uint8Array): void;
  /** Saves the calculator itself with the calculation: a page that opens in any browser. */
  savePage(): void;
  /** Opens what the person copied: a link or JSON. */
  paste(): void;
  /** Trains the candidates in the comparison. */
  compare(): void;
  showLog(): void;
  /** Back to the paper's settings. */
  startOver(): void;
  /** What is shown could not be drawn. */
  broke(error: unknown): void;
  dismissProblem(): void;
}

export type Change = CalculatorActions['change'];
