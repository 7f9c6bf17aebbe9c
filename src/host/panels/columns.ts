import * as vscode from 'vscode';

const isPage = ({ input }: vscode.Tab): boolean =>
  input instanceof vscode.TabInputWebview && input.viewType.includes('gradientLens.');

/** Texts and notebooks, and how two of them differ. */
const isCode = ({ input }: vscode.Tab): boolean =>
  [
    vscode.TabInputText,
    vscode.TabInputTextDiff,
    vscode.TabInputNotebook,
    vscode.TabInputNotebookDiff,
    vscode.TabInputCustom,
  ].some((kind) => input instanceof kind);

const showsCode = ({ activeTab }: vscode.TabGroup): boolean => activeTab !== undefined && isCode(activeTab);

/**
 * Where a page opens: with our other pages, and else beside the code, in the column that is there. Never over the code that
 * is looked at, and in a new column only where there is no other.
 */
export function pageColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const withPages = all.filter((group) => group.tabs.some(isPage) && !showsCode(group));
  const others = all.filter((group) => group !== activeTabGroup);
  const free = withPages[0] ?? others.find((group) => !showsCode(group)) ?? others[0];
  return free?.viewColumn ?? vscode.ViewColumn.Beside;
}

/** Whether a page that comes to the front would cover code. */
export const isUnderCode = ({ viewColumn }: vscode.WebviewPanel): boolean =>
  vscode.window.tabGroups.all.some((group) => group.viewColumn === viewColumn && showsCode(group));

/**
 * Groups of our pages are locked, so that files open beside them. VS Code keeps the lock of the last group of all once that
 * is empty, and would open the next file beside nothing: it is taken off.
 */
export const unlockEmptyGroup = (): vscode.Disposable =>
  vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
    const { all, activeTabGroup } = vscode.window.tabGroups;
    if (all.length === 1 && activeTabGroup.tabs.length === 0 && closed.some(isPage)) {
      void vscode.commands.executeCommand('workbench.action.unlockEditorGroup');
    }
  });

/** Where a file opens: with the code, and not over a page of ours. */
export function codeColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const ofPages = (group: vscode.TabGroup): boolean => group.tabs.some(isPage) && !showsCode(group);
  const own = [activeTabGroup, ...all].filter((group) => !ofPages(group));
  const free = own.find(showsCode) ?? own[0];
  return free?.viewColumn ?? vscode.ViewColumn.Beside;
}
