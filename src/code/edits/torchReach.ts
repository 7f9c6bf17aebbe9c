import type { SyntaxNode } from '@lezer/common';
import { at } from '../place';
import { resolvePath } from '../resolve';
import { childrenOf, isSameNode, itemsOf, textOf } from '../syntax';
import { type CellPlace, indentAt, lineEnd } from './tree';

/** Where a layer of PyTorch can be reached once it is made: from a variable, a container or a list, in which statement. */
export interface Reach {
  readonly place: CellPlace;
  /** The statement after which it can be reached. */
  readonly statement: SyntaxNode;
  /** `self.net`; of what a loop appends to a list, `layers[-1]`. */
  readonly owner: string;
  /** From the owner to the layer: indices, `[0]`, and {@link EACH} where a loop goes through all. */
  readonly way: readonly string[];
  /** True where a function returns it: it gets a name first. */
  readonly returned?: boolean;
}

export const EACH = 'each';

type Kept = Pick<Reach, 'statement' | 'owner' | 'returned'>;

/** A step up: to what contains the expression, by a way; or to the statement that keeps it. */
interface Step {
  readonly to: SyntaxNode | Kept;
  readonly way?: string | undefined;
}

/** From an expression to what stands around it; undefined where the layer cannot be reached through that. */
type Climb = (place: CellPlace, around: SyntaxNode, node: SyntaxNode) => Step | undefined;

/** Its place among items; undefined after a star, where nobody can count. */
function indexIn(list: SyntaxNode, node: SyntaxNode): number | undefined {
  const items = itemsOf(list);
  const k = items.findIndex((item) => item.length === 1 && isSameNode(item[0]!, node));
  return k >= 0 && items.slice(0, k).every((item) => item.length === 1) ? k : undefined;
}

const indexed = (to: Step['to'], k: number | undefined): Step | undefined =>
  k === undefined ? undefined : { to, way: `[${k}]` };

const sequences: ReadonlySet<string> = new Set([
  'torch.nn.Sequential',
  'torch.nn.ModuleList',
  'torch.nn.modules.Sequential',
  'torch.nn.modules.ModuleList',
]);

/** An argument: of a container, of `layers.append`, of the constructor of a class that is a container itself. */
const argument: Climb = (place, list, node) => {
  const call = list.parent;
  const callee = call?.firstChild;
  if (call?.name !== 'CallExpression' || !callee) return undefined;
  const items = itemsOf(list);
  const [only] = items.length === 1 ? items : [];
  const alone = only?.length === 1;
  const written = textOf(place.document, callee);
  if (call.parent?.name === 'ExpressionStatement') {
    const statement = call.parent;
    if (/^super\(.*\)\.__init__$/.test(written)) return indexed({ statement, owner: 'self' }, indexIn(list, node));
    const owner = /^(.*)\.append$/s.exec(written)?.[1];
    return owner === undefined || !alone ? undefined : { to: { statement, owner: `${owner}[-1]` } };
  }
  const path = resolvePath(at(place, callee));
  if (path === 'collections.OrderedDict') return alone ? { to: call } : undefined;
  if (path === undefined || !sequences.has(path)) return undefined;
  if (only?.some(({ name }) => name === 'for') && isSameNode(only[0]!, node)) return { to: call, way: EACH };
  // What stands in the one list of a container was counted there.
  const starred = only?.length === 2 && only[0]!.name === '*';
  return starred || (alone && isList(place, node)) ? { to: call } : indexed(call, indexIn(list, node));
};

const isList = (place: CellPlace, node: SyntaxNode): boolean =>
  node.name.startsWith('Array') ||
  (node.name === 'CallExpression' &&
    node.firstChild !== null &&
    resolvePath(at(place, node.firstChild)) === 'collections.OrderedDict');

/** An element of a list: `layers += […]` leaves it so far from the end. */
const element: Climb = ({ document }, list, node) => {
  const k = indexIn(list, node);
  const statement = list.parent;
  if (k === undefined || statement?.name !== 'UpdateStatement') return indexed(list, k);
  const target = textOf(document, statement.firstChild!);
  return { to: { statement, owner: `${target}[${k - itemsOf(list).length}]` } };
};

/** ('fc1', nn.Linear(…)) of an OrderedDict. */
const pair: Climb = (_, tuple, node) => {
  const [, second] = itemsOf(tuple);
  return second?.[0] !== undefined && isSameNode(second[0], node) ? { to: tuple } : undefined;
};

const comprehension: Climb = (_, whole, node) => {
  const [, first] = childrenOf(whole);
  return first !== undefined && isSameNode(first, node) ? { to: whole, way: EACH } : undefined;
};

/** Methods that give back the module itself. */
const transparent: ReadonlySet<string> = new Set(['to', 'cuda', 'cpu', 'double', 'float', 'half']);

const member: Climb = ({ document }, around) => {
  const call = around.parent;
  const isSelf = around.lastChild !== null && transparent.has(textOf(document, around.lastChild));
  return isSelf && call?.name === 'CallExpression' ? { to: call } : undefined;
};

const assignment: Climb = ({ document }, statement, node) => {
  const [target, sign, value, ...rest] = childrenOf(statement);
  const plain = sign?.name === 'AssignOp' && value !== undefined && isSameNode(value, node) && rest.length === 0;
  if (!plain || (target!.name !== 'VariableName' && target!.name !== 'MemberExpression')) return undefined;
  return { to: { statement, owner: textOf(document, target!) } };
};

const returning: Climb = (place, statement, node) => {
  const container = node.name === 'CallExpression' && isSequence(place, node);
  const owner = freeName(scopeText(place, statement), container ? 'block' : 'layer');
  return { to: { statement, owner, returned: true } };
};

const isSequence = (place: CellPlace, call: SyntaxNode): boolean =>
  call.firstChild !== null && sequences.has(resolvePath(at(place, call.firstChild)) ?? '');

const climbs: Readonly<Record<string, Climb>> = {
  ArgList: argument,
  ArrayExpression: element,
  TupleExpression: pair,
  ArrayComprehensionExpression: comprehension,
  ComprehensionExpression: comprehension,
  MemberExpression: member,
  ParenthesizedExpression: (_, around) => ({ to: around }),
  AssignStatement: assignment,
  ReturnStatement: returning,
};

/** Climbs from the call that makes a layer to the statement that keeps it. */
export function reachOf(place: CellPlace): Reach | undefined {
  const way: string[] = [];
  let { node } = place;
  for (let depth = 0; depth < 30; depth++) {
    const around = node.parent;
    const step = around === null ? undefined : climbs[around.name]?.(place, around, node);
    if (step === undefined) return undefined;
    if (step.way !== undefined) way.unshift(step.way);
    if ('owner' in step.to) return { place, ...step.to, way };
    node = step.to;
  }
  return undefined;
}

/** A name that a text has not: for the variable of a loop. */
export const freeName = (text: string, name: string): string =>
  new RegExp(`\\b${name}\\b`).test(text) ? freeName(text, `${name}_`) : name;

/** The text in which a variable of a statement is known: its function's, or all of it. */
export function scopeText(place: CellPlace, statement: SyntaxNode): string {
  let node: SyntaxNode | null = statement;
  while (node !== null && node.name !== 'FunctionDefinition') node = node.parent;
  return node === null ? place.document.text : textOf(place.document, node);
}

/** Where the lines go: at the end of a constructor whose own statement it is, otherwise after the statement. */
export function placeAfter({
  place,
  statement,
  owner,
}: Reach): { readonly offset: number; readonly indent: string } | undefined {
  const { text } = place.document;
  const body = statement.parent;
  const isAttribute = (owner === 'self' || owner.startsWith('self.')) && !owner.includes('[');
  const inConstructor =
    isAttribute &&
    body?.name === 'Body' &&
    body.parent?.name === 'FunctionDefinition' &&
    textOf(place.document, body.parent.getChild('VariableName') ?? statement) === '__init__';
  const after = inConstructor ? (childrenOf(body).at(-1) ?? statement) : statement;
  const start = text.lastIndexOf('\n', statement.from - 1) + 1;
  // Two statements on a line, or a body on the line of its head.
  if (text.slice(start, statement.from).trim() !== '') return undefined;
  const end = after.from + textOf(place.document, after).trimEnd().length;
  const offset = lineEnd(text, end);
  const rest = text.slice(end, offset).trim();
  if (rest !== '' && !rest.startsWith('#')) return undefined;
  return { offset, indent: indentAt(text, statement.from) };
}
