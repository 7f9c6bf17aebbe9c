import type { Initialization, LossUse, Shape, Size, SourceRange } from '../../../core/model/model';
import {
  constant,
  type Foreign,
  type InstanceValue,
  type Library,
  type Machine,
  type Value,
} from '../../interpret/values';
import type { Tensor } from '../tracing/step';

/** What PyTorch's names mean; library.ts fills it. */
export const torchLibrary = {} as Library;

export const foreign = (type: string, data: object): Foreign => ({
  kind: 'foreign',
  library: torchLibrary,
  type,
  data,
});

export const tensorValue = (tensor: Tensor): Foreign => foreign('tensor', tensor);

/** A loss that is computed from something. */
interface LossFound {
  readonly use: LossUse;
  /** The model whose output it is given; undefined where that is not known. */
  readonly model: object | undefined;
  /** What it is given, inside a model. */
  readonly output: Tensor | undefined;
  /** True where the output is there, and nobody knows whether this loss is computed of it. */
  readonly isOpen: boolean;
}

/** What the file does with a model. */
export interface ModelUse {
  /** Shapes of example inputs, with the batch. */
  inputs: readonly (Shape | undefined)[] | undefined;
}

/** What a reading of one program knows beside its values. */
export interface Reading {
  readonly losses: LossFound[];
  /** How many models are being looked into at the moment. */
  depth: number;
  /** What others are made of. */
  readonly parts: WeakSet<object>;
  readonly uses: WeakMap<object, ModelUse>;
  readonly instances: InstanceValue[];
  /** Containers that the program makes. */
  readonly containers: object[];
  readonly bodies: WeakMap<object, readonly Tensor[]>;
  readonly started: WeakSet<object>;
  /** Objects of which nobody knows whether they or others are what is called. */
  readonly eithers: WeakSet<object>;
  /** Modules that may stand in another one's place: what is done to one of them is done to all. */
  readonly others: WeakMap<object, Set<Value>>;
  /** Single layers whose parameters an optimiser may have been given, and those that were called by themselves. */
  readonly alone: { readonly tuned: WeakSet<object>; readonly called: WeakSet<object> };
  /** Losses that are made, whether they are called or not. */
  readonly criteria: LossUse[];
  /** Losses that are handed to somebody else's function together with a model: `train(net, data, criterion)`. */
  readonly handed: { readonly model: object; readonly use: LossUse }[];
  /** True once a model's output was asked for: weights that change then are trained, and not initialised. */
  trained: boolean;
}

const readings = new WeakMap<Machine, Reading>();

/** Objects belong to one reading each, so that all can be looked up at once. */
const parts = new WeakSet<object>();

export const isPartSomewhere = (object: object): boolean => parts.has(object);

export function readingOf(machine: Machine): Reading {
  const found = readings.get(machine);
  if (found !== undefined) return found;
  const made: Reading = {
    losses: [],
    depth: 0,
    parts,
    uses: new WeakMap(),
    instances: [],
    containers: [],
    bodies: new WeakMap(),
    started: new WeakSet(),
    eithers: new WeakSet(),
    others: new WeakMap(),
    alone: { tuned: new WeakSet(), called: new WeakSet() },
    criteria: [],
    handed: [],
    trained: false,
  };
  readings.set(machine, made);
  return made;
}

/** A weight or bias; what it starts with may change until the model is looked at. */
export interface Parameter {
  readonly name: string;
  initialization: Initialization;
  readonly shape: Shape | undefined;
  readonly number: number;
  /** How many open conditions it was made under. */
  readonly doubt: number;
  /** True for what is computed from weights. */
  readonly computed?: boolean;
}

export const parameterIn = (value: Value | undefined): Parameter | undefined =>
  value?.kind === 'foreign' && value.type === 'parameter' ? (value.data as Parameter) : undefined;

/** Weights themselves, and not what is computed from them. */
export function plainParameterIn(value: Value | undefined): Parameter | undefined {
  const found = parameterIn(value);
  return found?.computed === true ? undefined : found;
}

/** Of which axis of a tensor a size is. */
const origins = new WeakMap<Value, { readonly axis: number }>();

/** The axis of a tensor that a size was read from; undefined for a number of any other origin. */
export const axisOf = (value: Value | undefined): number | undefined => value && origins.get(value)?.axis;

/** True for the batch's size. */
export const isBatch = (value: Value | undefined): boolean => axisOf(value) === 0;

/** A size as the program computes with it. */
export function sizeValue(size: Size, machine: Machine, axis?: number): Value {
  if (typeof size === 'number') return constant(size);
  const value: Value =
    size.kind === 'symbolic'
      ? { kind: 'unknown', symbols: size.symbols, text: size.symbols.join(', ') }
      : machine.unknown('size');
  if (axis !== undefined) origins.set(value, { axis });
  return value;
}

/** A model as something that losses and example inputs are kept for. */
export const keyOf = (value: Value): object | undefined =>
  value.kind === 'instance' ? value : value.kind === 'foreign' ? value.data : undefined;

export const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

export const nowhere: SourceRange = { cell: 0, from: 0, to: 0 };

export const none = constant(null);
