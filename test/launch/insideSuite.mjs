// Runs the suite of test/inside inside a real VS Code: in the desktop VS Code where it can be had, else in the npm one;
// and a second time in the web worker extension host, as on vscode.dev. Usage:
//   node test/launch/insideSuite.mjs [--host node|web] [--launcher desktop|npm] [--bundle-only] [--counts FILE]
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { launchChromium } from './chromium.mjs';
import {
  isMain,
  isRoot,
  isWindows,
  LaunchError,
  onPath,
  removeFolder,
  root,
  run,
  runMain,
  say,
  secondsSince,
  temporaryFolder,
} from './common.mjs';
import { startMirrors } from './mirrors.mjs';
import { quietSettings, startTestServer } from './vscode.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const suite = path.join(root, 'out', 'inside', 'index.js');
const timeLimit = 900_000;

/** One CommonJS file that needs nothing but `vscode`, for every kind of extension host. */
export async function bundleSuite() {
  await build({
    entryPoints: [path.join(root, 'test', 'inside', 'index.ts')],
    outfile: suite,
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** A copy of the sample folder, so that no test changes the project; `mirrors.txt` in it says where there are mirrors. @param {string} mirrors */
function workspaceCopy(mirrors) {
  const folder = temporaryFolder('workspace');
  cpSync(path.join(root, 'media', 'sample'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'mirrors.txt'), mirrors);
  return folder;
}

/** Shows the suite's own lines, and reads its last one; keeps the rest, which VS Code itself printed, for a failure. */
function makeReader() {
  /** @type {Counts | undefined} */
  let counts;
  /** @type {string[]} */
  const others = [];
  /** @param {string} line */
  const read = (line) => {
    const own = /\[inside\] ?(.*)/.exec(line)?.[1];
    const result = /^RESULT (\{.*\})/.exec(own ?? '')?.[1];
    if (result) counts = JSON.parse(result);
    else if (own !== undefined) console.log(own);
    else if (process.env.GRADIENT_LENS_DEBUG) console.log(line);
    else if (others.push(line) > 60) others.shift();
  };
  return { read, counts: () => counts, others };
}

/**
 * Whether VS Code's download site answers; asked briefly, so that a closed network costs seconds, not minutes.
 * @returns {Promise<boolean>}
 */
async function downloadSiteAnswers() {
  try {
    const answer = await fetch('https://update.code.visualstudio.com/api/releases/stable', {
      signal: AbortSignal.timeout(5000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** @returns {Promise<'desktop' | 'npm'>} */
async function chooseLauncher() {
  const hasDisplay =
    process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY || onPath('xvfb-run');
  if (!hasDisplay) say('No display and no xvfb-run: using the VS Code from npm.');
  else if (await downloadSiteAnswers()) return 'desktop';
  else say('The download site of VS Code does not answer: using the VS Code from npm.');
  return 'npm';
}

/** @typedef {{ counts: Counts | undefined, others: string[] }} Outcome */

/** Runs the desktop VS Code in a process of its own, whose output is read here. @returns {Promise<Outcome>} */
async function runOnDesktop() {
  const { read, counts, others } = makeReader();
  const own = [process.execPath, path.join(root, 'test/launch/insideSuite.mjs'), '--raw-desktop'];
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const [command = '', ...args] = display ? own : ['xvfb-run', '-a', ...own];
  await run(command, args, { onLine: read });
  return { counts: counts(), others };
}

async function rawDesktop() {
  const cachePath = path.join(root, '.vscode-test');
  const profile = temporaryFolder('desktop');
  mkdirSync(path.join(profile, 'User'));
  writeFileSync(path.join(profile, 'User', 'settings.json'), JSON.stringify(quietSettings));
  const mirrors = await startMirrors();
  return runTests({
    vscodeExecutablePath: await downloadAndUnzipVSCode({ cachePath, timeout: 60_000 }),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs: [
      workspaceCopy(mirrors.address),
      '--disable-extensions',
      '--disable-gpu',
      '--disable-workspace-trust',
      `--user-data-dir=${profile}`,
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
  }).finally(mirrors.stop);
}

/**
 * What test-electron does, with the npm VS Code and a Chromium: the page is told by its payload to load the extension from
 * the project and to run the suite in the extension host; it reports through two functions that it finds on `window`.
 * @param {'node' | 'web'} host
 * @returns {Promise<Outcome>}
 */
async function runOnNpm(host) {
  const { read, counts, others } = makeReader();
  const mirrors = await startMirrors();
  const workspace = workspaceCopy(mirrors.address);
  const server = await startTestServer();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    let last = 'the page was opened';
    page.on('pageerror', (error) => {
      last = `page error: ${error.message}`;
    });
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
      last = `${type}: ${args.join(' ')}`;
      read(args.join(' '));
    });
    /** @type {Promise<number>} */
    const ended = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    const remote = (/** @type {string} */ file) =>
      `vscode-remote://127.0.0.1:${server.port}${path.posix.resolve('/', file)}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(suite)],
      ...(host === 'web' ? [['extensionDevelopmentKind', 'web']] : []),
    ];
    const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
    await page.goto(`${server.url}/?${query}`);
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(async () => {
        const picture = path.join(root, 'out', 'screenshots', `inside-${host}-timeout.png`);
        await page.screenshot({ path: picture }).catch(() => {});
        reject(
          new LaunchError(`The suite did not end within ${timeLimit / 1000} s; last: ${last}. Screenshot: ${picture}`),
        );
      }, timeLimit);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
  } finally {
    await browser.close();
    await server.stop();
    mirrors.stop();
    removeFolder(workspace);
  }
  return { counts: counts(), others };
}

/**
 * @param {'node' | 'web'} host the kind of extension host
 * @param {string} [launcher]
 * @returns {Promise<Counts>}
 */
export async function runInside(host, launcher) {
  const started = performance.now();
  if (host === 'web' && isWindows) {
    say('Skipped the web worker extension host: the VS Code from npm does not run on Windows.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  let chosen = host === 'web' ? 'npm' : (launcher ?? (await chooseLauncher()));
  const kind = host === 'web' ? 'web worker' : 'Node';
  say(`Inside VS Code (${chosen}), ${kind} extension host:`);
  let outcome = chosen === 'desktop' ? await runOnDesktop() : await runOnNpm(host);
  if (!outcome.counts && chosen === 'desktop' && !launcher && !isWindows) {
    say(
      `The desktop VS Code ended without a result; it printed:\n${outcome.others.join('\n')}\nTrying the one from npm:`,
    );
    chosen = 'npm';
    outcome = await runOnNpm(host);
  }
  const { counts, others } = outcome;
  if (!counts || counts.passed + counts.failed === 0) {
    throw new LaunchError(`The suite ended without having run a test. VS Code printed:\n${others.join('\n')}`);
  }
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${secondsSince(started)})`);
  return counts;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({
      options: {
        host: { type: 'string' },
        launcher: { type: 'string' },
        'bundle-only': { type: 'boolean' },
        'raw-desktop': { type: 'boolean' },
        counts: { type: 'string' },
      },
    });
    if (values['raw-desktop']) return rawDesktop();
    await bundleSuite();
    if (values['bundle-only']) return 0;
    /** @type {Counts} */
    const total = { passed: 0, failed: 0, skipped: 0 };
    let broken = false;
    for (const host of /** @type {const} */ (['node', 'web'])) {
      if (values.host && values.host !== host) continue;
      try {
        const counts = await runInside(host, values.launcher);
        total.passed += counts.passed;
        total.failed += counts.failed;
        total.skipped += counts.skipped;
      } catch (error) {
        if (!(error instanceof LaunchError)) throw error;
        console.error(`✖ ${error.message}`);
        broken = true;
      }
    }
    if (values.counts) writeFileSync(values.counts, JSON.stringify({ ...total, broken }));
    return broken || total.failed > 0 ? 1 : 0;
  });
}
