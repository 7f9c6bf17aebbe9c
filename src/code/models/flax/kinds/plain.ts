import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { Operation, Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { isNone, numberOf, sizeOf } from '../../keras/given';
import { activationUse } from '../../tracing/activation';
import { tellLast } from '../../tracing/step';
import type { LayerKind, LayerKinds, Meaning, Plan } from '../layer';
import { flavourOf, writtenPath } from '../layer';

/** Layers without a kernel: activations with weights of their own, dropout, normalisation. */

const keeping = (operation: Operation): Plan => ({ operation: () => operation, keeps: true });

/** An activation's module, with its parameters. */
export const activationKind: LayerKind = {
  names: [],
  make: ({ path, given, moment }): Meaning => {
    const spelling = pathSpelling(path, 'python')!;
    const { use, certain, symbols } = activationUse(spelling, given.args, writtenPath(path), moment.site.source);
    return { plans: [{ ...keeping({ kind: 'activation', activation: use }), symbols }], certain };
  },
};

const dropout: LayerKind = {
  names: ['rate', 'broadcast_dims', 'deterministic', 'rng_collection'],
  make: ({ given }): Meaning => {
    const dims = given.value('broadcast_dims');
    const whole = isNone(dims) || (dims?.kind === 'list' && dims.items.length === 0);
    const operation: Operation = {
      kind: 'dropout',
      rate: sizeOf(given.value('rate')),
      variant: whole ? 'plain' : 'spatial',
    };
    return { plans: [keeping(operation)] };
  },
};

type Over = Extract<Operation, { kind: 'normalisation' }>['over'];

/** The axis that keeps its statistics; the last unless another is given. */
const isLastAxis = (value: Value | undefined): boolean => value === undefined || numberOf(value) === -1;

const norm = (over: Over): LayerKind => ({
  names: ['num_features'],
  make: ({ path, given }): Meaning => {
    // Linen's have no sizes: whatever stands first is something else.
    const features: Size | undefined = flavourOf(path) === 'nnx' ? sizeOf(given.value('num_features')) : undefined;
    const plain = over !== 'batch' || isLastAxis(given.args.named.get('axis'));
    return {
      plans: [keeping({ kind: 'normalisation', over })],
      certain: plain,
      ...(features === undefined || !plain ? {} : { tell: (input) => tellLast(input, features) }),
    };
  },
});

/** One number per example and group; a group of one channel is instance normalisation. */
const groupNorm: LayerKind = {
  names: ['num_features'],
  make: (call): Meaning => {
    const { given, path } = call;
    const size = numberOf(given.args.named.get('group_size'));
    return norm(size === 1 && flavourOf(path) === 'linen' ? 'instance' : 'group').make(call);
  },
};

export const plainKinds: LayerKinds = {
  Dropout: dropout,
  BatchNorm: norm('batch'),
  LayerNorm: norm('layer'),
  InstanceNorm: norm('instance'),
  RMSNorm: norm('rms'),
  GroupNorm: groupNorm,
};
