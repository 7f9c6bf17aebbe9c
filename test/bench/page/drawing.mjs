import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { build } from 'esbuild';
import { launchChromium } from '../../launch/chromium.mjs';
import { root } from '../../launch/common.mjs';
import { median, percentile } from '../rows';
import { mainThreadTasks } from './trace.mjs';

/**
 * What drawing costs: the comparison's page and the training view, each as it is built, in a real browser with a run of six
 * networks, twelve layers and ten thousand steps. Milliseconds that the page's main thread works for
 * each update: all of it, what comes from workers and what goes to the host and back included. Needs `npm run build`.
 */

/** `cores` as the page believes: where six networks leave one free it hears of them ten times a second, else four times. */
const pages = {
  compare: { width: 1400, height: 900, cores: 8, what: 'comparison, as the window shows it' },
  tall: { page: 'compare', width: 1400, height: 2600, cores: 8, what: 'comparison, all plots in sight' },
  full: { page: 'compare', width: 1400, height: 900, cores: 2, what: 'comparison, networks on every core' },
  training: { width: 340, height: 900, cores: 8, what: 'training view' },
};

/** @param {string} page */
const html = (page) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="UTF-8"><link rel="stylesheet" href="webview.css"></head>
<body class="vscode-dark" style="background: #1f1f1f; color: #ccc"><div id="root" data-page="${page}"></div>
<script src="shell.js"></script><script type="module" src="webview.js"></script></body></html>`;

/** What VS Code gives a page: messages are structured clones in both ways. News are marked, and what is drawn of them is counted. */
const shell = `
const host = new Worker('host.js');
const drawn = [];
new MutationObserver((changes) => {
  for (const { target } of changes) performance.mark('drawn ' + target.dataset.plot);
}).observe(document, { subtree: true, attributeFilter: ['data-points'] });
host.onmessage = ({ data }) => {
  if (data?.body?.m === 'news') performance.mark('news');
  window.dispatchEvent(new MessageEvent('message', { data }));
};
window.acquireVsCodeApi = () => ({ postMessage: (message) => host.postMessage(message), getState() {}, setState() {} });
`;

/** Serves the page's parts on this machine alone. */
export async function serve() {
  const { outputFiles } = await build({
    entryPoints: { host: 'test/bench/page/host.ts', training: 'test/bench/page/trainingWorker.ts' },
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    write: false,
    logLevel: 'warning',
  });
  /** @type {Record<string, string | Uint8Array>} */
  const files = { '/shell.js': shell };
  for (const { path: file, contents } of outputFiles) files[`/${path.basename(file)}`] = contents;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    try {
      const own = pathname === '/' ? html(searchParams.get('page') ?? '') : files[pathname];
      const content = own ?? (await readFile(path.join(root, 'dist', path.basename(pathname))));
      const type = pathname === '/' ? 'text/html' : pathname.endsWith('.css') ? 'text/css' : 'text/javascript';
      response.writeHead(200, { 'content-type': type }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/**
 * @param {string} address
 * @param {{ width: number, height: number, cores: number, what: string }} view
 * @param {string} page
 */
async function measure(address, { width, height, cores, what }, page) {
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage({ viewport: { width, height } });
    tab.on('pageerror', (error) => console.error(error));
    tab.on('console', (message) => message.type() === 'error' && console.error(message.text()));
    await tab.addInitScript((value) => Object.defineProperty(navigator, 'hardwareConcurrency', { value }), cores);
    await browser.startTracing(tab, {
      categories: ['toplevel', 'devtools.timeline', 'v8', 'blink.user_timing', '__metadata'],
    });
    await tab.goto(`${address}/?page=${page}`);
    await tab.waitForSelector('[data-phase=finished]', { timeout: 120_000 });
    const { tasks, scripts, marks } = mainThreadTasks(await browser.stopTracing(), 'news');
    if (process.env.BENCH_PICTURE) await tab.screenshot({ path: `${process.env.BENCH_PICTURE}-${page}-${height}.png` });
    const news = marks.filter(({ name }) => name === 'news').map(({ at }) => at);
    const ends = news.slice(1);
    // The first second makes the plots, and compiles; the last news end the run.
    const shown = ends
      .map((end, i) => ({ start: news[i] ?? 0, end }))
      .filter(({ start }) => start > (news[0] ?? 0) + 2e6);
    /** @param {{ start: number, end: number }} between @param {readonly { at: number, worked: number }[]} of */
    const workIn = ({ start, end }, of) => {
      const within = of.filter(({ at }) => at >= start && at < end);
      return within.reduce((sum, { worked }) => sum + worked, 0) / 1000;
    };
    const drawnAt = marks.filter(({ name }) => name.startsWith('drawn ')).map(({ at }) => at);
    const draws = shown.filter(({ start, end }) => drawnAt.some((at) => at >= start && at < end));
    const work = shown.map((each) => workIn(each, tasks));
    // A page rests after a drawing: what one costs hides in the median of all updates.
    const drawingWork = draws.map((each) => workIn(each, tasks));
    const longest =
      Math.max(...tasks.filter(({ at }) => at > (shown[0]?.start ?? 0)).map(({ worked }) => worked)) / 1000;
    const seconds = ((shown.at(-1)?.end ?? 0) - (shown[0]?.start ?? 0)) / 1e6;
    /** @param {string} kind */
    const rate = (kind) =>
      marks.filter(({ name, at }) => name === `drawn ${kind}` && at > (shown[0]?.start ?? 0)).length / seconds;
    const kinds = [...new Set(marks.flatMap(({ name }) => (name.startsWith('drawn ') ? [name.slice(6)] : [])))];
    return [
      { what: `${what}: work of an update that draws, median`, value: median(drawingWork), unit: 'ms' },
      {
        what: `${what}: work of an update that draws, 95th percentile`,
        value: percentile(drawingWork, 0.95),
        unit: 'ms',
      },
      { what: `${what}: of it script, median`, value: median(draws.map((each) => workIn(each, scripts))), unit: 'ms' },
      { what: `${what}: updates that draw`, value: (100 * draws.length) / shown.length, unit: '%' },
      { what: `${what}: work per update, median`, value: median(work), unit: 'ms' },
      { what: `${what}: work per update, 95th percentile`, value: percentile(work, 0.95), unit: 'ms' },
      {
        what: `${what}: share of the main thread`,
        value: (100 * work.reduce((sum, each) => sum + each, 0)) / (1000 * seconds),
        unit: '%',
      },
      { what: `${what}: longest task`, value: longest, unit: 'ms' },
      { what: `${what}: updates`, value: shown.length / seconds, unit: '1/s' },
      ...kinds.map((kind) => ({ what: `${what}: drawings of ${kind}`, value: rate(kind), unit: '1/s' })),
    ];
  } finally {
    await browser.close();
  }
}

/** @returns {AsyncGenerator<import('../rows').Row>} */
export async function* drawing() {
  const { address, close } = await serve();
  try {
    for (const [name, view] of Object.entries(pages)) {
      yield* await measure(address, view, 'page' in view ? view.page : name);
    }
  } finally {
    close();
  }
}
