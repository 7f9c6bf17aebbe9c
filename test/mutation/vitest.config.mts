import { defineConfig } from 'vitest/config';
import { viteKernels } from '../../src/engine/kernels/wasm/compile.mjs';
import { rooms } from './rooms.mjs';

/** The tests of one room alone, for Stryker, which knows one project of Vitest. `test/launch/mutate.mjs` names the room. */
const room = rooms[process.env.GRADIENT_LENS_MUTATE ?? ''];

export default defineConfig({
  plugins: [viteKernels()],
  test: { root: '.', testTimeout: 120_000, include: room?.tests ?? [], isolate: room?.isolate ?? false },
});
