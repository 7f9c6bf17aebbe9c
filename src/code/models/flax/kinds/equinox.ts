import { equinox } from '../../../../core/frameworks/jax/equinox';
import type { Rank } from '../../../../core/frameworks/layerSignature';
import type { Operation, Padding, Size } from '../../../../core/model/model';
import { type CallArguments, list, type Value } from '../../../interpret/values';
import { flagOf, numberOf, rateOf, sizeOf, sizesOf, textOf, unknownSize } from '../../given';
import { convPlan } from '../../torch/kinds/space';
import { type Moment, tellLast, tellShape, tensorsIn } from '../../tracing/step';
import type { LayerCall, LayerKind, Meaning, Plan } from '../layer';
import { known, type Usual, usualIn } from './known';
import { perceptron } from './perceptron';
import { cellMeaning } from './recurrent';
import { densePlan, embeddingPlan } from './weighted';

/** Layers of Equinox: they take one example each, with its channels first. */

const usualOf = ({ moment }: LayerCall): Usual => usualIn(equinox.defaults, moment.site.source);

const biasIn = ({ given }: LayerCall, name = 'use_bias'): boolean | undefined => flagOf(given.value(name), true);

/** A size, of which `"scalar"` is 1. */
const width = (value: Value | undefined): Size => (textOf(value) === 'scalar' ? 1 : sizeOf(value));

const linear: LayerKind = {
  names: ['in_features', 'out_features', 'use_bias'],
  make: (call): Meaning => {
    const { given } = call;
    const usual = usualOf(call);
    const hasBias = biasIn(call);
    const inputs = width(given.value('in_features'));
    return {
      plans: [densePlan(width(given.value('out_features')), usual.kernel, hasBias === false ? null : usual.bias)],
      tell: (input) => tellLast(input, inputs),
      certain: hasBias !== undefined,
    };
  },
};

function paddingOf(value: Value | undefined, rank: Rank): Padding {
  const text = textOf(value)?.toLowerCase();
  if (text === 'same' || text === 'same_lower') return 'same';
  if (text === 'valid') return 'valid';
  const sizes = sizesOf(value, rank, 0);
  return sizes.every((size) => size === 0) ? 'valid' : sizes;
}

const convolution = (rank: Rank, transposed: boolean): LayerKind => ({
  names: [
    ...['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding'],
    ...(transposed ? ['output_padding'] : []),
    ...['dilation', 'groups', 'use_bias'],
  ],
  make: (call): Meaning => {
    const { given } = call;
    const usual = usualOf(call);
    const hasBias = biasIn(call);
    const channels = sizeOf(given.value('in_channels'));
    const size = sizesOf(given.value('kernel_size'), rank);
    return {
      plans: [
        convPlan({
          rank,
          filters: sizeOf(given.value('out_channels')),
          groups: sizeOf(given.value('groups'), 1),
          transposed,
          window: {
            size,
            strides: sizesOf(given.value('stride'), rank, 1),
            dilation: sizesOf(given.value('dilation'), rank, 1),
            padding: paddingOf(given.value('padding'), rank),
          },
          extra: sizesOf(given.value('output_padding'), rank, 0),
          kernel: { initialization: usual.kernel },
          bias: hasBias === false ? undefined : { initialization: usual.bias },
        }),
      ],
      tell: (input) => tellShape(input, [unknownSize, channels, ...size.map(() => unknownSize)]),
      certain: hasBias !== undefined,
    };
  },
});

const ranks: readonly Rank[] = [1, 2, 3];

/** `eqx.nn.Conv(2, 3, 16, kernel_size=3)`: the number of axes is its first argument. */
const generalConvolution = (transposed: boolean): LayerKind => ({
  names: ['num_spatial_dims', ...convolution(1, transposed).names],
  make: (call): Meaning => {
    const rank = ranks.find((each) => each === numberOf(call.given.value('num_spatial_dims')));
    if (rank !== undefined) return convolution(rank, transposed).make(call);
    return { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };
  },
});

const pooling = (rank: Rank, mode: 'max' | 'average'): LayerKind => ({
  names: ['kernel_size', 'stride', 'padding', 'use_ceil'],
  make: ({ given }): Meaning => {
    const operation: Operation = {
      kind: 'pooling',
      mode,
      global: false,
      size: sizesOf(given.value('kernel_size'), rank),
      strides: sizesOf(given.value('stride'), rank, 1),
      padding: paddingOf(given.value('padding'), rank),
    };
    return { plans: [{ operation: () => operation, layout: 'channels', wants: 'channels' }] };
  },
});

/** To one number for each channel, global pooling; to more, not told. */
const adaptive = (rank: Rank, mode: 'max' | 'average'): LayerKind => ({
  names: ['target_shape'],
  make: ({ given }): Meaning => {
    const target = given.value('target_shape');
    const isOne = sizesOf(target, rank).every((size) => size === 1);
    const operation: Operation = isOne
      ? { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' }
      : { kind: 'opaque' };
    return { plans: [{ operation: () => operation, layout: 'channels', wants: 'channels' }], certain: isOne };
  },
});

const keeping = (names: readonly string[], operation: (call: LayerCall) => Operation): LayerKind => ({
  names,
  make: (call): Meaning => {
    const made = operation(call);
    return { plans: [{ operation: () => made, keeps: true }] };
  },
});

const normalised = (over: 'layer' | 'group' | 'rms'): LayerKind =>
  keeping(over === 'group' ? ['groups', 'channels'] : ['shape'], () => ({ kind: 'normalisation', over }));

/** `x, state = norm(x, state)` */
const batchNorm: LayerKind = {
  names: ['input_size', 'axis_name'],
  make: (): Meaning => {
    const plan: Plan = { operation: () => ({ kind: 'normalisation', over: 'batch' }), keeps: true };
    return { plans: [plan], alsoGives: 'state' };
  },
};

const lambda: LayerKind = {
  names: ['fn'],
  make: ({ given }): Meaning => ({
    apply: (_, args: CallArguments, { machine, site }: Moment) => {
      const fn = given.value('fn');
      const result = fn && machine.call(fn, { ...args, named: new Map() }, site);
      return tensorsIn(result).length > 0 ? result : undefined;
    },
    plans: [{ operation: () => ({ kind: 'opaque' }), keeps: true }],
  }),
};

const mlp: LayerKind = {
  names: [
    ...['in_size', 'out_size', 'width_size', 'depth', 'activation'],
    ...['final_activation', 'use_bias', 'use_final_bias'],
  ],
  make: (call): Meaning => {
    const { given, moment } = call;
    const told = numberOf(given.value('depth'));
    // Of a depth that only an argument tells, one hidden layer stands for all.
    const depth = told !== undefined && told >= 0 && told <= 100 ? told : 1;
    const hidden = Array.from({ length: depth }, () => sizeOf(given.value('width_size')));
    const { source } = moment.site;
    const between = (name: string, usual: string | undefined) => {
      const value = given.value(name);
      return { value, source: value === undefined ? source : given.source(name), usual };
    };
    return perceptron({
      widths: [...hidden, width(given.value('out_size'))],
      loose: depth === told ? [] : [0],
      inputs: width(given.value('in_size')),
      hidden: between('activation', 'jax.nn.relu'),
      last: between('final_activation', undefined),
      biases: [biasIn(call), biasIn(call, 'use_final_bias')],
      usual: usualOf(call),
    });
  },
};

/** `hidden = cell(x, hidden)`; an LSTM's hidden are two. */
const cell = (kind: 'lstm' | 'gru'): LayerKind => ({
  names: ['input_size', 'hidden_size', 'use_bias'],
  make: (call): Meaning => {
    const { given, moment } = call;
    // Everything is drawn from U(±1/√units).
    const units = numberOf(given.value('hidden_size'));
    const limit = units === undefined ? undefined : 1 / Math.sqrt(units);
    const { source } = moment.site;
    const all =
      limit === undefined
        ? ({ kind: 'unknown', spelled: 'uniform(±1/√hidden_size)', source } as const)
        : known({ kind: 'uniform', min: -limit, max: limit }, 'uniform(±1/√hidden_size)', source);
    return cellMeaning({
      kind,
      units: sizeOf(given.value('hidden_size')),
      inputs: sizeOf(given.value('input_size')),
      kernel: all,
      recurrentKernel: all,
      bias: biasIn(call) === false ? null : all,
      moment,
      gives: (state) => (kind === 'lstm' ? list([state, state], 'tuple') : state),
    });
  },
});

const embedding: LayerKind = {
  names: ['num_embeddings', 'embedding_size'],
  make: ({ given, moment }): Meaning => ({
    plans: [
      embeddingPlan(
        sizeOf(given.value('num_embeddings')),
        sizeOf(given.value('embedding_size')),
        known(equinox.defaults.embedding, 'jax.random.normal', moment.site.source),
      ),
    ],
  }),
};

const attention: LayerKind = {
  names: ['num_heads', 'query_size', 'key_size', 'value_size', 'output_size'],
  make: (call): Meaning => {
    const { given } = call;
    const units = sizeOf(given.value('output_size') ?? given.value('query_size'));
    const operation: Operation = {
      kind: 'attention',
      heads: sizeOf(given.value('num_heads')),
      units,
      kernel: usualOf(call).kernel,
    };
    const query = sizeOf(given.value('query_size'));
    return {
      plans: [{ operation: () => operation, keeps: true, last: units }],
      tell: (input) => tellLast(input, query),
    };
  },
};

const inSpace: Readonly<Record<string, LayerKind>> = Object.fromEntries(
  ranks.flatMap((rank) => [
    [`Conv${rank}d`, convolution(rank, false)],
    [`ConvTranspose${rank}d`, convolution(rank, true)],
    [`MaxPool${rank}d`, pooling(rank, 'max')],
    [`AvgPool${rank}d`, pooling(rank, 'average')],
    [`AdaptiveMaxPool${rank}d`, adaptive(rank, 'max')],
    [`AdaptiveAvgPool${rank}d`, adaptive(rank, 'average')],
  ]),
);

/** By the name in `equinox.nn`. */
export const equinoxKinds: Readonly<Record<string, LayerKind>> = {
  ...inSpace,
  Conv: generalConvolution(false),
  ConvTranspose: generalConvolution(true),
  Linear: linear,
  MLP: mlp,
  Embedding: embedding,
  GRUCell: cell('gru'),
  LSTMCell: cell('lstm'),
  MultiheadAttention: attention,
  LayerNorm: normalised('layer'),
  RMSNorm: normalised('rms'),
  GroupNorm: normalised('group'),
  BatchNorm: batchNorm,
  Lambda: lambda,
  Identity: keeping([], () => ({ kind: 'rearrange' })),
  Dropout: keeping(['p', 'inference'], ({ given }) => ({
    kind: 'dropout',
    rate: rateOf(given.value('p'), 0.5),
    variant: 'plain',
  })),
};
