// `npm run pictures` makes media/readme/tour.png, the moving picture of the README: the first minutes of a new user, in
// the running product. Look at it before it is committed.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../launch/common.mjs';
import { ComparePage } from '../comparePage';
import { Workbench } from '../workbench';
import { Film } from './film';

const steps = ['Start', 'Find', 'Run', 'Understand', 'Fix', 'Share'] as const;
const LARGEST = 1_000_000;
const RUNNING = { keep: 10, milliseconds: 350 };

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.open({ width: 1180, height: 690 });
});
afterAll(() => workbench?.close());

/** Drags the border between code and panel to so many pixels from the left. */
async function widen(page: Page, x: number): Promise<void> {
  const box = (await page.locator('page-named=compare').boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x, y);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(x, 5);
}

it('films the way from a file of one’s own to a link that others open', async () => {
  const { page } = workbench;
  const compare = new ComparePage(workbench);
  const film = new Film(page, steps);
  const say = (step: (typeof steps)[number], text: string) => film.step(step, text);

  await workbench.openFile('keras_sigmoid.py');
  await page.keyboard.press('Control+b');
  await workbench.seen('title button', page.getByRole('button', { name: /Compare This Activation/ }));
  say('Start', 'Your code, in VS Code');
  await film.take(1800);

  say('Find', 'F1, “Compare Activations”');
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await workbench.seen('palette', input);
  for (const text of ['', 'compare', 'compare activations']) {
    await input.fill(`>${text}`);
    await film.take(400);
  }
  const row = page.locator('.quick-input-list .monaco-list-row[aria-label^="Gradient Lens: Compare Activations"]');
  await workbench.seen('command', row);
  await film.take(900, row);

  say('Run', 'Two networks, side by side, on digits drawn on the spot');
  await row.click();
  await workbench.seen('panel', compare.button('Stop'));
  await widen(page, 350);
  await film.takeUntil(async () => (await compare.phase()) === 'finished', RUNNING);
  await compare.untilPhase('finished');
  await film.take(1200);

  say('Understand', 'One sentence says which learns, and why the other does not');
  await film.take(1800, compare.verdicts.first());
  const why = compare.button('Show why').first();
  await film.take(900, why);
  await why.click();
  await film.take(3000);
  await compare.button('Hide why').first().click();

  say('Fix', 'One click tries what would help');
  const remedy = compare.button('Try glorot_uniform').first();
  await film.take(1200, remedy);
  await remedy.click();
  await compare.untilPhase('running');
  await film.takeUntil(async () => (await compare.phase()) === 'finished', RUNNING);
  await compare.untilPhase('finished');
  await film.take(2500);

  say('Share', 'A link that opens the same comparison');
  const menu = compare.button('Export').first();
  await menu.scrollIntoViewIfNeeded();
  await film.take(700, menu);
  await menu.click();
  const item = workbench.frame('compare').getByRole('menuitem', { name: 'Copy link to glorot_uniform' });
  await workbench.seen('menu', item);
  await item.hover();
  await film.take(1100, item);
  await item.click();
  await workbench.seen('word of the copy', workbench.frame('compare').getByTestId('copied'));
  await film.take(2500);

  expect(workbench.problems).toEqual([]);
  const picture = await film.develop();
  expect(picture.length).toBeLessThan(LARGEST);
  const folder = path.join(root, 'media', 'readme');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'tour.png'), picture);
});
