import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { viteKernels } from '../../src/engine/kernels/wasm/compile.mjs';
import { rooms } from './rooms.mjs';

/** The tests of one room alone, for Stryker, which knows one project of Vitest. `test/launch/mutate.mjs` names the room. */
const room = rooms[process.env.GRADIENT_LENS_MUTATE ?? ''];

/** Files that took longest come last: the first test that notices a fault ends its run. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => this.took(a) - this.took(b));
  }

  private took({ project, moduleId }: TestSpecification): number {
    const key = `${project.name}:${path.relative(this.ctx.config.root, moduleId)}`;
    return this.ctx.cache.getFileTestResults(key)?.duration ?? 0;
  }
}

export default defineConfig({
  plugins: [viteKernels()],
  test: {
    root: '.',
    testTimeout: 120_000,
    include: room?.tests ?? [],
    isolate: room?.isolate ?? false,
    sequence: { sequencer: QuickFirst },
  },
});
