import * as vscode from 'vscode';
import { type ExperimentConfig, paperConfig, parseConfig } from '../../core/experiment/config';
import { commands } from '../../protocol/commands';
import { hostContract, pageContract, type RunStatus } from '../../protocol/pages/compare';
import { registerCommand, runCommand } from '../commands';
import type { Data } from '../data/registerData';
import { type PageServices, workerAssets } from '../panels/page';
import { registerPanel } from '../panels/panel';
import type { RunStore } from '../runs/lastRun';
import { idle } from '../runs/statusBar';
import { readSettings } from '../settings';
import { chooseCompanions } from './companions';

export interface CompareServices extends PageServices {
  readonly data: Data;
  readonly runs: RunStore;
  setStatus(status: RunStatus): void;
}

/**
 * The comparison beside the editor and its commands. The page owns the workers and the run (kept alive while hidden);
 * the host reads files, stores results and shows the status.
 */
export function registerCompare(services: CompareServices): vscode.Disposable {
  const { extensionUri, data, runs, log, setStatus } = services;
  let config: ExperimentConfig = paperConfig;
  /** The next page that comes up starts at once. */
  let autostart = false;
  const panel = registerPanel(services, {
    viewType: 'gradientLens.compare',
    kind: { page: 'compare', title: 'Compare activations', serves: hostContract, calls: pageContract },
    restore(state) {
      const saved = parseConfig((state as { config?: unknown } | undefined)?.config);
      config = 'config' in saved ? saved.config : readSettings().config;
      autostart = false;
    },
    serve: (webview) => ({
      async ready() {
        const start = autostart;
        autostart = false;
        const run = start ? undefined : await runs.load();
        return {
          config,
          autostart: start,
          ...workerAssets(webview, extensionUri),
          ...(run === undefined ? {} : { run }),
        };
      },
      readData: (source) => data.read(source),
      chooseFolder: () => data.chooseFolder(),
      downloadMnist: () =>
        data.downloadMnist((progress) => void panel.page?.remote.downloadProgress(progress).catch(() => {})),
      hasMnist: () => data.hasMnist(),
      saveRun: (text) => runs.save(text),
      setRunAside: () => runs.setAside(),
      openCalculator: (flow) => runCommand(commands.openCalculator, flow),
      status: setStatus,
    }),
    onChange(page) {
      if (page === undefined) setStatus(idle);
      void vscode.commands.executeCommand('setContext', 'gradientLens.panel', page !== undefined);
    },
  });

  /** @param override settings that differ for this comparison, checked like any others */
  const compare = (override: Readonly<Record<string, unknown>> | undefined) => {
    const { config: configured, problems } = readSettings();
    for (const problem of problems) log.warn(problem);
    if (problems.length > 0) {
      void vscode.window.showWarningMessage(`Gradient Lens: ${problems[0]} The default is used instead.`);
    }
    const wanted = override === undefined ? { config: configured } : parseConfig({ ...configured, ...override });
    if ('problems' in wanted) throw new Error(wanted.problems[0]!.message);
    if (panel.page === undefined) {
      config = wanted.config;
      autostart = true;
    }
    const { page, wasOpen } = panel.show();
    if (wasOpen && override !== undefined) return page.remote.start(wanted.config);
    return undefined;
  };

  return vscode.Disposable.from(
    panel,
    registerCommand(commands.compare, compare),
    registerCommand(commands.compareWith, async (name) => {
      const activations = await chooseCompanions(name);
      if (activations) await compare({ activations });
    }),
    registerCommand(commands.pause, () => panel.page?.remote.pause()),
    registerCommand(commands.resume, () => panel.page?.remote.resume()),
    registerCommand(commands.stop, () => panel.page?.remote.stop()),
    registerCommand(commands.runAgain, () => panel.page?.remote.runAgain()),
  );
}
