import type { DiagnosticSeverity } from '../code/diagnostics/diagnose';

/** A diagnostic with its file and place, as `check --format json` prints it. */
export interface CheckEntry {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Of a notebook, from 1; null for a file. The lines are the cell's. */
  readonly cell: number | null;
  readonly rule: string;
  readonly severity: DiagnosticSeverity;
  readonly message: string;
  /** Null for what is said of a comment. */
  readonly model: string | null;
}
