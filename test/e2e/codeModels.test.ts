// Models in people's code, in one window: each test goes on where the one before it stopped.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepSigmoids } from '../fixtures/deepSigmoids';
import { inTurn } from './inTurn';
import { type Theme, Workbench } from './workbench';

const deep = `${deepSigmoids}\nnotes = 1\n`;

const budget = [
  "import * as tf from '@tensorflow/tfjs';",
  '',
  '// gradient-lens: flow >= 0.5',
  'export const net = tf.sequential();',
  ...Array.from(
    { length: 4 },
    (_, k) => `net.add(tf.layers.dense({ units: 64, ${k === 0 ? 'inputShape: [64], ' : ''}activation: 'tanh' }));`,
  ),
  'net.add(tf.layers.dense({ units: 10 }));',
  '',
].join('\n');

const used = [
  'from torch import nn',
  'from torch.nn import functional as F',
  '',
  'class Net(nn.Module):',
  '    def __init__(self):',
  '        super().__init__()',
  '        self.fc1 = nn.Linear(784, 128)',
  '        self.fc2 = nn.Linear(128, 128)',
  '        self.fc3 = nn.Linear(128, 10)',
  '',
  '    def forward(self, x):',
  '        x = F.relu(self.fc1(x))',
  '        x = F.relu(self.fc2(x))',
  '        return self.fc3(x)',
  '',
].join('\n');

const open = [
  'from torch import nn',
  '',
  'class Net(nn.Module):',
  '    def __init__(self):',
  '        super().__init__()',
  '        self.a, self.b, self.c = nn.Linear(8, 8), CustomBlock(8), nn.Linear(8, 8)',
  '',
  '    def forward(self, x):',
  '        return self.c(self.b(self.a(x)))',
  '',
].join('\n');

describe('models in code', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open({
      width: 1500,
      height: 1000,
      settings: { 'files.autoSave': 'off' },
      files: { 'deep.py': deep, 'budget.ts': budget, 'open.py': open, 'used.py': used },
    });
  });
  afterAll(() => workbench?.close());
  inTurn();

  const lens = (text: string) => workbench.page.locator('.codelens-decoration a', { hasText: text }).first();
  const lenses = () => workbench.page.locator('.codelens-decoration').allInnerTexts();
  /** Where the lens stands, in pixels of the window. */
  const heightOf = (text: string) =>
    // In one step: VS Code may put another element in the place of the one that was found.
    workbench.page.evaluate(
      (wanted) =>
        [...document.querySelectorAll('.codelens-decoration')]
          .find(({ textContent }) => textContent?.includes(wanted))
          ?.getBoundingClientRect().top,
      text,
    );
  const squiggles = (kind: 'error' | 'warning') => workbench.page.locator(`.squiggly-${kind}`);
  const line = (text: string) => workbench.page.locator('.view-line', { hasText: text }).first();
  const inEditor = () => workbench.page.locator('.view-lines').first().innerText();

  it('have a lens that reads as a sentence, and a line under what stops the gradient', async () => {
    await workbench.openFile('deep.py');
    await workbench.seen('lens', lens('Gradient reaching the first layer: 1.0 × 10⁻⁶ (vanishing)'));
    await workbench.seen('doors', lens('Open in calculator'));
    expect(await lenses()).toHaveLength(1);
    await workbench.seen('squiggle', squiggles('warning').first());
    await workbench.screenshot('code-lens');
  });

  it('keep their lens where it is while somebody types', async () => {
    const { page } = workbench;
    await line('notes').click();
    await page.keyboard.press('End');
    const before = await heightOf('Gradient reaching');
    expect(before).toBeGreaterThan(0);
    // Half a statement: the text does not parse for a while.
    for (const key of ' + foo(bar[') {
      await page.keyboard.type(key);
      expect(await heightOf('Gradient reaching')).toBe(before);
    }
    expect(await lenses()).toHaveLength(1);
    for (let k = 0; k < ' + foo(bar[])'.length; k++) await page.keyboard.press('Control+z');
  });

  it('are mended by a quick fix that says what it does, and does it', async () => {
    const { page } = workbench;
    await workbench.openFile('open.py');
    await workbench.openFile('deep.py');
    await line('nn.Linear(64, 64)').getByText('Linear').first().click();
    await workbench.until(
      'the list of fixes',
      async () => {
        await page.keyboard.press('Control+.');
        return page
          .getByText('Use ReLU with kaiming_normal_: 1.0 × 10⁻⁶ → 0.87')
          .waitFor({ timeout: 10_000 })
          .then(
            () => true,
            () => false,
          );
      },
      (shown) => shown,
    );
    await workbench.screenshot('code-fixes');
    await page.getByText('Use ReLU with kaiming_normal_: 1.0 × 10⁻⁶ → 0.87').click();
    await workbench.seen('the number that the title promised', lens('Gradient reaching the first layer: 0.87 (flows)'));
    await workbench.until(
      'no line under the layer',
      () => squiggles('warning').count(),
      (count) => count === 0,
    );
    const text = await inEditor();
    expect(text).not.toContain('Sigmoid');
    expect(text).toContain('kaiming_normal_');
    await workbench.screenshot('code-fixed');
    await page.keyboard.press('Control+z');
    await workbench.seen('the first number again', lens('Gradient reaching the first layer: 1.0 × 10⁻⁶ (vanishing)'));
  });

  it('open in the calculator with this very number, and go back to their lines from there', async () => {
    const { page } = workbench;
    await lens('Open in calculator').click();
    const calculator = workbench.frame('calculator');
    await workbench.seen('the number', calculator.getByText('1.0 × 10⁻⁶').first());
    await calculator.getByRole('button', { name: '5', exact: true }).click();
    await workbench.seen('the line of the fifth layer', page.locator('.statusbar-item', { hasText: 'Ln 8, Col' }));
    await workbench.screenshot('code-calculator');
  });

  it('say from where on nothing is known', async () => {
    await workbench.openFile('open.py');
    await workbench.seen('lens', lens('Gradient reaching the first layer: unknown from `CustomBlock` on'));
  });

  it('tell of a layer where it is used', async () => {
    await workbench.openFile('used.py');
    await workbench.hover('self.fc1(x)', 'PyTorch docs', 'fc1');
    const text = await workbench.page.locator('.monaco-hover').filter({ visible: true }).first().innerText();
    expect(text).toMatch(/^Linear · PyTorch/);
    expect(text).toContain('In Net this layer');
    expect(text).toContain('at fan-in 784');
    await workbench.screenshot('code-used-layer');
  });

  it('are errors where they miss the budget of a comment', async () => {
    await workbench.openFile('budget.ts');
    await workbench.seen('lens', lens('Gradient reaching the first layer'));
    const own = workbench.page.locator('.squiggly-error');
    await workbench.seen('squiggle', own.first());
    await workbench.screenshot('code-budget');
  });

  it('may stand in the cells of a notebook', async () => {
    const { page } = workbench;
    await workbench.openFile('convnet.ipynb');
    const cell = (text: string) => page.locator('.code-cell-row', { hasText: text }).first();
    await workbench.seen(
      'lens',
      cell('model = keras.Sequential').locator('.codelens-decoration a', { hasText: 'Gradient reaching' }),
    );
    await workbench.seen('squiggle', cell('from_logits=True').locator('.squiggly-warning, .squiggly-error').first());
    await workbench.screenshot('code-notebook');
  });

  it.each(['light', 'high contrast'] satisfies Theme[])('look like VS Code in %s', async (theme) => {
    await workbench.setTheme(theme);
    await workbench.openFile('deep.py');
    await workbench.seen('lens', lens('Gradient reaching the first layer'));
    await workbench.seen('squiggle', squiggles('warning').first());
    await workbench.screenshot(`code-${theme.replace(' ', '-')}`);
  });

  it('leave files as they were', () => {
    expect(readFileSync(path.join(workbench.folder, 'deep.py'), 'utf8')).toBe(deep);
  });
});
