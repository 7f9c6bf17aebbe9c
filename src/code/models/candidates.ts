import type { Model, ModelSymbol, SourceRange } from '../../core/model/model';
import type {
  CallArguments,
  ClassValue,
  Foreign,
  FunctionValue,
  InstanceValue,
  Machine,
  Site,
  Value,
} from '../interpret/values';
import type { ClassCode, FunctionCode, Parameter } from '../program/ast';
import { assignmentAround, type Definitions, type FunctionDefinition, functionAround } from './definitions';
import { hasWay, type ModelCandidate, type ModelFramework } from './framework';
import type { Made, Recorder } from './recorder';

/** What an interpreted program leaves behind. */
export interface Ran {
  readonly machine: Machine;
  /** Names of the module after the run. */
  readonly names: ReadonlyMap<string, Value>;
  /** Functions that ran at least once; it grows. */
  readonly called: ReadonlySet<FunctionCode>;
}

/** A number or word that a person filled in for an argument. */
export type Filled = ReadonlyMap<string, number | string | boolean>;

const byPosition = (a: SourceRange, b: SourceRange): number => a.cell - b.cell || a.from - b.from;

const isSelf = (parameter: Parameter | undefined): boolean =>
  parameter?.target.kind === 'name' && parameter.target.name === 'self';

/** How many functions and classes that nobody calls are tried. */
const MOST_TRIED = 60;

/** Finds what may be a model in a program that has run, and runs what nobody called. */
export class CandidateSearch {
  private readonly symbols = new Map<string, SourceRange>();
  private readonly tried = new Set<FunctionCode>();
  /** Objects of classes that nobody else made one of. */
  private readonly madeHere = new Set<Value>();
  private count = 0;

  constructor(
    private readonly ran: Ran,
    private readonly definitions: readonly Definitions[],
    private readonly frameworks: readonly ModelFramework[],
    private readonly recorder: Recorder,
    private readonly filled: Filled,
  ) {}

  /** What was asked for so far, whether it was filled in or not. */
  get asked(): Iterable<string> {
    return this.symbols.keys();
  }

  /** The graphs of all models, in the order of the text, each once. */
  graphs(): Model[] {
    // What comes later in a file is usually made of what comes before: tried first, it leaves fewer to be tried.
    const classes = this.valuesOf('class')
      .filter((value): value is ClassValue => value.kind === 'class')
      .toReversed();
    for (const value of classes) this.tryClass(value);
    const functions = this.valuesOf('function')
      .filter((value): value is FunctionValue => value.kind === 'function')
      .toReversed();
    for (const value of functions) this.tryFunction(value);
    const found = [...this.variables(), ...this.instances(), ...this.leftInFunctions()];
    return found.map((graph) => this.withSymbols(graph)).sort((a, b) => byPosition(a.source, b.source));
  }

  private valuesOf(kind: 'class' | 'function'): Value[] {
    const known = (value: Value): boolean =>
      (value.kind === 'function' && this.definition(value.code) !== undefined) ||
      (value.kind === 'class' && this.classDefinition(value.code) !== undefined);
    const from = (value: Value): number => (value.kind === 'function' || value.kind === 'class' ? value.code.from : 0);
    return [...new Set(this.ran.names.values())]
      .filter((value) => value.kind === kind && known(value))
      .sort((a, b) => from(a) - from(b));
  }

  private definition(code: FunctionCode): FunctionDefinition | undefined {
    for (const { functions } of this.definitions) {
      const found = functions.get(code);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private classDefinition(code: ClassCode) {
    for (const { classes } of this.definitions) {
      const found = classes.get(code);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** An argument that the code does not tell: a symbol, or what a person filled in for it. */
  private symbol(name: string, source: SourceRange): Value {
    if (!this.symbols.has(name)) this.symbols.set(name, source);
    const value = this.filled.get(name);
    return value === undefined ? { kind: 'unknown', symbols: [name], text: name } : { kind: 'constant', value };
  }

  private argument({ target, from, to }: Parameter, cell: number): Value {
    const source = { cell, from, to };
    if (target.kind === 'name') return this.symbol(target.name, source);
    if (target.kind !== 'object') return this.ran.machine.unknown('argument');
    const entries = target.properties.flatMap(({ name, default: usual }) =>
      usual === undefined ? [[name, this.symbol(name, source)] as const] : [],
    );
    return { kind: 'dict', entries: new Map(entries), complete: true };
  }

  /** Symbols for all parameters without a default. */
  private argumentsFor(code: FunctionCode, cell: number, skip: number): CallArguments {
    const positional: Value[] = [];
    const named = new Map<string, Value>();
    const parameters = code.parameters.slice(skip).filter(({ rest }) => rest === undefined);
    const isOpen = ({ default: usual }: Parameter) => usual === undefined;
    const last = parameters.findLastIndex((parameter) => isOpen(parameter) && parameter.keywordOnly !== true);
    parameters.forEach((parameter, k) => {
      if (parameter.keywordOnly && parameter.target.kind === 'name') {
        if (isOpen(parameter)) named.set(parameter.target.name, this.argument(parameter, cell));
      } else if (k <= last) {
        positional.push(isOpen(parameter) ? this.argument(parameter, cell) : { kind: 'constant', value: undefined });
      }
    });
    const list = { cell, from: code.from, to: code.from };
    return { positional, named, complete: true, sources: new Map(), list };
  }

  private run(callee: Value, args: CallArguments, site: Site): Value | undefined {
    if (this.count++ > MOST_TRIED) return undefined;
    return this.ran.machine.call(callee, args, site);
  }

  /** The framework whose model a class is; of one whose base is in a file that is not here, once an object was made. */
  private frameworkOf(value: ClassValue): ModelFramework | undefined {
    const adopted = this.recorder.instances.find((each) => each.class === value)?.foreign?.library;
    return this.baseFramework(value) ?? this.frameworks.find(({ library }) => library === adopted);
  }

  private baseFramework(value: ClassValue, depth = 0): ModelFramework | undefined {
    for (const base of value.bases) {
      if (base.kind === 'path') {
        const found = this.frameworks.find((each) => each.modelBase(base.path));
        if (found !== undefined) return found;
      }
      const inherited = base.kind === 'class' && depth < 20 ? this.baseFramework(base, depth + 1) : undefined;
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }

  private constructorOf(value: ClassValue, depth = 0): FunctionValue | undefined {
    const own = value.attributes.get('__init__') ?? value.attributes.get('constructor');
    if (own?.kind === 'function') return own;
    for (const base of value.bases) {
      const found = base.kind === 'class' && depth < 20 ? this.constructorOf(base, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether an object of a class is there, or of one that builds on it and computes what it computes. */
  private isMade(value: ClassValue): boolean {
    if (this.recorder.instances.some((instance) => instance.class === value)) return true;
    const init = value.attributes.get('__init__') ?? value.attributes.get('constructor');
    return init?.kind === 'function' && this.ran.called.has(init.code) && this.subclasses(value).length === 0;
  }

  private subclasses(value: ClassValue): ClassValue[] {
    const classes = [...this.ran.names.values()].filter((each) => each.kind === 'class');
    return classes.filter(({ bases }) => bases.includes(value));
  }

  /** A class that others build on and show: one of them computes as it does. */
  private isShownByOthers(value: ClassValue): boolean {
    const forward = ['forward', 'call', '__call__'].find((name) => value.attributes.has(name));
    const others = this.subclasses(value);
    return others.length > 0 && !(forward && others.every(({ attributes }) => attributes.has(forward)));
  }

  /** A class that nobody makes an object of: with symbols for what its constructor wants. */
  private tryClass(value: ClassValue): void {
    const definition = this.classDefinition(value.code);
    if (definition === undefined) return;
    const site: Site = { source: definition.source };
    let made: Value | undefined;
    if (!this.isMade(value) && !this.isShownByOthers(value)) {
      const init = this.constructorOf(value);
      const skip = this.ran.machine.language === 'python' ? 1 : 0;
      const args = init === undefined ? this.fields(value) : this.argumentsFor(init.code, definition.source.cell, skip);
      made = this.run(value, args, site);
      if (made !== undefined) this.madeHere.add(made);
    }
    if (this.frameworkOf(value) === undefined) this.tryMethods(value, made);
  }

  /** A dataclass's fields without a value. */
  private fields(value: ClassValue): CallArguments {
    const cell = value.cell;
    const named = new Map<string, Value>();
    if (value.dataclass) {
      for (const statement of value.code.body) {
        if (statement.kind !== 'declare') continue;
        const { name, from, to } = statement;
        named.set(name, this.symbol(name, { cell, from, to }));
      }
    }
    return {
      positional: [],
      named,
      complete: true,
      sources: new Map(),
      list: { cell, from: value.code.from, to: value.code.from },
    };
  }

  /** Methods of a class that is no model itself, such as a `build` that returns one. */
  private tryMethods(value: ClassValue, made: Value | undefined): void {
    const isObject = (each: Value | undefined): boolean => each?.kind === 'instance' && each.class === value;
    const object = [made, ...this.ran.names.values()].find(isObject);
    for (const [name, method] of value.attributes) {
      if (method.kind !== 'function' || this.ran.called.has(method.code) || /^__/.test(name) || name === 'constructor')
        continue;
      const callee = this.ran.machine.member(object ?? value, name);
      const isOpen = callee?.kind === 'function' && callee.self === undefined && isSelf(callee.code.parameters[0]);
      if (callee?.kind === 'function' && !isOpen) this.tryFunction(callee);
    }
  }

  private tryFunction(value: FunctionValue): void {
    const { code } = value;
    const definition = this.definition(code);
    if (definition === undefined || this.ran.called.has(code) || this.tried.has(code) || code.generator) return;
    this.tried.add(code);
    const bound = value.self !== undefined && this.ran.machine.language === 'python' ? 1 : 0;
    const result = this.run(value, this.argumentsFor(code, definition.source.cell, bound), {
      source: definition.source,
    });
    // A class that a function makes and gives back.
    if (result?.kind === 'class') this.tryClass(result);
  }

  private graphOf(value: Value, name: string, source: SourceRange): Model | undefined {
    const candidate: ModelCandidate = { value, name, source };
    const framework =
      value.kind === 'foreign'
        ? this.frameworks.find(({ library }) => library === value.library)
        : value.kind === 'instance'
          ? this.frameworkOf(value.class)
          : undefined;
    return framework?.graphOf(candidate, this.ran.machine);
  }

  /** Module-level variables that hold models, also in lists and dicts. */
  private variables(): Model[] {
    const graphs: Model[] = [];
    const last = new Map<string, SourceRange>();
    for (const { assignments } of this.definitions) {
      for (const { name, source } of assignments) last.set(name, source);
    }
    for (const [name, source] of last) {
      const value = this.ran.names.get(name);
      if (value !== undefined) this.variable(value, name, source, graphs, 0);
    }
    return graphs;
  }

  private readonly shown = new Set<Value>();

  private variable(value: Value, name: string, source: SourceRange, graphs: Model[], depth: number): void {
    if (value.kind === 'list' && depth < 2) {
      value.items.slice(0, 20).forEach((item, k) => {
        this.variable(item, `${name}[${k}]`, source, graphs, depth + 1);
      });
    } else if (value.kind === 'dict' && depth < 2) {
      for (const [key, item] of [...value.entries].slice(0, 20)) {
        this.variable(item, `${name}[${JSON.stringify(key)}]`, source, graphs, depth + 1);
      }
    } else if (value.kind === 'foreign' && !this.shown.has(value)) {
      const graph = this.graphOf(value, name, this.assignedAt(value, name) ?? source);
      if (graph === undefined) return;
      this.shown.add(value);
      graphs.push(graph);
    }
  }

  /** Where a name got a value, which may not be where it was assigned last. */
  private assignedAt(value: Foreign, name: string): SourceRange | undefined {
    const made = this.recorder.made.get(value);
    const assignment = made && assignmentAround(this.definitions, made.source);
    return assignment?.name === name ? assignment.source : undefined;
  }

  /** Classes without a way from input to output: what their objects hold stands for itself. */
  private readonly silent = new Set<ClassValue>();

  /** Classes that are models: the first object of each that is no part of another. */
  private instances(): Model[] {
    const byClass = new Map<ClassValue, InstanceValue[]>();
    const tried = this.madeHere;
    const byOthers = new Set(this.recorder.instances.filter((each) => !tried.has(each)).map((each) => each.class));
    for (const instance of this.recorder.instances) {
      // One that another model makes of the class counts, and not the one that was made to see what the class is.
      if (tried.has(instance) && byOthers.has(instance.class)) continue;
      byClass.set(instance.class, [...(byClass.get(instance.class) ?? []), instance]);
    }
    const looked = new Set<ClassValue>();
    const found: { graph: Model; instance: InstanceValue }[] = [];
    // Looking at one may show that another is a part of it, so that all are looked at before any is taken.
    for (let silent = -1; silent < this.silent.size; ) {
      silent = this.silent.size;
      const parts = this.heldInInstances();
      for (const [value, instances] of byClass) {
        const definition = this.classDefinition(value.code);
        const own = instances.find((instance) => !parts.has(instance) && !this.isPart(instance));
        if (definition === undefined || own === undefined || looked.has(value)) continue;
        looked.add(value);
        const graph = this.graphOf(own, value.name, definition.source);
        if (graph !== undefined) found.push({ graph, instance: own });
        else if (!hasWay(own, this.ran.machine)) this.silent.add(value);
      }
    }
    return found.filter(({ instance }) => !this.isPart(instance)).map(({ graph }) => graph);
  }

  private isPart(value: Value): boolean {
    return this.recorder.used.has(value) || this.frameworks.some((framework) => framework.isPart?.(value) ?? false);
  }

  /** Everything that an object of the file's model classes holds and shows. */
  private heldInInstances(): Set<Value> {
    const held = new Set<Value>();
    const hold = (value: Value, depth: number): void => {
      if (held.has(value) || depth > 4) return;
      if (value.kind === 'foreign' || value.kind === 'instance') held.add(value);
      if (value.kind === 'list') for (const item of value.items) hold(item, depth + 1);
      if (value.kind === 'dict') for (const item of value.entries.values()) hold(item, depth + 1);
    };
    for (const { attributes, class: value } of this.recorder.instances) {
      if (!this.silent.has(value)) for (const each of attributes.values()) hold(each, 0);
    }
    return held;
  }

  /** Models that no variable of the module holds at the end. */
  private leftInFunctions(): Model[] {
    const held = this.heldInInstances();
    const sources = new Set([...this.shown].map((value) => this.placeOf(value)));
    const alone: Model[] = [];
    const byFunction = new Map<FunctionDefinition, { made: Made; graph: Model }[]>();
    for (const made of this.recorder.made.values()) {
      const { value, source, framework } = made;
      const skip =
        this.shown.has(value) || held.has(value) || this.recorder.used.has(value) || sources.has(this.placeOf(value));
      if (skip || framework.isPart?.(value)) continue;
      const definition = functionAround(this.definitions, source);
      if (definition === undefined) {
        const graph = this.replaced(made);
        if (graph !== undefined) alone.push(graph);
        if (graph !== undefined) sources.add(this.placeOf(value));
        continue;
      }
      if (this.isModelMethod(definition)) continue;
      const graph = framework.graphOf(
        { value, name: definition.name ?? 'model', source: definition.source },
        this.ran.machine,
      );
      if (graph === undefined) continue;
      sources.add(this.placeOf(value));
      byFunction.set(definition, [...(byFunction.get(definition) ?? []), { made, graph }]);
    }
    return [...alone, ...[...byFunction.values()].flatMap((several) => this.named(several))];
  }

  /** A model whose variable holds another one by now, as in notebooks that call each one `model`. */
  private replaced({ value, source }: Made): Model | undefined {
    const assignment = assignmentAround(this.definitions, source);
    return assignment && this.graphOf(value, assignment.name, assignment.source);
  }

  /** One model has its function's name; of several, and in a constructor, each has its variable's. */
  private named(several: readonly { made: Made; graph: Model }[]): Model[] {
    const inConstructor = /^(__init__|constructor)$/.test(several[0]?.graph.name ?? '');
    if (several.length === 1 && !inConstructor) return several.map(({ graph }) => graph);
    return several.map(({ made, graph }) => ({ ...graph, name: made.assignedTo ?? graph.name, source: made.source }));
  }

  private placeOf(value: Value): string {
    const made = value.kind === 'foreign' ? this.recorder.made.get(value) : undefined;
    return made === undefined ? '' : `${made.source.cell}:${made.source.from}`;
  }

  /** What a model's own methods make belongs to it. */
  private isModelMethod({ owner }: FunctionDefinition): boolean {
    if (owner === undefined) return false;
    const value = [...this.ran.names.values()].find((each) => each.kind === 'class' && each.code === owner);
    return value?.kind === 'class' && !this.silent.has(value) && this.frameworkOf(value) !== undefined;
  }

  private withSymbols(graph: Model): Model {
    const symbols = graph.symbols.map(
      ({ name, source }): ModelSymbol => ({ name, source: this.symbols.get(name) ?? source }),
    );
    return { ...graph, symbols };
  }
}
