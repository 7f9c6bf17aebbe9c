// What the launch scripts share: paths, child processes that end with us, free ports, temporary folders.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** @type {{ name: string, version: string, icon: string, repository?: unknown }} */
export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
export const isWindows = process.platform === 'win32';
export const isRoot = process.getuid?.() === 0;

/** A failure whose message is meant for a person: shown without a stack. */
export class LaunchError extends Error {}

/** @param {string} text */
export const say = (text) => console.log(`\x1b[2m▸\x1b[0m ${text}`);

/** @param {number} since a value of performance.now() */
export const secondsSince = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** @param {number} milliseconds @returns {Promise<void>} */
export const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whether a command is on PATH. @param {string} name */
export function onPath(name) {
  const found = spawnSync(isWindows ? 'where' : 'which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split(/\r?\n/)[0]?.trim() : undefined;
}

/** Whether the process with this id still runs. @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * An environment for npm inside npm: without what the outer npm tells its scripts about the outer package.
 * @param {NodeJS.ProcessEnv} [extra]
 */
export function cleanEnvironment(extra = {}) {
  const own = /^(npm_(package|lifecycle|command|execpath|node_execpath|config_(local|global)?_?prefix)|INIT_CWD)/i;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Everything started here, by process id; ended when this process ends, however it ends. @type {Set<number>} */
const groups = new Set();
/** @type {Set<string>} */
const temporaryFolders = new Set();

/** @param {number} pid @param {NodeJS.Signals} signal */
function signalTree(pid, signal) {
  if (isWindows) {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Ended already.
  }
}

process.on('exit', () => {
  for (const pid of groups) signalTree(pid, 'SIGKILL');
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.on(signal, () => process.exit(code));
}

/** @param {string} name */
export function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(tmpdir(), `gradient-lens-${name}-`));
  temporaryFolders.add(folder);
  return folder;
}

/** @param {string} folder */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  temporaryFolders.delete(folder);
}

/**
 * Starts a process as the head of a group of its own, so that it can be ended with all its children.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function startProcess(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, ...options, detached: !isWindows });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    child.once('exit', () => groups.delete(pid));
  }
  return child;
}

/** Ends a process and its children and waits until it is gone. @param {import('node:child_process').ChildProcess} child */
export async function stopProcess(child) {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    signalTree(pid, 'SIGTERM');
    const last = setTimeout(() => signalTree(pid, 'SIGKILL'), 5000);
    await gone;
    clearTimeout(last);
  }
  if (!isWindows) signalTree(pid, 'SIGKILL'); // children that outlived their head
  groups.delete(pid);
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, onLine?: (line: string) => void }} [options]
 *   show: stream the output to the terminal as well
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd = root, env = process.env, show = false, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = startProcess(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let rest = '';
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
      if (!onLine) return;
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (rest) onLine?.(rest);
      resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}\n` : output });
    });
  });
}

/** Runs a command and fails, with the end of its output, where it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2] & { what?: string }} [options]
 */
export async function mustRun(command, args, { what = path.basename(command), ...options } = {}) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const tail = options.show ? '' : `\n${output.trimEnd().split('\n').slice(-40).join('\n')}`;
    throw new LaunchError(`${what} failed with exit code ${code}.${tail}`);
  }
  return output;
}

/** The script of a command-line tool among the dependencies. @param {string} name @param {string} [bin] */
export function tool(name, bin = name) {
  const folder = path.join(root, 'node_modules', name);
  if (!existsSync(folder)) throw new LaunchError(`${name} is not installed: run "npm ci" first.`);
  /** @type {{ bin?: string | Record<string, string> }} */
  const { bin: bins } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const script = typeof bins === 'string' ? bins : bins?.[bin];
  if (script === undefined) throw new LaunchError(`${name} has no command "${bin}".`);
  return path.join(folder, script);
}

/** The first port from `from` on that nobody listens on. @param {number} from @returns {Promise<number>} */
export function freePort(from) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' && from < 65_535) freePort(from + 1).then(resolve, reject);
      else reject(error);
    });
    probe.listen(from, '127.0.0.1', () => probe.close(() => resolve(from)));
  });
}

/** Runs a script's main function: errors for people without a stack, exit code 1. @param {() => Promise<number | void>} main */
export async function runMain(main) {
  try {
    process.exit((await main()) ?? 0);
  } catch (error) {
    console.error(error instanceof LaunchError ? `\x1b[31m✖\x1b[0m ${error.message}` : error);
    process.exit(1);
  }
}

/** Whether this module is the script that Node was started with. @param {string} url its import.meta.url */
export const isMain = (url) => process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(url);
