import { type Diagnostic, type DiagnosticSeverity, diagnosticSeverities } from '../code/diagnostics/diagnose';
import { type FixOptions, type ModelFix, modelFixes } from '../code/edits/modelFixes';
import { isSamePlace, type SourceRange } from '../core/model/model';
import type { FileRead, Position } from './modelFiles';

/** A stretch of a file as `check --format json` prints it: from 1, the end behind the last character. */
export interface CheckPlace {
  /** Of a notebook, from 1; null for a file. The lines are the cell's. */
  readonly cell: number | null;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What would mend it, as the editor's quick fix does it. */
export interface CheckFix {
  /** With what it does to the gradient: "Use ReLU with he_normal: 2.0e-6 → 1.0". */
  readonly title: string;
  readonly preferred: boolean;
  /** In the order of the text; each counts before any of them. */
  readonly edits: readonly (CheckPlace & { readonly text: string })[];
}

/** A diagnostic with its file and place, as `check --format json` prints it. */
export interface CheckEntry extends CheckPlace {
  readonly file: string;
  readonly rule: string;
  readonly severity: DiagnosticSeverity;
  readonly message: string;
  /** Null for what is said of a comment. */
  readonly model: string | null;
  /** Other places that belong to it. */
  readonly related: readonly (CheckPlace & { readonly message: string })[];
  /** The preferred one first. */
  readonly fixes: readonly CheckFix[];
}

/** An entry with where it comes from. */
export interface Found {
  readonly entry: CheckEntry;
  readonly range: SourceRange;
  readonly related: Diagnostic['related'];
  readonly fixes: readonly ModelFix[];
  /** A change that would help where no edit is known: its title. */
  readonly remedy: string | undefined;
  readonly source: FileRead;
}

/** A file or a folder that could not be read as it should, with the reason as a sentence. */
export interface CheckProblem {
  readonly file: string;
  readonly message: string;
}

/** What was looked at, and how much was found. */
export interface CheckSummary {
  files: number;
  models: number;
  /** Models of which it is predicted for certain how much of the gradient arrives. */
  predicted: number;
  /** Those with something that had to be assumed. */
  assumed: number;
  /** Those of which it is not known. */
  unknown: number;
  readonly found: Record<DiagnosticSeverity, number>;
  /** What lies below the severity that was asked for. */
  notShown: number;
  fixable: number;
}

export const emptySummary = (): CheckSummary => ({
  files: 0,
  models: 0,
  predicted: 0,
  assumed: 0,
  unknown: 0,
  found: { error: 0, warning: 0, hint: 0 },
  notShown: 0,
  fixable: 0,
});

export const isAtLeast = (severity: DiagnosticSeverity, least: DiagnosticSeverity): boolean =>
  diagnosticSeverities.indexOf(severity) <= diagnosticSeverities.indexOf(least);

/** How what is found is written, piece by piece. */
export interface CheckWriter {
  begin(): string;
  entry(found: Found): string;
  end(summary: CheckSummary, problems: readonly CheckProblem[]): string;
}

/** The fixes of a file's models, each found once, when somebody asks. */
export class FileFixes {
  readonly #found = new Map<string, readonly ModelFix[]>();

  constructor(
    private readonly file: FileRead,
    private readonly options: FixOptions,
  ) {}

  /** Those that answer a diagnostic, the preferred one first. */
  of({ rule, range, model: name }: Diagnostic): readonly ModelFix[] {
    if (name === undefined) return [];
    let fixes = this.#found.get(name);
    if (fixes === undefined) {
      const { models, documents } = this.file;
      fixes = models
        .filter((model) => model.name === name)
        .flatMap((model) => modelFixes(model, documents, this.options));
      this.#found.set(name, fixes);
    }
    const own = fixes.filter(({ answers }) =>
      answers.some((each) => each.rule === rule && isSamePlace(each.range, range)),
    );
    return own
      .filter((fix, k) => own.findIndex(({ edits }) => JSON.stringify(edits) === JSON.stringify(fix.edits)) === k)
      .sort((a, b) => Number(b.preferred) - Number(a.preferred));
  }
}

export function foundIn(source: FileRead, diagnostic: Diagnostic, fixes: readonly ModelFix[]): Found {
  const { rule, severity, message, model, range, fix } = diagnostic;
  const place = (of: SourceRange): CheckPlace => placeOf(source.position(of), source.position(of, of.to));
  const related = diagnostic.related.filter((each) => !isSamePlace(each.range, range));
  const entry: CheckEntry = {
    file: source.file,
    ...place(range),
    rule,
    severity,
    message,
    model: model ?? null,
    related: related.map((each) => ({ ...place(each.range), message: each.message })),
    fixes: fixes.map(({ title, preferred, edits }) => ({
      title,
      preferred,
      edits: edits.map((edit) => ({ ...place(edit), text: edit.text })),
    })),
  };
  return { entry, range, related, fixes, remedy: fix?.title, source };
}

const placeOf = (from: Position, to: Position): CheckPlace => ({
  cell: from.cell ?? null,
  line: from.line,
  column: from.column,
  endLine: to.line,
  endColumn: to.column,
});
