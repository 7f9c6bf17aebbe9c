import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: 'test/e2e/setup.mjs',
    // One VS Code and one browser at a time: the networks train in them.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
  },
});
