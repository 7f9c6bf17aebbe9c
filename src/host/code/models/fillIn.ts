import * as vscode from 'vscode';
import { excerpt } from '../../../core/format/excerpt';
import { isUnknownFlow } from '../../../core/theory/graph';
import type { ModelReference } from '../../../protocol/schemas';
import { chooseModel } from './chooseModel';
import { type FilledSymbols, symbolValue } from './filledSymbols';
import type { ModelDocuments } from './modelDocuments';

/** Asks for what a model's code does not tell, one after another; an empty answer leaves it open. */
export async function fillIn(
  models: ModelDocuments,
  symbols: FilledSymbols,
  given: ModelReference | undefined,
): Promise<void> {
  const chosen = await chooseModel(models, given);
  if (!chosen) return;
  const { uri } = chosen.text;
  const { graph, flow } = chosen.model;
  const known = new Map(symbols.of(uri));
  const missing = [
    ...new Set([...(isUnknownFlow(flow) ? flow.symbols : []), ...graph.symbols.map(({ name }) => name)]),
  ];
  const names = missing.length > 0 ? missing : [...known.keys()];
  if (names.length === 0) {
    void vscode.window.showInformationMessage(`Gradient Lens: the code tells everything about ${graph.name}.`);
    return;
  }
  for (const [at, name] of names.entries()) {
    const former = known.get(name);
    const answer = await vscode.window.showInputBox({
      title: `What is ${excerpt(name)}? (${at + 1} of ${names.length})`,
      prompt: `The code of ${graph.name} does not say it. Kept with the workspace; empty leaves it open.`,
      placeHolder: '128, 0.5, true, or a word such as relu',
      value: former === undefined ? '' : String(former),
      ignoreFocusOut: true,
    });
    if (answer === undefined) return;
    if (answer.trim() === '') known.delete(name);
    else known.set(name, symbolValue(answer));
    await symbols.set(uri, known);
  }
}
