import { type ConfigProblem, type ExperimentConfig, parseConfig } from '../../src/core/experiment/config';
import { readList } from '../../src/core/format/list';
import type { Initializer } from '../../src/core/initializers/initializer';

/** The settings form as it stands, text as typed. */
export interface Draft {
  readonly data: ExperimentConfig['data']['kind'];
  readonly folder: string;
  readonly activations: readonly string[];
  readonly hidden: string;
  readonly kernel: InitializerDraft;
  readonly bias: InitializerDraft;
  readonly optimizer: string;
  readonly learningRate: string;
  readonly batchSize: string;
  readonly epochs: string;
  readonly seed: string;
  readonly seeds: string;
  readonly backend: string;
}

/** Up to two numbers: constant's value, normal's mean and deviation, uniform's ends. */
export interface InitializerDraft {
  readonly kind: Initializer['kind'];
  readonly first: string;
  readonly second: string;
  /** One that the form has no fields for: kept as it came. */
  readonly given?: Initializer;
}

/** "128x10" for ten layers of 128, "256,128,64" where they differ. */
export function hiddenField(hidden: readonly number[]): string {
  const [first] = hidden;
  if (hidden.length > 1 && hidden.every((width) => width === first)) return `${first}x${hidden.length}`;
  return hidden.join(', ');
}

function initializerDraft(initializer: Initializer): InitializerDraft {
  switch (initializer.kind) {
    case 'constant':
      return { kind: initializer.kind, first: String(initializer.value), second: '' };
    case 'normal':
    case 'truncated_normal':
      return { kind: initializer.kind, first: String(initializer.mean), second: String(initializer.stddev) };
    case 'uniform':
      return { kind: initializer.kind, first: String(initializer.min), second: String(initializer.max) };
    case 'orthogonal':
      return { kind: initializer.kind, first: String(initializer.gain), second: '' };
    case 'variance_scaling':
      return { kind: initializer.kind, first: '', second: '', given: initializer };
    default:
      return { kind: initializer.kind, first: '', second: '' };
  }
}

export function draftOf(config: ExperimentConfig): Draft {
  return {
    data: config.data.kind,
    folder: config.data.kind === 'folder' ? config.data.folder : '',
    activations: config.activations,
    hidden: hiddenField(config.hidden),
    kernel: initializerDraft(config.kernelInitializer),
    bias: initializerDraft(config.biasInitializer),
    optimizer: config.optimizer,
    learningRate: String(config.learningRate),
    batchSize: String(config.batchSize),
    epochs: String(config.epochs),
    seed: String(config.seed),
    seeds: String(config.seeds),
    backend: config.backend,
  };
}

/** The number meant, or the text itself for the checker to name in its message. */
function numberOrText(text: string): number | string {
  const trimmed = text.trim().replace(/^−/, '-');
  const number = Number(trimmed);
  return trimmed === '' || !Number.isFinite(number) ? text : number;
}

/** In this field spaces part as well, and what is no width is handed on for the checker to name. */
const hiddenInput = (text: string): (number | string)[] =>
  readList(text.replace(/\s*([x×*])\s*/gi, '$1').replace(/\s+/g, ','))
    .filter((item) => item !== '')
    .map(numberOrText);

function initializerInput({ kind, first, second, given }: InitializerDraft): unknown {
  switch (kind) {
    case 'constant':
      return { kind, value: numberOrText(first) };
    case 'normal':
    case 'truncated_normal':
      return { kind, mean: numberOrText(first), stddev: numberOrText(second) };
    case 'uniform':
      return { kind, min: numberOrText(first), max: numberOrText(second) };
    case 'orthogonal':
      return { kind, gain: numberOrText(first) };
    default:
      return given ?? { kind };
  }
}

/** The settings that the form means, or what is wrong with each field. */
export function readDraft(draft: Draft): { config: ExperimentConfig } | { problems: ConfigProblem[] } {
  return parseConfig({
    data: draft.data === 'folder' ? { kind: 'folder', folder: draft.folder } : { kind: draft.data },
    activations: draft.activations,
    hidden: hiddenInput(draft.hidden),
    kernelInitializer: initializerInput(draft.kernel),
    biasInitializer: initializerInput(draft.bias),
    optimizer: draft.optimizer,
    learningRate: numberOrText(draft.learningRate),
    batchSize: numberOrText(draft.batchSize),
    epochs: numberOrText(draft.epochs),
    seed: numberOrText(draft.seed),
    seeds: numberOrText(draft.seeds),
    backend: draft.backend,
  });
}
