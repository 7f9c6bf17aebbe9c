// A person's VS Code with the extension installed, seen through a browser: what the end-to-end tests do and look at.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Browser,
  type ConsoleMessage,
  type FrameLocator,
  type Locator,
  type Page,
  type Request,
  selectors,
} from 'playwright-core';
import type { PageName } from '../../src/host/panels/document';
import { launchChromium } from '../launch/chromium.mjs';
import { delay, removeFolder, root, temporaryFolder } from '../launch/common.mjs';
import { vsix } from '../launch/package.mjs';
import { type Server, startPersonServer } from '../launch/vscode.mjs';

/** VS Code's name of each theme in the settings, in the list, and the class that its window then has. */
export const themes = {
  dark: { name: 'Dark Modern', label: 'Dark Modern', kind: 'vs-dark' },
  light: { name: 'Light Modern', label: 'Light Modern', kind: 'vs' },
  'high contrast': { name: 'Default High Contrast', label: 'Dark High Contrast', kind: 'hc-black' },
} as const;
export type Theme = keyof typeof themes;

/**
 * Milliseconds after which what has not come counts as what never comes: long, so that a busy machine is no failure.
 */
const PATIENCE = 180_000;

const screenshots = path.join(root, 'out', 'screenshots');

/** Finds the outer frame of each of our pages by what its document says; VS Code nests two frames, of its own origin. */
const pageSelector = selectors.register('page-named', () => {
  const isPage = (outer: HTMLIFrameElement, name: string): boolean => {
    const inner = outer.contentDocument?.querySelector<HTMLIFrameElement>('#active-frame');
    return inner?.contentDocument?.querySelector<HTMLElement>('#root')?.dataset.page === name;
  };
  const queryAll = (root: ParentNode, name: string) =>
    [...root.querySelectorAll<HTMLIFrameElement>('iframe.webview')].filter((outer) => isPage(outer, name));
  return { queryAll, query: (root: ParentNode, name: string) => queryAll(root, name)[0] ?? null };
});

export interface WorkbenchOptions {
  theme?: Theme;
  /** User settings. */
  settings?: Record<string, unknown>;
  width?: number;
  height?: number;
  /** Files that lie in the folder from the start, beside the samples. */
  files?: Readonly<Record<string, string>>;
  /** Where settings, extensions and what these store lie; a temporary folder, which goes with the window, otherwise. */
  profile?: string;
}

export class Workbench {
  /**
   * What our own page complained about: errors nobody caught, plots not drawn, what its security policy stopped. And what it
   * asked of the network.
   */
  readonly problems: string[] = [];

  static async open({
    theme = 'dark',
    settings = {},
    width = 1400,
    height = 900,
    files = {},
    profile,
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const folder = temporaryFolder('sample');
    cpSync(path.join(root, 'media', 'sample'), folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const own = { ...settings, 'workbench.colorTheme': themes[theme].name };
    const server = await startPersonServer({ vsix, settings: own, ...(profile === undefined ? {} : { profile }) });
    let browser: Browser | undefined;
    try {
      await pageSelector;
      browser = await launchChromium();
      const page = await browser.newPage({
        viewport: { width, height },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      page.setDefaultTimeout(PATIENCE);
      const workbench = new Workbench(folder, server, browser, page, theme);
      await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
      await workbench.ready();
      return workbench;
    } catch (error) {
      await browser?.close();
      await server.stop();
      removeFolder(folder);
      throw error;
    }
  }

  private constructor(
    readonly folder: string,
    private readonly server: Server,
    private readonly browser: Browser,
    readonly page: Page,
    private theme: Theme,
  ) {
    page.on('console', (message) => {
      if (isPolicyViolation(message) || message.text().startsWith('A plot could not be drawn'))
        this.problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on('request', (request) => {
      if (isFromOurPage(request) && !isLocal(request.url()))
        this.problems.push(`The page asked the network for ${request.url()}`);
    });
    page.on('pageerror', (error) => {
      if (/gradient-lens|blob:/.test(error.stack ?? '')) this.problems.push(error.stack ?? error.message);
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    removeFolder(this.folder);
  }

  /** Ends the browser's GPU process, as a driver that crashes does: what any page has on the GPU is lost. */
  async loseGpu(): Promise<void> {
    const session = await this.browser.newBrowserCDPSession();
    // It answers no more.
    void session.send('Browser.crashGpuProcess').catch(() => {});
  }

  /** Waits until the side bar is shown, with the folder if nothing else, and the editor takes commands. */
  async ready(sideBar = this.page.getByRole('treeitem', { name: 'keras_sigmoid.py' })): Promise<void> {
    const { kind } = themes[this.theme];
    await this.seen(`workbench in ${kind}`, this.page.locator(`.monaco-workbench.${kind}`));
    await this.seen('side bar', sideBar);
  }

  /** Runs a command of the palette by the name a person reads there. */
  async runCommand(name: string): Promise<void> {
    await this.#pick(`>${name}`, name);
  }

  async openFile(name: string): Promise<void> {
    await this.#pick(name, name);
    await this.seen(`tab ${name}`, this.tab(name).and(this.page.locator('[aria-selected="true"]')));
  }

  /** Types into the quick pick and chooses the row that begins with the label. */
  async #pick(text: string, label: string): Promise<void> {
    const { page } = this;
    const input = page.locator('.quick-input-widget input.input');
    const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(label)}]`);
    // Opened anew for every look: a list that is open does not notice what is registered meanwhile.
    await this.until(
      `"${label}" in the quick pick`,
      async () => {
        await page.keyboard.press('F1');
        await input.fill(text, { timeout: 5000 });
        const found = await row
          .first()
          .waitFor({ timeout: 10_000 })
          .then(
            () => true,
            () => false,
          );
        // Whoever takes the focus meanwhile closes the list.
        if (found)
          return row
            .first()
            .click({ timeout: 5000 })
            .then(() => true);
        const list = await page.locator('.quick-input-list').textContent();
        await page.keyboard.press('Escape');
        return list;
      },
      (answer) => answer === true,
    );
    // A command may ask on: then the quick pick stays, with another text.
    await this.until(
      `end of the quick pick after "${label}"`,
      async () => (await input.isVisible()) && (await input.inputValue()) === text,
      (same) => !same,
    );
  }

  /** Chooses the row of the open quick pick that begins with the label. */
  async choose(label: string): Promise<void> {
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(label)}]`).first();
    await this.seen(`"${label}" in the list`, row);
    await row.click();
  }

  /** Answers the question of that title. */
  async fill(title: string, text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget', { hasText: title });
    await this.seen(`question "${title}"`, widget);
    await widget.locator('input.input').fill(text);
    await this.page.keyboard.press('Enter');
    await this.until(
      `end of the question "${title}"`,
      () => widget.isVisible(),
      (visible) => !visible,
    );
  }

  /** Opens a link by the command that asks for it, again where another part of the window has taken the focus from the question. */
  async openLink(link: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget', { hasText: 'Open a Gradient Lens link' });
    const input = widget.locator('input.input');
    await this.until(
      `end of the question for ${link}`,
      async () => {
        await this.runCommand('Gradient Lens: Open Link…');
        // A question that has lost the focus is gone: each step waits for no longer than it takes to ask anew.
        await input.fill(link, { timeout: 10_000 });
        await input.press('Enter', { timeout: 5000 });
        await widget.waitFor({ state: 'hidden', timeout: 10_000 });
        return true;
      },
      Boolean,
    );
  }

  /** What VS Code says in a corner. */
  notification(text: string): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Rests the pointer on a text of the editor, and follows a link of the hover that appears. */
  async followHover(text: string, link: string): Promise<void> {
    await (await this.hover(text, link)).click();
  }

  /**
   * Rests the pointer on a text of the editor; the link in the hover that appears.
   *
   * @param text as it stands in one line, which the editor may have cut into tokens
   * @param part of that text, which the pointer rests on
   */
  async hover(text: string, link: string, part = text): Promise<Locator> {
    const { page } = this;
    const target = page.locator('.monaco-hover a', { hasText: link }).filter({ visible: true });
    await this.until(
      `"${link}" in the hover of "${part}"`,
      async () => {
        const place = await this.#placeOf(text, part);
        if (place === undefined) return `"${text}" is not in the editor`;
        // Moved away first: a pointer that stays calls no hover anew.
        await page.mouse.move(place.x, place.y + 60);
        await page.mouse.move(place.x, place.y);
        return target
          .first()
          .waitFor({ timeout: 10_000 })
          .then(() => true)
          .catch(() => 'no hover');
      },
      (answer) => answer === true,
    );
    return target.first();
  }

  /** The middle of a part of a text of the editor, in pixels; undefined where the text is not on show. */
  #placeOf(text: string, part: string): Promise<{ x: number; y: number } | undefined> {
    return this.page.locator('.editor-instance .view-lines').evaluate(
      (editor, wanted) => {
        for (const line of editor.querySelectorAll('.view-line')) {
          const nodes: Text[] = [];
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node as Text);
          const at = nodes
            .map(({ data }) => data)
            .join('')
            .replaceAll('\u00a0', ' ')
            .indexOf(wanted.text);
          if (at < 0) continue;
          const range = document.createRange();
          const from = at + wanted.text.indexOf(wanted.part);
          let before = 0;
          for (const node of nodes) {
            const [start, end] = [from - before, from + wanted.part.length - before];
            if (start >= 0 && start < node.length) range.setStart(node, start);
            if (end > 0 && end <= node.length) range.setEnd(node, end);
            before += node.length;
          }
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }
        return undefined;
      },
      { text, part },
    );
  }

  /** Holds a file of the desktop over a place, and lets it go there. */
  async dropFile(target: Locator, name: string, text: string, over?: () => Promise<void>): Promise<void> {
    const dataTransfer = await target.evaluateHandle(
      (_, file) => {
        const data = new DataTransfer();
        data.items.add(new File([file.text], file.name, { type: 'application/json' }));
        return data;
      },
      { name, text },
    );
    for (const event of ['dragenter', 'dragover']) await target.dispatchEvent(event, { dataTransfer });
    await over?.();
    await target.dispatchEvent('drop', { dataTransfer });
  }

  /** What was copied last, in the panel or elsewhere. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Makes the window as wide as it has to be for one of our pages to be so many pixels wide. */
  async setPageWidth(name: PageName, wanted: number): Promise<void> {
    const { page } = this;
    await this.until(
      `panel of ${wanted} px`,
      async () => {
        const is = await this.frame(name)
          .locator('html')
          .evaluate((element) => element.clientWidth);
        const { width, height } = page.viewportSize()!;
        if (is !== wanted) await page.setViewportSize({ width: width + wanted - is, height });
        return is;
      },
      (is) => is === wanted,
    );
  }

  /** Numbers of a page that are broken over two lines, each with some text around it. */
  brokenNumbers(name: PageName): Promise<string[]> {
    return this.frame(name)
      .locator('body')
      .evaluate((body) => {
        const found: string[] = [];
        const number = /[−+]?\d[\d.,]*(e[−-]?\d+)?(\s(%|×\s?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|(s|min|MB)\b))?/g;
        const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const text = node.textContent ?? '';
          for (const { 0: match, index } of text.matchAll(number)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + match.length);
            const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
            if (lines.size > 1) found.push(text.slice(Math.max(0, index - 20), index + match.length + 20));
          }
        }
        return found;
      });
  }

  /** Drags the edge of the side bar until the page in it is about so many pixels wide; VS Code allows 170 and more. */
  async setSideBarWidth(name: PageName, wanted: number): Promise<number> {
    const { page } = this;
    const width = () =>
      this.frame(name)
        .locator('html')
        .evaluate((element) => element.clientWidth);
    const edge = await page.locator('.part.sidebar').evaluate((part) => part.getBoundingClientRect().right);
    const is = await width();
    await page.mouse.move(edge + 1, 400);
    await page.mouse.down();
    await page.mouse.move(edge + 1 + (wanted - is), 400, { steps: 5 });
    await page.mouse.up();
    return this.until('side bar of another width', width, (now) => Math.abs(now - wanted) <= 2);
  }

  /** Drags a thing to a place with the mouse, as a person does, with Shift held from halfway on. */
  async dragWithShift(from: Locator, to: Locator, over?: () => Promise<void>): Promise<void> {
    const { mouse, keyboard } = this.page;
    const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
    const [x, y] = [end.x + end.width / 2, end.y + Math.min(end.height / 2, 200)];
    await mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await mouse.down();
    await mouse.move(start.x + start.width / 2 + 20, start.y + start.height / 2 + 8, { steps: 3 });
    await mouse.move(x - 40, y - 20, { steps: 5 });
    await keyboard.down('Shift');
    await mouse.move(x, y, { steps: 5 });
    await over?.();
    await mouse.up();
    await keyboard.up('Shift');
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** The document of one of our pages, where it is on show. */
  frame(name: PageName): FrameLocator {
    return this.page
      .locator(`page-named=${name}`)
      .filter({ visible: true })
      .contentFrame()
      .frameLocator('#active-frame');
  }

  /** The extension's entry in the status bar. */
  get statusBar(): Locator {
    return this.page.locator('.statusbar-item[id^="gradient-lens.gradient-lens"]');
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label, kind } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.page.locator('.quick-input-widget input.input').fill(label);
    await this.choose(label);
    this.theme = theme;
    await this.seen(`${theme} theme`, this.page.locator(`.monaco-workbench.${kind}`));
  }

  /**
   * Waits until VS Code has stored what holds all these texts, such as a panel's state. In a browser it does so every five
   * seconds, and not on the way out.
   */
  async untilKept(...texts: string[]): Promise<void> {
    await this.until(
      `"${texts.join(', ')}" in what VS Code keeps`,
      async () => {
        // It waits for a moment in which nothing is asked of it.
        await delay(500);
        return this.page.evaluate(async (wanted) => {
          const finished = <T>(request: IDBRequest<T>) =>
            new Promise<T>((resolve, reject) => {
              request.onsuccess = () => resolve(request.result);
              request.onerror = () => reject(request.error);
            });
          const kept: string[] = [];
          for (const { name = '' } of await indexedDB.databases()) {
            if (!name.startsWith('vscode-web-state-db-')) continue;
            const database = await finished(indexedDB.open(name));
            const items = await finished(database.transaction('ItemTable').objectStore('ItemTable').getAll());
            database.close();
            kept.push(...items.map(String));
          }
          return kept.some((item) => wanted.every((text) => item.includes(text)));
        }, texts);
      },
      Boolean,
    );
  }

  /** Reloads the window, as after an update or a lost connection. */
  async reload(sideBar?: Locator): Promise<void> {
    await this.page.reload();
    await this.ready(sideBar);
  }

  async screenshot(name: string): Promise<string> {
    mkdirSync(screenshots, { recursive: true });
    const file = path.join(screenshots, `${name.replace(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async seen(what: string, locator: Locator): Promise<void> {
    await this.until(what, () => locator.first().isVisible(), Boolean);
  }

  /** Asks until the answer is right. Where it never is, the error says what was awaited and what was answered last. */
  async until<T>(what: string, ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
    const end = Date.now() + PATIENCE;
    let last: unknown;
    while (Date.now() < end) {
      try {
        const answer = await ask();
        if (isRight(answer)) return answer;
        last = answer;
      } catch (error) {
        last = error instanceof Error ? error.message : error;
      }
      // Asked in every frame, Chromium would draw all the time and be slow to start a webview's service worker.
      await delay(50);
    }
    const picture = await this.screenshot(`no ${what}`);
    const problems = this.problems.length > 0 ? ` The page complained: ${this.problems.join('; ')}` : '';
    throw new Error(
      `No ${what} within ${PATIENCE / 1000} s; last: ${JSON.stringify(last)}. Screenshot: ${picture}.${problems}`,
    );
  }
}

function isFromOurPage(request: Request): boolean {
  // A service worker's request has no frame: VS Code's own answers for the extension's files.
  if (request.serviceWorker() !== null) return false;
  return (
    /extensionId=gradient-lens/.test(request.frame().url()) ||
    request.frame().parentFrame()?.url().includes('extensionId=gradient-lens') === true
  );
}

/** Of this machine, or of the extension's own files, under the name that VS Code gives them. */
const isLocal = (address: string): boolean =>
  /^(data|blob|about):/.test(address) ||
  /^https?:\/\/(127\.0\.0\.1|localhost|[^/]*\.vscode-(cdn|resource)\.net)[:/]/.test(address);

/** VS Code's own page has some of its own; ours come from a webview. */
function isPolicyViolation(message: ConsoleMessage): boolean {
  return (
    /Content Security Policy/i.test(message.text()) &&
    /webview|vscode-resource|gradient-lens|blob:/.test(message.location().url + message.text())
  );
}
