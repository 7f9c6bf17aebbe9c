import { constant, type Library, type Value } from '../../interpret/values';
import { givenBy, isNone, numberOf, textOf } from '../given';
import type { Tensor } from '../tracing/step';
import { call, opaque } from './calls';
import {
  addChild,
  applyModule,
  containerIndex,
  containerItems,
  containerMethod,
  joinedContainers,
  nextKey,
  setContainerItem,
} from './containers';
import { eitherOf } from './either';
import { elsewhere, isForward } from './elsewhere';
import { callMethod } from './functions';
import { operate } from './functions/arithmetic';
import { indexed } from './functions/indexing';
import type { Parts } from './functions/parts';
import type { Extremes } from './functions/reductions';
import { type OpenShape, sizeAt } from './functions/sizes';
import { setUnknown } from './initialise';
import { adopt, instanceCall, instanceMember, instanceMethod } from './instance';
import { containerIn, type Layer, layerIn, layerMember } from './layer';
import { lossUse, noteLoss } from './loss';
import { moduleMethod } from './modules';
import { anywhere, at } from './moments';
import {
  heldParameter,
  noteView,
  parameterMember,
  parameterMethod,
  removeParameter,
  shareInitialization,
  weightMembers,
} from './parameters';
import { insideIn, insideOf, partOfReady, setHead } from './ready';
import {
  foreign,
  lastPart,
  none,
  nowhere,
  type Parameter,
  parameterIn,
  plainParameterIn,
  readingOf,
  torchLibrary,
} from './state';
import { fromShape, partlySet, partsOf, tensorMember } from './tensors';

const library: Library = {
  call: (path, args, site, machine) => {
    // einops takes the arrays of others as well.
    const isOthers = path.startsWith('einops.') && [...args.positional, ...args.named.values()].some(isOfAnother);
    return isOthers ? undefined : call(path, args, at(machine, site));
  },
  invoke(object, args, site, machine) {
    const moment = at(machine, site);
    if (object.type === 'layer')
      return applyModule(object.data as Layer, args, moment) ?? opaque('layer', args, moment);
    if (object.type === 'loss') {
      noteLoss(object.data as Parameters<typeof noteLoss>[0], args, moment);
      return machine.unknown('loss');
    }
    const inside = insideIn(object);
    return opaque(inside === undefined ? object.type : `${inside.layer.type}.${inside.name}`, args, moment);
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
        return layerMember(object.data as Layer, name, moment) ?? partOfReady(object.data as Layer, name);
      case 'inside':
        return insideOf(object, name);
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
          const given = givenBy(args, ['name', 'module'], 'python');
          const [key, child] = [textOf(given.value('name')), given.value('module')];
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
      case 'inside':
        return insideOf(object, String(numberOf(index) ?? '…'));
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
  handedOn(path, site, machine) {
    const spelled = machine.text(site.source).replace(/^\w+\s*=\s*/, '');
    const use = lossUse(path, spelled, { machine, site });
    if (use !== undefined) readingOf(machine).criteria.push(use);
  },
  setMember(object, name, value, machine) {
    const layer = layerIn(object);
    // `embedding.weight.data = vectors`
    if (object.type === 'parameter' && name === 'data') {
      const other = plainParameterIn(value);
      const own = object.data as Parameter;
      if (other !== undefined) own.initialization = other.initialization;
      else if (!readingOf(machine).trained) setUnknown(own, { machine, site: { source: nowhere } });
    }
    const inside = insideIn(object);
    if (inside !== undefined) setHead(inside.layer, `${inside.name}.${name}`, value, machine);
    if (layer === undefined) return true;
    const weight = parameterIn(value);
    if (isNone(value)) {
      const own = layer.parameters.get(name);
      // Without its kernel it is no layer that anybody could follow.
      if (own !== undefined && !name.startsWith('bias')) setUnknown(own, { machine, site: { source: nowhere } });
      else removeParameter(own);
      if (layer.parameters.has(name)) layer.parameters.set(name, undefined);
      return true;
    }
    if (layer.parameters.has(name) && weight !== undefined) {
      shareInitialization(layer.parameters.get(name), weight);
      layer.parameters.set(name, weight);
      if (name === 'weight') layer.number = weight.number;
    } else if (layer.container !== undefined && /^\d+$/.test(name)) addChild(layer, name, value, anywhere(machine));
    else if (layer.meaning.hidden === true) setHead(layer, name, value, machine);
    return true;
  },
  setItem(object, index, value, site, machine) {
    const moment = at(machine, site);
    const layer = containerIn(object);
    if (layer !== undefined) setContainerItem(layer, index, value, moment);
    const inside = insideIn(object);
    if (inside !== undefined)
      setHead(inside.layer, `${inside.name}.${numberOf(index) ?? textOf(index) ?? '…'}`, value, machine);
    if (object.type === 'parameter' && !readingOf(machine).trained) setUnknown(object.data as Parameter, moment);
    return object.type === 'tensor' ? partlySet(object.data as Tensor, value, moment) : undefined;
  },
  merge: eitherOf,
  constant: (path) => {
    if (path.endsWith('.__name__')) return constant(lastPart(path.slice(0, -'.__name__'.length)));
    const math: Readonly<Record<string, number>> = { 'torch.pi': Math.PI, 'torch.inf': Number.POSITIVE_INFINITY };
    return Object.hasOwn(math, path) ? constant(math[path]!) : undefined;
  },
  baseElsewhere: (has, _bases, names) =>
    has('forward') || (has('__init__') && names().some(isForward)) ? elsewhere : undefined,
  adopt: (instance, path, site, machine) => adopt(instance, path, at(machine, site)),
  instanceMethod: (instance, name, args, site, machine) => instanceMethod(instance, name, args, at(machine, site)),
  called: 'forward',
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

/** Something that another framework made, or a list of it. */
const isOfAnother = (value: Value): boolean =>
  value.kind === 'list'
    ? value.items.some(isOfAnother)
    : value.kind === 'foreign' && value.type === 'tensor' && value.library !== torchLibrary;

/** Whether one of torch.nn's classes is another, or derived from it. */
function isA(own: string, other: string): boolean {
  if (own === other || other === 'Module') return true;
  if (other === '_ConvNd') return /^Conv/.test(own);
  if (other === '_BatchNorm') return /^(Sync)?BatchNorm/.test(own);
  if (other === '_NormBase') return /^(Sync)?BatchNorm|^InstanceNorm/.test(own);
  if (other === 'RNNBase') return /^(RNN|LSTM|GRU)$/.test(own);
  return own === 'NonDynamicallyQuantizableLinear' && other === 'Linear';
}

Object.assign(torchLibrary, library);
