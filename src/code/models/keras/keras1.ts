import type { LayerSignature } from '../../../core/frameworks/layerSignature';
import { type CallArguments, constant, list, type Value } from '../../interpret/values';
import { textOf } from '../given';

/** What Keras 1 called the arguments of its layers. */
const renamed: Readonly<Record<string, string>> = {
  init: 'kernel_initializer',
  inner_init: 'recurrent_initializer',
  inner_activation: 'recurrent_activation',
  bias: 'use_bias',
  nb_filter: 'filters',
  filter_length: 'kernel_size',
  subsample: 'strides',
  subsample_length: 'strides',
  atrous_rate: 'dilation_rate',
  border_mode: 'padding',
  pool_length: 'pool_size',
  stride: 'strides',
  output_dim: 'units',
  p: 'rate',
  dim_ordering: 'data_format',
};

const ofEmbedding: Readonly<Record<string, string>> = { init: 'embeddings_initializer' };

/** The lengths of a kernel along its axes, where each was an argument of its own. */
const lengths: readonly (readonly string[])[] = [
  ['nb_row', 'nb_col'],
  ['kernel_dim1', 'kernel_dim2', 'kernel_dim3'],
];

/** Says that the three numbers of `Conv2D(32, 3, 3)` are of Keras 1: later the last one is the strides. */
const telling: ReadonlySet<string> = new Set(['init', 'border_mode', 'subsample', 'W_regularizer', 'dim_ordering']);

const changedValue = (name: string, value: Value): Value => {
  if (name !== 'dim_ordering') return value;
  const order = textOf(value);
  return order === 'th' ? constant('channels_first') : order === 'tf' ? constant('channels_last') : value;
};

/** A layer's arguments in the words of Keras 2, where they are in those of Keras 1. */
export function inLaterWords(type: string, args: CallArguments, signature: LayerSignature | undefined): CallArguments {
  const positional = kernelByPosition(type, args, signature);
  const words = signature?.kind === 'embedding' ? ofEmbedding : renamed;
  const old = [...args.named.keys()].filter((name) => Object.hasOwn(words, name) && !isOwn(name, signature));
  const axes = lengths.find((names) => names.every((name) => args.named.has(name)));
  if (old.length === 0 && axes === undefined && positional === undefined) return args;
  const named = new Map(args.named);
  const sources = new Map(args.sources);
  const move = (from: string, to: string, value: Value) => {
    named.delete(from);
    named.set(to, value);
    const source = sources.get(from);
    if (source !== undefined) sources.set(to, source);
  };
  for (const name of old) {
    const word = words[name]!;
    if (!named.has(word)) move(name, word, changedValue(name, named.get(name)!));
  }
  if (axes !== undefined) {
    const [first] = axes;
    move(first!, 'kernel_size', list(axes.map((name) => args.named.get(name)!)));
  }
  return { ...args, named, sources, positional: positional ?? args.positional };
}

/** A name that the layer still has, such as the embedding's `output_dim`. */
const isOwn = (name: string, signature: LayerSignature | undefined): boolean =>
  signature?.parameters.includes(name) ?? false;

/** `Convolution2D(32, 3, 3)`: the filters, then the kernel along each axis. */
function kernelByPosition(
  type: string,
  { positional, named }: CallArguments,
  signature: LayerSignature | undefined,
): readonly Value[] | undefined {
  if (signature?.kind !== 'convolution' || signature.form === 'depthwise') return undefined;
  const rank = signature.rank ?? 1;
  if (rank === 1 || positional.length <= rank) return undefined;
  const isOld = type.startsWith('Convolution') || [...named.keys()].some((name) => telling.has(name));
  const isNew = ['padding', 'strides', 'data_format', 'kernel_size'].some((name) => named.has(name));
  const kernel = positional.slice(1, rank + 1);
  if (!isOld || isNew || kernel.some((value) => value.kind === 'list' || textOf(value) !== undefined)) return undefined;
  return [positional[0]!, list(kernel), ...positional.slice(rank + 1)];
}

const merging: Readonly<Record<string, string>> = {
  sum: 'add',
  mul: 'multiply',
  concat: 'concatenate',
  ave: 'average',
  max: 'maximum',
  dot: 'dot',
};

/** `merge([a, b], mode='concat', concat_axis=-1)` as the function of a name of its own that took its place. */
export function laterMerge(args: CallArguments): { readonly name: string; readonly args: CallArguments } {
  const mode = textOf(args.named.get('mode') ?? args.positional[1]) ?? (args.named.has('mode') ? '' : 'sum');
  const axis = args.named.get('concat_axis');
  return {
    name: Object.hasOwn(merging, mode) ? merging[mode]! : 'merge',
    args: {
      ...args,
      positional: args.positional.slice(0, 1),
      named: axis === undefined ? args.named : new Map([...args.named, ['axis', axis]]),
    },
  };
}
