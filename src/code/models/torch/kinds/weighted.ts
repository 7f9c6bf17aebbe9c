import type { Initialization, Shape, Size } from '../../../../core/model/model';
import { flagOf, isNone, sizeOf, unknownSize } from '../../keras/given';
import { opaqueStep, type Shapes, tellLast, tensorIn, tensorsIn } from '../../tracing/step';
import { setUnknown } from '../initialise';
import type { LayerKind, LayerKinds, Meaning, Plan } from '../layer';
import { tensorValue } from '../state';

/** The last axis becomes `units` wide. */
const widened =
  (units: Size) =>
  ([input]: Shapes): Shape | undefined =>
    input && [...input.slice(0, -1), units];

interface Holder {
  readonly initialization: Initialization;
}

export const densePlan = (units: Size, kernel: Holder, bias: Holder | undefined): Plan => ({
  operation: () => ({
    kind: 'dense',
    units,
    kernel: kernel.initialization,
    bias: bias?.initialization ?? null,
  }),
  infer: widened(units),
  last: units,
});

const linear = (lazy: boolean): LayerKind => ({
  names: [...(lazy ? [] : ['in_features']), 'out_features', 'bias'],
  make: ({ given, parameter }): Meaning => {
    const inputs = lazy ? unknownSize : sizeOf(given.value('in_features'));
    const units = sizeOf(given.value('out_features'));
    const hasBias = flagOf(given.value('bias'), true);
    const kernel = parameter('weight', [units, inputs]);
    const bias = hasBias === false ? undefined : parameter('bias', [units]);
    return {
      plans: [densePlan(units, kernel, bias)],
      tell: (input) => tellLast(input, inputs),
      certain: hasBias !== undefined,
    };
  },
});

/** xᵀAy + b: no layer that the theory knows. */
const bilinear: LayerKind = {
  names: ['in1_features', 'in2_features', 'out_features', 'bias'],
  make: ({ given }): Meaning => {
    const units = sizeOf(given.value('out_features'));
    return {
      apply: (layer, args, moment) => {
        const inputs = args.positional.flatMap((value) => tensorsIn(value));
        const infer = widened(units);
        return tensorValue(opaqueStep(layer.type, inputs, moment, { name: layer.name, infer, last: units }));
      },
    };
  },
};

const embedding: LayerKind = {
  names: ['num_embeddings', 'embedding_dim', 'padding_idx'],
  make: ({ given, parameter }): Meaning => {
    const [entries, units] = [sizeOf(given.value('num_embeddings')), sizeOf(given.value('embedding_dim'))];
    const kernel = parameter('weight', [entries, units]);
    return { plans: [embeddingPlan(entries, units, kernel)] };
  },
};

export const embeddingPlan = (entries: Size, units: Size, kernel: Holder): Plan => ({
  operation: () => ({ kind: 'embedding', entries, units, kernel: kernel.initialization }),
  infer: ([input]) => input && [...input, units],
  last: units,
});

/** `nn.Embedding.from_pretrained(vectors)`: sizes and numbers are the vectors'. */
export const pretrainedEmbedding: LayerKind = {
  names: ['embeddings', 'freeze', 'padding_idx'],
  make: ({ given, parameter, moment }): Meaning => {
    const [entries = unknownSize, units = unknownSize] = tensorIn(given.value('embeddings'))?.step.shape ?? [];
    const kernel = parameter('weight', [entries, units]);
    setUnknown(kernel, moment);
    return { plans: [embeddingPlan(entries, units, kernel)] };
  },
};

/** The mean, or the sum or maximum, of the embeddings of a bag. */
const embeddingBag: LayerKind = {
  names: ['num_embeddings', 'embedding_dim', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse'],
  make: (call): Meaning => {
    const { plans = [] } = embedding.make(call);
    const units = sizeOf(call.given.value('embedding_dim'));
    const mode = call.given.value('mode');
    const mean = isNone(mode) || (mode?.kind === 'constant' && mode.value === 'mean');
    return {
      plans: [
        ...plans,
        {
          operation: () =>
            mean
              ? { kind: 'pooling', mode: 'average', global: true, size: [], strides: [], padding: 'valid' }
              : { kind: 'opaque' },
          infer: () => [unknownSize, units],
          last: units,
        },
      ],
      certain: mean,
    };
  },
};

export const weightedKinds: LayerKinds = {
  Linear: linear(false),
  LazyLinear: linear(true),
  NonDynamicallyQuantizableLinear: linear(false),
  Bilinear: bilinear,
  Embedding: embedding,
  EmbeddingBag: embeddingBag,
};
