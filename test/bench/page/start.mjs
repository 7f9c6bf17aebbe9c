import { cpSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../../launch/chromium.mjs';
import { delay, removeFolder, root, temporaryFolder } from '../../launch/common.mjs';
import { makePackage, vsix } from '../../launch/package.mjs';
import { startPersonServer } from '../../launch/vscode.mjs';
import { median } from './trace.mjs';

/**
 * How long it takes from the command to the first plotted point: in a real VS Code with the packaged extension, on the drawn
 * digits. The first two commands come as soon as the window shows its files, while VS Code itself still starts; a rested window
 * has had the time to end that.
 */

const RUNS = 3;
const REST = 12_000;
const COMMAND = 'Gradient Lens: Compare Activations';
const LIMIT = 60_000;

/** Milliseconds from the choice of the command to a point in a plot. @param {import('playwright-core').Page} page */
async function firstPoint(page) {
  const input = page.locator('.quick-input-widget input.input');
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(COMMAND)}]`);
  // Opened anew until the command is there: an open list does not notice what is registered meanwhile.
  for (const until = performance.now() + LIMIT; performance.now() < until; ) {
    await page.keyboard.press('F1');
    await input.fill(`>${COMMAND}`);
    if (await row.first().isVisible()) break;
    await page.keyboard.press('Escape');
  }
  const started = performance.now();
  await row.first().click();
  for (const until = started + LIMIT; performance.now() < until; ) {
    for (const frame of page.frames()) {
      const points = await frame
        .evaluate(() =>
          [...document.querySelectorAll('[data-points]')].some((each) => Number(each.getAttribute('data-points')) > 0),
        )
        .catch(() => false);
      if (points) return performance.now() - started;
    }
    await delay(30);
  }
  throw new Error('No point was plotted within a minute.');
}

/** @returns {AsyncGenerator<import('../rows').Row>} */
export async function* start() {
  await makePackage();
  /** @type {string[]} */
  const folders = [];
  const server = await startPersonServer({ vsix, settings: {} });
  const browser = await launchChromium();
  /** @type {number[]} */
  const cold = [];
  /** @type {number[]} */
  const warm = [];
  /** @type {number[]} */
  const rested = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      for (const times of [cold, warm, rested]) {
        // A folder of its own: a window brings back what was open in its folder.
        const folder = temporaryFolder('start');
        folders.push(folder);
        cpSync(path.join(root, 'media', 'sample'), folder, { recursive: true });
        const page = await context.newPage();
        await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
        await page.getByRole('treeitem', { name: 'keras_sigmoid.py' }).waitFor({ timeout: LIMIT });
        if (times === rested) await delay(REST);
        times.push(await firstPoint(page));
        await page.close();
      }
      await context.close();
    }
  } finally {
    await browser.close();
    await server.stop();
    for (const folder of folders) removeFolder(folder);
  }
  const what = 'from the command to the first plotted point';
  yield { what: `${what}, the first time in a browser`, value: median(cold), unit: 'ms' };
  yield { what: `${what}, in a window after that`, value: median(warm), unit: 'ms' };
  yield { what: `${what}, in a window that has come to rest`, value: median(rested), unit: 'ms' };
}
