// The panel "Gradient flow" as a person sees it.
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { numberIn } from '../figure';
import type { Workbench } from './workbench';

export type FlowPlotName = 'flow' | 'curves' | 'walk';
export const flowPlotNames: readonly FlowPlotName[] = ['flow', 'curves', 'walk'];

export interface Picture {
  /** How many different colours there are, up to 50: 1 where nothing is drawn. */
  readonly colours: number;
  /** The same for the same picture. */
  readonly data: string;
}

/** What a measurement says of each activation: "sigmoid 1.9 × 10⁻⁶ (predicted 2.0 × 10⁻⁶)". */
export const foundIn = (text: string): { found: number; predicted: number }[] =>
  [...text.replaceAll('\u00a0', ' ').matchAll(/([\d.]+(?: × \S+)?) \(predicted ([^)]+)\)/g)].map(
    ([, found, predicted]) => ({ found: numberIn(found!), predicted: numberIn(predicted!) }),
  );

export class CalculatorPage {
  constructor(private readonly workbench: Workbench) {}

  #part(id: string): Locator {
    return this.workbench.frame('calculator').getByTestId(id);
  }

  // Verdicts

  /** The sentence on each activation. */
  async verdicts(): Promise<string[]> {
    const all = await this.#part('verdict')
      .locator('p')
      .filter({ has: this.workbench.frame('calculator').locator('strong') })
      .evaluateAll((rows) =>
        rows.map((row) => {
          const name = row.querySelector('strong')!;
          return `${name.textContent}${name.nextSibling?.textContent ?? ''}${name.nextSibling?.nextSibling?.textContent ?? ''}`;
        }),
      );
    return all.map((text) => text.replaceAll('\u00a0', ' '));
  }

  verdictKinds(): Promise<(string | null)[]> {
    return this.#part('verdict').evaluateAll((all) => all.map((each) => each.getAttribute('data-kind')));
  }

  async untilVerdicts(what: string, isRight: (verdicts: string[]) => boolean): Promise<string[]> {
    return this.workbench.until(`verdicts: ${what}`, () => this.verdicts(), isRight);
  }

  /** What unfolds under a verdict: the term's number where the term begins so. */
  async number(verdict: number, term: string): Promise<number> {
    const row = this.#part('verdict')
      .nth(verdict)
      .locator('dl > div')
      .filter({ has: this.workbench.frame('calculator').locator('dt', { hasText: new RegExp(`^${term}`) }) });
    return numberIn((await row.locator('dd').textContent()) ?? '');
  }

  // Plots

  /** How many points a plot has drawn. */
  async points(plot: FlowPlotName): Promise<number> {
    const selector = `[data-testid="plot"][data-plot="${plot}"]`;
    return Number(await this.workbench.frame('calculator').locator(selector).getAttribute('data-points'));
  }

  canvas(plot: FlowPlotName): Locator {
    return this.workbench.frame('calculator').locator(`[data-plot="${plot}"] canvas`);
  }

  async picture(plot: FlowPlotName): Promise<Picture> {
    return this.canvas(plot).evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const pixels = new Uint32Array(
        canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
      );
      const colours = new Set<number>();
      for (let i = 0; i < pixels.length && colours.size < 50; i++) colours.add(pixels[i]!);
      return { colours: colours.size, data: canvas.toDataURL() };
    });
  }

  // Measurement

  /** Ends with the measurement of what is shown: one of another calculation would lie far from what is predicted. */
  async untilMeasured(): Promise<string> {
    const line = this.#part('measurement');
    await this.workbench.until(
      'end of the measurement',
      () => line.getAttribute('data-phase'),
      (phase) => phase === 'done',
    );
    const text = (await line.locator('.measurement-text').textContent()) ?? '';
    const all = foundIn(text);
    expect(all.length, text).toBeGreaterThan(0);
    for (const { found, predicted } of all) {
      // In decades. What a layer is off by adds up over a hundred of them.
      const [is, should] = [Math.log10(found), Math.log10(predicted)];
      expect(Math.abs(is - should), text).toBeLessThan(0.5 + 0.1 * Math.abs(should));
    }
    return text;
  }

  // Settings

  slider(name: string): Locator {
    return this.workbench.frame('calculator').locator(`[data-slider="${name}"]`);
  }

  /** Drags a slider from its one end to the other, in so many moves. */
  async drag(name: string, moves: number): Promise<void> {
    const { mouse } = this.workbench.page;
    const { x, y, width, height } = (await this.slider(name).boundingBox())!;
    const at = (share: number) => mouse.move(x + 6 + share * (width - 12), y + height / 2);
    await at(0);
    await mouse.down();
    for (let move = 1; move <= moves; move++) {
      await at(move / moves);
      // As a hand does: each value is drawn before the next one comes.
      await this.slider(name).evaluate(
        () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
      );
    }
    await mouse.up();
  }

  /** The input of a text field. */
  field(name: string): Locator {
    return this.workbench.frame('calculator').locator(`vscode-text-field[data-field="${name}"] input`);
  }

  dropdown(name: string): Locator {
    return this.workbench.frame('calculator').locator(`vscode-dropdown[data-field="${name}"]`);
  }

  chosen(name: string): Promise<string> {
    return this.dropdown(name).evaluate((element) => (element as HTMLSelectElement).value);
  }

  async choose(name: string, value: string): Promise<void> {
    const options = this.dropdown(name).locator('vscode-option');
    const values = await options.evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
    if (!values.includes(value)) throw new Error(`${name} has no "${value}", but ${values.join(', ')}`);
    await this.dropdown(name).click();
    await options.nth(values.indexOf(value)).click();
  }

  /** What is said under a setting that cannot be read. */
  problem(setting: string): Locator {
    return this.workbench.frame('calculator').locator(`[data-setting="${setting}"] .problem`);
  }

  // The rest

  get remedies(): Locator {
    return this.#part('remedies').locator('tbody tr');
  }

  get equations(): Locator {
    return this.#part('equations');
  }

  get walkResult(): Locator {
    return this.#part('walk-result');
  }

  get table(): Locator {
    return this.#part('layer-table').locator('tbody tr');
  }

  button(name: string): Locator {
    return this.workbench.frame('calculator').getByRole('button', { name, exact: true }).first();
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  async pressInMenu(menu: string, item: string): Promise<void> {
    await this.press(menu);
    await this.workbench.frame('calculator').getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** What reaches beyond the right edge of the page, but for what scrolls by itself. */
  overflowing(): Promise<string[]> {
    return this.workbench
      .frame('calculator')
      .locator('html')
      .evaluate((root) => {
        const beyond = [...root.querySelectorAll('body *')]
          .filter((element) => {
            const { width, right } = element.getBoundingClientRect();
            return width > 1 && right > root.clientWidth + 1 && element.closest('.scroll') === null;
          })
          .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
        return root.scrollWidth > root.clientWidth ? [`page of ${root.scrollWidth} px`, ...beyond] : beyond;
      });
  }
}
