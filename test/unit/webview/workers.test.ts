import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wasmFile } from '../../../src/session/wasmFile';
import { loadWorkerParts } from '../../../webview/shell/workers';

const files = {
  'tfjs-backend-wasm-simd.wasm': 'https://page/simd',
  'tfjs-backend-wasm.wasm': 'https://page/plain',
  'gpu-backends.js': 'https://page/gpu',
};
const assets = { worker: 'https://page/worker', files };

let fetched: string[];
let missing: string[];

beforeEach(() => {
  fetched = [];
  missing = [];
  vi.stubGlobal('fetch', async (url: string) => {
    fetched.push(url);
    return new Response(url, { status: missing.includes(url) ? 404 : 200 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const textsOf = (binaries: Record<string, Uint8Array>) =>
  Object.fromEntries(Object.entries(binaries).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));

describe('what starting workers takes', () => {
  it('is the bundle and the wasm file that this machine runs', async () => {
    const { binaries } = await loadWorkerParts(assets);
    expect(fetched).toEqual(['https://page/worker', 'https://page/simd']);
    expect(textsOf(binaries)).toEqual({ 'tfjs-backend-wasm-simd.wasm': 'https://page/simd' });
  });

  it('is the plain wasm file without SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const { binaries } = await loadWorkerParts(assets);
    expect(textsOf(binaries)).toEqual({ 'tfjs-backend-wasm.wasm': 'https://page/plain' });
  });

  it('is the bundle alone for a worker that computes without tfjs', async () => {
    const { binaries, gpuBackends } = await loadWorkerParts({ worker: assets.worker, files: {} });
    expect(binaries).toEqual({});
    expect(await gpuBackends()).toEqual({});
    expect(fetched).toEqual(['https://page/worker']);
  });

  it('has the GPU’s backends once they are asked for, fetched once', async () => {
    const { gpuBackends } = await loadWorkerParts(assets);
    expect(fetched).not.toContain('https://page/gpu');
    const [first, second] = await Promise.all([gpuBackends(), gpuBackends()]);
    expect(textsOf(first)).toEqual({ 'gpu-backends.js': 'https://page/gpu' });
    expect(second).toBe(first);
    expect(fetched.filter((url) => url === 'https://page/gpu')).toHaveLength(1);
  });

  it('asks again for GPU backends that could not be had', async () => {
    const { gpuBackends } = await loadWorkerParts(assets);
    missing = ['https://page/gpu'];
    await expect(gpuBackends()).rejects.toThrow('https://page/gpu could not be loaded (status 404)');
    missing = [];
    expect(Object.keys(await gpuBackends())).toEqual(['gpu-backends.js']);
  });

  it('fails where the bundle is missing', async () => {
    missing = ['https://page/worker'];
    await expect(loadWorkerParts(assets)).rejects.toThrow('Install the extension again.');
  });
});

it('takes the wasm file with SIMD where WebAssembly has it', () => {
  expect(wasmFile()).toBe('tfjs-backend-wasm-simd.wasm');
});
