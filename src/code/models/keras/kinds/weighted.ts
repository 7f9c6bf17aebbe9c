import type { Operation, Shape, Size } from '../../../../core/model/model';
import { phiOf } from '../activation';
import { flagOf, type Given, isNone, product, shapeOf, sizeOf, sizesOf, textOf, unknownSize } from '../given';
import { initializationOf } from '../initializer';
import type { LayerCall, LayerKind, LayerKinds, LayerMeaning, StepPlan } from '../layer';

/** Kernel and bias of a layer; the bias is null where it is switched off. */
export function weights({ given, moment }: LayerCall, kernel = 'kernel_initializer') {
  const bias =
    flagOf(given.value('use_bias'), true) === false ? null : initializationOf(given, 'bias_initializer', moment);
  return { kernel: initializationOf(given, kernel, moment), bias } as const;
}

/** The activation that is given as an argument. */
export const activationOf = ({ given, id, moment }: LayerCall) =>
  phiOf(given.value('activation'), given.source('activation'), id, moment);

const dense: LayerKind = {
  names: ['units', 'activation', 'use_bias', 'kernel_initializer', 'bias_initializer'],
  make: (call) => ({
    steps: [
      {
        operation: { kind: 'dense', units: sizeOf(call.given.value('units')), ...weights(call) },
        weights: call.moment.machine.next(),
      },
    ],
    phi: activationOf(call),
  }),
};

const embedding: LayerKind = {
  names: ['input_dim', 'output_dim', 'embeddings_initializer'],
  make: ({ given, moment }) => {
    const length = given.value('input_length');
    return {
      steps: [
        {
          operation: {
            kind: 'embedding',
            entries: sizeOf(given.value('input_dim')),
            units: sizeOf(given.value('output_dim')),
            kernel: initializationOf(given, 'embeddings_initializer', moment),
          },
          weights: moment.machine.next(),
        },
      ],
      inputShape: isNone(length) ? undefined : { shape: [sizeOf(length)], source: given.source('input_length') },
    };
  },
};

/** True where the code keeps channels first; undefined values mean the session's order. */
export const isChannelsFirst = ({ given, moment }: LayerCall): boolean =>
  isNone(given.value('data_format'))
    ? moment.reading.channelsFirst
    : fold(textOf(given.value('data_format'))) === 'channelsfirst';

const fold = (text: string | undefined): string => (text ?? '').replace(/_/g, '').toLowerCase();

/** `causal` pads on one side alone: the sizes are those of `same`. */
export const paddingOf = (given: Given): 'valid' | 'same' => {
  const text = fold(textOf(given.value('padding')) ?? textOf(given.value('border_mode')));
  return text === 'same' || text === 'causal' ? 'same' : 'valid';
};

type Rank = 1 | 2 | 3;
type Convolution = Operation & { kind: 'convolution' };

const spatial = ({ given }: LayerCall, rank: Rank) => ({
  rank,
  kernelSize: sizesOf(given.value('kernel_size'), rank),
  strides: sizesOf(given.value('strides'), rank, 1),
  dilation: sizesOf(given.value('dilation_rate'), rank, 1),
  padding: paddingOf(given),
});

const convolution = (rank: Rank, transposed: boolean): LayerKind => ({
  names: transposed
    ? ['filters', 'kernel_size', 'strides', 'padding']
    : [
        'filters',
        'kernel_size',
        'strides',
        'padding',
        'data_format',
        'dilation_rate',
        'groups',
        'activation',
        'use_bias',
      ],
  make: (call) => {
    const operation: Convolution = {
      kind: 'convolution',
      ...spatial(call, rank),
      filters: sizeOf(call.given.value('filters')),
      groups: sizeOf(call.given.value('groups'), 1),
      transposed,
      ...weights(call),
    };
    const channelsFirst = isChannelsFirst(call);
    return { steps: [{ operation, weights: call.moment.machine.next(), channelsFirst }], phi: activationOf(call) };
  },
});

const channelsOf = (shape: Shape | undefined, channelsFirst: boolean): Size =>
  (channelsFirst ? shape?.[0] : shape?.at(-1)) ?? unknownSize;

/** Every input channel has kernels of its own: as many groups as channels. */
function depthwiseStep(call: LayerCall, rank: Rank, own: Pick<Convolution, 'kernel' | 'bias'>): StepPlan {
  const channelsFirst = isChannelsFirst(call);
  const multiplier = sizeOf(call.given.value('depth_multiplier'), 1);
  return {
    operation: ([input]) => {
      const channels = channelsOf(input, channelsFirst);
      return {
        kind: 'convolution',
        ...spatial(call, rank),
        filters: product([channels, multiplier]),
        groups: channels,
        transposed: false,
        ...own,
      };
    },
    weights: call.moment.machine.next(),
    channelsFirst,
  };
}

const depthwise = (rank: Rank): LayerKind => ({
  names: [
    'kernel_size',
    'strides',
    'padding',
    'depth_multiplier',
    'data_format',
    'dilation_rate',
    'activation',
    'use_bias',
  ],
  make: (call) => ({
    steps: [depthwiseStep(call, rank, weights(call, 'depthwise_initializer'))],
    phi: activationOf(call),
  }),
});

/** A depthwise convolution without a bias, then one of size 1 across channels. */
const separable = (rank: Rank): LayerKind => ({
  names: ['filters', 'kernel_size', 'strides', 'padding'],
  make: (call): LayerMeaning => {
    const { given, moment, type } = call;
    const ones = Array.from({ length: rank }, () => 1);
    const { bias } = weights(call);
    const pointwise: Convolution = {
      kind: 'convolution',
      rank,
      filters: sizeOf(given.value('filters')),
      kernelSize: ones,
      strides: ones,
      dilation: ones,
      padding: 'valid',
      groups: 1,
      transposed: false,
      kernel: initializationOf(given, 'pointwise_initializer', moment),
      bias,
    };
    const channelsFirst = isChannelsFirst(call);
    return {
      steps: [
        {
          ...depthwiseStep(call, rank, {
            kernel: initializationOf(given, 'depthwise_initializer', moment),
            bias: null,
          }),
          type: `${type} (depthwise)`,
        },
        { operation: pointwise, type: `${type} (pointwise)`, weights: moment.machine.next(), channelsFirst },
      ],
      phi: activationOf(call),
    };
  },
});

const attention: LayerKind = {
  names: ['num_heads', 'key_dim', 'value_dim', 'dropout', 'use_bias', 'output_shape'],
  make: ({ given, moment }) => {
    const output = shapeOf(given.value('output_shape'))?.at(-1);
    return {
      steps: [
        {
          operation: ([query]) => ({
            kind: 'attention',
            heads: sizeOf(given.value('num_heads') ?? given.value('num_query_heads')),
            units: output ?? query?.at(-1) ?? unknownSize,
            kernel: initializationOf(given, 'kernel_initializer', moment),
          }),
          infer: ([query]) => (query === undefined || output === undefined ? query : [...query.slice(0, -1), output]),
          weights: moment.machine.next(),
        },
      ],
    };
  },
};

export const weighted: LayerKinds = {
  dense,
  embedding,
  multiheadattention: attention,
  groupqueryattention: { ...attention, names: ['head_dim', 'num_query_heads', 'num_key_value_heads'] },
  groupedqueryattention: { ...attention, names: ['head_dim', 'num_query_heads', 'num_key_value_heads'] },
  ...Object.fromEntries(
    ([1, 2, 3] as const).flatMap((rank): (readonly [string, LayerKind])[] => [
      [`conv${rank}d`, convolution(rank, false)],
      [`convolution${rank}d`, convolution(rank, false)],
      [`conv${rank}dtranspose`, convolution(rank, true)],
      [`convolution${rank}dtranspose`, convolution(rank, true)],
      [`depthwiseconv${rank}d`, depthwise(rank)],
      [`separableconv${rank}d`, separable(rank)],
      [`separableconvolution${rank}d`, separable(rank)],
    ]),
  ),
};
