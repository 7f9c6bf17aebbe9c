import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { Operation, Shape, Size } from '../../../../core/model/model';
import { constant } from '../../../interpret/values';
import { flagOf, isNone, product, rateOf, shapeOf, sizeOf, unknownSize, usualNumber } from '../../given';
import { activationUse } from '../../tracing/activation';
import { flattened } from '../../tracing/shapes';
import { type Shapes, tellLast, tellShape } from '../../tracing/step';
import type { LayerCall, LayerKind, Maker, Makers, Meaning, Plan } from '../layer';
import { writtenPath } from '../layer';

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

export const identity: Meaning = { plans: [{ operation: () => ({ kind: 'rearrange' }), keeps: true }] };

const dropout: Maker<'dropout'> = ({ given }, signature) => {
  const usual = usualNumber(signature, 'p');
  return {
    plans: [keeping({ kind: 'dropout', rate: rateOf(given.value('p'), usual), variant: signature.variant })],
    members: { p: given.value('p') ?? constant(usual!) },
  };
};

type Normalisation = Operation & { kind: 'normalisation' };

const affine = ({ given, parameter }: LayerCall, name: string, size: Size): void => {
  if (flagOf(given.value(name), true) === false) return;
  parameter('weight', [size]);
  parameter('bias', [size]);
};

const batchNorm: Maker<'normalisation'> = (call, { over, rank = 1, lazy }) => {
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
};

const layerNorm: Maker<'normalisation'> = (call, { over }) => {
  const shape = shapeOf(call.given.value('normalized_shape')) ?? [sizeOf(call.given.value('normalized_shape'))];
  const [size] = shape;
  affine(call, 'elementwise_affine', size ?? unknownSize);
  return {
    plans: [keeping({ kind: 'normalisation', over })],
    tell: (input) => (shape.length === 1 ? tellLast(input, size!) : undefined),
  };
};

const groupNorm = (call: LayerCall): Meaning => {
  affine(call, 'affine', sizeOf(call.given.value('num_channels')));
  return { plans: [{ ...keeping({ kind: 'normalisation', over: 'group' }), wants: 'channels' }] };
};

const normalisation: Maker<'normalisation'> = (call, signature) => {
  const { over } = signature;
  if (over === 'group') return groupNorm(call);
  return over === 'layer' || over === 'rms' ? layerNorm(call, signature) : batchNorm(call, signature);
};

const flatten: Maker<'flatten'> = ({ given }, signature) => {
  const from = sizeOf(given.value('start_dim'), usualNumber(signature, 'start_dim'));
  const to = sizeOf(given.value('end_dim'), usualNumber(signature, 'end_dim'));
  const infer = flattened(from, to);
  const whole = from === 1 && to === -1;
  return { plans: [{ operation: () => ({ kind: whole ? 'flatten' : 'rearrange' }), infer, layout: 'plain' }] };
};

export const unflatten = ({ given }: LayerCall): Meaning => {
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
};

function unflattened(input: Shape | undefined, dim: Size, sizes: Shape | undefined): Shape | undefined {
  if (sizes === undefined || typeof dim !== 'number') return undefined;
  if (input === undefined) return dim === 1 ? [unknownSize, ...sizes] : undefined;
  const axis = dim < 0 ? input.length + dim : dim;
  return [...input.slice(0, axis), ...sizes, ...input.slice(axis + 1)];
}

export const plain: Makers = { dropout, normalisation, flatten };

export { isNone };
