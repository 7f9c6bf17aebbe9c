import type { Initialization, LossUse, Shape, Size } from '../../../core/model/model';
import { stridesOf } from '../../../core/model/strides';
import {
  type ClassValue,
  constant,
  type Foreign,
  type InstanceValue,
  type Library,
  type Machine,
  type Unknown,
  type Value,
} from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import type { Step, Tensor } from '../tracing/step';

/** What the names of Flax, JAX and Optax mean; library.ts fills it. */
export const flaxLibrary = {} as Library;

export const foreign = (type: string, data: object): Foreign => ({ kind: 'foreign', library: flaxLibrary, type, data });

export const tensorValue = (tensor: Tensor): Foreign => foreign('tensor', tensor);

/** Linen's modules are made where they are applied, as Haiku's may be; those of nnx and Equinox in constructors. */
export type Flavour = 'linen' | 'nnx' | 'equinox' | 'haiku';

/** What is kept of an object of one of the file's modules. */
export interface Module {
  readonly flavour: Flavour;
  readonly instance: InstanceValue;
  /** How many open conditions it was made under. */
  readonly doubt: number;
  /** Whether `setup` has run. */
  ready: boolean;
  /** Lifted by `nn.scan` over time, with one set of weights. */
  readonly scanned: boolean;
  /** What `super().__init__(…)` of a class derived from `nnx.Sequential` is given. */
  layers?: Value;
}

export const moduleIn = (value: Value | undefined): Module | undefined => {
  const own = value?.kind === 'instance' ? value.foreign : value;
  return own?.kind === 'foreign' && own.type === 'module' ? (own.data as Module) : undefined;
};

/** A loss that is computed from something. */
interface LossFound {
  readonly use: LossUse;
  /** The model whose output it is given; undefined where that is not known. */
  readonly model: object | undefined;
}

/** What a reading of one program knows beside its values. */
export interface Reading {
  readonly losses: LossFound[];
  /** How many models are being looked into at the moment. */
  depth: number;
  /** How many loops over time are being looked into: cells give sequences there. */
  scans: number;
  /** Shapes of example inputs of a model, with the batch. */
  readonly inputs: WeakMap<object, readonly (Shape | undefined)[]>;
  readonly instances: InstanceValue[];
  /** Functions that Haiku makes models of: layers are parts of those. */
  readonly transforms: Value[];
  /** Containers that the program makes. */
  readonly containers: object[];
  readonly bodies: WeakMap<object, readonly Tensor[]>;
  readonly started: WeakSet<object>;
  /** Objects of which nobody knows whether they or others are what is called. */
  readonly eithers: WeakSet<object>;
  /** Layers that were made many at once, one of each: how many there are, and another one. */
  readonly stacks: WeakMap<object, { readonly count: number; readonly another: () => Value }>;
  /** Classes whose calls are under way, innermost last. */
  readonly underWay: object[];
}

const readings = new WeakMap<Machine, Reading>();

export function readingOf(machine: Machine): Reading {
  const found = readings.get(machine);
  if (found !== undefined) return found;
  const made: Reading = {
    losses: [],
    depth: 0,
    scans: 0,
    inputs: new WeakMap(),
    instances: [],
    transforms: [],
    containers: [],
    bodies: new WeakMap(),
    started: new WeakSet(),
    eithers: new WeakSet(),
    stacks: new WeakMap(),
    underWay: [],
  };
  readings.set(machine, made);
  return made;
}

/** Objects and classes belong to one reading each, so that all can be looked up at once. */
const parts = new WeakSet<object>();

const classOf = (value: Value): ClassValue | undefined => (value.kind === 'instance' ? value.class : undefined);

/** What was noted first in each model that is being looked into, innermost last. */
const noted: object[][] = [];

/** Notes that something stands in a model. */
export function notePart(value: Value): void {
  for (const each of [keyOf(value), classOf(value)]) {
    if (each === undefined || parts.has(each)) continue;
    parts.add(each);
    noted.at(-1)?.push(each);
  }
}

/** Looks into a model; what stands in one that turns out to show nothing is no part of it. */
export function withParts<Result>(look: () => Result, shows: (result: Result) => boolean): Result {
  const own: object[] = [];
  noted.push(own);
  try {
    const result = look();
    if (!shows(result)) for (const each of own) parts.delete(each);
    else noted.at(-2)?.push(...own);
    return result;
  } finally {
    noted.pop();
  }
}

/** True where the object was made only to see what its class is: its place is the class's name. */
const isMadeToLook = ({ source, class: { code, place } }: InstanceValue): boolean =>
  source.from === sourceAt(place, code.nameSpan ?? code).from;

/** True for a part of another model, and for a class of which the models of the file are made. */
export function isPart(value: Value): boolean {
  const key = keyOf(value);
  if (key === undefined) return false;
  if (parts.has(key)) return true;
  if (value.kind !== 'instance' || !parts.has(value.class)) return false;
  // Haiku's objects are made anew wherever the function runs that they stand in.
  return isMadeToLook(value) || moduleIn(value)?.flavour === 'haiku';
}

/** The same for what {@link keyOf} gives. */
export const isPartKey = (key: object): boolean => parts.has(key);

/** A model's own object. */
export const keyOf = (value: Value): object | undefined =>
  value.kind === 'instance' ? value : value.kind === 'foreign' ? value.data : undefined;

/** What losses and example inputs are kept for: Linen's modules hold no weights, and are made anew wherever one is needed. */
export const modelOf = (value: Value): object | undefined =>
  value.kind === 'instance' ? value.class : value.kind === 'foreign' ? value.data : undefined;

/** A weight that a module makes for itself: `self.param(…)`, `nnx.Param(…)`. */
export interface Parameter {
  readonly name: string;
  readonly initialization: Initialization;
  readonly shape: Shape | undefined;
  readonly number: number;
}

export const parameterIn = (value: Value | undefined): Parameter | undefined =>
  value?.kind === 'foreign' && value.type === 'parameter' ? (value.data as Parameter) : undefined;

/** What drew the numbers of a tensor that stands in the code. */
export const draws = new WeakMap<Step, Initialization>();

/** A weight of a module, or an array that was drawn and is kept as one: `jax.random.normal(key, (4, 3))`. */
export function weightIn(value: Value | undefined): Parameter | undefined {
  const own = parameterIn(value);
  if (own !== undefined || value?.kind !== 'foreign' || value.type !== 'tensor') return own;
  const { step, constant: stands } = value.data as Tensor;
  const initialization = stands === true ? draws.get(step) : undefined;
  return initialization && { name: step.type, initialization, shape: step.shape, number: step.order };
}

/** Of which axis of a tensor a size is. */
const axes = new WeakMap<Value, number>();

/** The axis of a tensor that a size was read from; undefined for a number of any other origin. */
export const axisOf = (value: Value | undefined): number | undefined => value && axes.get(value);

/** A size as the program computes with it. */
export function sizeValue(size: Size, machine: Machine, axis?: number): Value {
  const value: Value = typeof size === 'number' ? constant(size) : { ...openSize(size, machine), ...strides(size) };
  if (axis !== undefined) axes.set(value, axis);
  return value;
}

const openSize = (size: Exclude<Size, number>, machine: Machine): Unknown =>
  size.kind === 'symbolic'
    ? { kind: 'unknown', symbols: size.symbols, text: size.symbols.join(', ') }
    : machine.unknown('size');

/** What two lengths come from, by which they are compared. */
const strides = (size: Size): Pick<Unknown, 'strides'> => {
  const found = stridesOf(size);
  return found === undefined ? {} : { strides: found };
};

export const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

export const none = constant(null);
