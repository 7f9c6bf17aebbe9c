/**
 * A folder of data as settings, links and runs hold it: a path in the terminal, and where somebody wrote one; a URI where
 * an editor's dialog chose it. Only a URI is encoded: a path may hold a plain per cent sign.
 */

/** True for a URI. Its scheme has two letters at least: `C:/data` is a path. */
export const isUri = (folder: string): boolean => /^[a-z][a-z0-9+.-]+:\//i.test(folder);

/** Its own name, as a person reads it: what stands last in it. */
export function folderName(folder: string): string {
  const last = folder
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1);
  if (last === undefined || last === '') return folder;
  return isUri(folder) ? decoded(last) : last;
}

/** All of it, as a person reads it: a path on this machine as such, of another file system with its scheme. */
export function shownFolder(folder: string): string {
  if (!isUri(folder)) return folder;
  const path = folder.split('/').map(decoded).join('/');
  const local = /^file:\/\/(?=\/)/i.exec(path);
  if (local === null) return path;
  // Of a drive the path of a URI is /c:/data.
  return path.slice(local[0].length).replace(/^\/(?=[a-z]:)/i, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
