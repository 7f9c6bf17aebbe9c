// `npm run check`: types, style and the direction of imports, in parallel.
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { isMain, root, run, runMain, secondsSince, tool } from './common.mjs';

const cache = path.join(root, 'node_modules', '.cache', 'gradient-lens');

/** What may lie at the top of the project, besides dotfiles. */
const topLevel = new Set([
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'esbuild.mjs'],
  ...['src', 'webview', 'media', 'docs', 'test'],
  ...['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md'],
]);

/** @param {string} project */
const types = (project) => {
  const buildInfo = path.join(cache, `${project.replace(/\W+/g, '-')}.tsbuildinfo`);
  return node(tool('typescript', 'tsc'), '-p', project, '--incremental', '--tsBuildInfoFile', buildInfo, '--pretty');
};

/** @param {string[]} args */
const node = (...args) => run(process.execPath, args, { env: { ...process.env, FORCE_COLOR: '1' } });

async function checkTopLevel() {
  const { code, output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  if (code !== 0) return { code, output };
  const names = new Set(output.split(/\r?\n/).flatMap((file) => file.split('/')[0] || []));
  const unexpected = [...names].filter((name) => !name.startsWith('.') && !topLevel.has(name));
  return { code: unexpected.length > 0 ? 1 : 0, output: `Unexpected at the top level: ${unexpected.join(', ')}` };
}

/** The longest first. @type {[name: string, check: () => Promise<{ code: number, output: string }>][]} */
const checks = [
  ['types', () => types('tsconfig.json')],
  [
    'direction of imports',
    () => node(tool('dependency-cruiser', 'depcruise'), 'src', 'webview', '--config', '.dependency-cruiser.cjs'),
  ],
  ['types of src/core', () => types('src/core')],
  ['types of src/host', () => types('src/host')],
  [
    'style',
    () =>
      node(
        tool('@biomejs/biome', 'biome'),
        'ci',
        '--diagnostic-level=error',
        process.stdout.isTTY ? '--colors=force' : '--colors=off',
        '.',
      ),
  ],
  ['top level', checkTopLevel],
];

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function runChecks() {
  mkdirSync(cache, { recursive: true });
  const waiting = [...checks];
  let failed = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, check] = next;
      const started = performance.now();
      const { code, output } = await check();
      console.log(`${code === 0 ? '\x1b[32m✓\x1b[0m' : '\x1b[31m✗\x1b[0m'} ${name} (${secondsSince(started)})`);
      if (code === 0) continue;
      failed += 1;
      console.log(output.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker));
  return { passed: checks.length - failed, failed };
}

if (isMain(import.meta.url)) await runMain(async () => ((await runChecks()).failed > 0 ? 1 : 0));
