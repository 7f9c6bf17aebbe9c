import { builtinModules } from 'node:module';
import { parseArgs } from 'node:util';
import { runBundled } from './bundled.mjs';

/**
 * The measurements, part by part: npm run bench -- [--only training,growth,reading] [--data FOLDER], from the project's
 * folder, after `npm run build`. FOLDER holds MNIST as IDX files; without it, drawn digits stand for them.
 */
const parts = ['training', 'growth', 'reading'];

const { values } = parseArgs({ options: { only: { type: 'string' }, data: { type: 'string' } } });
const chosen = values.only?.split(',') ?? parts;
const unknown = chosen.filter((part) => !parts.includes(part));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(', ')}; expected some of ${parts.join(', ')}.`);
if (values.data !== undefined) process.env.BENCH_DATA = values.data;

for (const part of chosen) {
  await runBundled(part, {
    // TensorFlow.js as the editor has it; it asks for some of Node's modules all the same.
    external: ['node:*', 'node-fetch', ...builtinModules],
    banner: {
      js: "import { createRequire as forBundle } from 'node:module'; const require = forBundle(import.meta.url); const __dirname = '';",
    },
  });
}
