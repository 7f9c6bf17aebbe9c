import * as vscode from 'vscode';
import { commands } from '../protocol/commands';
import type { RunStatus } from '../protocol/pages/runs';
import { registerCalculator } from './calculator/registerCalculator';
import { registerCode } from './code/registerCode';
import { registerCommand } from './commands';
import { registerCompare } from './compare/registerCompare';
import { registerData } from './data/registerData';
import { registerLinks } from './links/registerLinks';
import { registerModel } from './model/registerModel';
import { unlockEmptyGroup } from './panels/columns';
import { registerRuns } from './runs/registerRuns';
import { sharedFolder } from './runs/sharedFolder';
import { registerStatus } from './runs/statusBar';
import { readSettings, settingsOrDefaults } from './settings';
import { registerTraining } from './training/registerTraining';
import { registerWelcome } from './welcome/registerWelcome';

/** What `activate` gives to tests and to other extensions. */
export interface GradientLensApi {
  status(): RunStatus;
  readonly onStatus: vscode.Event<RunStatus>;
}

let ending: () => Promise<void> = async () => {};

export function activate({ subscriptions, ...context }: vscode.ExtensionContext): GradientLensApi {
  const { extensionUri, globalStorageUri, storageUri } = context;
  const log = vscode.window.createOutputChannel('Gradient Lens', { log: true });
  const services = { extensionUri, log };
  const settings = () => settingsOrDefaults(log);
  const storage = storageUri ?? globalStorageUri;

  const status = registerStatus();
  const data = registerData(globalStorageUri, log);
  const runs = registerRuns({
    ...services,
    data,
    status,
    memory: context.globalState,
    version: String(context.extension.packageJSON.version),
    storage: storage.with({ path: sharedFolder(storage.path) }),
    defaults: () => readSettings().config,
    summonPage: () => void training.show({ preserveFocus: true }),
    showKept: (...kept) => compare.showKept(...kept),
  });
  const compare = registerCompare({ ...services, runs, settings });
  const training = registerTraining({ ...services, runs, status });
  const calculator = registerCalculator(services);
  const model = registerModel(services);
  const links = registerLinks({ propose: compare.propose });
  const code = registerCode({ extensionUri, workspaceState: context.workspaceState, log });
  const welcome = registerWelcome(extensionUri, context.globalState);

  const showLog = registerCommand(commands.showLog, () => log.show());
  const pages = [compare, training, calculator, model, unlockEmptyGroup()];
  subscriptions.push(log, status, data, runs, ...pages, links, code, welcome, showLog);
  ending = runs.close;
  return { status: status.get, onStatus: status.onChange };
}

/** VS Code waits for this before the window goes. */
export function deactivate(): Promise<void> {
  return ending();
}
