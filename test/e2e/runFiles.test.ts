// A run that was saved as JSON, given to somebody else, and opened there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serialiseRun } from '../../src/core/runs/serialise';
import { finishedRun } from '../unit/core/runs/runs';
import { ComparePage } from './comparePage';
import { Workbench } from './workbench';

/** As another program may write it, which has looked at nothing but the loss. */
function lossesAlone(text: string): string {
  const run = JSON.parse(text);
  for (const network of run.networks) {
    delete network.probes;
    network.steps = { loss: network.steps.loss };
    network.epochs = network.epochs.map(({ epoch, loss }: { epoch: number; loss: number }) => ({ epoch, loss }));
  }
  return JSON.stringify(run);
}

describe('a run in a file', () => {
  let workbench: Workbench;
  let compare: ComparePage;

  beforeAll(async () => {
    const file = (name: string, epochs: number) => serialiseRun(finishedRun({ epochs }, name));
    // There before the window is: nobody waits for a watcher of files.
    workbench = await Workbench.open({
      files: {
        'first.gradient-lens.json': file('first', 2),
        'second.gradient-lens.json': file('second', 3),
        'third.gradient-lens.json': file('third', 4),
        'other.gradient-lens.json': lossesAlone(file('other', 5)),
      },
    });
    compare = new ComparePage(workbench);
  });
  afterAll(() => workbench?.close());

  const rows = (count: number) =>
    workbench.until(
      `${count} epochs in the table`,
      () => compare.rows.count(),
      (found) => found === count,
    );
  const listed = () => workbench.page.getByRole('treeitem', { name: /, finished, / });

  it('is opened from the menu of the explorer', async () => {
    const { page } = workbench;
    await page.getByRole('treeitem', { name: 'first.gradient-lens.json' }).click({ button: 'right' });
    const item = page.getByRole('menuitem', { name: 'Open Run File…' });
    await workbench.seen('menu', item);
    // A menu passes over a click that comes right after it opened.
    await workbench.until(
      'closed menu',
      async () => {
        if (await item.isVisible()) await item.click();
        return item.isVisible();
      },
      (open) => !open,
    );
    await compare.untilPhase('finished');
    await rows(2);
  });

  it('is opened from the editor that shows it as text', async () => {
    await workbench.openFile('third.gradient-lens.json');
    await workbench.page.getByRole('button', { name: /Open Run File…/ }).click();
    await rows(4);
  });

  it('is taken in and shown where it is dropped on the list of runs, once', async () => {
    await workbench.openFile('second.gradient-lens.json');
    await workbench.runCommand('Gradient Lens: Focus on Runs View');
    // Folded up, since they are old: the one that is taken in is shown.
    const older = workbench.page.getByRole('treeitem', { name: /^Older/ });
    for (let i = 0; i < 2; i++) {
      await workbench.tab('second.gradient-lens.json').dragTo(older);
      await rows(3);
      await workbench.until(
        'all runs in the list',
        () => listed().count(),
        (count) => count === 3,
      );
    }
    await workbench.screenshot('run file dropped');
    expect(workbench.problems).toEqual([]);
  });

  it('of the desktop is opened where it is dropped on the comparison, or on the list', async () => {
    const page = workbench.frame('compare');
    const text = (name: string, epochs: number) => serialiseRun(finishedRun({ epochs }, name));
    await workbench.dropFile(page.locator('main'), 'page.json', text('page', 6), async () => {
      await workbench.seen('what a drop does', page.getByTestId('drop'));
      await workbench.screenshot('run file held over the comparison');
    });
    await rows(6);
    expect(await page.getByTestId('drop').count()).toBe(0);
    // Dropped twice before, the second file is in the list once.
    await workbench.until(
      'one more run in the list',
      () => listed().count(),
      (count) => count === 4,
    );
    await workbench.dropFile(page.locator('main'), 'notes.json', '{"a": 1}');
    await workbench.seen('what is wrong', workbench.notification('notes.json cannot be opened.'));
    await workbench.dropFile(workbench.page.getByRole('treeitem', { name: /^Older/ }), 'list.json', text('list', 7));
    await rows(7);
  });

  it('is opened where it is dragged from the explorer to the comparison, with Shift held', async () => {
    const page = workbench.frame('compare');
    await workbench.runCommand('View: Show Explorer');
    const file = workbench.page.getByRole('treeitem', { name: 'first.gradient-lens.json' });
    await workbench.seen('file', file);
    await workbench.dragWithShift(file, page.locator('main'), () =>
      workbench.seen('what a drop does', page.getByTestId('drop')),
    );
    await rows(2);
    expect(await page.getByTestId('drop').count()).toBe(0);
  });

  it('of another program is shown as far as it goes, and says what it lacks', async () => {
    await workbench.openFile('other.gradient-lens.json');
    await workbench.page.getByRole('button', { name: /Open Run File…/ }).click();
    await rows(5);
    expect(await compare.rows.first().locator('td').count()).toBe(2);
    const page = workbench.frame('compare');
    expect(await page.getByTestId('left-out').textContent()).toMatch(
      /^Not recorded, and so not drawn: accuracy of each step, gradient norms, saturated units, pre-activations\.$/,
    );
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toContain('Loss');
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).not.toContain('Accuracy');
    await workbench.screenshot('run file of another program');
    expect(workbench.problems).toEqual([]);
  });
});
