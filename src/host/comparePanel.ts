import * as vscode from 'vscode';
import type { ExperimentConfig } from '../core/experiment/config';
import { type Channel, connect } from '../protocol/channel';
import { hostContract, pageContract, type RunStatus } from '../protocol/pages/compare';
import { readFolder } from './dataFiles';
import type { MnistStore } from './mnistStore';
import type { RunStore } from './runStore';
import { webviewHtml } from './webviewHtml';
import { panelIcon, panelOptions, saveFile, webviewTransport, workerAssets } from './webviewPanel';

export const COMPARE_VIEW_TYPE = 'gradientLens.compare';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly mnist: MnistStore;
  readonly runs: RunStore;
  readonly log: vscode.LogOutputChannel;
  setStatus(status: RunStatus): void;
}

/**
 * The panel beside the editor. Its page owns the workers and the run (kept alive while hidden); the host reads files,
 * stores results and shows the status.
 */
export class ComparePanel {
  readonly #channel: Channel<typeof pageContract>;

  static create(services: PanelServices, config: ExperimentConfig): ComparePanel {
    const panel = vscode.window.createWebviewPanel(
      COMPARE_VIEW_TYPE,
      'Compare activations',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      panelOptions(services.extensionUri),
    );
    return new ComparePanel(services, panel, config, true);
  }

  /** Takes over a panel that VS Code kept through a reload. */
  static restore(services: PanelServices, panel: vscode.WebviewPanel, config: ExperimentConfig): ComparePanel {
    panel.webview.options = panelOptions(services.extensionUri);
    return new ComparePanel(services, panel, config, false);
  }

  private constructor(
    private readonly services: PanelServices,
    private readonly panel: vscode.WebviewPanel,
    config: ExperimentConfig,
    autostart: boolean,
  ) {
    const { extensionUri, mnist, runs, log } = services;
    const { webview } = panel;
    panel.iconPath = panelIcon(extensionUri);
    let started = false;
    this.#channel = connect(
      webviewTransport(webview),
      hostContract,
      {
        async ready() {
          const run = autostart && !started ? undefined : await runs.load();
          const answer = {
            config,
            autostart: autostart && !started,
            ...workerAssets(webview, extensionUri),
            ...(run === undefined ? {} : { run }),
          };
          started = true;
          return answer;
        },
        readData: async (source) => {
          if (source.kind === 'digits') return [];
          return source.kind === 'mnist' ? mnist.read() : readFolder(source.folder);
        },
        async chooseFolder() {
          const chosen = await vscode.window.showOpenDialog({
            canSelectFiles: false,
            canSelectFolders: true,
            openLabel: 'Use This Folder',
            title: 'A folder with IDX files (train-images-idx3-ubyte, …; plain or .gz)',
          });
          return chosen?.[0]?.toString() ?? null;
        },
        downloadMnist: () =>
          mnist.downloadWithProgress((progress) => void this.#channel.remote.downloadProgress(progress)),
        hasMnist: () => mnist.isStored(),
        saveRun: (text) => runs.save(text),
        setRunAside: () => runs.setAside(),
        saveFile,
        async openCalculator(flow) {
          await vscode.commands.executeCommand('gradientLens.openCalculator', flow);
        },
        async copyText(text) {
          await vscode.env.clipboard.writeText(text);
        },
        showLog: () => log.show(),
        status: (status) => services.setStatus(status),
        log: (level, text) => log[level](text),
      },
      pageContract,
      (error) => log.error(`Page: ${error.message}`),
    );
    panel.onDidDispose(() => this.#channel.close('The panel was closed.'));
    webview.html = webviewHtml(webview, extensionUri, 'Compare activations');
  }

  get onDidDispose(): vscode.Event<void> {
    return this.panel.onDidDispose;
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  start(config: ExperimentConfig): void {
    this.#ask('start', this.#channel.remote.start(config));
  }

  pause(): void {
    this.#ask('pause', this.#channel.remote.pause());
  }

  resume(): void {
    this.#ask('resume', this.#channel.remote.resume());
  }

  stop(): void {
    this.#ask('stop', this.#channel.remote.stop());
  }

  runAgain(): void {
    this.#ask('run again', this.#channel.remote.runAgain());
  }

  #ask(what: string, answer: Promise<void>): void {
    answer.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.services.log.error(`${what}: ${reason}`);
      void vscode.window.showErrorMessage(`Gradient Lens could not ${what}: ${reason}`);
    });
  }
}
