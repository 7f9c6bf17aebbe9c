import * as vscode from 'vscode';
import { languageIds, languageOf } from '../../code/language';
import { messageOf } from '../../core/format/errors';
import { codeCommands, commands } from '../../protocol/commands';
import { registerCommand } from '../commands';
import { stepDone } from '../firstSteps';
import { loadFile } from '../loadFile';
import type { CodeRoom } from './codeRoom';
import { registerRulePages } from './models/rulePages';

/** What is kept where, and what is logged. */
export interface CodeServices {
  readonly extensionUri: vscode.Uri;
  readonly workspaceState: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/**
 * What is shown in people's code: hovers on activations and initialisers, names in `activation="…"`, and models. Here it is
 * registered alone. What does it is a file of its own, three times as long as all else that the host needs to begin: it is
 * loaded once a text that it reads is open, or somebody asks for something of it.
 */
export function registerCode({ extensionUri, workspaceState, log }: CodeServices): vscode.Disposable {
  const lensesChanged = new vscode.EventEmitter<void>();
  const hintsChanged = new vscode.EventEmitter<void>();
  let opening: Promise<CodeRoom> | undefined;
  let ended = false;

  async function open(): Promise<CodeRoom> {
    const { openCodeRoom } = await loadFile<typeof import('./codeRoom')>(extensionUri, 'code.js');
    const opened = openCodeRoom({
      workspaceState,
      log,
      lensesChanged: () => lensesChanged.fire(),
      hintsChanged: () => hintsChanged.fire(),
      asked: () => stepDone('asked'),
    });
    if (ended) opened.dispose();
    return opened;
  }
  const room = (): Promise<CodeRoom> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      log.error(`What reads code could not be loaded: ${messageOf(error)}`);
      throw error;
    });
    return opening;
  };
  /** The log has what goes wrong. */
  const openFor = ({ languageId }: vscode.TextDocument) => {
    if (languageOf(languageId) !== undefined) room().catch(() => {});
  };
  for (const document of vscode.workspace.textDocuments) openFor(document);

  const languages = languageIds.map((language) => ({ language }));
  return vscode.Disposable.from(
    lensesChanged,
    hintsChanged,
    vscode.workspace.onDidOpenTextDocument(openFor),
    vscode.languages.registerHoverProvider(languages, {
      provideHover: async (...given) => (await room()).hover.provideHover(...given),
    }),
    vscode.languages.registerCompletionItemProvider(
      languages,
      {
        provideCompletionItems: async (document, position, token) =>
          (await room()).completion.provideCompletionItems(document, position, token),
      },
      ...['"', "'", '`'],
    ),
    vscode.languages.registerCodeLensProvider(languages, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: async (...given) => (await room()).lens.provideCodeLenses(...given),
    }),
    vscode.languages.registerInlayHintsProvider(languages, {
      onDidChangeInlayHints: hintsChanged.event,
      provideInlayHints: async (...given) => (await room()).hints.provideInlayHints(...given),
    }),
    vscode.languages.registerCodeActionsProvider(
      languages,
      {
        provideCodeActions: async (document, range, context, token) =>
          (await room()).actions.provideCodeActions(document, range, context, token),
        resolveCodeAction: async (action) => (await room()).actions.resolveCodeAction(action),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    registerCommand(commands.compareHere, async () => (await room()).compareHere()),
    registerCommand(commands.calculateHere, async () => (await room()).calculateHere()),
    registerCommand(codeCommands.showLayers, async (given) => (await room()).showLayers(given)),
    registerCommand(codeCommands.fillIn, async (given) => (await room()).fillIn(given)),
    registerCommand(codeCommands.compareModel, async (given) => (await room()).compareModel(given)),
    registerCommand(codeCommands.openModelInCalculator, async (given) => (await room()).openModelInCalculator(given)),
    registerCommand(codeCommands.revealLayer, async (place) => (await room()).revealLayer(place)),
    registerRulePages({
      page: async (id) => (await room()).rulePage(id),
      turnOff: async (id) => (await room()).turnOffRule(id),
    }),
    {
      dispose() {
        ended = true;
        void opening?.then((opened) => opened.dispose()).catch(() => {});
      },
    },
  );
}
