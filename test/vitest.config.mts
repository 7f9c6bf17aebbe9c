import { defineConfig } from 'vitest/config';
import { viteKernels } from '../src/engine/kernels/wasm/compile.mjs';

export default defineConfig({
  plugins: [viteKernels()],
  test: {
    root: '.',
    include: ['test/unit/**/*.test.ts'],
    // Vitest leaves one core alone, which on two leaves one.
    maxWorkers: '100%',
    testTimeout: 120_000,
  },
});
