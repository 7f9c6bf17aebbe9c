// The panel "Compare activations" as a person sees it.
import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export type PlotName = 'loss' | 'accuracy' | 'gradient' | 'saturation';
export const plotNames: readonly PlotName[] = ['loss', 'accuracy', 'gradient', 'saturation'];

/** Settings of a run that lasts long enough to be paused, left and stopped. */
export const longRun = { 'gradientLens.compare.epochs': 100 } as const;

export class ComparePage {
  constructor(private readonly workbench: Workbench) {}

  #part(id: string): Locator {
    return this.workbench.frame('compare').getByTestId(id);
  }

  /** What a function answers in the page. */
  inPage<T>(f: () => T | Promise<T>): Promise<T> {
    return this.workbench.frame('compare').locator(':root').evaluate(f);
  }

  async phase(): Promise<string | null> {
    return this.#part('phase').getAttribute('data-phase');
  }

  /** The line of its progress. */
  async phaseText(): Promise<string | null> {
    return this.#part('phase').textContent();
  }

  /** Says that kept runs are shown. */
  get kept(): Locator {
    return this.#part('kept');
  }

  async untilPhase(...wanted: string[]): Promise<string | null> {
    return this.workbench.until(
      `phase ${wanted.join(' or ')}`,
      () => this.phase(),
      (phase) => phase !== null && wanted.includes(phase),
    );
  }

  /** How many points a plot has drawn. */
  async points(plot: PlotName): Promise<number> {
    const selector = `[data-testid="plot"][data-plot="${plot}"]`;
    return Number(await this.workbench.frame('compare').locator(selector).getAttribute('data-points'));
  }

  /** A plot's pixels as text: the same for the same picture. */
  picture(plot: PlotName): Promise<string> {
    return this.workbench
      .frame('compare')
      .locator(`[data-plot="${plot}"] canvas`)
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  async untilPoints(plot: PlotName, more: number): Promise<number> {
    return this.workbench.until(
      `more than ${more} points of ${plot}`,
      () => this.points(plot),
      (points) => points > more,
    );
  }

  /** Says what is on trial and why. */
  get trial(): Locator {
    return this.#part('trial');
  }

  get rows(): Locator {
    return this.#part('epoch-table').locator('tbody tr[data-ended]');
  }

  get verdicts(): Locator {
    return this.#part('verdict');
  }

  verdictKinds(): Promise<(string | null)[]> {
    return this.verdicts.evaluateAll((all) => all.map((each) => each.getAttribute('data-kind')));
  }

  /** Pixels that the page is scrolled down. */
  scrolled(): Promise<number> {
    return this.workbench
      .frame('compare')
      .locator('html')
      .evaluate(() => scrollY);
  }

  button(name: string): Locator {
    return this.workbench.frame('compare').getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }
}
