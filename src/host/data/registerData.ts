import * as vscode from 'vscode';
import type { DatasetFile } from '../../core/data/dataset';
import { mnistFiles, mnistMirrors as publicMirrors } from '../../core/data/mnist';
import type { DataSource } from '../../core/experiment/config';
import { commands } from '../../protocol/commands';
import type { DownloadProgress } from '../../protocol/pages/runs';
import { systemClock } from '../clock';
import { registerCommand } from '../commands';
import { vscodeRunFiles } from '../runs/vscodeRunFiles';
import { mnistMirrors } from '../settings';
import { readFolder } from './dataFiles';
import { MnistStore, type MnistStoreOptions } from './mnistStore';

/** Where pages get their images from. */
export interface Data extends vscode.Disposable {
  /** The files of a source, as they lie on the disk; none of one that a page draws itself. */
  read(source: DataSource): Promise<DatasetFile[]>;
  /** The chosen folder's URI, or null. */
  chooseFolder(): Promise<string | null>;
  hasMnist(): Promise<boolean>;
  /** False where it was cancelled. */
  downloadMnist(onProgress?: (progress: DownloadProgress) => void): Promise<boolean>;
}

export function registerData(globalStorage: vscode.Uri, log: vscode.LogOutputChannel): Data {
  const mnist = new MnistStore({
    files: vscodeRunFiles(vscode.Uri.joinPath(globalStorage, 'mnist')),
    published: mnistFiles,
    clock: systemClock,
    owner: crypto.randomUUID(),
    mirrors: () => mnistMirrors(publicMirrors),
    showing: inNotification,
    log: (level, text) => log[level](text),
  });
  const subscription = registerCommand(commands.downloadMnist, () => mnist.download());
  return {
    async read(source) {
      if (source.kind === 'digits') return [];
      return source.kind === 'mnist' ? mnist.read() : readFolder(source.folder);
    },
    async chooseFolder() {
      const chosen = await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        openLabel: 'Use This Folder',
        title: 'A folder with IDX files (train-images-idx3-ubyte, …; plain or .gz)',
      });
      return chosen?.[0]?.toString() ?? null;
    },
    hasMnist: () => mnist.isStored(),
    downloadMnist: (onProgress) => mnist.download(onProgress),
    dispose: () => subscription.dispose(),
  };
}

const inNotification: MnistStoreOptions['showing'] = (download) =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Downloading MNIST', cancellable: true },
    (notification, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort(new Error('cancelled')));
      return download({
        signal: controller.signal,
        report: (message, increment) => notification.report({ message, increment }),
      });
    },
  );
