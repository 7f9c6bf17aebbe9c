import { cpSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../../launch/chromium.mjs';
import { delay, mustRun, removeFolder, root, temporaryFolder, tool } from '../../launch/common.mjs';
import { makePackage, vsix } from '../../launch/package.mjs';
import { startPersonServer } from '../../launch/vscode.mjs';
import { median } from '../rows';

/**
 * How long it takes from the command to the first plotted point: in a real VS Code with the packaged extension, on the drawn
 * digits. The first two commands come as soon as the window shows its files, while VS Code itself still starts; a rested window
 * has had the time to end that. Beside it an extension whose page is empty: what VS Code takes to show any.
 */

const RUNS = 3;
const REST = 12_000;
const COMMAND = 'Gradient Lens: Compare Activations';
const EMPTY_COMMAND = 'Show Empty Page';
const LIMIT = 60_000;

/**
 * Milliseconds since the choice of the command.
 * @typedef {object} Moments
 * @property {number} document the page's document is there, none of it drawn
 * @property {number} drawn the page is drawn
 * @property {number} point a point is in a plot
 */

/** What there is to see of a page. Serialised: it runs in each frame. @returns {(keyof Moments)[]} */
function seenInFrame() {
  const marked = [...document.querySelectorAll('[data-points]')];
  return [
    ...(document.querySelector('[data-page], [data-points]') ? /** @type {const} */ (['document']) : []),
    ...(document.querySelector('[data-page] *, [data-points]') ? /** @type {const} */ (['drawn']) : []),
    ...(marked.some((each) => Number(each.getAttribute('data-points')) > 0) ? /** @type {const} */ (['point']) : []),
  ];
}

/** @param {import('playwright-core').Page} page @param {string} command @returns {Promise<Moments>} */
async function moments(page, command) {
  const input = page.locator('.quick-input-widget input.input');
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(command)}]`);
  // Opened anew until the command is there: an open list does not notice what is registered meanwhile.
  for (const until = performance.now() + LIMIT; performance.now() < until; ) {
    await page.keyboard.press('F1');
    await input.fill(`>${command}`);
    if (await row.first().isVisible()) break;
    await page.keyboard.press('Escape');
  }
  const started = performance.now();
  await row.first().click();
  /** @type {Partial<Moments>} */
  const found = {};
  while (performance.now() < started + LIMIT) {
    for (const frame of page.frames()) {
      const seen = await frame.evaluate(seenInFrame).catch(() => /** @type {(keyof Moments)[]} */ ([]));
      for (const moment of seen) found[moment] ??= performance.now() - started;
    }
    if (found.point !== undefined) return /** @type {Moments} */ (found);
    await delay(30);
  }
  throw new Error('No point was plotted within a minute.');
}

/** Packs the extension with the empty page. @param {string} folder to pack it in */
async function packEmptyPage(folder) {
  cpSync(path.join(root, 'test', 'bench', 'page', 'emptyPage'), folder, { recursive: true });
  const packed = path.join(folder, 'empty-page.vsix');
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', packed];
  await mustRun(process.execPath, [tool('@vscode/vsce', 'vsce'), 'package', ...options], {
    cwd: folder,
    what: 'vsce package',
  });
  return packed;
}

/** @returns {AsyncGenerator<import('../rows').Row>} */
export async function* start() {
  await makePackage();
  const packing = temporaryFolder('empty');
  const folders = [packing];
  const server = await startPersonServer({ vsix, settings: {} });
  const emptyServer = await startPersonServer({ vsix: await packEmptyPage(packing), settings: {} });
  const browser = await launchChromium();
  /** @type {Record<'cold' | 'warm' | 'rested' | 'empty', Moments[]>} */
  const times = { cold: [], warm: [], rested: [], empty: [] };
  try {
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      for (const kind of /** @type {const} */ (['cold', 'warm', 'rested', 'empty'])) {
        // A folder of its own: a window brings back what was open in its folder.
        const folder = temporaryFolder('start');
        folders.push(folder);
        cpSync(path.join(root, 'media', 'sample'), folder, { recursive: true });
        const page = await context.newPage();
        const { url } = kind === 'empty' ? emptyServer : server;
        await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
        await page.getByRole('treeitem', { name: 'keras_sigmoid.py' }).waitFor({ timeout: LIMIT });
        if (kind === 'rested' || kind === 'empty') await delay(REST);
        times[kind].push(await moments(page, kind === 'empty' ? EMPTY_COMMAND : COMMAND));
        await page.close();
      }
      await context.close();
    }
  } finally {
    await browser.close();
    await server.stop();
    await emptyServer.stop();
    for (const folder of folders) removeFolder(folder);
  }
  /** @param {keyof typeof times} kind @param {keyof Moments} moment */
  const of = (kind, moment) => ({ value: median(times[kind].map((each) => each[moment])), unit: 'ms' });
  const what = 'from the command to the first plotted point';
  yield { what: `${what}, the first time in a browser`, ...of('cold', 'point') };
  yield { what: `${what}, in a window after that`, ...of('warm', 'point') };
  yield { what: `${what}, in a window that has come to rest`, ...of('rested', 'point') };
  yield { what: 'there to the page’s document', ...of('rested', 'document') };
  yield { what: 'there to the drawn page', ...of('rested', 'drawn') };
  yield { what: 'there to the script of an empty page of another extension', ...of('empty', 'point') };
}
