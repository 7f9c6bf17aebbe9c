import * as vscode from 'vscode';
import { DatasetError, type DatasetFile } from '../../core/data/dataset';
import { mnistFiles, mnistMirrors as publicMirrors } from '../../core/data/mnist';
import type { DownloadProgress } from '../../protocol/pages/runs';
import { systemClock } from '../clock';
import { RunLock } from '../runs/runLock';
import { vscodeRunFiles } from '../runs/vscodeRunFiles';
import { mnistMirrors } from '../settings';
import { type AloneOptions, alone } from './alone';
import { readFiles } from './dataFiles';
import { contentProblem, downloadFile, type FileStore } from './download';

type ProgressListener = (progress: DownloadProgress) => void;

/** MNIST in the extension's storage, downloaded when the person asks for it. */
export class MnistStore {
  readonly #folder: vscode.Uri;
  readonly #lock: RunLock;
  /** The download that is under way, and who hears how far it is. */
  #downloading: { readonly done: Promise<boolean>; readonly listeners: Set<ProgressListener> } | undefined;

  constructor(
    storage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#folder = vscode.Uri.joinPath(storage, 'mnist');
    this.#lock = new RunLock(vscodeRunFiles(this.#folder), systemClock, crypto.randomUUID());
  }

  async isStored(): Promise<boolean> {
    return (await this.#missing()).length === 0;
  }

  /** The four files, as they were published; throws DatasetError where one is not there, or damaged. */
  async read(): Promise<DatasetFile[]> {
    const missing = await this.#missing();
    if (missing.length > 0)
      throw new DatasetError(
        `MNIST has not been downloaded yet (${missing.length} of ${mnistFiles.length} files are missing).`,
      );
    const files = await readFiles(
      this.#folder,
      mnistFiles.map(({ name }) => name),
    );
    for (const [i, { name, bytes }] of files.entries()) {
      const problem = await contentProblem(bytes, mnistFiles[i]!);
      if (problem === undefined) continue;
      this.log.warn(`${name}: ${problem}.`);
      throw new DatasetError(`The stored ${name} is damaged. Download MNIST again, which replaces it.`);
    }
    return files;
  }

  /**
   * Downloads what is missing or damaged, with a notification that can cancel it; false where it was cancelled. Whoever asks
   * while a download is under way waits for that one, also where another window has it under way.
   */
  async downloadWithProgress(onProgress: ProgressListener = () => {}): Promise<boolean> {
    if (this.#downloading === undefined) {
      const listeners = new Set<ProgressListener>();
      const done = this.#download((progress) => {
        for (const listener of listeners) listener(progress);
      }).finally(() => {
        this.#downloading = undefined;
      });
      this.#downloading = { done, listeners };
    }
    this.#downloading.listeners.add(onProgress);
    return this.#downloading.done;
  }

  async #download(onProgress: ProgressListener): Promise<boolean> {
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Downloading MNIST', cancellable: true },
      async (notification, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort(new Error('cancelled')));
        try {
          const options: AloneOptions = {
            lock: this.#lock,
            clock: systemClock,
            signal: controller.signal,
            onWait: () => notification.report({ message: 'another window downloads it…' }),
          };
          await alone('download', options, () => this.#fetchAll(controller.signal, notification, onProgress));
          return true;
        } catch (error) {
          if (controller.signal.aborted) return false;
          this.log.error(String(error));
          throw error;
        }
      },
    );
  }

  /** What is missing or damaged by now. */
  async #fetchAll(
    signal: AbortSignal,
    notification: vscode.Progress<{ message: string; increment: number }>,
    onProgress: ProgressListener,
  ): Promise<void> {
    // A window that went away in the middle may have left what it wrote aside.
    const names = (await vscode.workspace.fs.readDirectory(this.#folder)).map(([name]) => name);
    for (const name of names) if (/\.gz\..*\.tmp$/.test(name)) await this.#store.remove(name);
    const missing = [...(await this.#missing()), ...(await this.#damaged())];
    for (const [fileIndex, file] of mnistFiles.filter(({ name }) => missing.includes(name)).entries()) {
      let told = 0;
      await downloadFile(file, mnistMirrors(publicMirrors), this.#store, {
        signal,
        after: systemClock.after,
        onProgress: (received, total) => {
          onProgress({ file: file.name, received, total, fileIndex, files: missing.length });
          notification.report({
            message: `${file.name}, ${(received / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`,
            increment: (100 * (received - told)) / total / missing.length,
          });
          told = received;
        },
      });
      this.log.info(`${file.name} was downloaded and its SHA-256 is right.`);
    }
  }

  async #missing(): Promise<string[]> {
    const missing: string[] = [];
    for (const { name } of mnistFiles) {
      try {
        await vscode.workspace.fs.stat(vscode.Uri.joinPath(this.#folder, name));
      } catch {
        missing.push(name);
      }
    }
    return missing;
  }

  async #damaged(): Promise<string[]> {
    const damaged: string[] = [];
    for (const file of mnistFiles) {
      const bytes = await this.#store.read(file.name);
      if (bytes !== undefined && (await contentProblem(bytes, file)) !== undefined) damaged.push(file.name);
    }
    return damaged;
  }

  get #store(): FileStore {
    const at = (name: string) => vscode.Uri.joinPath(this.#folder, name);
    const { fs } = vscode.workspace;
    return {
      read: async (name) => {
        try {
          return await fs.readFile(at(name));
        } catch {
          return undefined;
        }
      },
      write: async (name, bytes) => fs.writeFile(at(name), bytes),
      rename: async (from, to) => fs.rename(at(from), at(to), { overwrite: true }),
      remove: async (name) => {
        try {
          await fs.delete(at(name));
        } catch {
          // It was not there.
        }
      },
    };
  }
}
