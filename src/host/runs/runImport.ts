import * as vscode from 'vscode';
import { messageOf } from '../../core/format/errors';
import { RUN_FILE_ENDING, readRunFile, runFileTooLarge } from '../../core/runs/runFile';
import type { RunStore } from './runStore';

/** A file that a person opens or drops. */
export interface OpenedFile {
  readonly name: string;
  /** Rejects with a sentence, also where it is too large. */
  read(): Promise<Uint8Array>;
}

const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

/** A file by its address; its size is looked at before it is read. */
export const fileAt = (uri: vscode.Uri): OpenedFile => ({
  name: nameOf(uri),
  async read() {
    const { fs } = vscode.workspace;
    const { size, type } = await fs.stat(uri);
    if (type & vscode.FileType.Directory) throw new Error('It is a folder; expected the file of a run.');
    const tooLarge = runFileTooLarge(size);
    if (tooLarge !== undefined) throw new Error(tooLarge);
    return fs.readFile(uri);
  },
});

/** Lets the person choose; none where that is called off. */
export async function chooseRunFiles(): Promise<readonly OpenedFile[]> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: 'Open',
    title: `Runs saved as JSON (…${RUN_FILE_ENDING})`,
    filters: { Runs: ['json', 'run'], 'All files': ['*'] },
  });
  return (chosen ?? []).map(fileAt);
}

/** What is dropped on the list: files of the explorer or an editor, or of the desktop. */
export async function droppedFiles(data: vscode.DataTransfer): Promise<readonly OpenedFile[]> {
  const list = await data.get('text/uri-list')?.asString();
  const addresses = (list ?? '').split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  if (addresses.length > 0) return addresses.map((address) => fileAt(vscode.Uri.parse(address)));
  const files: OpenedFile[] = [];
  for (const [, item] of data) {
    const file = item.asFile();
    if (file === undefined) continue;
    // A browser gives the bytes, and no address.
    files.push(file.uri === undefined ? { name: file.name, read: async () => file.data() } : fileAt(file.uri));
  }
  return files;
}

/** Takes the runs of files into the store; what cannot be read is a sentence each. */
export async function takeIn(
  files: readonly OpenedFile[],
  store: Pick<RunStore, 'importRun'>,
): Promise<{
  readonly ids: readonly string[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}> {
  const ids: string[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  for (const { name, read } of files) {
    try {
      const { run, note } = readRunFile(await read());
      if ((await store.importRun(run)) && note !== undefined) notes.push(`${name}: ${note}`);
      ids.push(run.id);
    } catch (error) {
      problems.push(`${name} cannot be opened. ${messageOf(error)}`);
    }
  }
  return { ids: [...new Set(ids)], problems, notes };
}
