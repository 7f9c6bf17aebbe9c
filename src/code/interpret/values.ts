import type { SourceRange } from '../../core/model/model';
import type { ClassCode, FunctionCode, Place } from '../program/ast';

/**
 * What an expression may come to. The interpreter runs a program on these: constants are computed, what a framework
 * makes is a {@link Foreign} object, and whatever cannot be known is {@link Unknown} and stays so.
 */
export type Value =
  | ConstantValue
  | ListValue
  | DictValue
  | FunctionValue
  | ClassValue
  | InstanceValue
  | PathValue
  | BoundValue
  | Foreign
  | Unknown;

export interface ConstantValue {
  readonly kind: 'constant';
  /** undefined is JavaScript's. */
  readonly value: number | string | boolean | null | undefined;
  /** Where it was written, kept while it is passed on: a quick fix edits it there. */
  readonly source?: SourceRange;
}

/** Lists, tuples, sets, arrays, ranges that were counted out. Lists are changed in place. */
export interface ListValue {
  readonly kind: 'list';
  readonly of: 'list' | 'tuple' | 'set';
  readonly items: Value[];
  /** False where there may be further items, or fewer. */
  complete: boolean;
  /**
   * Indices of items that stand for any number of their kind, none too: a spread of an argument, what a loop of
   * unknown rounds appends. All other items are there, and there are no further ones.
   */
  loose?: readonly number[] | undefined;
  /** What says how many they are, where there is one loose item: two lists with the same have as many. */
  readonly asMany?: string | undefined;
}

export interface DictValue {
  readonly kind: 'dict';
  readonly entries: Map<string | number | boolean | null, Value>;
  complete: boolean;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly code: FunctionCode;
  /** Of the part of the program that defines it. */
  readonly place: Place;
  readonly scope: Environment;
  /** Defaults are evaluated where the function is defined. */
  readonly defaults: ReadonlyMap<number, Value>;
  /** `self`, for a method that was taken from its object. */
  readonly self?: Value;
  /** The class in which it is defined, for `super()`. */
  readonly owner?: ClassValue;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly code: ClassCode;
  readonly name: string;
  /** Of the part of the program that defines it. */
  readonly place: Place;
  /** In the order of the method resolution: classes of the file first, then frameworks' as paths. */
  readonly bases: readonly Value[];
  readonly attributes: Map<string, Value>;
  readonly dataclass: boolean;
}

/** An object of a class of the file. Where a base is a framework's, `foreign` is what the framework keeps of it. */
export interface InstanceValue {
  readonly kind: 'instance';
  readonly class: ClassValue;
  readonly attributes: Map<string, Value>;
  readonly source: SourceRange;
  foreign?: Foreign;
}

/** Something imported, not called yet: `torch.nn.Linear`. */
export interface PathValue {
  readonly kind: 'path';
  readonly path: string;
}

/** A method of a value that the interpreter or a library answers: `list.append`, `model.add`. */
export interface BoundValue {
  readonly kind: 'bound';
  readonly object: Value;
  readonly name: string;
}

/** What a framework's call made: a layer, a tensor, a model, a loss. Only its library looks inside. */
export interface Foreign {
  readonly kind: 'foreign';
  readonly library: Library;
  /** `layer`, `tensor`, `model`, `loss`, …: the library's own words. */
  readonly type: string;
  readonly data: object;
}

export interface Unknown {
  readonly kind: 'unknown';
  /** Arguments without a default on which it hangs; none where nobody can tell. */
  readonly symbols: readonly string[];
  /** As written, shortened. */
  readonly text: string;
  /** Of a length or an index that hangs on the length of something unknown. */
  readonly count?: Count;
  /** Of an axis's length: what it comes from, and how much shorter it is. */
  readonly strides?: { readonly of: object; readonly by: number };
}

/** The length of what `of` names, plus a number; or at most that. */
export interface Count {
  readonly of: string;
  readonly plus: number;
  readonly atMost: boolean;
}

/** The arguments of a call, evaluated. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** False where a spread may bring more. */
  readonly complete: boolean;
  /** The position of an argument that stands for what is spread there, of which nobody knows how many there are. */
  readonly standIn?: number;
  /** Where each stands, for quick fixes: by position and by name, the whole argument with its name. */
  readonly sources: ReadonlyMap<number | string, SourceRange>;
  /** The brackets with what is in them. */
  readonly list: SourceRange;
}

/** A place in the program where something happens. */
export interface Site {
  readonly source: SourceRange;
  /** The name that the result is about to be assigned to: `fc1` for `self.fc1 = …`, `model` for `model = …`. */
  readonly assignedTo?: string;
}

/**
 * What a framework's names mean. All answers are values; `undefined` says that the library does not know, and the
 * interpreter makes an {@link Unknown} of it.
 */
export interface Library {
  /** A call of an imported path: `torch.nn.Linear(…)`, `tf.nn.relu(x)`. */
  call(path: string, args: CallArguments, site: Site, machine: Machine): Value | undefined;
  /** A call of what it made: a layer applied to a tensor. */
  invoke(object: Foreign, args: CallArguments, site: Site, machine: Machine): Value | undefined;
  /** A member of what it made: `x.shape`; for methods a {@link BoundValue}. */
  member(object: Foreign, name: string, machine: Machine): Value | undefined;
  /** A call of one of its methods: `model.add(…)`, `x.view(…)`. */
  method(object: Foreign, name: string, args: CallArguments, site: Site, machine: Machine): Value | undefined;
  /** `x[0]`, `x[:, -1]`. */
  index?(object: Foreign, index: Value | undefined, site: Site, machine: Machine): Value | undefined;
  /** `x + y`, `-x`, `x @ w`, with at least one of its own objects. */
  operator?(operator: string, operands: readonly Value[], site: Site, machine: Machine): Value | undefined;
  /**
   * An object's items in a loop, such as nn.ModuleList's. `count` is given where they are unpacked into so many targets:
   * `a, b = inputs` makes two of an input that is not known yet.
   */
  items?(object: Foreign, machine: Machine, count?: number): readonly Value[] | undefined;
  /**
   * A call of what nobody knows with one of the library's objects among its arguments, also inside a list: the result
   * can be a named opaque tensor, so that what comes after still counts.
   */
  opaque?(callee: string, args: CallArguments, site: Site, machine: Machine): Value | undefined;
  /** A path of its own is handed to what nobody knows, to be called there: `Loss(F.nll_loss)`. */
  handedOn?(path: string, site: Site, machine: Machine): void;
  /** A method of what comes from somebody else is called: `model.compile(…)` of an argument. */
  overlooked?(name: string, args: CallArguments, site: Site, machine: Machine): void;
  /** `layer.trainable = False`: true where the object takes it. */
  setMember?(object: Foreign, name: string, value: Value, machine: Machine): boolean;
  /**
   * `layers[1] = nn.ReLU()`, `blocks['conv'] = …`; without a value `del layers[-1]`. What it returns takes the object's
   * place: a tensor of which a part is set is another one.
   */
  setItem?(object: Foreign, index: Value, value: Value | undefined, site: Site, machine: Machine): Value | undefined;
  /**
   * What a name holds after branches of which it is not known which ran, both values being the library's, or objects of
   * the file's classes that build on it.
   */
  merge?(first: Value, second: Value, machine: Machine): Value | undefined;
  /** `isinstance(m, nn.Linear)`; undefined where it cannot tell. */
  instanceOf?(object: Foreign, path: string): boolean | undefined;
  /**
   * Whether a decorator of this path makes something else of a function, or of a method: `@hk.transform`. Of one that is
   * called first, `@nnx.vmap(in_axes=0)`, its own call is asked.
   */
  decorates?(path: string, isMethod: boolean): boolean;
  /** Whether `from module import *` brings a name; undefined where that is not known. */
  brings?(module: string, name: string): boolean | undefined;
  /** A member of a path, where that is a constant and no import: `torch.pi`. */
  constant?(path: string): Value | undefined;
  /**
   * An object of a class of the file is made whose base is one of the library's paths (`torch.nn.Module`), before its
   * constructor runs. What is returned is kept as `instance.foreign`.
   */
  adopt?(instance: InstanceValue, basePath: string, site: Site, machine: Machine): Foreign | undefined;
  /**
   * The library's path to take for a base from a file that is not here, as far as the class's own methods tell that it
   * is one of the library's; undefined where they do not. `bases` are the bases as they are written, `names` those of
   * the class's own methods, `text` the code of the class.
   */
  baseElsewhere?(
    hasMethod: (name: string) => boolean,
    bases: readonly string[],
    names: () => readonly string[],
    text: () => string,
  ): string | undefined;
  /** A method that neither the object's class nor its bases in the file have: `self.add_module`, `model.compile`. */
  instanceMethod?(
    instance: InstanceValue,
    name: string,
    args: CallArguments,
    site: Site,
    machine: Machine,
  ): Value | undefined;
  /** An object of a class of the file is called: `self.block(x)`, `model(x)`. Usually runs `forward` or `call`. */
  instanceCall?(instance: InstanceValue, args: CallArguments, site: Site, machine: Machine): Value | undefined;
  /** The method that a call runs: `net.forward(x)` is `net(x)`. */
  readonly called?: string;
}

/** What a library may ask of the interpreter. */
export interface Machine {
  readonly language: 'python' | 'javascript';
  /** True while code runs of which it is not known whether it runs: what is made then is not certain. */
  readonly uncertain: boolean;
  /** How many open conditions the code stands under; 0 where it is certain. */
  readonly doubtLevel?: number;
  /** Calls any callable value: a function of the file, a class, a layer. */
  call(callee: Value, args: CallArguments, site: Site): Value;
  /** A member of any value, methods of the file's classes included; undefined where there is none. */
  member(object: Value, name: string): Value | undefined;
  /** The text at a range, for `spelled`. */
  text(range: SourceRange): string;
  /** Counts up: numbers for nodes, weights. */
  next(): number;
  unknown(text: string, from?: readonly Value[]): Unknown;
  /** The arguments of the function that runs, by name, without the object that it is a method of. */
  parameters(): ReadonlyMap<string, Value>;
}

/** Names in force, with those around. */
export interface Environment {
  readonly names: Map<string, Value>;
  readonly parent: Environment | undefined;
}

export const constant = (value: ConstantValue['value'], source?: SourceRange): ConstantValue =>
  source === undefined ? { kind: 'constant', value } : { kind: 'constant', value, source };

export const list = (items: Value[], of: ListValue['of'] = 'list', complete = true): ListValue => ({
  kind: 'list',
  of,
  items,
  complete,
});

/** What a framework keeps of a value. */
export const foreignIn = (value: Value): Foreign | undefined =>
  value.kind === 'foreign' ? value : value.kind === 'instance' ? value.foreign : undefined;

/** None, null, undefined. */
export const isNothing = (value: Value): boolean =>
  value.kind === 'constant' && (value.value === null || value.value === undefined);
