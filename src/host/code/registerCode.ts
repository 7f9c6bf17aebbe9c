import * as vscode from 'vscode';
import { languageIds } from '../../code/language';
import { ActivationCompletion } from './activationCompletion';
import { registerActivationDoors } from './activationDoors';
import { CodeDocuments } from './codeDocuments';
import { CodeHover } from './codeHover';
import { FilledSymbols } from './models/filledSymbols';
import { ModelDocuments } from './models/modelDocuments';
import { registerModels } from './models/registerModels';

/** What is kept where, and what is logged. */
export interface CodeServices {
  readonly workspaceState: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** What is shown in people's code: hovers on activations and initialisers, names in `activation="…"`, and models. */
export function registerCode(services: CodeServices): vscode.Disposable {
  const documents = new CodeDocuments();
  const symbols = new FilledSymbols(services.workspaceState);
  const models = new ModelDocuments(documents, symbols);
  const languages = languageIds.map((language) => ({ language }));
  return vscode.Disposable.from(
    documents,
    symbols,
    registerActivationDoors(documents),
    registerModels({ log: services.log, symbols, models }),
    vscode.languages.registerHoverProvider(languages, new CodeHover(documents, models)),
    vscode.languages.registerCompletionItemProvider(languages, new ActivationCompletion(documents), '"', "'", '`'),
  );
}
