/** A file that was dropped, as a browser has it. */
export type DroppedFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

/** What was dropped: files of the desktop, or addresses of files that VS Code itself can read. */
export function droppedRuns(data: { readonly files: ArrayLike<DroppedFile>; getData(type: string): string }): {
  readonly files: readonly DroppedFile[];
  readonly addresses: readonly string[];
} {
  const lines = data.getData('text/uri-list').split(/\r?\n/);
  return {
    files: Array.from(data.files),
    addresses: lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')),
  };
}
