import { type Diagnostic, diagnose, diagnosticSeverities } from '../code/diagnostics/diagnose';
import type { CheckEntry } from './checkEntry';
import { filesUnder, type Position, readFiles } from './modelFiles';
import { UsageError } from './options';
import { sarif } from './sarif';

export interface CheckArguments {
  format: string;
  severity: string;
}

export const checkDefaults: CheckArguments = { format: 'text', severity: 'warning' };

/** Prints what the rules find; 1 where something is at or above the severity, 0 otherwise. @throws UsageError */
export function check(paths: readonly string[], { format, severity }: CheckArguments): 0 | 1 {
  if (format !== 'text' && format !== 'json' && format !== 'sarif') {
    throw new UsageError(`--format: "${format}" is not known; expected text, json, sarif.`);
  }
  const threshold = (diagnosticSeverities as readonly string[]).indexOf(severity);
  if (threshold < 0) {
    throw new UsageError(`--severity: "${severity}" is not known; expected ${diagnosticSeverities.join(', ')}.`);
  }
  const entries: CheckEntry[] = [];
  for (const { file, models, documents, position } of readFiles(filesUnder(paths))) {
    for (const each of diagnose(models, documents)) {
      entries.push(entry(file, each, position(each.range), position(each.range, each.range.to)));
    }
  }
  const shown = entries.filter((each) => diagnosticSeverities.indexOf(each.severity) <= threshold);
  const text = format === 'text' ? page(shown) : JSON.stringify(format === 'json' ? shown : sarif(shown));
  process.stdout.write(`${text}\n`);
  return shown.length > 0 ? 1 : 0;
}

const entry = (file: string, each: Diagnostic, from: Position, to: Position): CheckEntry => ({
  file,
  line: from.line,
  column: from.column,
  endLine: to.line,
  endColumn: to.column,
  cell: from.cell ?? null,
  rule: each.rule,
  severity: each.severity,
  message: each.message,
  model: each.model ?? null,
});

function page(entries: readonly CheckEntry[]): string {
  if (entries.length === 0) return 'Nothing found.';
  const lines = entries.map(({ file, cell, line, column, severity, message, rule }) => {
    const place = cell === null ? `${file}:${line}:${column}` : `${file}: cell ${cell}:${line}:${column}`;
    return `${place}: ${severity}: ${message} [${rule}]`;
  });
  return [...lines, '', `${entries.length} found.`].join('\n');
}
