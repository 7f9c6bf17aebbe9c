import type { Initialization, Shape, Size } from '../../../../core/model/model';
import { flagOf, isNone, sizeOf, unknownSize } from '../../given';
import { opaqueStep, type Shapes, tellLast, tensorIn, tensorsIn } from '../../tracing/step';
import { setUnknown } from '../initialise';
import type { LayerCall, LayerKind, Maker, Makers, Meaning, Plan } from '../layer';
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

const dense: Maker<'dense'> = ({ given, parameter }, { lazy }) => {
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
};

/** xᵀAy + b: no layer that the theory knows. */
const bilinear: Maker<'bilinear'> = ({ given }) => {
  const units = sizeOf(given.value('out_features'));
  return {
    apply: (layer, args, moment) => {
      const inputs = args.positional.flatMap((value) => tensorsIn(value));
      const infer = widened(units);
      return tensorValue(opaqueStep(layer.type, inputs, moment, { name: layer.name, infer, last: units }));
    },
  };
};

const embedding: Maker<'embedding'> = (call, { bag = false }) => {
  const { given, parameter } = call;
  const [entries, units] = [sizeOf(given.value('num_embeddings')), sizeOf(given.value('embedding_dim'))];
  const kernel = parameter('weight', [entries, units]);
  const plan = embeddingPlan(entries, units, kernel);
  return bag ? ofBag(call, plan, units) : { plans: [plan] };
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
const ofBag = ({ given }: LayerCall, plan: Plan, units: Size): Meaning => {
  const mode = given.value('mode');
  const mean = isNone(mode) || (mode?.kind === 'constant' && mode.value === 'mean');
  return {
    plans: [
      plan,
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
};

export const weighted: Makers = { dense, bilinear, embedding };
