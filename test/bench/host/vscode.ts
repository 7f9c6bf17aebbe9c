/**
 * Stands in VS Code's place where a measurement takes the extension without it: every setting has its default, nothing is
 * ever told, and whatever is called gives something that can be called again.
 */

export const anything = (): object =>
  new Proxy(() => {}, {
    get(_, key) {
      if (key === 'then' || key === Symbol.iterator) return undefined;
      return key === Symbol.toPrimitive ? () => '' : anything();
    },
    set: () => true,
    apply: anything,
    construct: anything,
  });

export class Disposable {
  static from(): Disposable {
    return new Disposable();
  }
  dispose(): void {}
}

export class EventEmitter {
  readonly event = (): Disposable => new Disposable();
  fire(): void {}
  dispose(): void {}
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}
}

export class MarkdownString {
  constructor(readonly value: string) {}
}

export class Hover {
  constructor(
    readonly contents: MarkdownString,
    readonly range: Range,
  ) {}
}

export class TreeItem {}
export class ThemeIcon {}
export class ThemeColor {}
export class CodeLens {}
export class InlayHint {}
export class CodeAction {}
export class CompletionItem {}
export class Diagnostic {}
export class WorkspaceEdit {}
export class NotebookCellOutput {}

export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };
export const NotebookCellKind = { Markup: 1, Code: 2 };
export const Uri = anything() as { joinPath(...parts: unknown[]): unknown };
export const commands = anything();
export const languages = anything();
export const env = anything();
const listening = () => new Disposable();
export const workspace = {
  getConfiguration: () => ({ get: (_: string, fallback?: unknown) => fallback }),
  onDidChangeTextDocument: listening,
  onDidCloseTextDocument: listening,
  onDidOpenTextDocument: listening,
  onDidChangeConfiguration: listening,
  onDidChangeNotebookDocument: listening,
  onDidOpenNotebookDocument: listening,
  onDidCloseNotebookDocument: listening,
  textDocuments: [],
  notebookDocuments: [],
};
export const window = {
  activeColorTheme: { kind: ColorThemeKind.Dark },
  onDidChangeActiveColorTheme: listening,
  tabGroups: {
    all: [],
    activeTabGroup: { tabs: [] },
    onDidChangeTabs: listening,
    onDidChangeTabGroups: listening,
  },
};
