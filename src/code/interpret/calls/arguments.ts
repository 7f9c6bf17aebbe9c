import type { SourceRange } from '../../../core/model/model';
import type { Argument, Expression } from '../../program/ast';
import type { Run } from '../run';
import type { CallArguments, Environment, Value } from '../values';

export type CallExpression = Expression & { kind: 'call' };

/** The arguments of a call, evaluated, with where they stand. */
export function argumentsOf(run: Run, expression: CallExpression, scope: Environment): CallArguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  const sources = new Map<number | string, SourceRange>();
  let complete = true;
  let standIn: number | undefined;
  for (const [k, argument] of expression.arguments.entries()) {
    if (argument.value.kind === 'spread') {
      const before = positional.length;
      if (spread(run, argument, scope, positional, named)) continue;
      complete = false;
      // `nn.Linear(*input_dims, 128)`: what comes after keeps its place.
      const next = expression.arguments[k + 1];
      const isFollowed = next !== undefined && next.name === undefined && next.value.kind !== 'spread';
      if (argument.double === true || !isFollowed || positional.length > before) continue;
      standIn = before;
      positional.push(run.unknown(run.written(argument.value), [run.expression(argument.value, scope)]));
      continue;
    }
    const value = run.expression(argument.value, scope, argument.name);
    if (argument.name !== undefined) {
      named.set(argument.name, value);
      sources.set(argument.name, run.at(argument));
    } else {
      sources.set(positional.length, run.at(argument));
      positional.push(value);
      if (argument.value.kind === 'dict' && positional.length === 1) properties(run, argument.value, sources);
    }
  }
  const list = { from: Math.min(expression.callee.to, expression.to), to: expression.to };
  const open = standIn === undefined ? {} : { standIn };
  return { positional, named, complete, ...open, sources, list: run.at(list) };
}

/** Where the properties of a first object literal stand, as if they were named arguments. */
function properties(
  run: Run,
  { entries }: Expression & { kind: 'dict' },
  sources: Map<number | string, SourceRange>,
): void {
  for (const entry of entries) {
    const { key } = entry;
    if (key?.kind === 'constant' && typeof key.value === 'string') sources.set(key.value, run.at(entry));
  }
}

/** False where what is spread is not known. */
function spread(
  run: Run,
  argument: Argument,
  scope: Environment,
  positional: Value[],
  named: Map<string, Value>,
): boolean {
  const value = run.expression(argument.value, scope);
  if (argument.double === true) {
    if (value.kind !== 'dict') return false;
    for (const [key, held] of value.entries) named.set(String(key), held);
    return value.complete;
  }
  const items = run.items(value);
  if (items === undefined) return false;
  positional.push(...items);
  return value.kind !== 'list' || value.complete;
}
