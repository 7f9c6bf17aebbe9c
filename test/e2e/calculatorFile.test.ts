// The calculator as a file that somebody was sent: opened in a browser, without VS Code and without a network.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../launch/chromium.mjs';
import { removeFolder, root, temporaryFolder } from '../launch/common.mjs';
import { foundIn } from './calculatorPage';

const flow = (...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'dist', 'cli.js'), 'flow', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

describe('a calculation as a page', () => {
  const folder = temporaryFolder('page');
  const file = path.join(folder, 'flow.html');
  const url = pathToFileURL(file).href;
  const problems: string[] = [];
  const requests: string[] = [];
  let browser: Browser;
  let page: Page;

  interface Look {
    colorScheme: 'light' | 'dark';
    contrast?: 'more' | 'no-preference';
  }
  const open = async ({ width, ...look }: Look & { width: number }): Promise<Page> => {
    const context = await browser.newContext({ ...look, viewport: { width, height: 900 }, offline: true });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const opened = await context.newPage();
    opened.on('console', (message) => problems.push(message.text()));
    opened.on('pageerror', (error) => problems.push(error.message));
    opened.on('request', (request) => requests.push(request.url()));
    await opened.goto(url);
    return opened;
  };
  /** The sentence, without badge and name. */
  const sentence = async (): Promise<string> => {
    const text = await page.getByTestId('verdict').locator('.verdict-said').first().innerText();
    return text.replaceAll('\u00a0', ' ').replace(/^[^:]*: /s, '');
  };
  /** The terminal's sentence has the reason in its midst. */
  const expectIn = (output: string, text: string) => {
    for (const part of text.split('; ')) expect(output).toContain(part.replace(/\.$/, ''));
  };
  const says = (text: string) => page.getByTestId('verdict').filter({ hasText: text }).first().waitFor();

  beforeAll(async () => {
    flow('--activation', 'sigmoid', '--layers', '6', '--html', file);
    browser = await launchChromium();
    page = await open({ colorScheme: 'light', width: 1200 });
  });
  afterAll(async () => {
    await browser?.close();
    removeFolder(folder);
  });

  it('opens with the verdict that the terminal gives', async () => {
    await says('at hidden layer 6 reaches');
    expectIn(flow('--activation', 'sigmoid', '--layers', '6'), await sentence());
    expect(await page.title()).toBe('Gradient flow: sigmoid, 6 × 128');
  });

  it('answers to its sliders, with the terminal’s numbers', async () => {
    const slider = page.locator('[data-slider="layers"]');
    const { x, y, width, height } = (await slider.boundingBox())!;
    const told = new Set<string>();
    await page.mouse.move(x + width / 20, y + height / 2);
    await page.mouse.down();
    for (const share of [0.2, 0.4]) {
      await page.mouse.move(x + share * width, y + height / 2);
      const layers = await slider.inputValue();
      await says(`at hidden layer ${layers} reaches`);
      told.add(await sentence());
      expectIn(flow('--activation', 'sigmoid', '--layers', layers), await sentence());
    }
    await page.mouse.up();
    expect(told.size).toBe(2);
  });

  it('measures in a worker of its own', async () => {
    await page.locator('[data-testid="measurement"][data-phase="done"]').waitFor();
    const line = await page.getByTestId('measurement').innerText();
    expect(line).toMatch(/^Measured on 40 networks: sigmoid [^(]+ \(predicted/);
    const [{ found, predicted } = { found: 0, predicted: 1 }] = foundIn(line);
    expect(found / predicted).toBeGreaterThan(0.5);
    expect(found / predicted).toBeLessThan(2);
  });

  it('draws its plots', async () => {
    for (const plot of ['flow', 'curves', 'walk']) {
      await page.locator(`[data-plot="${plot}"] canvas`).waitFor();
    }
  });

  it('keeps the calculation in its address, so that a reload shows it again', async () => {
    const before = await sentence();
    await page.waitForURL(/#.*widths=128x\d+$/);
    await page.reload();
    await page.getByTestId('verdict').first().waitFor();
    expect(await sentence()).toBe(before);
    await page.goto(`${url}#activations=tanh&widths=64x3`);
    await says('at hidden layer 3 reaches');
    expect(await page.getByTestId('verdict').innerText()).toContain('tanh');
  });

  it('copies a link for VS Code, and saves itself as it stands', async () => {
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('menuitem', { name: 'Copy link', exact: true }).click();
    await page.getByText('Copied: link').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      /^vscode:\/\/gradient-lens\.gradient-lens\/calculator\?activations=tanh&widths=64x3/,
    );
    await page.getByRole('button', { name: 'Share' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as a page (HTML)…' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('gradient-flow.html');
    const own = path.join(folder, 'own.html');
    await download.saveAs(own);
    const before = await sentence();
    await page.goto(pathToFileURL(own).href);
    await says('at hidden layer 3 reaches');
    expect(await sentence()).toBe(before);
    await page.locator('[data-testid="measurement"][data-phase="done"]').waitFor();
  });

  it.each<[Look, object]>([
    [{ colorScheme: 'light' }, { ground: 'rgb(255, 255, 255)', text: 'rgb(59, 59, 59)', kind: 'vscode-light' }],
    [{ colorScheme: 'dark' }, { ground: 'rgb(31, 31, 31)', text: 'rgb(204, 204, 204)', kind: 'vscode-dark' }],
    [
      { colorScheme: 'light', contrast: 'more' },
      { ground: 'rgb(255, 255, 255)', text: 'rgb(0, 0, 0)', kind: 'vscode-high-contrast-light' },
    ],
    [
      { colorScheme: 'dark', contrast: 'more' },
      { ground: 'rgb(0, 0, 0)', text: 'rgb(255, 255, 255)', kind: 'vscode-high-contrast' },
    ],
  ])('has the colours that the system asks for (%o), and fits a phone', async (look, colours) => {
    page = await open({ ...look, width: 300 });
    await says('at hidden layer 6 reaches');
    const seen = await page.evaluate(() => {
      const { backgroundColor: ground, color: text } = getComputedStyle(document.body);
      const { vscodeThemeKind: kind } = document.body.dataset;
      return { ground, text, kind, beyond: document.documentElement.scrollWidth - innerWidth };
    });
    await page.context().close();
    expect(seen).toEqual({ ...colours, beyond: 0 });
  });

  it('keeps the heads and the first column of its table in sight where it scrolls', async () => {
    page = await open({ colorScheme: 'light', width: 300 });
    await page.goto(`${url}#activations=sigmoid&widths=128x30`);
    await says('at hidden layer 30 reaches');
    const table = page.getByTestId('layer-table');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="layer-table"] tbody tr').length === 30);
    await table.scrollIntoViewIfNeeded();
    const seen = await table.evaluate(async (element) => {
      const box = element.closest('.scroll')!;
      box.scrollTo(80, 100);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const { left, top, bottom } = box.getBoundingClientRect();
      const textAt = (y: number) => document.elementFromPoint(left + 8, y)?.closest('th, td')?.textContent ?? '';
      return { head: textAt(top + 8), row: textAt((top + bottom) / 2), scrolled: [box.scrollLeft, box.scrollTop] };
    });
    expect(seen.scrolled).toEqual([80, 100]);
    expect(seen.head).toBe('hidden');
    expect(Number(seen.row)).toBeGreaterThan(5);
    await page.context().close();
  });

  it('opens its menu within a narrow page', async () => {
    page = await open({ colorScheme: 'light', width: 300 });
    await says('at hidden layer 6 reaches');
    await page.getByRole('button', { name: 'Share' }).click();
    const { x, width } = (await page.getByRole('menu').boundingBox())!;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(300);
    await page.screenshot({ path: path.join(root, 'out', 'screenshots', 'calculator-file-menu.png') });
    await page.context().close();
  });

  it('did all that without an error, a violation of its policy, or anything from outside', () => {
    expect(problems).toEqual([]);
    expect(requests.filter((each) => !/^(file:|blob:)/.test(each))).toEqual([]);
  });
});
