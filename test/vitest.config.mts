import { defineConfig } from 'vitest/config';
import { viteKernels } from '../src/engine/kernels/wasm/compile.mjs';

const unit = { root: '.', testTimeout: 240_000, hookTimeout: 240_000 };
const engine = 'test/unit/engine/**/*.test.ts';

export default defineConfig({
  test: {
    root: '.',
    // Vitest leaves one core alone, which on two leaves one.
    maxWorkers: '100%',
    projects: [
      {
        plugins: [viteKernels()],
        // Modules are loaded once for all files: loading them anew took a third of the time of all tests.
        test: { ...unit, name: 'unit', include: ['test/unit/**/*.test.ts'], exclude: [engine], isolate: false },
      },
      // A backend of TensorFlow.js is the whole module's: each file starts its own.
      { plugins: [viteKernels()], test: { ...unit, name: 'engine', include: [engine] } },
    ],
  },
});
