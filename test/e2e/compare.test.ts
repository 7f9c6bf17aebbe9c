// The main path, in order, in one window: each test goes on where the one before it stopped.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComparePage, longRun, plotNames } from './comparePage';
import { inTurn } from './inTurn';
import { Workbench } from './workbench';

describe('comparing activations', () => {
  let workbench: Workbench;
  let compare: ComparePage;

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: longRun });
    compare = new ComparePage(workbench);
  });
  afterAll(() => workbench?.close());
  inTurn();

  /** "epoch 3/100, 20 s left"; of a run that is over, the last. */
  const epochInStatusBar = async (): Promise<number> => {
    const text = (await workbench.statusBar.textContent()) ?? '';
    if (text.includes('finished')) return longRun['gradientLens.compare.epochs'];
    return Number(/epoch (\d+)\//.exec(text)?.[1]);
  };

  it('opens the panel from the command and trains at once', async () => {
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await workbench.seen('tab', workbench.tab('Compare activations'));
    await compare.untilPhase('running');
    await workbench.seen('entry in the status bar', workbench.statusBar);
  });

  it('had its workers start before the page itself was there', async () => {
    const early = () => globalThis.earlyWorkers?.script.then((script) => script.slice(0, 5), String);
    expect(await compare.inPage(early)).toBe('blob:');
  });

  it('draws live points in every plot', async () => {
    for (const plot of plotNames) {
      const first = await compare.untilPoints(plot, 0);
      expect(await compare.untilPoints(plot, first)).toBeGreaterThan(first);
    }
    expect(await compare.phase()).toBe('running');
    await workbench.screenshot('compare running');
  });

  it('fills the table with an epoch at a time and gives a verdict on each network', async () => {
    await workbench.until(
      'first epoch in the table',
      () => compare.rows.count(),
      (rows) => rows > 0,
    );
    await workbench.until(
      'verdict on two networks',
      () => compare.verdicts.count(),
      (count) => count >= 2,
    );
  });

  it('stops', async () => {
    await compare.press('Stop');
    await compare.untilPhase('stopped');
    await workbench.screenshot('compare stopped');
  });

  it('runs again from the start', async () => {
    const before = await compare.points('loss');
    await compare.press('Run again');
    await workbench.until(
      'fewer points than the run before had',
      () => compare.points('loss'),
      (points) => points > 0 && points < before,
    );
    expect(await compare.phase()).toBe('running');
  });

  it('goes on training while hidden, and is all there when shown', async () => {
    const before = await compare.points('loss');
    await workbench.openFile('pytorch_mlp.py');
    // The page lies under the file now: what tells is the status bar.
    const hidden = await epochInStatusBar();
    await workbench.until(`an epoch after ${hidden} in the status bar`, epochInStatusBar, (epoch) => epoch > hidden);
    expect(await workbench.tab('pytorch_mlp.py').getAttribute('aria-selected')).toBe('true');
    await workbench.tab('Compare activations').click();
    await compare.untilPoints('loss', before);
  });

  it('comes back after the window is reloaded', async () => {
    await compare.untilPhase('finished');
    const kinds = await compare.verdictKinds();
    const rows = await compare.rows.count();
    await workbench.screenshot('compare finished');
    await workbench.reload();
    await compare.untilPhase('finished');
    expect(await compare.verdictKinds()).toEqual(kinds);
    expect(await compare.rows.count()).toBe(rows);
    await workbench.screenshot('compare after reload');
  });

  it('shows what the theory says of its networks', async () => {
    await compare.press('Gradient flow');
    await workbench.seen('tab', workbench.tab('Gradient flow'));
    await workbench.until(
      'the paper’s two verdicts in the calculator',
      () =>
        workbench
          .frame('calculator')
          .getByTestId('verdict')
          .evaluateAll((all) => all.map((each) => each.getAttribute('data-kind'))),
      (kinds) => kinds.join() === 'dead,healthy',
    );
  });

  it('keeps the run before a remedy in sight, under the new one', async () => {
    await workbench.tab('Compare activations').click();
    await compare.press('Run again');
    await compare.untilPhase('running');
    const remedy = compare.button('Stop and try glorot_uniform');
    await workbench.seen('what ends this run', remedy);
    await compare.untilPoints('loss', 5);
    await workbench.frame('compare').locator('figure').last().scrollIntoViewIfNeeded();
    // As an assistive technology does, which needs not scroll to it.
    await remedy.dispatchEvent('click');
    await workbench.until(
      'networks of both runs, from the top',
      async () => [await compare.verdicts.count(), await compare.scrolled()],
      ([count, top]) => count === 4 && top === 0,
    );
    await compare.untilPhase('running');
    await compare.untilPoints('loss', 0);
    await workbench.screenshot('compare remedy');
    await workbench.seen('run before', compare.trial.getByText('The run before, stopped, lies under it.'));
    await compare.press('Stop');
    await compare.untilPhase('stopped');
    await workbench.screenshot('compare remedy overlaid');
    await compare.press('Export');
    const items = workbench.frame('compare').getByRole('menuitem');
    await workbench.seen('menu', items);
    expect(await items.allTextContents()).toEqual([
      'Copy table',
      'Copy link to normal:1,1',
      'Copy link to glorot_uniform',
      'CSV: all that was recorded…',
      'JSON of normal:1,1…',
      'JSON of glorot_uniform…',
      'Markdown: verdicts and table…',
    ]);
    await workbench.page.keyboard.press('Escape');
    await compare.press('Show this run alone');
    await workbench.until(
      'verdict on its own networks',
      () => compare.verdicts.count(),
      (count) => count === 2,
    );
    await compare.press('Overlay with the run before');
    await workbench.until(
      'verdict on the networks of both runs',
      () => compare.verdicts.count(),
      (count) => count === 4,
    );
  });

  it('did all that without an error or a violation of its content security policy', () => {
    expect(workbench.problems).toEqual([]);
  });
});
