import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { numberOf } from '../expressionTypes';
import { pythonString } from '../python/expression';
import { stringParts } from '../strings';
import { childrenOf, itemsOf, splitBy, textOf } from '../syntax';
import type {
  Argument,
  ClassCode,
  ComprehensionClause,
  DictEntry,
  Expression,
  FunctionCode,
  ImportBinding,
  Parameter,
  Program,
  Span,
  Statement,
  Target,
} from './ast';

/** Deeper code is not looked into: what stands there is `other`. */
const DEEPEST = 120;
/** Of the text that an unknown part keeps. */
const LONGEST_TEXT = 60;

const span = ({ from, to }: Span): Span => ({ from, to });

const around = (nodes: readonly Span[]): Span => ({ from: nodes[0]!.from, to: nodes.at(-1)!.to });

class Lowering {
  private depth = 0;

  constructor(private readonly document: ParsedDocument) {}

  program(): Program {
    return { language: 'python', body: this.statements(this.document.tree.topNode) };
  }

  private text(range: Span): string {
    return textOf(this.document, range);
  }

  private other(range: Span): Expression {
    return {
      ...span(range),
      kind: 'other',
      text: this.text({ from: range.from, to: Math.min(range.to, range.from + LONGEST_TEXT) }),
    };
  }

  /** Guards the stack: code that is nested too deeply becomes what `instead` makes. */
  private deeper<T>(make: () => T, instead: () => T): T {
    if (this.depth >= DEEPEST) return instead();
    this.depth++;
    try {
      return make();
    } finally {
      this.depth--;
    }
  }

  // Statements

  private statements(block: SyntaxNode): Statement[] {
    return childrenOf(block).flatMap((child) => (child.name === ':' ? [] : this.statement(child)));
  }

  private body(node: SyntaxNode | null | undefined): Statement[] {
    return node === null || node === undefined ? [] : this.statements(node);
  }

  private statement(node: SyntaxNode): Statement[] {
    return this.deeper(
      () => this.lowerStatement(node),
      () => [{ ...span(node), kind: 'expression', value: this.other(node) }],
    );
  }

  private lowerStatement(node: SyntaxNode): Statement[] {
    const here = span(node);
    switch (node.name) {
      case 'StatementGroup':
        return childrenOf(node).flatMap((child) => this.statement(child));
      case 'ExpressionStatement': {
        const children = childrenOf(node);
        return children.length === 0 ? [] : [{ ...here, kind: 'expression', value: this.listed(children) }];
      }
      case 'AssignStatement':
        return this.assignment(node);
      case 'UpdateStatement': {
        const [target, operator, ...value] = childrenOf(node);
        if (target === undefined || operator === undefined || value.length === 0) return [];
        return [
          {
            ...here,
            kind: 'assign',
            targets: [this.target(target)],
            operator: this.text(operator).replace(/=$/, ''),
            value: this.listed(value),
          },
        ];
      }
      case 'ImportStatement':
        return [this.importStatement(node)];
      case 'FunctionDefinition':
        return [{ ...here, kind: 'function', function: this.functionCode(node, []) }];
      case 'ClassDefinition':
        return [{ ...here, kind: 'class', class: this.classCode(node, []) }];
      case 'DecoratedStatement':
        return this.decorated(node);
      case 'IfStatement':
        return this.ifStatement(childrenOf(node), here);
      case 'ForStatement':
        return [this.forStatement(node)];
      case 'WhileStatement': {
        const [, test] = childrenOf(node);
        const [body] = node.getChildren('Body');
        return [
          {
            ...here,
            kind: 'while',
            before: [],
            test: test === undefined || test.name === 'Body' ? undefined : this.expression(test),
            update: [],
            body: this.body(body),
          },
        ];
      }
      case 'WithStatement':
        return [this.withStatement(node)];
      case 'TryStatement':
        return [this.tryStatement(node)];
      case 'MatchStatement':
        return this.matchStatement(node);
      case 'ReturnStatement': {
        const value = childrenOf(node).slice(1);
        return [{ ...here, kind: 'return', ...(value.length === 0 ? {} : { value: this.listed(value) }) }];
      }
      case 'RaiseStatement':
        return [{ ...here, kind: 'raise' }];
      case 'BreakStatement':
        return [{ ...here, kind: 'break' }];
      case 'ContinueStatement':
        return [{ ...here, kind: 'continue' }];
      case 'PassStatement':
      case 'AssertStatement':
      case 'TypeDefinition':
        return [];
      case 'DeleteStatement':
        return [
          {
            ...here,
            kind: 'delete',
            targets: childrenOf(node)
              .slice(1)
              .filter(({ name }) => name !== ',')
              .map((child) => this.target(child)),
          },
        ];
      case 'ScopeStatement':
        return [
          {
            ...here,
            kind: 'global',
            names: node.getChildren('VariableName').map((name) => this.text(name)),
            nonlocal: node.getChild('nonlocal') !== null,
          },
        ];
      default:
        return /^[a-z;:,]/.test(node.name) ? [] : [{ ...here, kind: 'expression', value: this.expression(node) }];
    }
  }

  private assignment(node: SyntaxNode): Statement[] {
    const here = span(node);
    const children = childrenOf(node);
    const annotation = children.find((child) => child.name === 'TypeDef');
    const groups = splitBy(
      children.filter((child) => child !== annotation),
      'AssignOp',
    ).filter((group) => group.length > 0);
    // An operator with nothing on either side.
    if (groups.length === 0) return [];
    if (groups.length === 1) {
      const [name] = groups[0]!;
      if (annotation === undefined || name?.name !== 'VariableName') return [];
      const written = this.text(annotation).replace(/^:\s*/, '');
      return [{ ...here, kind: 'declare', name: this.text(name), annotation: written }];
    }
    const value = groups.pop()!;
    return [
      { ...here, kind: 'assign', targets: groups.map((group) => this.targets(group)), value: this.listed(value) },
    ];
  }

  private importStatement(node: SyntaxNode): Statement {
    const children = childrenOf(node).filter(({ name }) => name !== '(' && name !== ')');
    const keyword = children.findIndex(({ name }) => name === 'import');
    const from = children[0]?.name === 'from' ? children.slice(1, Math.max(1, keyword)) : undefined;
    const dotted = (nodes: readonly SyntaxNode[]): string =>
      nodes
        .filter(({ name }) => name === 'VariableName')
        .map((name) => this.text(name))
        .join('.');
    const module = from === undefined ? '' : from[0]?.name === 'VariableName' ? dotted(from) : undefined;
    let star: string | undefined;
    const bindings: ImportBinding[] = [];
    for (const item of splitBy(children.slice(keyword + 1), ',')) {
      const alias = item.findIndex(({ name }) => name === 'as');
      const names = alias < 0 ? item : item.slice(0, alias);
      const target = alias < 0 ? names[0] : item[alias + 1];
      if (target === undefined) continue;
      if (target.name === '*') star = module;
      if (target.name !== 'VariableName') continue;
      const path =
        module === undefined
          ? undefined
          : module !== ''
            ? `${module}.${dotted(names)}`
            : alias >= 0
              ? dotted(names)
              : dotted(names.slice(0, 1));
      bindings.push({ ...span(target), name: this.text(target), path });
    }
    return { ...span(node), kind: 'import', bindings, ...(star === undefined ? {} : { star }) };
  }

  private decorated(node: SyntaxNode): Statement[] {
    const decorators = node.getChildren('Decorator').map((decorator) => this.decorator(decorator));
    const names = decorators.map((each) =>
      each.kind === 'name' ? each.name : each.kind === 'member' ? each.name : '',
    );
    const definition = node.getChild('FunctionDefinition');
    if (definition !== null) {
      const how = names.includes('staticmethod')
        ? ('static' as const)
        : names.includes('classmethod')
          ? ('class' as const)
          : names.some((name) => name === 'property' || name === 'cached_property')
            ? ('getter' as const)
            : undefined;
      const code = this.functionCode(definition, decorators);
      return [{ ...span(node), kind: 'function', function: code, ...(how === undefined ? {} : { static: how }) }];
    }
    const type = node.getChild('ClassDefinition');
    return type === null ? [] : [{ ...span(node), kind: 'class', class: this.classCode(type, decorators) }];
  }

  /** `@a.b`, `@a.b(c)`: the grammar lists the parts without nesting them. */
  private decorator(node: SyntaxNode): Expression {
    let found: Expression | undefined;
    for (const child of childrenOf(node)) {
      if (child.name === 'At' || child.name === '@' || child.name === '.') continue;
      if (child.name === 'VariableName' || child.name === 'PropertyName') {
        const name = this.text(child);
        found =
          found === undefined
            ? { ...span(child), kind: 'name', name }
            : { from: found.from, to: child.to, kind: 'member', object: found, name, property: span(child) };
      } else if (child.name === 'ArgList' && found !== undefined) {
        const callee: Expression = found;
        found = {
          from: callee.from,
          to: child.to,
          kind: 'call',
          callee,
          arguments: this.arguments(child),
          construct: false,
        };
      } else found ??= this.expression(child);
    }
    return found ?? this.other(node);
  }

  private functionCode(node: SyntaxNode, decorators: readonly Expression[]): FunctionCode {
    const name = node.getChild('VariableName');
    const body = node.getChild('Body');
    return {
      ...span(node),
      name: name === null ? undefined : this.text(name),
      ...(name === null ? {} : { nameSpan: span(name) }),
      parameters: this.parameters(node.getChild('ParamList')),
      body: this.body(body),
      decorators,
      arrow: false,
      generator: body !== null && this.yields(body),
    };
  }

  private yields(body: SyntaxNode): boolean {
    if (!/\byield\b/.test(this.text(body))) return false;
    let found = false;
    body.cursor().iterate((node) => {
      if (node.name === 'FunctionDefinition' || node.name === 'LambdaExpression') return false;
      if (node.name === 'YieldExpression' || node.name === 'YieldStatement') found = true;
      return !found;
    });
    return found;
  }

  private parameters(list: SyntaxNode | null): Parameter[] {
    if (list === null) return [];
    const parameters: Parameter[] = [];
    let keywordOnly = false;
    for (const item of itemsOf(list)) {
      const [first] = item;
      const star = this.text(first!);
      const name = item.find((node) => node.name === 'VariableName');
      if (name === undefined) {
        if (star === '*') keywordOnly = true;
        continue;
      }
      const assign = item.findIndex((node) => node.name === 'AssignOp');
      const annotation = item.find((node) => node.name === 'TypeDef');
      const value = assign < 0 ? [] : item.slice(assign + 1);
      const rest = star === '*' ? ('positional' as const) : star === '**' ? ('keywords' as const) : undefined;
      parameters.push({
        ...around(item),
        target: { ...span(name), kind: 'name', name: this.text(name) },
        ...(value.length > 0 ? { default: this.listed(value) } : {}),
        ...(rest === undefined ? {} : { rest }),
        ...(keywordOnly && rest === undefined ? { keywordOnly: true } : {}),
        ...(annotation === undefined ? {} : { annotation: this.text(annotation).replace(/^:\s*/, '') }),
      });
      if (rest === 'positional') keywordOnly = true;
    }
    return parameters;
  }

  private classCode(node: SyntaxNode, decorators: readonly Expression[]): ClassCode {
    const name = node.getChild('VariableName');
    const list = node.getChild('ArgList');
    return {
      ...span(node),
      name: name === null ? undefined : this.text(name),
      ...(name === null ? {} : { nameSpan: span(name) }),
      bases: list === null ? [] : this.arguments(list),
      decorators,
      body: this.body(node.getChild('Body')),
    };
  }

  /** `if a: … elif b: … else: …`, from its children on. */
  private ifStatement(children: readonly SyntaxNode[], here: Span): Statement[] {
    const [, test, ...rest] = children;
    const body = rest.findIndex(({ name }) => name === 'Body');
    if (test === undefined || test.name === 'Body') return [];
    const after = body < 0 ? [] : rest.slice(body + 1);
    const [next] = after;
    const otherwise =
      next?.name === 'elif'
        ? this.deeper(
            () => this.ifStatement(after, { from: next.from, to: here.to }),
            () => [],
          )
        : next?.name === 'else'
          ? this.body(after.find(({ name }) => name === 'Body'))
          : [];
    return [{ ...here, kind: 'if', test: this.expression(test), consequence: this.body(rest[body]), otherwise }];
  }

  private forStatement(node: SyntaxNode): Statement {
    const children = childrenOf(node);
    const start = children.findIndex(({ name }) => name === 'for');
    const middle = children.findIndex(({ name }) => name === 'in');
    const end = children.findIndex(({ name }) => name === 'Body');
    const [body, otherwise] = node.getChildren('Body');
    const over = middle < 0 ? [] : children.slice(middle + 1, end < 0 ? undefined : end);
    return {
      ...span(node),
      kind: 'for',
      target: this.targets(children.slice(start + 1, Math.max(start + 1, middle))),
      over: over.length === 0 ? this.other(node) : this.listed(over),
      body: this.body(body),
      otherwise: this.body(otherwise),
    };
  }

  private withStatement(node: SyntaxNode): Statement {
    const children = childrenOf(node).filter(({ name }) => name !== 'async' && name !== 'with');
    const body = children.findIndex(({ name }) => name === 'Body');
    const items = splitBy(children.slice(0, body < 0 ? undefined : body), ',').flatMap((item) => {
      const as = item.findIndex(({ name }) => name === 'as');
      const [value] = item;
      if (value === undefined) return [];
      const target = as < 0 ? undefined : item[as + 1];
      return [{ value: this.expression(value), ...(target === undefined ? {} : { target: this.target(target) }) }];
    });
    return { ...span(node), kind: 'with', items, body: this.body(children[body]) };
  }

  private tryStatement(node: SyntaxNode): Statement {
    const parts = {
      body: [] as Statement[],
      handlers: [] as Statement[][],
      otherwise: [] as Statement[],
      last: [] as Statement[],
    };
    let keyword = 'try';
    for (const child of childrenOf(node)) {
      if (['try', 'except', 'else', 'finally'].includes(child.name)) keyword = child.name;
      if (child.name !== 'Body') continue;
      const body = this.body(child);
      if (keyword === 'try') parts.body = body;
      else if (keyword === 'except') parts.handlers.push(body);
      else if (keyword === 'else') parts.otherwise = body;
      else parts.last = body;
    }
    const { body, handlers, otherwise } = parts;
    return { ...span(node), kind: 'try', body, handlers, otherwise, finally: parts.last };
  }

  /** `match x:` becomes a chain of comparisons where its patterns are constants, and branches that nobody knows else. */
  private matchStatement(node: SyntaxNode): Statement[] {
    const subject = childrenOf(node)[1];
    const clauses = node.getChild('MatchBody')?.getChildren('MatchClause') ?? [];
    if (subject === undefined) return [];
    const value = this.expression(subject);
    return clauses.toReversed().reduce<Statement[]>((otherwise, clause) => {
      const [, pattern] = childrenOf(clause);
      const consequence = this.body(clause.getChild('Body'));
      const written = pattern === undefined ? '' : this.text(pattern);
      if (written === '_') return consequence;
      const literal = pattern?.name === 'LiteralPattern' ? pattern.firstChild : null;
      const test: Expression =
        literal === null
          ? this.other(pattern ?? clause)
          : { ...span(clause), kind: 'comparison', operators: ['=='], operands: [value, this.expression(literal)] };
      return [{ ...span(clause), kind: 'if', test, consequence, otherwise }];
    }, []);
  }

  // Targets

  /** One target, or several between commas. */
  private targets(nodes: readonly SyntaxNode[]): Target {
    const items = splitBy(nodes, ',').filter((item) => item.length > 0);
    if (nodes.length === 0) return { from: 0, to: 0, kind: 'other' };
    if (items.length === 1 && !nodes.some(({ name }) => name === ',')) {
      const item = items[0]!;
      return this.target(item.at(-1)!);
    }
    return this.sequence(items, around(nodes));
  }

  private sequence(items: readonly (readonly SyntaxNode[])[], range: Span): Target {
    const rest = items.findIndex((item) => item.length > 1 && this.text(item[0]!) === '*');
    return {
      ...span(range),
      kind: 'sequence',
      items: items.map((item) => this.target(item.at(-1)!)),
      ...(rest < 0 ? {} : { rest }),
    };
  }

  private target(node: SyntaxNode): Target {
    return this.deeper(
      (): Target => {
        const here = span(node);
        switch (node.name) {
          case 'VariableName':
            return { ...here, kind: 'name', name: this.text(node) };
          case 'MemberExpression': {
            const found = this.member(node);
            if (found.kind === 'member') return { ...here, kind: 'member', object: found.object, name: found.name };
            if (found.kind === 'index') return { ...here, kind: 'index', object: found.object, index: found.index };
            return { ...here, kind: 'other' };
          }
          case 'TupleExpression':
          case 'ArrayExpression':
            return this.sequence(itemsOf(node), node);
          case 'ParenthesizedExpression': {
            const inner = childrenOf(node)[1];
            return inner === undefined ? { ...here, kind: 'other' } : this.target(inner);
          }
          default:
            return { ...here, kind: 'other' };
        }
      },
      () => ({ ...span(node), kind: 'other' }),
    );
  }

  // Expressions

  /** Nodes between commas: one expression, or a tuple without brackets. */
  private listed(nodes: readonly SyntaxNode[]): Expression {
    const items = splitBy(nodes, ',').filter((item) => item.length > 0);
    if (items.length === 0) return this.other(nodes[0]!);
    if (items.length === 1 && !nodes.some(({ name }) => name === ',')) return this.item(items[0]!);
    return { ...around(nodes), kind: 'tuple', items: items.map((item) => this.item(item)) };
  }

  /** An item of a list: an expression, or one with a star. */
  private item(nodes: readonly SyntaxNode[]): Expression {
    const [first, second] = nodes;
    if (second !== undefined && this.text(first!) === '*') {
      return { ...around(nodes), kind: 'spread', value: this.expression(second) };
    }
    return this.expression(first!);
  }

  private expression(node: SyntaxNode): Expression {
    return this.deeper(
      () => this.lowerExpression(node),
      () => this.other(node),
    );
  }

  private lowerExpression(node: SyntaxNode): Expression {
    const here = span(node);
    switch (node.name) {
      case 'VariableName':
        return { ...here, kind: 'name', name: this.text(node) };
      case 'Number': {
        const value = numberOf(this.text(node));
        return value === undefined ? this.other(node) : { ...here, kind: 'constant', value };
      }
      case 'String':
      case 'ContinuedString': {
        const value = pythonString(this.document, node);
        return value === undefined ? this.other(node) : { ...here, kind: 'constant', value };
      }
      case 'FormatString':
        return this.formatString(node);
      case 'Boolean':
        return { ...here, kind: 'constant', value: this.text(node) === 'True' };
      case 'None':
        return { ...here, kind: 'constant', value: null };
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      case 'ParenthesizedExpression':
      case 'AwaitExpression': {
        const inner = childrenOf(node).find(({ name }) => name !== '(' && name !== 'await');
        return inner === undefined || inner.name === ')' ? this.other(node) : this.expression(inner);
      }
      case 'NamedExpression': {
        const [target, , value] = childrenOf(node);
        if (target === undefined || value === undefined) return this.other(node);
        return { ...here, kind: 'assignment', target: this.target(target), value: this.expression(value) };
      }
      case 'TupleExpression':
        return { ...here, kind: 'tuple', items: itemsOf(node).map((item) => this.item(item)) };
      case 'ArrayExpression':
        return { ...here, kind: 'list', items: itemsOf(node).map((item) => this.item(item)) };
      case 'SetExpression':
        return { ...here, kind: 'set', items: itemsOf(node).map((item) => this.item(item)) };
      case 'DictionaryExpression':
        return { ...here, kind: 'dict', entries: this.entries(node) };
      case 'ArrayComprehensionExpression':
        return this.comprehension(childrenOf(node).slice(1, -1), 'list', here);
      case 'SetComprehensionExpression':
        return this.comprehension(childrenOf(node).slice(1, -1), 'set', here);
      case 'DictionaryComprehensionExpression':
        return this.comprehension(childrenOf(node).slice(1, -1), 'dict', here);
      case 'ComprehensionExpression':
        return this.comprehension(childrenOf(node).slice(1, -1), 'generator', here);
      case 'LambdaExpression':
        return this.lambda(node);
      case 'ConditionalExpression': {
        const parts = childrenOf(node).filter(({ name }) => name !== 'if' && name !== 'else');
        const [consequence, test, otherwise] = parts;
        if (consequence === undefined || test === undefined || otherwise === undefined) return this.other(node);
        return {
          ...here,
          kind: 'choice',
          test: this.expression(test),
          consequence: this.expression(consequence),
          otherwise: this.expression(otherwise),
        };
      }
      case 'UnaryExpression': {
        const [operator, operand] = childrenOf(node);
        if (operator === undefined || operand === undefined) return this.other(node);
        return { ...here, kind: 'unary', operator: this.text(operator), operand: this.expression(operand) };
      }
      case 'BinaryExpression':
        return this.binary(node);
      default:
        return this.other(node);
    }
  }

  private formatString(node: SyntaxNode): Expression {
    const parts: (string | Expression)[] = [];
    const taken = stringParts(this.document.text, node);
    if (taken === undefined) return this.other(node);
    let at = taken.content.from;
    const piece = (to: number) => {
      if (to > at) parts.push(this.text({ from: at, to }).replaceAll('{{', '{').replaceAll('}}', '}'));
    };
    for (const hole of node.getChildren('FormatReplacement')) {
      piece(hole.from);
      const inner = childrenOf(hole).find(({ name }) => name !== '{' && name !== '}');
      parts.push(inner === undefined ? this.other(hole) : this.expression(inner));
      at = hole.to;
    }
    piece(taken.content.to);
    return { ...span(node), kind: 'format', parts };
  }

  private member(node: SyntaxNode): Expression {
    const here = span(node);
    const children = childrenOf(node);
    const [object, sign] = children;
    if (object === undefined || sign === undefined) return this.other(node);
    if (sign.name === '[') {
      const inside = children.slice(2).filter(({ name }) => name !== ']');
      if (inside.length === 0) return this.other(node);
      return { ...here, kind: 'index', object: this.expression(object), index: this.subscript(inside) };
    }
    const property = children.at(-1)!;
    if (property.name !== 'PropertyName') {
      // The grammar takes the point of `1.` for the start of a member.
      const value = object.name === 'Number' ? numberOf(this.text(object)) : undefined;
      return value === undefined ? this.other(node) : { ...here, kind: 'constant', value };
    }
    return {
      ...here,
      kind: 'member',
      object: this.expression(object),
      name: this.text(property),
      property: span(property),
    };
  }

  private subscript(nodes: readonly SyntaxNode[]): Expression {
    const items = splitBy(nodes, ',').filter((item) => item.length > 0);
    const one = (item: readonly SyntaxNode[]): Expression => {
      if (!item.some(({ name }) => name === ':')) return this.item(item);
      const [start, stop, step] = splitBy(item, ':').map((part) =>
        part.length === 0 ? undefined : this.expression(part[0]!),
      );
      return {
        ...around(item),
        kind: 'slice',
        ...(start === undefined ? {} : { start }),
        ...(stop === undefined ? {} : { stop }),
        ...(step === undefined ? {} : { step }),
      };
    };
    if (items.length === 1 && !nodes.some(({ name }) => name === ',')) return one(items[0]!);
    return { ...around(nodes), kind: 'tuple', items: items.map(one) };
  }

  private call(node: SyntaxNode): Expression {
    const [callee] = childrenOf(node);
    const list = node.getChild('ArgList');
    if (callee === undefined) return this.other(node);
    return {
      ...span(node),
      kind: 'call',
      callee: this.expression(callee),
      arguments: list === null ? [] : this.arguments(list),
      construct: false,
    };
  }

  private arguments(list: SyntaxNode): Argument[] {
    if (list.getChild('for') !== null) {
      const inside = childrenOf(list).slice(1, -1);
      if (inside.length === 0) return [];
      return [{ ...around(inside), value: this.comprehension(inside, 'generator', around(inside)) }];
    }
    return itemsOf(list).flatMap((item): Argument[] => {
      const range = around(item);
      const [first, second, ...rest] = item;
      const mark = this.text(first!);
      if (second !== undefined && (mark === '*' || mark === '**')) {
        const value: Expression = { ...range, kind: 'spread', value: this.expression(second) };
        return [{ ...range, value, ...(mark === '**' ? { double: true } : {}) }];
      }
      if (second?.name === 'AssignOp' && first!.name === 'VariableName') {
        return rest.length === 0 ? [] : [{ ...range, name: mark, value: this.expression(rest[0]!) }];
      }
      return [{ ...range, value: this.expression(first!) }];
    });
  }

  private entries(node: SyntaxNode): DictEntry[] {
    return itemsOf(node).flatMap((item): DictEntry[] => {
      const range = around(item);
      const colon = item.findIndex(({ name }) => name === ':');
      const [first, second] = item;
      if (colon < 0) {
        return second !== undefined && this.text(first!) === '**' ? [{ ...range, value: this.expression(second) }] : [];
      }
      const value = item[colon + 1];
      return value === undefined || colon === 0
        ? []
        : [{ ...range, key: this.expression(first!), value: this.expression(value) }];
    });
  }

  private comprehension(
    nodes: readonly SyntaxNode[],
    of: 'list' | 'set' | 'generator' | 'dict',
    here: Span,
  ): Expression {
    const start = nodes.findIndex(({ name }) => name === 'for' || name === 'async');
    const head = nodes.slice(0, Math.max(start, 0)).filter(({ name }) => name !== ':');
    const [first, second] = head;
    if (first === undefined || (of === 'dict' && second === undefined)) {
      return { ...here, kind: 'other', text: this.text(here).slice(0, LONGEST_TEXT) };
    }
    const clauses: ComprehensionClause[] = [];
    let rest = nodes.slice(start);
    while (rest.length > 0) {
      const from = rest.findIndex(({ name }) => name === 'for');
      const middle = rest.findIndex(({ name }) => name === 'in');
      if (from < 0 || middle < 0) break;
      const after = rest.slice(middle + 1);
      const next = after.findIndex(({ name }) => name === 'for' || name === 'async');
      const own = next < 0 ? after : after.slice(0, next);
      const [over, ...tests] = splitBy(
        own.map((node) => node),
        'if',
      );
      if (over === undefined || over.length === 0) break;
      clauses.push({
        target: this.targets(rest.slice(from + 1, middle)),
        over: this.expression(over[0]!),
        tests: tests.flatMap((test) => (test.length === 0 ? [] : [this.expression(test[0]!)])),
      });
      rest = next < 0 ? [] : after.slice(next);
    }
    if (clauses.length === 0) return { ...here, kind: 'other', text: this.text(here).slice(0, LONGEST_TEXT) };
    return {
      ...here,
      kind: 'comprehension',
      of,
      element: this.expression(of === 'dict' ? second! : first),
      ...(of === 'dict' ? { key: this.expression(first) } : {}),
      clauses,
    };
  }

  private lambda(node: SyntaxNode): Expression {
    const body = childrenOf(node).at(-1);
    if (body === undefined || body.name === ':' || body.name === 'ParamList') return this.other(node);
    return {
      ...span(node),
      kind: 'function',
      function: {
        ...span(node),
        name: undefined,
        parameters: this.parameters(node.getChild('ParamList')),
        body: [{ ...span(body), kind: 'return', value: this.expression(body) }],
        decorators: [],
        arrow: false,
        generator: false,
      },
    };
  }

  private binary(node: SyntaxNode): Expression {
    const here = span(node);
    const [left, ...rest] = childrenOf(node);
    const right = rest.at(-1);
    if (left === undefined || right === undefined || rest.length < 2) return this.other(node);
    const operator = rest
      .slice(0, -1)
      .map((part) => this.text(part))
      .join(' ');
    if (/^(<|>|<=|>=|==|!=|in|not in|is|is not)$/.test(operator)) return this.compared(left, operator, right, here);
    return { ...here, kind: 'binary', operator, left: this.expression(left), right: this.expression(right) };
  }

  /** `a < b < c` is nested to the left in the tree, and one comparison in Python. */
  private compared(left: SyntaxNode, operator: string, right: SyntaxNode, here: Span): Expression {
    const first = this.expression(left);
    const last = this.expression(right);
    if (first.kind === 'comparison' && left.name === 'BinaryExpression') {
      return {
        ...here,
        kind: 'comparison',
        operators: [...first.operators, operator],
        operands: [...first.operands, last],
      };
    }
    return { ...here, kind: 'comparison', operators: [operator], operands: [first, last] };
  }
}

/** A Python text as a program. Broken code gives `other` where it is broken, never an exception. */
export const lowerPython = (document: ParsedDocument): Program => new Lowering(document).program();
