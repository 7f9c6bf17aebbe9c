import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BackendError, loadGpuBackends, startBackend } from '../../../src/engine/backends/start';
import { GPU_BACKENDS_FILE } from '../../../src/protocol/workers/backendFiles';
import { startWasm } from './backend';

/** The bundle of the GPU's backends, as a worker is given it. */
let bundle: Uint8Array;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/engine/backends/gpuBackends.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    external: ['util', 'fs', 'crypto'],
    write: false,
  });
  bundle = outputFiles[0]!.contents;
}, 120_000);

afterEach(() => vi.unstubAllGlobals());

describe('the bundle of the GPU’s backends', () => {
  it('is asked for by name where it is missing', () => {
    expect(() => loadGpuBackends({})).toThrow(BackendError);
    expect(() => loadGpuBackends({})).toThrow(/gpu-backends\.js was not found/);
  });

  it('is not needed to say that Node has no GPU backend', async () => {
    await expect(startBackend('webgl', {})).rejects.toThrow('The webgl backend does not start here: no WebGL.');
    await expect(startBackend('webgpu', {})).rejects.toThrow('The webgpu backend does not start here: no WebGPU.');
  });

  it('registers with the engine that computes, once, and leaves its backend alone', async () => {
    await startWasm();
    const engine = tf.engine();
    expect(tf.getKernelsForBackend('webgl')).toEqual([]);
    // What tfjs asks of Node, which the bundle takes this for.
    vi.stubGlobal('require', createRequire(import.meta.url));
    const urls: string[] = [];
    vi.stubGlobal('importScripts', (url: string) => {
      urls.push(url);
      new Function(new TextDecoder().decode(bundle))();
    });
    loadGpuBackends({ [GPU_BACKENDS_FILE]: bundle });
    loadGpuBackends({ [GPU_BACKENDS_FILE]: bundle });
    expect(urls).toEqual([expect.stringMatching(/^blob:/)]);
    for (const backend of ['webgl', 'webgpu']) {
      const names = tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
      expect(names).toEqual(expect.arrayContaining(['Add', '_FusedMatMul', 'FusedConv2D', 'MaxPoolGrad']));
    }
    // Its flags are known to the worker's own environment.
    tf.env().set('WEBGL_CPU_FORWARD', false);
    expect(tf.env().getBool('WEBGL_CPU_FORWARD')).toBe(false);
    expect(tf.engine()).toBe(engine);
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.env().getBool('PROD')).toBe(true);
    expect([...tf.tidy(() => tf.add(tf.tensor1d([1, 2]), tf.scalar(3))).dataSync()]).toEqual([4, 5]);
  });
});
