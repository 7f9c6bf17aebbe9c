import * as vscode from 'vscode';
import { isNews } from '../../core/advice/runStatus';
import { formatDuration } from '../../core/format/numbers';
import { commands } from '../../protocol/commands';
import { isActive, type RunStatus } from '../../protocol/pages/runs';
import { stepDone } from '../firstSteps';

export const idle: RunStatus = {
  phase: 'idle',
  epoch: 0,
  epochs: 0,
  progress: 0,
  text: 'No comparison has been started.',
  resumable: false,
};

const icons: Record<RunStatus['phase'], string> = {
  idle: 'graph-line',
  loading: 'database',
  running: 'pulse',
  paused: 'debug-pause',
  finished: 'check',
  stopped: 'debug-stop',
  diverged: 'error',
  failed: 'error',
  interrupted: 'debug-disconnect',
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
  item.command = commands.openPanel.id;
  let shown: RunStatus = idle;
  let trained = false;
  const told = new Map<string, boolean>();
  return {
    get: () => shown,
    set(status) {
      shown = status;
      trained ||= isActive(status.phase);
      if (trained) stepDone('compared');
      if (isNews(status, trained)) show(item, status);
      else item.hide();
      for (const [key, value] of Object.entries(contexts(status))) {
        if (told.get(key) === value) continue;
        told.set(key, value);
        void vscode.commands.executeCommand('setContext', key, value);
      }
      changed.fire(status);
    },
    onChange: changed.event,
    dispose() {
      changed.dispose();
      item.dispose();
    },
  };
}

/** Keys for the `when` clauses of the manifest. */
const contexts = ({ phase, resumable }: RunStatus): Record<string, boolean> => ({
  'gradientLens.running': phase === 'running' || phase === 'loading',
  'gradientLens.paused': phase === 'paused',
  'gradientLens.over': phase !== 'idle' && !isActive(phase),
  'gradientLens.resumable': resumable,
});

function show(item: vscode.StatusBarItem, status: RunStatus): void {
  const text = `$(${icons[status.phase]}) ${shortText(status)}`;
  const tooltip = `Gradient Lens: ${status.text}`;
  // The status comes ten times a second, and its words change seldom.
  if (item.text !== text || item.tooltip !== tooltip) {
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: tooltip };
  }
  item.show();
}

function shortText({ phase, epoch, epochs, secondsLeft }: RunStatus): string {
  if (phase === 'running')
    return `epoch ${epoch}/${epochs}${secondsLeft === undefined ? '' : `, ${formatDuration(secondsLeft)} left`}`;
  if (phase === 'paused') return `paused in epoch ${epoch}/${epochs}`;
  if (phase === 'loading') return 'loading data';
  return `comparison ${phase}`;
}
