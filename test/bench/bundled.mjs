import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { esbuildKernels } from '../../src/engine/kernels/wasm/compile.mjs';

/**
 * Bundles `test/bench/<name>.ts` and runs it; from the project's folder.
 *
 * @param {string} name
 * @param {import('esbuild').BuildOptions} options beside the usual ones
 */
export async function runBundled(name, options = {}) {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
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
      plugins: [esbuildKernels],
      ...options,
    });
    await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
