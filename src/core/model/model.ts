import type { ActivationName } from '../activations/catalogue';
import type { FrameworkId } from '../frameworks/framework';
import type { NormalisedOver } from '../frameworks/layerSignature';
import type { NotElementWiseName } from '../frameworks/notElementWise';
import type { Initializer } from '../initializers/initializer';

/** A part of a text: offsets from its start; of a notebook, the cell counts too. */
export interface SourceRange {
  /** Number of the cell, from 0; 0 for a file. */
  readonly cell: number;
  readonly from: number;
  readonly to: number;
}

export const isSamePlace = (a: SourceRange, b: SourceRange): boolean =>
  a.cell === b.cell && a.from === b.from && a.to === b.to;

/** The place of what no text holds: a model that was configured, or read from JSON without places. */
export const nowhere: SourceRange = { cell: 0, from: 0, to: 0 };

/**
 * A number that a model's code tells. `symbols` where it hangs on what the file does not tell (an argument without a
 * default): filled in, reading again gives the number. `unknown` where nobody can tell.
 */
export type Size =
  | number
  | { readonly kind: 'symbolic'; readonly symbols: readonly string[] }
  | { readonly kind: 'unknown' };

export const isKnown = (size: Size): size is number => typeof size === 'number';

/** Components without the batch: `[784]`, `[28, 28, 1]` (channels last; readers of PyTorch code convert). */
export type Shape = readonly Size[];

/** What weights start with. */
export type Initialization =
  /** Nothing is written: the framework's default for this layer. */
  | { readonly kind: 'default' }
  | {
      readonly kind: 'known';
      readonly initializer: Initializer;
      /** As the code writes it: `he_normal`, `nn.init.xavier_uniform_(…, gain=2)`. */
      readonly spelled: string;
      readonly source: SourceRange;
    }
  | { readonly kind: 'unknown'; readonly spelled: string; readonly source: SourceRange };

/** An activation as a model uses it. */
export interface ActivationUse {
  /** The function with its parameters in force; undefined for what is not element-wise or not known. */
  readonly name: ActivationName | undefined;
  /** Softmax and its like. */
  readonly notElementWise?: NotElementWiseName;
  /** Where φ works as the framework computes it; tf.keras 2 and Keras 3 may differ within one file. */
  readonly framework: FrameworkId;
  /** As the code writes it: `relu`, `nn.GELU()`, `F.leaky_relu`. */
  readonly spelled: string;
  readonly source: SourceRange;
}

export type Padding = 'valid' | 'same' | readonly Size[];

/** Weights of a layer; `bias` is null where it has none. */
interface Weighted {
  readonly kernel: Initialization;
  readonly bias: Initialization | null;
}

export type Operation =
  | { readonly kind: 'input' }
  | ({ readonly kind: 'dense'; readonly units: Size } & Weighted)
  | ({
      readonly kind: 'convolution';
      readonly rank: 1 | 2 | 3;
      /** Output channels. */
      readonly filters: Size;
      readonly kernelSize: readonly Size[];
      readonly strides: readonly Size[];
      readonly dilation: readonly Size[];
      readonly padding: Padding;
      /** Equal to the input channels where it is depthwise. */
      readonly groups: Size;
      readonly transposed: boolean;
    } & Weighted)
  | {
      readonly kind: 'pooling';
      readonly mode: 'max' | 'average';
      /** Over all of space; size and strides are empty then. */
      readonly global: boolean;
      readonly size: readonly Size[];
      readonly strides: readonly Size[];
      readonly padding: Padding;
    }
  | { readonly kind: 'flatten' }
  /** Moves or renames components and changes no number: permute, reshape, squeeze, identity, zero padding, upsampling. */
  | { readonly kind: 'rearrange' }
  | { readonly kind: 'embedding'; readonly entries: Size; readonly units: Size; readonly kernel: Initialization }
  | {
      readonly kind: 'normalisation';
      readonly over: NormalisedOver;
      /** Of a group normalisation; undefined where the code does not tell it and the framework has no default. */
      readonly groups?: Size;
    }
  | { readonly kind: 'dropout'; readonly rate: Size; readonly variant: 'plain' | 'spatial' | 'alpha' | 'gaussian' }
  | { readonly kind: 'activation'; readonly activation: ActivationUse }
  | ({
      readonly kind: 'recurrent';
      readonly cell: 'simple' | 'lstm' | 'gru';
      readonly units: Size;
      readonly sequences: boolean;
      readonly bidirectional: boolean;
      readonly activation: ActivationUse | undefined;
      readonly recurrentActivation: ActivationUse | undefined;
      readonly recurrentKernel: Initialization;
    } & Weighted)
  | { readonly kind: 'attention'; readonly heads: Size; readonly units: Size; readonly kernel: Initialization }
  | {
      readonly kind: 'transformerEncoder';
      readonly layers: Size;
      readonly heads: Size;
      readonly units: Size;
      readonly feedForward: Size;
      readonly activation: ActivationUse | undefined;
    }
  | { readonly kind: 'add' }
  | { readonly kind: 'multiply' }
  | { readonly kind: 'concatenate' }
  /** Multiplied or shifted by constants: `x / 255`, Rescaling, Normalization. */
  | { readonly kind: 'scale' }
  /** A layer, function or module that is not known: what it does to values and gradients is not said. */
  | { readonly kind: 'opaque' };

/** One step of a model. An activation given as a layer's argument is a step of its own, after the layer. */
export interface ModelNode {
  /** Its index in the model's list; nodes stand after all of their inputs. */
  readonly id: number;
  readonly operation: Operation;
  readonly inputs: readonly number[];
  /** As the code writes it: `Dense`, `nn.Linear`, `F.relu`, `x + y`. */
  readonly type: string;
  /** The attribute, variable or `name=` that the code gives it. */
  readonly name?: string;
  /** Where it is made: the layer's call. */
  readonly source: SourceRange;
  /** Where it is applied, when that is elsewhere: `self.fc1(x)`. */
  readonly applied?: SourceRange;
  /** Of its output. */
  readonly shape: Shape | undefined;
  /**
   * The number of the weights it shares: a layer that is applied twice has two nodes with one number. Undefined for what
   * has none.
   */
  readonly weights?: number;
  /** False where the code leaves it open whether this step is taken, or what it is. */
  readonly certain: boolean;
}

/** A loss that the file gives a model. */
export interface LossUse {
  readonly kind:
    | 'categoricalCrossEntropy'
    | 'binaryCrossEntropy'
    | 'negativeLogLikelihood'
    | 'meanSquaredError'
    | 'meanAbsoluteError'
    | 'huber'
    | 'hinge'
    | 'other';
  /** What it expects of the output; undefined where it is open. */
  readonly wants: 'logits' | 'probabilities' | 'logProbabilities' | undefined;
  readonly spelled: string;
  readonly source: SourceRange;
  /** What the code applies to the model's output on its way to the loss, the first first. */
  readonly applied?: readonly ActivationUse[];
  /** True where nobody sees what the loss is given: it is the only one in the file, or steps between are not known. */
  readonly assumed?: boolean;
}

/** What the file does not tell and a person can: an argument without a default. */
export interface ModelSymbol {
  readonly name: string;
  readonly source: SourceRange;
}

/** A library for models of a framework that is not the one which its data are of. */
export type ModelLibrary = 'equinox' | 'haiku';

/** As their makers write them. */
export const libraryLabels: Readonly<Record<ModelLibrary, string>> = { equinox: 'Equinox', haiku: 'Haiku' };

/** A model as its code describes it. */
export interface Model {
  /** The class, function or variable. */
  readonly name: string;
  readonly framework: FrameworkId;
  /** Where the framework has several: Equinox and Haiku for JAX, beside Flax. */
  readonly library?: ModelLibrary;
  /** Where a person would look for it: the class's name, the variable, the function's name. */
  readonly source: SourceRange;
  /** In an order in which they can be computed. */
  readonly nodes: readonly ModelNode[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Where the input's shape is told; undefined where it is not and has to be asked for. */
  readonly inputShape: Shape | undefined;
  readonly loss: LossUse | undefined;
  readonly symbols: readonly ModelSymbol[];
}
