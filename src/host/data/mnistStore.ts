import { DatasetError, type DatasetFile } from '../../core/data/dataset';
import type { DownloadProgress } from '../../protocol/pages/runs';
import type { Clock } from '../clock';
import type { RunFiles } from '../runs/runFiles';
import { RunLock } from '../runs/runLock';
import { type AloneOptions, alone } from './alone';
import { contentProblem, downloadFile, type RemoteFile } from './download';

type ProgressListener = (progress: DownloadProgress) => void;

/** What a person sees of a download while it goes on, and cancels it by. */
export interface DownloadNotice {
  /** Aborts where it is cancelled. */
  readonly signal: AbortSignal;
  /** @param increment per cent of the whole that came since the last report */
  report(message: string, increment: number): void;
}

export interface MnistStoreOptions {
  /** The folder that it lies in. */
  readonly files: RunFiles;
  /** What it is made of. */
  readonly published: readonly RemoteFile[];
  readonly clock: Clock;
  /** Of this window alone. */
  readonly owner: string;
  /** Addresses that end in a slash; asked anew for each file. */
  mirrors(): readonly string[];
  /** Shows the notice of a download for as long as it goes on. */
  showing(download: (notice: DownloadNotice) => Promise<boolean>): PromiseLike<boolean>;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

/** MNIST in the extension's storage, downloaded when the person asks for it. */
export class MnistStore {
  readonly #lock: RunLock;
  /** The download that is under way, and who hears how far it is. */
  #downloading: { readonly done: Promise<boolean>; readonly listeners: Set<ProgressListener> } | undefined;

  constructor(private readonly options: MnistStoreOptions) {
    this.#lock = new RunLock(options.files, options.clock, options.owner);
  }

  async isStored(): Promise<boolean> {
    return (await this.#missing()).length === 0;
  }

  /** The four files, as they were published; throws DatasetError where one is not there, or damaged. */
  async read(): Promise<DatasetFile[]> {
    const { files, published, log } = this.options;
    const missing = await this.#missing();
    if (missing.length > 0)
      throw new DatasetError(
        `MNIST has not been downloaded yet (${missing.length} of ${published.length} files are missing).`,
      );
    return Promise.all(
      published.map(async (file) => {
        const { name } = file;
        // A copy, since a Node host reads Buffers: their toJSON would turn them into lists of numbers on the way to the page.
        const bytes = new Uint8Array((await files.read(name)) ?? []);
        const problem = await contentProblem(bytes, file);
        if (problem === undefined) return { name, bytes };
        log('warn', `${name}: ${problem}.`);
        throw new DatasetError(`The stored ${name} is damaged. Download MNIST again, which replaces it.`);
      }),
    );
  }

  /**
   * Downloads what is missing or damaged, with a notice that can cancel it; false where it was cancelled. Whoever asks
   * while a download is under way waits for that one, also where another window has it under way.
   */
  async download(onProgress: ProgressListener = () => {}): Promise<boolean> {
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
    const { clock, showing, log } = this.options;
    return showing(async (notice) => {
      const { signal } = notice;
      try {
        const options: AloneOptions = {
          lock: this.#lock,
          clock,
          signal,
          onWait: () => notice.report('another window downloads it…', 0),
        };
        await alone('download', options, () => this.#fetchAll(notice, onProgress));
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        log('error', String(error));
        throw error;
      }
    });
  }

  /** What is missing or damaged by now. */
  async #fetchAll({ signal, report }: DownloadNotice, onProgress: ProgressListener): Promise<void> {
    const { files, published, clock, mirrors, log } = this.options;
    // A window that went away in the middle may have left what it wrote aside.
    for (const name of await files.list()) if (/\.gz\..*\.tmp$/.test(name)) await files.remove(name);
    const wanted = [...(await this.#missing()), ...(await this.#damaged())];
    let answering: string | undefined;
    for (const [fileIndex, file] of published.filter(({ name }) => wanted.includes(name)).entries()) {
      let told = 0;
      // The one that had the last file goes first: another may have been silent for half a minute.
      const order = [...mirrors()].sort((a, b) => Number(b === answering) - Number(a === answering));
      answering = await downloadFile(file, order, files, {
        signal,
        after: (milliseconds, call) => clock.after(milliseconds, call),
        onProgress: (received, total) => {
          onProgress({ file: file.name, received, total, fileIndex, files: wanted.length });
          report(
            `${file.name}, ${(received / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`,
            (100 * (received - told)) / total / wanted.length,
          );
          told = received;
        },
      });
      log('info', `${file.name} was downloaded and its SHA-256 is right.`);
    }
  }

  async #missing(): Promise<string[]> {
    // A folder that cannot be read holds nothing that could be used.
    const there = await this.options.files.list().catch((): string[] => []);
    return this.options.published.map(({ name }) => name).filter((name) => !there.includes(name));
  }

  async #damaged(): Promise<string[]> {
    const damaged: string[] = [];
    for (const file of this.options.published) {
      const bytes = await this.options.files.read(file.name).catch(() => undefined);
      if (bytes !== undefined && (await contentProblem(bytes, file)) !== undefined) damaged.push(file.name);
    }
    return damaged;
  }
}
