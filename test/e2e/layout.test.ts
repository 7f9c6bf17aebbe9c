// What a person sees of the panel without scrolling, and that it stays where it is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComparePage } from './comparePage';
import { Workbench } from './workbench';

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Element | null }[];
}

describe('the place of things in the panel', () => {
  let workbench: Workbench;
  let compare: ComparePage;

  beforeAll(async () => {
    // Leaves the panel about 933 × 600.
    workbench = await Workbench.open({
      settings: { 'gradientLens.compare.epochs': 2 },
      width: 1291,
      height: 697,
    });
    compare = new ComparePage(workbench);
  });
  afterAll(() => workbench?.close());

  /** Every shift of the page's layout since it was opened, as the browser counts them. */
  const shifts = () =>
    workbench
      .frame('compare')
      .locator('html')
      .evaluate(
        () =>
          new Promise<{ value: number; moved: string }[]>((resolve) => {
            const all: { value: number; moved: string }[] = [];
            const observer = new PerformanceObserver((list) => {
              for (const { value, sources } of list.getEntries() as LayoutShift[])
                all.push({ value, moved: sources.map(({ node }) => node?.className ?? '').join(', ') });
            });
            observer.observe({ type: 'layout-shift', buffered: true });
            // What is buffered comes with the next task; where nothing has moved, nothing comes.
            requestAnimationFrame(() => setTimeout(() => resolve(all)));
          }),
      );

  it('shows the whole layout while the data load', async () => {
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await compare.untilPhase('loading');
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
    const all = await shifts();
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

  it('did all that without an error or a violation of its content security policy', () => {
    expect(workbench.problems).toEqual([]);
  });
});
