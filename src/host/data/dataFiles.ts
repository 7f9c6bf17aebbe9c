import * as vscode from 'vscode';
import { DatasetError, type DatasetFile } from '../../core/data/dataset';
import { isUri, shownFolder } from '../../core/data/folder';
import { selectIdxFiles } from '../../core/data/idx';

/** The four IDX files of a folder (a URI, or a path on this machine); throws DatasetError with a sentence. */
export async function readFolder(folder: string): Promise<DatasetFile[]> {
  const uri = isUri(folder) ? vscode.Uri.parse(folder, true) : vscode.Uri.file(folder);
  let entries: [string, vscode.FileType][];
  try {
    entries = await vscode.workspace.fs.readDirectory(uri);
  } catch {
    throw new DatasetError(`The folder ${shownFolder(folder)} cannot be read; expected a folder with IDX files.`);
  }
  const names = entries.filter(([, type]) => type & vscode.FileType.File).map(([name]) => name);
  return readFiles(uri, Object.values(selectIdxFiles(names)));
}

export async function readFiles(folder: vscode.Uri, names: readonly string[]): Promise<DatasetFile[]> {
  return Promise.all(
    names.map(async (name) => {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name));
      // A copy, since a Node host reads Buffers: their toJSON would turn them into lists of numbers on the way to the page.
      return { name, bytes: new Uint8Array(bytes) };
    }),
  );
}
