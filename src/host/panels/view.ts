import * as vscode from 'vscode';
import type { Contract } from '../../protocol/contract';
import type { deskContract } from '../../protocol/pages/desk';
import type { OwnService, PageKind, PageServices, ServedPage } from './page';
import { servePage } from './page';

export interface ViewOptions<Serves extends Contract & typeof deskContract, Calls extends Contract> {
  /** As the manifest contributes it. */
  readonly viewId: string;
  readonly kind: PageKind<Serves, Calls>;
  /** Networks that are about to train in the page. */
  networks(): number;
  /** Answers the page's questions, from its first on. */
  serve(webview: vscode.Webview, page: () => ServedPage<Calls>): { own: OwnService<Serves>; closed(): void };
}

/** A page in a side bar or in the panel, wherever the person has put the view. */
export interface View extends vscode.Disposable {
  /** Brings it to the front. */
  show(options: { preserveFocus: boolean }): Promise<void>;
  setBadge(badge: vscode.ViewBadge | undefined): void;
}

export function registerView<Serves extends Contract & typeof deskContract, Calls extends Contract>(
  services: PageServices,
  { viewId, kind, networks, serve }: ViewOptions<Serves, Calls>,
): View {
  let shown: vscode.WebviewView | undefined;
  let badge: vscode.ViewBadge | undefined;
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(view) {
      shown = view;
      view.badge = badge;
      let page: ServedPage<Calls> | undefined;
      const { own, closed } = serve(view.webview, () => page!);
      page = servePage(services, kind, view.webview, own, networks());
      // Moving the view to another place ends its page, too.
      view.onDidDispose(() => {
        if (shown === view) shown = undefined;
        page?.close();
        closed();
      });
    },
  };
  const subscription = vscode.window.registerWebviewViewProvider(viewId, provider, {
    // The workers live in pages: hiding one must not end what they do.
    webviewOptions: { retainContextWhenHidden: true },
  });
  return {
    async show({ preserveFocus }) {
      await vscode.commands.executeCommand(`${viewId}.focus`, { preserveFocus });
    },
    setBadge(next) {
      badge = next;
      if (shown !== undefined) shown.badge = next;
    },
    dispose: () => subscription.dispose(),
  };
}
