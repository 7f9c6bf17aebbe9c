import { readBudget } from '../code/diagnostics/budget';
import {
  type DiagnosticSeverity,
  diagnosticSeverities,
  type RuleSetting,
  UNKNOWN_RULE,
} from '../code/diagnostics/diagnose';
import { rules } from '../core/advice/rules';
import { UsageError } from './options';
import { readSetting, readShape } from './read';

export const checkFormats = ['text', 'json', 'sarif'] as const;
export type CheckFormat = (typeof checkFormats)[number];

/** The check command's options as the command line gives them. */
export interface CheckArguments {
  format: string;
  severity: string;
  /** `id=severity` */
  rule?: readonly string[];
  /** `name=value` */
  set?: readonly string[];
  /** `28x28x1` */
  input?: string;
  budget?: string;
}

export const checkDefaults: CheckArguments = { format: 'text', severity: 'warning' };

export interface CheckOptions {
  readonly format: CheckFormat;
  /** The least that is told. */
  readonly severity: DiagnosticSeverity;
  readonly severities: Readonly<Record<string, RuleSetting>>;
  readonly symbols: ReadonlyMap<string, number | string | boolean>;
  /** Of models whose code does not tell it, without the batch, channels last. */
  readonly input: readonly number[] | undefined;
  readonly budget: number | undefined;
}

const ruleSettings: readonly RuleSetting[] = [...diagnosticSeverities, 'off'];
const ruleIds: readonly string[] = [...rules.map(({ id }) => id), UNKNOWN_RULE];

/** @throws UsageError with a sentence for the first that is not usable */
export function readCheckOptions({
  format,
  severity,
  rule = [],
  set = [],
  input,
  budget,
}: CheckArguments): CheckOptions {
  return {
    format: oneOf('--format', format, checkFormats),
    severity: oneOf('--severity', severity, diagnosticSeverities),
    severities: Object.fromEntries(rule.map(readRule)),
    symbols: new Map(set.map(readSetting)),
    input: input === undefined ? undefined : readShape(input),
    budget: budget === undefined ? undefined : budgetOf(budget),
  };
}

function oneOf<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new UsageError(`${flag}: "${text}" is not known; expected ${known.join(', ')}.`);
}

function readRule(text: string): readonly [string, RuleSetting] {
  const [, id = '', value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (value === undefined) {
    throw new UsageError(
      `--rule: "${text}" is not a rule with a severity; expected for instance ${rules[0]!.id}=warning.`,
    );
  }
  if (!ruleIds.includes(id)) throw new UsageError(`--rule: "${id}" is no rule; expected ${ruleIds.join(', ')}.`);
  return [id, oneOf(`--rule ${id}`, value, ruleSettings)];
}

function budgetOf(text: string): number {
  const value = readBudget(text);
  if (value !== undefined) return value;
  throw new UsageError(
    `--budget: "${text}" is not a share of the gradient; expected a number above 0 and at most 1, for instance 1e-3.`,
  );
}
