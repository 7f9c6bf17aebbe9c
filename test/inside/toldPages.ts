// What the host tells the pages that it opens, overheard on its way. No page tells a test what it shows.
import * as vscode from 'vscode';
import type { FlowConfig } from '../../src/core/calculation/config';
import { until } from './help';

/** As much of a calculator's state as tests ask for. */
export interface ToldCalculation {
  readonly config: FlowConfig;
  readonly code?: { readonly model: unknown };
}

/** A page's question after what to show, answered; or another thing to show in a page that is up. */
function calculationIn(message: unknown): ToldCalculation | undefined {
  const { body } = message as { body: { t: string; m?: string; a?: unknown[]; r?: { state?: unknown } } };
  const told = body.t === 's' ? body.r?.state : body.m === 'show' ? body.a?.[0] : undefined;
  return (told as ToldCalculation | undefined)?.config === undefined ? undefined : (told as ToldCalculation);
}

/** Overhears all panels that are opened from now on. The suite and the extension are given the same `vscode.window`. */
export class ToldPages {
  readonly calculations: ToldCalculation[] = [];
  readonly #told = new vscode.EventEmitter<void>();
  readonly #window = vscode.window as { createWebviewPanel: unknown };
  readonly #create = vscode.window.createWebviewPanel;

  constructor() {
    this.#window.createWebviewPanel = (...how: Parameters<typeof vscode.window.createWebviewPanel>) => {
      const panel = this.#create.apply(vscode.window, how);
      const post = panel.webview.postMessage.bind(panel.webview);
      panel.webview.postMessage = (message: unknown) => {
        const calculation = calculationIn(message);
        if (calculation) this.calculations.push(calculation);
        this.#told.fire();
        return post(message);
      };
      return panel;
    };
  }

  /** Until so many calculations were told. */
  async untilCalculations(count: number): Promise<readonly ToldCalculation[]> {
    await until(
      `calculation ${count} told to a page`,
      () => this.calculations.length >= count,
      this.#told.event,
      () => this.calculations,
    );
    return this.calculations;
  }

  dispose(): void {
    this.#window.createWebviewPanel = this.#create;
    this.#told.dispose();
  }
}
