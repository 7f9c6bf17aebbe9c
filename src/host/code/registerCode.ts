import * as vscode from 'vscode';
import { languageIds } from '../../code/language';
import { ActivationCompletion } from './activationCompletion';
import { registerActivationDoors } from './activationDoors';
import { CodeDocuments } from './codeDocuments';
import { CodeHover } from './codeHover';

/** What is shown in people's code: hovers on activations and initialisers, and names in `activation="…"`. */
export function registerCode(): vscode.Disposable {
  const documents = new CodeDocuments();
  const languages = languageIds.map((language) => ({ language }));
  return vscode.Disposable.from(
    documents,
    registerActivationDoors(documents),
    vscode.languages.registerHoverProvider(languages, new CodeHover(documents)),
    vscode.languages.registerCompletionItemProvider(languages, new ActivationCompletion(documents), '"', "'", '`'),
  );
}
