import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlotTheme } from '../../src/core/plots/plot';
import { launchChromium } from '../launch/chromium.mjs';
import { root } from '../launch/common.mjs';

/** What is painted over Vega's frames looks as Vega draws it, pixel by pixel, in a real browser. */

const plain = { highContrast: false, error: '#f85149', fontFamily: 'sans-serif' };
const themes: Readonly<Record<string, PlotTheme>> = {
  dark: { ...plain, background: 'dark', canvas: '#1f1f1f', foreground: '#cccccc', muted: '#9d9d9d', grid: '#333333' },
  light: { ...plain, background: 'light', canvas: '#ffffff', foreground: '#3b3b3b', muted: '#717171', grid: '#e4e4e4' },
  'high contrast': {
    ...plain,
    ...{ background: 'dark', highContrast: true, canvas: '#000000' },
    ...{ foreground: '#ffffff', muted: '#ffffff', grid: '#6b6b6b' },
  },
};
const kinds = ['loss', 'linear loss', 'accuracy', 'gradient', 'saturation', 'heat', 'preactivation'];

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['test/e2e/painted/page.ts'],
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    loader: { '.css': 'empty' },
    write: false,
    logLevel: 'warning',
  });
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 800, height: 900 } });
  await page.addScriptTag({ content: outputFiles[0]!.text });
});
afterAll(() => browser?.close());

describe.each(Object.entries(themes))('in a %s theme', (_, theme) => {
  it.each(
    kinds.flatMap((kind) => [true, false].map((deep) => [kind, deep ? 'many layers' : 'one layer', deep] as const)),
  )('the painted %s of %s is the one that Vega draws', async (kind, _, deep) => {
    const found = await page.evaluate(
      ([kind, theme, deep]) => {
        const { compare } = window as unknown as {
          compare(...of: unknown[]): Promise<{ drawn: number; far: number }>;
        };
        return compare(kind, theme, deep);
      },
      [kind, theme, deep] as const,
    );
    if (process.env.PAINTED_PICTURES)
      await page.screenshot({ path: `${process.env.PAINTED_PICTURES}/${theme.canvas} ${kind} ${deep}.png` });
    console.log(kind, deep, JSON.stringify(found));
    expect(found.drawn).toBeGreaterThan(100);
    // Of exact zeros, Vega's strips show seams where they touch.
    expect(found.far).toBeLessThan((kind === 'gradient' ? 0.05 : 0.01) * found.drawn);
  });
});
