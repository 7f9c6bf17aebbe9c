// Finds a Chromium for the tests, or installs one. `node test/launch/chromium.mjs` prints where it is.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { isMain, isRoot, LaunchError, onPath, run, runMain, say, tool } from './common.mjs';

/** Without a sandbox (it does not work for root), a GPU or any talk to the outside. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {string | undefined} file */
function isExecutable(file) {
  try {
    accessSync(file ?? '', constants.X_OK);
    return file !== undefined && file !== '';
  } catch {
    return false;
  }
}

function findChromium() {
  const { CHROMIUM_PATH, PROGRAMFILES, LOCALAPPDATA } = process.env;
  if (CHROMIUM_PATH) {
    if (isExecutable(CHROMIUM_PATH)) return CHROMIUM_PATH;
    throw new LaunchError(`CHROMIUM_PATH is ${CHROMIUM_PATH}, which cannot be run.`);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const places = [
    '/usr/bin/chromium',
    ...(process.platform === 'win32' ? [] : names.map(onPath)),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    PROGRAMFILES && path.join(PROGRAMFILES, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    LOCALAPPDATA && path.join(LOCALAPPDATA, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    PROGRAMFILES && path.join(`${PROGRAMFILES} (x86)`, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    chromium.executablePath(),
  ];
  return places.find((place) => isExecutable(place || undefined)) || undefined;
}

const isDebian = () =>
  existsSync('/etc/os-release') && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));

/** The path of a Chromium, installed first where there is none. @returns {Promise<string>} */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  /** @type {string[]} */
  const tried = [];
  if (isRoot && isDebian()) {
    say('Installing Chromium with apt-get …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ]) {
      const { code, output } = await run('apt-get', args, { env });
      if (code !== 0) tried.push(`apt-get ${args.join(' ')}: ${output.trim().split('\n').slice(-3).join(' ')}`);
    }
    const installed = findChromium();
    if (installed) return installed;
  }
  say('Downloading Chromium with Playwright …');
  const { code, output } = await run(process.execPath, [tool('playwright-core'), 'install', 'chromium']);
  if (code !== 0) tried.push(`playwright-core install chromium: ${output.trim().split('\n').slice(-3).join(' ')}`);
  const downloaded = findChromium();
  if (downloaded) return downloaded;
  throw new LaunchError(
    `No Chromium was found and none could be installed. Install Chromium or Google Chrome, or set CHROMIUM_PATH to one.\n  ${tried.join('\n  ')}`,
  );
}

/** Starts a Chromium without a window. */
export async function launchChromium() {
  return chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags, headless: true });
}

if (isMain(import.meta.url)) await runMain(async () => console.log(await ensureChromium()));
