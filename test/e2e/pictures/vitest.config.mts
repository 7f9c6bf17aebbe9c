import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/e2e/pictures/*.picture.ts'],
    globalSetup: 'test/e2e/setup.mjs',
    testTimeout: 480_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
  },
});
