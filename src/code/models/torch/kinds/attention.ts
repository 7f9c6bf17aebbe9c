import { pathSpelling, stringSpelling } from '../../../../core/frameworks/spellings';
import type { ActivationUse, Operation } from '../../../../core/model/model';
import { list } from '../../../interpret/values';
import { flagOf, type Given, sizeOf, textOf, usualNumber } from '../../given';
import { activationUse } from '../../tracing/activation';
import { appliedAt, type Layout, type Moment, newStep, type Tensor, tellLast, tensorsIn } from '../../tracing/step';
import { type LayerCall, layerIn, type Maker, type Makers, type Meaning, type Plan } from '../layer';
import { tensorValue } from '../state';

const layoutOf = (given: Given): Layout => (flagOf(given.value('batch_first'), false) === false ? 'time' : 'plain');

const isSame = (a: Tensor | undefined, b: Tensor | undefined): boolean => a?.step === b?.step;

const attention: Maker<'attention'> = ({ given, parameter }) => {
  const units = sizeOf(given.value('embed_dim'));
  const heads = sizeOf(given.value('num_heads'));
  const kernel = parameter('in_proj_weight', undefined);
  parameter('in_proj_bias', undefined);
  const layout = layoutOf(given);
  return {
    apply: (layer, { positional, named }, moment) => {
      const part = (k: number, name: string) => tensorsIn(positional[k] ?? named.get(name))[0];
      const [query, key, value] = [part(0, 'query'), part(1, 'key'), part(2, 'value')];
      const others = [value, ...(isSame(key, value) ? [] : [key])].filter((each) => each !== undefined);
      const self = isSame(query, key) && isSame(query, value);
      const inputs = [query, ...(self ? [] : others)].filter((each) => each !== undefined);
      for (const input of inputs) tellLast(input, units);
      const output = newStep(
        {
          operation: { kind: 'attention', heads, units, kernel: kernel.initialization },
          inputs,
          type: layer.type,
          name: layer.name,
          source: layer.source,
          applied: appliedAt(layer.source, moment),
          weights: layer.number,
          certain: layer.certain,
          doubt: layer.doubt,
          infer: ([shape]) => shape,
          last: units,
          layout,
          wants: layout,
        },
        moment.machine,
      );
      return list([tensorValue(output), moment.machine.unknown('attention weights')], 'tuple');
    },
  };
};

/** The activation of a Transformer's feed-forward part: a word, a function or a module. */
function feedForwardActivation(
  given: Given,
  moment: Moment,
): { readonly use: ActivationUse | undefined; readonly certain: boolean } {
  const value = given.value('activation');
  const source = value === undefined ? moment.site.source : given.source('activation');
  const text = value === undefined ? 'relu' : textOf(value);
  const spelling =
    text !== undefined
      ? stringSpelling('torch', text)
      : value?.kind === 'path'
        ? pathSpelling(value.path, 'python')
        : undefined;
  if (spelling !== undefined) return activationUse(spelling, undefined, text ?? moment.machine.text(source), source);
  const layer = layerIn(value);
  const operation = layer?.meaning.plans?.[0]?.operation([]);
  if (operation?.kind === 'activation') return { use: operation.activation, certain: layer!.certain };
  return { use: undefined, certain: false };
}

type Encoder = Operation & { kind: 'transformerEncoder' };

interface Described {
  readonly operation: Encoder;
  readonly layout: Layout;
  readonly certain: boolean;
}

const described = new WeakMap<Meaning, Described>();

const encoderPlan = ({ operation, layout }: Described): Plan => ({
  operation: () => operation,
  infer: ([shape]) => shape,
  last: operation.units,
  layout,
  wants: layout,
});

function encoderMeaning(about: Described): Meaning {
  const { units } = about.operation;
  const meaning: Meaning = {
    plans: [encoderPlan(about)],
    tell: (input) => tellLast(input, units),
    certain: about.certain,
  };
  described.set(meaning, about);
  return meaning;
}

const encoderLayer: Maker<'wrapper'> = ({ given, moment }, signature) => {
  const { use, certain } = feedForwardActivation(given, moment);
  return encoderMeaning({
    operation: {
      kind: 'transformerEncoder',
      layers: 1,
      heads: sizeOf(given.value('nhead')),
      units: sizeOf(given.value('d_model')),
      feedForward: sizeOf(given.value('dim_feedforward'), usualNumber(signature, 'dim_feedforward')),
      activation: use,
    },
    layout: layoutOf(given),
    certain,
  });
};

const opaque: Meaning = { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };

const encoder = ({ given }: LayerCall): Meaning => {
  const inner = layerIn(given.value('encoder_layer'));
  const about = inner && described.get(inner.meaning);
  if (inner === undefined || about === undefined) return opaque;
  const layers = sizeOf(given.value('num_layers'));
  const meaning = encoderMeaning({ ...about, operation: { ...about.operation, layers } });
  const norm = layerIn(given.value('norm'));
  return {
    ...meaning,
    plans: [...meaning.plans!, ...(norm?.meaning.plans ?? []).map((plan) => ({ ...plan, type: norm!.type }))],
  };
};

const wrapper: Maker<'wrapper'> = (call, signature) =>
  signature.how === 'transformerLayer' ? encoderLayer(call, signature) : encoder(call);

export const attentions: Makers = { attention, wrapper };
