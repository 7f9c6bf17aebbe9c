import * as vscode from 'vscode';

/** Keeps the last comparison of a workspace, as text that the page wrote and the page reads. */
export class RunStore {
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get #file(): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, 'last-comparison.json');
  }

  /** Replaces the kept run, one write after the other; a reader never sees half of one. */
  save(text: string): Promise<void> {
    const write = async () => {
      const temporary = vscode.Uri.joinPath(this.folder, 'last-comparison.json.tmp');
      await vscode.workspace.fs.createDirectory(this.folder);
      await vscode.workspace.fs.writeFile(temporary, new TextEncoder().encode(text));
      await vscode.workspace.fs.rename(temporary, this.#file, { overwrite: true });
    };
    this.#writing = this.#writing.catch(() => {}).then(write);
    return this.#writing;
  }

  /** The kept run, or undefined where there is none. */
  async load(): Promise<string | undefined> {
    await this.#writing.catch(() => {});
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file));
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) {
        this.log.error(`The last comparison could not be read from ${this.#file.toString(true)}: ${String(error)}`);
      }
      return undefined;
    }
  }

  /** Puts a file that cannot be read out of the way, where it can still be looked at. */
  async setAside(): Promise<void> {
    const aside = vscode.Uri.joinPath(this.folder, 'last-comparison.unreadable.json');
    await vscode.workspace.fs.rename(this.#file, aside, { overwrite: true });
    this.log.warn(`The last comparison could not be read and lies in ${aside.toString(true)} now.`);
  }
}
