// What the tests inside VS Code share. No Node here: the suite also runs in a browser's web worker.
import * as vscode from 'vscode';
import type { RunStatus } from '../../src/protocol/pages/runs';

/** What the extension's activate() returns, for tests. */
export interface ExtensionApi {
  status(): RunStatus;
  onStatus: vscode.Event<RunStatus>;
}

export function equal(actual: unknown, expected: unknown, about = ''): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${about && `${about}: `}expected ${should}, got ${is}`);
}

export function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>('gradient-lens.gradient-lens');
  if (!found) throw new Error('gradient-lens.gradient-lens is not among the extensions');
  return found;
}

export const activate = async (): Promise<ExtensionApi> => extension().activate();

/** Waits until a condition holds, asked again at every event; the error says what was awaited and what held last. */
export function until<T>(
  what: string,
  holds: () => boolean,
  event: vscode.Event<T>,
  lastState: () => unknown,
  milliseconds = 180_000,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (holds()) return resolve();
    const subscription = event(() => {
      if (holds()) end(resolve);
    });
    const timer = setTimeout(() => {
      end(() => reject(new Error(`No ${what} within ${milliseconds / 1000} s; last: ${JSON.stringify(lastState())}`)));
    }, milliseconds);
    function end(then: () => void): void {
      clearTimeout(timer);
      subscription.dispose();
      then();
    }
  });
}

export function untilStatus(api: ExtensionApi, what: string, holds: (status: RunStatus) => boolean): Promise<void> {
  return until(
    what,
    () => holds(api.status()),
    api.onStatus,
    () => api.status(),
  );
}

const panels = (name: string): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(`gradientLens.${name}`));

/** @param name what stands behind `gradientLens.` in the panel's type */
export const panelTitles = (name = 'compare'): string[] => panels(name).map(({ label }) => label);

export const untilPanel = (name: string): Promise<void> =>
  until(
    `tab of the panel ${name}`,
    () => panels(name).length > 0,
    vscode.window.tabGroups.onDidChangeTabs,
    () => panelTitles(name),
  );

export async function closePanels(): Promise<void> {
  await vscode.window.tabGroups.close([...panels('compare'), ...panels('calculator')]);
}
