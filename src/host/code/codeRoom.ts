import * as vscode from 'vscode';
import { rulePage, rulesIndex } from '../../core/advice/rulePages';
import { rules } from '../../core/advice/rules';
import type { CodeLayer, ModelReference } from '../../protocol/schemas';
import { ActivationCompletion } from './activationCompletion';
import { calculateHere, compareHere, watchShownCode } from './activationDoors';
import { CodeDocuments } from './codeDocuments';
import { CodeHover } from './codeHover';
import { FilledSymbols } from './models/filledSymbols';
import { fillIn } from './models/fillIn';
import { LayerHints } from './models/layerHints';
import { ModelActions } from './models/modelActions';
import { ModelDiagnostics } from './models/modelDiagnostics';
import { ModelDocuments } from './models/modelDocuments';
import { compareModel, openModelInCalculator, revealLayer } from './models/modelDoors';
import { showLayers } from './models/modelLayers';
import { ModelLens } from './models/modelLens';
import { turnOffRule } from './models/turnOffRule';

/** What the room has of the extension around it, which is another file. */
export interface CodeRoomServices {
  readonly workspaceState: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  lensesChanged(): void;
  hintsChanged(): void;
  /** A person has asked their code. */
  asked(): void;
}

type Given = ModelReference | undefined;

/** What is shown in people's code, and what its commands do. */
export interface CodeRoom extends vscode.Disposable {
  readonly hover: CodeHover;
  readonly completion: ActivationCompletion;
  readonly lens: ModelLens;
  readonly hints: LayerHints;
  readonly actions: ModelActions;
  compareHere(): Promise<void>;
  calculateHere(): Promise<void>;
  showLayers(given: Given): Promise<void>;
  fillIn(given: Given): Promise<void>;
  compareModel(given: Given): Promise<void>;
  openModelInCalculator(given: Given): Promise<void>;
  revealLayer(place: CodeLayer): Promise<void>;
  /** In Markdown; the list of all rules for a name that none has. */
  rulePage(id: string): string;
  turnOffRule(id: string): Promise<void>;
}

/** From here on the open texts are read, and what the rules find in them is shown. */
export function openCodeRoom({ workspaceState, log, ...services }: CodeRoomServices): CodeRoom {
  const documents = new CodeDocuments(log);
  const symbols = new FilledSymbols(workspaceState);
  const models = new ModelDocuments(documents, symbols, log);
  const diagnostics = new ModelDiagnostics(models, log);
  const lens = new ModelLens(models, services.lensesChanged);
  const refresh = () => {
    services.lensesChanged();
    services.hintsChanged();
    diagnostics.refresh();
  };
  const subscriptions = vscode.Disposable.from(
    documents,
    symbols,
    diagnostics,
    lens,
    watchShownCode(documents),
    symbols.onDidChange(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('gradientLens')) refresh();
    }),
  );
  return {
    hover: new CodeHover(documents, models, services.asked),
    completion: new ActivationCompletion(documents),
    lens,
    hints: new LayerHints(models),
    actions: new ModelActions(models),
    compareHere: () => compareHere(documents),
    calculateHere: () => calculateHere(documents),
    showLayers: (given) => showLayers(models, given),
    fillIn: (given) => fillIn(models, symbols, given),
    compareModel: (given) => compareModel(models, given),
    openModelInCalculator: (given) => openModelInCalculator(models, given),
    revealLayer: (place) => revealLayer(models, place),
    rulePage(id) {
      const rule = rules.find((each) => each.id === id);
      return rule ? rulePage(rule) : rulesIndex(rules);
    },
    turnOffRule,
    dispose: () => subscriptions.dispose(),
  };
}
