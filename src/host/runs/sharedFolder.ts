/**
 * The folder that all windows of a workspace have for an extension's files, of the one that VS Code gives to this window.
 *
 * VS Code lets one extension host at a time have a workspace's storage, `<workspace>/<extension>`. A second window gets
 * `<workspace>-1/<extension>`, and so does a window that is reloaded before its old extension host is gone. Runs that lie
 * there would be lost to the next window; ours share a folder, since a run's lock says who writes it.
 */
export function sharedFolder(path: string): string {
  return path.replace(/-[1-9](\/[^/]+\/?)$/, '$1');
}
