import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles the study of models and runs it: node test/bench/modelStudy.mjs, from the project's folder. */
const folder = await mkdtemp(join(tmpdir(), 'model-study-'));
try {
  const outfile = join(folder, 'modelStudy.mjs');
  await build({
    entryPoints: ['test/bench/modelStudy.ts'],
    bundle: true,
    // TensorFlow.js as the editor has it; it asks for some of Node's modules all the same.
    platform: 'browser',
    external: ['node:*', 'node-fetch', ...builtinModules],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = '';",
    },
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
