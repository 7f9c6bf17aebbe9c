// `npm install`: builds the terminal's command, which the package takes along.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isMain, isWindows, mustRun, root, runMain } from './common.mjs';

if (isMain(import.meta.url)) {
  await runMain(async () => {
    // Where npm installs a package from Git for all, as pre-commit has it do, it forgets the tools that build it.
    if (!existsSync(path.join(root, 'node_modules', 'esbuild'))) {
      const npm = process.env.npm_execpath;
      const args = ['ci', '--no-global', '--location=project', '--include=dev', '--ignore-scripts', '--no-audit'];
      if (npm?.endsWith('.js')) await mustRun(process.execPath, [npm, ...args], { what: 'npm ci' });
      else await mustRun(isWindows ? 'npm.cmd' : 'npm', args, { what: 'npm ci' });
    }
    await mustRun(process.execPath, ['esbuild.mjs', '--production'], { what: 'The build' });
  });
}
