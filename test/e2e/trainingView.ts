// The container "Gradient Lens" as a person sees it: the view "Training" and the tree "Runs".
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class TrainingView {
  constructor(private readonly workbench: Workbench) {}

  get frame(): FrameLocator {
    return this.workbench.frame('training');
  }

  /** Its entry in the activity bar; with a run that trains, the label says so. */
  get entry(): Locator {
    return this.workbench.page.locator('.activitybar .action-label[aria-label^="Gradient Lens"]');
  }

  async open(): Promise<void> {
    await this.entry.click();
    await this.workbench.seen('training view', this.#root);
  }

  get #root(): Locator {
    return this.frame.getByTestId('training');
  }

  phase(): Promise<string | null> {
    return this.#root.getAttribute('data-phase');
  }

  untilPhase(...wanted: string[]): Promise<string | null> {
    return this.workbench.until(
      `phase ${wanted.join(' or ')} in the training view`,
      () => this.phase(),
      (phase) => phase !== null && wanted.includes(phase),
    );
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Share of the run that is done, 0 … 1, as the bar says it. */
  async progress(): Promise<number> {
    const bar = this.frame.getByRole('progressbar');
    return Number(await bar.getAttribute('aria-valuenow')) / 100;
  }

  untilProgress(more: number): Promise<number> {
    return this.workbench.until(
      `progress of more than ${more} in the training view`,
      () => this.progress(),
      (progress) => progress > more,
    );
  }

  /** Points that the heat strips have drawn, one number each. */
  heats(): Promise<number[]> {
    return this.frame
      .locator('[data-plot="heat"]')
      .evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-points'))));
  }

  /** Lengths of the sparklines' paths: loss and accuracy of each network in turn. */
  sparklines(): Promise<number[]> {
    return this.frame
      .locator('.sparkline-line')
      .evaluateAll((all) => all.map((each) => each.getAttribute('d')?.length ?? 0));
  }

  /** What stands in each network's row: its name, the badge's word, loss and accuracy. */
  networks(): Promise<{ name: string; kind: string; badge: string; loss: string; accuracy: string }[]> {
    return this.frame.getByTestId('network').evaluateAll((all) =>
      all.map((row) => {
        const text = (selector: string, i = 0) => row.querySelectorAll(selector)[i]?.textContent?.trim() ?? '';
        return {
          name: text('.network-name'),
          kind: row.getAttribute('data-kind') ?? '',
          badge: text('.network-badge'),
          loss: text('.number', 0),
          accuracy: text('.number', 1),
        };
      }),
    );
  }

  /** By how many pixels its content is wider than the view. */
  overflow(): Promise<number> {
    return this.frame.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth);
  }

  get #tree(): Locator {
    return this.workbench.page.locator('.pane', {
      has: this.workbench.page.locator('.pane-header[aria-label^="Runs"]'),
    });
  }

  /** The runs in the tree, without their groups. */
  get runs(): Locator {
    return this.#tree.locator('[role="treeitem"][aria-level="2"]');
  }

  /** Headings of the tree. */
  groups(): Promise<string[]> {
    return this.#tree
      .locator('[role="treeitem"][aria-level="1"] .label-name')
      .evaluateAll((all) => all.map((each) => each.textContent ?? ''));
  }

  /** The names of the runs in the tree, from the top. */
  names(): Promise<string[]> {
    return this.runs.locator('.label-name').evaluateAll((all) => all.map((each) => each.textContent ?? ''));
  }

  untilRuns(count: number): Promise<number> {
    return this.workbench.until(
      `${count} runs in the tree`,
      () => this.runs.count(),
      (is) => is === count,
    );
  }

  /** A run of the tree by its name. */
  run(name: string): Locator {
    return this.runs.filter({ has: this.workbench.page.locator('.label-name', { hasText: name }) });
  }

  /** Chooses a run of the tree, which then takes the keys. */
  async select(i: number): Promise<void> {
    await this.runs.nth(i).click();
    await this.workbench.seen('focus in the tree', this.#tree.locator('[role="treeitem"].focused'));
  }

  /** Chooses an entry of a run's menu. */
  async chooseOf(run: Locator, entry: string): Promise<void> {
    await run.click({ button: 'right' });
    const item = this.workbench.page.locator('.monaco-menu .action-item', { hasText: entry }).first();
    await this.workbench.seen(`“${entry}” in the menu`, item);
    // A menu that has just opened takes no click: it may be the end of the one that opened it.
    await this.workbench.until(
      `end of the menu after “${entry}”`,
      async () => {
        if (await item.isVisible()) await item.click({ timeout: 1000 });
        return item.isVisible();
      },
      (visible) => !visible,
    );
  }
}
