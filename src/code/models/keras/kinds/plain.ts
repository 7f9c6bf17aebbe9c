import type { Operation, Padding, Shape, Size } from '../../../../core/model/model';
import { phiOf, spellingAt, useOf } from '../activation';
import { flagOf, isNone, numberOf, shapeOf, sizeOf, sizesOf } from '../given';
import type { LayerCall, LayerKind, LayerKinds, LayerMeaning, Shapes, StepPlan } from '../layer';
import { broadcast, concatenated, inSpace, permuted, plus, reshaped, sizeMap, unchanged } from '../shape';
import { activationOf, isChannelsFirst, paddingOf } from './weighted';

const one = (step: StepPlan, more: Omit<LayerMeaning, 'steps'> = {}): LayerMeaning => ({ steps: [step], ...more });

const simple = (
  operation: Operation,
  infer: ((inputs: Shapes) => Shape | undefined) | undefined = unchanged,
  weighted = false,
): LayerKind => ({
  names: [],
  make: ({ moment }) =>
    one({
      operation,
      ...(infer === undefined ? {} : { infer }),
      ...(weighted ? { weights: moment.machine.next() } : {}),
    }),
});

type Rank = 1 | 2 | 3;

const pooling = (rank: Rank, mode: 'max' | 'average'): LayerKind => ({
  names: ['pool_size', 'strides', 'padding', 'data_format'],
  make: (call) => {
    const { given } = call;
    const size = sizesOf(given.value('pool_size'), rank, 2);
    const strides = isNone(given.value('strides')) ? size : sizesOf(given.value('strides'), rank);
    const padding: Padding = paddingOf(given);
    const operation: Operation = { kind: 'pooling', mode, global: false, size, strides, padding };
    return one({ operation, channelsFirst: isChannelsFirst(call) });
  },
});

const globalPooling = (rank: Rank, mode: 'max' | 'average'): LayerKind => ({
  names: ['data_format', 'keepdims'],
  make: (call) => {
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
  },
});

const dropout = (variant: (Operation & { kind: 'dropout' })['variant']): LayerKind => ({
  names: ['rate'],
  make: ({ given }) =>
    one({ operation: { kind: 'dropout', rate: sizeOf(given.value('rate')), variant }, infer: unchanged }),
});

const normalisation = (over: (Operation & { kind: 'normalisation' })['over']): LayerKind => ({
  ...simple({ kind: 'normalisation', over }, unchanged, true),
  names: over === 'group' ? ['groups', 'axis'] : ['axis'],
});

/** ReLU, LeakyReLU, …: the catalogue of spellings knows their parameters. */
const activationLayer: LayerKind = {
  names: [],
  make: ({ path, given, moment, id }) => {
    const spelling = spellingAt(path, moment);
    const source = moment.site.source;
    const spelled = moment.machine.text(source);
    if (spelling === undefined) {
      return {
        phi: { kind: 'use', use: { name: undefined, framework: id, spelled, source }, certain: false, symbols: [] },
      };
    }
    return { phi: { kind: 'use', ...useOf(spelling, given.args, spelled, source), symbols: [] } };
  },
};

const activation: LayerKind = {
  names: ['activation'],
  make: (call) => {
    const phi = activationOf(call);
    return phi.kind === 'none'
      ? { phi: phiOf({ kind: 'constant', value: 'linear' }, call.moment.site.source, call.id, call.moment) }
      : { phi };
  },
};

const merging = (operation: Operation, infer: (inputs: Shapes) => Shape | undefined = broadcast): LayerKind => ({
  names: [],
  make: () => one({ operation, infer }),
});

const concatenate: LayerKind = {
  names: ['axis'],
  make: ({ given }) => {
    const axis = given.value('axis');
    return one({ operation: { kind: 'concatenate' }, infer: concatenated(axis === undefined ? -1 : numberOf(axis)) });
  },
};

const rearrange = (
  names: readonly string[],
  infer: (call: LayerCall) => (inputs: Shapes) => Shape | undefined,
): LayerKind => ({
  names,
  make: (call) => one({ operation: { kind: 'rearrange' }, infer: infer(call) }),
});

/** Pairs of amounts at both ends of an axis, as `2`, `(1, 2)` and `((1, 1), (2, 2))` give them. */
function ends(call: LayerCall, name: string, rank: Rank, usual: Size): Size[] {
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

const rearrangements: LayerKinds = {
  reshape: rearrange(['target_shape'], ({ given }) => reshaped(shapeOf(given.value('target_shape')))),
  permute: rearrange(['dims'], ({ given }) => permuted(shapeOf(given.value('dims')))),
  repeatvector: rearrange(
    ['n'],
    ({ given }) =>
      ([input]) =>
        input && [sizeOf(given.value('n')), ...input],
  ),
  identity: rearrange([], () => unchanged),
  masking: rearrange(['mask_value'], () => unchanged),
  activityregularization: rearrange([], () => unchanged),
  resizing: rearrange(['height', 'width'], ({ given }) => ([input]) => [
    sizeOf(given.value('height')),
    sizeOf(given.value('width')),
    input?.at(-1) ?? { kind: 'unknown' },
  ]),
  ...Object.fromEntries(
    ['centercrop', 'randomcrop'].map((name) => [
      name,
      rearrange(['height', 'width'], ({ given }) => ([input]) => [
        sizeOf(given.value('height')),
        sizeOf(given.value('width')),
        input?.at(-1) ?? { kind: 'unknown' },
      ]),
    ]),
  ),
  ...Object.fromEntries(
    'randomflip randomrotation randomzoom randomtranslation randomheight randomwidth randomshear randomperspective'
      .split(' ')
      .map((name) => [name, rearrange([], () => unchanged)]),
  ),
  ...Object.fromEntries(
    ([1, 2, 3] as const).flatMap((rank): (readonly [string, LayerKind])[] => [
      [
        `zeropadding${rank}d`,
        rearrange(['padding', 'data_format'], (call) => {
          const amounts = ends(call, 'padding', rank, 1);
          return inSpace((size, axis) => plus(size, amounts[axis] ?? 0), isChannelsFirst(call));
        }),
      ],
      [
        `cropping${rank}d`,
        rearrange(['cropping', 'data_format'], (call) => {
          const amounts = ends(call, 'cropping', rank, rank === 1 ? 1 : 0);
          return inSpace((size, axis) => minus(size, amounts[axis] ?? 0), isChannelsFirst(call));
        }),
      ],
      [
        `upsampling${rank}d`,
        rearrange(['size', 'data_format'], (call) => {
          const factors = sizesOf(call.given.value('size'), rank, 2);
          return inSpace((size, axis) => times(size, factors[axis] ?? 1), isChannelsFirst(call));
        }),
      ],
    ]),
  ),
};

const scaling = simple({ kind: 'scale' });
const opaque: LayerKind = { names: [], make: () => one({ operation: { kind: 'opaque' }, infer: unchanged }) };

export const plainKinds: LayerKinds = {
  flatten: { names: ['data_format'], make: () => one({ operation: { kind: 'flatten' } }) },
  activation,
  ...Object.fromEntries(
    'relu leakyrelu prelu elu thresholdedrelu softmax'.split(' ').map((name) => [name, activationLayer]),
  ),
  dropout: dropout('plain'),
  spatialdropout1d: dropout('spatial'),
  spatialdropout2d: dropout('spatial'),
  spatialdropout3d: dropout('spatial'),
  alphadropout: dropout('alpha'),
  gaussiandropout: dropout('gaussian'),
  batchnormalization: normalisation('batch'),
  syncbatchnormalization: normalisation('batch'),
  layernormalization: normalisation('layer'),
  groupnormalization: normalisation('group'),
  rmsnormalization: normalisation('rms'),
  add: merging({ kind: 'add' }),
  subtract: merging({ kind: 'add' }),
  average: {
    names: [],
    make: () => ({
      steps: [
        { operation: { kind: 'add' }, infer: broadcast },
        { operation: { kind: 'scale' }, infer: unchanged },
      ],
    }),
  },
  multiply: merging({ kind: 'multiply' }),
  maximum: merging({ kind: 'opaque' }),
  minimum: merging({ kind: 'opaque' }),
  concatenate,
  rescaling: scaling,
  normalization: scaling,
  randomcontrast: scaling,
  randombrightness: scaling,
  ...rearrangements,
  ...Object.fromEntries(
    ([1, 2, 3] as const).flatMap((rank): (readonly [string, LayerKind])[] =>
      (['max', 'average'] as const).flatMap((mode): (readonly [string, LayerKind])[] =>
        (mode === 'max' ? ['max'] : ['average', 'avg']).flatMap((word): (readonly [string, LayerKind])[] =>
          ['pool', 'pooling'].flatMap((end): (readonly [string, LayerKind])[] => [
            [`${word}${end}${rank}d`, pooling(rank, mode)],
            [`global${word}${end}${rank}d`, globalPooling(rank, mode)],
          ]),
        ),
      ),
    ),
  ),
  // Known to be layers, and no more: what they do to values and gradients is not said.
  gaussiannoise: opaque,
  unitnormalization: opaque,
};
