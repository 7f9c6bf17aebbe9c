import type { LossUse, SourceRange } from '../../../core/model/model';
import { type CallArguments, constant, type Foreign, type Value } from '../../interpret/values';
import { givenBy, numberOf, shapeOf, textOf } from '../given';
import { isAlike } from '../tracing/alike';
import { opaqueStep, tensorValue } from './apply';
import { dataMethod } from './data';
import { shapeValue } from './functions/sizes';
import type { LayerData } from './layer';
import { lossOf } from './loss';
import { bodyOf, layerIn, layersOf, modelIn, tensorIn } from './model';
import type { ModelData } from './modelData';
import { doubtOf, type Moment, spelledAt } from './state';
import { type Tensor, tensorsIn } from './tensor';
import { type WeightData, weightShape } from './weight';

const none = constant(null);

/** Where a value that is put into a model was made. */
export function sourceOf(value: Value, usual: SourceRange): SourceRange {
  if (value.kind === 'instance') return value.source;
  return layerIn(value)?.source ?? modelIn(value)?.source ?? tensorIn(value)?.step.source ?? usual;
}

export function addItem(model: ModelData, value: Value, source: SourceRange, moment: Moment): void {
  const { handed } = model;
  model.handed = undefined;
  // Whoever adds to a model after others had it is not the only one who does.
  if (handed !== undefined) addItem(model, moment.machine.unknown(handed.to), handed.source, moment);
  model.items.push({ value, source: sourceOf(value, source), doubt: doubtOf(moment) });
  model.body = undefined;
}

const looking =
  /summary|print|log|show|plot|draw|display|fit|train|compile|predict|evaluate|save|count|describe|inspect/i;

/** A function that is not here is given a model: it may have added layers to it. */
export function handOver(model: ModelData, to: string, moment: Moment): void {
  if (model.kind !== 'sequential' || looking.test(to)) return;
  model.handed = { to, source: moment.site.source };
  // One that says so has done it.
  if (/^(add|append|attach|stack|extend)(_|[A-Z]|$)/.test(to)) {
    model.handed = undefined;
    addItem(model, moment.machine.unknown(to), moment.site.source, moment);
  }
}

/** The items of `Sequential([…])`. */
export function addItems(model: ModelData, value: Value | undefined, moment: Moment): void {
  if (value === undefined || (value.kind === 'constant' && value.value === null)) return;
  if (value.kind !== 'list') {
    model.complete = false;
    return;
  }
  for (const item of value.items) addItem(model, item, moment.site.source, moment);
  if (!value.complete) model.complete = false;
}

const named = (values: readonly Value[], name: string | undefined): Value | undefined =>
  values.find((value) => (layerIn(value)?.name ?? modelIn(value)?.name) === name);

/** `max_pooling2d` of `MaxPooling2D`, as Keras names a layer. */
const ownName = (type: string): string =>
  type
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** `flatten_1`, which counts over all models: the layer of its class where there is one. */
function namedByKeras(values: readonly Value[], name: string): Value | undefined {
  const own = name.replace(/_\d+$/, '');
  const found = values.filter((value) => ownName(layerIn(value)?.type ?? '') === own);
  return found.length === 1 ? found[0] : undefined;
}

function getLayer(model: ModelData, args: CallArguments, moment: Moment): Value | undefined {
  const given = givenBy(args, ['name', 'index'], moment.machine.language);
  const layers = layersOf(model, moment);
  const items = layers.kind === 'list' ? layers.items : [];
  const name = textOf(given.value('name'));
  if (name !== undefined) return named(items, name) ?? namedByKeras(items, name);
  const index = numberOf(given.value('index'));
  return index === undefined ? undefined : items.at(index);
}

/** What a model is trained by after it was compiled; a condition that is not known leaves open which of two it is. */
function trainedBy({ loss: former, doubt }: ModelData, loss: LossUse, moment: Moment): LossUse {
  const isOpen = former !== undefined && doubtOf(moment) > doubt && !isAlike(former, loss);
  return isOpen ? { ...loss, kind: 'other', wants: undefined } : loss;
}

function use(model: ModelData, how: 'fitted' | 'predicted' | 'loaded'): void {
  for (const each of [model, ...model.others]) each.used.add(how);
}

/** A method of a model: of one that a call made, or of an object of a class of the file. */
export function modelMethod(model: ModelData, name: string, args: CallArguments, moment: Moment): Value | undefined {
  const { language } = moment.machine;
  switch (name) {
    case 'add': {
      const [item] = args.positional;
      const layer = item ?? args.named.get('layer');
      if (layer !== undefined) addItem(model, layer, args.list, moment);
      return none;
    }
    case 'pop':
      model.items.pop();
      model.body = undefined;
      return none;
    case 'compile': {
      const given = givenBy(args, ['optimizer', 'loss'], language);
      const loss = lossOf(given, 'loss', moment);
      for (const each of [model, ...model.others])
        each.loss = loss === undefined ? each.loss : trainedBy(each, loss, moment);
      return none;
    }
    case 'add_loss':
      model.loss ??= {
        kind: 'other',
        wants: undefined,
        spelled: spelledAt(moment.machine, args.list),
        source: args.list,
      };
      return none;
    case 'build': {
      const value = args.positional[0] ?? args.named.get('input_shape');
      const shape = shapeOf(value)?.slice(1);
      if (shape !== undefined) model.inputShape = { shape, source: args.list };
      model.body = model.kind === 'sequential' ? undefined : model.body;
      return none;
    }
    case 'get_layer':
    case 'getLayer':
      return getLayer(model, args, moment);
    case 'fit':
    case 'fit_generator':
    case 'fitDataset':
    case 'train_on_batch':
    case 'trainOnBatch':
      moment.reading.trained = true;
      use(model, 'fitted');
      return undefined;
    case 'evaluate':
    case 'test_on_batch':
      use(model, 'fitted');
      return undefined;
    case 'predict':
    case 'predict_on_batch':
    case 'predictOnBatch':
      use(model, 'predicted');
      return undefined;
    case 'load_weights':
    case 'loadWeights':
    case 'set_weights':
    case 'setWeights':
      use(model, 'loaded');
      return none;
    case 'summary':
      return none;
    default:
      return undefined;
  }
}

const single = (values: readonly Value[]): Value =>
  values.length === 1 ? values[0]! : { kind: 'list', of: 'list', items: [...values], complete: true };

const modelMethods = new Set(
  'add pop compile build get_layer getLayer summary load_weights set_weights fit predict evaluate save apply'.split(
    ' ',
  ),
);

function modelMember(model: ModelData, name: string, moment: Moment): Value | undefined {
  if (name === 'layers') return layersOf(model, moment);
  if (name === 'name') return model.name === undefined ? undefined : constant(model.name);
  if (name === 'trainable' || name === 'built') return constant(true);
  const body = /^(input|output)s?(_shape)?$/.test(name) ? bodyOf(model, moment) : undefined;
  if (body === undefined) return undefined;
  const inputs = body.inputs.map((tensor) => tensorValue(tensor, moment));
  switch (name) {
    case 'input':
      return single(inputs);
    case 'inputs':
      return { kind: 'list', of: 'list', items: inputs, complete: true };
    case 'output':
      return body.outputs;
    case 'outputs':
      return {
        kind: 'list',
        of: 'list',
        items: tensorsIn(body.outputs).map((tensor) => tensorValue(tensor, moment)),
        complete: true,
      };
    case 'output_shape':
      return tensorShape(tensorsIn(body.outputs)[0], moment);
    default:
      return tensorShape(body.inputs[0], moment);
  }
}

const tensorShape = (tensor: Tensor | undefined, moment: Moment): Value | undefined =>
  tensor && shapeValue(tensor, moment);

function layerMember(layer: LayerData, name: string, moment: Moment): Value | undefined {
  const [first] = layer.applications;
  const output = tensorsIn(first?.output)[0];
  switch (name) {
    case 'output':
      return first?.output;
    case 'input':
      return first && single(first.inputs.map((tensor) => tensorValue(tensor, moment)));
    case 'output_shape':
      return tensorShape(output, moment);
    case 'input_shape':
      return tensorShape(first?.inputs[0], moment);
    case 'name':
      return layer.name === undefined ? undefined : constant(layer.name);
    case 'trainable':
      return constant(true);
    case 'units':
    case 'filters': {
      const operation = layer.steps[0]?.operation;
      const size =
        typeof operation === 'object' && name in operation
          ? (operation as { units?: unknown })[name as 'units']
          : undefined;
      return typeof size === 'number' ? constant(size) : undefined;
    }
    default:
      return undefined;
  }
}

function tensorMember(tensor: Tensor, name: string, moment: Moment): Value | undefined {
  if (name === 'shape' || name === '_keras_shape') return shapeValue(tensor, moment);
  if (name === 'T' || name === 'dtype' || name === 'name') return undefined;
  return undefined;
}

const tensorMethods = new Set(['get_shape', 'reshape', 'astype', 'copy']);

/** A member of an object that the library made. */
export function memberOf(object: Foreign, name: string, moment: Moment): Value | undefined {
  const bound: Value = { kind: 'bound', object, name };
  switch (object.type) {
    case 'model':
      return modelMethods.has(name) ? bound : modelMember(object.data as ModelData, name, moment);
    case 'layer':
      return /^(apply|call|__call__|set_weights|setWeights)$/.test(name)
        ? bound
        : layerMember(object.data as LayerData, name, moment);
    case 'tensor':
      return tensorMethods.has(name) ? bound : tensorMember(object.data as Tensor, name, moment);
    case 'weight':
      return name === 'shape' ? weightShape(object.data as WeightData, moment) : undefined;
    case 'shape':
      return bound;
    default:
      return undefined;
  }
}

/** A method of a tensor that is not known leads on, opaque. */
export function tensorMethod(tensor: Tensor, name: string, args: CallArguments, moment: Moment): Value | undefined {
  if (name === 'get_shape') return shapeValue(tensor, moment);
  if (tensor.constant !== undefined) return dataMethod(tensor, name, args.positional, moment);
  return tensorValue(opaqueStep(name, [tensor], moment), moment);
}
