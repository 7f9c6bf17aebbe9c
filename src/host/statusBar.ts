import * as vscode from 'vscode';
import { formatDuration } from '../core/format/numbers';
import type { RunStatus } from '../protocol/pages/compare';

const icons: Record<RunStatus['phase'], string> = {
  idle: 'graph-line',
  loading: 'database',
  running: 'pulse',
  paused: 'debug-pause',
  finished: 'check',
  stopped: 'debug-stop',
  failed: 'error',
};

/** The run in the status bar: how far it is while it trains, how it ended after; a click shows the panel. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('gradientLens.status', vscode.StatusBarAlignment.Left, 10);

  constructor() {
    this.#item.name = 'Gradient Lens';
    this.#item.command = 'gradientLens.compare';
  }

  show(status: RunStatus): void {
    if (status.phase === 'idle') {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(${icons[status.phase]}) ${shortText(status)}`;
    this.#item.tooltip = `Gradient Lens: ${status.text}`;
    this.#item.accessibilityInformation = { label: `Gradient Lens: ${status.text}` };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function shortText({ phase, epoch, epochs, secondsLeft }: RunStatus): string {
  if (phase === 'running')
    return `epoch ${epoch}/${epochs}${secondsLeft === undefined ? '' : `, ${formatDuration(secondsLeft)} left`}`;
  if (phase === 'paused') return `paused in epoch ${epoch}/${epochs}`;
  if (phase === 'loading') return 'loading data';
  return `comparison ${phase}`;
}
