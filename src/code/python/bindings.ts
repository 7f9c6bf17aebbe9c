import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { type Bindings, type Meaning, type Scope, ScopeBuilder } from '../scope';
import { childrenOf, itemsOf, type Range, splitBy, textOf } from '../syntax';
import { pythonString } from './expression';

/** Names that one statement binds, of those that are looked at: it is one step, and no person writes more. */
const MOST_NAMES = 1000;

const data: Meaning = { kind: 'data' };
const local: Meaning = { kind: 'local' };

const comprehensions: ReadonlySet<string> = new Set([
  'ComprehensionExpression',
  'ArrayComprehensionExpression',
  'DictionaryComprehensionExpression',
  'SetComprehensionExpression',
]);

const groupings: ReadonlySet<string> = new Set(['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression']);

class PythonWalk {
  private readonly scopes: ScopeBuilder;
  /** Parts of open scopes that are evaluated outside of them, until the walk has reached them. */
  private outside: { readonly range: Range; readonly parent: Scope }[] = [];

  constructor(private readonly document: ParsedDocument) {
    this.scopes = new ScopeBuilder(document.text.length);
  }

  *steps(): Generator<undefined, Bindings> {
    const cursor = this.document.tree.cursor();
    do {
      this.scopes.moveTo(cursor.from);
      this.enterOutside(cursor.from);
      const visit = this.visits[cursor.name];
      if (visit === undefined) continue;
      visit(cursor.node);
      yield;
    } while (cursor.next());
    return this.scopes.finish();
  }

  private readonly visits: Readonly<Record<string, (node: SyntaxNode) => void>> = {
    ImportStatement: (node) => this.importStatement(node),
    AssignStatement: (node) => this.assignment(node),
    UpdateStatement: (node) => this.bindTarget(node.firstChild, undefined, node.to),
    NamedExpression: (node) => this.walrus(node),
    ForStatement: (node) => this.loopTargets(childrenOf(node), node),
    WhileStatement: (node) => this.scopes.loop(node),
    WithStatement: (node) => this.namesAfter(node, 'as'),
    TryStatement: (node) => this.namesAfter(node, 'as'),
    DeleteStatement: (node) => {
      for (const target of childrenOf(node).slice(1)) this.bindTarget(target, undefined, node.to);
    },
    CallExpression: (node) => this.registration(node),
    ScopeStatement: (node) => this.scopeStatement(node),
    FunctionDefinition: (node) => this.bindName(node.getChild('VariableName'), local, node.from),
    ClassDefinition: (node) => this.bindName(node.getChild('VariableName'), local, node.from),
    TypeDefinition: (node) => this.bindName(node.getChild('VariableName'), local, node.from),
    LambdaExpression: (node) => this.lambda(node),
    ArgList: (node) => this.argumentComprehensions(node),
    Body: (node) => this.body(node),
    MatchClause: (node) => this.scopes.branch(node),
    CapturePattern: (node) => this.bindName(node.getChild('VariableName'), data, node.to),
    AsPattern: (node) => this.bindName(node.getChild('VariableName'), data, node.to),
    ...Object.fromEntries(
      [...comprehensions].map((name) => [
        name,
        (node: SyntaxNode) => this.comprehension(childrenOf(node).slice(1), node),
      ]),
    ),
  };

  private text(range: Range): string {
    return textOf(this.document, range);
  }

  private enterOutside(position: number): void {
    const next = this.outside.at(-1);
    if (next === undefined || position < next.range.from) return;
    this.outside.pop();
    if (position < next.range.to) this.scopes.enter('outside', next.range, next.parent);
  }

  /** The scope that a plain assignment binds in: a comprehension and a part outside of one have no names of their own. */
  private get assignable(): Scope {
    let scope = this.scopes.current;
    while (scope.kind === 'comprehension' || scope.kind === 'outside') scope = scope.parent!;
    return scope;
  }

  private bindName(name: SyntaxNode | null | undefined, meaning: Meaning, at: number, scope = this.assignable): void {
    if (name === null || name === undefined) return;
    const text = this.text(name);
    this.scopes.bind(scope.elsewhere.get(text) ?? scope, text, meaning, name, at);
  }

  /** `a`, `self.a`, `(a, b)`, `*a` on the left of a value; without a value the names stand for any data. */
  private bindTarget(target: SyntaxNode | null, value: SyntaxNode | undefined, at: number, depth = 0): void {
    if (target === null || depth > 50) return;
    const type = target.nextSibling?.name === 'TypeDef' ? target.nextSibling : undefined;
    if (target.name === 'VariableName') this.bindName(target, this.valueMeaning(value, type), at);
    else if (target.name === 'MemberExpression') this.bindAttribute(target, this.valueMeaning(value, type), at);
    else if (groupings.has(target.name)) {
      const values = value !== undefined && groupings.has(value.name) ? itemsOf(value) : [];
      this.bindTargets(itemsOf(target), values, at, depth + 1);
    }
  }

  /** Pairs targets with values where there are as many, and no star among them. */
  private bindTargets(targets: SyntaxNode[][], values: SyntaxNode[][], at: number, depth: number): void {
    const paired = targets.length === values.length && [...targets, ...values].every((nodes) => nodes.length === 1);
    targets.slice(0, MOST_NAMES).forEach((nodes, k) => {
      this.bindTarget(nodes.at(-1) ?? null, paired ? values[k]![0] : undefined, at, depth);
    });
  }

  private valueMeaning(value: SyntaxNode | undefined, type?: SyntaxNode): Meaning {
    const typed = type === undefined ? {} : { type };
    return value === undefined
      ? { kind: 'data', ...typed }
      : { kind: 'expression', node: value, members: [], ...typed };
  }

  private bindAttribute(target: SyntaxNode, meaning: Meaning, at: number): void {
    const object = target.firstChild;
    const property = target.getChild('PropertyName');
    if (object?.name !== 'VariableName' || property === null) return;
    const owner = this.classOf(this.text(object));
    if (owner !== undefined) {
      this.scopes.add(owner.attributes, this.text(property), this.scopes.binding(owner, meaning, property, at));
    }
  }

  /** `self.add_module('act', nn.ReLU())`, `setattr(self, 'act', nn.ReLU())`. */
  private registration(node: SyntaxNode): void {
    const callee = node.firstChild;
    const list = node.getChild('ArgList');
    if (callee === null || list === null) return;
    const property = callee.name === 'MemberExpression' ? callee.getChild('PropertyName') : null;
    const isMethod = property !== null && /^(add|register)_module$/.test(this.text(property));
    const isFunction = callee.name === 'VariableName' && this.text(callee) === 'setattr';
    if (!isMethod && !isFunction) return;
    const given = itemsOf(list).map((item) => item.at(-1)!);
    const [object, name, value] = isMethod ? [callee.firstChild ?? undefined, ...given] : given;
    const text = name?.name === 'String' ? pythonString(this.document, name) : undefined;
    const owner = object?.name === 'VariableName' ? this.classOf(this.text(object)) : undefined;
    if (owner === undefined || text === undefined || name === undefined) return;
    this.scopes.add(owner.attributes, text, this.scopes.binding(owner, this.valueMeaning(value), name, node.to));
  }

  /** The class that a name such as `self` stands for an object of. */
  private classOf(name: string): Scope | undefined {
    for (let scope: Scope | undefined = this.scopes.current; scope !== undefined; scope = scope.parent) {
      const bindings = scope.kind === 'class' ? undefined : scope.names.get(name);
      if (bindings !== undefined) return bindings[0]!.meaning.kind === 'instance' ? scope.parent : undefined;
    }
    return undefined;
  }

  private assignment(node: SyntaxNode): void {
    const groups = splitBy(
      childrenOf(node).filter((child) => child.name !== 'TypeDef'),
      'AssignOp',
    );
    const value = groups.pop() ?? [];
    const values = splitBy(value, ',').filter((item) => item.length > 0);
    const single = values.length === 1 && !value.some((child) => child.name === ',') ? values[0]![0] : undefined;
    for (const group of groups.slice(0, MOST_NAMES)) {
      const targets = splitBy(group, ',').filter((item) => item.length > 0);
      const one = targets.length === 1 && !group.some((child) => child.name === ',');
      if (one) this.bindTarget(targets[0]!.at(-1)!, single, node.to);
      else {
        const items = single !== undefined && groupings.has(single.name) ? itemsOf(single) : values;
        this.bindTargets(targets, items, node.to, 0);
      }
    }
  }

  private walrus(node: SyntaxNode): void {
    const children = childrenOf(node);
    if (children.length === 3) this.bindTarget(children[0]!, children[2], node.to);
  }

  /** The targets between `for` and `in`, in a statement or a comprehension. */
  private loopTargets(children: readonly SyntaxNode[], statement: SyntaxNode): void {
    this.scopes.loop(statement);
    const from = children.findIndex((child) => child.name === 'for');
    const to = children.findIndex((child) => child.name === 'in');
    if (from < 0 || to < 0) return;
    for (const target of children.slice(from + 1, to)) this.bindTarget(target, undefined, target.to);
  }

  private namesAfter(node: SyntaxNode, keyword: string): void {
    const children = childrenOf(node);
    children.forEach((child, k) => {
      const name = children[k + 1];
      if (child.name === keyword && name?.name === 'VariableName') this.bindName(name, data, name.to);
    });
  }

  private scopeStatement(node: SyntaxNode): void {
    const scope = this.assignable;
    const isGlobal = node.getChild('global') !== null;
    for (const name of node.getChildren('VariableName')) {
      const text = this.text(name);
      const owner = isGlobal ? this.scopes.root : this.enclosing(scope, text);
      if (owner !== undefined && owner !== scope) scope.elsewhere.set(text, owner);
    }
  }

  private enclosing(scope: Scope, name: string): Scope | undefined {
    let outer = scope.parent;
    while (outer !== undefined && !(outer.kind === 'function' && outer.names.has(name))) outer = outer.parent;
    return outer;
  }

  private importStatement(node: SyntaxNode): void {
    const children = childrenOf(node).filter((child) => child.name !== '(' && child.name !== ')');
    const keyword = children.findIndex((child) => child.name === 'import');
    if (keyword < 0) return;
    const modulePath = children[0]?.name === 'from' ? this.modulePath(children.slice(1, keyword)) : '';
    for (const item of splitBy(children.slice(keyword + 1), ',').slice(0, MOST_NAMES)) {
      if (item.length > 0) this.importItem(item, modulePath, node);
    }
  }

  /** `torch.nn`; undefined for a relative import. */
  private modulePath(nodes: readonly SyntaxNode[]): string | undefined {
    return nodes[0]?.name === 'VariableName' ? this.dotted(nodes) : undefined;
  }

  private dotted(nodes: readonly SyntaxNode[]): string {
    return nodes
      .filter((node) => node.name === 'VariableName')
      .map((node) => this.text(node))
      .join('.');
  }

  /** One `a.b as c` of an import; `modulePath` is empty for a plain `import`, undefined for a relative one. */
  private importItem(item: readonly SyntaxNode[], modulePath: string | undefined, statement: SyntaxNode): void {
    const alias = item.findIndex((node) => node.name === 'as');
    const names = alias < 0 ? item : item.slice(0, alias);
    const target = alias < 0 ? names[0] : item[alias + 1];
    if (target === undefined) return;
    if (target.name === '*') {
      this.scopes.stars.push({ path: modulePath, at: statement.to });
      if (modulePath !== undefined) this.scopes.imported.add(modulePath);
      return;
    }
    if (target.name !== 'VariableName') return;
    this.bindName(target, this.importMeaning(names, modulePath, alias >= 0), statement.to);
  }

  private importMeaning(names: readonly SyntaxNode[], modulePath: string | undefined, renamed: boolean): Meaning {
    if (modulePath === undefined) return local;
    if (modulePath !== '') return { kind: 'path', path: `${modulePath}.${this.dotted(names)}` };
    return { kind: 'path', path: renamed ? this.dotted(names) : this.dotted(names.slice(0, 1)) };
  }

  /** The body of a function or class opens a scope; another may be skipped or run again. */
  private body(node: SyntaxNode): void {
    const owner = node.parent;
    if (owner?.name === 'FunctionDefinition') this.functionBody(owner, node);
    else if (owner?.name === 'ClassDefinition') this.scopes.enter('class', node);
    else if (owner?.name === 'TryStatement') this.tryBody(owner, node);
    else if (owner?.name !== 'WithStatement') this.scopes.branch(node);
  }

  /** What an `except` binds counts only where its `try` does not bind the same name. */
  private tryBody(statement: SyntaxNode, body: SyntaxNode): void {
    const first = statement.getChild('Body');
    const handles = this.keywordBefore(body) === 'except';
    this.scopes.branch(body, handles && first !== null ? { from: first.from, to: first.to } : undefined);
  }

  private keywordBefore(body: SyntaxNode): string | undefined {
    for (let node = body.prevSibling; node !== null && node.name !== 'Body'; node = node.prevSibling) {
      if (node.name === 'except' || node.name === 'finally' || node.name === 'else') return node.name;
    }
    return undefined;
  }

  private functionBody(definition: SyntaxNode, body: SyntaxNode): void {
    const around = this.scopes.current;
    const scope = this.scopes.enter('function', body);
    const isMethod = around.kind === 'class' && !this.isStatic(definition);
    this.parameters(definition.getChild('ParamList'), scope, isMethod);
  }

  private isStatic(definition: SyntaxNode): boolean {
    // Of a class's body it would go through all methods.
    const decorators =
      definition.parent?.name === 'DecoratedStatement' ? definition.parent.getChildren('Decorator') : [];
    return decorators.some((decorator) => this.text(decorator).trim() === '@staticmethod');
  }

  private parameters(list: SyntaxNode | null, scope: Scope, isMethod: boolean): void {
    if (list === null) return;
    itemsOf(list).forEach((item, k) => {
      const name = item.find((node) => node.name === 'VariableName');
      const type = item[0] === name ? item.find((node) => node.name === 'TypeDef') : undefined;
      const meaning: Meaning =
        isMethod && k === 0 && item[0] === name ? { kind: 'instance' } : this.valueMeaning(undefined, type);
      this.bindName(name, meaning, scope.from, scope);
    });
  }

  private lambda(node: SyntaxNode): void {
    const list = node.getChild('ParamList');
    const around = this.scopes.current;
    const scope = this.scopes.enter('function', node);
    if (list === null) return;
    this.parameters(list, scope, false);
    this.outside.push({ range: list, parent: around });
  }

  private comprehension(parts: readonly SyntaxNode[], range: Range): void {
    const around = this.scopes.current;
    const scope = this.scopes.enter('comprehension', range);
    const iterable = parts[parts.findIndex((part) => part.name === 'in') + 1];
    parts.forEach((part, k) => {
      if (part.name === 'for') this.comprehensionTargets(parts.slice(k + 1), scope);
    });
    // Python evaluates the first iterable before the comprehension's own names exist.
    if (iterable !== undefined) this.outside.push({ range: iterable, parent: around });
  }

  private comprehensionTargets(parts: readonly SyntaxNode[], scope: Scope): void {
    const end = parts.findIndex((part) => part.name === 'in');
    for (const target of parts.slice(0, Math.max(end, 0))) {
      this.namesIn(target, (name) => {
        this.bindName(name, data, scope.from, scope);
      });
    }
  }

  private namesIn(target: SyntaxNode, visit: (name: SyntaxNode) => void, depth = 0): void {
    if (target.name === 'VariableName') visit(target);
    else if (groupings.has(target.name) && depth < 50) {
      for (const item of itemsOf(target)) this.namesIn(item.at(-1)!, visit, depth + 1);
    }
  }

  /** `f(x for x in xs)`: the comprehension has no node of its own. */
  private argumentComprehensions(list: SyntaxNode): void {
    if (list.getChild('for') === null) return;
    const parts = childrenOf(list).slice(1, -1);
    if (parts.length > 0) this.comprehension(parts, { from: parts[0]!.from, to: parts.at(-1)!.to });
  }
}

/** Finds what every name of a Python text is bound to, in short steps. */
export const pythonBindings = (document: ParsedDocument): Generator<undefined, Bindings> =>
  new PythonWalk(document).steps();
