import type { LayerSignature } from '../../../../core/frameworks/layerSignature';
import type { Initialization, Operation, Shape, Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { flagOf, numberOf, product, sizeOf } from '../../given';
import { newStep, type Shapes, tellLast } from '../../tracing/step';
import { initializationOf } from '../initializer';
import { inputTensors, type LayerCall, type Maker, type Makers, type Meaning, type Plan, stepOf } from '../layer';
import { tensorValue } from '../state';

/** The last axis becomes `units` wide. */
const widened =
  (units: Size) =>
  ([input]: Shapes): Shape | undefined =>
    input && [...input.slice(0, -1), units];

export const densePlan = (units: Size, kernel: Initialization, bias: Initialization | null): Plan => ({
  operation: () => ({ kind: 'dense', units, kernel, bias }),
  infer: widened(units),
  last: units,
});

/** Kernel and bias as the arguments give them; certain where it is known whether there is a bias. */
export function weightsIn({ given, moment }: Pick<LayerCall, 'given' | 'moment'>): {
  readonly kernel: Initialization;
  readonly bias: Initialization | null;
  readonly certain: boolean;
} {
  const hasBias = flagOf(given.value('use_bias'), true);
  const kernel = initializationOf(given, 'kernel_init', moment);
  const bias = hasBias === false ? null : initializationOf(given, 'bias_init', moment);
  return { kernel, bias, certain: hasBias !== undefined };
}

/** nnx's layers take the size of their input too. */
const takesInput = ({ parameters }: LayerSignature): boolean => parameters.includes('in_features');

const dense: Maker<'dense'> = (call, signature) => {
  const { given } = call;
  const isNnx = takesInput(signature);
  const units = sizeOf(given.value(isNnx ? 'out_features' : 'features'));
  const { kernel, bias, certain } = weightsIn(call);
  const inputs = sizeOf(given.value('in_features'));
  return {
    plans: [densePlan(units, kernel, bias)],
    ...(isNnx ? { tell: (input) => tellLast(input, inputs) } : {}),
    certain,
  };
};

/** How many of the last axes are contracted: 1 for −1, 2 for (−2, −1); undefined for others. */
function contracted(value: Value | undefined): number | undefined {
  if (value === undefined) return 1;
  const axes = value.kind === 'list' ? value.items.map(numberOf) : [numberOf(value)];
  const sorted = axes.filter((axis) => axis !== undefined).sort((a, b) => b - a);
  return sorted.length === axes.length && sorted.every((axis, k) => axis === -1 - k) ? sorted.length : undefined;
}

const sizesIn = (value: Value | undefined): Size[] | undefined => {
  if (value?.kind !== 'list') return [sizeOf(value)];
  return value.complete ? value.items.map((item) => sizeOf(item)) : undefined;
};

/** The last axes as one, a dense layer, and its units as several axes again. */
function general(call: LayerCall, units: readonly Size[] | undefined): Meaning {
  const { given } = call;
  const count = contracted(given.value('axis'));
  const plainBatch = given.value('batch_dims') === undefined || flagOf(given.value('batch_dims'), false) === false;
  const { kernel, bias, certain } = weightsIn(call);
  if (units === undefined || count === undefined || !plainBatch) {
    return { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };
  }
  const rearrange = (): Operation => ({ kind: 'rearrange' });
  const before: Plan = {
    operation: rearrange,
    infer: ([input]) => input && [...input.slice(0, -count), product(input.slice(-count))],
  };
  const after: Plan = { operation: rearrange, infer: ([input]) => input && [...input.slice(0, -1), ...units] };
  return {
    plans: [
      ...(count > 1 ? [before] : []),
      densePlan(product(units), kernel, bias),
      ...(units.length > 1 ? [after] : []),
    ],
    certain,
  };
}

const denseGeneral: Maker<'denseGeneral'> = (call, signature) => {
  const { given } = call;
  if (!takesInput(signature)) return general(call, sizesIn(given.value('features')));
  const meaning = general(call, sizesIn(given.value('out_features')));
  const inputs = sizesIn(given.value('in_features'));
  const [only] = inputs ?? [];
  return inputs?.length === 1 ? { ...meaning, tell: (input) => tellLast(input, only!) } : meaning;
};

export const embeddingPlan = (entries: Size, units: Size, kernel: Initialization): Plan => ({
  operation: () => ({ kind: 'embedding', entries, units, kernel }),
  infer: ([input]) => input && [...input, units],
  last: units,
});

/** x·Eᵀ with the embedding's own weights. */
const attend =
  (entries: Size, kernel: Initialization): NonNullable<Meaning['methods']>[string] =>
  (layer, args, moment) => {
    const plan = densePlan(entries, kernel, null);
    const inputs = inputTensors(args.positional[0] ?? args.named.get('query'), moment);
    return tensorValue(
      newStep(
        {
          ...stepOf(layer, moment, 'dense'),
          operation: plan.operation([]),
          inputs,
          type: `${layer.type}.attend`,
          infer: plan.infer,
          last: entries,
        },
        moment.machine,
      ),
    );
  };

const embedding: Maker<'embedding'> = ({ given, moment }) => {
  const entries = sizeOf(given.value('num_embeddings'));
  const units = sizeOf(given.value('features'));
  const kernel = initializationOf(given, 'embedding_init', moment);
  return { plans: [embeddingPlan(entries, units, kernel)], methods: { attend: attend(entries, kernel) } };
};

export const weighted: Makers = { dense, denseGeneral, embedding };
