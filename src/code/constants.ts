import { expressionOf } from './expression';
import type { Constant, Expression } from './expressionTypes';
import { lookup } from './lookup';
import { at, type Place } from './place';
import { follow } from './resolve';
import { itemsOf, textOf } from './syntax';
import { further, newTrail, type Trail as TrailOf } from './trail';
import type { Value } from './value';

type Trail = TrailOf<Value>;

export type Evaluated =
  | { readonly known: true; readonly value: Constant }
  | { readonly known: false; readonly text: string };

const numbers: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI, PI: Math.PI, E: Math.E };

const functions: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  abs: Math.abs,
};

const libraries: ReadonlySet<string> = new Set(['math', 'numpy', 'jax.numpy', 'torch', 'Math']);

/** The name of something of a mathematical library: `pi` for `math.pi`. */
function mathematical(path: string): string | undefined {
  const point = path.lastIndexOf('.');
  return point > 0 && libraries.has(path.slice(0, point)) ? path.slice(point + 1) : undefined;
}

const isPythonPlace = (place: Place): boolean => place.document.language === 'python';

function arithmetic(operator: string, a: number, b: number, isPython: boolean): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return isPython ? a - b * Math.floor(a / b) : a % b;
    case '**':
      return a ** b;
    default:
      return undefined;
  }
}

/** The constant's value; undefined also where arithmetic left the real numbers. */
function operation(place: Place, { operator, operands }: Expression & { kind: 'operation' }, trail: Trail) {
  const values = operands.map((operand) => constant(at(place, operand), trail));
  const [a, b] = values;
  if (values.length === 1 && typeof a === 'number') return operator === '-' ? -a : operator === '+' ? a : undefined;
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  const value = arithmetic(operator, a, b, isPythonPlace(place));
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** The value of a name that is bound once, or of a library's constant. */
function named(place: Place, expression: Expression, trail: Trail): Constant | undefined {
  const found = expression.kind === 'name' ? lookup(place, expression.name) : undefined;
  const binding = found?.bindings[0];
  if (found?.bindings.length === 1 && binding?.meaning.kind === 'expression' && binding.meaning.members.length === 0) {
    return constant(at(found.place, binding.meaning.node), trail);
  }
  const value = follow(place, trail);
  const name = value.kind === 'path' ? mathematical(value.path) : undefined;
  return name !== undefined && Object.hasOwn(numbers, name) ? numbers[name] : undefined;
}

function called(place: Place, { callee, list }: Expression & { kind: 'call' }, trail: Trail): Constant | undefined {
  const items = list === undefined ? [] : itemsOf(list);
  const argument = items.length === 1 && items[0]!.length === 1 ? items[0]![0] : undefined;
  if (argument === undefined) return undefined;
  const value = follow(at(place, callee), trail);
  const name = value.kind === 'path' ? mathematical(value.path) : undefined;
  if (name === undefined || !Object.hasOwn(functions, name)) return undefined;
  const x = constant(at(place, argument), trail);
  if (typeof x !== 'number') return undefined;
  const y = functions[name]!(x);
  return Number.isFinite(y) ? y : undefined;
}

function constant(place: Place, trail: Trail): Constant | undefined {
  const next = further(trail);
  if (next === undefined) return undefined;
  const expression = expressionOf(place.document, place.node);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'wrapped':
      return constant(at(place, expression.inner), next);
    case 'operation':
      return operation(place, expression, next);
    case 'name':
    case 'member':
      return named(place, expression, next);
    case 'call':
      return called(place, expression, next);
    default:
      return undefined;
  }
}

/** The constant that the expression at a place stands for, or its text where it is not known before it runs. */
export function evaluate(place: Place): Evaluated {
  const value = constant(place, newTrail());
  return value === undefined ? { known: false, text: textOf(place.document, place.node) } : { known: true, value };
}
