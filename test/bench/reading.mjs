import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles the measurement of reading and runs it: npm run bench, from the project's folder. */
const folder = await mkdtemp(join(tmpdir(), 'reading-'));
try {
  const outfile = join(folder, 'reading.mjs');
  await build({
    entryPoints: ['test/bench/reading.ts'],
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
