import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles the study and runs it: node test/bench/flowStudy.mjs, from the project's folder. */
const folder = await mkdtemp(join(tmpdir(), 'flow-study-'));
try {
  const outfile = join(folder, 'flowStudy.mjs');
  await build({
    entryPoints: ['test/bench/flowStudy.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
