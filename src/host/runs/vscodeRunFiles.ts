import * as vscode from 'vscode';
import { messageOf } from '../../core/format/errors';
import type { RunFiles } from './runFiles';

const isMissing = (error: unknown): boolean => error instanceof vscode.FileSystemError && error.code === 'FileNotFound';

/** The files of a folder, by VS Code's file system: on this machine, on another one, or in a browser. */
export function vscodeRunFiles(folder: vscode.Uri): RunFiles {
  const { fs } = vscode.workspace;
  const at = (name: string) => vscode.Uri.joinPath(folder, name);
  const failed = (what: string, error: unknown) => new Error(`${what} (${messageOf(error)}).`);
  return {
    async list() {
      try {
        const entries = await fs.readDirectory(folder);
        return entries.filter(([, type]) => type & vscode.FileType.File).map(([name]) => name);
      } catch (error) {
        if (isMissing(error)) return [];
        throw failed(`The folder ${folder.toString(true)} could not be read`, error);
      }
    },
    async read(name) {
      try {
        return await fs.readFile(at(name));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw failed(`${name} could not be read`, error);
      }
    },
    async write(name, bytes) {
      try {
        await fs.createDirectory(folder);
        await fs.writeFile(at(name), bytes);
      } catch (error) {
        throw failed(`${name} could not be written`, error);
      }
    },
    async rename(from, to) {
      try {
        await fs.rename(at(from), at(to), { overwrite: true });
      } catch (error) {
        throw failed(`${from} could not be renamed to ${to}`, error);
      }
    },
    async remove(name) {
      try {
        await fs.delete(at(name));
      } catch (error) {
        if (!isMissing(error)) throw failed(`${name} could not be deleted`, error);
      }
    },
  };
}
