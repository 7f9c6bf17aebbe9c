import type { SourceRange } from '../../core/model/model';
import type {
  Argument,
  ClassCode,
  ComprehensionClause,
  Expression,
  FunctionCode,
  Program,
  Span,
  Statement,
  Target,
} from '../program/ast';
import { rootOf } from '../value';
import { pythonBuiltins, wordsOf } from './builtins';
import { Changes } from './changes';
import type { Builtin, Host } from './host';
import { methodOf } from './methods';
import { moduleCall, moduleConstant } from './modules';
import { objectLibrary, parserOf, partialOf, superOf } from './objects';
import { binary, compare, dictOf, indexed, keyOf, ownItems, sliced, textOf, truth, wholeOf } from './operations';
import {
  type CallArguments,
  type ClassValue,
  constant,
  type DictValue,
  type Environment,
  type Foreign,
  type FunctionValue,
  type InstanceValue,
  type Library,
  type ListValue,
  list,
  type Machine,
  type Site,
  type Unknown,
  type Value,
} from './values';

/** One text of the program: a file, or a cell of a notebook. */
export interface Cell {
  readonly program: Program;
  readonly text: string;
  readonly cell: number;
}

/** A library, and the first parts of the paths that it answers for. */
export interface LibraryRoots {
  readonly roots: readonly string[];
  readonly library: Library;
}

/** What a program leaves behind. The machine can be called on. */
export interface Interpreted {
  readonly machine: Machine;
  /** Names of the module after the run. */
  readonly module: Environment;
  /** Functions that ran at least once, methods too; it grows. */
  readonly called: ReadonlySet<FunctionCode>;
  /** Whether the code took more steps than are followed: what came after may be missing. */
  isSpent(): boolean;
}

/** Statements and expressions that a run, and each later call from outside, may take. */
const STEPS = 150_000;
/** … and all of them together: a file of many endless classes is given up after a second. */
const ALL_STEPS = 400_000;
/** Calls within calls. */
const DEEPEST_CALL = 48;
/** Rounds of a loop that are followed. */
const MOST_ROUNDS = 512;
/** Of the text that something unknown keeps. */
const LONGEST_TEXT = 60;

/** Ends a run that takes too long; never leaves this file. */
class Exhausted extends Error {}

type Completion =
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue' | 'raise' }
  | undefined;

/** A call under way. */
interface Frame {
  readonly cell: number;
  readonly function: FunctionValue | undefined;
  readonly self: Value | undefined;
  /** What branches that may have run have returned already. */
  readonly returned: Value[];
  /** Names that `global` and `nonlocal` take from elsewhere. */
  readonly elsewhere: Map<string, Environment>;
}

const none = constant(null);
const nothing: readonly Value[] = [];

const environment = (parent: Environment | undefined): Environment => ({ names: new Map(), parent });

/** Bases that a class may have from another file of the same project, or from a package that builds on a framework. */
const fromElsewhere =
  /^(?!(abc|typing|enum|collections|builtins|threading|unittest|numpy|gym|gymnasium)\.)\.*\w+\.[\w.]+$/;

/** Decorators that make a dataclass of a class, and bases that do. */
const dataclassMakers =
  /(^|\.)(dataclass|dataclasses\.dataclass|flax\.struct\.dataclass|struct\.dataclass|attr\.s|attrs\.define|define)$/;
const dataclassBases = /^(flax\.linen\.Module|flax\.struct\.PyTreeNode|typing\.NamedTuple|pydantic\.BaseModel)$/;

class Interpreter implements Host {
  readonly language: 'python' | 'javascript';
  readonly module = environment(undefined);
  readonly called = new Set<FunctionCode>();
  private readonly texts = new Map<number, string>();
  private readonly cells = new WeakMap<FunctionCode, number>();
  /** How a function of a class is bound: `@property` and its like. */
  private readonly how = new WeakMap<FunctionValue, 'static' | 'class' | 'getter'>();
  private readonly changes = new Changes();
  private readonly stars: string[] = [];
  private frames: Frame[] = [];
  private steps = 0;
  private most = STEPS;
  private left = ALL_STEPS;
  private doubts = 0;
  private count = 0;

  constructor(
    cells: readonly Cell[],
    private readonly libraries: readonly LibraryRoots[],
    private readonly symbols: ReadonlyMap<string, number | string | boolean>,
  ) {
    this.language = cells[0]?.program.language ?? 'python';
    for (const { text, cell } of cells) this.texts.set(cell, text);
  }

  private get python(): boolean {
    return this.language === 'python';
  }

  get uncertain(): boolean {
    return this.doubts > 0;
  }

  get doubtLevel(): number {
    return this.doubts;
  }

  private get frame(): Frame {
    return this.frames.at(-1)!;
  }

  // Machine

  text({ cell, from, to }: SourceRange): string {
    return this.texts.get(cell)?.slice(from, to) ?? '';
  }

  next(): number {
    return this.count++;
  }

  unknown(text: string, from: readonly Value[] = nothing): Unknown {
    const symbols = [...new Set(from.flatMap((value) => (value.kind === 'unknown' ? value.symbols : [])))];
    return { kind: 'unknown', symbols, text: text.slice(0, LONGEST_TEXT) };
  }

  private symbol(name: string): Value {
    const filled = this.symbols.get(name);
    return filled === undefined ? { kind: 'unknown', symbols: [name], text: name } : constant(filled);
  }

  run(cells: readonly Cell[]): void {
    for (const { program, cell } of cells) {
      this.outermost(() => {
        this.frames.push({ cell, function: undefined, self: undefined, returned: [], elsewhere: new Map() });
        this.block(program.body, this.module);
      });
    }
  }

  /** Code from outside: with a budget of its own, and nothing that it throws gets out. */
  private outermost(run: () => void): void {
    const [frames, doubts] = [this.frames, this.doubts];
    this.frames = [];
    this.steps = 0;
    this.most = Math.min(STEPS, this.left);
    try {
      run();
    } catch (error) {
      if (!(error instanceof Exhausted || error instanceof RangeError)) throw error;
    } finally {
      this.left = Math.max(0, this.left - this.steps);
      this.frames = frames;
      this.doubts = doubts;
    }
  }

  /** Whether there is nothing left to follow further code with. */
  get isSpent(): boolean {
    return this.left === 0;
  }

  call(callee: Value, args: CallArguments, site: Site): Value {
    if (this.frames.length > 0) return this.callValue(callee, args, site);
    let result: Value = this.unknown(this.text(site.source));
    this.outermost(() => {
      this.frames.push({
        cell: site.source.cell,
        function: undefined,
        self: undefined,
        returned: [],
        elsewhere: new Map(),
      });
      result = this.callValue(callee, args, site);
    });
    return result;
  }

  apply(callee: Value, positional: readonly Value[], site: Site): Value {
    return this.call(
      callee,
      { positional, named: new Map(), complete: true, sources: new Map(), list: site.source },
      site,
    );
  }

  private step(): void {
    if (++this.steps > this.most) throw new Exhausted();
  }

  private at({ from, to }: Span): SourceRange {
    return { cell: this.frame.cell, from, to };
  }

  private written(range: Span): string {
    return this.text(this.at(range)).slice(0, LONGEST_TEXT);
  }

  private libraryOf(path: string): Library | undefined {
    const root = rootOf(path);
    return this.libraries.find(({ roots }) => roots.includes(root))?.library;
  }

  // Statements

  private block(statements: readonly Statement[], scope: Environment): Completion {
    for (const statement of statements) {
      const completion = this.statement(statement, scope);
      if (completion !== undefined) return completion;
    }
    return undefined;
  }

  private statement(statement: Statement, scope: Environment): Completion {
    this.step();
    switch (statement.kind) {
      case 'expression':
        this.changedInPlace(statement.value, this.expression(statement.value, scope), scope);
        return undefined;
      case 'assign':
        this.assignStatement(statement, scope);
        return undefined;
      case 'declare':
        if (!this.python) this.set(scope, statement.name, constant(undefined));
        return undefined;
      case 'import':
        for (const { name, path } of statement.bindings) {
          this.set(scope, name, path === undefined ? this.unknown(name) : this.imported(path));
        }
        if (statement.star !== undefined) this.stars.push(statement.star);
        return undefined;
      case 'function': {
        const value = this.functionValue(statement.function, scope);
        if (statement.static !== undefined) this.how.set(value, statement.static);
        if (statement.function.name !== undefined) {
          this.set(scope, statement.function.name, this.decorated(value, statement.function.decorators, scope));
        }
        return undefined;
      }
      case 'class': {
        const value = this.classValue(statement.class, scope);
        if (statement.class.name !== undefined) this.set(scope, statement.class.name, value);
        return undefined;
      }
      case 'if':
        return this.ifStatement(statement, scope);
      case 'for':
        return this.forStatement(statement, scope);
      case 'while':
        return this.whileStatement(statement, scope);
      case 'with':
        for (const { value, target } of statement.items) {
          const held = this.expression(value, scope);
          if (target !== undefined) this.assign(target, held, scope);
        }
        return this.block(statement.body, scope);
      case 'try': {
        const completion = this.block(statement.body, scope);
        const next =
          completion?.kind === 'raise'
            ? this.block(statement.handlers[0] ?? [], scope)
            : (completion ?? this.block(statement.otherwise, scope));
        return this.block(statement.finally, scope) ?? next;
      }
      case 'return': {
        const value = statement.value === undefined ? none : this.expression(statement.value, scope);
        return { kind: 'return', value };
      }
      case 'raise':
      case 'break':
      case 'continue':
        return { kind: statement.kind };
      case 'delete':
        for (const target of statement.targets) this.deleteTarget(target, scope);
        return undefined;
      case 'global':
        for (const name of statement.names) {
          const owner = statement.nonlocal ? this.holder(scope.parent, name) : this.module;
          if (owner !== undefined) this.frame.elsewhere.set(name, owner);
        }
        return undefined;
      case 'block':
        return this.block(statement.body, scope);
      default:
        return undefined;
    }
  }

  private imported(path: string): Value {
    return moduleConstant(path) ?? { kind: 'path', path };
  }

  private holder(scope: Environment | undefined, name: string): Environment | undefined {
    for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return at;
    return undefined;
  }

  private set(scope: Environment, name: string, value: Value): void {
    const owner = this.frames.at(-1)?.elsewhere.get(name) ?? scope;
    this.changes.set(owner.names, name, value);
  }

  private assignStatement(statement: Statement & { kind: 'assign' }, scope: Environment): void {
    const { targets, operator } = statement;
    const [first] = targets;
    const name = first?.kind === 'name' || first?.kind === 'member' ? first.name : undefined;
    if (operator === undefined) {
      const value = this.expression(statement.value, scope, name);
      for (const target of targets) this.assign(target, value, scope);
      return;
    }
    if (first === undefined) return;
    const before = this.read(first, scope);
    const more = this.expression(statement.value, scope);
    if (before.kind === 'list' && more.kind === 'list' && operator === '+' && this.python) {
      this.changeList(before, (items) => items.push(...more.items));
      if (!more.complete) before.complete = false;
      return;
    }
    const source = this.at(statement);
    this.assign(first, this.operate(operator, before, more, { source }), scope);
  }

  /** What an expression names is another value now. */
  private assignAgain(expression: Expression, value: Value, scope: Environment): void {
    if (expression.kind === 'name' || expression.kind === 'member') this.assign(expression, value, scope);
  }

  /** `x.add_(y)`, `F.relu_(x)` for themselves: PyTorch's functions in `_` leave their result in the tensor. */
  private changedInPlace(expression: Expression, result: Value, scope: Environment): void {
    if (expression.kind !== 'call' || result.kind !== 'foreign' || result.type !== 'tensor') return;
    const { callee, arguments: given } = expression;
    if (callee.kind !== 'member' || !/[^_]_$/.test(callee.name)) return;
    const first = given[0]?.value;
    for (const object of [callee.object, ...(first === undefined ? [] : [first])]) {
      if (object.kind !== 'name' && object.kind !== 'member') continue;
      const before = object.kind === 'name' ? this.name(object.name, scope) : this.read(object, scope);
      if (before?.kind === 'foreign' && before.type === 'tensor') {
        this.assignAgain(object, result, scope);
        return;
      }
    }
  }

  private deleteTarget(target: Target, scope: Environment): void {
    if (target.kind === 'name') this.changes.set(scope.names, target.name, undefined);
    if (target.kind === 'member') {
      const object = this.expression(target.object, scope);
      if (object.kind === 'instance') this.changes.set(object.attributes, target.name, undefined);
    }
    if (target.kind !== 'index') return;
    const object = this.expression(target.object, scope);
    const index = this.expression(target.index, scope);
    const [at, key] = [wholeOf(index), keyOf(index)];
    if (object.kind === 'list') {
      if (at === undefined) object.complete = false;
      else this.changeList(object, (items) => items.splice(at < 0 ? at + items.length : at, 1));
    } else if (object.kind === 'dict') {
      if (key === undefined) object.complete = false;
      else this.changeDict(object, key, undefined);
    } else {
      const held = foreignIn(object);
      held?.library.setItem?.(held, index, undefined, { source: this.at(target) }, this);
    }
  }

  /** What a target holds already. */
  private read(target: Target, scope: Environment): Value {
    switch (target.kind) {
      case 'name':
        return this.name(target.name, scope) ?? this.unknown(target.name);
      case 'member':
        return this.memberOf(this.expression(target.object, scope), target.name, target);
      case 'index':
        return this.index(this.expression(target.object, scope), this.expression(target.index, scope), target);
      default:
        return this.unknown(this.written(target));
    }
  }

  private assign(target: Target, value: Value, scope: Environment): void {
    switch (target.kind) {
      case 'name':
        this.set(scope, target.name, value);
        return;
      case 'member':
        this.setMember(this.expression(target.object, scope), target.name, value);
        return;
      case 'index': {
        const object = this.expression(target.object, scope);
        const index = this.expression(target.index, scope);
        const at = wholeOf(index);
        const key = keyOf(index);
        if (object.kind === 'dict') {
          if (key === undefined) object.complete = false;
          else this.changeDict(object, key, value);
        } else if (object.kind === 'list') {
          if (at === undefined) object.complete = false;
          else if (at < object.items.length)
            this.changeList(object, (items) => items.splice(at < 0 ? at + items.length : at, 1, value));
        } else {
          const held = foreignIn(object);
          const made = held?.library.setItem?.(held, index, value, { source: this.at(target) }, this);
          if (made !== undefined) this.assignAgain(target.object, made, scope);
        }
        return;
      }
      case 'sequence':
        this.assignSequence(target, value, scope);
        return;
      case 'object':
        for (const { name, target: inner, default: usual } of target.properties) {
          const found = value.kind === 'unknown' ? this.memberOf(value, name, inner) : this.member(value, name);
          const missing = found === undefined || (found.kind === 'constant' && found.value === undefined);
          const held = missing
            ? usual === undefined
              ? this.unknown(name, [value])
              : this.expression(usual, scope, name)
            : found;
          this.assign(inner, held, scope);
        }
        if (target.rest !== undefined) this.assign(target.rest, this.restOf(target.properties, value), scope);
        return;
      default:
    }
  }

  private restOf(taken: readonly { readonly name: string }[], value: Value): Value {
    if (value.kind !== 'dict') return this.unknown('rest', [value]);
    const names = new Set(taken.map(({ name }) => name));
    return dictOf([...value.entries].filter(([key]) => !names.has(String(key))));
  }

  private assignSequence(target: Target & { kind: 'sequence' }, value: Value, scope: Environment): void {
    const { items: targets, rest } = target;
    const exact = rest === undefined ? targets.length : undefined;
    const items = this.items(value, exact);
    if (items === undefined || (exact !== undefined && this.python && items.length !== exact)) {
      targets.forEach((each, k) => {
        const part = this.index(value, constant(k), target);
        this.assign(each, part, scope);
      });
      return;
    }
    targets.forEach((each, k) => {
      if (rest === undefined || k < rest) this.assign(each, items[k] ?? this.unknown('item', [value]), scope);
      else if (k === rest) this.assign(each, list(items.slice(k, items.length - (targets.length - 1 - k))), scope);
      else this.assign(each, items[items.length - (targets.length - k)] ?? this.unknown('item', [value]), scope);
    });
  }

  setMember(object: Value, name: string, value: Value): void {
    if (object.kind === 'instance') {
      const taken = object.foreign?.library.setMember?.(object.foreign, name, value, this);
      if (taken !== true || value.kind !== 'unknown' || value.symbols.length > 0)
        this.changes.set(object.attributes, name, value);
    } else if (object.kind === 'class') this.changes.set(object.attributes, name, value);
    else if (object.kind === 'dict') this.changeDict(object, name, value);
    else if (object.kind === 'foreign') object.library.setMember?.(object, name, value, this);
  }

  changeList(target: ListValue, change: (items: Value[]) => void): void {
    this.changes.list(target, change);
  }

  changeDict(target: DictValue, key: string | number | boolean | null, value: Value | undefined): void {
    this.changes.set(target.entries, key, value);
  }

  private ifStatement(statement: Statement & { kind: 'if' }, scope: Environment): Completion {
    const { test, consequence, otherwise } = statement;
    const answer = this.isMain(test) ? true : truth(this.expression(test, scope));
    if (answer !== undefined) return this.block(answer ? consequence : otherwise, scope);
    // What raises is a check: the code after it counts on the other branch.
    if (consequence.at(-1)?.kind === 'raise') return this.block(otherwise, scope);
    if (otherwise.at(-1)?.kind === 'raise') return this.block(consequence, scope);
    return this.either(
      () => this.block(consequence, scope),
      () => this.block(otherwise, scope),
    );
  }

  private isMain(test: Expression): boolean {
    return (
      test.kind === 'comparison' &&
      test.operands.some((operand) => operand.kind === 'name' && operand.name === '__name__')
    );
  }

  /** Runs two branches of which nobody knows which one it is, and joins what they leave behind. */
  private either(first: () => Completion, second: () => Completion): Completion {
    let [a, b]: [Completion, Completion] = [undefined, undefined];
    this.doubts++;
    let outcomes: [ReturnType<Changes['attempt']>, ReturnType<Changes['attempt']>];
    try {
      outcomes = [
        this.changes.attempt(() => {
          a = first();
        }),
        this.changes.attempt(() => {
          b = second();
        }),
      ];
    } finally {
      this.doubts--;
    }
    const [x, y] = [a as Completion, b as Completion];
    const ends = (completion: Completion) => completion?.kind === 'return' || completion?.kind === 'raise';
    if (ends(x) && ends(y)) {
      this.changes.join(...outcomes, (p, q) => this.merge(p, q));
      if (x?.kind === 'return' && y?.kind === 'return') {
        return { kind: 'return', value: this.merge(x.value, y.value) ?? none };
      }
      return x?.kind === 'return' ? x : y;
    }
    // A branch that has left changes nothing for the code that goes on.
    if (x?.kind === 'return') this.frame.returned.push(x.value);
    if (y?.kind === 'return') this.frame.returned.push(y.value);
    if (ends(x)) this.changes.take(outcomes[1]);
    else if (ends(y)) this.changes.take(outcomes[0]);
    else this.changes.join(...outcomes, (p, q) => this.merge(p, q));
    return undefined;
  }

  private merge(a: Value | undefined, b: Value | undefined): Value | undefined {
    if (a === undefined || b === undefined || a === b) return a ?? b;
    if (a.kind === 'constant' && b.kind === 'constant' && a.value === b.value) return a;
    const [first, second] = [foreignIn(a), foreignIn(b)];
    if (first !== undefined && second !== undefined && first.library === second.library) {
      if (a.kind === 'foreign' && b.kind === 'foreign') return first.library.merge?.(a, b, this) ?? a;
      return a;
    }
    if (first !== undefined) return a;
    if (second !== undefined) return b;
    if (a.kind === 'list' && b.kind === 'list') {
      const longer = a.items.length >= b.items.length ? a : b;
      return { ...longer, items: [...longer.items], complete: false };
    }
    if (isNothing(a) && b.kind !== 'constant') return b;
    if (isNothing(b) && a.kind !== 'constant') return a;
    return this.unknown(a.kind === 'unknown' ? a.text : 'either', [a, b]);
  }

  /** Code that may or may not run, and whose results are joined with what was before. */
  private perhaps(run: () => Completion): Completion {
    return this.either(run, () => undefined);
  }

  private forStatement(statement: Statement & { kind: 'for' }, scope: Environment): Completion {
    const { target, body, otherwise } = statement;
    const over = this.expression(statement.over, scope);
    const items = this.items(over);
    const further = () =>
      this.perhaps(() => {
        this.assign(target, this.unknown(this.written(target), [over]), scope);
        const completion = this.block(body, scope);
        return completion?.kind === 'return' ? completion : undefined;
      });
    if (items === undefined) return further();
    // A training of thousands of steps is no model: it must not use up what a run may take.
    for (const item of items.slice(0, MOST_ROUNDS)) {
      this.assign(target, item, scope);
      const completion = this.block(body, scope);
      if (completion?.kind === 'break') return undefined;
      if (completion !== undefined && completion.kind !== 'continue') return completion;
    }
    if ((over.kind === 'list' || over.kind === 'dict') && !over.complete) {
      const completion = further();
      if (completion !== undefined) return completion;
    }
    return this.block(otherwise, scope);
  }

  private whileStatement(statement: Statement & { kind: 'while' }, scope: Environment): Completion {
    const { before, test, update, body } = statement;
    this.block(before, scope);
    for (let turn = 0; turn < MOST_ROUNDS; turn++) {
      const answer = test === undefined ? undefined : truth(this.expression(test, scope));
      if (answer === false) return undefined;
      // `while True` trains; its body is looked at once.
      if (answer === undefined || test?.kind === 'constant') {
        return this.perhaps(() => {
          const completion = this.block(body, scope);
          return completion?.kind === 'return' ? completion : undefined;
        });
      }
      const completion = this.block(body, scope);
      if (completion?.kind === 'break') return undefined;
      if (completion !== undefined && completion.kind !== 'continue') return completion;
      this.block(update, scope);
    }
    return undefined;
  }

  // Functions and classes

  private functionValue(code: FunctionCode, scope: Environment): FunctionValue {
    const defaults = new Map<number, Value>();
    code.parameters.forEach((parameter, k) => {
      if (parameter.default !== undefined && this.python) {
        const name = parameter.target.kind === 'name' ? parameter.target.name : undefined;
        defaults.set(k, this.expression(parameter.default, scope, name));
      }
    });
    this.cells.set(code, this.frame.cell);
    const owner = this.owners.get(scope);
    return {
      kind: 'function',
      code,
      // Names of a class are not seen from its methods.
      scope: owner === undefined ? scope : scope.parent!,
      defaults,
      ...(code.arrow && this.frame.self !== undefined ? { self: this.frame.self } : {}),
      ...(owner === undefined ? {} : { owner }),
    };
  }

  /** Of which class a scope is the body. */
  private readonly owners = new WeakMap<Environment, ClassValue>();

  private decorated(value: FunctionValue, decorators: readonly Expression[], scope: Environment): Value {
    let result: Value = value;
    for (const decorator of decorators.toReversed()) {
      const by = this.expression(decorator, scope);
      if (by.kind !== 'function') continue;
      const made = this.apply(by, [result], { source: this.at(decorator) });
      if (made.kind === 'function' && made.code.name === value.code.name) result = made;
    }
    return result;
  }

  private classValue(code: ClassCode, scope: Environment): ClassValue {
    const bases = code.bases.filter(({ name }) => name === undefined).map(({ value }) => this.expression(value, scope));
    const decorators = code.decorators.map((decorator) => this.expression(decorator, scope));
    const names = decorators.map((value) =>
      value.kind === 'path' ? value.path : value.kind === 'unknown' ? value.text : '',
    );
    const dataclass =
      names.some((name) => dataclassMakers.test(name.replace(/\(.*/s, ''))) ||
      code.decorators.some((each) => each.kind === 'call' && dataclassMakers.test(this.written(each.callee))) ||
      bases.some(
        (base) => (base.kind === 'path' && dataclassBases.test(base.path)) || (base.kind === 'class' && base.dataclass),
      );
    const attributes = new Map<string, Value>();
    const value: ClassValue = {
      kind: 'class',
      code,
      name: code.name ?? 'class',
      cell: this.frame.cell,
      bases,
      attributes,
      dataclass,
    };
    const inner: Environment = { names: attributes, parent: scope };
    this.owners.set(inner, value);
    for (const statement of code.body) {
      // JavaScript's fields belong to each object.
      if (!this.python && statement.kind === 'assign') continue;
      if (statement.kind === 'declare') continue;
      this.statement(statement, inner);
    }
    return value;
  }

  /** The classes of the file that a class inherits from, itself first; then the frameworks' paths. */
  private lineage(value: ClassValue): { readonly classes: ClassValue[]; readonly paths: string[] } {
    const classes: ClassValue[] = [];
    const paths: string[] = [];
    const visit = (each: Value, depth: number): void => {
      if (each.kind === 'path') paths.push(each.path);
      if (each.kind !== 'class' || classes.includes(each) || depth > 20) return;
      classes.push(each);
      for (const base of each.bases) visit(base, depth + 1);
    };
    visit(value, 0);
    return { classes, paths };
  }

  private libraryBase(value: ClassValue): { readonly path: string; readonly library: Library } | undefined {
    for (const path of this.lineage(value).paths) {
      const library = this.libraryOf(path);
      if (library !== undefined) return { path, library };
    }
    return this.baseElsewhere(value);
  }

  /** A base from a file that is not here, as a library that this file imports takes it. */
  private baseElsewhere(value: ClassValue): { readonly path: string; readonly library: Library } | undefined {
    const { classes } = this.lineage(value);
    const isElsewhere = (base: Value): boolean =>
      base.kind === 'path' ? fromElsewhere.test(base.path) : base.kind === 'unknown' && /^\w+(\.\w+)*$/.test(base.text);
    if (!this.python || !classes.some(({ bases }) => bases.some(isElsewhere))) return undefined;
    const imported = new Set(
      [...this.module.names.values()].map((each) => (each.kind === 'path' ? rootOf(each.path) : '')),
    );
    for (const { library, roots } of this.libraries) {
      if (!roots.some((root) => imported.has(root))) continue;
      const path = library.baseElsewhere?.((name) => this.inherited(value, name)?.kind === 'function');
      if (path !== undefined) return { path, library };
    }
    return undefined;
  }

  /** What a class or those before it in the line have of this name, after one of them where that is given. */
  private inherited(value: ClassValue, name: string, after?: ClassValue): Value | undefined {
    const { classes } = this.lineage(value);
    const from = after === undefined ? 0 : classes.indexOf(after) + 1;
    for (const each of classes.slice(from)) {
      const found = each.attributes.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private bound(found: Value, self: Value, type: ClassValue): Value {
    if (found.kind !== 'function') return found;
    const how = this.how.get(found);
    if (how === 'static') return found;
    if (how === 'getter') return this.apply({ ...found, self }, nothing, { source: this.ranges(found) });
    if (found.owner === undefined && found.code.name === undefined && !found.code.arrow) return found;
    return { ...found, self: how === 'class' ? type : self };
  }

  private ranges({ code }: FunctionValue): SourceRange {
    return { cell: this.cells.get(code) ?? 0, from: code.from, to: code.to };
  }

  private instantiate(type: ClassValue, args: CallArguments, site: Site): Value {
    const instance: InstanceValue = { kind: 'instance', class: type, attributes: new Map(), source: site.source };
    const base = this.libraryBase(type);
    if (base !== undefined) {
      const foreign = base.library.adopt?.(instance, base.path, site, this);
      if (foreign !== undefined) instance.foreign = foreign;
    }
    if (!this.python) this.fieldsOf(type, instance);
    const initialise = this.inherited(type, this.python ? '__init__' : 'constructor');
    if (initialise?.kind === 'function') this.callFunction({ ...initialise, self: instance }, args);
    else if (type.dataclass) this.fill(type, instance, args);
    else if (base !== undefined)
      base.library.instanceMethod?.(instance, this.python ? '__init__' : 'constructor', args, site, this);
    const after = type.dataclass ? this.inherited(type, '__post_init__') : undefined;
    if (after?.kind === 'function') this.callFunction({ ...after, self: instance }, this.noArguments(site));
    return instance;
  }

  private noArguments(site: Site): CallArguments {
    return { positional: [], named: new Map(), complete: true, sources: new Map(), list: site.source };
  }

  /** JavaScript's fields, those of the base first. */
  private fieldsOf(type: ClassValue, instance: InstanceValue): void {
    for (const each of this.lineage(type).classes.toReversed()) {
      this.frames.push({ cell: each.cell, function: undefined, self: instance, returned: [], elsewhere: new Map() });
      try {
        for (const statement of each.code.body) {
          if (statement.kind !== 'assign') continue;
          const [target] = statement.targets;
          if (target?.kind !== 'name') continue;
          const scope = environment(this.module);
          this.changes.set(instance.attributes, target.name, this.expression(statement.value, scope, target.name));
        }
      } finally {
        this.frames.pop();
      }
    }
  }

  /** A dataclass's fields from the arguments of its call, those of its bases first. */
  private fill(type: ClassValue, instance: InstanceValue, args: CallArguments): void {
    const names: string[] = [];
    for (const each of this.lineage(type).classes.toReversed()) {
      for (const statement of each.code.body) {
        const name =
          statement.kind === 'declare'
            ? statement.name
            : statement.kind === 'assign' && statement.targets[0]?.kind === 'name'
              ? statement.targets[0].name
              : undefined;
        if (name !== undefined && !names.includes(name)) names.push(name);
      }
    }
    names.forEach((name, k) => {
      const given = args.named.get(name) ?? args.positional[k];
      const missing = given === undefined || (given.kind === 'constant' && given.value === undefined);
      const value = missing ? this.fieldDefault(this.inherited(type, name), name) : given;
      if (value !== undefined) this.changes.set(instance.attributes, name, value);
    });
    // Frameworks' own, such as Flax's `name`.
    for (const [name, value] of args.named)
      if (!names.includes(name)) this.changes.set(instance.attributes, name, value);
  }

  private fieldDefault(usual: Value | undefined, name: string): Value | undefined {
    if (usual === undefined) return this.unknown(name);
    return usual;
  }

  private callFunction(callee: FunctionValue, args: CallArguments): Value {
    const { code } = callee;
    if (this.frames.length >= DEEPEST_CALL) return this.unknown(code.name ?? 'function', args.positional);
    if (code.generator && /\byield\b/.test(this.text(this.ranges(callee)))) {
      return this.unknown(code.name ?? 'generator', args.positional);
    }
    this.called.add(code);
    const scope = environment(callee.scope);
    const passed =
      this.python && callee.self !== undefined ? { ...args, positional: [callee.self, ...args.positional] } : args;
    const self = callee.self ?? (this.python ? undefined : this.frame.self);
    this.frames.push({
      cell: this.cells.get(code) ?? this.frame.cell,
      function: callee,
      self: this.python ? (passed.positional[0] ?? self) : self,
      returned: [],
      elsewhere: new Map(),
    });
    try {
      this.bindParameters(callee, passed, scope);
      const completion = this.block(code.body, scope);
      const last = completion?.kind === 'return' ? completion.value : undefined;
      const { returned } = this.frame;
      if (returned.length === 0) return last ?? (this.python ? none : constant(undefined));
      return returned.reduce<Value>((result, value) => this.merge(result, value) ?? result, last ?? none);
    } finally {
      this.frames.pop();
    }
  }

  private bindParameters({ code, defaults }: FunctionValue, args: CallArguments, scope: Environment): void {
    const taken = new Set<string>();
    let position = 0;
    code.parameters.forEach((parameter, k) => {
      const { target, rest } = parameter;
      const name = target.kind === 'name' ? target.name : undefined;
      if (rest === 'positional') {
        const more = args.positional.slice(position);
        position = args.positional.length;
        this.assign(target, list(more, this.python ? 'tuple' : 'list', args.complete), scope);
        return;
      }
      if (rest === 'keywords') {
        const more = [...args.named].filter(([key]) => !taken.has(key));
        this.assign(target, { ...dictOf(more), complete: args.complete }, scope);
        return;
      }
      const given =
        (parameter.keywordOnly ? undefined : args.positional[position++]) ??
        (name === undefined ? undefined : args.named.get(name));
      if (name !== undefined) taken.add(name);
      const missing = given === undefined || (given.kind === 'constant' && given.value === undefined);
      const value = missing
        ? (defaults.get(k) ??
          (parameter.default === undefined
            ? this.python || given === undefined
              ? this.unknown(name ?? 'argument')
              : given
            : this.expression(parameter.default, scope, name)))
        : given;
      this.assign(target, value, scope);
    });
  }

  // Calls

  private callValue(callee: Value, args: CallArguments, site: Site): Value {
    this.step();
    switch (callee.kind) {
      case 'function':
        return this.callFunction(callee, args);
      case 'class':
        return this.instantiate(callee, args, site);
      case 'path':
        return this.callPath(callee.path, args, site);
      case 'foreign':
        return callee.library.invoke(callee, args, site, this) ?? this.opaque(callee.type, args, site);
      case 'instance': {
        const own = this.inherited(callee.class, '__call__');
        const base = this.libraryBase(callee.class);
        const answer =
          own?.kind === 'function' && base === undefined
            ? this.callFunction({ ...own, self: callee }, args)
            : base?.library.instanceCall?.(callee, args, site, this);
        if (answer !== undefined) return answer;
        if (own?.kind === 'function') return this.callFunction({ ...own, self: callee }, args);
        return this.opaque(callee.class.name, args, site);
      }
      case 'bound':
        return this.callMember(callee.object, callee.name, args, site);
      default: {
        const builtin = callee.kind === 'unknown' ? this.builtin(callee.text) : undefined;
        return builtin?.(args, this, site) ?? this.opaque(this.calleeText(args, site), args, site);
      }
    }
  }

  /** What stands before the brackets. */
  private calleeText({ list: brackets }: CallArguments, { source }: Site): string {
    const to = brackets.cell === source.cell && brackets.from > source.from ? brackets.from : source.to;
    return this.text({ ...source, to }).slice(0, LONGEST_TEXT);
  }

  /** A call of what nobody knows: a library may lead its own objects through it. */
  private opaque(callee: string, args: CallArguments, site: Site): Value {
    if (!this.python) this.callBack(args, site);
    // One framework's tensors mean nothing to another.
    const owners = new Set([...args.positional, ...args.named.values()].flatMap((value) => librariesIn(value)));
    for (const library of owners) {
      const answer = library.opaque?.(callee, args, site, this);
      if (answer !== undefined) return answer;
    }
    return this.unknown(`${callee}(…)`, [...args.positional, ...args.named.values()]);
  }

  /** Functions given to what nobody knows run once, without certainty about what they are given. */
  private callBack({ positional }: CallArguments, site: Site): void {
    for (const callee of positional) {
      if (callee.kind !== 'function' || this.called.has(callee.code)) continue;
      const unknown = callee.code.parameters.map(({ from, to }) =>
        this.unknown(this.text({ ...site.source, from, to })),
      );
      this.apply(callee, unknown, site);
    }
  }

  private callPath(path: string, args: CallArguments, site: Site): Value {
    const library = this.libraryOf(path);
    const answer = library?.call(path, args, site, this) ?? this.ownCall(path, args, site);
    return answer ?? this.opaque(path, args, site);
  }

  /** Calls of modules that the interpreter knows by itself. */
  private ownCall(path: string, args: CallArguments, site: Site): Value | undefined {
    const [first] = args.positional;
    switch (path) {
      case 'functools.partial':
      case 'jax.tree_util.Partial':
        return first === undefined ? undefined : partialOf(first, args);
      case 'collections.OrderedDict':
      case 'ml_collections.ConfigDict':
      case 'ml_collections.config_dict.ConfigDict':
        return pythonBuiltins.dict!(args, this, site);
      case 'types.SimpleNamespace':
      case 'argparse.Namespace':
      case 'easydict.EasyDict':
        return this.namespace(first?.kind === 'dict' ? entriesOf(first) : args.named, 'namespace', site);
      case 'argparse.ArgumentParser':
        return parserOf();
      case 'dataclasses.field':
      case 'flax.struct.field': {
        const factory = args.named.get('default_factory');
        return args.named.get('default') ?? (factory === undefined ? undefined : this.apply(factory, nothing, site));
      }
      case 'copy.copy':
      case 'copy.deepcopy':
        return first?.kind === 'list' ? { ...first, items: [...first.items] } : first;
      case 'typing.cast':
        return args.positional[1];
      case 'functools.lru_cache':
      case 'functools.wraps':
      case 'functools.cache':
        return first;
      case 'itertools.chain': {
        const parts = args.positional.map((value) => this.items(value));
        return parts.every((part) => part !== undefined) ? list(parts.flat()) : undefined;
      }
      case 'itertools.pairwise': {
        const items = first === undefined ? undefined : this.items(first);
        return items === undefined
          ? undefined
          : list(items.slice(1).map((item, k) => list([items[k]!, item], 'tuple')));
      }
      case 'Object.assign':
        return dictOf(args.positional.flatMap((value) => (value.kind === 'dict' ? [...value.entries] : [])));
      case 'Array.from': {
        const count = first?.kind === 'dict' ? wholeOf(first.entries.get('length')) : undefined;
        const items =
          count === undefined
            ? first === undefined
              ? undefined
              : this.items(first)
            : Array.from({ length: Math.min(count, 10_000) }, () => constant(undefined));
        const each = args.positional[1];
        if (items === undefined) return undefined;
        return list(
          each === undefined ? [...items] : items.map((item, k) => this.apply(each, [item, constant(k)], site)),
        );
      }
      default:
        return moduleCall(path, args);
    }
  }

  namespace(attributes: ReadonlyMap<string, Value>, name: string, site: Site): Value {
    const code: ClassCode = { from: 0, to: 0, name, bases: [], decorators: [], body: [] };
    const type: ClassValue = { kind: 'class', code, name, cell: 0, bases: [], attributes: new Map(), dataclass: false };
    return { kind: 'instance', class: type, attributes: new Map(attributes), source: site.source };
  }

  private callMember(object: Value, name: string, args: CallArguments, site: Site): Value {
    switch (object.kind) {
      case 'path':
        return this.callPath(`${object.path}.${name}`, args, site);
      case 'foreign': {
        const found = object.library.member(object, name, this);
        const answer =
          found === undefined || found.kind === 'bound'
            ? object.library.method(object, name, args, site, this)
            : this.callValue(found, args, site);
        return answer ?? this.opaque(name, { ...args, positional: [object, ...args.positional] }, site);
      }
      case 'instance': {
        const own = object.attributes.get(name);
        if (own !== undefined) return this.callValue(own, args, site);
        const method = this.inherited(object.class, name);
        if (method !== undefined) return this.callValue(this.bound(method, object, object.class), args, site);
        const answer = this.libraryBase(object.class)?.library.instanceMethod?.(object, name, args, site, this);
        if (answer !== undefined) return answer;
        return this.opaque(name, { ...args, positional: [object, ...args.positional] }, site);
      }
      case 'class': {
        const found = this.inherited(object, name);
        if (found?.kind === 'function') {
          const bound = this.how.get(found) === 'class' ? { ...found, self: object } : found;
          return this.callValue(bound, args, site);
        }
        if (found !== undefined) return this.callValue(found, args, site);
        const [self, ...rest] = args.positional;
        if (self?.kind === 'instance') {
          const base = this.libraryBase(object);
          return base?.library.instanceMethod?.(self, name, { ...args, positional: rest }, site, this) ?? none;
        }
        return this.opaque(`${object.name}.${name}`, args, site);
      }
      case 'bound':
      case 'function':
        // `Base.__init__(self)`, JavaScript's `f.call(…)`: not followed.
        return this.unknown(name, args.positional);
      default: {
        const method = methodOf(object, name, this.python);
        const answer = method?.(args, this, site);
        if (answer !== undefined) return answer;
        if (object.kind === 'dict' && !this.python) {
          const held = object.entries.get(name);
          if (held !== undefined) return this.callValue(held, args, site);
        }
        if (
          object.kind === 'unknown' &&
          !this.python &&
          eachItem.has(name) &&
          args.positional[0]?.kind === 'function'
        ) {
          return this.perhapsEach(object, args.positional[0], name, site);
        }
        if (object.kind === 'unknown') {
          return this.opaque(`${object.text}.${name}`, args, site);
        }
        return this.unknown(name, [object, ...args.positional]);
      }
    }
  }

  /** A callback on each item of what nobody knows: it runs once, without certainty. */
  private perhapsEach(object: Unknown, callee: FunctionValue, name: string, site: Site): Value {
    let found: Value = this.unknown(name, [object]);
    this.perhaps(() => {
      found = this.apply(callee, [this.unknown('item', [object]), this.unknown('index')], site);
      return undefined;
    });
    return name === 'forEach' ? constant(undefined) : list([found], 'list', false);
  }

  // Members, items, operators

  member(object: Value, name: string): Value | undefined {
    switch (object.kind) {
      case 'path': {
        const path = `${object.path}.${name}`;
        return this.libraryOf(path)?.constant?.(path) ?? this.imported(path);
      }
      case 'foreign':
        return object.library.member(object, name, this);
      case 'instance': {
        const own = object.attributes.get(name);
        if (own !== undefined) return own;
        const found = this.inherited(object.class, name);
        if (found !== undefined) return this.bound(found, object, object.class);
        if (name === '__class__') return object.class;
        return object.foreign === undefined ? undefined : object.foreign.library.member(object.foreign, name, this);
      }
      case 'class': {
        const found = this.inherited(object, name);
        if (found !== undefined)
          return this.how.has(found as FunctionValue) ? this.bound(found, object, object) : found;
        return name === '__name__' ? constant(object.name) : undefined;
      }
      case 'dict':
        if (!this.python) return object.entries.get(name) ?? (object.complete ? constant(undefined) : undefined);
        // Config dicts are read with a point too.
        return object.entries.get(name) ?? { kind: 'bound', object, name };
      case 'list':
        if (name === 'length' && object.complete) return constant(object.items.length);
        return { kind: 'bound', object, name };
      case 'constant':
        if (name === 'length' && textOf(object) !== undefined) return constant(textOf(object)!.length);
        return { kind: 'bound', object, name };
      default:
        return undefined;
    }
  }

  private memberOf(object: Value, name: string, range: Span): Value {
    const found = this.member(object, name);
    if (found !== undefined) return found;
    if (object.kind === 'unknown' && object.symbols.length === 1 && object.symbols[0] === object.text) {
      return this.symbol(`${object.text}.${name}`);
    }
    return this.unknown(this.written(range), [object]);
  }

  items(value: Value, count?: number): readonly Value[] | undefined {
    const own = ownItems(value);
    if (own !== undefined) return own.items;
    if (value.kind === 'foreign') return value.library.items?.(value, this, count);
    if (value.kind === 'instance' && value.foreign !== undefined) {
      return value.foreign.library.items?.(value.foreign, this, count);
    }
    return undefined;
  }

  private index(object: Value, index: Value, range: Span): Value {
    const source = this.at(range);
    if (object.kind === 'foreign') {
      return (
        object.library.index?.(object, index, { source }, this) ?? this.unknown(this.written(range), [object, index])
      );
    }
    if (object.kind === 'instance') {
      const own = this.inherited(object.class, '__getitem__');
      if (own?.kind === 'function') return this.apply({ ...own, self: object }, [index], { source });
      const { foreign } = object;
      if (foreign !== undefined) {
        const found = foreign.library.index?.(foreign, index, { source }, this);
        if (found !== undefined) return found;
      }
    }
    // `List[int]` stays what it is.
    if (object.kind === 'path' || object.kind === 'class') return object;
    return indexed(object, index) ?? this.unknown(this.written(range), [object, index]);
  }

  isInstance(value: Value, type: Value): boolean | undefined {
    if (type.kind === 'list') {
      const each = type.items.map((one) => this.isInstance(value, one));
      return each.includes(true) ? true : each.includes(undefined) ? undefined : false;
    }
    if (type.kind === 'class') {
      return value.kind === 'instance'
        ? this.lineage(value.class).classes.includes(type)
        : value.kind === 'unknown'
          ? undefined
          : false;
    }
    if (type.kind === 'path') {
      if (value.kind === 'foreign') return value.library.instanceOf?.(value, type.path);
      if (value.kind === 'instance') {
        if (this.lineage(value.class).paths.includes(type.path)) return true;
        return value.foreign?.library.instanceOf?.(value.foreign, type.path);
      }
      return value.kind === 'unknown' ? undefined : false;
    }
    if (type.kind === 'bound' && type.name === 'type') return undefined;
    const builtin = type.kind === 'unknown' ? type.text : '';
    switch (builtin) {
      case 'int':
        return value.kind === 'constant' ? Number.isInteger(value.value) : value.kind === 'unknown' ? undefined : false;
      case 'float':
        return value.kind === 'constant'
          ? typeof value.value === 'number'
          : value.kind === 'unknown'
            ? undefined
            : false;
      case 'str':
        return value.kind === 'constant'
          ? typeof value.value === 'string'
          : value.kind === 'unknown'
            ? undefined
            : false;
      case 'bool':
        return value.kind === 'constant'
          ? typeof value.value === 'boolean'
          : value.kind === 'unknown'
            ? undefined
            : false;
      case 'list':
      case 'tuple':
      case 'set':
        return value.kind === 'list' ? value.of === builtin : value.kind === 'unknown' ? undefined : false;
      case 'dict':
        return value.kind === 'unknown' ? undefined : value.kind === 'dict';
      default:
        return undefined;
    }
  }

  private operate(operator: string, left: Value, right: Value, site: Site): Value {
    for (const operand of [left, right]) {
      const object = operand.kind === 'instance' ? operand.foreign : operand;
      if (object?.kind !== 'foreign') continue;
      const answer = object.library.operator?.(operator, [left, right], site, this);
      if (answer !== undefined) return answer;
    }
    return binary(operator, left, right, this.python) ?? this.unknown(this.text(site.source), [left, right]);
  }

  // Expressions

  private name(name: string, scope: Environment): Value | undefined {
    const elsewhere = this.frame.elsewhere.get(name)?.names.get(name);
    if (elsewhere !== undefined) return elsewhere;
    for (let at: Environment | undefined = scope; at !== undefined; at = at.parent) {
      const value = at.names.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** A built-in function is passed on as something unknown of its name. */
  private builtin(name: string): Builtin | undefined {
    return this.python && Object.hasOwn(pythonBuiltins, name) ? pythonBuiltins[name] : undefined;
  }

  /** A name that the program does not bind: from `import *`, or a global of a page. */
  private unbound(name: string): Value {
    if (this.python) {
      if (Object.hasOwn(pythonBuiltins, name)) return { kind: 'unknown', symbols: [], text: name };
      for (const star of this.stars.toReversed()) {
        if (this.libraryOf(star) !== undefined) return { kind: 'path', path: `${star}.${name}` };
      }
      return this.unknown(name);
    }
    if (name === 'undefined') return constant(undefined);
    if (['tf', 'Math', 'Object', 'Array', 'Number', 'JSON', 'console'].includes(name))
      return { kind: 'path', path: name };
    return this.unknown(name);
  }

  /** @param assignedTo the name that the value is about to get */
  private expression(expression: Expression, scope: Environment, assignedTo?: string): Value {
    this.step();
    switch (expression.kind) {
      case 'constant':
        return constant(expression.value, this.at(expression));
      case 'name':
        return this.name(expression.name, scope) ?? this.unbound(expression.name);
      case 'this':
        return this.frame.self ?? this.unknown('this');
      case 'member':
        return this.memberExpression(expression, scope);
      case 'index':
        return this.indexExpression(expression, scope);
      case 'slice':
        return this.sliceOf(expression, scope);
      case 'call':
        return this.callExpression(expression, scope, assignedTo);
      case 'list':
      case 'tuple':
      case 'set':
        return this.listExpression(expression.items, expression.kind, scope);
      case 'dict':
        return this.dictExpression(expression, scope);
      case 'unary':
        return this.unary(expression, scope);
      case 'binary':
        return this.binaryExpression(expression, scope, assignedTo);
      case 'comparison':
        return this.comparison(expression, scope);
      case 'choice':
        return this.choice(expression, scope, assignedTo);
      case 'function':
        return this.functionValue(expression.function, scope);
      case 'class':
        return this.classValue(expression.class, scope);
      case 'comprehension':
        return this.comprehension(expression, scope);
      case 'format': {
        const parts = expression.parts.map((part) => {
          if (typeof part === 'string') return part;
          return wordsOf(this.expression(part, scope));
        });
        return parts.every((part) => part !== undefined)
          ? constant(parts.join(''))
          : this.unknown(this.written(expression));
      }
      case 'assignment': {
        const { target, operator } = expression;
        const own = target.kind === 'name' || target.kind === 'member' ? target.name : undefined;
        const value = this.expression(expression.value, scope, own);
        const result =
          operator === undefined
            ? value
            : this.operate(operator, this.read(target, scope), value, { source: this.at(expression) });
        // JavaScript assigns to a name where it was declared; Python's `:=` binds it here.
        const owner = !this.python && target.kind === 'name' ? this.holder(scope, target.name) : undefined;
        this.assign(target, result, owner ?? scope);
        return result;
      }
      case 'spread':
        return this.expression(expression.value, scope);
      default:
        return this.unknown(this.written(expression));
    }
  }

  private memberExpression(expression: Expression & { kind: 'member' }, scope: Environment): Value {
    if (expression.object.kind === 'super') {
      const found = superOf(this.frame.self, this.frame.function?.owner);
      return { kind: 'bound', object: found, name: expression.name };
    }
    const object = this.expression(expression.object, scope);
    return this.memberOf(object, expression.name, expression);
  }

  private indexExpression(expression: Expression & { kind: 'index' }, scope: Environment): Value {
    const object = this.expression(expression.object, scope);
    const { index } = expression;
    if (index.kind === 'slice' && (object.kind === 'list' || textOf(object) !== undefined)) {
      const [start, stop, step] = [index.start, index.stop, index.step].map((each) =>
        each === undefined ? undefined : this.expression(each, scope),
      );
      const known = [start, stop, step].every(
        (each) => each === undefined || wholeOf(each) !== undefined || isNothing(each),
      );
      const bounds = [start, stop, step].map(wholeOf);
      const text = textOf(object);
      if (known && object.kind === 'list') {
        const items = sliced(object.items, bounds[0], bounds[1], bounds[2]);
        if (items !== undefined) return list(items, object.of, object.complete);
      }
      if (known && text !== undefined)
        return constant((sliced([...text], bounds[0], bounds[1], bounds[2]) ?? []).join(''));
      return this.unknown(this.written(expression), [object]);
    }
    if (index.kind === 'slice' && object.kind === 'foreign') {
      const source = this.at(expression);
      const bounds = this.sliceOf(index, scope);
      return (
        object.library.index?.(object, bounds, { source }, this) ?? this.unknown(this.written(expression), [object])
      );
    }
    return this.index(object, this.expression(index, scope), expression);
  }

  /** A slice as a value: unknown for libraries, but for its text. */
  private sliceOf(index: Expression & { kind: 'slice' }, scope: Environment): Value {
    const bounds = [index.start, index.stop, index.step].map((part) => part && this.expression(part, scope));
    // Bounds that come to numbers stand as those: `x[:, :width]` says as much as `x[:, :16]`.
    if (bounds.some((bound) => bound !== undefined && wholeOf(bound) === undefined)) {
      return this.unknown(this.written(index));
    }
    const [start = '', stop = '', step] = bounds.map((bound) => (bound === undefined ? undefined : wholeOf(bound)));
    return this.unknown(`${start}:${stop}${step === undefined ? '' : `:${step}`}`);
  }

  private listExpression(items: readonly Expression[], of: ListValue['of'], scope: Environment): Value {
    const result: Value[] = [];
    let complete = true;
    for (const item of items) {
      const value = this.expression(item, scope);
      if (item.kind !== 'spread') result.push(value);
      else {
        const more = this.items(value);
        if (more === undefined || (value.kind === 'list' && !value.complete)) complete = false;
        result.push(...(more ?? []));
      }
    }
    return list(result, of, complete);
  }

  private dictExpression({ entries }: Expression & { kind: 'dict' }, scope: Environment): Value {
    const result = new Map<string | number | boolean | null, Value>();
    let complete = true;
    for (const { key, value } of entries) {
      if (key === undefined) {
        const more = this.expression(value.kind === 'spread' ? value.value : value, scope);
        if (more.kind === 'dict') for (const [name, held] of more.entries) result.set(name, held);
        if (more.kind !== 'dict' || !more.complete) complete = false;
        continue;
      }
      const name = keyOf(this.expression(key, scope));
      const held = this.expression(value, scope, typeof name === 'string' ? name : undefined);
      if (name === undefined) complete = false;
      else result.set(name, held);
    }
    return { kind: 'dict', entries: result, complete };
  }

  private unary(expression: Expression & { kind: 'unary' }, scope: Environment): Value {
    const { operator } = expression;
    const value = this.expression(expression.operand, scope);
    if (operator === 'not' || operator === '!') {
      const answer = truth(value);
      return answer === undefined ? this.unknown(this.written(expression), [value]) : constant(!answer);
    }
    if (value.kind === 'foreign') {
      const source = this.at(expression);
      const answer = value.library.operator?.(operator, [value], { source }, this);
      if (answer !== undefined) return answer;
    }
    if (value.kind === 'constant' && typeof value.value === 'number') {
      if (operator === '-') return constant(-value.value, this.at(expression));
      if (operator === '+') return value;
      if (operator === '~') return constant(~value.value);
    }
    return this.unknown(this.written(expression), [value]);
  }

  private binaryExpression(
    expression: Expression & { kind: 'binary' },
    scope: Environment,
    assignedTo: string | undefined,
  ): Value {
    const { operator } = expression;
    const left = this.expression(expression.left, scope);
    if (operator === 'and' || operator === 'or' || operator === '??') {
      const answer = operator === '??' ? isKnownNothing(left) : truth(left);
      const taken = operator === 'and' ? answer === true : operator === 'or' ? answer === false : answer === true;
      if (answer === undefined) {
        let right: Value | undefined;
        this.perhaps(() => {
          right = this.expression(expression.right, scope, assignedTo);
          return undefined;
        });
        // Whatever the left one is: `unknown and False` is false, `unknown or True` is true.
        const decided = right !== undefined && truth(right) === (operator === 'or') && operator !== '??';
        return decided && left.kind === 'unknown' ? right! : (this.merge(left, right) ?? left);
      }
      return taken ? this.expression(expression.right, scope, assignedTo) : left;
    }
    const right = this.expression(expression.right, scope);
    return this.operate(operator, left, right, {
      source: this.at(expression),
      ...(assignedTo === undefined ? {} : { assignedTo }),
    });
  }

  private comparison(expression: Expression & { kind: 'comparison' }, scope: Environment): Value {
    const operands = expression.operands.map((operand) => this.expression(operand, scope));
    let result: boolean | undefined = true;
    expression.operators.forEach((operator, k) => {
      const answer = compare(operator, operands[k]!, operands[k + 1]!);
      if (answer === false) result = false;
      else if (answer === undefined && result === true) result = undefined;
    });
    return result === undefined ? this.unknown(this.written(expression), operands) : constant(result);
  }

  private choice(
    { test, consequence, otherwise }: Expression & { kind: 'choice' },
    scope: Environment,
    assignedTo: string | undefined,
  ): Value {
    const answer = truth(this.expression(test, scope));
    if (answer !== undefined) return this.expression(answer ? consequence : otherwise, scope, assignedTo);
    let [a, b]: [Value | undefined, Value | undefined] = [undefined, undefined];
    this.either(
      () => {
        a = this.expression(consequence, scope, assignedTo);
        return undefined;
      },
      () => {
        b = this.expression(otherwise, scope, assignedTo);
        return undefined;
      },
    );
    return this.merge(a, b) ?? none;
  }

  private comprehension(expression: Expression & { kind: 'comprehension' }, scope: Environment): Value {
    const items: Value[] = [];
    const entries = new Map<string | number | boolean | null, Value>();
    const inner = environment(scope);
    let complete = true;
    const visit = (clauses: readonly ComprehensionClause[]): void => {
      const [clause, ...rest] = clauses;
      if (clause === undefined) {
        if (items.length > 10_000) throw new Exhausted();
        const value = this.expression(expression.element, inner);
        if (expression.key === undefined) items.push(value);
        else {
          const key = keyOf(this.expression(expression.key, inner));
          if (key === undefined) complete = false;
          else entries.set(key, value);
        }
        return;
      }
      const over = this.expression(clause.over, inner);
      const known = this.items(over);
      if (known === undefined || (over.kind === 'list' && !over.complete)) complete = false;
      if (known === undefined) {
        this.perhaps(() => {
          this.assign(clause.target, this.unknown(this.written(clause.target), [over]), inner);
          visit(rest);
          return undefined;
        });
        return;
      }
      for (const item of known) {
        this.assign(clause.target, item, inner);
        const answers = clause.tests.map((test) => truth(this.expression(test, inner)));
        if (answers.includes(false)) continue;
        if (answers.includes(undefined)) complete = false;
        visit(rest);
      }
    };
    visit(expression.clauses);
    if (expression.of === 'dict') return { kind: 'dict', entries, complete };
    return list(items, expression.of === 'set' ? 'set' : 'list', complete);
  }

  private callExpression(
    expression: Expression & { kind: 'call' },
    scope: Environment,
    assignedTo: string | undefined,
  ): Value {
    const { callee } = expression;
    const site: Site = { source: this.at(expression), ...(assignedTo === undefined ? {} : { assignedTo }) };
    if (callee.kind === 'super') return this.superConstructor(expression, scope, site);
    if (callee.kind === 'name' && this.python && this.name(callee.name, scope) === undefined) {
      return this.builtinCall(callee.name, expression, scope, site);
    }
    if (callee.kind === 'member') {
      const object =
        callee.object.kind === 'super'
          ? superOf(this.frame.self, this.frame.function?.owner)
          : this.expression(callee.object, scope);
      const args = this.arguments(expression, scope);
      return this.callMember(object, callee.name, args, site);
    }
    const value = this.expression(callee, scope);
    return this.callValue(value, this.arguments(expression, scope), site);
  }

  /** JavaScript's `super(…)`. */
  private superConstructor(expression: Expression & { kind: 'call' }, scope: Environment, site: Site): Value {
    const { self, function: current } = this.frame;
    const args = this.arguments(expression, scope);
    if (self?.kind !== 'instance' || current?.owner === undefined) return none;
    const next = this.inherited(self.class, 'constructor', current.owner);
    if (next?.kind === 'function') return this.callFunction({ ...next, self }, args);
    const base = this.libraryBase(self.class);
    return base?.library.instanceMethod?.(self, 'constructor', args, site, this) ?? none;
  }

  private builtinCall(name: string, expression: Expression & { kind: 'call' }, scope: Environment, site: Site): Value {
    if (name === 'super') return superOf(this.frame.self, this.frame.function?.owner);
    const args = this.arguments(expression, scope);
    const builtin = this.builtin(name);
    if (builtin === undefined) return this.callValue(this.unbound(name), args, site);
    const answer = builtin(args, this, site);
    if (answer !== undefined) return answer;
    const [first] = args.positional;
    if (first?.kind === 'foreign' && (name === 'len' || name === 'abs' || name === 'sum')) {
      const found = first.library.method(first, `__${name}__`, args, site, this);
      if (found !== undefined) return found;
    }
    return this.unknown(this.written(expression), args.positional);
  }

  private arguments(expression: Expression & { kind: 'call' }, scope: Environment): CallArguments {
    const positional: Value[] = [];
    const named = new Map<string, Value>();
    const sources = new Map<number | string, SourceRange>();
    let complete = true;
    for (const argument of expression.arguments) {
      if (argument.value.kind === 'spread') {
        if (!this.spread(argument, scope, positional, named)) complete = false;
        continue;
      }
      const value = this.expression(argument.value, scope, argument.name);
      if (argument.name !== undefined) {
        named.set(argument.name, value);
        sources.set(argument.name, this.at(argument));
      } else {
        sources.set(positional.length, this.at(argument));
        positional.push(value);
        if (argument.value.kind === 'dict' && positional.length === 1) this.properties(argument.value, sources);
      }
    }
    const list = { from: Math.min(expression.callee.to, expression.to), to: expression.to };
    return { positional, named, complete, sources, list: this.at(list) };
  }

  /** Where the properties of a first object literal stand, as if they were named arguments. */
  private properties({ entries }: Expression & { kind: 'dict' }, sources: Map<number | string, SourceRange>): void {
    for (const entry of entries) {
      const { key } = entry;
      if (key?.kind === 'constant' && typeof key.value === 'string') sources.set(key.value, this.at(entry));
    }
  }

  /** False where what is spread is not known. */
  private spread(argument: Argument, scope: Environment, positional: Value[], named: Map<string, Value>): boolean {
    const value = this.expression(argument.value, scope);
    if (argument.double === true) {
      if (value.kind !== 'dict') return false;
      for (const [key, held] of value.entries) named.set(String(key), held);
      return value.complete;
    }
    const items = this.items(value);
    if (items === undefined) return false;
    positional.push(...items);
    return value.kind !== 'list' || value.complete;
  }

  // Of objects that the interpreter makes itself

  /** The next method of a name after a class in an object's line. */
  superMethod(self: Value, owner: ClassValue | undefined, name: string, args: CallArguments, site: Site): Value {
    if (self.kind !== 'instance') return none;
    const found = this.inherited(self.class, name, owner);
    if (found?.kind === 'function') return this.callFunction({ ...found, self }, args);
    const base = this.libraryBase(self.class);
    const answer = base?.library.instanceMethod?.(self, name, args, site, this);
    if (answer !== undefined) return answer;
    return name.startsWith('__') ? none : this.opaque(name, args, site);
  }
}

const foreignIn = (value: Value): Foreign | undefined =>
  value.kind === 'foreign' ? value : value.kind === 'instance' ? value.foreign : undefined;

/** The libraries whose objects are in a value. */
function librariesIn(value: Value, depth = 0): readonly Library[] {
  const own = foreignIn(value);
  if (own !== undefined) return [own.library];
  if (depth > 4) return [];
  if (value.kind === 'list') return value.items.flatMap((item) => librariesIn(item, depth + 1));
  const held = value.kind === 'dict' ? value.entries : value.kind === 'instance' ? value.attributes : undefined;
  return held === undefined ? [] : [...held.values()].flatMap((item) => librariesIn(item, depth + 1));
}

/** JavaScript's methods that call back with each item. */
const eachItem: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap']);

const isNothing = (value: Value): boolean =>
  value.kind === 'constant' && (value.value === null || value.value === undefined);

const isKnownNothing = (value: Value): boolean | undefined => (value.kind === 'unknown' ? undefined : isNothing(value));

const entriesOf = ({ entries }: DictValue): Map<string, Value> =>
  new Map([...entries].map(([key, value]) => [String(key), value]));

/**
 * Runs a program on values that may be unknown; see {@link Library} for what frameworks' names mean. It ends after a
 * bounded number of steps, and throws nothing.
 */
export function interpret(
  cells: readonly Cell[],
  libraries: readonly LibraryRoots[],
  options: { readonly symbols?: ReadonlyMap<string, number | string | boolean> } = {},
): Interpreted {
  const interpreter = new Interpreter(
    cells,
    [...libraries, { roots: [], library: objectLibrary }],
    options.symbols ?? new Map(),
  );
  interpreter.run(cells);
  return {
    machine: interpreter,
    module: interpreter.module,
    called: interpreter.called,
    isSpent: () => interpreter.isSpent,
  };
}
