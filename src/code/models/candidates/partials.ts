import type { CallArguments, ClassValue, Foreign, FunctionValue, Value } from '../../interpret/values';
import type { FunctionCode } from '../../program/ast';
import type { OpenArguments } from './openArguments';

/** Arguments that are given already. */
interface Given {
  readonly positional: number;
  readonly named: ReadonlySet<string>;
}

/** A `functools.partial` as the interpreter keeps it; the first of its positional arguments is the callee. */
interface PartialData {
  readonly callee: Value;
  readonly args: CallArguments;
}

/** `ResNet18 = partial(ResNet, stages=[2, 2, 2, 2])`: a class with what is given to it. */
export interface PartialClass {
  readonly partial: Foreign;
  readonly value: ClassValue;
  readonly given: Given;
}

/** The class that a partial makes objects of, however often it was wrapped. */
export function partialClass(partial: Value): PartialClass | undefined {
  if (partial.kind !== 'foreign' || partial.type !== 'partial') return undefined;
  const named = new Set<string>();
  let positional = 0;
  let callee: Value = partial;
  for (let depth = 0; depth < 10 && callee.kind === 'foreign' && callee.type === 'partial'; depth++) {
    const { args, callee: next } = callee.data as PartialData;
    positional += args.positional.length - 1;
    for (const name of args.named.keys()) named.add(name);
    callee = next;
  }
  return callee.kind === 'class' ? { partial, value: callee, given: { positional, named } } : undefined;
}

/** How much it gives of what the class asks for, by fields or by its constructor. */
export function countOf({ given, value }: PartialClass): number {
  const init = value.attributes.get('__init__');
  const needed =
    init?.kind === 'function'
      ? init.code.parameters
          .slice(1)
          .flatMap(({ target, default: usual }) => (target.kind === 'name' && usual === undefined ? [target.name] : []))
      : value.code.body.flatMap((statement) => (statement.kind === 'declare' ? [statement.name] : []));
  const names = init?.kind === 'function' ? needed : fieldNames(value);
  const taken = new Set([...names.slice(0, given.positional), ...given.named]);
  return needed.filter((name) => taken.has(name)).length;
}

function fieldNames({ code }: ClassValue): string[] {
  return code.body.flatMap((statement): string[] => {
    if (statement.kind === 'declare') return [statement.name];
    if (statement.kind !== 'assign') return [];
    return statement.targets.flatMap((target) => (target.kind === 'name' ? [target.name] : []));
  });
}

const parameterNames = ({ parameters }: FunctionCode): string[] =>
  parameters
    .slice(1)
    .flatMap(({ target, rest }) => (target.kind === 'name' && rest === undefined ? [target.name] : []));

/** Symbols for what a partial does not give its class. */
export function argumentsBeside(
  { given, value }: PartialClass,
  init: FunctionValue | undefined,
  open: OpenArguments,
): CallArguments {
  const own = init === undefined ? open.ofFields(value) : open.of(init.code, init.place, 1);
  const names = init === undefined ? fieldNames(value) : parameterNames(init.code);
  const taken = new Set([...names.slice(0, given.positional), ...given.named]);
  const all = init === undefined ? own.named : new Map(names.map((name, k) => [name, own.positional[k]] as const));
  const named = new Map<string, Value>();
  for (const [name, each] of all) if (each?.kind === 'unknown' && !taken.has(name)) named.set(name, each);
  return { ...own, positional: [], named };
}
