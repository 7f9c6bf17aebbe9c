import * as vscode from 'vscode';
import { formatDuration } from '../../core/format/numbers';
import { commands } from '../../protocol/commands';
import type { RunStatus } from '../../protocol/pages/compare';

export const idle: RunStatus = {
  phase: 'idle',
  epoch: 0,
  epochs: 0,
  progress: 0,
  text: 'No comparison has been started.',
};

const icons: Record<RunStatus['phase'], string> = {
  idle: 'graph-line',
  loading: 'database',
  running: 'pulse',
  paused: 'debug-pause',
  finished: 'check',
  stopped: 'debug-stop',
  failed: 'error',
};

/** What the window knows of the run: in the status bar, in `when` clauses, and for tests. */
export interface Status extends vscode.Disposable {
  get(): RunStatus;
  set(status: RunStatus): void;
  readonly onChange: vscode.Event<RunStatus>;
}

/** How far the run is while it trains, how it ended after; a click shows the panel. */
export function registerStatus(): Status {
  const changed = new vscode.EventEmitter<RunStatus>();
  const item = vscode.window.createStatusBarItem('gradientLens.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Gradient Lens';
  item.command = commands.compare.id;
  let shown: RunStatus = idle;
  return {
    get: () => shown,
    set(status) {
      shown = status;
      show(item, status);
      const busy = status.phase === 'running' || status.phase === 'loading';
      void vscode.commands.executeCommand('setContext', 'gradientLens.running', busy);
      void vscode.commands.executeCommand('setContext', 'gradientLens.paused', status.phase === 'paused');
      changed.fire(status);
    },
    onChange: changed.event,
    dispose() {
      changed.dispose();
      item.dispose();
    },
  };
}

function show(item: vscode.StatusBarItem, status: RunStatus): void {
  if (status.phase === 'idle') {
    item.hide();
    return;
  }
  item.text = `$(${icons[status.phase]}) ${shortText(status)}`;
  item.tooltip = `Gradient Lens: ${status.text}`;
  item.accessibilityInformation = { label: `Gradient Lens: ${status.text}` };
  item.show();
}

function shortText({ phase, epoch, epochs, secondsLeft }: RunStatus): string {
  if (phase === 'running')
    return `epoch ${epoch}/${epochs}${secondsLeft === undefined ? '' : `, ${formatDuration(secondsLeft)} left`}`;
  if (phase === 'paused') return `paused in epoch ${epoch}/${epochs}`;
  if (phase === 'loading') return 'loading data';
  return `comparison ${phase}`;
}
