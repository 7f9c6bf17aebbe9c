// The real digits, from a folder on this machine: read by the host, handed to the page, and learnt.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../launch/common.mjs';
import { ComparePage } from './comparePage';
import { Workbench } from './workbench';

const folder = process.env.GRADIENT_LENS_MNIST ?? path.join(root, '../shared/data/mnist');

it.skipIf(!existsSync(folder))(
  'trains on MNIST from a folder (skipped where there is none; set GRADIENT_LENS_MNIST)',
  async () => {
    const workbench = await Workbench.open({
      settings: { 'gradientLens.compare.data': folder, 'gradientLens.compare.epochs': 1 },
    });
    try {
      const compare = new ComparePage(workbench);
      await workbench.runCommand('Gradient Lens: Compare Activations');
      await compare.untilPhase('finished');
      await workbench.screenshot('compare mnist');
      expect(await workbench.webview.getByTestId('phase').textContent()).toContain('60,000');
      expect(workbench.problems).toEqual([]);
    } finally {
      await workbench.close();
    }
  },
);
