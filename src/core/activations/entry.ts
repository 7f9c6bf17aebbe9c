import type { ActivationFunction, Parameters } from './function';

/** What a parameter of an entry may be. */
export type ParameterRule =
  | {
      readonly kind: 'number';
      readonly default: number;
      /** More than this, by at least {@link SMALLEST}. */
      readonly above?: number;
      readonly min?: number;
      /** A limit that may be infinite: there is none then. */
      readonly unbounded?: true;
    }
  | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[] };

/** One mathematical function of the catalogue, with its parameters free. */
export interface ActivationEntry {
  readonly parameters: Readonly<Record<string, ParameterRule>>;
  /** Takes a value for every parameter; throws a RangeError where one is outside its rule. */
  create(parameters: Parameters): ActivationFunction;
  /** Where the function was introduced, or who defined it. */
  readonly source: string;
}

type Values<Rules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends { readonly kind: 'number' } ? number : string;
};

/** @param create gets values that have been checked against `parameters` */
export function define<const Rules extends Readonly<Record<string, ParameterRule>>>(
  source: string,
  parameters: Rules,
  create: (values: Values<Rules>) => ActivationFunction,
): ActivationEntry {
  return {
    source,
    parameters,
    create: (given) => {
      const values: Record<string, number | string> = {};
      for (const [name, rule] of Object.entries<ParameterRule>(parameters)) {
        const value = given[name] ?? rule.default;
        const problem = problemWith(value, rule);
        if (problem) throw new RangeError(`${name} is ${value}; expected ${problem}.`);
        values[name] = value;
      }
      const unknown = Object.keys(given).find((name) => !(name in parameters));
      if (unknown) throw new RangeError(`there is no parameter ${unknown}; expected ${expected(parameters)}.`);
      return create(values as Values<Rules>);
    },
  };
}

const expected = (parameters: object): string => Object.keys(parameters).join(', ') || 'none';

/** Parameters between these are computed with without overflow; what anybody has written lies well within. */
const LARGEST = 1e9;
const SMALLEST = 1e-9;

/** What was expected, where a value breaks its rule. */
function problemWith(value: number | string, rule: ParameterRule): string | undefined {
  if (rule.kind === 'choice') return rule.choices.includes(String(value)) ? undefined : rule.choices.join(' or ');
  if (typeof value !== 'number' || Number.isNaN(value)) return 'a number';
  if (rule.above !== undefined && value <= rule.above) return `a number above ${rule.above}`;
  if (rule.above !== undefined && value < rule.above + SMALLEST) return `a number of at least ${rule.above + SMALLEST}`;
  if (rule.min !== undefined && value < rule.min) return `a number of at least ${rule.min}`;
  if (rule.unbounded !== true && Math.abs(value) > LARGEST) return `a number between −10⁹ and 10⁹`;
  return undefined;
}

export const number = <const Rule extends { above?: number; min?: number; unbounded?: true }>(
  initial: number,
  rule: Rule = {} as Rule,
): { kind: 'number'; default: number } & Rule => ({ kind: 'number', default: initial, ...rule });

export const choice = <const Choices extends readonly string[]>(initial: Choices[number], choices: Choices) =>
  ({ kind: 'choice', default: initial, choices }) as const;
