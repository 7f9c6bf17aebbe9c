import { diagnose } from '../../../../../src/code/diagnostics/diagnose';
import { parse } from '../../../../../src/code/document';
import type { Language } from '../../../../../src/code/language';
import { readModels } from '../../../../../src/code/models/read';
import { rules } from '../../../../../src/core/advice/rules';

/** A step of a model in no framework's words. `init` is what the kernel starts with, where it is written. */
export type Step =
  | { readonly dense: number; readonly init?: Init; readonly bias?: false }
  | { readonly act: Act }
  | { readonly drop: number; readonly alpha?: true }
  | 'norm';
export type Act = 'relu' | 'tanh' | 'hard_tanh' | 'sigmoid' | 'selu' | 'softmax' | 'log_softmax';
export type Init = 'he' | 'glorot' | 'lecun' | 'wide' | 'ones';
export type Loss = 'ce' | 'ceOfProbabilities' | 'bce' | 'bceOfProbabilities' | 'nll' | 'mse';

/** A model with as many inputs as `inputs`, and the loss that it is trained by. */
export interface Spec {
  readonly inputs: number;
  readonly steps: readonly Step[];
  readonly loss?: Loss;
}

export const dense = (units: number, act?: Act, init?: Init): Step[] => [
  { dense: units, ...(init ? { init } : {}) },
  ...(act ? [{ act }] : []),
];

export const repeated = (count: number, steps: readonly Step[]): Step[] =>
  Array.from({ length: count }, () => steps).flat();

/** Each step with the number of units that it receives. */
export function withUnits({ inputs, steps }: Spec): { readonly step: Step; readonly units: number }[] {
  let units = inputs;
  return steps.map((step) => {
    const received = units;
    if (typeof step === 'object' && 'dense' in step) units = step.dense;
    return { step, units: received };
  });
}

export const isDense = (step: Step): step is Extract<Step, { dense: number }> =>
  typeof step === 'object' && 'dense' in step;
export const isAct = (step: Step | undefined): step is Extract<Step, { act: Act }> =>
  typeof step === 'object' && 'act' in step;
export const isDrop = (step: Step): step is Extract<Step, { drop: number }> =>
  typeof step === 'object' && 'drop' in step;

export const indented = (lines: readonly string[], by = 4): string =>
  lines.map((line) => line.replace(/^/gm, ' '.repeat(by))).join('\n');

/** Rules that say nothing unless they are asked for. */
const asked = Object.fromEntries(
  rules.filter(({ offByDefault }) => offByDefault).map(({ id }) => [id, 'hint' as const]),
);

/** What the rules find in a text, those that are off by default among them. */
export function found(text: string, language: Language = 'python') {
  const documents = [{ document: parse(text, language), cell: 0 }];
  return diagnose(readModels(documents, { tensorflowKeras: 3 }).models, documents, { severities: asked });
}

export const rulesIn = (text: string, language?: Language): string[] => found(text, language).map(({ rule }) => rule);
