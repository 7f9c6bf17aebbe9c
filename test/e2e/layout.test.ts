// What a person sees of the panel without scrolling, and that it stays where it is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComparePage } from './comparePage';
import { shiftsIn } from './layoutShifts';
import { Workbench } from './workbench';

describe('the place of things in the panel', () => {
  let workbench: Workbench;
  let compare: ComparePage;

  beforeAll(async () => {
    // Leaves the panel about 933 × 600.
    workbench = await Workbench.open({
      settings: { 'gradientLens.compare.epochs': 30 },
      width: 1291,
      height: 697,
    });
    compare = new ComparePage(workbench);
  });
  afterAll(() => workbench?.close());

  /** The first plot ends within the first 600 px. */
  const untilAboveFold = (plot: string): Promise<number> =>
    workbench.until(
      `${plot} above the fold`,
      () =>
        workbench
          .frame('compare')
          .locator('figure')
          .first()
          .evaluate((element) => element.getBoundingClientRect().bottom + scrollY),
      (bottom) => bottom <= 600,
    );

  it('shows the whole layout while the data load', async () => {
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await compare.untilPhase('loading', 'running');
    await workbench.seen(
      'place of the gradient plot',
      workbench.frame('compare').locator('[data-plot="gradient"] canvas'),
    );
    expect(await compare.verdicts.count()).toBe(2);
    await workbench.screenshot('layout loading');
  });

  it('moves nothing from the start of a run to its end', async () => {
    await compare.untilPhase('finished');
    await workbench.until(
      'verdict on both networks',
      () => compare.verdictKinds(),
      (kinds) => kinds.join() === 'saturated,healthy',
    );
    await compare.press('Run again');
    await compare.untilPhase('running');
    await compare.untilPhase('finished');
    const all = await shiftsIn(workbench.frame('compare'));
    const sum = all.reduce((total, { value }) => total + value, 0);
    expect(sum, JSON.stringify(all)).toBeLessThan(0.1);
    await workbench.screenshot('layout finished');
  });

  it('gives the cause of a verdict to those who ask', async () => {
    const first = compare.verdicts.first();
    expect(await first.textContent()).not.toContain('class frequencies');
    await first.getByRole('button', { name: 'Show why' }).click();
    await workbench.seen('cause', first.getByText('only the class frequencies can be learnt'));
    await first.getByRole('button', { name: 'Hide why' }).click();
  });

  it('shows what decides without scrolling: what is on trial, verdicts, progress and the gradient', async () => {
    const frame = workbench.frame('compare');
    await workbench.setPageWidth('compare', 933);
    expect(await compare.trial.textContent()).toContain(
      'sigmoid and ReLU on drawn digits: 784 → 128 → 10, kernels normal:1,1.',
    );
    const bottom = (element: Element) => element.getBoundingClientRect().bottom + scrollY;
    const places = await workbench.until(
      'all that decides above the fold',
      () =>
        Promise.all([
          compare.trial.evaluate(bottom),
          compare.verdicts.last().evaluate(bottom),
          frame.getByTestId('phase').evaluate(bottom),
          frame.locator('figure').first().evaluate(bottom),
        ]),
      (all) => all.at(-1)! <= 600,
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(await frame.locator('html').evaluate((html) => html.clientHeight)).toBeLessThanOrEqual(610);
  });

  it('has its settings in a sheet where it is narrow, and gives the focus back', async () => {
    await compare.press('Settings');
    const sheet = workbench.frame('compare').getByRole('dialog', { name: 'Settings' });
    await workbench.seen('sheet', sheet);
    await workbench.seen('field in it', sheet.locator('[data-setting="hidden"]'));
    await workbench.page.keyboard.press('Escape');
    await workbench.until(
      'end of the sheet',
      () => sheet.count(),
      (count) => count === 0,
    );
    const focused = await workbench
      .frame('compare')
      .locator('html')
      .evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(focused).toBe('Settings');
  });

  it('has its export in the title row', async () => {
    await compare.press('Export');
    const items = workbench.frame('compare').getByRole('menuitem');
    await workbench.seen('menu', items);
    expect(await items.allTextContents()).toEqual([
      'Copy table',
      'Copy link',
      'CSV: all that was recorded…',
      'JSON: the run, to open again…',
      'Markdown: verdicts and table…',
    ]);
    await workbench.page.keyboard.press('Escape');
  });

  it('has its settings in a column beside the plots where it is wide', async () => {
    await workbench.page.setViewportSize({ width: 1960, height: 900 });
    const column = workbench.frame('compare').getByRole('complementary', { name: 'Settings' });
    await workbench.seen('column', column);
    const [left, right] = await Promise.all([
      workbench
        .frame('compare')
        .locator('figure')
        .first()
        .evaluate((element) => element.getBoundingClientRect().right),
      column.evaluate((element) => element.getBoundingClientRect().left),
    ]);
    expect(left).toBeLessThanOrEqual(right);
    await workbench.screenshot('layout wide');
    await compare.press('Settings');
    await workbench.until(
      'end of the column',
      () => column.count(),
      (count) => count === 0,
    );
  });

  it('is enlarged for a projector, and shows less, until Escape', async () => {
    const frame = workbench.frame('compare');
    const title = frame.getByRole('heading', { name: 'Compare activations' });
    const height = () => title.evaluate((element) => element.getBoundingClientRect().height);
    const overflow = () => frame.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
    await workbench.page.setViewportSize({ width: 1960, height: 1100 });
    const points = await compare.untilPoints('gradient', 0);
    const before = await height();
    await workbench.runCommand('Gradient Lens: Toggle Present Mode');
    await workbench.seen('plot that stays sharp', frame.locator('[data-plot="gradient"] svg'));
    await compare.untilPoints('gradient', points - 1);
    expect(await height()).toBeGreaterThan(1.35 * before);
    expect(await compare.button('Settings').count()).toBe(0);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await workbench.screenshot('layout presenting');
    // A small window is enlarged as far as what decides has room.
    await workbench.page.setViewportSize({ width: 1291, height: 697 });
    await workbench.setPageWidth('compare', 933);
    await untilAboveFold('gradient plot');
    expect(await height()).toBeGreaterThan(1.1 * before);
    await workbench.screenshot('layout presenting 933');
    await workbench.page.setViewportSize({ width: 1960, height: 1100 });
    await compare.untilPoints('gradient', points - 1);
    // The tooltip and the strip under the pointer are of the place that is pointed at.
    await frame.locator('[data-plot="gradient"] svg').hover({ position: { x: 200, y: 150 } });
    await workbench.seen('tooltip', frame.locator('.plot-tooltip'));
    await frame.getByRole('heading', { name: 'Compare activations' }).click();
    await workbench.page.keyboard.press('Escape');
    await workbench.seen('plot as ever', frame.locator('[data-plot="gradient"] canvas'));
    expect(await height()).toBe(before);
    await compare.press('Present');
    await workbench.seen('way back', compare.button('Leave present mode'));
    await compare.press('Leave present mode');
    await workbench.seen('settings', compare.button('Settings'));
  });

  it.each(['sigmoid,relu,tanh,elu,gelu', 'sigmoid,relu,tanh,elu,gelu,leaky_relu'])(
    'shows what decides of %s without scrolling, too',
    async (activations) => {
      const frame = workbench.frame('compare');
      await workbench.openLink(`vscode://gradient-lens.gradient-lens/compare?activations=${activations}&epochs=20`);
      await frame.getByTestId('proposal').getByRole('button', { name: 'Start it' }).click();
      await compare.untilPhase('running');
      await compare.untilPhase('finished');
      const count = activations.split(',').length;
      await workbench.until(
        'verdict on all networks',
        () => compare.verdictKinds(),
        (kinds) => kinds.length === count && !kinds.includes('none'),
      );
      await workbench.page.setViewportSize({ width: 1291, height: 697 });
      await workbench.setPageWidth('compare', 933);
      const bottoms = await workbench.until(
        'gradient plot above the fold',
        () =>
          Promise.all(
            [frame.getByTestId('phase'), frame.locator('figure').first()].map((each) =>
              each.evaluate((element) => element.getBoundingClientRect().bottom + scrollY),
            ),
          ),
        (all) => all.at(-1)! <= 600,
      );
      expect(bottoms[0]).toBeLessThan(bottoms[1]!);
      await workbench.screenshot(`layout ${count} networks`);
      await compare.press('Present');
      await workbench.seen('way back', compare.button('Leave present mode'));
      await workbench.until(
        'gradient plot above the fold of a presented page',
        () =>
          frame
            .locator('figure')
            .first()
            .evaluate((element) => element.getBoundingClientRect().bottom + scrollY),
        (bottom) => bottom > bottoms[1]! / 2 && bottom <= 600,
      );
      expect(await compare.verdicts.first().textContent()).toMatch(/saturatedsigmoid\s[\d.]+\s% right, gradient\s0/);
      await workbench.screenshot(`layout ${count} networks presenting`);
      await compare.press('Leave present mode');
      await workbench.seen('settings', compare.button('Settings'));
      const first = compare.verdicts.first();
      expect(await first.textContent()).not.toContain('the gradient that reaches it');
      await first.getByRole('button', { name: 'Show why' }).click();
      await workbench.seen('whole sentence', first.getByText('the gradient that reaches it'));
      await first.getByRole('button', { name: 'Hide why' }).click();
    },
  );

  it('presents a run over the one before it without scrolling, too', async () => {
    const frame = workbench.frame('compare');
    await workbench.openLink('vscode://gradient-lens.gradient-lens/compare?epochs=20');
    await frame.getByTestId('proposal').getByRole('button', { name: 'Start it' }).click();
    await compare.untilPhase('running');
    await compare.untilPhase('finished');
    await compare.press('Try glorot_uniform');
    await compare.untilPhase('running');
    await compare.untilPhase('finished');
    await workbench.setPageWidth('compare', 933);
    for (const press of [undefined, 'Present'] as const) {
      if (press !== undefined) await compare.press(press);
      await untilAboveFold('gradient plot of both runs');
      await workbench.screenshot(`layout two runs ${press ?? ''}`.trim());
    }
    await compare.press('Leave present mode');
    await workbench.seen('settings', compare.button('Settings'));
  });

  it('keeps its title row in one line where a run is stopped, and may be continued', async () => {
    const header = workbench.frame('compare').locator('header').first();
    const height = () => header.evaluate((element) => element.getBoundingClientRect().height);
    await workbench.setPageWidth('compare', 933);
    const before = await height();
    await workbench.openLink('vscode://gradient-lens.gradient-lens/compare?epochs=100');
    await workbench.frame('compare').getByTestId('proposal').getByRole('button', { name: 'Start it' }).click();
    await compare.untilPhase('running');
    await compare.untilPoints('loss', 0);
    await compare.press('Stop');
    await compare.untilPhase('stopped');
    await workbench.seen('way on', compare.button('Continue'));
    expect(await height()).toBe(before);
  });

  it('did all that without an error or a violation of its content security policy', () => {
    expect(workbench.problems).toEqual([]);
  });
});
