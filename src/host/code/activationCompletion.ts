import * as vscode from 'vscode';
import { activationNamesAt } from '../../code/codeActivation';
import { activationExplanation, activationFact, activationShort } from '../../core/explain/hover';
import type { Spelling } from '../../core/frameworks/framework';
import { isNotElementWiseName, notElementWise } from '../../core/frameworks/notElementWise';
import { resolveSpelling } from '../../core/frameworks/resolve';
import { hoverSettings, readingOptions } from '../settings';
import type { CodeDocuments } from './codeDocuments';

/** Offers the names that a framework takes in `activation="…"`, each with a line of what it does. */
export class ActivationCompletion implements vscode.CompletionItemProvider {
  constructor(private readonly documents: CodeDocuments) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[] | undefined> {
    if (!hoverSettings().completions) return undefined;
    const parsed = await this.documents.parsed(document);
    const context = await this.documents.notebookContext(document);
    if (!parsed || token.isCancellationRequested || parsed.version !== document.version) return undefined;
    const names = activationNamesAt(parsed, document.offsetAt(position), readingOptions(), context);
    if (!names) return undefined;
    const range = new vscode.Range(document.positionAt(names.from), document.positionAt(names.to));
    return names.spellings.map((spelling, i) => toItem(spelling, range, i));
  }
}

function toItem(spelling: Spelling, range: vscode.Range, order: number): vscode.CompletionItem {
  const { fact, short, explanation } = describe(spelling);
  // Beside every name, where the details are shown for one.
  const label = { label: spelling.name, description: short };
  const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.EnumMember);
  item.range = range;
  item.detail = fact;
  item.documentation = explanation;
  // The usual ones first, rather than the alphabet.
  item.sortText = String(order).padStart(3, '0');
  return item;
}

interface Description {
  readonly fact: string;
  readonly short: string;
  readonly explanation: string;
}

function describe(spelling: Spelling): Description {
  if (isNotElementWiseName(spelling.activation)) {
    const { label, explanation } = notElementWise(spelling.activation);
    return { fact: `${label}: no single φ′(x)`, short: 'no single φ′(x)', explanation };
  }
  const found = resolveSpelling(spelling);
  if (!found) return { fact: spelling.name, short: '', explanation: '' };
  return { fact: activationFact(found), short: activationShort(found), explanation: activationExplanation(found) };
}
