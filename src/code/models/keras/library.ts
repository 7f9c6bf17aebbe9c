import type { ReadingOptions } from '../../codeActivation';
import {
  type CallArguments,
  constant,
  type Foreign,
  type Library,
  type Machine,
  type Site,
  type Value,
} from '../../interpret/values';
import { givenBy, isNone, numberOf, textOf } from '../given';
import { phiOf } from './activation';
import { application } from './applications';
import { applyLayer, opaqueStep, tensorValue } from './apply';
import { loadData } from './data';
import { eitherOf } from './either';
import { fillUnknown } from './fill';
import { callFunction } from './functions';
import { operate } from './functions/arithmetic';
import { indexed, partOf } from './functions/indexing';
import { type InitializerData, initializerCall } from './initializer';
import { givenShape, inputGiven, inputTensor } from './input';
import { adopt, instanceCall, instanceMethod } from './instance';
import type { LayerData } from './layer';
import { isLossName, lossCall, lossOf } from './loss';
import { isMergeFunction, makeLayer, mergeFunction } from './makeLayer';
import { addItems, handOver, memberOf, modelMethod, tensorMethod } from './methods';
import { applyModel, modelIn, tensorIn } from './model';
import { type ModelData, newModel } from './modelData';
import { bringsName } from './stars';
import { foreign, frameworkOf, kerasPath, lastOf, type Moment, modelDoubt, type Reading } from './state';
import { stepsBefore, type Tensor, tensorsIn } from './tensor';

const isUpperCase = (text: string): boolean => text !== '' && text[0] !== text[0]!.toLowerCase();

/** Whether nobody knows what it holds, or whether it holds all of it. */
const isOpen = (value: Value | undefined): boolean =>
  value?.kind === 'unknown' || ((value?.kind === 'list' || value?.kind === 'dict') && !value.complete);

/** Models that were applied to what does not come from an input are parts of a new one that has their results. */
function takeIn({ models }: Reading, outputs: Value | undefined, isRead: boolean): void {
  const applied = models.filter(({ inside, results }) => !inside && results.length > 0);
  if (applied.length === 0) return;
  const steps = new Set(stepsBefore(tensorsIn(outputs)));
  for (const model of applied) {
    if (isRead && model.results.some((step) => steps.has(step))) model.inside = true;
    // Of one that cannot be read nobody knows its parts.
    if (!isRead) model.mayBePart = true;
  }
}

/** Models, layers and what belongs to them; undefined for any other path. */
function make(path: string, known: string, args: CallArguments, moment: Moment): Value | undefined {
  const { reading, machine, site } = moment;
  const { language } = machine;
  const last = lastOf(known);
  const id = frameworkOf(path, reading, language);
  const remembered = (model: ModelData): Foreign => {
    reading.models.push(model);
    return foreign(reading, 'model', model);
  };
  if (/^keras\.(layers\.|engine\.\w+\.)?Input$/.test(known) || known === 'tf.input' || known === 'tf.layers.input') {
    const given = inputGiven(args, moment);
    const wrapped = tensorIn(given.value('tensor'));
    if (wrapped !== undefined) return tensorValue(wrapped, moment);
    const name = textOf(given.value('name')) ?? site.assignedTo;
    return tensorValue(inputTensor(givenShape(given)?.shape, site.source, moment, last, name), moment);
  }
  if (/^keras\.(models\.)?Sequential$/.test(known) || known === 'tf.sequential') {
    const given = givenBy(args, ['layers', 'trainable', 'name'], language);
    const model = newModel({
      kind: 'sequential',
      doubt: modelDoubt(moment),
      type: last,
      id,
      source: site.source,
      name: textOf(given.value('name')) ?? site.assignedTo,
    });
    addItems(model, given.value('layers'), moment);
    return remembered(model);
  }
  if (/^keras\.(models\.|training\.)?(Model|Functional)$/.test(known) || known === 'tf.model') {
    const given = givenBy(args, ['inputs', 'outputs', 'name'], language);
    const inputs = tensorsIn(given.value('inputs') ?? args.named.get('input'));
    const outputs = given.value('outputs') ?? args.named.get('output');
    const name = textOf(given.value('name')) ?? site.assignedTo;
    // With inputs that are not known, what comes after them still counts.
    const told = inputs.length > 0 || isOpen(given.value('inputs') ?? args.named.get('input'));
    const body = outputs === undefined || !told || tensorsIn(outputs).length === 0 ? undefined : { inputs, outputs };
    takeIn(reading, outputs, body !== undefined);
    return remembered(
      newModel({ kind: 'functional', doubt: modelDoubt(moment), type: last, id, source: site.source, name, body }),
    );
  }
  if (/^keras\.(models\.)?clone_model$/.test(known)) return args.positional[0];
  if (/^keras\.applications\./.test(known)) {
    return isUpperCase(last) ? foreign(reading, 'model', application(last, args, id, moment)) : undefined;
  }
  if (isMergeFunction(known)) return mergeFunction(known, id, args, moment);
  if (/^(keras\.layers|tf\.layers)\./.test(known) && (isUpperCase(last) || language === 'javascript')) {
    return foreign(reading, 'layer', makeLayer(language === 'javascript' ? path : path, id, args, moment));
  }
  if (/^(tensorflow_hub|tensorflow_addons|keras_hub|keras_nlp|keras_cv)\./.test(path) && isUpperCase(last)) {
    return foreign(reading, 'layer', makeLayer(path, id, args, moment));
  }
  // Runs a function and gives back what it gives.
  if (known === 'tf.tidy') {
    const work = args.positional.find((value) => value.kind === 'function');
    return work && machine.call(work, { ...args, positional: [] }, site);
  }
  return undefined;
}

/** `tf.random_normal_initializer`, `keras.initializers.HeNormal`, `tf.initializers.heNormal`. */
function initializer(known: string, args: CallArguments, { reading, machine }: Moment): Value | undefined {
  const last = lastOf(known);
  if (
    !/^(keras\.initializers|tf\.initializers|tf\.compat\.v1)\./.test(known) &&
    !/^tf\.(\w+\.)?\w+_initializer$/.test(known)
  ) {
    return undefined;
  }
  if (last === 'get' || last === 'deserialize') {
    const name = textOf(args.positional[0]);
    if (name === undefined) return args.positional[0];
    const none: CallArguments = { ...args, positional: [], named: new Map() };
    return foreign(reading, 'initializer', initializerCall(name, none, machine.language));
  }
  return foreign(reading, 'initializer', initializerCall(last, args, machine.language));
}

function loss(path: string, known: string, args: CallArguments, moment: Moment): Value | undefined {
  const last = lastOf(known);
  if (!isLossName(last)) return undefined;
  const use = lossCall(last, args, moment);
  const { losses } = moment.reading;
  if (!losses.some(({ source }) => source.cell === use.source.cell && source.from === use.source.from))
    losses.push(use);
  if (!isUpperCase(last)) moment.reading.called.add(use);
  const made = isUpperCase(last) && !path.includes('.metrics.');
  return made ? foreign(moment.reading, 'loss', use) : undefined;
}

/** `activations.get('relu')`: what it gives can be called and passed on. */
function activationObject(known: string, path: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!/^keras\.activations\.(get|deserialize)$/.test(known)) return undefined;
  const [given] = args.positional;
  const value = isNone(given) ? constant('linear') : given;
  if (textOf(value) === undefined) return value;
  const id = frameworkOf(path, moment.reading, moment.machine.language);
  const source = args.sources.get(0) ?? moment.site.source;
  const layer: LayerData = {
    type: textOf(value)!,
    id,
    name: undefined,
    source,
    certain: true,
    doubt: 0,
    steps: [],
    phi: phiOf(value, source, id, moment),
    custom: undefined,
    inputShape: undefined,
    states: undefined,
    applications: [],
  };
  return foreign(moment.reading, 'layer', layer);
}

/** Objects of other modules whose parts are among the arguments lead on, opaque. */
function opaque(callee: string, args: CallArguments, moment: Moment): Value | undefined {
  const inputs = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  const parts = inputs.filter(({ constant: held }) => held === undefined);
  // `mylib.pool`, `FancyAttention(heads=4)`: the name alone.
  const name = lastOf(/^[\w.]+/.exec(callee)?.[0] ?? callee);
  for (const value of args.positional) {
    const model = modelIn(value);
    if (model !== undefined) handOver(model, name, moment);
  }
  return parts.length === 0 ? undefined : tensorValue(opaqueStep(name, parts, moment), moment);
}

/** What Keras, TensorFlow and TensorFlow.js mean by their names. */
export function kerasLibrary(options: ReadingOptions): { readonly library: Library; readonly reading: Reading } {
  const at = (machine: Machine, site: Site): Moment => ({ reading, machine, site });
  const nowhere = (machine: Machine): Moment => at(machine, { source: { cell: 0, from: 0, to: 0 } });
  const library: Library = {
    call(path, args, site, machine) {
      const moment = at(machine, site);
      const python = machine.language === 'python';
      const known = python ? kerasPath(path) : path;
      if (/^keras\.(backend|config)\.set_image_data_format$/.test(known)) {
        reading.channelsFirst = textOf(args.positional[0]) === 'channels_first';
        return constant(null);
      }
      if (/^keras\.(backend|config)\.image_data_format$/.test(known)) {
        return constant(reading.channelsFirst ? 'channels_first' : 'channels_last');
      }
      // Keras 1's words for the same.
      if (/^keras\.backend\.(image_dim_ordering|common\.image_dim_ordering)$/.test(known)) {
        return constant(reading.channelsFirst ? 'th' : 'tf');
      }
      return (
        make(path, known, args, moment) ??
        loadData(known, moment) ??
        activationObject(known, path, args, moment) ??
        initializer(known, args, moment) ??
        loss(path, known, args, moment) ??
        callFunction(known, path, args, moment) ??
        opaque(lastOf(known), args, moment)
      );
    },
    invoke(object, args, site, machine) {
      const moment = at(machine, site);
      const [first] = args.positional;
      const value = first ?? args.named.get('inputs') ?? args.named.get('query') ?? args.named.get('sequence');
      if (object.type === 'layer') {
        const layer = object.data as LayerData;
        // Layers such as Add()(a, b) take a list; attention takes several.
        return applyLayer(layer, value, args, moment);
      }
      if (object.type === 'model') return applyModel(object.data as ModelData, value, args, moment);
      if (object.type === 'initializer') return initialValue(object.data as InitializerData, args, moment);
      return object.type === 'loss' ? undefined : opaque(object.type, args, moment);
    },
    member: (object, name, machine) => memberOf(object, name, nowhere(machine)),
    method(object, name, args, site, machine) {
      const moment = at(machine, site);
      if (object.type === 'model') {
        const model = object.data as ModelData;
        if (name === 'apply') return applyModel(model, args.positional[0], args, moment);
        return modelMethod(model, name, args, moment);
      }
      if (object.type === 'layer') {
        if (name === 'set_weights' || name === 'setWeights') return fillUnknown(object.data as LayerData, moment);
        return name === 'apply' || name === 'call' || name === '__call__'
          ? applyLayer(object.data as LayerData, args.positional[0], args, moment)
          : undefined;
      }
      return object.type === 'tensor' ? tensorMethod(object.data as Tensor, name, args, moment) : undefined;
    },
    index(object, index, site, machine) {
      if (object.type !== 'tensor') return undefined;
      const tensor = object.data as Tensor;
      const key = index?.kind === 'constant' ? (textOf(index) ?? numberOf(index)) : undefined;
      if (key !== undefined && tensor.step.operation.kind === 'input' && tensor.shape === undefined) {
        return partOf(tensor, key, at(machine, site));
      }
      return indexed(tensor, index, at(machine, site));
    },
    operator: (operator, operands, site, machine) => operate(operator, operands, at(machine, site)),
    items(object, machine, count) {
      if (object.type !== 'tensor' || count === undefined) return undefined;
      const tensor = object.data as Tensor;
      const moment = at(machine, { source: tensor.step.source });
      return Array.from({ length: count }, (_, k) =>
        tensor.step.operation.kind === 'input'
          ? partOf(tensor, k, moment)
          : tensorValue({ ...tensor, shape: undefined }, moment),
      );
    },
    opaque: (callee, args, site, machine) => opaque(callee, args, at(machine, site)),
    overlooked(name, args, site, machine) {
      if (name !== 'compile') return;
      const given = givenBy(args, ['optimizer', 'loss'], machine.language);
      const use = lossOf(given, 'loss', at(machine, site));
      if (use !== undefined) reading.compiled.set(`${use.source.cell}:${use.source.from}`, use);
    },
    setMember: () => true,
    adopt: (instance, path, site, machine) => {
      const made = adopt(instance, path, at(machine, site));
      return made?.kind === 'foreign' ? made : undefined;
    },
    instanceMethod: (instance, name, args, site, machine) => instanceMethod(instance, name, args, at(machine, site)),
    instanceCall: (instance, args, site, machine) => instanceCall(instance, args, at(machine, site)),
    merge: (first, second, machine) => eitherOf(first, second, nowhere(machine)),
    brings: bringsName,
    baseElsewhere: (has, bases) => {
      const makes = has('__init__') || has('constructor');
      if (makes && bases.some((base) => /sequential\w*$/i.test(lastOf(base)))) return 'elsewhere.Sequential';
      if (!has('call') || !has('__init__')) return undefined;
      return bases.some((base) => /layer|block|cell$/i.test(lastOf(base))) ? 'keras.layers.Layer' : 'keras.Model';
    },
  };
  const reading: Reading = {
    options,
    library,
    losses: [],
    called: new Set(),
    adopted: [],
    compiled: new Map(),
    models: [],
    parts: new WeakMap(),
    eithers: new WeakSet(),
    depth: 0,
    trained: false,
    channelsFirst: false,
  };
  return { library, reading };
}

/** `initializer(shape=(3, 4))`: what a variable starts with. */
function initialValue({ initializer }: InitializerData, args: CallArguments, moment: Moment): Value {
  const given = givenBy(args, ['shape', 'dtype'], moment.machine.language);
  const shape = given.value('shape');
  const source = moment.site.source;
  const spelled = moment.machine.text(source);
  return foreign(moment.reading, 'weight', {
    shape: shape?.kind === 'list' ? shape.items.map((item) => numberOf(item) ?? { kind: 'unknown' }) : undefined,
    initialization:
      initializer === undefined
        ? { kind: 'unknown', spelled, source }
        : { kind: 'known', initializer, spelled, source },
    number: moment.machine.next(),
  });
}
