import { patternOf } from '../../../core/format/pattern';
import type { SourceRange } from '../../../core/model/model';
import type { CallArguments, ClassValue, DictValue, FunctionValue, Site, Value } from '../../interpret/values';
import { type FunctionCode, type Parameter, sourceAt } from '../../program/ast';
import type { Steps } from '../../steps';
import type { FunctionDefinition } from '../definitions';
import type { OpenArguments } from './openArguments';
import { argumentsBeside, countOf, partialClass } from './partials';
import { classesIn, definitionIn, frameworkOf, type Ran } from './ran';

/** The text of a function that may make a model of its own. */
const making = /\b(layers\.\w|[sS]equential\s*\(|nn\.[A-Z]|Model\s*\(|nnx\.[A-Z])/;

/**
 * The share of all steps that is kept while classes that nobody makes an object of are tried, with their methods, for
 * the functions that come after them; and while these are tried, for looking at the models that were found.
 */
const KEPT = { classes: 0.5, functions: 0.25 } as const;

/** Classes that a class builds on are followed so far. */
const DEEPEST = 20;

const isSelf = (parameter: Parameter | undefined): boolean =>
  parameter?.target.kind === 'name' && parameter.target.name === 'self';

const constructorIn = ({ attributes }: ClassValue): Value | undefined =>
  attributes.get('__init__') ?? attributes.get('constructor');

function constructorOf(value: ClassValue, depth = 0): FunctionValue | undefined {
  const own = constructorIn(value);
  if (own?.kind === 'function') return own;
  for (const base of value.bases) {
    const found = base.kind === 'class' && depth < DEEPEST ? constructorOf(base, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstIn<T>(values: Iterable<T>, wanted: (value: T) => boolean): T | undefined {
  for (const value of values) if (wanted(value)) return value;
  return undefined;
}

/** Runs what nobody calls: functions, and classes that nobody makes an object of. */
export class Trials {
  /** Objects of classes that nobody else made one of. */
  readonly made = new Set<Value>();
  /** What functions gave back that were tried. */
  readonly results: { readonly value: Value; readonly definition: FunctionDefinition }[] = [];
  private readonly tried = new Set<FunctionCode>();
  /** The classes that build on a class. */
  private readonly builtOn = new Map<Value, ClassValue[]>();
  private kept: number = KEPT.classes;
  private wasCut = false;

  constructor(
    private readonly ran: Ran,
    private readonly open: OpenArguments,
  ) {
    for (const value of classesIn(ran)) {
      for (const base of new Set(value.bases)) {
        const others = this.builtOn.get(base);
        if (others === undefined) this.builtOn.set(base, [value]);
        else others.push(value);
      }
    }
  }

  /** Whether not all was tried, for want of steps. */
  get isCut(): boolean {
    return this.wasCut;
  }

  /** What comes later in a file is usually made of what comes before: tried first, it leaves fewer to be tried. */
  *all(): Steps<void> {
    const values = [...new Set([...this.ran.names.values(), ...classesIn(this.ran)])];
    const from = new Map<Value, number>();
    for (const value of values) {
      const definition =
        value.kind === 'function'
          ? definitionIn(this.ran, ({ functions }) => functions.get(value.code))
          : value.kind === 'class'
            ? definitionIn(this.ran, ({ classes }) => classes.get(value.code))
            : undefined;
      if (definition !== undefined) from.set(value, definition.body.from);
    }
    const defined = values.filter((value) => from.has(value)).sort((a, b) => from.get(a)! - from.get(b)!);
    yield* this.tryPartials(values);
    for (const value of defined.toReversed()) if (value.kind === 'class') yield* this.tryClass(value);
    this.kept = KEPT.functions;
    for (const value of defined.toReversed()) if (value.kind === 'function') yield* this.tryFunction(value);
    for (const value of values) if (value.kind === 'dict') yield* this.tryHeld(value);
    yield* this.tryInner();
  }

  /** Functions of an object that make layers, with the object as `this`. */
  private *tryHeld(object: DictValue): Steps<void> {
    if (this.ran.machine.language === 'python') return;
    for (const held of object.entries.values()) {
      if (held.kind !== 'function' || held.self !== undefined || held.code.arrow) continue;
      if (making.test(this.textOf(held))) yield* this.tryFunction({ ...held, self: object });
    }
  }

  /** A value, or what a list, a dict or a class of settings holds. */
  private held(value: Value): readonly Value[] {
    if (value.kind === 'list') return value.items;
    if (value.kind === 'dict') return [...value.entries.values()];
    const isSettings = value.kind === 'class' && value.dataclass && frameworkOf(this.ran, value) === undefined;
    return isSettings ? [...value.attributes.values()] : [value];
  }

  /** Partials that give a model all that it needs, or most of it, though nobody makes one here. */
  private *tryPartials(values: readonly Value[]): Steps<void> {
    const partials = values.flatMap((value) => this.held(value)).flatMap((value) => partialClass(value) ?? []);
    // What gives most of what the class needs is nearest to a model; of two that give as much, the first.
    for (const each of partials.sort((a, b) => countOf(b) - countOf(a))) {
      const definition = definitionIn(this.ran, ({ classes }) => classes.get(each.value.code));
      if (definition === undefined || this.isMade(each.value) || frameworkOf(this.ran, each.value) === undefined)
        continue;
      const args = argumentsBeside(each, constructorOf(each.value), this.open);
      this.run(each.partial, args, { source: definition.source });
      yield;
    }
  }

  /** Functions inside others that nobody calls, such as what a button does. */
  private *tryInner(): Steps<void> {
    for (let tried = -1; tried < this.tried.size; ) {
      tried = this.tried.size;
      const open = [...this.ran.functions.values()].filter(
        ({ code, owner }) => owner === undefined && !this.ran.called.has(code) && !this.tried.has(code),
      );
      const makers = open.filter((value) => making.test(this.textOf(value)));
      // Whoever calls one of them by its name knows what it gets.
      const names = makers.flatMap(
        ({ code }) => definitionIn(this.ran, ({ functions }) => functions.get(code))?.name ?? [],
      );
      const calling =
        names.length === 0
          ? undefined
          : new RegExp(`(?<!function\\s+|def\\s+)(?<![\\w$])(?:${names.map(patternOf).join('|')})\\s*\\(`);
      const callers = open.filter((value) => !makers.includes(value) && calling?.test(this.textOf(value)));
      for (const value of [...callers, ...makers]) if (!this.ran.called.has(value.code)) yield* this.tryFunction(value);
    }
  }

  private textOf({ code, place }: FunctionValue): string {
    return this.ran.machine.text(sourceAt(place, code));
  }

  private run(callee: Value, args: CallArguments, site: Site): Value | undefined {
    if (this.ran.left() < this.kept) {
      this.wasCut = true;
      return undefined;
    }
    return this.ran.machine.call(callee, args, site);
  }

  /** Whether an object of a class is there, or of one that builds on it and computes what it computes. */
  private isMade(value: ClassValue): boolean {
    if (this.ran.recorder.firstOf.has(value)) return true;
    const init = constructorIn(value);
    return init?.kind === 'function' && this.ran.called.has(init.code) && this.subclasses(value).length === 0;
  }

  private subclasses(value: ClassValue): readonly ClassValue[] {
    return this.builtOn.get(value) ?? [];
  }

  /** A class that others build on and show: one of them computes as it does. */
  private isShownByOthers(value: ClassValue): boolean {
    const forward = ['forward', 'call', '__call__'].find((name) => value.attributes.has(name));
    const others = this.subclasses(value);
    return others.length > 0 && !(forward && others.every(({ attributes }) => attributes.has(forward)));
  }

  /** A class that nobody makes an object of: with symbols for what its constructor wants. */
  private *tryClass(value: ClassValue): Steps<void> {
    const definition = definitionIn(this.ran, ({ classes }) => classes.get(value.code));
    if (definition === undefined) return;
    const { source } = definition;
    let made: Value | undefined;
    if (!this.isMade(value) && !this.isShownByOthers(value)) {
      made = this.construct(value, source);
      if (made !== undefined) this.made.add(made);
      yield;
    }
    if (frameworkOf(this.ran, value) === undefined) yield* this.tryMethods(value, made, source);
  }

  private construct(value: ClassValue, source: SourceRange): Value | undefined {
    const init = constructorOf(value);
    const skip = this.ran.machine.language === 'python' ? 1 : 0;
    const args = init === undefined ? this.open.ofFields(value) : this.open.of(init.code, init.place, skip);
    return this.run(value, args, { source });
  }

  /** Methods of a class that is no model itself, such as a `build` that returns one. */
  private *tryMethods(value: ClassValue, made: Value | undefined, source: SourceRange): Steps<void> {
    const isObject = (each: Value | undefined): boolean => each?.kind === 'instance' && each.class === value;
    let object = isObject(made) ? made : firstIn(this.ran.names.values(), isObject);
    for (const [name, method] of this.inTurn(value)) {
      if (method.kind !== 'function' || this.ran.called.has(method.code) || /^__/.test(name) || name === 'constructor')
        continue;
      // One that the file makes, and keeps nowhere.
      if (isSelf(method.code.parameters[0])) object ??= this.construct(value, source);
      const callee = this.ran.machine.member(object ?? value, name);
      const isUnbound = callee?.kind === 'function' && callee.self === undefined && isSelf(callee.code.parameters[0]);
      if (callee?.kind === 'function' && !isUnbound) yield* this.tryFunction(callee);
    }
  }

  /** A class's methods: first those that no other one calls, last those that take what others made for something loaded. */
  private inTurn({ attributes, code, place }: ClassValue): (readonly [string, Value])[] {
    const text = this.ran.machine.text(sourceAt(place, code));
    const turn = (name: string): number => (/^_*(load|restore)/i.test(name) ? 2 : text.includes(`.${name}(`) ? 1 : 0);
    return [...attributes].sort(([a], [b]) => turn(a) - turn(b));
  }

  private *tryFunction(value: FunctionValue): Steps<void> {
    const { code, place, self } = value;
    const definition = definitionIn(this.ran, ({ functions }) => functions.get(code));
    if (definition === undefined || this.ran.called.has(code) || this.tried.has(code) || code.generator) return;
    this.tried.add(code);
    const bound = self !== undefined && this.ran.machine.language === 'python' ? 1 : 0;
    const result = this.run(value, this.open.of(code, place, bound), { source: definition.source });
    yield;
    if (result !== undefined) this.results.push({ value: result, definition });
    // A class that a function makes and gives back.
    if (result?.kind === 'class') yield* this.tryClass(result);
  }
}
