import { type CallArguments, type Foreign, type Library, list, type Value } from '../../interpret/values';
import { numberOf } from '../given';
import type { Moment, Tensor } from '../tracing/step';
import { call, opaque } from './calls';
import { applyModule, containerIndex, containerItems, containerMethod } from './containers';
import { eitherOf } from './either';
import { baseElsewhere } from './elsewhere';
import { callMethod } from './functions';
import { operate } from './functions/arithmetic';
import { held } from './functions/call';
import { indexed } from './functions/indexing';
import type { Parts } from './functions/joining';
import { isRandom } from './functions/made';
import { type OpenShape, sizeAt } from './functions/sizes';
import { type Layer, layerIn, layerMember } from './layer';
import { invokeWrapped, isLift, type Lift, liftWaiting, type Wrapped } from './lifted';
import { adopt, instanceCall, instanceMethod, modelMethod, moduleMember } from './module';
import { anywhere, at } from './moments';
import { draw, parameterMember } from './parameters';
import { flaxLibrary, foreign, lastPart, none } from './state';
import { fromShape, partsOf, tensorMember } from './tensors';

/** `b[...]`, `b[None]`: all of it, with an axis more where it is broadcast. */
const isWhole = (index: Value | undefined): boolean =>
  (index?.kind === 'unknown' && index.text === '...') || (index?.kind === 'constant' && index.value === null);

const forks = /^(fork|split)$/;

/** `rngs.fork(split=8)`: as many streams of keys. */
function forked(rngs: Foreign, { named, positional }: CallArguments, { machine }: Moment): Value {
  const given = named.get('split') ?? positional[0];
  if (given === undefined) return rngs;
  const count = numberOf(given);
  return count !== undefined && count > 0 && count < 100
    ? list(Array.from({ length: count }, () => rngs))
    : machine.unknown('keys');
}

const weightNames: ReadonlySet<string> = new Set(['kernel', 'bias', 'embedding']);

const library: Library = {
  call: (path, args, site, machine) => call(path, args, at(machine, site)),
  invoke(object, args, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'layer':
        return applyModule(object.data as Layer, args, moment);
      case 'lift':
        return liftWaiting(object.data as Lift, args);
      case 'wrapped':
        return invokeWrapped(object.data as Wrapped, args, moment);
      case 'initializer':
        return draw(object, args, moment);
      case 'rngs':
        return machine.unknown('key');
      case 'transformed':
        return undefined;
      case 'tabulate':
        modelMethod(
          (object.data as { model: Value }).model,
          'init',
          { ...args, positional: [none, ...args.positional] },
          moment,
        );
        return machine.unknown('table');
      default:
        return undefined;
    }
  },
  member(object, name, machine) {
    switch (object.type) {
      case 'tensor':
        return tensorMember(object, name, machine);
      case 'parameter':
        return parameterMember(object, name, machine) ?? { kind: 'bound', object, name };
      case 'layer': {
        const layer = object.data as Layer;
        // nnx's layers hold their weights.
        if (layer.flavour === 'nnx' && weightNames.has(name)) return foreign('weight', layer);
        return layerMember(layer, name);
      }
      case 'weight':
        return name === 'value' ? object : undefined;
      case 'rngs':
        // `rngs.params` is a stream of keys; `rngs.uniform(…)` draws at once.
        return isRandom(name) || forks.test(name) ? { kind: 'bound', object, name } : object;
      case 'transformed':
        return { kind: 'bound', object, name };
      case 'module':
        return moduleMember(object, name, anywhere(machine));
      default:
        return undefined;
    }
  },
  method(object, name, args, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'tensor':
        return callMethod(object.data as Tensor, name, args, moment);
      case 'parameter':
        return name === 'astype' ? object : held(moment, undefined, name);
      case 'rngs': {
        if (forks.test(name)) return forked(object, args, moment);
        // Keys of streams: `rngs.params()`.
        if (!isRandom(name)) return machine.unknown('key');
        const key = machine.unknown('key');
        return call(`jax.random.${name}`, { ...args, positional: [key, ...args.positional] }, moment);
      }
      case 'transformed':
        return modelMethod(object, name, args, moment);
      case 'layer': {
        const layer = object.data as Layer;
        if (name === '__call__') return applyModule(layer, args, moment);
        if (name === 'initialize_carry') return machine.unknown('carry');
        const own = layer.meaning.methods?.[name];
        if (own !== undefined) return own(layer, args, moment);
        return containerMethod(layer, name, args) ?? modelMethod(object, name, args, moment);
      }
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
        // `w[...]` is its value; a part of it is numbers that are learned.
        return isWhole(index) ? object : held(moment, undefined, 'parameter');
      case 'shape': {
        const shape = object.data as OpenShape;
        const k = numberOf(index);
        if (k !== undefined) return fromShape(shape, k, moment);
        const [, start] = /^\s*(\d+)\s*:\s*$/.exec(index?.kind === 'unknown' ? index.text : '') ?? [];
        return start === undefined ? undefined : foreign('shape', { ...shape, from: shape.from + Number(start) });
      }
      case 'parts': {
        const k = numberOf(index);
        return k === undefined ? undefined : (object.data as Parts).part(k);
      }
      default:
        return undefined;
    }
  },
  decorates: (path, isMethod) =>
    (!isMethod && isLift(path)) ||
    /^haiku\.(transform|transform_with_state|without_apply_rng|without_state)$/.test(path),
  operator: (operator, operands, site, machine) => operate(operator, operands, at(machine, site)),
  items(object, machine, count) {
    const moment = anywhere(machine);
    switch (object.type) {
      case 'layer':
        return containerItems(object.data as Layer);
      case 'shape': {
        const shape = object.data as OpenShape;
        if (count === undefined) return undefined;
        return Array.from({ length: count }, (_, k) =>
          k === count - 1 && shape.from === 0 ? sizeAt(shape.tensor, -1, moment) : fromShape(shape, k, moment),
        );
      }
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
  setMember(object, name) {
    // Weights that the code sets are no longer what the layer drew.
    if (object.type === 'weight' || (object.type === 'layer' && weightNames.has(name))) {
      (object.data as { certain: boolean }).certain = false;
    }
    return true;
  },
  merge: eitherOf,
  baseElsewhere: (has, _bases, _names, text) => baseElsewhere(has, text),
  adopt: (instance, path, site, machine) => adopt(instance, path, at(machine, site)),
  instanceMethod: (instance, name, args, site, machine) => instanceMethod(instance, name, args, at(machine, site)),
  instanceCall: (instance, args, site, machine) => instanceCall(instance, args, at(machine, site)),
  instanceOf(object, path) {
    const layer = layerIn(object);
    if (layer === undefined) return undefined;
    const name = lastPart(path);
    return name === lastPart(layer.path) || (name === 'Module' && path.startsWith('flax.'));
  },
};

Object.assign(flaxLibrary, library);
