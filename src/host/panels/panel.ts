import * as vscode from 'vscode';
import type { Contract } from '../../protocol/contract';
import type { deskContract } from '../../protocol/pages/desk';
import { isUnderCode, pageColumn } from './columns';
import { type OwnService, type PageKind, type PageServices, type ServedPage, servePage, webviewOptions } from './page';

export interface PanelOptions<Serves extends Contract & typeof deskContract, Calls extends Contract> {
  readonly viewType: string;
  readonly kind: PageKind<Serves, Calls>;
  /** Takes what the page had kept in its own state, where VS Code brings a panel back after a reload. */
  restore(state: unknown): void;
  /** Networks that are about to train in the page; none where this is missing. */
  networks?(): number;
  /** Answers the page's questions, from its first on. */
  serve(webview: vscode.Webview, page: () => ServedPage<Calls>): { own: OwnService<Serves>; closed?(): void };
}

/** The one editor panel of a page: opened beside the code, or revealed where it is open. */
export interface Panel<Calls extends Contract> extends vscode.Disposable {
  readonly page: ServedPage<Calls> | undefined;
  /** Whether it was open before. It takes the focus, unless that stays where it is. */
  show(options?: { preserveFocus: boolean }): { page: ServedPage<Calls>; wasOpen: boolean };
  setTitle(title: string): void;
}

export function registerPanel<Serves extends Contract & typeof deskContract, Calls extends Contract>(
  services: PageServices,
  { viewType, kind, restore, networks, serve }: PanelOptions<Serves, Calls>,
): Panel<Calls> {
  const { extensionUri } = services;
  let open: { panel: vscode.WebviewPanel; page: ServedPage<Calls> } | undefined;
  const adopt = (panel: vscode.WebviewPanel) => {
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg'),
    };
    let page: ServedPage<Calls> | undefined;
    const { own, closed } = serve(panel.webview, () => page!);
    page = servePage(services, kind, panel.webview, own, networks?.() ?? 0);
    const adopted = { panel, page };
    open = adopted;
    panel.onDidDispose(() => {
      adopted.page.close();
      if (open === adopted) open = undefined;
      closed?.();
    });
    return page;
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      restore(state);
      adopt(panel);
    },
  });
  return {
    get page() {
      return open?.page;
    },
    show({ preserveFocus } = { preserveFocus: false }) {
      if (open !== undefined) {
        open.panel.reveal(isUnderCode(open.panel) ? pageColumn() : undefined, preserveFocus);
        return { page: open.page, wasOpen: true };
      }
      const panel = vscode.window.createWebviewPanel(
        viewType,
        kind.title,
        { viewColumn: pageColumn(), preserveFocus },
        // The workers live in pages: hiding one must not end what they do.
        { ...webviewOptions(extensionUri), retainContextWhenHidden: true },
      );
      return { page: adopt(panel), wasOpen: false };
    },
    setTitle(title) {
      if (open !== undefined) open.panel.title = title;
    },
    dispose: () => serializer.dispose(),
  };
}
