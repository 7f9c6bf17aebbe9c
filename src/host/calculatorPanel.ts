import * as v from 'valibot';
import * as vscode from 'vscode';
import { type FlowConfig, paperFlow } from '../core/flow/config';
import { readFlowArgument } from '../core/flow/link';
import { type Channel, connect } from '../protocol/channel';
import {
  type CalculatorState,
  calculatorHostContract,
  calculatorPageContract,
  calculatorStateSchema,
} from '../protocol/pages/calculator';
import { webviewHtml } from './webviewHtml';
import { panelIcon, panelOptions, saveFile, webviewTransport, workerAssets } from './webviewPanel';

export const CALCULATOR_VIEW_TYPE = 'gradientLens.calculator';
const TITLE = 'Gradient flow';

export interface CalculatorServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

/** The calculator beside the editor. The page calculates; the host opens it, saves files and keeps nothing. */
class CalculatorPanel {
  readonly #channel: Channel<typeof calculatorPageContract>;

  constructor(
    private readonly services: CalculatorServices,
    private readonly panel: vscode.WebviewPanel,
    private state: CalculatorState,
  ) {
    const { extensionUri, log } = services;
    const { webview } = panel;
    panel.iconPath = panelIcon(extensionUri);
    this.#channel = connect(
      webviewTransport(webview),
      calculatorHostContract,
      {
        ready: () => ({ state: this.state, ...workerAssets(webview, extensionUri) }),
        compare: async (activations) => {
          await vscode.commands.executeCommand('gradientLens.compare', { activations });
        },
        pasteText: async () => vscode.env.clipboard.readText(),
        saveFile,
        copyText: async (text) => {
          await vscode.env.clipboard.writeText(text);
        },
        showLog: () => log.show(),
        log: (level, text) => log[level](text),
      },
      calculatorPageContract,
      (error) => log.error(`Calculator: ${error.message}`),
    );
    panel.onDidDispose(() => this.#channel.close('The panel was closed.'));
    webview.html = webviewHtml(webview, extensionUri, TITLE, 'calculator');
  }

  get onDidDispose(): vscode.Event<void> {
    return this.panel.onDidDispose;
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  show(config: FlowConfig): void {
    // A page that is not up yet asks for it.
    this.state = { ...this.state, config };
    this.#channel.remote.show(config).catch((error: unknown) => {
      this.services.log.warn(`Calculator: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

/**
 * Contributes the command and takes over panels that VS Code kept through a reload. The command takes a calculation or
 * a part of one, see {@link readFlowArgument}.
 */
export function registerCalculator(services: CalculatorServices): vscode.Disposable {
  let panel: CalculatorPanel | undefined;
  const adopt = (webview: vscode.WebviewPanel, state: CalculatorState) => {
    const created = new CalculatorPanel(services, webview, state);
    panel = created;
    created.onDidDispose(() => {
      if (panel === created) panel = undefined;
    });
  };
  const open = (argument?: unknown) => {
    const given = argument !== undefined && argument !== null && !(argument instanceof vscode.Uri);
    const result = readFlowArgument(given ? argument : undefined);
    if ('problems' in result) {
      void vscode.window.showErrorMessage(`Gradient Lens: ${result.problems.map(({ message }) => message).join(' ')}`);
      return;
    }
    if (panel !== undefined) {
      panel.reveal();
      if (given) panel.show(result.config);
      return;
    }
    const webview = vscode.window.createWebviewPanel(
      CALCULATOR_VIEW_TYPE,
      TITLE,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      panelOptions(services.extensionUri),
    );
    adopt(webview, { config: result.config });
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('gradientLens.openCalculator', open),
    vscode.window.registerWebviewPanelSerializer(CALCULATOR_VIEW_TYPE, {
      async deserializeWebviewPanel(restored, kept: unknown) {
        const saved = v.safeParse(calculatorStateSchema, kept);
        restored.webview.options = panelOptions(services.extensionUri);
        adopt(restored, saved.success ? saved.output : { config: paperFlow });
      },
    }),
  );
}
