// The real digits, from a folder on this machine: read by the host, handed to the page, and learnt.
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { removeFolder, root, temporaryFolder } from '../launch/common.mjs';
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
      expect(await workbench.frame('compare').getByTestId('phase').textContent()).toContain('60,000');
      expect(workbench.problems).toEqual([]);
    } finally {
      await workbench.close();
    }
  },
);

it.skipIf(!existsSync(folder))(
  'downloads MNIST when asked, checks it, trains on it, and mends what is damaged',
  async () => {
    const asked: string[] = [];
    const mirror = createServer((request, response) => {
      const name = path.basename(request.url ?? '');
      asked.push(name);
      createReadStream(path.join(folder, name))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
    const profile = temporaryFolder('mnist');
    const workbench = await Workbench.open({
      profile,
      settings: {
        'gradientLens.mnistMirrors': [address],
        'gradientLens.compare.data': 'mnist',
        'gradientLens.compare.epochs': 1,
      },
    });
    try {
      const compare = new ComparePage(workbench);
      await workbench.runCommand('Gradient Lens: Compare Activations');
      const error = workbench.frame('compare').getByTestId('error');
      /** @param files that have been asked for by then */
      const downloadAndTrain = async (files: number) => {
        await error.getByRole('button', { name: /Download MNIST/ }).click();
        await workbench.until(
          `${files} files asked for`,
          async () => asked.length,
          (count) => count === files,
        );
        await workbench.until(
          'end of the download',
          () => workbench.frame('compare').getByTestId('download').count(),
          (count) => count === 0,
        );
        await compare.press('Start');
        await compare.untilPhase('finished');
      };
      await workbench.seen('error that MNIST is missing', error);
      expect(await error.textContent()).toContain('has not been downloaded yet');
      expect(asked).toEqual([]);

      await downloadAndTrain(4);
      expect(await workbench.frame('compare').getByTestId('phase').textContent()).toContain('MNIST 60,000');

      // One bit of what is stored, which a page that has the data does not notice.
      const labels = 't10k-labels-idx1-ubyte.gz';
      const stored = path.join(profile, 'data/User/globalStorage/gradient-lens.gradient-lens/mnist', labels);
      const bytes = readFileSync(stored);
      bytes[1000] = bytes[1000]! ^ 1;
      writeFileSync(stored, bytes);
      await workbench.runCommand('View: Close All Editors');
      await workbench.runCommand('Gradient Lens: Compare Activations');
      await workbench.seen('error that MNIST is damaged', error.getByText(`The stored ${labels} is damaged`));
      await workbench.screenshot('compare mnist damaged');
      await downloadAndTrain(5);
      expect(asked[4]).toBe(labels);
      expect(workbench.problems).toEqual([]);
    } finally {
      await workbench.close();
      removeFolder(profile);
      mirror.close();
    }
  },
);
