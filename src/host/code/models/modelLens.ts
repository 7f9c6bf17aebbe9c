import * as vscode from 'vscode';
import { languageOf } from '../../../code/language';
import { firstError } from '../../../code/syntaxErrors';
import { checkedSentence } from '../../../core/advice/checked';
import { flowTitle } from '../../../core/advice/modelLens';
import { modelSentence } from '../../../core/advice/modelSentence';
import { few, withoutIcons } from '../../../core/format/excerpt';
import { isUnknownFlow } from '../../../core/theory/graph';
import { codeCommands, commands } from '../../../protocol/commands';
import { modelSettings } from '../../settings';
import { type LensLine, lineChange, movedLine, settledLenses } from './keptLenses';
import { type ModelDocuments, type ModelsOfText, type OpenModel, placeOf, referenceTo } from './modelDocuments';

/** Milliseconds without an edit after which lenses are told anew. */
const QUIET = 500;

interface Kept {
  lenses: readonly LensLine[];
  /** Set while the person types. */
  quiet: ReturnType<typeof setTimeout> | undefined;
}

/**
 * What is predicted for each model, over it, with what can be done about it. While the person types, the lenses stand
 * where they stood, so that no line jumps; after a pause they are told anew.
 */
export class ModelLens implements vscode.Disposable {
  readonly #kept = new Map<string, Kept>();
  readonly #subscriptions: vscode.Disposable;

  /** @param changed they are to be asked for anew */
  constructor(
    private readonly models: ModelDocuments,
    private readonly changed: () => void,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument((event) => this.#edited(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    );
  }

  dispose(): void {
    for (const { quiet } of this.#kept.values()) clearTimeout(quiet);
    this.#subscriptions.dispose();
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | undefined> {
    if (!modelSettings(document).codeLens) return undefined;
    const key = document.uri.toString();
    const kept = this.#kept.get(key);
    if (kept?.quiet !== undefined) return kept.lenses.flatMap(shown);
    const text = await this.models.read(document);
    if (token.isCancellationRequested) return undefined;
    const why = this.models.whyNotRead(document);
    if (why !== undefined) return shown(notRead(why));
    if (text === undefined) return undefined;
    const lenses = settledLenses(lensesOf(text, document), this.#kept.get(key)?.lenses ?? [], () =>
      parses(text, document),
    );
    this.#kept.set(key, { lenses, quiet: this.#kept.get(key)?.quiet });
    return lenses.flatMap(shown);
  }

  #edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const kept = this.#kept.get(document.uri.toString());
    if (kept === undefined || contentChanges.length === 0 || !languageOf(document.languageId)) return;
    // Of several changes, the last in the text comes first: it moves none of the others.
    const changes = contentChanges.toSorted((a, b) => b.rangeOffset - a.rangeOffset).map(lineChange);
    kept.lenses = kept.lenses.map((lens) => ({ ...lens, line: changes.reduce(movedLine, lens.line) }));
    clearTimeout(kept.quiet);
    kept.quiet = setTimeout(() => {
      kept.quiet = undefined;
      this.changed();
    }, QUIET);
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#kept.get(key)?.quiet);
    this.#kept.delete(key);
  }
}

const shown = ({ line, commands: own }: LensLine): vscode.CodeLens[] =>
  own.map((command) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command));

/** Over a text that is not read, in the words of the log. */
const notRead = (why: string): LensLine => ({
  line: 0,
  commands: [
    {
      title: `Gradient Lens does not read this text: its code ${why}`,
      command: commands.showLog.id,
      tooltip: 'It is tried again when it changes.\nClick for the log.',
    },
  ],
});

/** Whether what stands in an editor is whole code: while somebody types it often is not. */
function parses({ documents, cells }: ModelsOfText, document: vscode.TextDocument): boolean {
  const own = documents.find(({ cell }) => cells.get(cell) === document);
  return own === undefined || firstError(own.document) === undefined;
}

const lensesOf = (text: ModelsOfText, document: vscode.TextDocument): LensLine[] =>
  text.models.flatMap((model) => {
    const place = placeOf(text, model.graph.source);
    if (place?.document !== document) return [];
    return [{ line: place.range.start.line, commands: commandsOf(text, model) }];
  });

function commandsOf(text: ModelsOfText, model: OpenModel): vscode.Command[] {
  const { graph, flow } = model;
  const reference = referenceTo(text, model);
  const command = (title: string, { id }: { readonly id: string }, tooltip: string): vscode.Command => ({
    title: withoutIcons(title),
    command: id,
    tooltip,
    arguments: [reference],
  });
  const about = isUnknownFlow(flow) ? [] : flow.assumptions;
  const checked = checkedSentence(graph);
  const tooltip = [
    `${modelSentence(graph, flow)}.`,
    ...about,
    ...(checked === undefined ? [] : [checked]),
    'Click for the layers.',
  ]
    .join('\n')
    .replaceAll('`', '');
  const missing = isUnknownFlow(flow) && flow.symbols.length > 0 ? flow.symbols : graph.symbols.map(({ name }) => name);
  return [
    command(flowTitle(graph, flow), codeCommands.showLayers, tooltip),
    ...(missing.length > 0
      ? [
          command(
            `Fill in ${few(missing)}`,
            codeCommands.fillIn,
            'The code does not say it; what is filled in is kept with the workspace.',
          ),
        ]
      : []),
    command(
      'Compare activations',
      codeCommands.compareModel,
      'Train its hidden layers side by side, once with its own activation and once with each other.',
    ),
    command(
      'Open in calculator',
      codeCommands.openModelInCalculator,
      'How the gradient flows through it, layer by layer, and what would help.',
    ),
  ];
}
