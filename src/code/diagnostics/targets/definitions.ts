import type { Expression, FunctionCode, Target } from '../../program/ast';
import { type Found, isCall, isFunction, lastName, methodName, receiver } from '../walk';

/** Where an expression stands: the offset of its part, and what is around it. */
export interface Site {
  readonly cell: number;
  readonly base: number;
  readonly around: Found['around'];
}

export const siteOf = ({ range, node, around }: Found): Site => ({
  cell: range.cell,
  base: range.from - node.from,
  around,
});

/** One place that gives a name its value. */
export interface Definition {
  readonly site: Site;
  readonly value: Expression;
  /** Which part of the value it is: `b` of `a, (b, c) = …` is the first of the second. */
  readonly path: readonly number[];
  /** It is what a loop takes out of the value. */
  readonly element: boolean;
  /** It holds for one expression alone, wherever it stands in that: of a comprehension. */
  readonly local?: true;
}

/** The names of texts with what gives them their values. */
export interface Names {
  readonly of: ReadonlyMap<string, readonly Definition[]>;
  /** Names whose values change where nobody follows them: `y[0] = 1`, `ys.push(1)`, `y.clamp_(0)`. */
  readonly changed: ReadonlySet<string>;
}

const changing = /^(push|append|extend|insert|splice|unshift|fill|sort|update|(?!requires_grad_).*_)$/;

export function namesOf(all: readonly Found[]): Names {
  const of = new Map<string, Definition[]>();
  const changed = new Set<string>();
  const bind = (target: Target, found: Found, value: Expression, element: boolean, path: readonly number[]): void => {
    if (target.kind === 'name') {
      const own = { site: siteOf(found), value, path, element };
      const former = of.get(target.name);
      if (former) former.push(own);
      else of.set(target.name, [own]);
    } else if (target.kind === 'sequence' && target.rest === undefined) {
      for (const [k, each] of target.items.entries()) bind(each, found, value, element, [...path, k]);
    } else for (const name of namesIn(target)) changed.add(name);
  };
  for (const found of all) {
    const { node } = found;
    if (node.kind === 'assign') {
      for (const target of node.targets) bind(target, found, node.operator ? updated(node) : node.value, false, []);
    } else if (node.kind === 'assignment') {
      bind(node.target, found, node.operator ? updated({ ...node, targets: [node.target] }) : node.value, false, []);
    } else if (node.kind === 'for') bind(node.target, found, node.over, true, []);
    else if (node.kind === 'global') for (const name of node.names) changed.add(name);
    else if (node.kind === 'with') {
      for (const { target } of node.items) for (const name of target ? namesIn(target) : []) changed.add(name);
    } else if (isCall(found) && changing.test(methodName(found.node) ?? '')) {
      const name = lastName(receiver(found.node)!);
      if (name !== undefined) changed.add(name);
    }
  }
  return { of, changed };
}

/** `y /= 2` as the expression that it stands for. */
function updated(node: { from: number; to: number; operator?: string; targets: readonly Target[]; value: Expression }) {
  const { from, to, operator = '', value, targets } = node;
  const [target] = targets;
  const left: Expression =
    target?.kind === 'name' ? { from, to, kind: 'name', name: target.name } : { from, to, kind: 'other', text: '' };
  return { from, to, kind: 'binary' as const, operator: operator.replace(/=$/, ''), left, right: value };
}

/** Names of which a part may be set, and those of patterns that are not followed. */
function namesIn(target: Target): readonly string[] {
  if (target.kind === 'name') return [target.name];
  if (target.kind === 'index') {
    const name = lastName(target.object);
    return name === undefined ? [] : [name];
  }
  if (target.kind === 'sequence') return target.items.flatMap(namesIn);
  if (target.kind === 'object') return target.properties.flatMap((each) => namesIn(each.target));
  return [];
}

const ownerOf = ({ around }: Site): FunctionCode | undefined => around.findLast(isFunction);

/** Whether what holds a definition holds the use as well: then it has run. */
const encloses = ({ site: { around } }: Definition, site: Site): boolean =>
  around.every((each) => ('kind' in each && each.kind === 'expression') || site.around.includes(each));

/** The definitions that a use at a place may see in a function, or (undefined) at the outermost level. */
export function seenAt(
  all: readonly Definition[],
  owner: FunctionCode | undefined,
  site: Site,
  from: number,
): readonly Definition[] | undefined {
  const own = all.filter((each) => ownerOf(each.site) === owner);
  if (own.length === 0) return undefined;
  const within = ownerOf(site) === owner;
  const here = site.base + from;
  const isBefore = ({ site: { cell, base }, value, local }: Definition): boolean =>
    local === true || cell < site.cell || (cell === site.cell && base + value.to <= here);
  const before = within ? own.filter(isBefore) : own;
  const seen: Definition[] = [];
  for (const each of before.toReversed()) {
    seen.push(each);
    if (encloses(each, site) || (!within && encloses(each, { ...site, around: [] }))) return seen;
  }
  return [];
}
