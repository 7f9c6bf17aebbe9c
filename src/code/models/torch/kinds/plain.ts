import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { Operation, Shape, Size } from '../../../../core/model/model';
import { constant } from '../../../interpret/values';
import { flagOf, isNone, product, shapeOf, sizeOf, unknownSize } from '../../keras/given';
import { activationUse } from '../../tracing/activation';
import { type Shapes, tellLast, tellShape } from '../../tracing/step';
import type { LayerCall, LayerKind, LayerKinds, Meaning, Plan } from '../layer';
import { writtenPath } from '../layer';
import { flattened } from '../shapes';

/** Layers without weights, and normalisation. */

const keeping = (operation: Operation): Plan => ({ operation: () => operation, keeps: true });

/** An activation's module, with its parameters. */
export const activationKind: LayerKind = {
  names: [],
  make: ({ path, given, moment }): Meaning => {
    const spelling = pathSpelling(path, 'python')!;
    const { site } = moment;
    const { use, certain, symbols } = activationUse(spelling, given.args, writtenPath(path), site.source);
    const halved = use.notElementWise === 'glu';
    const operation: Operation = { kind: 'activation', activation: use };
    if (use.name === 'linear') return { plans: [keeping({ kind: 'rearrange' })] };
    return {
      plans: [{ ...keeping(operation), keeps: !halved, symbols }],
      certain,
    };
  },
};

const identity: LayerKind = {
  names: [],
  make: () => ({ plans: [{ operation: () => ({ kind: 'rearrange' }), keeps: true }] }),
};

const dropout = (variant: 'plain' | 'spatial' | 'alpha'): LayerKind => ({
  names: ['p', 'inplace'],
  make: ({ given }) => ({
    plans: [keeping({ kind: 'dropout', rate: sizeOf(given.value('p'), 0.5), variant })],
    members: { p: given.value('p') ?? constant(0.5) },
  }),
});

type Normalisation = Operation & { kind: 'normalisation' };

const affine = ({ given, parameter }: LayerCall, name: string, size: Size): void => {
  if (flagOf(given.value(name), true) === false) return;
  parameter('weight', [size]);
  parameter('bias', [size]);
};

const batchNorm = (over: 'batch' | 'instance', rank: 1 | 2 | 3, lazy: boolean): LayerKind => ({
  names: [...(lazy ? [] : ['num_features']), 'eps', 'momentum', 'affine', 'track_running_stats'],
  make: (call): Meaning => {
    const features = lazy ? unknownSize : sizeOf(call.given.value('num_features'));
    if (over === 'batch') affine(call, 'affine', features);
    const operation: Normalisation = { kind: 'normalisation', over };
    const space = rank === 1 ? [] : Array.from({ length: rank }, () => unknownSize);
    return {
      plans: [
        rank === 1
          ? keeping(operation)
          : { operation: () => operation, infer: ([input]: Shapes) => input, layout: 'channels', wants: 'channels' },
      ],
      tell: (input) => (rank === 1 ? undefined : tellShape(input, [unknownSize, features, ...space])),
    };
  },
});

const layerNorm = (over: 'layer' | 'rms'): LayerKind => ({
  names: ['normalized_shape', 'eps', 'elementwise_affine'],
  make: (call): Meaning => {
    const shape = shapeOf(call.given.value('normalized_shape')) ?? [sizeOf(call.given.value('normalized_shape'))];
    const [size] = shape;
    affine(call, 'elementwise_affine', size ?? unknownSize);
    return {
      plans: [keeping({ kind: 'normalisation', over })],
      tell: (input) => (shape.length === 1 ? tellLast(input, size!) : undefined),
    };
  },
});

const groupNorm: LayerKind = {
  names: ['num_groups', 'num_channels', 'eps', 'affine'],
  make: (call): Meaning => {
    affine(call, 'affine', sizeOf(call.given.value('num_channels')));
    return { plans: [{ ...keeping({ kind: 'normalisation', over: 'group' }), wants: 'channels' }] };
  },
};

const flatten: LayerKind = {
  names: ['start_dim', 'end_dim'],
  make: ({ given }) => {
    const infer = flattened(sizeOf(given.value('start_dim'), 1), sizeOf(given.value('end_dim'), -1));
    const whole = sizeOf(given.value('start_dim'), 1) === 1 && sizeOf(given.value('end_dim'), -1) === -1;
    return { plans: [{ operation: () => ({ kind: whole ? 'flatten' : 'rearrange' }), infer, layout: 'plain' }] };
  },
};

const unflatten: LayerKind = {
  names: ['dim', 'unflattened_size'],
  make: ({ given }) => {
    const sizes = shapeOf(given.value('unflattened_size'));
    const dim = sizeOf(given.value('dim'));
    return {
      plans: [
        {
          operation: () => ({ kind: 'rearrange' }),
          infer: ([input]) => unflattened(input, dim, sizes),
        },
      ],
      tell: (input) => (dim === 1 && sizes !== undefined ? tellLast(input, product(sizes)) : undefined),
    };
  },
};

function unflattened(input: Shape | undefined, dim: Size, sizes: Shape | undefined): Shape | undefined {
  if (sizes === undefined || typeof dim !== 'number') return undefined;
  if (input === undefined) return dim === 1 ? [unknownSize, ...sizes] : undefined;
  const axis = dim < 0 ? input.length + dim : dim;
  return [...input.slice(0, axis), ...sizes, ...input.slice(axis + 1)];
}

export const plainKinds: LayerKinds = {
  Identity: identity,
  Dropout: dropout('plain'),
  Dropout1d: dropout('spatial'),
  Dropout2d: dropout('spatial'),
  Dropout3d: dropout('spatial'),
  AlphaDropout: dropout('alpha'),
  FeatureAlphaDropout: dropout('alpha'),
  BatchNorm1d: batchNorm('batch', 1, false),
  BatchNorm2d: batchNorm('batch', 2, false),
  BatchNorm3d: batchNorm('batch', 3, false),
  LazyBatchNorm1d: batchNorm('batch', 1, true),
  LazyBatchNorm2d: batchNorm('batch', 2, true),
  LazyBatchNorm3d: batchNorm('batch', 3, true),
  SyncBatchNorm: batchNorm('batch', 1, false),
  InstanceNorm1d: batchNorm('instance', 1, false),
  InstanceNorm2d: batchNorm('instance', 2, false),
  InstanceNorm3d: batchNorm('instance', 3, false),
  LayerNorm: layerNorm('layer'),
  RMSNorm: layerNorm('rms'),
  GroupNorm: groupNorm,
  Flatten: flatten,
  Unflatten: unflatten,
};

export { isNone };
