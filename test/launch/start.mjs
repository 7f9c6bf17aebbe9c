// `npm start`: builds the extension and opens it on the sample folder: in the VS Code that is installed (`code` on PATH),
// else in the one from npm, as a page on 127.0.0.1 (PORT, or 8123, or the next free one).
import path from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, isMain, isWindows, LaunchError, mustRun, onPath, root, run, runMain, say } from './common.mjs';
import { makePackage } from './package.mjs';
import { startPersonServer } from './vscode.mjs';

const sample = path.join(root, 'media', 'sample');
/** Opened first: it says what to do. */
const firstFile = path.join(sample, 'keras_sigmoid.py');

/** @param {string} code the command of the installed VS Code */
async function startDesktop(code) {
  say('Building …');
  await mustRun(process.execPath, ['esbuild.mjs'], { show: true, what: 'The build' });
  say(`Opening it in ${code} …`);
  const args = ['--wait', '--new-window', `--extensionDevelopmentPath=${root}`, sample, firstFile];
  // On Windows `code` is a batch file, which only a shell runs.
  const [command = '', ...rest] = isWindows ? ['cmd', '/c', 'code', ...args] : [code, ...args];
  return (await run(command, rest, { show: true })).code;
}

async function startPage() {
  const wanted = Number(process.env.PORT || 8123);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535) {
    throw new LaunchError(`PORT is "${process.env.PORT}": it must be a number from 1 to 65535.`);
  }
  say('Building and packaging …');
  const vsix = await makePackage();
  say('Starting VS Code …');
  const port = await freePort(wanted);
  const server = await startPersonServer({ vsix, port, profile: path.join(root, '.vscode-test', 'profile') });
  const open = [['openFile', `vscode-remote://${new URL(server.url).host}${firstFile}`]];
  const query = `folder=${encodeURIComponent(sample)}&payload=${encodeURIComponent(JSON.stringify(open))}`;
  console.log(`
  Gradient Lens is installed in the VS Code at

      ${server.url}/?${query}

  Open that in a browser: a sample is open. Rest the pointer on an activation, or press F1 and run "Gradient Lens: Compare Activations".
  Ctrl+C here stops it.
`);
  return new Promise(() => {}); // until a signal ends this process, and with it the server
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { npm: { type: 'boolean' } } });
    const code = values.npm ? undefined : onPath('code');
    return code ? startDesktop(code) : startPage();
  });
}
