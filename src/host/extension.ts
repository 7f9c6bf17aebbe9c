import * as vscode from 'vscode';
import { languageIds as codeLanguages } from '../code/language';
import { parseConfig } from '../core/experiment/config';
import type { RunStatus } from '../protocol/pages/compare';
import { ActivationCompletion } from './activationCompletion';
import { ActivationHover } from './activationHover';
import { registerCalculator } from './calculatorPanel';
import { CodeDocuments } from './codeDocuments';
import { chooseCompanions } from './companions';
import { COMPARE_VIEW_TYPE, ComparePanel } from './comparePanel';
import { MnistStore } from './mnistStore';
import { RunStore } from './runStore';
import { readSettings } from './settings';
import { StatusBar } from './statusBar';

/** What `activate` gives to tests and to other extensions. */
export interface GradientLensApi {
  status(): RunStatus;
  readonly onStatus: vscode.Event<RunStatus>;
}

const idle: RunStatus = { phase: 'idle', epoch: 0, epochs: 0, progress: 0, text: 'No comparison has been started.' };

export function activate(context: vscode.ExtensionContext): GradientLensApi {
  const log = vscode.window.createOutputChannel('Gradient Lens', { log: true });
  const statusChanged = new vscode.EventEmitter<RunStatus>();
  const statusBar = new StatusBar();
  context.subscriptions.push(log, statusChanged, statusBar);

  let status = idle;
  const setStatus = (next: RunStatus) => {
    status = next;
    statusBar.show(next);
    const busy = next.phase === 'running' || next.phase === 'loading';
    void vscode.commands.executeCommand('setContext', 'gradientLens.running', busy);
    void vscode.commands.executeCommand('setContext', 'gradientLens.paused', next.phase === 'paused');
    statusChanged.fire(next);
  };

  const mnist = new MnistStore(context.globalStorageUri, log);
  const runs = new RunStore(context.storageUri ?? context.globalStorageUri, log);
  let panel: ComparePanel | undefined;
  const services = { extensionUri: context.extensionUri, mnist, runs, log, setStatus };
  const adopt = (created: ComparePanel) => {
    panel = created;
    created.onDidDispose(() => {
      if (panel === created) panel = undefined;
      setStatus(idle);
      void vscode.commands.executeCommand('setContext', 'gradientLens.panel', false);
    });
    void vscode.commands.executeCommand('setContext', 'gradientLens.panel', true);
  };

  /** @param override settings that differ for this comparison, checked like any others */
  const compare = (override?: unknown) => {
    const { config, problems } = readSettings();
    for (const problem of problems) log.warn(problem);
    if (problems.length > 0) {
      void vscode.window.showWarningMessage(`Gradient Lens: ${problems[0]} The default is used instead.`);
    }
    let wanted = config;
    const overridden = typeof override === 'object' && override !== null && !(override instanceof vscode.Uri);
    if (overridden) {
      const result = parseConfig({ ...config, ...override });
      if ('problems' in result) {
        void vscode.window.showErrorMessage(`Gradient Lens: ${result.problems[0]!.message}`);
        return;
      }
      wanted = result.config;
    }
    if (!panel) {
      adopt(ComparePanel.create(services, wanted));
      return;
    }
    panel.reveal();
    if (overridden) panel.start(wanted);
  };

  const documents = new CodeDocuments();
  const languages = codeLanguages.map((language) => ({ language }));
  context.subscriptions.push(
    documents,
    registerCalculator({ extensionUri: context.extensionUri, log }),
    vscode.languages.registerHoverProvider(languages, new ActivationHover(documents)),
    vscode.languages.registerCompletionItemProvider(languages, new ActivationCompletion(documents), '"', "'", '`'),
    vscode.commands.registerCommand('gradientLens.compareWith', async (name: unknown) => {
      const activations = await chooseCompanions(name);
      if (activations) compare({ activations });
    }),
  );

  context.subscriptions.push(
    vscode.commands.registerCommand('gradientLens.compare', compare),
    vscode.commands.registerCommand('gradientLens.pause', () => panel?.pause()),
    vscode.commands.registerCommand('gradientLens.resume', () => panel?.resume()),
    vscode.commands.registerCommand('gradientLens.stop', () => panel?.stop()),
    vscode.commands.registerCommand('gradientLens.runAgain', () => panel?.runAgain()),
    vscode.commands.registerCommand('gradientLens.downloadMnist', () => mnist.downloadWithProgress()),
    vscode.commands.registerCommand('gradientLens.showLog', () => log.show()),
    vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW_TYPE, {
      async deserializeWebviewPanel(restored, state: unknown) {
        const saved = parseConfig((state as { config?: unknown } | undefined)?.config);
        adopt(ComparePanel.restore(services, restored, 'config' in saved ? saved.config : readSettings().config));
      },
    }),
  );
  return { status: () => status, onStatus: statusChanged.event };
}

export function deactivate(): void {}
