import { findingsOf } from '../../core/advice/rememberedFindings';
import { type Finding, type Fix, type Related, type Rule, rules } from '../../core/advice/rules';
import { gradientBudget } from '../../core/advice/rules/gradientBudget';
import { excerpt } from '../../core/format/excerpt';
import type { Model, SourceRange } from '../../core/model/model';
import type { ModelDocument } from '../models/read';
import { type Budget, budgetsIn } from './budget';
import { codeFindings } from './code';
import { type SilencingComment, silencingComments } from './comments';

export const diagnosticSeverities = ['error', 'warning', 'hint'] as const;
export type DiagnosticSeverity = (typeof diagnosticSeverities)[number];
export type RuleSetting = DiagnosticSeverity | 'off';

/** The rule of comments that silence what is no rule. */
export const UNKNOWN_RULE = 'unknown-rule';

/** Something to tell a person at a place of their code. */
export interface Diagnostic {
  /** Id of the rule. */
  readonly rule: string;
  readonly severity: DiagnosticSeverity;
  /** One sentence with the number and the reason. */
  readonly message: string;
  readonly range: SourceRange;
  /** The model's name; undefined for what is said of a comment. */
  readonly model: string | undefined;
  /** Place of the rule's page, from the product's folder: `media/rules/vanishing-flow.md`. */
  readonly page: string;
  /** What would mend it, as changes of the graph. */
  readonly fix: Fix | undefined;
  /** Other places that have their part in it. */
  readonly related: readonly Related[];
}

export interface DiagnosticOptions {
  /** By id; a rule's own severity where it has none here. */
  readonly severities?: Readonly<Record<string, RuleSetting>>;
  /** What has to reach the first layer at least, of models of which no comment says it: 0 … 1. */
  readonly budget?: number | undefined;
}

const pageOf = (rule: string): string => `media/rules/${rule}.md`;

/** What editors call information is a hint here: the settings know three levels. */
export const usualSeverity = ({ severity }: Pick<Rule, 'severity'>): DiagnosticSeverity =>
  severity === 'information' ? 'hint' : severity;

const silentUnlessAsked: ReadonlySet<string> = new Set(rules.filter((rule) => rule.offByDefault).map(({ id }) => id));

const settingOf = (id: string, usual: RuleSetting, { severities = {} }: DiagnosticOptions): RuleSetting =>
  Object.hasOwn(severities, id) ? severities[id]! : usual;

/** Whether a rule says anything: as the settings have it, or as it is by default. */
export const isOn = (id: string, severities: DiagnosticOptions['severities'] = {}): boolean =>
  settingFor(id, 'hint', { severities }) !== 'off';

const settingFor = (id: string, usual: RuleSetting, options: Pick<DiagnosticOptions, 'severities'>): RuleSetting =>
  settingOf(id, silentUnlessAsked.has(id) ? 'off' : usual, options);

/** What is less grave than its rule (a budget that cannot be checked) stays so, whatever the rule is set to. */
function severityOf({ rule, severity }: Pick<Finding, 'rule' | 'severity'>, options: DiagnosticOptions): RuleSetting {
  const usual = usualSeverity({ severity });
  const setting = settingFor(rule, usual, options);
  const own = rules.find(({ id }) => id === rule);
  if (setting === 'off' || own === undefined || usualSeverity(own) === usual) return setting;
  return diagnosticSeverities[Math.max(diagnosticSeverities.indexOf(setting), diagnosticSeverities.indexOf(usual))]!;
}

/** What a rule found in a model or in the code around it. */
type Found = Omit<Finding, 'node'> & { readonly model: string | undefined };

/**
 * What the rules find in models and in the code around them, in the order of the text, without what comments of the code
 * silence: `gradient-lens: ignore` or `ignore[rule, …]` at the end of a line or alone on the line above it, and
 * `ignore-file` anywhere. A comment that names an unknown rule is itself a diagnostic.
 *
 * @param documents the file, or all code cells of the notebook, that the models were read from
 */
export function diagnose(
  models: readonly Model[],
  documents: readonly ModelDocument[],
  options: DiagnosticOptions = {},
): Diagnostic[] {
  const comments = new Map(documents.map(({ document, cell }) => [cell, silencingComments(document)]));
  const budgets = budgetsIn(models, documents, options.budget);
  const isAsked = (each: Found): boolean => severityOf(each, options) !== 'off' && !isSilenced(each, comments);
  const all: Found[] = [
    ...models.flatMap((graph) => {
      const budget = budgets.of.get(graph);
      const own = findingsOf(graph, budget?.value).map((each) => withBudget(each, budget));
      return oncePerCause(own.map((each) => ({ ...each, model: graph.name })).filter(isAsked));
    }),
    ...codeFindings(models, documents).map((each) => ({ ...each, fix: undefined })),
  ];
  const found = all.flatMap((each): Diagnostic[] => {
    const severity = severityOf(each, options);
    if (severity === 'off' || isSilenced(each, comments)) return [];
    const { rule, range, model, fix, related } = each;
    const message = excerpt(each.message, MOST_OF_MESSAGE);
    return [{ rule, severity, message, range, model, page: pageOf(rule), fix, related: related.map(shortly) }];
  });
  // Two models may share a layer, and what is wrong with it.
  const seen = new Set<string>();
  const own = found.filter(({ rule, message, range }) => {
    const key = `${rule} ${range.cell} ${range.from} ${range.to} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
  const unheld = budgets.problems.flatMap(({ range, message }): Diagnostic[] => {
    const { id: rule } = gradientBudget;
    const severity = severityOf({ rule, severity: 'warning' }, options);
    if (severity === 'off' || isSilenced({ rule, range }, comments)) return [];
    return [{ rule, severity, message, range, model: undefined, page: pageOf(rule), fix: undefined, related: [] }];
  });
  return [...own, ...unheld, ...unknownRules(comments, options)].sort(
    (a, b) => a.range.cell - b.range.cell || a.range.from - b.range.from,
  );
}

/** Characters of a sentence: what it quotes of the code is short as it is. */
const MOST_OF_MESSAGE = 1000;

const shortly = ({ range, message }: Related): Related => ({ range, message: excerpt(message, MOST_OF_MESSAGE) });

/** With the comment that asks for it. */
const withBudget = (finding: Finding, budget: Budget | undefined): Finding =>
  finding.rule === gradientBudget.id && budget?.range !== undefined
    ? { ...finding, related: [...finding.related, { range: budget.range, message: 'The budget is set here.' }] }
    : finding;

const initialiserRules: ReadonlySet<string> = new Set(['torch-default-deep', 'glorot-under-relu']);

/** A gradient that vanishes over initialisers is one thing to tell: the finding with the number says both. So does a missed budget. */
function oncePerCause(all: readonly Found[]): readonly Found[] {
  const vanishing = all.some(({ rule }) => rule === 'vanishing-flow');
  const missed = all.some(({ rule, severity }) => rule === gradientBudget.id && severity === gradientBudget.severity);
  return all.filter(({ rule }) => !(vanishing && initialiserRules.has(rule)) && !(missed && rule === 'vanishing-flow'));
}

const isSilenced = (
  { rule, range }: Pick<Finding, 'rule' | 'range'>,
  comments: ReadonlyMap<number, readonly SilencingComment[]>,
): boolean => {
  const names = (comment: SilencingComment) =>
    comment.rules === undefined || comment.rules.some(({ id }) => id === rule);
  // A file's comment speaks for all cells of a notebook.
  if ([...comments.values()].some((own) => own.some((each) => each.line === undefined && names(each)))) return true;
  return (comments.get(range.cell) ?? []).some(
    (each) => each.line !== undefined && range.from >= each.line.from && range.from <= each.line.to && names(each),
  );
};

const ids: readonly string[] = rules.map(({ id }) => id);

/** Of what one comment names, which may be anything. */
const MOST_UNKNOWN = 20;

function unknownRules(
  comments: ReadonlyMap<number, readonly SilencingComment[]>,
  options: DiagnosticOptions,
): Diagnostic[] {
  const severity = settingOf(UNKNOWN_RULE, 'hint', options);
  if (severity === 'off') return [];
  return [...comments].flatMap(([cell, own]) =>
    own.flatMap(({ rules: named = [] }) =>
      named
        .filter(({ id }) => !ids.includes(id))
        .slice(0, MOST_UNKNOWN)
        .map(({ id, from, to }): Diagnostic => {
          const message = `"${excerpt(id)}" is no rule, so this silences nothing; expected ${ids.join(', ')}.`;
          const range = { cell, from, to };
          return {
            rule: UNKNOWN_RULE,
            severity,
            message,
            range,
            model: undefined,
            page: 'media/rules/index.md',
            fix: undefined,
            related: [],
          };
        }),
    ),
  );
}
