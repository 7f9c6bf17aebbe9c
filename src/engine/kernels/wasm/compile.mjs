import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/**
 * Compiles `assembly` to WebAssembly when something is bundled that imports it, for esbuild and for Vite; whoever
 * imports `./assembly/index.wasm` gets its bytes.
 */

const SPECIFIER = /\/assembly\/index\.wasm$/;
const folder = fileURLToPath(new URL('./assembly/', import.meta.url));

/** No runtime and no data of its own: it works in a memory that is handed in. */
const options = ['--runtime', 'stub', '--importMemory', '--enable', 'simd', '-O3', '--noAssert'];

/** @returns {Promise<Uint8Array>} */
async function compile() {
  /** @type {Uint8Array | undefined} */
  let found;
  const { error, stderr } = await asc.main(['index.ts', ...options, '--outFile', 'index.wasm'], {
    readFile: (name) => readFile(path.resolve(folder, name), 'utf8').catch(() => null),
    writeFile: (_name, content) => {
      if (typeof content !== 'string') found = content;
    },
  });
  if (error || found === undefined) throw new Error(`The kernels do not compile.\n${stderr.toString()}`);
  return found;
}

/** @type {Promise<Uint8Array> | undefined} */
let compiled;

/** The module's bytes; compiled once in a process. */
export const kernelBytes = () => {
  compiled ??= compile();
  return compiled;
};

/** @type {import('esbuild').Plugin} */
export const esbuildKernels = {
  name: 'kernels',
  setup(build) {
    build.onResolve({ filter: SPECIFIER }, () => ({ path: path.join(folder, 'index.wasm'), namespace: 'kernels' }));
    build.onLoad({ filter: /./, namespace: 'kernels' }, async () => ({
      contents: await kernelBytes(),
      loader: 'binary',
      watchDirs: [folder],
    }));
  },
};

/** @returns {import('vite').Plugin} */
export const viteKernels = () => ({
  name: 'kernels',
  enforce: 'pre',
  resolveId: (source) => (SPECIFIER.test(source) ? '\0kernels' : undefined),
  load: async (id) =>
    id === '\0kernels'
      ? `export default Uint8Array.from(atob('${Buffer.from(await kernelBytes()).toString('base64')}'), (c) => c.charCodeAt(0));`
      : undefined,
});
