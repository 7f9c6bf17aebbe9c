import { splitBy } from '../../syntax';
import type { Expression, Statement } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { statementsOf } from './blocks';
import { partsOf } from './syntax';
import { variables } from './variables';

/** Statements with blocks of their own. */

export function ifStatement(lower: Lowering, node: CodeNode): Statement[] {
  const [, test, first, keyword, second] = partsOf(node);
  if (test === undefined) return [];
  return [
    {
      ...span(node),
      kind: 'if',
      test: lower.expression(test),
      consequence: lower.body(first),
      otherwise: keyword?.name === 'else' ? lower.body(second) : [],
    },
  ];
}

export function forStatement(lower: Lowering, node: CodeNode): Statement[] {
  const here = span(node);
  const body = lower.body(partsOf(node).at(-1));
  const each = node.getChild('ForOfSpec') ?? node.getChild('ForInSpec');
  if (each !== null) {
    const parts = partsOf(each).filter(({ name }) => name !== '(' && name !== ')');
    const middle = parts.findIndex(({ name }) => name === 'of' || name === 'in');
    const target = parts.slice(0, Math.max(middle, 0)).at(-1);
    const over = parts[middle + 1];
    if (target === undefined || over === undefined) return [];
    const value = lower.expression(over);
    // The keys of an array are its places.
    const keys: Expression = {
      ...span(over),
      kind: 'call',
      callee: {
        ...span(over),
        kind: 'member',
        object: { ...span(over), kind: 'name', name: 'Object' },
        name: 'keys',
        property: span(over),
      },
      arguments: [{ ...span(over), value }],
      construct: false,
    };
    const items = each.name === 'ForInSpec' && value.kind !== 'dict' ? keys : value;
    return [{ ...here, kind: 'for', target: lower.target(target), over: items, body, otherwise: [] }];
  }
  const spec = node.getChild('ForSpec');
  const parts = spec === null ? [] : partsOf(spec).filter(({ name }) => name !== '(' && name !== ')');
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
          ? variables(lower, declared)
          : (start ?? []).map((each) => ({ ...span(each), kind: 'expression', value: lower.expression(each) })),
      test: middle?.[0] === undefined ? undefined : lower.expression(middle[0]),
      update: (last ?? []).map((each) => ({ ...span(each), kind: 'expression', value: lower.expression(each) })),
      body,
    },
  ];
}

/** A chain of comparisons; a case that falls through to the next is not followed. */
export function switchStatement(lower: Lowering, node: CodeNode): Statement[] {
  const subject = node.getChild('ParenthesizedExpression');
  const children = node.getChild('SwitchBody')?.children ?? [];
  if (subject === null) return [];
  const value = lower.expression(subject);
  const cases: { tests: Expression[] | undefined; statements: CodeNode[] }[] = [];
  let tests: Expression[] | undefined = [];
  for (const child of children) {
    if (child.name === 'CaseLabel') {
      const last = cases.at(-1);
      if (last === undefined || last.statements.length > 0) {
        tests = [];
        cases.push({ tests, statements: [] });
      }
      const written = partsOf(child)[1];
      if (written !== undefined) cases.at(-1)!.tests?.push(lower.expression(written));
    } else if (child.name === 'DefaultLabel') cases.push({ tests: undefined, statements: [] });
    else if (child.name !== '{' && child.name !== '}' && child.name !== 'BreakStatement') {
      cases.at(-1)?.statements.push(child);
    }
  }
  return cases.toReversed().reduce<Statement[]>((otherwise, { tests: wanted, statements }) => {
    const consequence = statementsOf(lower, statements);
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
