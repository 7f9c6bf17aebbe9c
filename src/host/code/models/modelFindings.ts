import type * as vscode from 'vscode';
import { type Diagnostic, type DiagnosticOptions, diagnose } from '../../../code/diagnostics/diagnose';
import { budgetSetting, ruleSettings } from '../../settings';
import type { ModelsOfText } from './modelDocuments';

interface Kept {
  readonly key: string;
  readonly found: readonly Diagnostic[];
}

const kept = new WeakMap<ModelsOfText, Kept>();

const optionsFor = (document: vscode.TextDocument): DiagnosticOptions => ({
  severities: ruleSettings(document),
  budget: budgetSetting(document),
});

/** What the rules find in a text, as the settings of a document of it say; found once for each version. */
export function findingsIn(text: ModelsOfText, document: vscode.TextDocument): readonly Diagnostic[] {
  const options = optionsFor(document);
  const key = JSON.stringify(options);
  const former = kept.get(text);
  if (former?.key === key) return former.found;
  const found = diagnose(
    text.models.map(({ graph }) => graph),
    text.documents,
    options,
  );
  kept.set(text, { key, found });
  return found;
}
