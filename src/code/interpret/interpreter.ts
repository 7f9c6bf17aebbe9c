import type { SourceRange } from '../../core/model/model';
import {
  type Expression,
  type FunctionCode,
  type Program,
  type Span,
  type Statement,
  sourceAt,
  type Target,
} from '../program/ast';
import { inOrder } from '../program/order';
import type { Steps } from '../steps';
import { rootOf } from '../value';
import { Budget } from './budget';
import { superMethod } from './calls/callExpression';
import { callValue } from './calls/calls';
import { Changes } from './changes';
import { namespace } from './classes/instances';
import { isInstance } from './classes/isInstance';
import { evaluate } from './expressions/expressions';
import { MOST_ITEMS } from './growth';
import { itemsOf, member, setMember } from './members';
import { type Completion, environment, type Frame, frameIn, type LibraryRoots, LONGEST_TEXT, type Run } from './run';
import { assign } from './statements/assignment';
import { PATIENCE } from './statements/loops';
import { runBlock, runStatement } from './statements/statements';
import {
  type CallArguments,
  type ClassValue,
  constant,
  type DictValue,
  type Environment,
  type FunctionValue,
  type InstanceValue,
  type Library,
  type ListValue,
  type Site,
  type Unknown,
  type Value,
} from './values';

/** Steps that a node of a graph, a layer or its weights count for: a model of itself twice, and so on, has millions. */
const STEPS_OF_NODE = 4;

/** One text of the program: a file, or a cell of a notebook. */
export interface Cell {
  readonly program: Program;
  readonly text: string;
  readonly cell: number;
}

/** The state of a run, and the ways between its parts. */
export class Interpreter implements Run {
  readonly language: 'python' | 'javascript';
  readonly python: boolean;
  readonly module = environment(undefined);
  readonly changes = new Changes();
  readonly formerly = new Map<string, (ClassValue | FunctionValue)[]>();
  isOver = false;
  readonly called = new Set<FunctionCode>();
  readonly functions = new Map<FunctionCode, FunctionValue>();
  readonly how = new WeakMap<FunctionValue, 'static' | 'class' | 'getter'>();
  readonly owners = new WeakMap<Environment, ClassValue>();
  readonly stars: string[] = [];
  frames: Frame[] = [];
  patience = PATIENCE;
  private readonly byRoot: ReadonlyMap<string, Library>;
  private readonly texts: ReadonlyMap<number, string>;
  private readonly budget = new Budget();
  private doubts = 0;
  private count = 0;

  constructor(
    cells: readonly Cell[],
    readonly libraries: readonly LibraryRoots[],
    private readonly symbols: ReadonlyMap<string, number | string | boolean>,
  ) {
    this.language = cells[0]?.program.language ?? 'python';
    this.python = this.language === 'python';
    // The first that answers for a root has it.
    this.byRoot = new Map(
      libraries.toReversed().flatMap(({ roots, library }) => roots.map((root) => [root, library] as const)),
    );
    this.texts = new Map(cells.map(({ text, cell }) => [cell, text]));
  }

  get uncertain(): boolean {
    return this.doubts > 0;
  }

  get doubtLevel(): number {
    return this.doubts;
  }

  get frame(): Frame {
    return this.frames.at(-1)!;
  }

  get progress() {
    return { steps: this.budget.taken, made: this.count };
  }

  /** The share of all steps that is left to follow further code with. */
  get left(): number {
    return this.budget.share;
  }

  /** A statement of a module is a step. */
  *run(cells: readonly Cell[]): Steps<void> {
    for (const each of cells) {
      const end = this.begin();
      try {
        yield* this.budget.spending(this.cell(each));
      } finally {
        end();
      }
    }
    this.isOver = true;
  }

  private *cell({ program, cell }: Cell): Steps<void> {
    for (const { from, part } of inOrder(program)) {
      this.frames = [frameIn({ cell, from })];
      if (this.block(part.body, this.module) !== undefined) return;
      yield;
    }
  }

  /** What a library does by itself, as far as the steps go. */
  attempt<T>(run: () => T): T | undefined {
    let result: T | undefined;
    this.budget.spend(() => {
      result = run();
    });
    return result;
  }

  /** Code from outside: with a budget of its own, and nothing that it throws gets out. */
  private outermost(run: () => void): void {
    const end = this.begin();
    try {
      this.budget.spend(run);
    } finally {
      end();
    }
  }

  /** Nothing is under way any more, until the returned function is called. */
  private begin(): () => void {
    const { frames, doubts, patience } = this;
    this.frames = [];
    return () => {
      this.frames = frames;
      this.doubts = doubts;
      this.patience = patience;
    };
  }

  // What libraries and built-in functions may ask

  text({ cell, from, to }: SourceRange): string {
    return this.texts.get(cell)?.slice(from, to) ?? '';
  }

  next(): number {
    this.budget.step(STEPS_OF_NODE);
    return this.count++;
  }

  unknown(text: string, from: readonly Value[] = []): Unknown {
    const symbols = [...new Set(from.flatMap((value) => (value.kind === 'unknown' ? value.symbols : [])))];
    return { kind: 'unknown', symbols, text: text.slice(0, LONGEST_TEXT) };
  }

  parameters(): ReadonlyMap<string, Value> {
    const { function: callee, scope, self } = this.frame;
    const found = new Map<string, Value>();
    for (const { target, rest } of callee?.code.parameters ?? []) {
      const value = target.kind === 'name' && rest === undefined ? scope?.names.get(target.name) : undefined;
      if (target.kind === 'name' && value !== undefined && value !== self) found.set(target.name, value);
    }
    return found;
  }

  call(callee: Value, args: CallArguments, site: Site): Value {
    if (this.frames.length > 0) return this.callValue(callee, args, site);
    let result: Value = this.unknown(this.text(site.source));
    this.outermost(() => {
      this.frames.push(frameIn({ cell: site.source.cell, from: 0 }));
      result = this.callValue(callee, args, site);
    });
    return result;
  }

  apply(callee: Value, positional: readonly Value[], site: Site): Value {
    const args = { positional, named: new Map(), complete: true, sources: new Map(), list: site.source };
    return this.call(callee, args, site);
  }

  member(object: Value, name: string): Value | undefined {
    return member(this, object, name);
  }

  setMember(object: Value, name: string, value: Value): void {
    setMember(this, object, name, value);
  }

  items(value: Value, count?: number): readonly Value[] | undefined {
    return itemsOf(this, value, count);
  }

  isInstance(value: Value, type: Value): boolean | undefined {
    return isInstance(value, type);
  }

  changeList(target: ListValue, change: (items: Value[]) => void): void {
    let isTooLong = false;
    this.changes.list(target, (items) => {
      const { length } = items;
      change(items);
      isTooLong = items.length > Math.max(length, MOST_ITEMS);
      if (isTooLong) items.length = length;
    });
    if (isTooLong) target.complete = false;
  }

  changeDict(target: DictValue, key: string | number | boolean | null, value: Value | undefined): void {
    this.changes.set(target.entries, key, value);
  }

  namespace(attributes: ReadonlyMap<string, Value>, name: string, site: Site): InstanceValue {
    return namespace(attributes, name, site);
  }

  /** The next method of a name after a class in an object's line; `super()` asks. */
  superMethod(self: Value, owner: ClassValue | undefined, name: string, args: CallArguments, site: Site): Value {
    return superMethod(this, self, owner, name, args, site);
  }

  // What the parts ask of each other

  step(count?: number): void {
    this.budget.step(count);
  }

  inDoubt<T>(run: () => T): T {
    this.doubts++;
    try {
      return run();
    } finally {
      this.doubts--;
    }
  }

  at(span: Span): SourceRange {
    return sourceAt(this.frame.place, span);
  }

  written(span: Span): string {
    return this.text(this.at(span)).slice(0, LONGEST_TEXT);
  }

  symbol(name: string): Value {
    const filled = this.symbols.get(name);
    return filled === undefined ? { kind: 'unknown', symbols: [name], text: name } : constant(filled);
  }

  libraryOf(path: string): Library | undefined {
    return this.byRoot.get(rootOf(path));
  }

  statement(statement: Statement, scope: Environment): Completion {
    return runStatement(this, statement, scope);
  }

  block(statements: readonly Statement[], scope: Environment): Completion {
    return runBlock(this, statements, scope);
  }

  expression(expression: Expression, scope: Environment, assignedTo?: string): Value {
    return evaluate(this, expression, scope, assignedTo);
  }

  assign(target: Target, value: Value, scope: Environment): void {
    assign(this, target, value, scope);
  }

  callValue(callee: Value, args: CallArguments, site: Site): Value {
    return callValue(this, callee, args, site);
  }
}
