// A GPU that is lost in the middle of a training: it goes on in main memory, and says so.
import { expect, it } from 'vitest';
import { ComparePage } from './comparePage';
import { Workbench } from './workbench';

it('goes on with wasm where the GPU is lost', async () => {
  const workbench = await Workbench.open({
    settings: {
      'gradientLens.compare.backend': 'webgl',
      'gradientLens.compare.activations': ['relu'],
      'gradientLens.compare.epochs': 3,
    },
  });
  try {
    const compare = new ComparePage(workbench);
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await compare.untilPoints('gradient', 3);
    expect(await compare.phaseText()).toContain('webgl');
    await workbench.loseGpu();
    await compare.untilPhase('finished');
    const text = await compare.phaseText();
    expect(text).toContain('wasm instead of webgl');
    expect(text).toMatch(
      /webgl lost its GPU after step \d+\. It (goes on with wasm from step \d+|begins anew with wasm)\./,
    );
    expect(await compare.rows.count()).toBe(3);
    await workbench.screenshot('compare after the gpu was lost');
    expect(workbench.problems).toEqual([]);
  } finally {
    await workbench.close();
  }
});
