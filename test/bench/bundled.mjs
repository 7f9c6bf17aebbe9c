import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { esbuildKernels } from '../../src/engine/kernels/wasm/compile.mjs';

/** What starts VS Code and browsers, or bundles, finds the project by its own place. @type {import('esbuild').Plugin} */
const launchersStay = {
  name: 'launchers',
  setup({ onResolve }) {
    onResolve({ filter: /\/(launch|e2e|page)\/\w+\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    }));
  },
};

/**
 * Bundles `test/bench/<name>.ts` and runs it; from the project's folder.
 *
 * @param {string} name
 * @param {import('esbuild').BuildOptions} options beside the usual ones
 * @returns what it exports
 */
export async function runBundled(name, options = {}) {
  // In the project, where what is not bundled is found.
  await mkdir('out', { recursive: true });
  const folder = await mkdtemp(resolve('out', `${name}-`));
  try {
    const outfile = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [`test/bench/${name}.ts`],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      outfile,
      logLevel: 'warning',
      plugins: [esbuildKernels, launchersStay],
      ...options,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
