import type { LayerSignature, Rank } from '../../../../core/frameworks/layerSignature';
import type { Operation, Padding, Shape, Size } from '../../../../core/model/model';
import { flagOf, isNone, numberOf, rateOf, shapeOf, sizeOf, sizesOf, usualNumber } from '../../given';
import { phiOf, spellingAt, useOf } from '../activation';
import type { LayerCall, LayerMeaning, Maker, Makers, Shapes, StepPlan } from '../layer';
import { broadcast, concatenated, inSpace, permuted, plus, reshaped, sizeMap, unchanged } from '../shape';
import { activationOf, isChannelsFirst, paddingOf } from './weighted';

const one = (step: StepPlan, more: Omit<LayerMeaning, 'steps'> = {}): LayerMeaning => ({ steps: [step], ...more });

const pooling: Maker<'pooling'> = (call, signature) => {
  const { rank = 1, mode, over } = signature;
  if (over !== 'windows') return globalPooling(call, rank, mode);
  const { given } = call;
  const size = sizesOf(given.value('pool_size'), rank, usualNumber(signature, 'pool_size'));
  const strides = isNone(given.value('strides')) ? size : sizesOf(given.value('strides'), rank);
  const padding: Padding = paddingOf(given);
  const operation: Operation = { kind: 'pooling', mode, global: false, size, strides, padding };
  return one({ operation, channelsFirst: isChannelsFirst(call) });
};

function globalPooling(call: LayerCall, rank: Rank, mode: 'max' | 'average'): LayerMeaning {
  const channelsFirst = isChannelsFirst(call);
  const keep = flagOf(call.given.value('keepdims'), false) ?? false;
  const ones = Array.from({ length: rank }, () => 1);
  return one({
    operation: { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
    channelsFirst,
    infer: ([input]) => {
      const channels = channelsFirst ? input?.[0] : input?.at(-1);
      if (channels === undefined) return undefined;
      if (!keep) return [channels];
      return channelsFirst ? [channels, ...ones] : [...ones, channels];
    },
  });
}

const dropout: Maker<'dropout'> = ({ given }, { variant }) =>
  one({ operation: { kind: 'dropout', rate: rateOf(given.value('rate')), variant }, infer: unchanged });

const normalisation: Maker<'normalisation'> = ({ moment }, { over }) =>
  one({ operation: { kind: 'normalisation', over }, infer: unchanged, weights: moment.machine.next() });

/** ReLU, LeakyReLU, …: the catalogue of spellings knows their parameters. */
const activation: Maker<'activation'> = ({ path, given, moment, id }) => {
  const spelling = spellingAt(path, moment);
  const source = moment.site.source;
  const spelled = moment.machine.text(source);
  if (spelling === undefined) {
    return {
      phi: { kind: 'use', use: { name: undefined, framework: id, spelled, source }, certain: false, symbols: [] },
    };
  }
  return { phi: { kind: 'use', ...useOf(spelling, given.args, spelled, source), symbols: [] } };
};

const anyActivation: Maker<'anyActivation'> = (call) => {
  const phi = activationOf(call);
  return phi.kind === 'none'
    ? { phi: phiOf({ kind: 'constant', value: 'linear' }, call.moment.site.source, call.id, call.moment) }
    : { phi };
};

const merge: Maker<'merge'> = ({ given }, { by }) => {
  switch (by) {
    case 'average':
      return {
        steps: [
          { operation: { kind: 'add' }, infer: broadcast },
          { operation: { kind: 'scale' }, infer: unchanged },
        ],
      };
    case 'concatenate': {
      const axis = given.value('axis');
      return one({ operation: { kind: 'concatenate' }, infer: concatenated(axis === undefined ? -1 : numberOf(axis)) });
    }
    case 'other':
      return one({ operation: { kind: 'opaque' }, infer: broadcast });
    default:
      return one({ operation: { kind: by }, infer: broadcast });
  }
};

/** Pairs of amounts at both ends of an axis, as `2`, `(1, 2)` and `((1, 1), (2, 2))` give them. */
function ends(call: LayerCall, name: string, rank: Rank, usual: Size | undefined): Size[] {
  const value = call.given.value(name);
  if (value?.kind !== 'list') return sizesOf(value, rank, usual).map((size) => plus(size, size));
  if (rank === 1) return [value.items.reduce<Size>((sum, item) => plus(sum, sizeOf(item)), 0)];
  return value.items.map((item) => {
    if (item.kind !== 'list') return plus(sizeOf(item), sizeOf(item));
    return item.items.reduce<Size>((sum, end) => plus(sum, sizeOf(end)), 0);
  });
}

const minus = (a: Size, b: Size): Size =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : plus(typeof a === 'number' ? 0 : a, typeof b === 'number' ? 0 : b);

const times = (a: Size, b: Size): Size =>
  typeof a === 'number' ? sizeMap(b, (n) => a * n) : typeof b === 'number' ? a : plus(a, b);

type Infer = (inputs: Shapes) => Shape | undefined;
type Rearranging = Extract<LayerSignature, { kind: 'rearrange' }>;

/** Along each axis of space, by the number that the parameter gives it. */
const alongAxes = (
  call: LayerCall,
  amounts: readonly Size[],
  change: (size: Size, amount: Size) => Size,
  none: number,
) => inSpace((size, axis) => change(size, amounts[axis] ?? none), isChannelsFirst(call));

function rearranged(call: LayerCall, signature: Rearranging): Infer | undefined {
  const { given } = call;
  const { how, rank = 1 } = signature;
  switch (how) {
    case 'reshape':
      return reshaped(shapeOf(given.value('target_shape')));
    case 'permute':
      return permuted(shapeOf(given.value('dims')));
    case 'repeat':
      return ([input]) => input && [sizeOf(given.value('n')), ...input];
    case 'resize':
      return ([input]) => [
        sizeOf(given.value('height')),
        sizeOf(given.value('width')),
        input?.at(-1) ?? { kind: 'unknown' },
      ];
    case 'pad':
      return alongAxes(call, ends(call, 'padding', rank, usualNumber(signature, 'padding')), plus, 0);
    case 'crop':
      return alongAxes(call, ends(call, 'cropping', rank, usualNumber(signature, 'cropping')), minus, 0);
    case 'upsample':
      return alongAxes(call, sizesOf(given.value('size'), rank, usualNumber(signature, 'size')), times, 1);
    default:
      return unchanged;
  }
}

const rearrange: Maker<'rearrange'> = (call, signature) => {
  const infer = rearranged(call, signature);
  return one({ operation: { kind: 'rearrange' }, ...(infer === undefined ? {} : { infer }) });
};

export const plain: Makers = {
  pooling,
  dropout,
  normalisation,
  activation,
  anyActivation,
  merge,
  rearrange,
  flatten: () => one({ operation: { kind: 'flatten' } }),
  scale: () => one({ operation: { kind: 'scale' }, infer: unchanged }),
  opaque: () => one({ operation: { kind: 'opaque' }, infer: unchanged }),
};
