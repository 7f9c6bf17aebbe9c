import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../launch/chromium.mjs';
import { root } from '../launch/common.mjs';

/** A page that meets what it cannot draw says so and has a way back, in a real browser. */

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['test/e2e/broken/page.ts'],
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'dataurl' },
    write: false,
    logLevel: 'warning',
  });
  browser = await launchChromium();
  page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles.find(({ path }) => path.endsWith('.js'))!.text });
  await page.evaluate(() => (window as unknown as { opened: Promise<void> }).opened);
});
afterAll(() => browser?.close());

/** Not what a measurement without a worker has to say. */
const ours = () => page.getByRole('alert').filter({ hasText: 'cannot show this' });
const breakPage = () => page.evaluate(() => (window as unknown as { breakPage(): void }).breakPage());
const lastRemembered = () => page.evaluate(() => (window as unknown as { remembered: unknown[] }).remembered.at(-1));

it('says what it cannot show, keeps none of it, and starts again from the paper’s settings', async () => {
  const heading = page.getByRole('heading', { name: 'Gradient flow' }).first();
  await heading.waitFor();
  await breakPage();
  const alert = ours();
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(
    /^The calculator cannot show this: .+ It is not kept; what is recorded is\./,
  );
  expect(await lastRemembered()).toBe('nothing');
  await alert.getByRole('button', { name: 'Start from the paper’s settings' }).click();
  await alert.waitFor({ state: 'detached' });
  await heading.waitFor();
});

it('tries again when it is asked to, and says the same where that is no better', async () => {
  await breakPage();
  const alert = ours();
  await alert.getByRole('button', { name: 'Try again' }).click();
  await alert.waitFor();
  expect(await lastRemembered()).toBe('nothing');
});
