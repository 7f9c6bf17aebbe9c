import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { numberOf } from '../expressionTypes';
import { javascriptString } from '../javascript/expression';
import { pathOfModule } from '../javascript/modules';
import { childrenOf, itemsOf, splitBy, textOf } from '../syntax';
import type {
  Argument,
  ClassCode,
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

const patterns: ReadonlySet<string> = new Set(['VariableDefinition', 'ArrayPattern', 'ObjectPattern']);

const types: ReadonlySet<string> = new Set(['TypeAnnotation', 'TypeParamList', 'TypeArgList', 'Optional', 'Definite']);

const operators: Readonly<Record<string, string>> = {
  '===': '==',
  '!==': '!=',
  '&&': 'and',
  '||': 'or',
};

const comparisons = /^(<|>|<=|>=|==|!=)$/;

const span = ({ from, to }: Span): Span => ({ from, to });

/** Functions are there from the start of their block on. */
const hoisted = (statements: readonly Statement[]): Statement[] => [
  ...statements.filter(({ kind }) => kind === 'function'),
  ...statements.filter(({ kind }) => kind !== 'function'),
];

class Lowering {
  private depth = 0;

  constructor(private readonly document: ParsedDocument) {}

  program(): Program {
    return { language: 'javascript', body: this.statements(childrenOf(this.document.tree.topNode)) };
  }

  private text(range: Span): string {
    return textOf(this.document, range);
  }

  private other({ from, to }: Span): Expression {
    return { from, to, kind: 'other', text: this.text({ from, to: Math.min(to, from + LONGEST_TEXT) }) };
  }

  private deeper<T>(make: () => T, instead: () => T): T {
    if (this.depth >= DEEPEST) return instead();
    this.depth++;
    try {
      return make();
    } finally {
      this.depth--;
    }
  }

  private children(node: SyntaxNode): SyntaxNode[] {
    return childrenOf(node).filter(({ name }) => !types.has(name));
  }

  // Statements

  private statements(nodes: readonly SyntaxNode[]): Statement[] {
    return hoisted(nodes.flatMap((node) => this.statement(node)));
  }

  /** The statements of a block, or the one statement that stands without braces. */
  private body(node: SyntaxNode | null | undefined): Statement[] {
    if (node === null || node === undefined) return [];
    return node.name === 'Block' ? this.statements(childrenOf(node)) : this.statement(node);
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
      case 'ExpressionStatement': {
        const value = node.firstChild;
        return value === null ? [] : [{ ...here, kind: 'expression', value: this.expression(value) }];
      }
      case 'VariableDeclaration':
        return this.variables(node);
      case 'FunctionDeclaration':
        return [{ ...here, kind: 'function', function: this.functionCode(node) }];
      case 'ClassDeclaration':
        return [{ ...here, kind: 'class', class: this.classCode(node) }];
      case 'ImportDeclaration':
        return this.importDeclaration(node);
      case 'ExportDeclaration':
        return this.exportDeclaration(node);
      case 'Block':
        return [{ ...here, kind: 'block', body: this.statements(childrenOf(node)) }];
      case 'IfStatement':
        return this.ifStatement(node);
      case 'ForStatement':
        return this.forStatement(node);
      case 'WhileStatement':
      case 'DoStatement': {
        const test = node.getChild('ParenthesizedExpression');
        const body = this.children(node).find(({ name }) => !['while', 'do', 'ParenthesizedExpression'].includes(name));
        return [
          {
            ...here,
            kind: 'while',
            before: [],
            test: test === null ? undefined : this.expression(test),
            update: [],
            body: this.body(body),
          },
        ];
      }
      case 'TryStatement': {
        const handler = node.getChild('CatchClause')?.getChild('Block');
        return [
          {
            ...here,
            kind: 'try',
            body: this.body(node.getChild('Block')),
            handlers: handler === null || handler === undefined ? [] : [this.body(handler)],
            otherwise: [],
            finally: this.body(node.getChild('FinallyClause')?.getChild('Block')),
          },
        ];
      }
      case 'SwitchStatement':
        return this.switchStatement(node);
      case 'ReturnStatement': {
        const value = this.children(node)[1];
        const empty = value === undefined || value.name === ';';
        return [{ ...here, kind: 'return', ...(empty ? {} : { value: this.expression(value) }) }];
      }
      case 'ThrowStatement':
        return [{ ...here, kind: 'raise' }];
      case 'BreakStatement':
        return [{ ...here, kind: 'break' }];
      case 'ContinueStatement':
        return [{ ...here, kind: 'continue' }];
      case 'LabeledStatement':
        return this.body(node.lastChild);
      default:
        return [];
    }
  }

  private variables(node: SyntaxNode): Statement[] {
    return splitBy(this.children(node).slice(1), ',').flatMap((item): Statement[] => {
      const pattern = item.find(({ name }) => patterns.has(name));
      if (pattern === undefined) return [];
      const equals = item.findIndex(({ name }) => name === 'Equals');
      const value = equals < 0 ? undefined : item[equals + 1];
      if (value !== undefined) {
        return [
          {
            from: pattern.from,
            to: value.to,
            kind: 'assign',
            targets: [this.target(pattern)],
            value: this.expression(value),
          },
        ];
      }
      return pattern.name === 'VariableDefinition'
        ? [{ ...span(pattern), kind: 'declare', name: this.text(pattern) }]
        : [];
    });
  }

  private importDeclaration(node: SyntaxNode): Statement[] {
    const specifier = node.getChild('String');
    if (specifier === null || node.getChild('type') !== null) return [];
    const path = pathOfModule(javascriptString(this.document, specifier) ?? '');
    const bindings: ImportBinding[] = [];
    const whole = node.getChild('VariableDefinition');
    if (whole !== null) bindings.push({ ...span(whole), name: this.text(whole), path });
    const group = node.getChild('ImportGroup');
    for (const item of group === null ? [] : splitBy(childrenOf(group).slice(1), ',')) {
      const target = item.find(({ name }) => name === 'VariableDefinition');
      const source = item.find(({ name }) => name === 'VariableName' || name === 'default') ?? target;
      if (target === undefined || source === undefined || (item[0]!.name === 'type' && item.length > 1)) continue;
      const name = this.text(source);
      const own = path === undefined ? undefined : name === 'default' ? path : `${path}.${name}`;
      bindings.push({ ...span(target), name: this.text(target), path: own });
    }
    return [{ ...span(node), kind: 'import', bindings }];
  }

  private exportDeclaration(node: SyntaxNode): Statement[] {
    const inner = this.children(node).find(({ name }) => /Declaration$/.test(name));
    if (inner !== undefined) return this.statement(inner);
    const value = this.children(node).find(({ name }) => /Expression$|Function$/.test(name));
    return value === undefined ? [] : [{ ...span(node), kind: 'expression', value: this.expression(value) }];
  }

  private ifStatement(node: SyntaxNode): Statement[] {
    const [, test, first, keyword, second] = this.children(node);
    if (test === undefined) return [];
    return [
      {
        ...span(node),
        kind: 'if',
        test: this.expression(test),
        consequence: this.body(first),
        otherwise: keyword?.name === 'else' ? this.body(second) : [],
      },
    ];
  }

  private forStatement(node: SyntaxNode): Statement[] {
    const here = span(node);
    const body = this.body(this.children(node).at(-1));
    const each = node.getChild('ForOfSpec') ?? node.getChild('ForInSpec');
    if (each !== null) {
      const parts = this.children(each).filter(({ name }) => name !== '(' && name !== ')');
      const middle = parts.findIndex(({ name }) => name === 'of' || name === 'in');
      const target = parts.slice(0, Math.max(middle, 0)).at(-1);
      const over = parts[middle + 1];
      if (target === undefined || over === undefined) return [];
      // The keys of an array are its places.
      const value = this.expression(over);
      const keys: Expression = {
        ...span(over),
        kind: 'call',
        callee: { ...span(over), kind: 'member', object: value, name: 'keys', property: span(over) },
        arguments: [],
        construct: false,
      };
      const items = each.name === 'ForInSpec' && value.kind !== 'dict' ? keys : value;
      return [{ ...here, kind: 'for', target: this.target(target), over: items, body, otherwise: [] }];
    }
    const spec = node.getChild('ForSpec');
    const parts = spec === null ? [] : this.children(spec).filter(({ name }) => name !== '(' && name !== ')');
    const declared = parts[0]?.name === 'VariableDeclaration' ? parts[0] : undefined;
    const [start, test, update] = splitBy(parts, ';');
    // A declaration ends with its own semicolon.
    const [first, second] = declared === undefined ? [test, update] : [start?.slice(1), test];
    const middle = declared !== undefined && (first?.length ?? 0) === 0 ? test : first;
    const last = declared !== undefined && (first?.length ?? 0) === 0 ? update : second;
    return [
      {
        ...here,
        kind: 'while',
        before:
          declared !== undefined
            ? this.variables(declared)
            : (start ?? []).map((each) => ({ ...span(each), kind: 'expression', value: this.expression(each) })),
        test: middle?.[0] === undefined ? undefined : this.expression(middle[0]),
        update: (last ?? []).map((each) => ({ ...span(each), kind: 'expression', value: this.expression(each) })),
        body,
      },
    ];
  }

  /** A chain of comparisons; a case that falls through to the next is not followed. */
  private switchStatement(node: SyntaxNode): Statement[] {
    const subject = node.getChild('ParenthesizedExpression');
    const children = node.getChild('SwitchBody') === null ? [] : childrenOf(node.getChild('SwitchBody')!);
    if (subject === null) return [];
    const value = this.expression(subject);
    const cases: { tests: Expression[] | undefined; statements: SyntaxNode[] }[] = [];
    let tests: Expression[] | undefined = [];
    for (const child of children) {
      if (child.name === 'CaseLabel') {
        const last = cases.at(-1);
        if (last === undefined || last.statements.length > 0) {
          tests = [];
          cases.push({ tests, statements: [] });
        }
        const written = this.children(child)[1];
        if (written !== undefined) cases.at(-1)!.tests?.push(this.expression(written));
      } else if (child.name === 'DefaultLabel') cases.push({ tests: undefined, statements: [] });
      else if (child.name !== '{' && child.name !== '}' && child.name !== 'BreakStatement') {
        cases.at(-1)?.statements.push(child);
      }
    }
    return cases.toReversed().reduce<Statement[]>((otherwise, { tests: wanted, statements }) => {
      const consequence = this.statements(statements);
      if (wanted === undefined) return consequence;
      const each = wanted.map(
        (operand): Expression => ({
          ...span(operand),
          kind: 'comparison',
          operators: ['=='],
          operands: [value, operand],
        }),
      );
      const test = each.reduce((left, right) => ({
        from: left.from,
        to: right.to,
        kind: 'binary',
        operator: 'or',
        left,
        right,
      }));
      return [{ ...span(node), kind: 'if', test, consequence, otherwise }];
    }, []);
  }

  // Functions and classes

  private functionCode(node: SyntaxNode, method = false): FunctionCode {
    const name = method
      ? (node.getChild('PropertyDefinition') ?? node.getChild('PrivatePropertyDefinition'))
      : node.getChild('VariableDefinition');
    const body = node.getChild('Block');
    const arrow = node.name === 'ArrowFunction';
    const value = arrow && body === null ? this.children(node).at(-1) : undefined;
    const list = node.getChild('ParamList');
    const own = method && name !== null && this.text(name) === 'constructor' ? this.parameterProperties(list) : [];
    return {
      ...span(node),
      name: name === null || arrow ? undefined : this.text(name),
      ...(name === null || arrow ? {} : { nameSpan: span(name) }),
      parameters: list === null ? [] : this.parameters(list),
      body:
        value === undefined || value.name === 'Arrow'
          ? [...own, ...this.body(body)]
          : [{ ...span(value), kind: 'return', value: this.expression(value) }],
      decorators: [],
      arrow,
      generator: node.getChild('Star') !== null,
    };
  }

  /** TypeScript's `constructor(private units: number)` is `this.units = units` as well. */
  private parameterProperties(list: SyntaxNode | null): Statement[] {
    const nodes = list === null ? [] : this.children(list).filter(({ name }) => name !== '(' && name !== ')');
    return splitBy(nodes, ',').flatMap((item): Statement[] => {
      const pattern = item.find(({ name }) => name === 'VariableDefinition');
      const marked = item.some((part) => part.name === 'Privacy' || part.name === 'readonly');
      if (pattern === undefined || !marked) return [];
      const here = span(pattern);
      const name = this.text(pattern);
      return [
        {
          ...here,
          kind: 'assign',
          targets: [{ ...here, kind: 'member', object: { ...here, kind: 'this' }, name }],
          value: { ...here, kind: 'name', name },
        },
      ];
    });
  }

  private parameters(list: SyntaxNode): Parameter[] {
    const nodes = this.children(list).filter(({ name }) => name !== '(' && name !== ')');
    // A single parameter of an arrow stands without brackets.
    return splitBy(nodes, ',').flatMap((item): Parameter[] => {
      const pattern = item.find(({ name }) => patterns.has(name));
      if (pattern === undefined) return [];
      const equals = item.findIndex(({ name }) => name === 'Equals');
      const value = equals < 0 ? undefined : item[equals + 1];
      const rest = item.some(({ name }) => name === 'Spread');
      return [
        {
          from: item[0]!.from,
          to: item.at(-1)!.to,
          target: this.target(pattern),
          ...(value === undefined ? {} : { default: this.expression(value) }),
          ...(rest ? { rest: 'positional' as const } : {}),
        },
      ];
    });
  }

  private classCode(node: SyntaxNode): ClassCode {
    const name = node.getChild('VariableDefinition');
    const children = this.children(node);
    const extend = children.findIndex((child) => child.name === 'extends');
    const base = extend < 0 ? undefined : children[extend + 1];
    const body: Statement[] = [];
    for (const member of childrenOf(node.getChild('ClassBody') ?? node)) {
      if (member.name === 'MethodDeclaration') {
        const how =
          member.getChild('static') !== null
            ? ('static' as const)
            : member.getChild('get') !== null
              ? ('getter' as const)
              : undefined;
        const code = this.functionCode(member, true);
        body.push({
          ...span(member),
          kind: 'function',
          function: code,
          ...(how === undefined ? {} : { static: how }),
        });
      } else if (member.name === 'PropertyDeclaration') body.push(...this.field(member));
    }
    return {
      ...span(node),
      name: name === null ? undefined : this.text(name),
      ...(name === null ? {} : { nameSpan: span(name) }),
      bases: base === undefined || base.name === 'ClassBody' ? [] : [{ ...span(base), value: this.expression(base) }],
      decorators: [],
      body,
    };
  }

  private field(member: SyntaxNode): Statement[] {
    const children = this.children(member);
    const name = children.find(({ name: kind }) => /^(Private)?PropertyDefinition$/.test(kind));
    const equals = children.findIndex((child) => child.name === 'Equals');
    const value = equals < 0 ? undefined : children[equals + 1];
    if (name === undefined) return [];
    const own = this.text(name);
    if (value === undefined) return [{ ...span(member), kind: 'declare', name: own }];
    const target: Target = { ...span(name), kind: 'name', name: own };
    return [{ ...span(member), kind: 'assign', targets: [target], value: this.expression(value) }];
  }

  // Targets

  private target(node: SyntaxNode): Target {
    return this.deeper(
      (): Target => {
        const here = span(node);
        switch (node.name) {
          case 'VariableDefinition':
          case 'VariableName':
            return { ...here, kind: 'name', name: this.text(node) };
          case 'MemberExpression': {
            const found = this.member(node);
            if (found.kind === 'member') return { ...here, kind: 'member', object: found.object, name: found.name };
            if (found.kind === 'index') return { ...here, kind: 'index', object: found.object, index: found.index };
            return { ...here, kind: 'other' };
          }
          case 'ArrayPattern':
          case 'ArrayExpression': {
            const items = itemsOf(node);
            const rest = items.findIndex((item) => item[0]!.name === 'Spread');
            return {
              ...here,
              kind: 'sequence',
              items: items.map((item) => {
                const pattern = item.find(({ name }) => patterns.has(name) || name === 'VariableName');
                return pattern === undefined ? { ...span(item[0]!), kind: 'other' } : this.target(pattern);
              }),
              ...(rest < 0 ? {} : { rest }),
            };
          }
          case 'ObjectPattern':
            return this.objectPattern(node);
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

  private objectPattern(node: SyntaxNode): Target {
    const properties: { name: string; target: Target; default?: Expression }[] = [];
    let rest: Target | undefined;
    for (const property of node.getChildren('PatternProperty')) {
      const children = this.children(property);
      const pattern = children.findLast(({ name }) => patterns.has(name));
      if (pattern === undefined) continue;
      if (children[0]?.name === 'Spread') {
        rest = this.target(pattern);
        continue;
      }
      const equals = children.findIndex(({ name }) => name === 'Equals');
      const value = equals < 0 ? undefined : children[equals + 1];
      const [key] = children;
      properties.push({
        name: key === undefined ? '' : this.text(key),
        target: this.target(pattern),
        ...(value === undefined ? {} : { default: this.expression(value) }),
      });
    }
    return { ...span(node), kind: 'object', properties, ...(rest === undefined ? {} : { rest }) };
  }

  // Expressions

  private expression(node: SyntaxNode): Expression {
    return this.deeper(
      () => this.lowerExpression(node),
      () => this.other(node),
    );
  }

  private lowerExpression(node: SyntaxNode): Expression {
    const here = span(node);
    const children = this.children(node);
    switch (node.name) {
      case 'VariableName':
      case 'VariableDefinition':
        return { ...here, kind: 'name', name: this.text(node) };
      case 'this':
        return { ...here, kind: 'this' };
      case 'super':
        return { ...here, kind: 'super' };
      case 'Number': {
        const value = numberOf(this.text(node));
        return value === undefined ? this.other(node) : { ...here, kind: 'constant', value };
      }
      case 'String': {
        const value = javascriptString(this.document, node);
        return value === undefined ? this.other(node) : { ...here, kind: 'constant', value };
      }
      case 'TemplateString':
        return this.template(node);
      case 'BooleanLiteral':
        return { ...here, kind: 'constant', value: this.text(node) === 'true' };
      case 'null':
        return { ...here, kind: 'constant', value: null };
      case 'ArrayExpression':
        return { ...here, kind: 'list', items: itemsOf(node).map((item) => this.item(item)) };
      case 'ObjectExpression':
        return { ...here, kind: 'dict', entries: this.entries(node) };
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
      case 'NewExpression':
        return this.call(node);
      case 'DynamicImport':
        return this.module(node.getChild('String'), node);
      case 'FunctionExpression':
      case 'ArrowFunction':
        return { ...here, kind: 'function', function: this.functionCode(node) };
      case 'ClassExpression':
        return { ...here, kind: 'class', class: this.classCode(node) };
      case 'ParenthesizedExpression':
        return children[1] === undefined ? this.other(node) : this.expression(children[1]);
      case 'AwaitExpression':
      case 'PrefixCast':
      case 'SequenceExpression':
        return children.at(-1) === undefined ? this.other(node) : this.expression(children.at(-1)!);
      case 'InstantiationExpression':
        return children[0] === undefined ? this.other(node) : this.expression(children[0]);
      case 'PostfixExpression':
        return this.postfix(node, children);
      case 'UnaryExpression':
        return this.unary(node, children);
      case 'BinaryExpression':
        return this.binary(node, children);
      case 'ConditionalExpression': {
        const [test, , consequence, , otherwise] = children;
        if (test === undefined || consequence === undefined || otherwise === undefined) return this.other(node);
        return {
          ...here,
          kind: 'choice',
          test: this.expression(test),
          consequence: this.expression(consequence),
          otherwise: this.expression(otherwise),
        };
      }
      case 'AssignmentExpression': {
        const [target, sign, value] = children;
        if (target === undefined || sign === undefined || value === undefined) return this.other(node);
        const operator = this.text(sign).replace(/=$/, '');
        return {
          ...here,
          kind: 'assignment',
          target: this.target(target),
          value: this.expression(value),
          ...(operator === '' ? {} : { operator: operators[operator] ?? operator }),
        };
      }
      default:
        return this.other(node);
    }
  }

  private template(node: SyntaxNode): Expression {
    const parts: (string | Expression)[] = [];
    let at = node.from + 1;
    for (const hole of node.getChildren('Interpolation')) {
      if (hole.from > at) parts.push(this.text({ from: at, to: hole.from }));
      const inner = childrenOf(hole).find(({ name }) => !/^(InterpolationStart|InterpolationEnd|\$\{|\})$/.test(name));
      parts.push(inner === undefined ? this.other(hole) : this.expression(inner));
      at = hole.to;
    }
    if (node.to - 1 > at) parts.push(this.text({ from: at, to: node.to - 1 }));
    return { ...span(node), kind: 'format', parts };
  }

  /** An item of an array or a call: an expression, or one with `...`. */
  private item(nodes: readonly SyntaxNode[]): Expression {
    const [first, second] = nodes;
    if (first!.name === 'Spread') {
      return second === undefined
        ? this.other(first!)
        : { from: first!.from, to: second.to, kind: 'spread', value: this.expression(second) };
    }
    return this.expression(first!);
  }

  private entries(node: SyntaxNode): DictEntry[] {
    return node.getChildren('Property').flatMap((property): DictEntry[] => {
      const range = span(property);
      const children = this.children(property).filter(({ name }) => name !== 'async');
      const [first, second] = children;
      if (first === undefined) return [];
      if (first.name === 'Spread') return second === undefined ? [] : [{ ...range, value: this.expression(second) }];
      const name = this.key(first, children);
      if (property.getChild('ParamList') !== null) {
        const code = this.functionCode(property, true);
        return [{ ...range, key: name, value: { ...range, kind: 'function', function: code } }];
      }
      const colon = children.findIndex((child) => child.name === ':');
      const value = colon < 0 ? undefined : children[colon + 1];
      if (value !== undefined) return [{ ...range, key: name, value: this.expression(value) }];
      if (first.name !== 'PropertyDefinition') return [];
      return [{ ...range, key: name, value: { ...span(first), kind: 'name', name: this.text(first) } }];
    });
  }

  private key(first: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    if (first.name === '[') return children[1] === undefined ? this.other(first) : this.expression(children[1]);
    if (first.name === 'String' || first.name === 'Number') return this.expression(first);
    return { ...span(first), kind: 'constant', value: this.text(first) };
  }

  private member(node: SyntaxNode): Expression {
    const here = span(node);
    const children = this.children(node);
    const [object] = children;
    const last = children.at(-1);
    if (object === undefined || last === undefined || children.length < 2) return this.other(node);
    const held: Expression = this.expression(object);
    if (last.name === 'PropertyName' || last.name === 'PrivatePropertyName') {
      return { ...here, kind: 'member', object: held, name: this.text(last), property: span(last) };
    }
    const index = children.at(-2);
    if (last.name !== ']' || index === undefined || index === object) return this.other(node);
    const name = index.name === 'String' ? javascriptString(this.document, index) : undefined;
    return name === undefined
      ? { ...here, kind: 'index', object: held, index: this.expression(index) }
      : { ...here, kind: 'member', object: held, name, property: span(index) };
  }

  /** `require('…')` and `import('…')`: a path like any import. */
  private module(specifier: SyntaxNode | null | undefined, node: SyntaxNode): Expression {
    const text = specifier?.name === 'String' ? javascriptString(this.document, specifier) : undefined;
    const path = text === undefined ? undefined : pathOfModule(text);
    if (path === undefined) return this.other(node);
    const parts = path.split('.');
    // Only whole packages are required; tfjs's path is `tf`.
    return parts.length === 1 && path === 'tf' ? { ...span(node), kind: 'name', name: 'tf' } : this.other(node);
  }

  private call(node: SyntaxNode): Expression {
    const children = this.children(node);
    const construct = children[0]?.name === 'new';
    const callee = construct ? children[1] : children[0];
    const list = node.getChild('ArgList');
    if (callee === undefined || callee.name === 'ArgList') return this.other(node);
    if (callee.name === 'VariableName' && this.text(callee) === 'require') {
      return this.module(list?.getChild('String'), node);
    }
    return {
      ...span(node),
      kind: 'call',
      callee: this.expression(callee),
      arguments: list === null ? [] : this.arguments(list),
      construct,
    };
  }

  private arguments(list: SyntaxNode): Argument[] {
    return itemsOf(list).map((item): Argument => {
      const range = { from: item[0]!.from, to: item.at(-1)!.to };
      return { ...range, value: this.item(item) };
    });
  }

  private postfix(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const [operand, sign] = children;
    if (operand === undefined) return this.other(node);
    const written = sign === undefined ? '' : this.text(sign);
    return written === '++' || written === '--' ? this.counted(node, operand, written) : this.expression(operand);
  }

  /** `i++` as `i += 1`: what it gives itself is hardly ever used. */
  private counted(node: SyntaxNode, operand: SyntaxNode, written: string): Expression {
    const one: Expression = { ...span(node), kind: 'constant', value: 1 };
    return {
      ...span(node),
      kind: 'assignment',
      target: this.target(operand),
      operator: written === '++' ? '+' : '-',
      value: one,
    };
  }

  private unary(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const [sign, operand] = children;
    if (sign === undefined || operand === undefined) return this.other(node);
    const operator = this.text(sign);
    if (operator === '++' || operator === '--') return this.counted(node, operand, operator);
    return { ...span(node), kind: 'unary', operator, operand: this.expression(operand) };
  }

  private binary(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const here = span(node);
    const [left, sign, right] = children;
    if (left === undefined || sign === undefined) return this.other(node);
    // TypeScript's casts.
    if (sign.name === 'as' || sign.name === 'satisfies') return this.expression(left);
    if (right === undefined) return this.other(node);
    const written = this.text(sign);
    const operator = operators[written] ?? written;
    const [a, b] = [this.expression(left), this.expression(right)];
    if (comparisons.test(operator)) return { ...here, kind: 'comparison', operators: [operator], operands: [a, b] };
    return { ...here, kind: 'binary', operator, left: a, right: b };
  }
}

/** A JavaScript or TypeScript text as a program. Broken code gives `other` where it is broken, never an exception. */
export const lowerJavascript = (document: ParsedDocument): Program => new Lowering(document).program();
