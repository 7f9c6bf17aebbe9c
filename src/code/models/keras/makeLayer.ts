import type { FrameworkId } from '../../../core/frameworks/framework';
import type { LayerSignature, Wrapper } from '../../../core/frameworks/layerSignature';
import { layerInAnyCase } from '../../../core/frameworks/layers';
import type { CallArguments, Value } from '../../interpret/values';
import { givenBy, textOf } from '../given';
import { applyLayer, tensorValue } from './apply';
import { givenInput } from './input';
import { inLaterWords, laterMerge } from './keras1';
import { plain } from './kinds/plain';
import { overTime, recurrents } from './kinds/recurrent';
import { weighted } from './kinds/weighted';
import type { LayerCall, LayerData, LayerMeaning, Maker, Makers } from './layer';
import { applyValue, layerIn, tensorIn } from './model';
import { doubtOf, lastOf, type Moment } from './state';
import { stepsBefore, tensorsIn } from './tensor';

/** A function of the file as a layer: run with the layer's input. */
const lambda = ({ given }: LayerCall): LayerMeaning => ({
  custom: (value, _args, moment) => {
    const callee = given.value('function');
    const extra = given.value('arguments');
    const named = new Map(
      extra?.kind === 'dict' ? [...extra.entries].map(([key, item]) => [String(key), item] as const) : [],
    );
    if (callee === undefined) return undefined;
    const args: CallArguments = {
      positional: [value],
      named,
      complete: true,
      sources: new Map(),
      list: moment.site.source,
    };
    const result = moment.machine.call(callee, args, { source: moment.site.source });
    return tensorsIn(result).length > 0 ? result : undefined;
  },
});

/** A layer along an axis of time: applied to what one step in time is, and the axis is there again. */
function timeDistributed({ given }: LayerCall): LayerMeaning {
  const inner = given.value('layer');
  return {
    custom: (value, _args, moment) => {
      const tensor = tensorIn(value);
      if (inner === undefined || tensor === undefined) return undefined;
      const time = tensor.shape?.[0];
      const view = tensorValue({ ...tensor, shape: tensor.shape?.slice(1) }, moment);
      const result = applyValue(inner, view, moment);
      const [output] = tensorsIn(result);
      if (output === undefined || output.step === tensor.step) return undefined;
      for (const step of stepsBefore([output], [tensor])) {
        if (step === tensor.step || step.shape === undefined) continue;
        step.shape = time === undefined ? undefined : [time, ...step.shape];
      }
      return tensorValue({ step: output.step, shape: output.step.shape }, moment);
    },
    inputShape: layerIn(inner)?.inputShape,
  };
}

/** SpectralNormalization and its like wrap a layer and change its weights. */
const spectral = ({ given }: LayerCall): LayerMeaning => ({
  custom: (value, args, moment) => {
    const layer = layerIn(given.value('layer'));
    return layer && applyLayer({ ...layer, certain: false }, value, args, moment);
  },
});

const wrappers: Partial<Record<Wrapper, (call: LayerCall) => LayerMeaning>> = {
  ...overTime,
  function: lambda,
  timeDistributed,
  spectralNormalisation: spectral,
};

const makers: Makers = {
  ...plain,
  ...recurrents,
  ...weighted,
  wrapper: (call, { how }) => wrappers[how]?.(call) ?? unknownLayer,
};

const unknownLayer: LayerMeaning = {
  steps: [{ operation: { kind: 'opaque' }, infer: () => undefined }],
  certain: false,
};

const meaningOf = (call: LayerCall, signature: LayerSignature | undefined): LayerMeaning => {
  const make = signature && (makers[signature.kind] as Maker<LayerSignature['kind']> | undefined);
  return make?.(call, signature!) ?? unknownLayer;
};

const common = ['batch_input_shape', 'input_shape', 'name'];

/** A call of a layer's class; one that is not known is a named opaque layer. */
export function makeLayer(path: string, id: FrameworkId, written: CallArguments, moment: Moment): LayerData {
  const type = lastOf(path);
  const signature = layerInAnyCase(id, type);
  const args = moment.machine.language === 'python' ? inLaterWords(type, written, signature) : written;
  const given = givenBy(args, signature?.parameters ?? common, moment.machine.language);
  const meaning = meaningOf({ path, type, id, given, moment }, signature);
  return {
    type,
    id,
    name: textOf(given.value('name')) ?? moment.site.assignedTo,
    source: moment.site.source,
    certain: (meaning.certain ?? true) && given.complete,
    doubt: doubtOf(moment),
    steps: meaning.steps ?? [],
    phi: meaning.phi,
    custom: meaning.custom,
    inputShape: givenInput(given, signature?.kind === 'embedding') ?? meaning.inputShape,
    states: meaning.states,
    applications: [],
  };
}

/** The functions beside the classes: `layers.add([a, b])`, `concatenate([a, b], axis=-1)`. */
const functional: ReadonlySet<string> = new Set(
  'add subtract multiply average maximum minimum concatenate dot'.split(' '),
);

/** Keras 1 had one for all. */
const forAll = /^keras\.(layers\.)?(merge\.)?merge$/;

export function isMergeFunction(path: string): boolean {
  return (/^keras\.layers\.(merge\.)?\w+$/.test(path) && functional.has(lastOf(path))) || forAll.test(path);
}

export function mergeFunction(path: string, id: FrameworkId, written: CallArguments, moment: Moment): Value {
  const { name, args } = forAll.test(path) ? laterMerge(written) : { name: path, args: written };
  const [inputs, ...rest] = args.positional;
  const sources = new Map(
    [...args.sources].map(([key, range]) => [typeof key === 'number' ? key - 1 : key, range] as const),
  );
  const layer = makeLayer(name, id, { ...args, positional: rest, sources }, moment);
  return applyLayer(layer, inputs ?? args.named.get('inputs'), args, moment);
}
