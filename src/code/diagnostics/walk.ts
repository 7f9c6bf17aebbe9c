import type { Related, Rule } from '../../core/advice/rules';
import type { SourceRange } from '../../core/model/model';
import type { ClassCode, Expression, FunctionCode, Program, Span, Statement } from '../program/ast';

/** What a rule found in the code around models. */
export interface CodeFinding {
  readonly rule: string;
  readonly severity: Rule['severity'];
  readonly range: SourceRange;
  readonly message: string;
  readonly related: readonly Related[];
  /** The model that it speaks of. */
  readonly model: string | undefined;
}

/** A text with its program. */
export interface CodeText {
  readonly program: Program;
  readonly text: string;
  readonly cell: number;
}

export type Call = Extract<Expression, { kind: 'call' }>;
export type Loop = Extract<Statement, { kind: 'for' | 'while' }>;
export type With = Extract<Statement, { kind: 'with' }>;
export type Assignment = Extract<Statement, { kind: 'assign' }>;
type Node = Statement | Expression;

/** Something in the code, and what it stands in. */
export interface Found<T extends Node = Node> {
  readonly node: T;
  readonly range: SourceRange;
  /** The statements, functions and classes around it, the innermost last. */
  readonly around: readonly (Statement | FunctionCode | ClassCode)[];
  /** The list of statements that it is in. */
  readonly block: readonly Statement[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isSpan = (value: unknown): value is Span => isObject(value) && 'from' in value && 'to' in value;
const isStatements = (value: unknown): value is readonly Statement[] =>
  Array.isArray(value) && value.every((each) => isSpan(each) && 'kind' in each);

const statementKinds: ReadonlySet<unknown> = new Set([
  ...['expression', 'assign', 'declare', 'import', 'if', 'for', 'while', 'with', 'try', 'return', 'raise', 'break'],
  ...['continue', 'pass', 'delete', 'global', 'block'],
]);

/** Keys under which statements stand in a list that is run one after the other. */
const blocks: ReadonlySet<string> = new Set(['body', 'consequence', 'otherwise', 'finally', 'before', 'update']);

type Part = Program['parts'][number]['part'];

interface Walked {
  readonly cell: number;
  readonly from: number;
  readonly found: readonly Found[];
}

/** What stands in a part of a text; one that no edit touched is the same part, at another place maybe. */
const known = new WeakMap<Part, Walked>();

function everythingIn(part: Part, cell: number, from: number): readonly Found[] {
  const former = known.get(part);
  const found = former === undefined ? walk(part, cell, from) : moved(former, cell, from);
  known.set(part, { cell, from, found });
  return found;
}

function moved({ found, ...before }: Walked, cell: number, from: number): readonly Found[] {
  const by = from - before.from;
  if (by === 0 && cell === before.cell) return found;
  return found.map(({ node, range, around, block }) => ({
    node,
    range: { cell, from: range.from + by, to: range.to + by },
    around,
    block,
  }));
}

function walk(part: Part, cell: number, from: number): readonly Found[] {
  const all: Found[] = [];
  const visit = (value: unknown, around: Found['around'], block: readonly Statement[]): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, around, block);
    if (!isObject(value) || Array.isArray(value)) return;
    if (isSpan(value) && typeof value.kind === 'string') {
      const range = { cell, from: from + value.from, to: from + value.to };
      all.push({ node: value as unknown as Node, range, around, block });
    }
    // A statement, or the code of a function or class, which has parameters or bases.
    const holds = statementKinds.has(value.kind) || 'parameters' in value || 'bases' in value;
    const inner = holds ? [...around, value as unknown as Statement] : around;
    for (const [key, each] of Object.entries(value)) {
      if (isObject(each)) visit(each, inner, blocks.has(key) && isStatements(each) ? each : block);
    }
  };
  visit(part.body, [], part.body);
  return all;
}

/** Everything in texts, in their order: statements and expressions, at any depth. */
export const everything = (texts: readonly CodeText[]): readonly Found[] =>
  texts.flatMap(({ program, cell }) => program.parts.flatMap(({ from, part }) => everythingIn(part, cell, from)));

type Around = Found['around'][number];
const contents = new WeakMap<readonly Found[], ReadonlyMap<Around, readonly Found[]>>();

function contentsOf(all: readonly Found[]): ReadonlyMap<Around, readonly Found[]> {
  const former = contents.get(all);
  if (former !== undefined) return former;
  const of = new Map<Around, Found[]>();
  for (const found of all) {
    for (const outer of found.around) {
      const own = of.get(outer);
      if (own) own.push(found);
      else of.set(outer, [found]);
    }
  }
  contents.set(all, of);
  return of;
}

/** Everything under something: a statement's parts, a loop's body. */
export const inside = (all: readonly Found[], outer: Around): readonly Found[] => contentsOf(all).get(outer) ?? [];

export const isCall = (found: Found): found is Found<Call> => found.node.kind === 'call';

/** `step` of `self.optimizer.step()`, `Adam` of `optim.Adam(…)`. */
export function lastName(expression: Expression): string | undefined {
  if (expression.kind === 'name' || expression.kind === 'member') return expression.name;
  return undefined;
}

/** The object of a method call: `optimizer` of `optimizer.step()`. */
export const receiver = ({ callee }: Call): Expression | undefined =>
  callee.kind === 'member' ? callee.object : undefined;

/** The name of a method call; undefined for a call of a plain name. */
export const methodName = ({ callee }: Call): string | undefined =>
  callee.kind === 'member' ? callee.name : undefined;

export const isLoop = (node: Found['around'][number]): node is Loop =>
  'kind' in node && (node.kind === 'for' || node.kind === 'while');

export const isFunction = (node: Found['around'][number]): node is FunctionCode => 'parameters' in node;
export const isClass = (node: Found['around'][number]): node is ClassCode => 'bases' in node;

/** The loop that runs it again; none where a function stands between. */
export function loopAround({ around }: Found): Loop | undefined {
  const own = around.slice(around.findLastIndex((each) => isFunction(each) || isClass(each)) + 1);
  return own.findLast(isLoop);
}

/** `self.model` as it is written; '' for what is no name. */
export const dottedName = (expression: Expression | undefined): string =>
  expression?.kind === 'member'
    ? `${dottedName(expression.object)}.${expression.name}`
    : expression?.kind === 'name'
      ? expression.name
      : '';

const named = new WeakMap<readonly Found[], ReadonlyMap<string, readonly Expression[]>>();

/** Names and attributes with all that the code gives them. */
export function valuesByName(all: readonly Found[]): ReadonlyMap<string, readonly Expression[]> {
  const former = named.get(all);
  if (former !== undefined) return former;
  const values = new Map<string, Expression[]>();
  for (const { node } of all) {
    if (node.kind !== 'assign') continue;
    for (const target of node.targets) {
      if (target.kind !== 'name' && target.kind !== 'member') continue;
      const own = values.get(target.name);
      if (own) own.push(node.value);
      else values.set(target.name, [node.value]);
    }
  }
  named.set(all, values);
  return values;
}
