import type { NormalisedOver } from '../../../../core/frameworks/layerSignature';
import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { Operation, Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { isNone, numberOf, rateOf, sizeOf } from '../../given';
import { activationUse } from '../../tracing/activation';
import { tellLast } from '../../tracing/step';
import type { LayerCall, LayerKind, Maker, Makers, Meaning, Plan } from '../layer';
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

const dropout: Maker<'dropout'> = ({ given }) => {
  const dims = given.value('broadcast_dims');
  const whole = isNone(dims) || (dims?.kind === 'list' && dims.items.length === 0);
  const operation: Operation = {
    kind: 'dropout',
    rate: rateOf(given.value('rate')),
    variant: whole ? 'plain' : 'spatial',
  };
  return { plans: [keeping(operation)] };
};

/** The axis that keeps its statistics; the last unless another is given. */
const isLastAxis = (value: Value | undefined): boolean => value === undefined || numberOf(value) === -1;

const normalised = ({ path, given }: LayerCall, over: NormalisedOver): Meaning => {
  // Linen's have no sizes: whatever stands first is something else.
  const features: Size | undefined = flavourOf(path) === 'nnx' ? sizeOf(given.value('num_features')) : undefined;
  const plain = over !== 'batch' || isLastAxis(given.args.named.get('axis'));
  return {
    plans: [keeping({ kind: 'normalisation', over })],
    certain: plain,
    ...(features === undefined || !plain ? {} : { tell: (input) => tellLast(input, features) }),
  };
};

/** One number per example and group; a group of one channel is instance normalisation. */
const normalisation: Maker<'normalisation'> = (call, { over }) => {
  const { given, path } = call;
  const size = numberOf(given.args.named.get('group_size'));
  const isInstance = over === 'group' && size === 1 && flavourOf(path) === 'linen';
  return normalised(call, isInstance ? 'instance' : over);
};

export const plain: Makers = { dropout, normalisation };
