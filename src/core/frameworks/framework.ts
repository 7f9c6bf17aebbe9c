import type { ActivationEntryName } from '../activations/catalogue';
import type { AtBreak, Parameters } from '../activations/function';
import type { FrameworkInitializers } from './initializerKinds';
import type { LayerDefaults, LayerShelf } from './layerShelf';
import type { NotElementWiseName } from './notElementWise';
import type { FrameworkOptimizers } from './optimizers';

export const frameworkIds = ['keras', 'tf2', 'torch', 'tfjs', 'jax'] as const;
/** keras is Keras 3; tf2 is tf.keras 2 with tf.nn and TensorFlow's ops; jax is jax.nn with Flax. */
export type FrameworkId = (typeof frameworkIds)[number];

export const isFrameworkId = (x: string): x is FrameworkId => (frameworkIds as readonly string[]).includes(x);

/** What a call can write for a parameter. */
export type ParameterValue = number | boolean | string | null;

/** A parameter of a spelling, in the framework's own words. */
export interface SpellingParameter {
  /** As the framework calls it: `negative_slope`, `alpha`, `approximate`. */
  readonly name: string;
  /** Older names that the framework accepts as well: Keras's `LeakyReLU(alpha=…)`. */
  readonly alsoNamed?: readonly string[];
  readonly default: ParameterValue;
  /** True where it can only be written with its name. */
  readonly keywordOnly?: boolean;
  /** True for one that takes an initialiser: `keras.initializers.Constant(0.25)`, `'ones'`. */
  readonly initializer?: boolean;
  /** Of a string's parameter: which argument it is of the call that the string stands in, where it may be positional. */
  readonly at?: number;
  /** True for what does not change the function: `inplace`, `axis`. Not shown. */
  readonly ignored?: boolean;
  /** The catalogue's parameter that it sets; the same name where left out. */
  readonly sets?: string;
  /** The catalogue's value for the framework's; the value itself where left out. Undefined for one that it does not take. */
  readonly means?: (value: ParameterValue) => number | string | undefined;
  /** The one value that the framework accepts, although its signature shows a parameter. */
  readonly only?: ParameterValue;
}

/** `layer`: called with its parameters alone. `function`: called with the tensor first. `method`: called on the tensor. */
export type SpellingForm = 'string' | 'layer' | 'function' | 'method';

/** One way in which a framework writes an activation. */
export interface Spelling {
  readonly framework: FrameworkId;
  /** The last part of the path, or the string: `LeakyReLU`, `leaky_relu`, `hardSigmoid`, `relu_`. */
  readonly name: string;
  readonly form: SpellingForm;
  /** Where it stands, as people write it: `keras.layers`, `torch.nn.functional`; empty for strings and methods. */
  readonly module: string;
  /** All modules that lead there, that one first. */
  readonly modules: readonly string[];
  readonly activation: ActivationEntryName | NotElementWiseName;
  /** In the order of the signature, without the tensor. */
  readonly parameters: readonly SpellingParameter[];
  /** Parameters of the catalogue that this spelling fixes: tfjs's gelu_new is gelu with the tanh form. */
  readonly fixed: Parameters;
  /** A sentence on what is special here: a learned slope, a random one. */
  readonly note?: string;
  /** True for what stands in the place of any layer as often as of an activation: nn.Identity. */
  readonly placeholder?: boolean;
  /** What to call the framework where its usual name would mislead: Keras 2 on its own is not TensorFlow. */
  readonly label?: string;
  /** The framework's own page. */
  readonly docs: string;
}

/** What a name on a shelf is; a bare name means the function with no parameters of its own. */
export type Item =
  | ActivationEntryName
  | NotElementWiseName
  | {
      readonly activation: ActivationEntryName | NotElementWiseName;
      readonly parameters?: readonly SpellingParameter[];
      readonly fixed?: Parameters;
      readonly note?: string;
      readonly placeholder?: boolean;
    };

/** Names that stand together in one place of a framework. */
export interface Shelf {
  readonly form: SpellingForm;
  /** As people write it; the first is shown, the rest lead there as well. Empty for strings and methods. */
  readonly modules: readonly string[];
  readonly docs: (name: string) => string;
  readonly items: Readonly<Record<string, Item>>;
}

/** φ′ at each kink, ascending, as a framework defines it; see {@link AtBreak}. May depend on the parameters. */
export type KinkConvention = readonly AtBreak[] | ((parameters: Parameters) => readonly AtBreak[]);

/** TypeScript counts as JavaScript. */
export type CodeLanguage = 'python' | 'javascript';

/** Where a framework's names stand in code. */
export interface CodePaths {
  readonly language: CodeLanguage;
  /** How public paths begin, each of one framework in a language: `torch`, `tf`. */
  readonly roots: readonly string[];
  /** How the paths of its imports begin, which tells what a text is written for: `tensorflow`, `tf_keras`. */
  readonly packages: readonly string[];
  /** From paths as they are imported, with private modules and older copies, to public ones; done in this order. */
  readonly rewrites: readonly (readonly [from: RegExp, to: string])[];
  /** How people shorten its modules, in lower case. */
  readonly shortModules: Readonly<Record<string, readonly string[]>>;
  /** A module whose name another framework has too, and the names of it that people mean as this one's. */
  readonly ambiguous?: { readonly module: string; readonly names: readonly string[] };
  /** Libraries built on it that take the names of its activations in their calls and configurations. */
  readonly libraries?: readonly string[];
  /** Paths that are this framework's whatever is installed, where it is a version of another. */
  readonly always?: RegExp;
  /** The names by which JavaScript imports it; its first root stands for all of them. */
  readonly specifiers?: RegExp;
}

/** How a framework writes activations. Nothing here computes one. */
export interface ActivationSpellings {
  readonly shelves: readonly Shelf[];
  /** Strings that certain calls take, with parameters that stand in the same call. */
  readonly inCalls?: readonly { readonly calls: readonly string[]; readonly strings: Shelf }[];
  /**
   * What people's own code and libraries take for a string where the framework itself takes few: any name of these
   * modules, and words of their own, which go first.
   */
  readonly handedOn?: { readonly modules: readonly string[]; readonly words: Shelf };
  /** Where it differs from the catalogue's own. */
  readonly kinks: Readonly<Partial<Record<ActivationEntryName, KinkConvention>>>;
  /** By what the framework's own backward pass multiplies φ′, where it computes with a rounded constant. */
  readonly derivativeFactors?: Readonly<Partial<Record<ActivationEntryName, number>>>;
}

/** A framework's data. */
export interface Framework extends ActivationSpellings {
  readonly id: FrameworkId;
  /** "Keras", "PyTorch". */
  readonly label: string;
  readonly paths: CodePaths;
  readonly layers: readonly LayerShelf[];
  readonly defaults: LayerDefaults;
  readonly initializers: FrameworkInitializers;
  readonly optimizers: FrameworkOptimizers;
  /** What is left of the variance that a scaled, cut-off normal aims at: 1 where the framework corrects for the cut-off. */
  readonly truncatedShare: number;
}

/** A parameter with the catalogue's meaning. */
export const same = (
  name: string,
  value: ParameterValue,
  more: Partial<SpellingParameter> = {},
): SpellingParameter => ({
  name,
  default: value,
  ...more,
});

/** One that does not change the function. */
export const ignored = (name: string, value: ParameterValue = null): SpellingParameter => ({
  name,
  default: value,
  ignored: true,
});

/** A maximum that is absent where the call writes None, null or nothing. */
export const maximum = (name: string): SpellingParameter => ({
  name,
  default: null,
  sets: 'max_value',
  means: (value) =>
    value === null || value === 'none' ? Number.POSITIVE_INFINITY : typeof value === 'number' ? value : undefined,
});

/** GELU's flag, as Keras, TensorFlow and JAX have it. */
export const approximateFlag = (value: boolean): SpellingParameter => ({
  name: 'approximate',
  default: value,
  means: (flag) => {
    if (typeof flag === 'boolean') return flag ? 'tanh' : 'none';
    // A person at the terminal may use PyTorch's words.
    return flag === 'tanh' || flag === 'none' ? flag : undefined;
  },
});

const startOf = (value: ParameterValue): number | undefined => {
  if (typeof value !== 'string') return typeof value === 'number' ? value : undefined;
  return ({ zero: 0, zeros: 0, one: 1, ones: 1 } as Readonly<Record<string, number>>)[value.toLowerCase()];
};

/** A learned slope's initialiser: a number where it is a constant. */
export const slopeInitializer = (name: string, more: Partial<SpellingParameter> = {}): SpellingParameter => ({
  name,
  default: 'zeros',
  sets: 'negative_slope',
  means: startOf,
  initializer: true,
  ...more,
});

export const LEARNED_SLOPE = 'The slope is learned, one for each unit; the figures are for its start.';
