import type { SyntaxNode } from '@lezer/common';
import type { Range } from './syntax';

/** What a name stands for, as its binding tells. */
export type Meaning =
  /** Imported: the absolute dotted path. */
  | { readonly kind: 'path'; readonly path: string }
  /** Bound to the value of an expression, or to a member of it (`const {layers} = tf`); `type` is its annotation. */
  | {
      readonly kind: 'expression';
      readonly node: SyntaxNode;
      readonly members: readonly string[];
      readonly type?: SyntaxNode;
    }
  /** The object or class whose method this is: the first parameter of a method. */
  | { readonly kind: 'instance' }
  /** Code of this project: a file, a class, a function. Its members are not known. */
  | { readonly kind: 'local' }
  /** Declared without a value; an assignment gives it one. */
  | { readonly kind: 'declared' }
  /** Any data: a parameter, a loop's variable, an exception. */
  | { readonly kind: 'data'; readonly type?: SyntaxNode };

export interface Binding {
  readonly meaning: Meaning;
  /** The name where it is bound. */
  readonly target: Range;
  /** From here on the name has this meaning. */
  readonly at: number;
  /** The innermost block around it: from `at` to its end the binding has happened for sure. None: to the scope's end. */
  readonly block: Range | undefined;
  /** The outermost loop around it. */
  readonly loop: Range | undefined;
  /** Where the binding happens only after an attempt failed (`except`): the attempt. */
  readonly attempt: Range | undefined;
}

/**
 * `function` covers what runs later (functions, methods, lambdas, arrows); `arrow` is one that keeps `this`; `outside`
 * is a part of a scope that Python evaluates outside of it, such as the defaults of a lambda.
 */
export type ScopeKind = 'module' | 'function' | 'arrow' | 'class' | 'block' | 'comprehension' | 'outside';

export interface Scope extends Range {
  readonly kind: ScopeKind;
  /** Where a name is looked for that this scope does not bind. */
  readonly parent: Scope | undefined;
  /** In the order of the text; none overlaps another. */
  readonly children: Scope[];
  /** What each name is bound to, in the order in which the bindings take effect. */
  readonly names: Map<string, Binding[]>;
  /** Of a class: what its methods bind on `self` or `this`. */
  readonly attributes: Map<string, Binding[]>;
  /** Names that a `global` or `nonlocal` statement takes from another scope. */
  readonly elsewhere: Map<string, Scope>;
}

/** `from … import *`, with the path of the module; undefined for a file of the project. */
export interface Star {
  readonly path: string | undefined;
  readonly at: number;
}

/** Everything that one text binds. */
export interface Bindings {
  readonly root: Scope;
  /** Each binding by where its own name stands. */
  readonly byTarget: ReadonlyMap<number, Binding>;
  readonly stars: readonly Star[];
  /** The paths of all imports, wherever they stand. */
  readonly imported: ReadonlySet<string>;
  /** Where an object called `tf` is used, which may be the global one; empty in Python. */
  readonly globalUses: readonly number[];
}

/** A block whose code may not run, may run again, or runs after a failure. */
interface Flow extends Range {
  readonly kind: 'branch' | 'loop';
  readonly attempt: Range | undefined;
}

export const contains = (range: Range, position: number): boolean => range.from <= position && position < range.to;

/** Opens and closes scopes along one walk through a tree in the order of the text. */
export class ScopeBuilder {
  readonly root: Scope;
  readonly byTarget = new Map<number, Binding>();
  readonly stars: Star[] = [];
  readonly imported = new Set<string>();
  readonly globalUses: number[] = [];
  private readonly open: Scope[];
  private readonly flows: Flow[] = [];

  constructor(length: number) {
    this.root = this.scope('module', { from: 0, to: length }, undefined);
    this.open = [this.root];
  }

  get current(): Scope {
    return this.open.at(-1)!;
  }

  /** Closes what ends before this position. */
  moveTo(position: number): void {
    while (this.open.length > 1 && position >= this.current.to) this.open.pop();
    while (this.flows.length > 0 && position >= this.flows.at(-1)!.to) this.flows.pop();
  }

  /** Opens a scope; `parent` where names are not looked for in the scope around it. */
  enter(kind: ScopeKind, range: Range, parent: Scope | undefined = this.current): Scope {
    const scope = this.scope(kind, range, parent);
    this.current.children.push(scope);
    this.open.push(scope);
    if (kind === 'function' || kind === 'arrow') this.branch(range);
    return scope;
  }

  branch(range: Range, attempt?: Range): void {
    this.flows.push({ kind: 'branch', from: range.from, to: range.to, attempt });
  }

  loop(range: Range): void {
    this.flows.push({ kind: 'loop', from: range.from, to: range.to, attempt: undefined });
  }

  /** A binding made where the walk is now, to be kept in `owner`. */
  binding(owner: Scope, meaning: Meaning, target: Range, at: number): Binding {
    return bindingIn(owner, this.flows, meaning, target, at);
  }

  /** A binding made where the walk is now, whose owner is known only after the walk. */
  deferred(meaning: Meaning, target: Range, at: number): (owner: Scope) => Binding {
    const flows = [...this.flows];
    return (owner) => bindingIn(owner, flows, meaning, target, at);
  }

  bind(scope: Scope, name: string, meaning: Meaning, target: Range, at: number): void {
    if (meaning.kind === 'path') this.imported.add(meaning.path);
    this.add(scope.names, name, this.binding(scope, meaning, target, at));
  }

  /** Keeps a name's bindings in the order in which they take effect. */
  add(names: Map<string, Binding[]>, name: string, binding: Binding): void {
    this.byTarget.set(binding.target.from, binding);
    const bindings = names.get(name);
    if (bindings === undefined) names.set(name, [binding]);
    else bindings.splice(bindings.findLastIndex(({ at }) => at <= binding.at) + 1, 0, binding);
  }

  finish(): Bindings {
    const { root, byTarget, stars, imported, globalUses } = this;
    return { root, byTarget, stars, imported, globalUses };
  }

  private scope(kind: ScopeKind, { from, to }: Range, parent: Scope | undefined): Scope {
    return { kind, from, to, parent, children: [], names: new Map(), attributes: new Map(), elsewhere: new Map() };
  }
}

/** True for a range in another, and smaller than that. */
const isInside = (inner: Range, outer: Range): boolean =>
  inner.from >= outer.from && inner.to <= outer.to && inner.to - inner.from < outer.to - outer.from;

function bindingIn(owner: Scope, flows: readonly Flow[], meaning: Meaning, target: Range, at: number): Binding {
  const inside = flows.filter(({ from, to }) => isInside({ from, to }, owner));
  const inner = inside.at(-1);
  const loop = inside.find((flow) => flow.kind === 'loop');
  return {
    meaning,
    target: { from: target.from, to: target.to },
    at,
    block: inner === undefined ? undefined : { from: inner.from, to: inner.to },
    loop: loop === undefined ? undefined : { from: loop.from, to: loop.to },
    attempt: inside.findLast((flow) => flow.attempt !== undefined)?.attempt,
  };
}

/** The innermost scope around a position. */
export function scopeAt(root: Scope, position: number): Scope {
  let scope = root;
  for (;;) {
    const inner = childAt(scope.children, position);
    if (inner === undefined) return scope;
    scope = inner;
  }
}

function childAt(children: readonly Scope[], position: number): Scope | undefined {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (children[middle]!.to <= position) low = middle + 1;
    else high = middle;
  }
  const child = children[low];
  return child !== undefined && contains(child, position) ? child : undefined;
}

/** The class whose object `this` is in a scope: that of the method around, through arrows and blocks. */
export function classAround(scope: Scope): Scope | undefined {
  let inner = scope;
  while (inner.kind === 'arrow' || inner.kind === 'block') inner = inner.parent!;
  if (inner.kind === 'class') return inner;
  return inner.kind === 'function' && inner.parent?.kind === 'class' ? inner.parent : undefined;
}
