import type { LayerSignature } from '../../../../core/frameworks/layerSignature';
import type { Operation, Shape, Size } from '../../../../core/model/model';
import {
  flagOf,
  type Given,
  isNone,
  product,
  shapeOf,
  sizeOf,
  sizesOf,
  textOf,
  unknownSize,
  usualNumber,
} from '../../given';
import { phiOf } from '../activation';
import { initializationOf } from '../initializer';
import type { LayerCall, LayerMeaning, Maker, Makers, StepPlan } from '../layer';

/** Kernel and bias of a layer; the bias is null where it is switched off. */
export function weights({ given, moment }: LayerCall, kernel = 'kernel_initializer') {
  const bias =
    flagOf(given.value('use_bias'), true) === false ? null : initializationOf(given, 'bias_initializer', moment);
  return { kernel: initializationOf(given, kernel, moment), bias } as const;
}

/** The activation that is given as an argument. */
export const activationOf = ({ given, id, moment }: LayerCall) =>
  phiOf(given.value('activation'), given.source('activation'), id, moment);

const dense: Maker<'dense'> = (call) => ({
  steps: [
    {
      operation: { kind: 'dense', units: sizeOf(call.given.value('units')), ...weights(call) },
      weights: call.moment.machine.next(),
    },
  ],
  phi: activationOf(call),
});

const embedding: Maker<'embedding'> = ({ given, moment }) => {
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

type Convolution = Operation & { kind: 'convolution' };
type Convolving = Extract<LayerSignature, { kind: 'convolution' }>;

function spatial({ given }: LayerCall, signature: Convolving) {
  const rank = signature.rank!;
  const sizes = (name: string) => sizesOf(given.value(name), rank, usualNumber(signature, name));
  return {
    rank,
    kernelSize: sizes('kernel_size'),
    strides: sizes('strides'),
    dilation: sizes('dilation_rate'),
    padding: paddingOf(given),
  };
}

function plainConvolution(call: LayerCall, signature: Convolving): LayerMeaning {
  const operation: Convolution = {
    kind: 'convolution',
    ...spatial(call, signature),
    filters: sizeOf(call.given.value('filters')),
    groups: sizeOf(call.given.value('groups'), usualNumber(signature, 'groups')),
    transposed: signature.form === 'transposed',
    ...weights(call),
  };
  const channelsFirst = isChannelsFirst(call);
  return { steps: [{ operation, weights: call.moment.machine.next(), channelsFirst }], phi: activationOf(call) };
}

const channelsOf = (shape: Shape | undefined, channelsFirst: boolean): Size =>
  (channelsFirst ? shape?.[0] : shape?.at(-1)) ?? unknownSize;

/** Every input channel has kernels of its own: as many groups as channels. */
function depthwiseStep(call: LayerCall, signature: Convolving, own: Pick<Convolution, 'kernel' | 'bias'>): StepPlan {
  const channelsFirst = isChannelsFirst(call);
  const multiplier = sizeOf(call.given.value('depth_multiplier'), usualNumber(signature, 'depth_multiplier'));
  return {
    operation: ([input]) => {
      const channels = channelsOf(input, channelsFirst);
      return {
        kind: 'convolution',
        ...spatial(call, signature),
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

/** A depthwise convolution without a bias, then one of size 1 across channels. */
function separable(call: LayerCall, signature: Convolving): LayerMeaning {
  const { given, moment, type } = call;
  const rank = signature.rank!;
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
        ...depthwiseStep(call, signature, {
          kernel: initializationOf(given, 'depthwise_initializer', moment),
          bias: null,
        }),
        type: `${type} (depthwise)`,
      },
      { operation: pointwise, type: `${type} (pointwise)`, weights: moment.machine.next(), channelsFirst },
    ],
    phi: activationOf(call),
  };
}

const convolution: Maker<'convolution'> = (call, signature) => {
  if (signature.form === 'separable') return separable(call, signature);
  if (signature.form !== 'depthwise') return plainConvolution(call, signature);
  return {
    steps: [depthwiseStep(call, signature, weights(call, 'depthwise_initializer'))],
    phi: activationOf(call),
  };
};

const attention: Maker<'attention'> = ({ given, moment }) => {
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
};

export const weighted: Makers = { dense, embedding, convolution, attention };
