import * as vscode from 'vscode';
import { type Channel, connect, type Transport } from '../../protocol/channel';
import type { Contract, Remote, Service } from '../../protocol/contract';
import type { deskContract } from '../../protocol/pages/desk';
import { overJson } from '../../protocol/plainNumbers';
import { stepDone } from '../firstSteps';
import { type PageName, webviewHtml } from './document';
import { saveFile } from './saveFile';

/** What serving any page takes. */
export interface PageServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

/** One of the product's pages: what its document is called and what host and page ask of each other. */
export interface PageKind<Serves extends Contract & typeof deskContract, Calls extends Contract> {
  readonly page: PageName;
  readonly title: string;
  readonly serves: Serves;
  readonly calls: Calls;
}

/** What a page's own feature answers; the rest is every page's. */
export type OwnService<Serves extends Contract> = Omit<Service<Serves>, keyof typeof deskContract>;

/** A page that is shown somewhere. */
export interface ServedPage<Calls extends Contract> {
  readonly webview: vscode.Webview;
  readonly remote: Remote<Calls>;
  /** Ends the channel; the webview itself is its owner's. */
  close(): void;
}

/** Scripts, the bundle's folder, and nothing else. */
export const webviewOptions = (extensionUri: vscode.Uri): vscode.WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')],
});

/**
 * Puts a page into a webview, of an editor panel or of a view, and answers what it asks.
 *
 * @param workers that the page is about to want, for a training that begins with it
 */
export function servePage<Serves extends Contract & typeof deskContract, Calls extends Contract>(
  { extensionUri, log }: PageServices,
  { page, title, serves, calls }: PageKind<Serves, Calls>,
  webview: vscode.Webview,
  own: OwnService<Serves>,
  workers: number,
): ServedPage<Calls> {
  webview.options = webviewOptions(extensionUri);
  const desk: Service<typeof deskContract> = {
    saveFile,
    async copyText(text) {
      await vscode.env.clipboard.writeText(text);
      stepDone('shared');
    },
    showLog: () => log.show(),
    log: (level, text) => log[level](`${title}: ${text}`),
  };
  const channel: Channel<Calls> = connect(
    overJson(webviewTransport(webview)),
    serves,
    { ...own, ...desk } as unknown as Service<Serves>,
    calls,
    (error) => log.error(`${title}: ${error.message}`),
    `The page “${title}”`,
  );
  webview.html = webviewHtml(webview, extensionUri, { title, page, workers });
  return { webview, remote: channel.remote, close: () => channel.close(`${title} was closed.`) };
}

const webviewTransport = (webview: vscode.Webview): Transport => ({
  post: (message) => void webview.postMessage(message),
  listen(receive) {
    const subscription = webview.onDidReceiveMessage(receive);
    return () => subscription.dispose();
  },
});
