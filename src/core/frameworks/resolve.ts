import { type Activation, createActivation } from '../activations/catalogue';
import { type AtBreak, type Parameters, withKinkRules } from '../activations/function';
import { excerpt } from '../format/excerpt';
import { framework } from './all';
import type { FrameworkId, ParameterValue, Spelling, SpellingParameter } from './framework';
import { isNotElementWiseName } from './notElementWise';

/** An argument as a call writes it. The tensor of a function is not among them. */
export interface WrittenArgument {
  readonly name?: string | undefined;
  /** 0 for the first after the tensor. */
  readonly position?: number | undefined;
  /** Undefined where it cannot be told from the code. */
  readonly value: ParameterValue | undefined;
  /** As it is written. */
  readonly text: string;
}

/** A parameter in force. */
export interface ParameterInForce {
  readonly name: string;
  readonly value: ParameterValue;
  /** False for a default. */
  readonly written: boolean;
}

/** An activation exactly as a framework computes it. */
export interface FrameworkActivation {
  readonly spelling: Spelling;
  /** With φ′ at kinks as the framework defines it. */
  readonly activation: Activation;
  /** In the framework's words and order; those that do not change the function are left out. */
  readonly parameters: readonly ParameterInForce[];
  /** What could not be used, one sentence each, of very many the first; the default is in force instead. */
  readonly problems: readonly string[];
}

/** Undefined for what is not element-wise. Never throws: a bad argument becomes a problem, and its default is used. */
export function resolveSpelling(
  spelling: Spelling,
  written: readonly WrittenArgument[] = [],
): FrameworkActivation | undefined {
  const { activation: entry } = spelling;
  if (isNotElementWiseName(entry)) return undefined;
  const problems: string[] = [];
  const values = new Map<SpellingParameter, { value: ParameterValue; written: boolean }>();
  for (const argument of written) {
    const parameter = parameterOf(spelling, argument);
    if (!parameter) {
      problems.push(unknownArgument(spelling, argument));
    } else if (!parameter.ignored) {
      const problem = problemWith(spelling, parameter, argument);
      if (!problem) values.set(parameter, { value: argument.value as ParameterValue, written: true });
      const said = problem ?? remarkOn(spelling, parameter, argument);
      if (said) problems.push(said);
    }
  }

  const shown = spelling.parameters.filter((parameter) => !parameter.ignored);
  const canonical = (given: typeof values): Parameters => {
    const all: Record<string, number | string> = { ...spelling.fixed };
    for (const parameter of shown) {
      const value = given.get(parameter)?.value ?? parameter.default;
      all[parameter.sets ?? parameter.name] = meaning(parameter, value)!;
    }
    return all;
  };
  let made: Activation;
  try {
    made = createActivation(entry, canonical(values));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(`${spelling.name}: ${excerpt(error.message, 300)} The figures are for its defaults.`);
    values.clear();
    made = createActivation(entry, canonical(values));
  }
  return {
    spelling,
    activation: asComputedBy(spelling.framework, made),
    parameters: shown.map((parameter) => ({
      name: parameter.name,
      value: values.get(parameter)?.value ?? parameter.default,
      written: values.has(parameter),
    })),
    problems: firstOf(problems),
  };
}

/** Of which very many arguments may be wrong. */
const MOST_PROBLEMS = 4;

const firstOf = (problems: readonly string[]): readonly string[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [
        ...problems.slice(0, MOST_PROBLEMS - 1),
        `${problems.length - MOST_PROBLEMS + 1} further arguments cannot be used either.`,
      ];

const meaning = (parameter: SpellingParameter, value: ParameterValue): number | string | undefined => {
  if (parameter.means) return parameter.means(value);
  // To Python and JavaScript, True is 1 where a number is due.
  if (typeof value === 'boolean' && typeof parameter.default === 'number') return Number(value);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
};

/** What is taken as written, and was probably meant otherwise: `nn.LeakyReLU(True)`. */
function remarkOn({ parameters }: Spelling, { name, default: usual }: SpellingParameter, { value }: WrittenArgument) {
  if (typeof value !== 'boolean' || typeof usual !== 'number') return undefined;
  const meant = parameters.some((each) => each.name === 'inplace')
    ? `; inplace=${value ? 'True' : 'False'} was probably meant`
    : '';
  return `${name}=${value ? 'True' : 'False'} counts as ${Number(value)}${meant}.`;
}

function parameterOf({ parameters }: Spelling, { name, position }: WrittenArgument): SpellingParameter | undefined {
  if (name !== undefined) return parameters.find((each) => each.name === name || each.alsoNamed?.includes(name));
  const positional = parameters.filter((each) => !each.keywordOnly);
  return position === undefined ? undefined : positional[position];
}

const takes = ({ parameters }: Spelling): string =>
  parameters
    .filter((each) => !each.ignored)
    .map((each) => each.name)
    .join(', ') || 'none';

function unknownArgument(spelling: Spelling, { name, text }: WrittenArgument): string {
  return `${spelling.name} has no parameter for ${name === undefined ? excerpt(text) : `${excerpt(name)}=${excerpt(text)}`}; expected ${takes(spelling)}.`;
}

function problemWith(spelling: Spelling, parameter: SpellingParameter, { value, text }: WrittenArgument) {
  const shown = `${parameter.name}=${excerpt(text)}`;
  const instead = `; the figures are for the default, ${formatParameter(parameter.default)}.`;
  if (value === undefined) return `${shown} cannot be told from the code${instead}`;
  if (parameter.only !== undefined && value !== parameter.only) {
    return `${framework(spelling.framework).label} throws for ${shown}: it only has ${parameter.name}=${formatParameter(parameter.only)}.`;
  }
  if (meaning(parameter, value) === undefined) return `${shown} is not usable: expected ${kindOf(parameter)}${instead}`;
  return undefined;
}

function kindOf({ default: usual }: SpellingParameter): string {
  if (typeof usual === 'boolean') return 'true or false';
  return typeof usual === 'string' ? 'a word' : 'a number';
}

/** "0.3", "True", "tanh" or "none", as a person reads it. */
export function formatParameter(value: ParameterValue): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : excerpt(value);
}

/** The function with φ′ as the framework defines it where the catalogue's convention is another. */
export function asComputedBy(id: FrameworkId, phi: Activation): Activation {
  const { kinks, derivativeFactors } = framework(id);
  const convention = kinks[phi.entry];
  const rules: readonly AtBreak[] | undefined =
    typeof convention === 'function' ? convention(phi.parameters) : convention;
  // With special parameters a kink can vanish (a slope of 1), and the framework's rules with it.
  const ruled = rules && rules.length === phi.kinks.length ? { ...phi, ...withKinkRules(phi, rules) } : phi;
  const factor = derivativeFactors?.[phi.entry];
  return factor === undefined ? ruled : { ...ruled, derivative: (x) => factor * ruled.derivative(x) };
}
