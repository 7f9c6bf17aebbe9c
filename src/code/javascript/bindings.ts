import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { type Binding, type Bindings, classAround, type Meaning, type Scope, ScopeBuilder } from '../scope';
import { childrenOf, nextOf, type Range, splitBy, textOf } from '../syntax';
import { javascriptExpression, javascriptString } from './expression';
import { pathOfModule } from './modules';

const data: Meaning = { kind: 'data' };
const local: Meaning = { kind: 'local' };
const declared: Meaning = { kind: 'declared' };

const functions: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'MethodDeclaration',
  'ArrowFunction',
]);

const patterns: ReadonlySet<string> = new Set(['VariableDefinition', 'ArrayPattern', 'ObjectPattern']);

/** What a pattern takes apart: an expression and the members on the way, or any data. */
type Source = { readonly node: SyntaxNode; readonly members: readonly string[] } | undefined;

/** The annotation behind a name. */
function typeOf(name: SyntaxNode): { readonly type?: SyntaxNode } {
  let next = nextOf(name);
  while (next?.name === 'Optional' || next?.name === 'LogicOp') next = nextOf(next);
  return next?.name === 'TypeAnnotation' ? { type: next } : {};
}

const meaningOf = (source: Source, name?: SyntaxNode): Meaning => ({
  ...(source === undefined ? data : { kind: 'expression', ...source }),
  ...(name === undefined ? {} : typeOf(name)),
});

/** `a ??= b`, `a ||= b`: the name may keep what it had. */
const MAY_ASSIGN: ReadonlySet<string> = new Set(['??=', '||=', '&&=']);

interface Assignment {
  readonly name: string;
  readonly scope: Scope;
  readonly bindingIn: (owner: Scope) => Binding;
}

class JavascriptWalk {
  private readonly scopes: ScopeBuilder;
  /** Assignments wait for the end of the walk: a `var` below may declare their name. */
  private readonly assignments: Assignment[] = [];

  constructor(private readonly document: ParsedDocument) {
    this.scopes = new ScopeBuilder(document.text.length);
  }

  *steps(): Generator<undefined, Bindings> {
    const cursor = this.document.tree.cursor();
    let within: boolean;
    do {
      within = true;
      this.scopes.moveTo(cursor.from);
      const visit = this.visits[cursor.name];
      if (visit === undefined) continue;
      within = visit(cursor.node) !== false;
      yield;
    } while (cursor.next(within));
    for (const { name, scope, bindingIn } of this.assignments) {
      const owner = this.ownerOf(name, scope);
      this.scopes.add(owner.names, name, bindingIn(owner));
      yield;
    }
    return this.scopes.finish();
  }

  /** Each may return false to leave out what is inside. */
  private readonly visits: Readonly<Record<string, (node: SyntaxNode) => false | undefined>> = {
    ImportDeclaration: (node) => this.importDeclaration(node),
    // `declare const tf` tells of a global: it binds nothing.
    AmbientDeclaration: () => false,
    VariableDeclaration: (node) => this.variables(node),
    ClassDeclaration: (node) => this.bindIn(this.scopes.current, node.getChild('VariableDefinition'), local),
    EnumDeclaration: (node) => this.bindIn(this.scopes.current, node.getChild('TypeDefinition'), local),
    NamespaceDeclaration: (node) => this.bindIn(this.scopes.current, node.getChild('VariableDefinition'), local),
    ClassBody: (node) => this.classBody(node),
    PropertyDeclaration: (node) => this.propertyDeclaration(node),
    Block: (node) => this.block(node),
    SwitchBody: (node) => this.open('block', node),
    CatchClause: (node) => this.catchClause(node),
    ForStatement: (node) => this.forStatement(node),
    WhileStatement: (node) => this.loop(node),
    DoStatement: (node) => this.loop(node),
    IfStatement: (node) => this.loose(node),
    AssignmentExpression: (node) => this.assignment(node),
    PostfixExpression: (node) => this.count(node.firstChild, node),
    UnaryExpression: (node) => this.count(node.lastChild, node),
    MemberExpression: (node) => this.member(node),
    CallExpression: (node) => this.importCall(node),
    DynamicImport: (node) => this.importCall(node),
    ...Object.fromEntries([...functions].map((name) => [name, (node: SyntaxNode) => this.functionLike(node)])),
  };

  private text(range: Range): string {
    return textOf(this.document, range);
  }

  private bindIn(scope: Scope, name: SyntaxNode | null, meaning: Meaning, at = scope.from): undefined {
    if (name !== null) this.scopes.bind(scope, this.text(name), meaning, name, at);
  }

  /** The function or module around: where a `var` lives. */
  private get functionScope(): Scope {
    let scope = this.scopes.current;
    while (scope.kind === 'block') scope = scope.parent!;
    return scope;
  }

  private ownerOf(name: string, from: Scope): Scope {
    let scope = from;
    while (scope.parent !== undefined && !scope.names.has(name)) scope = scope.parent;
    return scope;
  }

  private open(kind: 'block' | 'class', range: Range): undefined {
    this.scopes.enter(kind, range);
  }

  private loop(node: SyntaxNode): undefined {
    this.scopes.loop(node);
  }

  private importDeclaration(node: SyntaxNode): false | undefined {
    const specifier = node.getChild('String');
    const path = specifier === null ? undefined : pathOfModule(javascriptString(this.document, specifier) ?? '');
    const meaning: Meaning = path === undefined ? local : { kind: 'path', path };
    if (path !== undefined && node.getChild('type') === null) this.scopes.imported.add(path);
    if (specifier === null) return this.importEquals(node);
    const whole: Meaning = node.getChild('type') === null ? meaning : local;
    this.bindIn(this.scopes.root, node.getChild('VariableDefinition'), whole);
    const group = node.getChild('ImportGroup');
    if (group !== null) this.importGroup(group, whole);
    return undefined;
  }

  /** `require('…')` and `import('…')`, wherever they stand. */
  private importCall(node: SyntaxNode): undefined {
    const expression = node.firstChild?.name === 'VariableName' || node.name === 'DynamicImport';
    const called = expression ? javascriptExpression(this.document, node) : undefined;
    if (called?.kind === 'module' && called.path !== undefined) this.scopes.imported.add(called.path);
  }

  /** `{layers, relu as r, type Tensor}`. */
  private importGroup(group: SyntaxNode, from: Meaning): void {
    for (const item of splitBy(childrenOf(group).slice(1), ',')) {
      const target = item.find((node) => node.name === 'VariableDefinition');
      const source = item.find((node) => node.name === 'VariableName' || node.name === 'default') ?? target;
      if (target === undefined || source === undefined) continue;
      const isType = item[0]!.name === 'type' && item.length > 1;
      this.bindIn(this.scopes.root, target, isType ? local : this.exported(from, this.text(source)));
    }
  }

  private exported(from: Meaning, name: string): Meaning {
    if (from.kind !== 'path' || name === 'default') return from;
    return { kind: 'path', path: `${from.path}.${name}` };
  }

  /** TypeScript's `import tf = require('…')`; the grammar ends the statement before the `=`'s right-hand side. */
  private importEquals(node: SyntaxNode): undefined {
    const target = node.getChild('VariableDefinition');
    const value = nextOf(node);
    const gap = target === null || value === null ? '' : this.text({ from: target.to, to: value.from });
    if (target === null || value?.name !== 'ExpressionStatement' || gap.trim() !== '=') return;
    const expression = value.firstChild;
    if (expression !== null) this.bindIn(this.scopes.root, target, meaningOf({ node: expression, members: [] }));
  }

  private variables(node: SyntaxNode): undefined {
    const scope = node.getChild('var') === null ? this.scopes.current : this.functionScope;
    for (const item of splitBy(childrenOf(node).slice(1), ',')) {
      const pattern = item.find((child) => patterns.has(child.name));
      if (pattern === undefined) continue;
      const value = this.initialiser(item);
      if (value !== undefined) this.pattern(pattern, { node: value, members: [] }, scope, value.to);
      else this.bindPattern(pattern, declared, scope, scope.from);
    }
  }

  private initialiser(item: readonly SyntaxNode[]): SyntaxNode | undefined {
    const equals = item.findIndex((child) => child.name === 'Equals');
    return equals < 0 ? undefined : item[equals + 1];
  }

  private bindPattern(pattern: SyntaxNode, meaning: Meaning, scope: Scope, at: number): void {
    if (pattern.name === 'VariableDefinition') this.bindIn(scope, pattern, meaning, at);
    else this.pattern(pattern, undefined, scope, at);
  }

  /** Binds every name of a pattern to its part of the source. */
  private pattern(pattern: SyntaxNode, source: Source, scope: Scope, at: number, depth = 0): void {
    if (depth > 50) return;
    if (pattern.name === 'VariableDefinition') this.bindIn(scope, pattern, meaningOf(source, pattern), at);
    else if (pattern.name === 'ArrayPattern') {
      for (const child of childrenOf(pattern)) {
        if (patterns.has(child.name)) this.pattern(child, undefined, scope, at, depth + 1);
      }
    } else {
      for (const property of pattern.getChildren('PatternProperty')) {
        this.patternProperty(property, source, scope, at, depth + 1);
      }
    }
  }

  /** `layers`, `layers: l`, `layers: {reLU}`, `...rest`. */
  private patternProperty(property: SyntaxNode, source: Source, scope: Scope, at: number, depth: number): void {
    const children = childrenOf(property);
    const target = children.find((child) => patterns.has(child.name));
    const key = children[0];
    if (target === undefined || key === undefined) return;
    const named = key.name === 'PropertyName' || key.name === 'VariableDefinition';
    const inner =
      source === undefined || !named ? undefined : { node: source.node, members: [...source.members, this.text(key)] };
    this.pattern(target, inner, scope, at, depth);
  }

  private functionLike(node: SyntaxNode): undefined {
    const name = node.getChild('VariableDefinition');
    const kind = node.name === 'ArrowFunction' ? 'arrow' : 'function';
    if (node.name === 'FunctionDeclaration') this.bindIn(this.scopes.current, name, local);
    const scope = this.scopes.enter(kind, node);
    if (node.name === 'FunctionExpression') this.bindIn(scope, name, local);
    const list = node.getChild('ParamList');
    for (const child of list === null ? [] : childrenOf(list)) {
      if (patterns.has(child.name)) this.pattern(child, undefined, scope, scope.from);
    }
  }

  private classBody(node: SyntaxNode): undefined {
    const scope = this.scopes.enter('class', node);
    if (node.parent?.name === 'ClassExpression') this.bindIn(scope, node.parent.getChild('VariableDefinition'), local);
  }

  private propertyDeclaration(node: SyntaxNode): undefined {
    const children = childrenOf(node);
    const name = children.find(
      (child) => child.name === 'PropertyDefinition' || child.name === 'PrivatePropertyDefinition',
    );
    const value = this.initialiser(children);
    const owner = this.scopes.current;
    if (name === undefined || value === undefined || owner.kind !== 'class') return;
    const meaning = meaningOf({ node: value, members: [] }, name);
    this.scopes.add(owner.attributes, this.text(name), this.scopes.binding(owner, meaning, name, value.to));
  }

  /** A function's own block is its scope already. */
  private block(node: SyntaxNode): undefined {
    const owner = node.parent?.name ?? '';
    if (functions.has(owner)) return;
    this.scopes.enter('block', node);
    if (owner !== 'Script' && owner !== 'Block') this.scopes.branch(node);
  }

  private catchClause(node: SyntaxNode): undefined {
    const scope = this.scopes.enter('block', node);
    const attempt = node.parent?.getChild('Block') ?? null;
    this.scopes.branch(node, attempt === null ? undefined : { from: attempt.from, to: attempt.to });
    const pattern = childrenOf(node).find((child) => patterns.has(child.name));
    if (pattern !== undefined) this.pattern(pattern, undefined, scope, scope.from);
  }

  private forStatement(node: SyntaxNode): undefined {
    const scope = this.scopes.enter('block', node);
    this.scopes.loop(node);
    const spec = node.getChild('ForOfSpec') ?? node.getChild('ForInSpec');
    if (spec === null) return;
    const target = childrenOf(spec).find((child) => patterns.has(child.name));
    const owner = spec.getChild('var') === null ? scope : this.functionScope;
    if (target !== undefined) this.pattern(target, undefined, owner, owner.from);
    else this.assign(childrenOf(spec)[1] ?? null, data, spec.to);
  }

  /** `if (x) act = …` without braces: the statement may not run. */
  private loose(node: SyntaxNode): undefined {
    this.scopes.branch(node);
  }

  private assignment(node: SyntaxNode): undefined {
    const [target, operator, value] = childrenOf(node);
    const mayAssign = operator !== undefined && MAY_ASSIGN.has(this.text(operator));
    if (mayAssign) this.scopes.branch(node);
    const isPlain = (operator?.name === 'Equals' || mayAssign) && value !== undefined;
    this.assign(target ?? null, isPlain ? meaningOf({ node: value, members: [] }) : data, node.to);
  }

  private count(target: SyntaxNode | null, node: SyntaxNode): undefined {
    const text = this.document.text;
    const isCount = ['++', '--'].some((sign) => text.startsWith(sign, node.from) || text.startsWith(sign, node.to - 2));
    if (isCount) this.assign(target, data, node.to);
  }

  private assign(target: SyntaxNode | null, meaning: Meaning, at: number): void {
    if (target?.name === 'VariableName') this.assignName(target, meaning, at);
    else if (target?.name === 'MemberExpression') this.assignAttribute(target, meaning, at);
    else if (target?.name === 'ArrayPattern' || target?.name === 'ObjectPattern') {
      for (const name of this.namesIn(target)) this.assignName(name, data, at);
    }
  }

  private namesIn(pattern: SyntaxNode): SyntaxNode[] {
    const names: SyntaxNode[] = [];
    pattern.cursor().iterate((reference) => {
      if (reference.name === 'VariableDefinition' || reference.name === 'VariableName') names.push(reference.node);
    });
    return names;
  }

  private assignName(name: SyntaxNode, meaning: Meaning, at: number): void {
    const target = { from: name.from, to: name.to };
    const build = this.scopes.deferred(meaning, target, at);
    this.assignments.push({ name: this.text(name), scope: this.scopes.current, bindingIn: build });
  }

  private assignAttribute(target: SyntaxNode, meaning: Meaning, at: number): void {
    const property = target.getChild('PropertyName') ?? target.getChild('PrivatePropertyName');
    const owner = target.firstChild?.name === 'this' ? classAround(this.scopes.current) : undefined;
    if (property === null || owner === undefined) return;
    this.scopes.add(owner.attributes, this.text(property), this.scopes.binding(owner, meaning, property, at));
  }

  private member(node: SyntaxNode): undefined {
    const object = node.firstChild;
    if (object?.name !== 'VariableName' || object.to - object.from > 10) return;
    const name = this.text(object);
    if (name === 'tf' || name === 'window' || name === 'globalThis') this.scopes.globalUses.push(node.to);
  }
}

/** Finds what every name of a JavaScript or TypeScript text is bound to, in short steps. */
export const javascriptBindings = (document: ParsedDocument): Generator<undefined, Bindings> =>
  new JavascriptWalk(document).steps();
