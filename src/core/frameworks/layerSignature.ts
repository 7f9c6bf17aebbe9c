export type Rank = 1 | 2 | 3;

/** What a normalisation takes its mean and variance over. */
export type NormalisedOver = 'batch' | 'layer' | 'group' | 'instance' | 'rms';

export type Cell = 'simple' | 'lstm' | 'gru';

/** What a layer is. */
export type LayerWork =
  | { readonly kind: 'dense' }
  /** Over several axes at once. */
  | { readonly kind: 'denseGeneral' }
  /** xᵀAy + b */
  | { readonly kind: 'bilinear' }
  | { readonly kind: 'embedding'; readonly bag?: boolean }
  /** Where the rank is left out, the size of the kernel or of the window tells it. */
  | {
      readonly kind: 'convolution';
      readonly rank?: Rank;
      readonly form: 'plain' | 'transposed' | 'depthwise' | 'separable';
    }
  | {
      readonly kind: 'pooling';
      readonly rank?: Rank;
      readonly mode: 'max' | 'average';
      readonly over: 'windows' | 'all' | 'adaptive';
    }
  | { readonly kind: 'normalisation'; readonly over: NormalisedOver; readonly rank?: Rank }
  | { readonly kind: 'dropout'; readonly variant: 'plain' | 'spatial' | 'alpha' | 'gaussian' }
  /** All steps of a sequence, or one. */
  | { readonly kind: 'recurrent'; readonly cell: Cell; readonly steps: 'all' | 'one' }
  | { readonly kind: 'attention' }
  | { readonly kind: 'merge'; readonly by: 'add' | 'average' | 'multiply' | 'concatenate' | 'other' }
  /** Whose parameters are those of its spelling. */
  | { readonly kind: 'activation' }
  /** Takes a name, or a function, of an activation. */
  | { readonly kind: 'anyActivation' }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'scale' }
  /** Numbers go elsewhere, are repeated or left out. */
  | { readonly kind: 'rearrange'; readonly how: Rearrangement; readonly rank?: Rank }
  /** Holds other layers. */
  | { readonly kind: 'wrapper'; readonly how: Wrapper }
  /** Known to be a layer, and no more: what it does to values and gradients is not said. */
  | { readonly kind: 'opaque' };

export type Rearrangement =
  | 'nothing'
  | 'reshape'
  | 'permute'
  | 'repeat'
  | 'resize'
  | 'crop'
  | 'pad'
  | 'upsample'
  | 'unflatten'
  | 'channels'
  | 'shuffle'
  | 'unshuffle';

export type Wrapper =
  | 'function'
  | 'timeDistributed'
  | 'spectralNormalisation'
  | 'cells'
  | 'cellStack'
  | 'bidirectional'
  | 'transformerLayer'
  | 'transformer';

/** A layer's class, or the function that does the same. */
export type LayerSignature = LayerWork & {
  /** By position, as far as the reader of models asks for them; the rest have names only. */
  readonly parameters: readonly string[];
  /** Of parameters, where they count for what the layer computes. */
  readonly defaults?: Readonly<Record<string, number | string>>;
  /** True for a class that takes the size of its input from the first input that it sees. */
  readonly lazy?: boolean;
};

export const ranks: readonly Rank[] = [1, 2, 3];

/** One entry for each rank of space. */
export const byRank = (
  entries: (rank: Rank) => Readonly<Record<string, LayerSignature>>,
): Readonly<Record<string, LayerSignature>> => Object.assign({}, ...ranks.map(entries));
