import { type ActivationName, activation as catalogueEntry } from '../../activations/catalogue';
import type { FlowConfig } from '../../calculation/config';
import type { ExperimentConfig } from '../../experiment/config';
import type { FrameworkId } from '../../frameworks/framework';
import { initializerLabel } from '../../frameworks/initializerNames';
import type { Initializer } from '../../initializers/initializer';
import type { Change } from './change';
import {
  activationEdits,
  type GraphEdit,
  kernelEdits,
  normalisationEdits,
  residualEdits,
  shorterEdits,
} from './graphEdits';
import type { Subject } from './subject';

/** A change in words. */
export interface ChangeWords {
  /** In a list: "ReLU with he_normal", "Initialiser he_normal", "Batch normalisation". */
  readonly title: string;
  /** Inside a sentence: "the initialiser he_normal would leave 0.91". */
  readonly words: string;
  /** On a button or a menu, after a verb: "Try he_normal", "Use he_normal". */
  readonly short: string;
  readonly verb: 'Use' | 'Add';
}

/** What can be changed. Each is undefined where it cannot be said there. */
interface Setting<T> {
  /** @param id whose names initialisers have; undefined for the usual ones */
  readonly words: (value: T, id: FrameworkId | undefined) => ChangeWords;
  readonly inModel: (subject: Subject, value: T) => readonly GraphEdit[] | undefined;
  /** @param index of the candidate that it is changed for */
  readonly inCalculation: (config: FlowConfig, value: T, index: number) => FlowConfig | undefined;
  /** @param activation of the network that it is changed for */
  readonly inRun: (config: ExperimentConfig, value: T, activation: ActivationName) => ExperimentConfig | undefined;
}

const named = (title: string, verb: ChangeWords['verb'] = 'Use', words = lowered(title)): ChangeWords => ({
  title,
  words,
  short: words,
  verb,
});

const lowered = (text: string): string => `${text[0]!.toLowerCase()}${text.slice(1)}`;

/** The one initialiser; undefined where layers get different ones. */
const single = (initializers: readonly Initializer[]): Initializer | undefined =>
  initializers.length === 1 ? initializers[0] : undefined;

const initializerNames = (initializers: readonly Initializer[], id: FrameworkId | undefined): string[] => [
  ...new Set(initializers.map((each) => initializerLabel(each, id))),
];

const layersInWords = (count: number): string => (count === 1 ? 'one hidden layer' : `${count} hidden layers`);

const settings: { readonly [K in keyof Change]-?: Setting<NonNullable<Change[K]>> } = {
  activation: {
    words(name) {
      const { label } = catalogueEntry(name);
      return named(label, 'Use', label);
    },
    inModel: activationEdits,
    inCalculation: (config, name, index) => ({
      ...config,
      candidates: config.candidates.map((each, i) => (i === index ? { activations: [name] } : each)),
    }),
    inRun: (config, name, activation) => ({
      ...config,
      activations: [...new Set(config.activations.map((each) => (each === activation ? name : each)))],
    }),
  },
  kernelInitializers: {
    words(initializers, id) {
      const names = initializerNames(initializers, id);
      const short = names.join(' and ');
      const noun = names.length === 1 ? 'initialiser' : 'initialisers';
      return { title: `I${noun.slice(1)} ${short}`, words: `the ${noun} ${short}`, short, verb: 'Use' };
    },
    inModel: kernelEdits,
    inCalculation(config, initializers) {
      const kernelInitializer = single(initializers);
      return kernelInitializer && { ...config, kernelInitializer };
    },
    inRun(config, initializers) {
      const kernelInitializer = single(initializers);
      return kernelInitializer && { ...config, kernelInitializer };
    },
  },
  normalisation: {
    words: (over) => named(over === 'batch' ? 'Batch normalisation' : 'Layer normalisation', 'Add'),
    inModel: normalisationEdits,
    inCalculation: (config, normalisation) => ({ ...config, normalisation }),
    inRun: () => undefined,
  },
  residual: {
    words: () => named('Residual connections', 'Add'),
    inModel: residualEdits,
    inCalculation: (config, residual) => ({ ...config, residual }),
    inRun: () => undefined,
  },
  hiddenLayers: {
    words: (count) => named(layersInWords(count).replace(/^o/, 'O')),
    inModel: shorterEdits,
    inCalculation: (config, count) => ({
      ...config,
      widths: config.widths.slice(0, count),
      candidates: config.candidates.map(({ activations }) => ({ activations: activations.slice(0, count) })),
    }),
    inRun: (config, count) => ({ ...config, hidden: config.hidden.slice(0, count) }),
  },
  learningRate: {
    words: (rate) => named(`A learning rate of ${rate}`),
    inModel: () => undefined,
    inCalculation: () => undefined,
    inRun: (config, learningRate) => ({ ...config, learningRate }),
  },
};

const fields = Object.keys(settings) as (keyof Change)[];

/** Goes through what a change sets; undefined as soon as one of it cannot be said. */
function folded<T>(
  change: Change,
  from: T,
  step: <K extends keyof Change>(
    so: T,
    setting: Setting<NonNullable<Change[K]>>,
    value: NonNullable<Change[K]>,
  ) => T | undefined,
): T | undefined {
  let so: T | undefined = from;
  const take = <K extends keyof Change>(field: K): void => {
    const value = change[field];
    if (so === undefined || value === undefined) return;
    so = step(so, settings[field] as Setting<NonNullable<Change[K]>>, value as NonNullable<Change[K]>);
  };
  fields.forEach(take);
  return so;
}

/**
 * "ReLU with he_normal"; of what stands alone, its own words.
 *
 * @param id whose names initialisers have, "kaiming_normal_"; left out where no framework is chosen
 */
export function changeInWords(change: Change, id?: FrameworkId): ChangeWords {
  const words = folded<ChangeWords | null>(change, null, (so, setting, value) => {
    const own = setting.words(value, id);
    if (so === null) return own;
    const joint = `${so.title} with ${own.short}`;
    return {
      title: joint,
      words: `${so.words} with ${own.short}`,
      short: `${so.short} with ${own.short}`,
      verb: so.verb,
    };
  });
  if (words === null || words === undefined)
    throw new RangeError('a change sets nothing; expected one field at least.');
  return words;
}

/** The edits of a model that make the change; undefined where a model cannot say it, or where nothing would change. */
export function editsOf(subject: Subject, change: Change): readonly GraphEdit[] | undefined {
  const edits = folded<readonly GraphEdit[]>(change, [], (so, setting, value) => {
    const own = setting.inModel(subject, value);
    return own && [...so, ...own];
  });
  return edits?.length === 0 ? undefined : edits;
}

/** A calculation with the change for one of its candidates; initialiser, normalisation and layers hold for all of them. */
export const inCalculation = (config: FlowConfig, change: Change, index: number): FlowConfig | undefined =>
  folded(change, config, (so, setting, value) => setting.inCalculation(so, value, index));

/** A run's settings with the change for one of its networks; undefined where a run cannot say it. */
export const inRun = (
  config: ExperimentConfig,
  change: Change,
  activation: ActivationName,
): ExperimentConfig | undefined => folded(change, config, (so, setting, value) => setting.inRun(so, value, activation));
