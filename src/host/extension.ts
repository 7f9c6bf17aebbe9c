import * as vscode from 'vscode';
import { commands } from '../protocol/commands';
import type { RunStatus } from '../protocol/pages/compare';
import { registerCalculator } from './calculator/registerCalculator';
import { registerCode } from './code/registerCode';
import { registerCommand } from './commands';
import { registerCompare } from './compare/registerCompare';
import { registerData } from './data/registerData';
import { RunStore } from './runs/lastRun';
import { registerStatus } from './runs/statusBar';

/** What `activate` gives to tests and to other extensions. */
export interface GradientLensApi {
  status(): RunStatus;
  readonly onStatus: vscode.Event<RunStatus>;
}

export function activate(context: vscode.ExtensionContext): GradientLensApi {
  const { extensionUri, globalStorageUri, storageUri } = context;
  const log = vscode.window.createOutputChannel('Gradient Lens', { log: true });
  const status = registerStatus();
  const data = registerData(globalStorageUri, log);
  const runs = new RunStore(storageUri ?? globalStorageUri, log);
  context.subscriptions.push(
    log,
    status,
    data,
    registerCommand(commands.showLog, () => log.show()),
    registerCompare({ extensionUri, log, data, runs, setStatus: status.set }),
    registerCalculator({ extensionUri, log }),
    registerCode(),
  );
  return { status: status.get, onStatus: status.onChange };
}

export function deactivate(): void {}
