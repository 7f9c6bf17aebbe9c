/** A folder of files with plain names. What fails rejects with a sentence that names the file. */
export interface RunFiles {
  /** Names of the files; empty where there is no folder yet. */
  list(): Promise<readonly string[]>;
  /** undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Replaces what was there. Makes the folder where there is none. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Replaces what was there. VS Code takes that away first: for a moment a reader finds neither under the new name. */
  rename(from: string, to: string): Promise<void>;
  /** Without effect where there is no such file. */
  remove(name: string): Promise<void>;
}

/** Whether a file is another one that is being written. */
export const isAsideOf = (aside: string, name: string): boolean =>
  aside.startsWith(`${name}.`) && aside.endsWith('.tmp');

/** Writes a file so that a reader never sees half of it: aside first, under a name that no other window uses. */
export async function writeWhole(files: RunFiles, owner: string, name: string, bytes: Uint8Array): Promise<void> {
  const aside = `${name}.${owner}.tmp`;
  try {
    await files.write(aside, bytes);
    await files.rename(aside, name);
  } catch (error) {
    await files.remove(aside).catch(() => {});
    throw error;
  }
}
