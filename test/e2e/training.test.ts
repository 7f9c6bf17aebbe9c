// The main path of the training view, in order, in one window: each test goes on where the one before it stopped.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComparePage, longRun } from './comparePage';
import { inTurn } from './inTurn';
import { TrainingView } from './trainingView';
import { type Theme, themes, Workbench } from './workbench';

/** All runs here are the paper's, but longer. */
const EPOCHS = longRun['gradientLens.compare.epochs'];
/** Runs before those: the paper's, and the one that the panel began. */
const EARLIER = 2;

describe('the training view', () => {
  let workbench: Workbench;
  let view: TrainingView;
  let compare: ComparePage;

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: longRun });
    view = new TrainingView(workbench);
    compare = new ComparePage(workbench);
  });
  afterAll(() => workbench?.close());
  inTurn();

  const closePanel = async () => {
    await workbench.tab('Compare activations').locator('.tab-actions a').click();
    await workbench.until(
      'closed panel',
      () => workbench.tab('Compare activations').count(),
      (count) => count === 0,
    );
  };

  /** The panel's table of the run on show, once all its epochs have ended. */
  const table = async (): Promise<string[]> => {
    await workbench.until(
      `${EPOCHS} epochs in the table`,
      () => compare.rows.count(),
      (rows) => rows === EPOCHS,
    );
    return compare.rows.allInnerTexts();
  };

  it('opens from the activity bar, and says what can be done', async () => {
    await view.open();
    expect(await view.phase()).toBe('idle');
    for (const door of ['Train sigmoid beside ReLU', 'Choose activations…', 'Calculate gradient flow'])
      expect(await view.button(door).count(), door).toBe(1);
    await workbench.seen(
      'welcome of the tree',
      workbench.page.getByText('Every run is kept here, with all its plots.'),
    );
    expect(await view.overflow()).toBe(0);
    await workbench.screenshot('training empty');
  });

  it('trains the paper’s run', async () => {
    await view.press('Train sigmoid beside ReLU');
    await view.untilPhase('finished');
    await workbench.until(
      'verdicts of the paper',
      () => view.networks(),
      (networks) => networks.map(({ name, badge }) => `${name} ${badge}`).join() === 'sigmoid saturated,ReLU learns',
    );
    await workbench.until(
      'results in the tree',
      () => view.runs.first().getAttribute('aria-label'),
      (label) => /finished.*sigmoid 10 % \(saturated\), ReLU 79 %/.test(label ?? ''),
    );
    await view.untilRuns(1);
  });

  it('trains again what the panel began, and shows it live', async () => {
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await compare.untilPhase('running');
    await compare.press('Stop');
    await compare.untilPhase('stopped');
    await closePanel();
    await view.untilRuns(EARLIER);
    await view.press('Run again');
    await view.untilPhase('running');
    await workbench.until(
      'heat strips of both networks',
      () => view.heats(),
      (points) => points.length === 2 && points.every((count) => count > 0),
    );
    const [before = 0] = await view.heats();
    await workbench.until(
      'more in the first heat strip',
      () => view.heats(),
      ([points = 0]) => points > before,
    );
    await workbench.until(
      'four sparklines',
      () => view.sparklines(),
      (lengths) => lengths.length === 4 && lengths.every((length) => length > 10),
    );
    await view.untilRuns(EARLIER + 1);
    await workbench.screenshot('training running');
  });

  it('shows the same in the full view beside it, and both hold and go on together', async () => {
    await view.press('Open full view beside');
    await workbench.seen('tab', workbench.tab('Compare activations'));
    await compare.untilPhase('running');
    await view.press('Pause');
    await view.untilPhase('paused');
    await compare.untilPhase('paused');
    const line = (text: string | null) => text?.trim();
    expect(line(await compare.phaseText())).toBe(line(await view.frame.getByTestId('phase').textContent()));
    const verdicts = await compare.verdictKinds();
    expect((await view.networks()).map(({ kind }) => kind)).toEqual(verdicts);
    await workbench.screenshot('training beside panel');
    const held = await view.progress();
    await compare.press('Resume');
    await view.untilPhase('running');
    await view.untilProgress(held);
  });

  it('goes on while the panel is closed and opened again, and the side bar is hidden and shown', async () => {
    const before = await view.progress();
    await closePanel();
    const after = await view.untilProgress(before);
    await view.press('Open full view beside');
    await compare.untilPhase('running', 'finished');
    await workbench.page.keyboard.press('Control+b');
    await workbench.until(
      'hidden side bar',
      () => workbench.frame('training').locator('html').count(),
      (count) => count === 0,
    );
    await workbench.page.keyboard.press('Control+b');
    await view.untilProgress(after);
  });

  it('ends in both as planned', async () => {
    await view.untilPhase('finished');
    await compare.untilPhase('finished');
    expect(await table()).toHaveLength(EPOCHS);
    const [sigmoid, relu] = await view.networks();
    expect([sigmoid?.kind, relu?.kind]).toEqual(['saturated', 'healthy']);
    // Both say the same of the end: the view in short, the table in full.
    const last = (await compare.rows.allInnerTexts()).at(-1)!.split('\t').map(Number);
    for (const [i, { loss, accuracy }] of [sigmoid!, relu!].entries()) {
      expect(last[1 + 2 * i]).toBeCloseTo(Number.parseFloat(accuracy) / 100, 2);
      expect(last[2 + 2 * i]).toBeCloseTo(Number(loss), 1);
    }
    await workbench.until(
      'results in the tree',
      () => view.runs.first().getAttribute('aria-label'),
      (label) => /finished.*sigmoid 1\d % \(saturated\), ReLU [89]\d %/.test(label ?? ''),
    );
    await workbench.screenshot('training finished');
    await closePanel();
  });

  it('goes on when it is moved to another place, and fills that', async () => {
    await view.press('Run again');
    await view.untilPhase('running');
    const before = await view.untilProgress(0.05);
    await workbench.runCommand('View: Move View');
    await workbench.choose('Training');
    await workbench.choose('New Panel Entry');
    const box = async () => (await workbench.page.locator('.part.panel iframe, .part.panel').first().boundingBox())!;
    expect((await box()).width).toBeGreaterThan(900);
    // The page that trained is another one now.
    await view.untilPhase('running');
    expect(await view.progress()).toBeGreaterThanOrEqual(before);
    await view.untilPhase('finished');
    expect(await view.overflow()).toBe(0);
    await workbench.screenshot('training wide');
    await workbench.runCommand('View: Reset View Locations');
    await view.untilPhase('finished');
    await view.untilRuns(EARLIER + 2);
  });

  it('is continued after a reload in the middle, and outlives the panel that trains it', async () => {
    await workbench.runCommand('Gradient Lens: Open Full View Beside');
    await compare.untilPhase('finished');
    // After the reload the panel is there and the view is not up.
    await workbench.runCommand('View: Show Search');
    await workbench.untilKept('workbench.view.search');
    await workbench.untilKept('gradientLens.compare', 'editorpart');
    await compare.press('Run again');
    await compare.untilPhase('running');
    await workbench.until(
      'end of the first epoch',
      () => compare.rows.count(),
      (rows) => rows >= 1,
    );
    await workbench.reload(workbench.page.locator('.search-view'));
    expect(await workbench.page.locator('page-named=training').count()).toBe(0);
    await compare.untilPhase('interrupted');
    await compare.press('Continue');
    await compare.untilPhase('running');
    await closePanel();
    // The page that trained is gone: the view comes up and goes on.
    await view.untilPhase('running', 'finished');
    await view.untilPhase('finished');
    await view.untilRuns(EARLIER + 3);
  });

  it('lists three runs, and lays them over each other', async () => {
    expect(await view.groups()).toEqual(['Today']);
    expect(new Set(await view.names())).toEqual(new Set(['sigmoid, ReLU · normal:1,1 · 128']));
    await view.runs.nth(0).click();
    await workbench.seen('tab', workbench.tab('Compare activations'));
    const continued = await table();
    await view.runs.nth(1).click();
    await workbench.seen('kept run', compare.kept);
    // Moved there, continued here: the same numbers.
    expect(await table()).toEqual(continued);
    await view.runs.nth(0).click();
    for (const i of [1, 2]) await view.runs.nth(i).click({ modifiers: ['Control'] });
    await view.chooseOf(view.runs.nth(0), 'Overlay Runs');
    await workbench.until(
      'three runs in the panel',
      () => compare.kept.textContent(),
      (text) => text?.startsWith('3 kept runs') === true,
    );
    await compare.untilPoints('loss', 0);
    await workbench.screenshot('training overlay');
  });

  it('renames a run', async () => {
    await view.select(0);
    await workbench.page.keyboard.press('F2');
    await workbench.fill('Name of the run', 'continued after a reload');
    await workbench.until(
      'new name in the tree',
      () => view.names(),
      ([first]) => first === 'continued after a reload',
    );
  });

  it('pins a run on top, and filters the list', async () => {
    await view.chooseOf(view.runs.nth(2), 'Pin Run');
    await workbench.until(
      'pinned group',
      () => view.groups(),
      (groups) => groups.join() === 'Pinned,Today',
    );
    await workbench.runCommand('Gradient Lens: Filter Runs…');
    await workbench.fill('Filter runs', 'reload');
    await view.untilRuns(1);
    expect(await view.names()).toEqual(['continued after a reload']);
    await workbench.screenshot('training filtered');
    await workbench.runCommand('Gradient Lens: Show All Runs');
    await view.untilRuns(EARLIER + 3);
  });

  it('deletes a run, and brings it back', async () => {
    const named = view.run('continued after a reload');
    await view.chooseOf(named, 'Delete Run');
    await view.untilRuns(EARLIER + 2);
    expect(await named.count()).toBe(0);
    await workbench.notification('was deleted').getByRole('button', { name: 'Undo' }).click();
    await view.untilRuns(EARLIER + 3);
    await workbench.seen('run that is back', named);
  });

  it('reproduces a run with the same numbers', async () => {
    await view.run('continued after a reload').click();
    await workbench.seen('kept run or current one', compare.rows);
    const before = await table();
    await view.chooseOf(view.run('continued after a reload'), 'Reproduce Run');
    await view.untilRuns(EARLIER + 4);
    await view.untilPhase('finished');
    await workbench.runCommand('Gradient Lens: Open Full View Beside');
    await compare.untilPhase('finished');
    expect(await compare.kept.count()).toBe(0);
    // Interrupted, continued and moved from page to page, or trained in one go: it is all the same.
    expect(await table()).toEqual(before);
  });

  it('fits a narrow side bar in every colour theme', async () => {
    // The dark one it has already: last, so that each is a change.
    for (const theme of (Object.keys(themes) as Theme[]).reverse()) {
      await workbench.setTheme(theme);
      await workbench.until(
        'heat strips',
        () => view.heats(),
        (points) => points.length === 2 && points.every((count) => count > 0),
      );
      expect(await view.overflow()).toBe(0);
      await workbench.screenshot(`training ${theme}`);
    }
  });

  it('keeps its buttons in one line in the narrowest side bar, whatever they say, and its badges inside', async () => {
    const lines = () =>
      view.frame
        .locator('.controls vscode-button')
        .evaluateAll((all) => new Set(all.map((button) => button.getBoundingClientRect().bottom)).size);
    for (const width of [210, 172]) {
      await workbench.setSideBarWidth('training', width);
      await view.press('Run again');
      for (const [press, phase] of [
        ['', 'running'],
        ['Pause', 'paused'],
        ['Stop', 'stopped'],
      ] as const) {
        if (press !== '') await view.press(press);
        await view.untilPhase(phase);
        expect([await lines(), await view.overflow()]).toEqual([1, 0]);
      }
      expect(await workbench.brokenNumbers('training')).toEqual([]);
      await workbench.screenshot(`training ${width}`);
    }
    const inside = await view.frame
      .locator('.network-badge')
      .evaluateAll((all) =>
        all.every((badge) => badge.getBoundingClientRect().right <= badge.closest('ul')!.getBoundingClientRect().right),
      );
    expect(inside).toBe(true);
  });

  it('did all that without an error or a violation of its content security policy', () => {
    expect(workbench.problems).toEqual([]);
  });
});
