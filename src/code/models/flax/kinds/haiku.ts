import { haiku } from '../../../../core/frameworks/jax/haiku';
import type { LayerSignature, Rank } from '../../../../core/frameworks/layerSignature';
import type { Operation, SourceRange } from '../../../../core/model/model';
import { spreadList } from '../../../interpret/looseLists';
import { list, type Value } from '../../../interpret/values';
import { flagOf, type Given, isNone, product, sizeOf, unknownSize } from '../../given';
import { initializationOf } from '../initializer';
import { type LayerCall, type LayerKind, layerIn, type Meaning } from '../layer';
import { known, type Usual, usualIn, withUsual } from './known';
import { perceptron } from './perceptron';
import { cellMeaning } from './recurrent';
import { space } from './space';
import { densePlan, embeddingPlan } from './weighted';

/** Layers of Haiku: they find out by themselves how wide their input is. */

const usualOf = (source: SourceRange): Usual => usualIn(haiku.defaults, source);

const hasBias = ({ given }: LayerCall): boolean | undefined => flagOf(given.value('with_bias'), true);

/** Kernel and bias as the arguments give them, or as they usually are. */
function weightsOf(call: LayerCall): Usual {
  const { given, moment } = call;
  const usual = usualOf(moment.site.source);
  const [kernel, bias] = [initializationOf(given, 'w_init', moment), initializationOf(given, 'b_init', moment)];
  return {
    kernel: kernel.kind === 'default' ? usual.kernel : kernel,
    bias: bias.kind === 'default' ? usual.bias : bias,
  };
}

const linear: LayerKind = {
  names: ['output_size', 'with_bias', 'w_init', 'b_init'],
  make: (call): Meaning => {
    const { kernel, bias } = weightsOf(call);
    const biased = hasBias(call);
    return {
      plans: [densePlan(sizeOf(call.given.value('output_size')), kernel, biased === false ? null : bias)],
      certain: biased !== undefined,
    };
  },
};

const mlp: LayerKind = {
  names: ['output_sizes', 'w_init', 'b_init', 'with_bias', 'activation', 'activate_final'],
  make: (call): Meaning => {
    const { given, moment } = call;
    const written = given.value('output_sizes');
    const sizes = written?.kind === 'unknown' ? spreadList(written, 'list') : written;
    const final = flagOf(given.value('activate_final'), false);
    if (sizes?.kind !== 'list' || !(sizes.complete || sizes.loose) || final === undefined) {
      return { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };
    }
    const value = given.value('activation');
    const { source } = moment.site;
    const between = { value, source: value === undefined ? source : given.source('activation'), usual: 'jax.nn.relu' };
    const biased = hasBias(call);
    return perceptron({
      widths: sizes.items.map((item) => sizeOf(item)),
      loose: sizes.loose,
      inputs: undefined,
      hidden: between,
      last: final ? between : { value: undefined, source, usual: undefined },
      biases: [biased, biased],
      usual: weightsOf(call),
    });
  },
};

/** One number for every axis where the code gives one for all. */
const spread = (value: Value | undefined, rank: Rank): Value | undefined =>
  value?.kind === 'list' || value === undefined ? value : list(Array.from({ length: rank }, () => value));

/** Haiku's words for a layer's arguments in place of Flax's. */
function renamed(
  given: Given,
  names: Readonly<Record<string, string>>,
  values: (name: string) => Value | undefined,
): Given {
  const own = (name: string): string => names[name] ?? name;
  return Object.assign(Object.create(given) as Given, {
    value: (name: string) => values(name) ?? given.value(own(name)),
    source: (name: string) => given.source(own(name)),
  });
}

const convolvingNames: Readonly<Record<string, string>> = {
  features: 'output_channels',
  kernel_size: 'kernel_shape',
  strides: 'stride',
  kernel_dilation: 'rate',
  use_bias: 'with_bias',
  kernel_init: 'w_init',
  bias_init: 'b_init',
};

const convolution = (rank: Rank, form: 'plain' | 'transposed'): LayerKind => ({
  names:
    form === 'plain'
      ? ['output_channels', 'kernel_shape', 'stride', 'rate', 'padding', 'with_bias', 'w_init', 'b_init']
      : ['output_channels', 'kernel_shape', 'stride', 'output_shape', 'padding', 'with_bias', 'w_init', 'b_init'],
  make: (call): Meaning => {
    const { given, moment } = call;
    const signature: Extract<LayerSignature, { kind: 'convolution' }> = {
      kind: 'convolution',
      form,
      parameters: ['features', 'kernel_size'],
      defaults: { strides: 1, kernel_dilation: 1, feature_group_count: 1 },
    };
    const kernel = spread(given.value('kernel_shape'), rank);
    const own = renamed(given, convolvingNames, (name) => (name === 'kernel_size' ? kernel : undefined));
    const plain = isNone(given.value('mask')) && isNone(given.value('data_format'));
    const made = space.convolution!({ ...call, given: own }, signature);
    return { ...withUsual(made, usualOf(moment.site.source)), certain: (made.certain ?? true) && plain };
  },
});

/** A window in space, which Haiku also takes with the batch and the channels: (1, 2, 2, 1), (2, 2, 1). */
function windowIn(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'list') return spread(value, 2);
  const { items } = value;
  return items.length > 2 ? list(items.slice(items.length === 4 ? 1 : 0, -1)) : value;
}

const pooling = (mode: 'max' | 'average'): LayerKind => ({
  names: ['window_shape', 'strides', 'padding'],
  make: (call): Meaning => {
    const signature: Extract<LayerSignature, { kind: 'pooling' }> = {
      kind: 'pooling',
      mode,
      over: 'windows',
      parameters: ['window_shape'],
      defaults: { strides: 1 },
    };
    const given = renamed(call.given, {}, (name) =>
      name === 'window_shape' || name === 'strides' ? windowIn(call.given.value(name)) : undefined,
    );
    return space.pooling!({ ...call, given }, signature);
  },
});

const keeping = (names: readonly string[], operation: Operation): LayerKind => ({
  names,
  make: (): Meaning => ({ plans: [{ operation: () => operation, keeps: true }] }),
});

const flatten: LayerKind = {
  names: ['preserve_dims'],
  make: (): Meaning => ({
    plans: [
      {
        operation: () => ({ kind: 'flatten' }),
        infer: ([input]) => input && [input[0] ?? unknownSize, product(input.slice(1))],
      },
    ],
  }),
};

const embedding: LayerKind = {
  names: ['vocab_size', 'embed_dim', 'embedding_matrix', 'w_init'],
  make: ({ given, moment }): Meaning => {
    const kernel = initializationOf(given, 'w_init', moment);
    const usual = known(haiku.defaults.embedding, 'TruncatedNormal()', moment.site.source);
    const plan = embeddingPlan(
      sizeOf(given.value('vocab_size')),
      sizeOf(given.value('embed_dim')),
      kernel.kind === 'default' ? usual : kernel,
    );
    return { plans: [plan], certain: isNone(given.value('embedding_matrix')) };
  },
};

/** `y, state = core(x, state)` */
const core = (kind: 'simple' | 'lstm' | 'gru'): LayerKind => ({
  names: kind === 'gru' ? ['hidden_size', 'w_i_init', 'w_h_init', 'b_init'] : ['hidden_size'],
  make: (call): Meaning => {
    const { given, moment } = call;
    const { bias, kernel } = usualOf(moment.site.source);
    // VarianceScaling(), which corrects for its cut.
    const corrected = known({ kind: 'lecun_normal' }, 'VarianceScaling()', moment.site.source);
    const usual = { bias, kernel: kind === 'gru' ? corrected : kernel };
    const of = (name: string, else_: Usual[keyof Usual]) => {
      const found = initializationOf(given, name, moment);
      return found.kind === 'default' ? else_ : found;
    };
    return cellMeaning({
      kind,
      units: sizeOf(given.value('hidden_size')),
      inputs: unknownSize,
      kernel: of('w_i_init', usual.kernel),
      recurrentKernel: of('w_h_init', usual.kernel),
      bias: of('b_init', usual.bias),
      moment,
      activation: kind === 'simple' ? 'jax.nn.relu' : 'jax.nn.tanh',
      gives: (state) => list([state, kind === 'lstm' ? list([state, state], 'tuple') : state], 'tuple'),
    });
  },
});

const attention: LayerKind = {
  names: ['num_heads', 'key_size', 'w_init_scale', 'w_init', 'with_bias', 'b_init', 'value_size', 'model_size'],
  make: (call): Meaning => {
    const { given, moment } = call;
    const heads = sizeOf(given.value('num_heads'));
    const [model, key] = [given.value('model_size'), sizeOf(given.value('key_size'))];
    const units = isNone(model) ? product([heads, key]) : sizeOf(model);
    const operation: Operation = { kind: 'attention', heads, units, kernel: initializationOf(given, 'w_init', moment) };
    return { plans: [{ operation: () => operation, keeps: true, last: units }] };
  },
};

/** What keeps a state from step to step. */
const isCore = (value: Value): boolean =>
  layerIn(value)?.meaning.cell !== undefined ||
  layerIn(value)?.type === 'hk.DeepRNN' ||
  (value.kind === 'instance' && value.class.bases.some((base) => base.kind === 'path' && /RNNCore$/.test(base.path)));

/** `y, state = core(x, state)`: cores and functions in turn. */
const deep: LayerKind = {
  names: ['layers'],
  make: ({ given }): Meaning => {
    const layers = given.value('layers');
    const methods: Meaning['methods'] = { initial_state: (_layer, _args, { machine }) => machine.unknown('state') };
    const told = layers?.kind === 'list' && layers.complete;
    if (!told) return { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false, methods };
    return {
      methods,
      apply: (_layer, args, { machine, site }) => {
        let now = args.positional[0] ?? args.named.get('inputs');
        for (const each of layers.items) {
          if (now === undefined) return undefined;
          const positional = isCore(each) ? [now, machine.unknown('state')] : [now];
          const result = machine.call(each, { ...args, positional, named: new Map() }, site);
          now = isCore(each) && result.kind === 'list' ? result.items[0] : result;
        }
        return list([now!, machine.unknown('state')], 'tuple');
      },
    };
  },
};

/** By the name in `haiku`, or in `haiku.nets`. */
export const haikuKinds: Readonly<Record<string, LayerKind>> = {
  Linear: linear,
  MLP: mlp,
  Conv1D: convolution(1, 'plain'),
  Conv2D: convolution(2, 'plain'),
  Conv3D: convolution(3, 'plain'),
  Conv1DTranspose: convolution(1, 'transposed'),
  Conv2DTranspose: convolution(2, 'transposed'),
  Conv3DTranspose: convolution(3, 'transposed'),
  MaxPool: pooling('max'),
  AvgPool: pooling('average'),
  Flatten: flatten,
  Reshape: {
    names: ['output_shape'],
    make: (): Meaning => ({ plans: [{ operation: () => ({ kind: 'rearrange' }) }] }),
  },
  Embed: embedding,
  BatchNorm: keeping([], { kind: 'normalisation', over: 'batch' }),
  LayerNorm: keeping([], { kind: 'normalisation', over: 'layer' }),
  InstanceNorm: keeping([], { kind: 'normalisation', over: 'instance' }),
  GroupNorm: keeping(['groups'], { kind: 'normalisation', over: 'group' }),
  RMSNorm: keeping([], { kind: 'normalisation', over: 'rms' }),
  VanillaRNN: core('simple'),
  LSTM: core('lstm'),
  GRU: core('gru'),
  DeepRNN: deep,
  MultiHeadAttention: attention,
};
