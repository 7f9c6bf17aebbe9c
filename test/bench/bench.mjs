import { builtinModules } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { runBundled } from './bundled.mjs';

/**
 * The measurements, part by part, as one table: from the project's folder, after `npm run build`,
 *
 *     npm run bench -- [--only training,growth] [--data FOLDER] [--webview | --published] [--json]
 *
 * FOLDER holds MNIST as IDX files; without it, drawn digits stand for them. `--webview` runs the comparisons with PyTorch in
 * the webview of a real VS Code alone, `--published` finds figures again that others have published (test/published), `--json`
 * writes {machine, rows} instead of a table.
 */
const parts = [
  ...['training', 'growth', 'memory', 'measurement', 'reading'],
  ...['drawing', 'start', 'activation', 'hover'],
];
const inWebview = ['webview'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string' },
    webview: { type: 'boolean', default: false },
    published: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const known = values.webview ? inWebview : values.published ? ['published'] : parts;
const chosen = values.only?.split(',') ?? known;
const unknown = chosen.filter((part) => !known.includes(part));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(', ')}; expected some of ${known.join(', ')}.`);
if (values.data !== undefined) process.env.BENCH_DATA = values.data;

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
/** @typedef {import('./rows').Row & { part: string }} FoundRow */
/** @type {FoundRow[]} */
const rows = [];

/** Three figures, and no more than the thing has. @param {number} value */
const figures = (value) =>
  Number.isInteger(value)
    ? value.toLocaleString('en')
    : value < 0.1
      ? value.toPrecision(3)
      : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** @param {FoundRow} row */
function found(row) {
  rows.push(row);
  const { what, value, unit, note } = row;
  if (values.json) return;
  console.log(`  ${what.padEnd(66)} ${figures(value).padStart(9)} ${unit}${note === undefined ? '' : `   ${note}`}`);
}

if (!values.json) console.log(`On ${machine}`);
for (const part of chosen) {
  if (!values.json) console.log(`\n${part}`);
  /** @type {{ default: import('./rows').Part }} */
  const { default: measure } = await runBundled(part, {
    // TensorFlow.js as the editor has it, which asks for some of Node's modules all the same; and what is no bundle.
    alias: { vscode: './test/bench/host/vscode.ts' },
    external: ['node:*', 'node-fetch', 'playwright-core', ...builtinModules],
    banner: {
      js: "import { createRequire as forBundle } from 'node:module'; const require = forBundle(import.meta.url); const __dirname = '';",
    },
  });
  for await (const row of measure()) found({ part, ...row });
}
if (values.json) console.log(JSON.stringify({ machine, rows }, null, 2));
process.exit();
