import type { Transport } from '../../src/protocol/channel';
import { overJson } from '../../src/protocol/plainNumbers';

/** What VS Code gives every page: a way to its host, and a state that outlives the page. */
export interface Shell {
  readonly transport: Transport;
  /** Survives a reload of the window with the panel. */
  remember(state: unknown): void;
  /** What was remembered last, from a page that VS Code made anew: moved to another window, reloaded. */
  readonly kept: unknown;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** Takes hold of VS Code's side of this page; a page can do so once. */
export function openShell(): Shell {
  const vscode = acquireVsCodeApi();
  return {
    transport: overJson({
      post: (message) => vscode.postMessage(message),
      listen(receive) {
        const listener = (event: MessageEvent) => receive(event.data);
        window.addEventListener('message', listener);
        return () => window.removeEventListener('message', listener);
      },
    }),
    remember: (state) => vscode.setState(state),
    kept: vscode.getState(),
  };
}
