import { appendFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { context } from 'esbuild';
import { esbuildKernels } from './src/engine/kernels/wasm/compile.mjs';
import { asComment, noticesOf, packagesOf } from './test/launch/notices.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/**
 * Vega's transforms of maps, trees, forces and the like, which no plot here uses: 150 kB of its code.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutUnusedVega = {
  name: 'without-unused-vega',
  setup({ onResolve, onLoad }) {
    const unused = /^vega-(crossfilter|force|geo|hierarchy|label|regression|voronoi|wordcloud)$/;
    onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused-vega', sideEffects: false }));
    onLoad({ filter: unused, namespace: 'unused-vega' }, () => ({ contents: 'export {};' }));
  },
};

const shared = /** @satisfies {import('esbuild').BuildOptions} */ ({
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  target: ['es2022', 'chrome120', 'node20'],
  logLevel: 'warning',
  metafile: true,
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [esbuildKernels, withoutUnusedVega],
});

/** Node modules that tfjs asks for where it finds Node; a browser never reaches those lines. */
const optionalNodeModules = [
  'fs',
  'path',
  'util',
  'worker_threads',
  'perf_hooks',
  'os',
  'crypto',
  'string_decoder',
  'node-fetch',
];

/**
 * Pages load Vega when they first draw a plot: it is more than half of all their code. It stays a bundle of its own that
 * shares nothing with theirs, so that a page is one file until then.
 *
 * @type {import('esbuild').Plugin}
 */
const vegaLater = {
  name: 'vega-later',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/embed$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './plots.js', external: true } : undefined,
    ),
};

/**
 * The wasm backend's loader for threads stays out: webviews have no SharedArrayBuffer, and networks train in parallel.
 * @type {import('esbuild').Plugin}
 */
const withoutThreads = {
  name: 'without-threads',
  setup(build) {
    const threaded = { filter: /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/ };
    build.onLoad(threaded, () => ({ contents: "export const wasmWorkerContents = ''; export default undefined;" }));
  },
};

/**
 * The editor's API as a module with the names that the host uses. Left to itself, esbuild copies all names of the API for
 * every file that imports it: half of what it takes to load the host.
 *
 * @type {import('esbuild').Plugin}
 */
const apiOnce = {
  name: 'api-once',
  setup({ onResolve, onLoad }) {
    const namespace = 'vscode-api';
    onResolve({ filter: /^vscode$/ }, ({ importer }) =>
      importer === namespace ? { path: 'vscode', external: true } : { path: namespace, namespace },
    );
    onLoad({ filter: /./, namespace }, async () => {
      const files = (await readdir('src/host', { recursive: true })).filter((file) => file.endsWith('.ts'));
      const texts = await Promise.all(files.map((file) => readFile(path.join('src/host', file), 'utf8')));
      const names = new Set(texts.flatMap((text) => [...text.matchAll(/\bvscode\.(\w+)/g)].map(([, name]) => name)));
      return { contents: `export const { ${[...names].sort().join(', ')} } = require('vscode');`, resolveDir: '.' };
    });
  },
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  // The same for `main` and for `browser`: the host uses no Node built-ins. What reads code is loaded when it is needed.
  {
    ...shared,
    entryPoints: { extension: 'src/host/extension.ts', code: 'src/host/code/codeRoom.ts' },
    format: 'cjs',
    platform: 'browser',
    plugins: [esbuildKernels, apiOnce],
  },
  // Self-contained files: webview workers cannot import. Their minified form is what every build ships: a worker's start is
  // the time that reading them takes.
  {
    ...shared,
    entryPoints: { worker: 'src/engine/worker.ts', 'gpu-backends': 'src/engine/backends/gpuBackends.ts' },
    format: 'iife',
    platform: 'browser',
    external: optionalNodeModules,
    plugins: [esbuildKernels, withoutThreads],
    minify: true,
  },
  // What the calculator's page has of it: the measurement alone, without tfjs.
  {
    ...shared,
    entryPoints: { 'flow-worker': 'src/engine/flowWorker.ts' },
    format: 'iife',
    platform: 'browser',
    minify: true,
    sourcemap: false,
  },
  {
    ...shared,
    entryPoints: { webview: 'webview/shell/main.tsx' },
    format: 'esm',
    platform: 'browser',
    plugins: [...shared.plugins, vegaLater],
    // With the font inside, no icon is blank while it loads.
    loader: { '.ttf': 'dataurl' },
  },
  // What starts its workers before it is there itself.
  { ...shared, entryPoints: { early: 'webview/shell/early.ts' }, format: 'iife', platform: 'browser' },
  // What of it draws plots.
  { ...shared, entryPoints: { plots: 'webview/plots/embed.ts' }, format: 'esm', platform: 'browser' },
  // The report is one file, and so is the calculator outside the editor: script and icons go inside.
  {
    ...shared,
    entryPoints: { report: 'webview/report/report.tsx', calculator: 'webview/standalone/main.ts' },
    format: 'iife',
    platform: 'browser',
    loader: { '.ttf': 'dataurl' },
    minify: true,
    sourcemap: false,
  },
  {
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts', 'cli-worker': 'src/cli/nodeWorker.ts' },
    format: 'cjs',
    platform: 'node',
    external: ['./worker.js'],
    // Its main file asks for its parts in a way that cannot be bundled.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  },
];

/**
 * What a file may come to in the package, in kB: about a tenth more than it is. Whoever raises one says in the commit what
 * it is for. All of them together have to stay under 4 MB packed (`npm run package`).
 */
const limits = {
  'extension.js': 340,
  'code.js': 1200,
  'webview.js': 700,
  'early.js': 3,
  'plots.js': 830,
  'webview.css': 250,
  'worker.js': 760,
  'gpu-backends.js': 860,
  'flow-worker.js': 170,
  'calculator.js': 1380,
  'calculator.css': 250,
  'report.js': 1180,
  'report.css': 240,
  'cli.js': 1250,
  'cli-worker.js': 5,
};

async function checkLimits() {
  const sizes = await Promise.all(
    Object.entries(limits).map(async ([file, limit]) => ({
      file,
      limit,
      kB: (await stat(`dist/${file}`)).size / 1000,
    })),
  );
  const over = sizes.filter(({ limit, kB }) => kB > limit);
  for (const { file, limit, kB } of over) {
    console.error(`dist/${file} has ${kB.toFixed(0)} kB; its limit in esbuild.mjs is ${limit} kB.`);
  }
  if (over.length > 0) process.exitCode = 1;
}

/** What is handed on by itself has its notices inside; the package has those of all that it contains in a file of their own. */
const alone = ['dist/report.js', 'dist/calculator.js'];
const outsidePackage = /^dist\/(report|cli|cli-worker)\./;

/** @param {import('esbuild').BuildResult[]} built */
async function writeNotices(built) {
  const outputs = built.flatMap(({ metafile }) => Object.entries(metafile?.outputs ?? {}));
  /** @param {typeof outputs} of */
  const packages = (of) => packagesOf(of.flatMap(([, { inputs }]) => Object.keys(inputs)));
  const packaged = packages(outputs.filter(([file]) => !outsidePackage.test(file)));
  await writeFile('dist/NOTICES.txt', noticesOf(packaged));
  for (const file of alone) {
    const styles = file.replace(/js$/, 'css');
    await appendFile(
      file,
      asComment(noticesOf(packages(outputs.filter(([name]) => name === file || name === styles)))),
    );
  }
}

const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out';
// No threaded one: webviews have no SharedArrayBuffer, and networks already train in parallel.
const wasmFiles = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

if (!watch) await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
const contexts = await Promise.all(bundles.map((options) => context({ ...options, outdir: 'dist' })));
for (const file of wasmFiles) await cp(`${wasm}/${file}`, `dist/${file}`);
if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
  console.log('Watching for changes…');
} else {
  const built = await Promise.all(contexts.map((each) => each.rebuild()));
  await writeNotices(built);
  await Promise.all(contexts.map((each) => each.dispose()));
  if (production) await checkLimits();
}
