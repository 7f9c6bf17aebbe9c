import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: 'test/e2e/setup.mjs',
    // Each file has a VS Code and a browser of its own, and waits for them more than they compute.
    maxWorkers: 2,
    // Longer than any wait in them, of which each says by itself what never came.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    teardownTimeout: 30_000,
  },
});
