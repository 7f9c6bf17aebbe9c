import type { SyntaxNode } from '@lezer/common';
import { evaluate } from './constants';
import { expressionOf } from './expression';
import type { Constant } from './expressionTypes';
import { javascriptString } from './javascript/expression';
import { at, type Place } from './place';
import { childrenOf, itemsOf, type Range, textOf } from './syntax';

/** An argument as written. `value` is undefined where it is not a constant. */
export interface Argument extends Range {
  readonly name: string | undefined;
  readonly position: number | undefined;
  readonly value: Constant | undefined;
  readonly text: string;
  /** Of an initialiser that a call makes: what it fills with, a number or a word. */
  readonly fills?: Constant;
}

export interface Arguments {
  readonly arguments: readonly Argument[];
  /** True where there are more than can be told: `*args`, `**options`, `...rest`. */
  readonly incomplete: boolean;
}

/** Arguments of a call that are read; no call that a person writes has more. */
const MOST_ARGUMENTS = 1000;

export const noArguments: Arguments = { arguments: [], incomplete: false };

/** `Constant(0.25)`, `constant({value: 0.25})`, `Ones()`. */
function fillOf(place: Place): Constant | undefined {
  const expression = expressionOf(place.document, place.node);
  if (expression.kind !== 'call') return undefined;
  const callee = expressionOf(place.document, expression.callee);
  const name = callee.kind === 'member' || callee.kind === 'name' ? callee.name : '';
  if (/^(ones|zeros)(_initializer)?$/i.test(name)) return name.replace(/_.*/, '');
  if (!/^constant(_initializer)?$/i.test(name)) return undefined;
  const given = argumentsOf(place).arguments;
  return (given.find((each) => each.name === 'value' || each.position === 0) ?? { value: 0 }).value;
}

function argument(place: Place, key: { readonly name?: string; readonly position?: number }): Argument {
  const { from, to } = place.node;
  const evaluated = evaluate(place);
  const fills = evaluated.known ? undefined : fillOf(place);
  return {
    ...(fills === undefined ? {} : { fills }),
    name: key.name,
    position: key.position,
    value: evaluated.known ? evaluated.value : undefined,
    text: textOf(place.document, place.node),
    from,
    to,
  };
}

/** Collects arguments; a star one ends the counting of positions. */
class Collector {
  readonly found: Argument[] = [];
  incomplete = false;
  private position = 0;
  private counting = true;

  constructor(private readonly place: Place) {}

  positional(node: SyntaxNode): void {
    if (this.counting) this.found.push(argument(at(this.place, node), { position: this.position }));
    this.position++;
  }

  named(name: string, node: SyntaxNode): void {
    this.found.push(argument(at(this.place, node), { name }));
  }

  /** The place of an argument that is told by its names. */
  skip(): void {
    this.position++;
  }

  star(isPositional: boolean): void {
    this.incomplete = true;
    if (isPositional) this.counting = false;
  }

  get result(): Arguments {
    return { arguments: this.found, incomplete: this.incomplete };
  }
}

function pythonArgument(collector: Collector, place: Place, item: readonly SyntaxNode[]): void {
  const [first, second, third] = item;
  if (first === undefined) return;
  if (first.name === '*' || first.name === '**') collector.star(first.name === '*');
  else if (second?.name === 'AssignOp' && third !== undefined) {
    const name = textOf(place.document, first);
    if (textOf(place.document, second) === '=') collector.named(name, third);
    else collector.positional(third);
  } else if (item.length === 1) collector.positional(first);
  // Several nodes are a comprehension, or code that is still being typed.
  else collector.star(true);
}

/** `alpha: 0.3`, `alpha`, `...options` of an object literal. */
function property(collector: Collector, place: Place, node: SyntaxNode): void {
  const children = childrenOf(node);
  const key = children[0];
  const value = children[1]?.name === ':' ? children[2] : undefined;
  if (key?.name === 'PropertyDefinition' && children.length === 1) {
    collector.named(textOf(place.document, key), key);
  } else if (key?.name === 'PropertyDefinition' && value !== undefined) {
    collector.named(textOf(place.document, key), value);
  } else if (key?.name === 'String' && value !== undefined) {
    collector.named(javascriptString(place.document, key) ?? '', value);
  } else collector.star(false);
}

function javascriptArgument(collector: Collector, place: Place, item: readonly SyntaxNode[], isFirst: boolean): void {
  const [first] = item;
  if (first === undefined) return;
  if (first.name === 'Spread') collector.star(true);
  else if (isFirst && first.name === 'ObjectExpression') {
    for (const node of first.getChildren('Property')) property(collector, place, node);
    collector.skip();
  } else collector.positional(first);
}

/** The entries of a dict whose keys are words. */
function entries(collector: Collector, dict: Place): void {
  for (const [key, colon, value, ...more] of itemsOf(dict.node)) {
    const name = key === undefined ? undefined : evaluate(at(dict, key));
    if (colon?.name !== ':' || value === undefined || more.length > 0) collector.star(false);
    else if (name?.known && typeof name.value === 'string') collector.named(name.value, value);
  }
}

/** The arguments of the call at a place, or a dict's entries; those of the first object literal by their names. */
export function argumentsOf(call: Place): Arguments {
  if (call.node.name === 'DictionaryExpression') {
    const collector = new Collector(call);
    entries(collector, call);
    return collector.result;
  }
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call' || expression.list === undefined) return noArguments;
  const collector = new Collector(call);
  const items = itemsOf(expression.list);
  if (items.length > MOST_ARGUMENTS) collector.star(false);
  items.slice(0, MOST_ARGUMENTS).forEach((item, k) => {
    if (call.document.language === 'python') pythonArgument(collector, call, item);
    else javascriptArgument(collector, call, item, k === 0);
  });
  return collector.result;
}

/** The arguments that `functools.partial` keeps for its first one: positions count from there. */
export function partialArguments(call: Place): Arguments {
  const { arguments: all, incomplete } = argumentsOf(call);
  return {
    arguments: all.flatMap((given) => {
      if (given.position === undefined) return [given];
      return given.position === 0 ? [] : [{ ...given, position: given.position - 1 }];
    }),
    incomplete,
  };
}
