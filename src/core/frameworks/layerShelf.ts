import type { Initializer } from '../initializers/initializer';
import type { Cell, LayerSignature, NormalisedOver } from './layerSignature';

export interface NormalisationDefaults {
  readonly epsilon: number;
  /** Share of a moving average that a step leaves; NaN where the code has to say it. */
  readonly momentum: number;
  /** Whether there is a scale and a shift that are trained. */
  readonly trained: boolean;
}

/** An initialiser by the name that its framework gives it. */
export interface NamedInitializer {
  readonly name: string;
  readonly initializer: Initializer;
  /** What its numbers alone would not tell of what is drawn. */
  readonly drawn?: string;
}

/** What recurrent layers have of their own. */
export interface RecurrentDefaults {
  /** Of kernels that meet a state; its fan-in is the number of units. */
  readonly kernel: (units: number, cell: Cell) => Initializer;
  /** Of kernels that meet the input, of cells that have another than dense layers. */
  readonly input?: (cell: Cell) => Initializer | undefined;
  /** Cells whose input and state meet one matrix, which counts both as its fan-in. */
  readonly joined?: readonly Cell[];
  /** Whether the kernel and the biases are drawn like the recurrent kernel. */
  readonly alike: boolean;
  /** Whether each gate's kernel is drawn on its own, rather than all of them as one matrix. */
  readonly gatewise: boolean;
  /** Whether the bias of an LSTM's forget gate starts at 1. */
  readonly forgetBias: boolean;
  /** Which cells have a second bias, at the state; a GRU with one resets after its product. */
  readonly secondBias: 'all' | 'gru' | 'simple' | 'none';
}

/** What a framework's layers start with where the code says nothing. */
export interface LayerDefaults {
  /** Of dense and convolutional layers, and of recurrent ones where these have no own. */
  readonly kernel: NamedInitializer;
  /** Of the same; its fan-in is the kernel's. */
  readonly bias: NamedInitializer;
  readonly embedding: Initializer;
  readonly recurrent: RecurrentDefaults;
  readonly normalisation: (over: NormalisedOver) => NormalisationDefaults;
  /**
   * Which axes of a kernel give its fans. `last`: the last two, whatever they mean there. `first`: the first two, as
   * PyTorch stores them. `meaning`: input and output channels always.
   */
  readonly fanAxes: 'last' | 'first' | 'meaning';
  /** Whether average pooling counts the zeros of the padding. */
  readonly poolingCountsPadding: boolean;
}

/** What is built on a framework and has layers and initialisers of its own: Equinox and Haiku, on JAX. */
export interface Library {
  /** "Equinox". */
  readonly label: string;
  readonly defaults: LayerDefaults;
  /** How its code writes an initialiser with its numbers, where not as the framework's does. */
  readonly written?: (initializer: Initializer) => string | undefined;
}

/** Layers that stand together in one place of a framework. */
export interface LayerShelf {
  /** Public paths. */
  readonly modules: readonly string[];
  /** The framework's own page on one. */
  readonly docs: (name: string, signature: LayerSignature) => string;
  readonly items: Readonly<Record<string, LayerSignature>>;
  /** Whose layers they are where they are not the framework's own. */
  readonly library?: Library;
}

/** Of Keras and its like, and of Flax. */
export const zeros: NamedInitializer = { name: 'zeros', initializer: { kind: 'zeros' } };

/** U(±limit) */
export const within = (limit: number): Initializer => ({ kind: 'uniform', min: -limit, max: limit });

/** Keras's Dense, Embedding and recurrent layers; TensorFlow.js has the same but for its kernels. */
export const kerasDefaults: LayerDefaults = {
  kernel: { name: 'glorot_uniform', initializer: { kind: 'glorot_uniform' } },
  bias: zeros,
  embedding: within(0.05),
  recurrent: {
    kernel: () => ({ kind: 'orthogonal', gain: 1 }),
    alike: false,
    gatewise: false,
    forgetBias: true,
    secondBias: 'gru',
  },
  normalisation: (over) => ({ epsilon: over === 'rms' ? 1e-6 : 1e-3, momentum: 0.99, trained: true }),
  fanAxes: 'last',
  poolingCountsPadding: false,
};
