import * as vscode from 'vscode';
import type { ExperimentConfig } from '../../core/experiment/config';
import { messageOf } from '../../core/format/errors';
import { serialiseRun } from '../../core/runs/serialise';
import { type RunSummary, runTitle } from '../../core/runs/summary';
import { commands } from '../../protocol/commands';
import type { Service } from '../../protocol/contract';
import type { KeptRun } from '../../protocol/pages/compare';
import { isActive, type RunStatus, type runsHostContract } from '../../protocol/pages/runs';
import type { Origin } from '../../protocol/schemas';
import { systemClock } from '../clock';
import { registerCommand } from '../commands';
import type { Data } from '../data/registerData';
import { workerAssets } from '../panels/workerAssets';
import type { RunPage } from './audience';
import { BackendStore } from './backendStore';
import { Conductor } from './conductor';
import { chooseRunFiles, droppedFiles, fileAt, type OpenedFile, takeIn } from './runImport';
import { RunStore } from './runStore';
import { RunsTree } from './runsTree';
import type { Status } from './statusBar';
import { vscodeRunFiles } from './vscodeRunFiles';

export interface RunsServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Of all workspaces. */
  readonly memory: vscode.Memento;
  /** Of the extension. */
  readonly version: string;
  /** Of this workspace. */
  readonly storage: vscode.Uri;
  readonly data: Data;
  readonly status: Status;
  /** Settings of a run that nobody has described otherwise. */
  defaults(): ExperimentConfig;
  /** Brings up a page that trains, without taking the focus. */
  summonPage(): void;
  /** Shows kept runs in the comparison's panel. */
  showKept(runs: readonly KeptRun[], options?: { preserveFocus: boolean }): void;
}

/** The current run and the kept ones. */
export interface Runs extends vscode.Disposable {
  readonly status: RunStatus;
  /** Networks that begin to train once a page is up. */
  readonly waitingNetworks: number;
  /** Asks, where a run trains, whether it may be stopped for another; true where none does. */
  mayStart(): Promise<boolean>;
  /** @param origin where the network comes from */
  start(config: ExperimentConfig, origin?: Origin): Promise<void>;
  /** Keeps the runs of files, and shows them; what is wrong with one is told. */
  takeIn(files: readonly OpenedFile[]): Promise<void>;
  /** All that a page that shows runs may ask, until it is closed. */
  serve(webview: vscode.Webview, page: () => RunPage): { own: Service<typeof runsHostContract>; closed(): void };
  /** Writes what is recorded and lets go of it, so that the next window can go on. */
  close(): Promise<void>;
}

export function registerRuns(services: RunsServices): Runs {
  const { extensionUri, log, data, status } = services;
  const store = new RunStore({
    files: vscodeRunFiles(vscode.Uri.joinPath(services.storage, 'runs')),
    clock: systemClock,
    owner: crypto.randomUUID(),
    report: (sentence) => {
      log.warn(sentence);
      void vscode.window.showWarningMessage(`Gradient Lens: ${sentence}`);
    },
  });
  const tree: RunsTree = new RunsTree(store, async (data) => runCommands.takeIn(await droppedFiles(data)));
  const pages = new Set<() => RunPage>();
  const backends = new BackendStore(services.memory, services.version, (text) => log.warn(text));
  const opened = store
    .open()
    .then(() => store.importLast(vscodeRunFiles(services.storage)))
    .catch((error: unknown) => log.error(`Kept runs: ${String(error)}`));
  const conductor = new Conductor({
    keeping: store,
    ready: opened,
    defaults: services.defaults,
    clock: systemClock,
    newId: () => crypto.randomUUID(),
    now: () => new Date(),
    summonPage: services.summonPage,
    onStatus: status.set,
    log: (level, text) => log[level](text),
  });
  /** Where nothing trains, the newest run of this window is the current one. */
  const showLast = async () => {
    await opened;
    const own = store.list().filter(({ id }) => !store.isElsewhere(id));
    const [last] = own.sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
    const isNewer = () => {
      const { run, status } = conductor;
      if (last === undefined || isActive(status.phase) || last.id === run?.id) return false;
      return run === undefined || Date.parse(last.startedAt) > Date.parse(run.startedAt);
    };
    if (last === undefined || !isNewer()) return;
    const { run } = await store.read(last.id);
    if (isNewer()) conductor.show(run);
  };
  const refresh = () => {
    tree.refresh();
    showLast().catch((error: unknown) => log.error(`The last run could not be read: ${String(error)}`));
  };
  void opened.then(refresh);
  const runCommands = registerRunCommands({ store, tree, conductor, services, refresh, opened });
  const subscriptions = vscode.Disposable.from(
    tree,
    store.onDidChange(refresh),
    // What other windows of this workspace have done meanwhile.
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void store.refresh().catch((error: unknown) => log.warn(String(error)));
    }),
    registerCommand(commands.pause, () => conductor.pause()),
    registerCommand(commands.resume, () => conductor.resume()),
    registerCommand(commands.stop, () => conductor.stop()),
    registerCommand(commands.runAgain, async () => {
      if (await mayStart(conductor)) await conductor.runAgain();
    }),
    registerCommand(commands.timeBackendsAgain, async () => {
      await backends.forgetAll();
      const text = 'The next run whose backend is auto times the backends anew.';
      void vscode.window.showInformationMessage(`Gradient Lens: ${text}`);
    }),
    ...runCommands.subscriptions,
  );
  return {
    get status() {
      return conductor.status;
    },
    get waitingNetworks() {
      return conductor.waitingNetworks;
    },
    mayStart: () => mayStart(conductor),
    start: (config, origin) => conductor.start(config, { origin }),
    takeIn: (files) => runCommands.takeIn(files),
    serve(webview, page) {
      const { desk, detach } = conductor.attach(page);
      pages.add(page);
      return {
        own: {
          ...desk,
          workerAssets: () => workerAssets(webview, extensionUri),
          readData: (source) => data.read(source),
          chooseFolder: () => data.chooseFolder(),
          hasMnist: () => data.hasMnist(),
          recallBackend: (key) => backends.recall(key),
          keepBackend: (key, chosen) => backends.keep(key, chosen),
          forgetBackend: (key) => backends.forget(key),
          downloadMnist: () =>
            data.downloadMnist((progress) => {
              for (const each of pages)
                each()
                  .downloadProgress(progress)
                  .catch(() => {});
            }),
        },
        closed() {
          pages.delete(page);
          detach();
        },
      };
    },
    close: () => store.close(),
    dispose: () => subscriptions.dispose(),
  };
}

/** Nothing that trains is stopped unasked by what is started elsewhere than beside it. */
async function mayStart({ status }: Conductor): Promise<boolean> {
  if (!isActive(status.phase)) return true;
  const stop = 'Stop It';
  const question = 'A run trains now. Stop it, and train this one? It is kept, and can be continued later.';
  return (await vscode.window.showWarningMessage(question, { modal: true }, stop)) === stop;
}

interface RunCommandParts {
  readonly store: RunStore;
  readonly tree: RunsTree;
  readonly conductor: Conductor;
  readonly services: RunsServices;
  refresh(): void;
  /** What is kept has been looked through. */
  readonly opened: Promise<void>;
}

interface RunCommands {
  readonly subscriptions: readonly vscode.Disposable[];
  /** Keeps the runs of files, and shows them. */
  takeIn(files: readonly OpenedFile[]): Promise<void>;
}

type RunReference = { readonly runId: string } | undefined;

/** What can be done with kept runs, from the tree and from the palette. */
function registerRunCommands({ store, tree, conductor, services, refresh, opened }: RunCommandParts): RunCommands {
  const known = (id: string): RunSummary => {
    const summary = store.list().find((run) => run.id === id);
    if (summary === undefined) throw new Error('This run is not in the list any more.');
    return summary;
  };
  const chosen = (run: RunReference, selected: readonly RunReference[]): RunSummary[] => {
    const picked = selected.flatMap((each) => each ?? []);
    const own = run === undefined ? [] : [run];
    const inTree = tree.view.selection.flatMap((node) => ('runId' in node ? [node] : []));
    const wanted = picked.length > 0 ? picked : own.length > 0 ? own : inTree;
    return [...new Set(wanted.map(({ runId }) => runId))].map(known);
  };
  /** One run, or the person's choice. */
  const one = async (run: RunReference, selected: readonly RunReference[], placeHolder: string) => {
    const [first] = chosen(run, selected);
    if (first !== undefined) return first;
    const picked = await vscode.window.showQuickPick(choices(store.list()), { placeHolder, matchOnDescription: true });
    return picked?.summary;
  };
  const kept = async (summary: RunSummary): Promise<KeptRun> => {
    const { run, note } = await store.read(summary.id);
    if (note !== undefined) services.log.warn(note);
    return { id: summary.id, title: runTitle(summary), run: serialiseRun(run) };
  };
  let deleted: readonly RunSummary[] = [];
  const setDeleted = (runs: readonly RunSummary[]) => {
    deleted = runs;
    void vscode.commands.executeCommand('setContext', 'gradientLens.deletedRuns', runs.length > 0);
  };
  const undo = async () => {
    const back = deleted;
    setDeleted([]);
    for (const { id } of back) await store.restore(id);
  };

  /** Whoever goes through the tree stays in it: the next key is for the run that is chosen there. */
  const open = async (summary: RunSummary, preserveFocus = false) => {
    const current = conductor.run?.id === summary.id;
    services.showKept(current ? [] : [await kept(summary)], { preserveFocus });
  };
  const takeInFiles = async (files: readonly OpenedFile[]) => {
    await opened;
    const { ids, problems, notes } = await takeIn(files, store);
    const [first] = ids;
    if (first !== undefined) {
      setDeleted(deleted.filter(({ id }) => !ids.includes(id)));
      refresh();
      if (ids.length === 1) await open(known(first));
      else services.showKept(await Promise.all(ids.map((id) => kept(known(id)))));
      await tree.select(first);
    }
    for (const note of notes) void vscode.window.showWarningMessage(`Gradient Lens: ${note}`);
    if (problems.length > 0) throw new Error(problems.join(' '));
  };

  const subscriptions = [
    registerCommand(commands.openRun, async (run, selected) => {
      const summary = await one(run, selected, 'Which run shall be opened?');
      if (summary !== undefined) await open(summary, run !== undefined);
    }),
    registerCommand(commands.importRun, async (file, selected) => {
      const chosen = [...new Set([file, ...selected].flatMap((each) => each ?? []))];
      const files = chosen.map((address) => fileAt(vscode.Uri.parse(address)));
      await takeInFiles(files.length > 0 ? files : await chooseRunFiles());
    }),
    registerCommand(commands.overlayRuns, async (run, selected) => {
      let summaries = chosen(run, selected);
      if (summaries.length < 2) {
        const picked = await vscode.window.showQuickPick(
          choices(store.list()).map((item) => ({ ...item, picked: summaries.includes(item.summary) })),
          { canPickMany: true, placeHolder: 'Which runs shall be laid over each other?', matchOnDescription: true },
        );
        summaries = picked?.map(({ summary }) => summary) ?? [];
      }
      if (summaries.length === 0) return;
      services.showKept(await Promise.all(summaries.map(kept)));
    }),
    registerCommand(commands.reproduceRun, async (run, selected) => {
      const summary = await one(run, selected, 'Which run shall be trained again with exactly its settings?');
      if (summary === undefined) return;
      if (await mayStart(conductor)) await conductor.start(summary.config);
    }),
    registerCommand(commands.continueRun, async (run, selected) => {
      const [summary] = chosen(run, selected);
      if (summary !== undefined && summary.id !== conductor.run?.id) {
        if (isActive(conductor.status.phase)) {
          throw new Error('Another run trains. Stop it first, or wait for its end; then this one can be continued.');
        }
        conductor.show((await store.read(summary.id)).run);
      }
      await conductor.continue();
    }),
    registerCommand(commands.renameRun, async (run, selected) => {
      const summary = await one(run, selected, 'Which run shall be renamed?');
      if (summary === undefined) return;
      const name = await vscode.window.showInputBox({
        title: 'Name of the run',
        value: runTitle(summary),
        prompt: 'Leave it empty for the name that its settings give.',
        validateInput: (text) => (text.trim().length > 200 ? 'A name has at most 200 characters.' : undefined),
      });
      if (name !== undefined) await store.rename(summary.id, name);
    }),
    registerCommand(commands.pinRun, async (run, selected) => {
      for (const { id } of chosen(run, selected)) await store.pin(id, true);
    }),
    registerCommand(commands.unpinRun, async (run, selected) => {
      for (const { id } of chosen(run, selected)) await store.pin(id, false);
    }),
    registerCommand(commands.deleteRun, async (run, selected) => {
      let summaries = chosen(run, selected);
      if (summaries.length === 0) {
        const summary = await one(run, selected, 'Which run shall be deleted?');
        summaries = summary === undefined ? [] : [summary];
      }
      const training = isActive(conductor.status.phase) ? conductor.run?.id : undefined;
      if (summaries.some(({ id }) => id === training)) throw new Error('This run trains now. Stop it first.');
      const gone: RunSummary[] = [];
      for (const summary of summaries) {
        await store.remove(summary.id);
        conductor.forget(summary.id);
        gone.push(summary);
      }
      if (gone.length === 0) return;
      setDeleted(gone);
      refresh();
      const what = gone.length === 1 ? `“${runTitle(gone[0]!)}” was deleted.` : `${gone.length} runs were deleted.`;
      void vscode.window.showInformationMessage(`Gradient Lens: ${what}`, 'Undo').then((answer) => {
        if (answer === 'Undo' && deleted === gone) void undo();
      });
    }),
    registerCommand(commands.undoDeleteRun, undo),
    registerCommand(commands.filterRuns, () => askForFilter(tree)),
    registerCommand(commands.clearRunsFilter, () => tree.setFilter('')),
  ];
  return {
    subscriptions,
    takeIn: (files) =>
      takeInFiles(files).catch((error: unknown) => {
        void vscode.window.showErrorMessage(`Gradient Lens: ${messageOf(error)}`);
      }),
  };
}

/** Filters while the person types; Escape brings back what was before. */
function askForFilter(tree: RunsTree): void {
  const before = tree.filter;
  const input = vscode.window.createInputBox();
  input.title = 'Filter runs';
  input.placeholder = 'name, activation, initialiser, data, state, verdict, date …';
  input.value = before;
  let accepted = false;
  input.onDidChangeValue((text) => tree.setFilter(text));
  input.onDidAccept(() => {
    accepted = true;
    input.hide();
  });
  input.onDidHide(() => {
    if (!accepted) tree.setFilter(before);
    input.dispose();
  });
  input.show();
}

const choices = (runs: readonly RunSummary[]) =>
  runs.map((summary) => ({
    label: runTitle(summary),
    description: new Date(summary.startedAt).toLocaleString(),
    summary,
  }));
