// The page in every colour theme and at the width of a side panel, each with a picture to look at in out/screenshots.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComparePage, plotNames } from './comparePage';
import { type Theme, themes, Workbench } from './workbench';

describe('the panel in every colour theme', () => {
  let workbench: Workbench;
  let compare: ComparePage;

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'gradientLens.compare.epochs': 2 }, height: 1300 });
    compare = new ComparePage(workbench);
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await compare.untilPhase('finished');
  });
  afterAll(() => workbench?.close());

  // The dark one it has already: last, so that each is a change.
  for (const theme of (Object.keys(themes) as Theme[]).reverse()) {
    it(`takes the ${theme} theme without losing a point`, async () => {
      // The last points are drawn a moment after the run has ended.
      const before = await Promise.all(plotNames.map((plot) => compare.untilPoints(plot, 0)));
      const pictures = await Promise.all(plotNames.map((plot) => compare.picture(plot)));
      await workbench.setTheme(theme);
      // In the colours of the theme, which no other one has.
      for (const [i, plot] of plotNames.entries())
        await workbench.until(
          `another picture of ${plot}`,
          () => compare.picture(plot),
          (picture) => picture !== pictures[i],
        );
      for (const [i, plot] of plotNames.entries()) await compare.untilPoints(plot, before[i]! - 1);
      await workbench.screenshot(`theme ${theme}`);
    });
  }

  it('shows what decides without scrolling: verdicts, progress, then the gradient plot, which comes first', async () => {
    await workbench.page.setViewportSize({ width: 1300, height: 697 });
    await workbench.setPageWidth('compare', 933);
    const places = await workbench.until(
      'figures in their place',
      () =>
        workbench
          .frame('compare')
          .locator('figure')
          .evaluateAll((all) =>
            all.map((figure) => ({
              plot: figure.querySelector('[data-plot]')?.getAttribute('data-plot'),
              top: figure.getBoundingClientRect().top + scrollY,
              bottom: figure.getBoundingClientRect().bottom + scrollY,
            })),
          ),
      ([first]) => first !== undefined && first.bottom <= 600,
    );
    expect(places.map(({ plot }) => plot)).toEqual(['gradient', 'accuracy', 'loss', 'preactivation', 'saturation']);
    const progress = workbench.frame('compare').getByTestId('phase');
    expect(await progress.evaluate((line) => line.getBoundingClientRect().bottom + scrollY)).toBeLessThanOrEqual(
      places[0]!.top,
    );
    await workbench.screenshot('panel 933');
  });

  it('needs no sideways scrolling when narrow', async () => {
    await workbench.page.setViewportSize({ width: 700, height: 1300 });
    await workbench.until(
      'page that fits its width',
      () =>
        workbench
          .frame('compare')
          .locator('html')
          .evaluate((element) => ({ content: element.scrollWidth, room: element.clientWidth })),
      ({ content, room }) => room < 700 && content <= room,
    );
    await workbench.screenshot('narrow');
  });

  it('breaks no number over two lines, however narrow it is', async () => {
    for (const width of [300, 340, 420]) {
      await workbench.setPageWidth('compare', width);
      expect(await workbench.brokenNumbers('compare'), `${width} px`).toEqual([]);
    }
    await workbench.screenshot('narrow 420');
  });

  it('did all that without an error or a violation of its content security policy', () => {
    expect(workbench.problems).toEqual([]);
  });
});
