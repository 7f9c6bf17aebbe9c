// The README's other pictures, which the walkthrough shows too. `npm run pictures` takes them; look at them before they
// are committed.
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { deepSigmoids } from '../../fixtures/deepSigmoids';
import { root } from '../../launch/common.mjs';
import { CalculatorPage } from '../calculatorPage';
import { ComparePage, plotNames } from '../comparePage';
import { Workbench, type WorkbenchOptions } from '../workbench';

const file = (name: string): string => path.join(root, 'media', 'readme', `${name}.png`);

let workbench: Workbench;
afterEach(() => workbench?.close());

/** A window with a model's file in it, and no side bar. */
async function open(options: WorkbenchOptions): Promise<Page> {
  workbench = await Workbench.open(options);
  await workbench.openFile('keras_sigmoid.py');
  await workbench.page.keyboard.press('Control+b');
  return workbench.page;
}

it('the hover', async () => {
  const page = await open({ width: 1000, height: 700 });
  for (const theme of ['light', 'dark'] as const) {
    await workbench.setTheme(theme);
    await workbench.hover('"sigmoid"', 'Open in calculator');
    const hover = page.locator('.monaco-hover').filter({ visible: true }).first();
    await workbench.seen('curves in the hover', hover.locator('img'));
    const { x, y, width, height } = (await hover.boundingBox())!;
    await page.screenshot({
      path: file(`hover-${theme}`),
      // It fades in.
      animations: 'disabled',
      clip: { x: x - 24, y: y - 12, width: width + 48, height: height + 72 },
    });
    await page.keyboard.press('Escape');
  }
});

it('a model in code', async () => {
  const page = await open({ width: 1000, height: 560, files: { 'deep.py': deepSigmoids } });
  await workbench.openFile('deep.py');
  await workbench.seen('lens', page.locator('.codelens-decoration', { hasText: 'vanishing' }));
  await workbench.seen('squiggle', page.locator('.squiggly-warning').first());
  await page.locator('.view-line', { hasText: 'nn.Linear(64, 64)' }).first().getByText('Linear').first().click();
  const fix = page.getByText('Use ReLU with kaiming_normal_');
  await workbench.until(
    'the list of fixes',
    async () => {
      await page.keyboard.press('Control+.');
      return fix.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    },
    (shown) => shown,
  );
  await page.screenshot({ path: file('model-dark'), clip: { x: 48, y: 66, width: 900, height: 450 } });
});

it('the comparison', async () => {
  const page = await open({ width: 1600, height: 1000 });
  const compare = new ComparePage(workbench);
  await workbench.runCommand('Gradient Lens: Compare Activations');
  await compare.untilPhase('finished');
  const points = await compare.untilPoints('loss', 0);
  // A theme draws all plots anew, and so their last points.
  for (const theme of ['light', 'dark'] as const) {
    await workbench.setTheme(theme);
    for (const plot of plotNames) await compare.untilPoints(plot, 0);
    await compare.untilPoints('loss', points - 1);
    await page.screenshot({ path: file(`compare-${theme}`) });
  }
  expect(workbench.problems).toEqual([]);
});

it('the calculator', async () => {
  const page = await open({ width: 1600, height: 1000 });
  await workbench.runCommand('Gradient Lens: Open Gradient-Flow Calculator');
  const calculator = new CalculatorPage(workbench);
  await calculator.untilMeasured();
  await page.screenshot({ path: file('calculator-dark') });
  expect(workbench.problems).toEqual([]);
});

it('the training view', async () => {
  const settings = {
    'gradientLens.compare.hiddenLayers': '64x5',
    'gradientLens.compare.kernelInitializer': 'glorot_uniform',
    'gradientLens.compare.epochs': 5,
  };
  const page = await open({ width: 1440, height: 860, settings });
  const compare = new ComparePage(workbench);
  await workbench.runCommand('Gradient Lens: Show Training View');
  await workbench.runCommand('Gradient Lens: Compare Activations');
  await workbench.until(
    'four epochs in the table',
    () => compare.rows.count(),
    (rows) => rows >= 4,
  );
  await page.screenshot({ path: file('training-dark') });
  expect(workbench.problems).toEqual([]);
});
