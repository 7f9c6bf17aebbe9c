import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: 'test/e2e/setup.mjs',
    // One VS Code and one browser at a time: the networks train in them, and two took longer beside each other than in turn.
    fileParallelism: false,
    // Longer than any wait in them, of which each says by itself what never came.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    teardownTimeout: 30_000,
  },
});
