import { gainSquared } from '../../../core/frameworks/torch/initializers';
import {
  type CallArguments,
  constant,
  type Foreign,
  type InstanceValue,
  type Library,
  list,
  type Machine,
  type Site,
  type Value,
} from '../../interpret/values';
import { argumentsWith } from '../keras/apply';
import { isNone, numberOf, product, shapeOf as shapeGiven, sizeOf, textOf, unknownSize } from '../keras/given';
import {
  doubtOf,
  type Moment,
  newStep,
  opaqueStep,
  type Step,
  type Tensor,
  tensorIn,
  tensorsIn,
} from '../tracing/step';
import {
  addChild,
  applyModule,
  containerIndex,
  containerItems,
  containerKind,
  containerMethod,
  copied,
  fillContainer,
  joinedContainers,
  moduleMethod,
  nextKey,
  outputOf,
  setContainerItem,
} from './containers';
import { distribution } from './draws';
import {
  callFunction,
  callMethod,
  type Extremes,
  indexed,
  type OpenShape,
  operate,
  type Parts,
  shapeOf,
  sizeAt,
} from './functions';
import { fillMethod, initCall, setUnknown } from './initialise';
import { adopt, instanceCall, instanceMember, instanceMethod } from './instance';
import { kindOf } from './kinds/kinds';
import { pretrainedEmbedding } from './kinds/weighted';
import { containerIn, type Layer, layerIn, layerMember, layerValue, newContainer, newLayer, shapeList } from './layer';
import { isLossFunction, lossUse, noteLoss } from './loss';
import {
  foreign,
  keyOf,
  lastPart,
  none,
  nowhere,
  type Parameter,
  parameterIn,
  readingOf,
  sizeValue,
  tensorValue,
  torchLibrary,
} from './state';

const isUpperCase = (text: string): boolean => /^[A-Z]/.test(text);

/** Modules, containers and what takes their place; undefined for any other path. */
function make(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const container = containerKind(path);
  if (container !== undefined) {
    const layer = newContainer(container, path, moment);
    fillContainer(layer, args, moment);
    return layerValue(layer);
  }
  if (/^torch\.nn\.(modules\.(sparse\.)?)?Embedding\.from_pretrained$/.test(path)) {
    return layerValue(newLayer(path.replace(/\.from_pretrained$/, ''), pretrainedEmbedding, args, moment));
  }
  const kind = kindOf(path);
  if (kind !== undefined) return layerValue(newLayer(path, kind, args, moment));
  if (/^torchvision\.models\.(\w+\.)*\w+$/.test(path) && !/weights$/i.test(path)) {
    return layerValue(newLayer(path, undefined, args, moment));
  }
  return undefined;
}

/** `nn.Parameter(torch.randn(3, 4))`. */
function parameter(args: CallArguments, moment: Moment): Value {
  const { machine, site } = moment;
  const [value = args.named.get('data')] = args.positional;
  const tensor = tensorIn(value);
  const made: Parameter = {
    name: site.assignedTo ?? 'parameter',
    initialization: { kind: 'default' },
    shape: tensor?.step.shape,
    number: machine.next(),
    doubt: doubtOf(machine),
  };
  const type = tensor?.step.type;
  // Numbers that nobody has set mean nothing until `nn.init` sets them.
  setUnknown(made, moment);
  if (type === 'zeros' || type === 'ones') {
    const initializer = type === 'zeros' ? ({ kind: 'zeros' } as const) : ({ kind: 'constant', value: 1 } as const);
    made.initialization = { kind: 'known', initializer, spelled: machine.text(site.source), source: site.source };
  } else if (type === 'randn') {
    made.initialization = {
      kind: 'known',
      initializer: { kind: 'normal', mean: 0, stddev: 1 },
      spelled: machine.text(site.source),
      source: site.source,
    };
  }
  return foreign('parameter', made);
}

/** Functions that give a model back as it is, or nearly. */
const wrappers =
  /^torch\.(nn\.(DataParallel|parallel\.(DataParallel|DistributedDataParallel))|compile|jit\.script|jit\.trace|nn\.utils\.(parametrizations\.)?weight_norm|nn\.utils\.fuse_conv_bn_eval|quantization\.\w+)$/;

/** Of a layer whose weights are divided by their largest singular value. */
function spectral(value: Value | undefined, moment: Moment): Value | undefined {
  const layer = layerIn(value);
  const weight = layer?.parameters.get('weight');
  if (weight !== undefined) setUnknown(weight, moment);
  return value;
}

/** `summary(model, (1, 28, 28))`: torchsummary without the batch, torchinfo with it. */
function summary(path: string, args: CallArguments, { machine }: Moment): Value {
  const [model, written = args.named.get('input_size')] = args.positional;
  const key = model && keyOf(model);
  const sizes = written?.kind === 'list' && written.items[0]?.kind === 'list' ? written.items[0] : written;
  const shape = shapeGiven(sizes);
  if (key !== undefined && shape !== undefined) {
    const whole = path.startsWith('torchinfo') ? shape : [unknownSize, ...shape];
    const { uses } = readingOf(machine);
    uses.set(key, { inputs: uses.get(key)?.inputs ?? [whole] });
  }
  return none;
}

/** `rearrange(x, 'b c h w -> b (h w) c')` of einops: numbers move. */
function einops(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const name = lastPart(path);
  if (isUpperCase(name))
    return layerValue(
      newLayer(
        path,
        {
          names: [],
          make: () => ({ plans: [{ operation: () => ({ kind: name === 'Rearrange' ? 'rearrange' : 'opaque' }) }] }),
        },
        args,
        moment,
      ),
    );
  const inputs = tensorsIn(args.positional[0]);
  const [input] = inputs;
  if (input === undefined) return undefined;
  const { machine, site } = moment;
  if (name === 'rearrange' || name === 'repeat') {
    return tensorValue({
      ...newStep({ operation: { kind: 'rearrange' }, inputs: [input], type: name, source: site.source }, machine),
      ...(input.constant ? { constant: true } : {}),
    });
  }
  return undefined;
}

/** Objects of other modules whose parts are among the arguments lead on, opaque. */
function opaque(callee: string, args: CallArguments, moment: Moment): Value | undefined {
  const [first] = args.positional;
  const layer = layerIn(first);
  // `layer_init(nn.Linear(4, 2))` of another file fills the layer's weights, and gives it back.
  if (
    layer !== undefined &&
    layer.container === undefined &&
    /^(\w+_)?init(ialize|ialise)?_*(\(.*)?$/.test(lastPart(callee))
  ) {
    for (const parameter of layer.parameters.values()) if (parameter !== undefined) setUnknown(parameter, moment);
    return first;
  }
  const inputs = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  const parts = inputs.filter((tensor) => !tensor.constant);
  if (parts.length === 0) return undefined;
  // `mylib.pool`, `FancyAttention(heads=4)`: the name alone.
  const name = lastPart(/^[\w.]+/.exec(callee)?.[0] ?? callee);
  return tensorValue(opaqueStep(name, parts, moment));
}

function call(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const { machine } = moment;
  const [first] = args.positional;
  if (path.startsWith('copy.')) {
    return first !== undefined && keyOf(first) !== undefined && path === 'copy.deepcopy' && isOurs(first)
      ? copied(first, moment)
      : undefined;
  }
  if (path.startsWith('einops.')) return einops(path, args, moment);
  if (/^(torchsummary|torchinfo|torchsummaryX)\.summary$/.test(path)) return summary(path, args, moment);
  if (/^torch\.nn\.(parameter\.)?Parameter$/.test(path)) return parameter(args, moment);
  if (/^torch\.nn\.init\.calculate_gain$/.test(path)) {
    const gain = gainSquared(textOf(first) ?? '', numberOf(args.positional[1] ?? args.named.get('param')));
    return gain === undefined ? undefined : constant(Math.sqrt(gain));
  }
  if (wrappers.test(path)) return first ?? args.named.get('module');
  if (/spectral_norm$/.test(path)) return spectral(first, moment);
  if (/^torch\.nn\.utils\.rnn\.pack_padded_sequence$/.test(path)) return first ?? args.named.get('input');
  if (/^torch\.nn\.utils\.rnn\.pad_packed_sequence$/.test(path))
    return list([first ?? none, machine.unknown('lengths')], 'tuple');
  if (/^torch\.utils\.checkpoint\.checkpoint$/.test(path) && first !== undefined) {
    return machine.call(
      first,
      argumentsWith(args.positional.slice(1), { ...moment, reading: undefined as never }),
      moment.site,
    );
  }
  if (/^torch\.nn\.parallel\.(data_parallel\.)?data_parallel$/.test(path) && first !== undefined) {
    const inputs = [args.positional[1] ?? args.named.get('inputs')].filter((value) => value !== undefined);
    return machine.call(first, argumentsWith(inputs, { ...moment, reading: undefined as never }), moment.site);
  }
  if (path === 'torch.autograd.Variable' && first !== undefined && tensorIn(first) !== undefined) return first;
  const use = lossUse(path, machine.text({ ...moment.site.source, to: args.list.from }), moment);
  if (use !== undefined) {
    if (!isLossFunction(path)) {
      readingOf(machine).criteria.push(use);
      return foreign('loss', use);
    }
    noteLoss(use, args, moment);
    return machine.unknown(lastPart(path));
  }
  return (
    distribution(path, args, moment) ??
    initCall(path, args, moment) ??
    make(path, args, moment) ??
    callFunction(path, args, moment) ??
    // A class of torch.nn that is not known is a layer all the same.
    (/^torch\.nn\.(modules\.(\w+\.)?)?[A-Z]\w*$/.test(path)
      ? layerValue(newLayer(path, undefined, args, moment))
      : undefined)
  );
}

const isOurs = (value: Value): boolean =>
  value.kind === 'foreign'
    ? value.library === torchLibrary
    : value.kind === 'instance' && value.foreign?.library === torchLibrary;

const weightMembers = new Set(['data', 'T', 'mT', 'weight']);

function parameterMember(object: Foreign, name: string, { machine }: Moment): Value | undefined {
  const { shape, ...rest } = object.data as Parameter;
  if (name === 'data') return object;
  if (name === 'T' || name === 'mT') return transposed(object.data as Parameter);
  if (name === 'shape') return shape === undefined ? undefined : shapeList(shape, machine, false);
  if (name === 'requires_grad') return constant(true);
  if (name === 'ndim') return shape === undefined ? undefined : constant(shape.length);
  void rest;
  return undefined;
}

/** The same weights with their axes turned round. */
const transposed = (parameter: Parameter): Value =>
  foreign('parameter', Object.create(parameter, { shape: { value: parameter.shape?.toReversed() } }) as object);

function parameterMethod(object: Foreign, name: string, args: CallArguments, moment: Moment): Value | undefined {
  const own = object.data as Parameter;
  if (fillMethod(own, name, args, moment)) return object;
  switch (name) {
    case 'size': {
      const { shape } = own;
      const axis = numberOf(args.positional[0] ?? args.named.get('dim'));
      if (shape === undefined) return undefined;
      return axis === undefined
        ? shapeList(shape, moment.machine, false)
        : sizeValue(shape.at(axis) ?? unknownSize, moment.machine);
    }
    case 'dim':
      return own.shape === undefined ? undefined : constant(own.shape.length);
    case 'numel':
    case 'nelement':
      return own.shape === undefined ? undefined : sizeValue(product(own.shape), moment.machine);
    case 't':
      return transposed(own);
    case 'transpose':
      return own.shape?.length === 2 ? transposed(own) : undefined;
    case 'expand':
    case 'repeat':
    case 'unsqueeze':
    case 'squeeze':
    case 'view':
    case 'reshape':
    case 'contiguous':
    case 'to':
    case 'clone':
      return heldParameter(own, moment);
    // The same numbers in the same place: what fills one fills the other.
    case 'detach':
    case 'requires_grad_':
    // Added to what it is expanded to, it does as much unexpanded.
    case 'expand_as':
      return object;
    default:
      return undefined;
  }
}

/** Learned numbers as a tensor that no input leads to. */
const heldParameter = (own: Parameter, { machine, site }: Moment): Value => {
  const tensor = newStep(
    { operation: { kind: 'opaque' }, inputs: [], type: own.name, source: site.source, certain: false },
    machine,
  );
  views.set(tensor.step, own);
  return tensorValue({ ...tensor, constant: true });
};

/** Parts of weights: what fills one of them changes what the weights start with. */
const views = new WeakMap<Step, Parameter>();

function noteView(tensor: Tensor, name: string, moment: Moment): void {
  const own = views.get(tensor.step);
  if (own !== undefined && /[^_]_$/.test(name) && !readingOf(moment.machine).trained) setUnknown(own, moment);
}

function tensorMember(object: Foreign, name: string, moment: Moment): Value | undefined {
  const tensor = object.data as Tensor;
  switch (name) {
    case 'shape':
      return shapeOf(tensor, moment);
    case 'ndim':
      return tensor.step.shape === undefined ? undefined : constant(tensor.step.shape.length);
    case 'T':
    case 'mT':
      return callMethod(
        tensor,
        't',
        argumentsWith([], { ...moment, site: { source: tensor.step.source }, reading: undefined as never }),
        {
          ...moment,
          site: { source: tensor.step.source },
        },
      );
    case 'data':
      return object;
    case 'device':
    case 'dtype':
      return moment.machine.unknown(name);
    case 'is_cuda':
    case 'requires_grad':
    case 'grad':
    case 'grad_fn':
      return undefined;
    default:
      // Attributes of what an opaque module returns: `outputs.last_hidden_state`.
      if (
        tensor.step.operation.kind === 'opaque' &&
        /^(last_hidden_state|pooler_output|logits|hidden_states|features|x)$/.test(name)
      )
        return object;
      return { kind: 'bound', object, name };
  }
}

const fromShape = ({ tensor, from }: OpenShape, k: number, { machine }: Moment): Value =>
  k < 0 ? sizeAt(tensor, k, { machine, site: { source: nowhere } }) : sizeValue(unknownSize, machine, from + k);

const at = (machine: Machine, site: Site): Moment => ({ machine, site });
const anywhere = (machine: Machine): Moment => at(machine, { source: nowhere });

const library: Library = {
  call: (path, args, site, machine) => call(path, args, at(machine, site)),
  invoke(object, args, site, machine) {
    const moment = at(machine, site);
    if (object.type === 'layer')
      return applyModule(object.data as Layer, args, moment) ?? opaque('layer', args, moment);
    if (object.type === 'loss') {
      noteLoss(object.data as Parameters<typeof noteLoss>[0], args, moment);
      return machine.unknown('loss');
    }
    return opaque(object.type, args, moment);
  },
  member(object, name, machine) {
    const moment = anywhere(machine);
    switch (object.type) {
      case 'tensor':
        return tensorMember(object, name, moment);
      case 'parameter':
        return (
          parameterMember(object, name, moment) ??
          (weightMembers.has(name) ? undefined : { kind: 'bound', object, name })
        );
      case 'layer':
        return layerMember(object.data as Layer, name, moment) ?? undefined;
      case 'module':
        return instanceMember(object, name, moment);
      case 'shape':
        return { kind: 'bound', object, name };
      case 'extremes':
        return name === 'values' || name === 'indices' ? (object.data as Extremes)[name] : undefined;
      default:
        return undefined;
    }
  },
  method(object, name, args, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'tensor':
        noteView(object.data as Tensor, name, moment);
        return callMethod(object.data as Tensor, name, args, moment);
      case 'parameter':
        return parameterMethod(object, name, args, moment);
      case 'layer': {
        const layer = object.data as Layer;
        if (name === 'forward' || name === '__call__') return applyModule(layer, args, moment);
        if (name === 'add_module' || name === 'register_module') {
          const [key, child] = [textOf(args.positional[0]), args.positional[1]];
          if (child !== undefined) addChild(layer, key ?? nextKey(layer), child, moment);
          return none;
        }
        return (
          (layer.container === undefined ? undefined : containerMethod(layer, name, args, moment)) ??
          moduleMethod(object, name, args, moment)
        );
      }
      case 'loss':
        if (name === 'forward' || name === '__call__') {
          noteLoss(object.data as Parameters<typeof noteLoss>[0], args, moment);
          return machine.unknown('loss');
        }
        return name === 'to' || name === 'cuda' ? object : undefined;
      default:
        return undefined;
    }
  },
  index(object, index, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'tensor':
        return indexed(object.data as Tensor, index, moment);
      case 'layer':
        return containerIndex(object.data as Layer, index, moment);
      case 'parameter':
        return heldParameter(object.data as Parameter, moment);
      case 'shape': {
        const shape = object.data as OpenShape;
        const k = numberOf(index);
        if (k !== undefined) return fromShape(shape, k, moment);
        const [, start] = /^\s*(\d+)\s*:\s*$/.exec(index?.kind === 'unknown' ? index.text : '') ?? [];
        return start === undefined ? undefined : foreign('shape', { ...shape, from: shape.from + Number(start) });
      }
      case 'extremes': {
        const { values, indices } = object.data as Extremes;
        return [values, indices][numberOf(index) ?? -1];
      }
      case 'parts': {
        const k = numberOf(index);
        return k === undefined ? undefined : (object.data as Parts).part(k);
      }
      default:
        return undefined;
    }
  },
  operator: (operator, operands, site, machine) => {
    const moment = at(machine, site);
    const joined = operator === '+' ? joinedContainers(operands[0], operands[1], moment) : undefined;
    return joined ?? operate(operator, operands, moment);
  },
  items(object, machine, count) {
    const moment = anywhere(machine);
    switch (object.type) {
      case 'layer':
        return containerItems(object.data as Layer);
      case 'shape':
        return count === undefined
          ? undefined
          : Array.from({ length: count }, (_, k) =>
              k === count - 1 && (object.data as OpenShape).from === 0
                ? sizeAt((object.data as OpenShape).tensor, -1, moment)
                : fromShape(object.data as OpenShape, k, moment),
            );
      case 'extremes':
        return [(object.data as Extremes).values, (object.data as Extremes).indices];
      case 'parts':
        return count === undefined
          ? undefined
          : Array.from({ length: count }, (_, k) => (object.data as Parts).part(k));
      case 'tensor':
        return count === undefined ? undefined : partsOf(object.data as Tensor, count, machine);
      default:
        return undefined;
    }
  },
  opaque: (callee, args, site, machine) => opaque(callee, args, at(machine, site)),
  setMember(object, name, value, machine) {
    const layer = layerIn(object);
    // `embedding.weight.data = vectors`
    if (object.type === 'parameter' && name === 'data') {
      const other = parameterIn(value);
      const own = object.data as Parameter;
      if (other !== undefined) own.initialization = other.initialization;
      else if (!readingOf(machine).trained) setUnknown(own, { machine, site: { source: nowhere } });
    }
    if (layer === undefined) return true;
    const weight = parameterIn(value);
    if (isNone(value)) {
      removeParameter(layer.parameters.get(name));
      if (layer.parameters.has(name)) layer.parameters.set(name, undefined);
      return true;
    }
    if (layer.parameters.has(name) && weight !== undefined) {
      shareInitialization(layer.parameters.get(name), weight);
      layer.parameters.set(name, weight);
      if (name === 'weight') layer.number = weight.number;
    } else if (layer.container !== undefined && /^\d+$/.test(name)) addChild(layer, name, value, anywhere(machine));
    else if (
      layer.meaning.apply === undefined &&
      !layer.certain &&
      (layerIn(value) !== undefined || value.kind === 'instance')
    ) {
      // `model.fc = nn.Linear(512, 10)`: the head of a ready model.
      layer.heads.splice(0, layer.heads.length, value);
      const key = keyOf(value);
      if (key !== undefined) readingOf(machine).parts.add(key);
    }
    return true;
  },
  setItem(object, index, value, site, machine) {
    const moment = at(machine, site);
    const layer = containerIn(object);
    if (layer !== undefined) setContainerItem(layer, index, value, moment);
    if (object.type === 'parameter' && !readingOf(machine).trained) setUnknown(object.data as Parameter, moment);
    return object.type === 'tensor' ? partlySet(object.data as Tensor, value, moment) : undefined;
  },
  merge: (first) => first,
  constant: (path) => {
    if (path.endsWith('.__name__')) return constant(lastPart(path.slice(0, -'.__name__'.length)));
    const math: Readonly<Record<string, number>> = { 'torch.pi': Math.PI, 'torch.inf': Number.POSITIVE_INFINITY };
    return Object.hasOwn(math, path) ? constant(math[path]!) : undefined;
  },
  baseElsewhere: (has) => (has('forward') && has('__init__') ? 'torch.nn.Module' : undefined),
  adopt: (instance, path, site, machine) => adopt(instance, path, at(machine, site)),
  instanceMethod: (instance, name, args, site, machine) => instanceMethod(instance, name, args, at(machine, site)),
  instanceCall: (instance, args, site, machine) => instanceCall(instance, args, at(machine, site)),
  instanceOf(object, path) {
    const own =
      object.type === 'layer'
        ? (object.data as Layer).path
        : object.type === 'module'
          ? (object.data as { path: string }).path
          : undefined;
    if (object.type === 'tensor')
      return /^torch\.(Tensor|FloatTensor)$/.test(path) ? true : /^torch\./.test(path) ? false : undefined;
    if (object.type === 'parameter') return /Parameter$|Tensor$/.test(path);
    if (own === undefined) return undefined;
    return isA(lastPart(own), lastPart(path));
  },
};

/** Whether one of torch.nn's classes is another, or derived from it. */
function isA(own: string, other: string): boolean {
  if (own === other || other === 'Module') return true;
  if (other === '_ConvNd') return /^Conv/.test(own);
  if (other === '_BatchNorm') return /^(Sync)?BatchNorm/.test(own);
  if (other === '_NormBase') return /^(Sync)?BatchNorm|^InstanceNorm/.test(own);
  if (other === 'RNNBase') return /^(RNN|LSTM|GRU)$/.test(own);
  return own === 'NonDynamicallyQuantizableLinear' && other === 'Linear';
}

/** Several inputs in one: `x, y = batch`, `h, c = hidden`. */
function partsOf(tensor: Tensor, count: number, machine: Machine): readonly Value[] {
  const { step } = tensor;
  if (step.operation.kind !== 'input') {
    return Array.from({ length: count }, () =>
      tensorValue(
        newStep({ operation: { kind: 'rearrange' }, inputs: [tensor], type: 'part', source: step.source }, machine),
      ),
    );
  }
  return Array.from({ length: count }, (_, k) =>
    tensorValue(
      newStep(
        {
          operation: { kind: 'input' },
          inputs: [],
          type: 'input',
          name: `${step.name ?? 'input'}[${k}]`,
          source: step.source,
        },
        machine,
      ),
    ),
  );
}

/** `layer.bias = None`: the layer's steps hold its own parameters, and find none there. */
function removeParameter(own: Parameter | undefined): void {
  if (own !== undefined) Object.defineProperty(own, 'initialization', { configurable: true, get: () => undefined });
}

/** `x[:, 0] = y`: what is in x then comes from both, in a way that is not followed. */
function partlySet(tensor: Tensor, value: Value | undefined, moment: Moment): Value | undefined {
  const parts = [tensor, ...tensorsIn(value)].filter((each) => !each.constant);
  return parts.length === 0
    ? undefined
    : tensorValue(opaqueStep('[…] =', parts, moment, { infer: () => tensor.step.shape }));
}

/** `decoder.weight = encoder.weight`: the layer's steps hold its own weights, which are the other's from now on. */
function shareInitialization(own: Parameter | undefined, other: Parameter): void {
  if (own === undefined || own === other) return;
  Object.defineProperty(own, 'initialization', {
    configurable: true,
    get: () => other.initialization,
    set: (value: Parameter['initialization']) => {
      other.initialization = value;
    },
  });
}

Object.assign(torchLibrary, library);

export { containerIn, type InstanceValue, isNone, outputOf, sizeOf };
