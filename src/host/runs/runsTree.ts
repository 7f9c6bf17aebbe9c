import * as vscode from 'vscode';
import { labelOf } from '../../core/activations/catalogue';
import { formatDuration, formatPercent, formatPower } from '../../core/format/numbers';
import { widthsInWords } from '../../core/format/widths';
import { initializerInWords } from '../../core/initializers/initializer';
import { optimizers } from '../../core/report/settings';
import { seedName } from '../../core/runs/overlay';
import { endedEarly } from '../../core/runs/record';
import { type RunSummary, runTitle } from '../../core/runs/summary';
import { verdictWord } from '../../core/verdicts/verdict';
import { commands } from '../../protocol/commands';
import { filterRuns, groupRuns, type RunGroup, runDescription, runMark } from './runList';

export const RUNS_VIEW = 'gradientLens.runs';

/** An element of the tree; menus pass runs on as they are. */
export type RunsNode = { readonly group: RunGroup } | { readonly runId: string };

interface ListedRuns {
  list(): readonly RunSummary[];
}

/** The kept runs as a native tree: by time, the newest first, the pinned on top. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<RunsNode>;
  /** One object a run: VS Code knows selected elements by their identity. */
  readonly #nodes = new Map<string, { readonly runId: string }>();
  #byId = new Map<string, RunSummary>();
  #filter = '';

  constructor(
    private readonly runs: ListedRuns,
    /** Files, or links to some, are dropped on the list. */
    onDrop: (data: vscode.DataTransfer) => Promise<void>,
  ) {
    this.view = vscode.window.createTreeView(RUNS_VIEW, {
      treeDataProvider: this,
      canSelectMany: true,
      dragAndDropController: {
        dragMimeTypes: [],
        dropMimeTypes: ['files', 'text/uri-list'],
        handleDrop: (_target, data) => onDrop(data),
      },
    });
  }

  get filter(): string {
    return this.#filter;
  }

  setFilter(filter: string): void {
    this.#filter = filter.trim();
    void vscode.commands.executeCommand('setContext', 'gradientLens.runsFiltered', this.#filter !== '');
    this.refresh();
  }

  refresh(): void {
    const all = this.runs.list();
    const shown = filterRuns(all, this.#filter);
    void vscode.commands.executeCommand('setContext', 'gradientLens.hasRuns', all.length > 0);
    this.#byId = new Map(shown.map((run) => [run.id, run]));
    for (const id of this.#nodes.keys()) if (!this.#byId.has(id)) this.#nodes.delete(id);
    // An empty message hides VS Code's own welcome.
    this.view.message =
      this.#filter === ''
        ? (undefined as unknown as string)
        : `“${this.#filter}”: ${shown.length} of ${all.length} runs`;
    this.view.description = all.length === 0 ? '' : String(all.length);
    this.#changed.fire(undefined);
  }

  getChildren(node?: RunsNode): RunsNode[] {
    if (node === undefined) return groupRuns([...this.#byId.values()], new Date()).map((group) => ({ group }));
    return 'group' in node ? node.group.runs.map(({ id }) => this.#node(id)) : [];
  }

  getParent(node: RunsNode): RunsNode | undefined {
    if ('group' in node) return undefined;
    return this.getChildren().find((each) => 'group' in each && each.group.runs.some(({ id }) => id === node.runId));
  }

  /** Selects a run where the list is in sight; a filter that hides it is taken away. */
  async select(runId: string): Promise<void> {
    if (!this.view.visible) return;
    if (!this.#byId.has(runId)) this.setFilter('');
    if (this.#byId.has(runId)) await this.view.reveal(this.#node(runId), { select: true, focus: false });
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    if ('group' in node) {
      const { id, label, runs } = node.group;
      const item = new vscode.TreeItem(
        label,
        id === 'older' ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
      );
      item.id = `group ${id}`;
      item.description = String(runs.length);
      item.contextValue = 'group';
      return item;
    }
    const run = this.#byId.get(node.runId);
    const item = new vscode.TreeItem(run === undefined ? 'A run that is gone' : runTitle(run));
    item.id = node.runId;
    if (run === undefined) return item;
    item.description = runDescription(run);
    item.tooltip = tooltip(run);
    item.iconPath = icons[runMark(run)];
    item.contextValue = contextValue(run);
    item.command = { command: commands.openRun.id, title: 'Open', arguments: [node] };
    item.accessibilityInformation = { label: `${runTitle(run)}, ${run.state}, ${runDescription(run)}` };
    return item;
  }

  #node(runId: string): RunsNode {
    const known = this.#nodes.get(runId) ?? { runId };
    this.#nodes.set(runId, known);
    return known;
  }

  dispose(): void {
    this.#changed.dispose();
    this.view.dispose();
  }
}

const icons = {
  training: new vscode.ThemeIcon('pulse', new vscode.ThemeColor('charts.blue')),
  finished: new vscode.ThemeIcon('check'),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  open: new vscode.ThemeIcon('circle-slash'),
} as const;

/** Words for the `when` clauses of menus. */
function contextValue({ state, pinned }: RunSummary): string {
  const training = state === 'running' || state === 'paused';
  const open = state === 'interrupted' || state === 'stopped' || state === 'failed';
  return [
    'run',
    pinned ? 'pinned' : 'unpinned',
    ...(training ? ['training'] : []),
    ...(open ? ['resumable'] : []),
  ].join(' ');
}

function tooltip(run: RunSummary): vscode.MarkdownString {
  const { config } = run;
  const text = new vscode.MarkdownString();
  const line = (label: string, value: string) => text.appendText(`${label}: ${value}\n`);
  text.appendText(`${runTitle(run)}\n`);
  line('Began', new Date(run.startedAt).toLocaleString());
  line('State', `${run.state}, epoch ${run.epochs.done} of ${run.epochs.of}, ${formatDuration(run.seconds)}`);
  line('Data', run.dataset);
  line('Hidden layers', widthsInWords(config.hidden));
  line('Initialiser', initializerInWords(config.kernelInitializer));
  line(
    'Training',
    `${optimizers[config.optimizer]}, learning rate ${config.learningRate}, batches of ${config.batchSize}`,
  );
  line('Seed', config.seeds === 1 ? String(run.seed) : `${run.seed} to ${run.seed + config.seeds - 1}`);
  if (run.backends.length > 0) line('Backend', run.backends.join(', '));
  for (const { id, activation, state, message, last, verdict } of run.networks) {
    const right = last?.accuracy === undefined ? '' : `${formatPercent(last.accuracy)} right, `;
    const result = last === undefined ? [] : [`${right}loss ${formatPower(last.loss, 4)}`];
    const ended = last === undefined || endedEarly(state) ? [state] : [];
    line(
      seedName(labelOf(activation), config.seeds, id.slice(id.lastIndexOf('#') + 1)),
      [...ended, ...result, ...(verdict === undefined ? [] : [verdictWord(verdict)])].join(', '),
    );
    if (message !== undefined) text.appendText(`${message}\n`);
  }
  return text;
}
