// The gradient-flow calculator in one window: each test goes on where the one before it stopped.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paper } from '../../src/core/words/paper';
import { numberIn, OTHER_FORM } from '../figure';
import { CalculatorPage, flowPlotNames, foundIn } from './calculatorPage';
import { ComparePage } from './comparePage';
import { inTurn } from './inTurn';
import { clockOf, shiftsIn } from './layoutShifts';
import { type Theme, themes, Workbench } from './workbench';

describe('the gradient-flow calculator', () => {
  let workbench: Workbench;
  let calculator: CalculatorPage;

  beforeAll(async () => {
    workbench = await Workbench.open({
      width: 1500,
      height: 1300,
      settings: { 'gradientLens.compare.epochs': 1, 'gradientLens.compare.hiddenLayers': '16' },
    });
    calculator = new CalculatorPage(workbench);
  });
  afterAll(() => workbench?.close());
  inTurn();

  it('opens on ten layers of sigmoid and of tanh, with a verdict on each', async () => {
    await workbench.runCommand('Gradient Lens: Open Gradient-Flow Calculator');
    await workbench.seen('tab', workbench.tab('Gradient flow'));
    const [sigmoid = '', tanh = ''] = await calculator.untilVerdicts('two', ({ length }) => length === 2);
    expect(sigmoid).toContain(
      '2.0 × 10⁻⁶ (about 1 in 500,000) of the gradient at hidden layer 10 reaches hidden layer 1',
    );
    expect(tanh).toContain('0.27 of the gradient at hidden layer 10 reaches hidden layer 1');
    expect(await calculator.verdictKinds()).toEqual(['vanishing', 'healthy']);
    expect(await calculator.chosen('preset')).toBe('paper');
  });

  it('draws every plot', async () => {
    for (const plot of flowPlotNames) {
      await workbench.until(
        `points of ${plot}`,
        () => calculator.points(plot),
        (points) => points > 0,
      );
      await workbench.until(
        `picture of ${plot}`,
        () => calculator.picture(plot),
        ({ colours }) => colours >= 10,
      );
    }
  });

  it('measures by itself, and shows what it finds beside what was predicted', async () => {
    const line = await calculator.untilMeasured();
    expect(line).toMatch(
      /^Measured on 40 networks each: sigmoid [^(]+ \(predicted [^)]+\), tanh [^(]+ \(predicted [^)]+\)$/,
    );
    const all = foundIn(line);
    expect(all).toHaveLength(2);
    for (const { found, predicted } of all) {
      expect(found / predicted).toBeGreaterThan(0.5);
      expect(found / predicted).toBeLessThan(2);
    }
    // Two networks of ten layers: the measured points join the predicted ones.
    await workbench.until(
      'measured points',
      () => calculator.points('flow'),
      (points) => points === 2 * 10 * 2,
    );
    await calculator.press('Show why');
    expect(await calculator.number(0, 'The paper’s bound')).toBe(9.54e-7);
    expect(await calculator.number(0, 'Predicted')).toBe(2e-6);
    expect(await calculator.number(0, 'Measured')).toBeLessThan(1e-5);
  });

  it('follows a slider without moving anything, and takes a whole drag back at once', async () => {
    const slider = calculator.slider('layers');
    const canvas = await calculator.canvas('flow').elementHandle();
    const places = async () => [await slider.boundingBox(), await calculator.dropdown('preset').boundingBox()];
    const before = await places();
    await slider.focus();
    await workbench.page.keyboard.press('ArrowRight');
    await calculator.untilVerdicts('of 11 layers', ([sigmoid]) => sigmoid!.includes('at hidden layer 11 reaches'));
    expect(await places()).toEqual(before);
    await calculator.press('Undo number of layers');
    await calculator.untilVerdicts('of 10 layers', ([sigmoid]) => sigmoid!.includes('at hidden layer 10 reaches'));

    const { x, y, width, height } = (await slider.boundingBox())!;
    const ratios: string[] = [];
    await workbench.page.mouse.move(x + 20, y + height / 2);
    await workbench.page.mouse.down();
    for (let step = 2; step <= 6; step++) {
      await workbench.page.mouse.move(x + (step * width) / 8, y + height / 2);
      const layers = await slider.inputValue();
      const [sigmoid = ''] = await calculator.untilVerdicts(`of ${layers} layers`, ([text]) =>
        text!.includes(`at hidden layer ${layers} reaches`),
      );
      ratios.push(sigmoid);
      expect(await places()).toEqual(before);
    }
    await workbench.page.mouse.up();
    expect(new Set(ratios).size).toBe(5);
    // Fed, and not made anew.
    expect(await calculator.canvas('flow').evaluate((now, then) => now === then, canvas)).toBe(true);
    await calculator.press('Undo number of layers');
    await calculator.untilVerdicts('of 10 layers', ([sigmoid]) => sigmoid!.includes('at hidden layer 10 reaches'));
    expect(await calculator.chosen('preset')).toBe('paper');
  });

  it('moves nothing while the depth is dragged from 1 to 100, and measured then', async () => {
    const { page } = workbench;
    const { width, height } = page.viewportSize()!;
    await calculator.press('Hide why');
    for (const preset of ['paper', 'torch']) {
      await calculator.choose('preset', preset);
      for (const size of [
        { width, height },
        { width: 1291, height: 697 },
      ]) {
        await page.setViewportSize(size);
        await calculator.field('layers').fill('1');
        await calculator.untilVerdicts('of 1 layer', ([sigmoid]) => sigmoid!.includes('at the one hidden layer'));
        await calculator.untilMeasured();
        const start = await clockOf(workbench.frame('calculator'));
        await calculator.drag('layers', 15);
        await calculator.untilVerdicts('of 100 layers', ([sigmoid]) =>
          sigmoid!.includes('at hidden layer 100 reaches'),
        );
        // So many layers of four activations are measured only when asked.
        if (preset === 'paper') await calculator.untilMeasured();
        const all = await shiftsIn(workbench.frame('calculator'), start);
        const sum = all.reduce((total, { value }) => total + value, 0);
        expect(sum, `${preset}: ${JSON.stringify(all)}`).toBeLessThan(0.1);
        await workbench.screenshot(`calculator dragged ${preset} ${size.width}`);
      }
      await page.setViewportSize({ width, height });
    }
    await calculator.choose('preset', 'paper');
    await calculator.untilVerdicts('of the paper', ([sigmoid]) => sigmoid!.includes('2.0 × 10⁻⁶'));
    await calculator.press('Show why');
  });

  it('keeps verdicts and gradient plot in sight beside unfolded settings, at half width', async () => {
    const { page } = workbench;
    const { width, height } = page.viewportSize()!;
    const frame = workbench.frame('calculator');
    await page.setViewportSize({ width: 1291, height: 697 });
    await workbench.setPageWidth('calculator', 470);
    const settings = frame.getByRole('button', { name: /^Settings/ });
    await settings.click();
    await workbench.seen('slider', calculator.slider('layers'));
    const edges = () =>
      Promise.all(
        [frame.getByTestId('verdict').first(), frame.locator('[data-plot="flow"]'), calculator.slider('layers')].map(
          (each) =>
            each.evaluate((element) => {
              const { top, bottom } = element.getBoundingClientRect();
              return [top, bottom, innerHeight] as const;
            }),
        ),
      );
    const start = await clockOf(frame);
    const before = await edges();
    await calculator.drag('layers', 10);
    await calculator.untilVerdicts('of 100 layers', ([sigmoid]) => sigmoid!.includes('layer 100'));
    const after = await edges();
    for (const [top, bottom, fold] of [...before, ...after]) {
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(fold);
    }
    // In this order, and where they were.
    expect(before.map(([top]) => top)).toEqual(before.map(([top]) => top).toSorted((a, b) => a - b));
    expect(after).toEqual(before);
    const all = await shiftsIn(frame, start);
    expect(
      all.reduce((total, { value }) => total + value, 0),
      JSON.stringify(all),
    ).toBeLessThan(0.1);
    await workbench.screenshot('calculator half width');
    await settings.click();
    // Without a preset the settings stand in the header alone.
    const said = (await frame.locator('main').innerText()).split('100 × 128').length - 1;
    expect(said).toBe(1);
    await calculator.press('Undo number of layers');
    await page.setViewportSize({ width, height });
    await calculator.untilVerdicts('of 10 layers', ([sigmoid]) => sigmoid!.includes('2.0 × 10⁻⁶'));
    expect(await calculator.chosen('preset')).toBe('paper');
  });

  it('moves nothing while the depth is dragged, where the numbers are unfolded', async () => {
    await calculator.field('layers').fill('1');
    await calculator.untilVerdicts('of 1 layer', ([sigmoid]) => sigmoid!.includes('at the one hidden layer'));
    await calculator.untilMeasured();
    const start = await clockOf(workbench.frame('calculator'));
    await calculator.drag('layers', 15);
    await calculator.untilVerdicts('of 100 layers', ([sigmoid]) => sigmoid!.includes('at hidden layer 100 reaches'));
    await calculator.untilMeasured();
    const all = await shiftsIn(workbench.frame('calculator'), start);
    expect(
      all.reduce((total, { value }) => total + value, 0),
      JSON.stringify(all),
    ).toBeLessThan(0.1);
    await workbench.screenshot('calculator dragged unfolded');
    await calculator.choose('preset', 'paper');
    await calculator.untilVerdicts('of the paper', ([sigmoid]) => sigmoid!.includes('2.0 × 10⁻⁶'));
  });

  it('reads a list of widths, and keeps the last good picture while it cannot', async () => {
    const width = calculator.field('width');
    await width.fill('');
    await width.pressSequentially('256, 128x3, 64');
    await calculator.untilVerdicts('of 5 layers', ([sigmoid]) => sigmoid!.includes('at hidden layer 5 reaches'));
    // The toolkit's elements hand a value to their input a moment later.
    await workbench.until(
      'depth of the list',
      () => calculator.field('layers').inputValue(),
      (value) => value === '5',
    );
    expect(await width.inputValue()).toBe('256, 128x3, 64');
    const units = async () => (await calculator.table.locator('td:nth-of-type(1)').allTextContents()).join();
    await workbench.until('widths in the table', units, (text) => text === '256,128,128,128,64');

    await calculator.untilMeasured();
    const verdicts = await calculator.verdicts();
    // A picture that stands still.
    let last = '';
    const { data } = await workbench.until(
      'plot at rest',
      () => calculator.picture('flow'),
      (now) => {
        const same = now.data === last;
        last = now.data;
        return same;
      },
    );
    await width.pressSequentially(', wide');
    await workbench.seen('sentence on the widths', calculator.problem('width'));
    expect(await calculator.problem('width').textContent()).toBe(
      'A whole number from 1 to 4,096, or a list: 256, 128x3, 64.',
    );
    expect(await calculator.verdicts()).toEqual(verdicts);
    expect((await calculator.picture('flow')).data === data).toBe(true);
    await width.fill('128');
    await workbench.until(
      'end of the sentence',
      () => calculator.problem('width').count(),
      (count) => count === 0,
    );
  });

  it('takes a preset, and gives back what was there before', async () => {
    await calculator.choose('preset', 'paper');
    await calculator.untilVerdicts('of the paper', ([sigmoid]) => sigmoid!.includes('2.0 × 10⁻⁶'));
    await calculator.choose('preset', 'torch');
    const torch = await calculator.untilVerdicts('of four activations', ({ length }) => length === 4);
    expect(torch[1]).toMatch(/^tanh: 0\.00\d+ of the gradient/);
    expect(await calculator.chosen('framework')).toBe('torch');
    await calculator.press('Undo preset');
    const paper = await calculator.untilVerdicts('of two activations', ({ length }) => length === 2);
    expect(paper[0]).toContain('2.0 × 10⁻⁶');
    expect(paper[1]).toContain('0.27');
    await workbench.until(
      'Keras in the settings',
      () => calculator.chosen('framework'),
      (framework) => framework === 'keras',
    );
    expect(await calculator.chosen('preset')).toBe('paper');
  });

  it('applies a remedy, which does what it promises', async () => {
    const first = calculator.remedies.first();
    // The list follows a moment after the calculation.
    await workbench.until(
      'remedies for the sigmoid',
      () => first.locator('td').first().textContent(),
      (now) => now === '2.0 × 10⁻⁶',
    );
    const title = await first.locator('th').textContent();
    const promised = numberIn((await first.locator('td').nth(1).textContent()) ?? '');
    expect(promised).toBeGreaterThan(0.1);
    await first.getByRole('button', { name: `Apply: ${title}` }).click();
    await calculator.untilVerdicts('without 2.0 × 10⁻⁶', ([text]) => !text!.includes('2.0 × 10⁻⁶'));
    expect((await calculator.verdictKinds())[0]).toBe('healthy');
    const reached = await calculator.number(0, 'Predicted');
    expect(Math.abs(reached / promised - 1)).toBeLessThan(0.06);
    const before = workbench.frame('calculator').getByText('thin: before the change');
    await workbench.seen('line before', before);
    await calculator.press(`Undo “${title}”`);
    await calculator.untilVerdicts('as before', ([text]) => text!.includes('2.0 × 10⁻⁶'));
    expect(await before.count()).toBe(0);
  });

  it('explains its words once they are unfolded, and writes numbers in one form', async () => {
    const page = workbench.frame('calculator');
    const words = page.getByTestId('words');
    expect(await words.locator('dt').count()).toBe(0);
    await words.locator('summary').click();
    const terms = await workbench.until(
      'words',
      () => words.locator('dt').allInnerTexts(),
      ({ length }) => length > 0,
    );
    expect(terms).toEqual(expect.arrayContaining(['the paper', 'kernel', 'φ′', '‖δ‖', 'χ', 'q']));
    expect(await words.innerText()).toContain(paper.title);
    expect((await page.locator('main').innerText()).match(OTHER_FORM)).toBeNull();
    await words.locator('summary').click();
    await workbench.until(
      'no words',
      () => words.locator('dt').count(),
      (count) => count === 0,
    );
  });

  it('walks through one neuron and a chain of them', async () => {
    await calculator.press('tanh at z = 1');
    await workbench.until(
      'φ′(1) of tanh',
      () => calculator.equations.textContent(),
      (text) => /φ′\(z\)0\.420/.test(text ?? ''),
    );
    const result = async () => (await calculator.walkResult.textContent()) ?? '';
    await workbench.until('product of ten', result, (text) =>
      text.startsWith('0.42¹⁰ = 1.7 × 10⁻⁴ of ∂C/∂a reaches the input; the best case is 1'),
    );
    await calculator.slider('walk-neurons').focus();
    await workbench.page.keyboard.press('ArrowRight');
    await workbench.until('product of eleven', result, (text) => text.startsWith('0.42¹¹ = 7.2 × 10⁻⁵'));
    await calculator.press('sigmoid at z = 0');
    await workbench.until('product of sigmoids', result, (text) => text.startsWith('0.25¹¹ = 2.4 × 10⁻⁷'));
  });

  it('copies its table, and a link that opens the calculation again', async () => {
    await calculator.untilMeasured();
    await calculator.press('Copy table');
    const markdown = await workbench.until(
      'table on the clipboard',
      () => workbench.clipboard(),
      (text) => text.includes('**tanh** (flows)'),
    );
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 * (2 + 10));
    expect(rows[0]).toContain('measured');
    expect(rows[1]).toMatch(/^(\| ---: )+\|$/);
    expect(new Set(rows.map((row) => row.match(/(?<!\\)\|/g)!.length)).size).toBe(1);

    await calculator.pressInMenu('Share', 'Copy link (Markdown)');
    await workbench.until(
      'link on the clipboard',
      () => workbench.clipboard(),
      (text) => /^\[Gradient flow: .*\]\(vscode:\/\/gradient-lens\.gradient-lens\/calculator\S*\)$/.test(text),
    );
    await calculator.choose('preset', 'selu');
    await calculator.untilVerdicts('of fifty layers', ([text]) => text!.includes('layer 50'));
    await calculator.pressInMenu('Share', 'Open copied link');
    await calculator.untilVerdicts('of the link', ([text]) => text!.includes('2.0 × 10⁻⁶'));
    expect(await calculator.chosen('preset')).toBe('paper');
  });

  it('saves itself as a page', async () => {
    await calculator.pressInMenu('Share', 'Save as a page (HTML)…');
    const file = path.join(workbench.folder, 'gradient-flow.html');
    const dialog = workbench.page.locator('.quick-input-widget');
    await workbench.until(
      'place to save in',
      () => dialog.locator('input.input').inputValue(),
      (place) => place === file,
    );
    await dialog.getByRole('button', { name: 'OK' }).click();
    const html = await workbench.until(
      'page in the folder',
      async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
      (text) => text.endsWith('</html>\n'),
    );
    expect(html).toContain('<title>Gradient flow: sigmoid and tanh, 10 × 128</title>');
    const state = JSON.parse(/id="calculation">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
    expect(state.config.widths).toHaveLength(10);
    // As the walk-through was left.
    expect(state.walk.neurons).toBe(11);
  });

  it('is there again after the window is reloaded', async () => {
    await calculator.field('layers').fill('7');
    await calculator.choose('activation-1', 'mish');
    const before = await calculator.untilVerdicts(
      'of 7 layers of Mish',
      ([, text]) => /^mish/i.test(text!) && text!.includes('layer 7'),
    );
    await workbench.untilKept('webview', 'mish');
    await workbench.reload();
    await workbench.seen('verdict', workbench.frame('calculator').getByTestId('verdict'));
    expect(await calculator.verdicts()).toEqual(before);
    expect(await calculator.field('layers').inputValue()).toBe('7');
    await workbench.until(
      'Mish in the settings',
      () => calculator.chosen('activation-1'),
      (name) => name === 'mish',
    );
    expect(await calculator.walkResult.textContent()).toContain('0.25¹¹');
    expect(await workbench.tab('Gradient flow').count()).toBe(1);
  });

  it('shows what a hover leads to in the panel that is open', async () => {
    await workbench.openFile('pytorch_mlp.py');
    await workbench.followHover('Sigmoid', 'Open in calculator');
    const [sigmoid = ''] = await calculator.untilVerdicts('of one activation', ({ length }) => length === 1);
    expect(sigmoid).toContain('sigmoid');
    expect(await calculator.chosen('framework')).toBe('torch');
    expect(await workbench.tab('Gradient flow').count()).toBe(1);
    await calculator.press('Undo what was shown before');
    await calculator.untilVerdicts('from before', ([, text]) => /^mish/i.test(text ?? ''));
    // The code that was asked about stays in sight.
    await workbench.seen('code', workbench.page.locator('.editor-instance .view-lines'));
    await workbench.tab('pytorch_mlp.py').locator('.tab-actions a').click();
  });

  it('fits its panel in every colour theme', async () => {
    await workbench.page.keyboard.press('Control+b');
    // The dark one it has already: last, so that each is a change.
    for (const theme of (Object.keys(themes) as Theme[]).reverse()) {
      await workbench.setTheme(theme);
      for (const width of [1600, 700, 300]) {
        await workbench.setPageWidth('calculator', width);
        await workbench.until(
          `page that fits ${width} px`,
          () => calculator.overflowing(),
          ({ length }) => length === 0,
        );
        await workbench.screenshot(`calculator ${theme} ${width}`);
      }
      await workbench
        .frame('calculator')
        .getByRole('button', { name: /^Settings/ })
        .click();
      await workbench.seen('settings', calculator.slider('layers'));
      expect(await calculator.overflowing()).toEqual([]);
      await workbench.screenshot(`calculator ${theme} 300 settings`);
      await workbench
        .frame('calculator')
        .getByRole('button', { name: /^Settings/ })
        .click();
      await workbench.setPageWidth('calculator', 1600);
    }
  });

  it('trains its networks in the comparison, which says where they come from', async () => {
    await calculator.press('Train these');
    await workbench.seen('tab', workbench.tab('Compare activations'));
    const compare = new ComparePage(workbench);
    await compare.untilPhase('running', 'finished');
    await workbench.until(
      'networks of the calculator',
      () => compare.verdicts.evaluateAll((all) => all.map((each) => each.getAttribute('data-activation'))),
      (names) => names.join() === 'sigmoid,mish',
    );
    const origin = workbench.frame('compare').getByTestId('origin');
    expect(await origin.innerText()).toMatch(/^From the calculator: .+\.$/);
    await origin.getByRole('button', { name: 'Dismiss' }).click();
    await origin.waitFor({ state: 'detached' });
  });

  it('did all that without an error or a violation of its content security policy', () => {
    expect(workbench.problems).toEqual([]);
  });
});
