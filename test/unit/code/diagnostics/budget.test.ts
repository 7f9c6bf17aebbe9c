import { describe, expect, it } from 'vitest';
import { readBudget } from '../../../../src/code/diagnostics/budget';
import { type DiagnosticOptions, diagnose } from '../../../../src/code/diagnostics/diagnose';
import { parse } from '../../../../src/code/document';
import { modelFixes } from '../../../../src/code/edits/modelFixes';
import type { Language } from '../../../../src/code/language';
import { readModels } from '../../../../src/code/models/read';

const RULE = 'gradient-budget';

function budgets(texts: string | readonly string[], language: Language = 'python', options: DiagnosticOptions = {}) {
  const documents = [texts].flat().map((text, cell) => ({ document: parse(text, language), cell }));
  const { models } = readModels(documents, { tensorflowKeras: 3 });
  return diagnose(models, documents, options)
    .filter(({ rule }) => rule === RULE)
    .map((each) => ({ ...each, at: documents[each.range.cell]!.document.text.slice(each.range.from, each.range.to) }));
}

/** Who misses a budget, and what is said of comments (undefined). */
const missing = (...of: Parameters<typeof budgets>) => budgets(...of).map(({ model, severity }) => [model, severity]);

const importing = 'from torch import nn\n';
/** A stack of sigmoids, of which about 2e-6 arrives; its class has `{}` at its top. */
const deep = (name = 'Deep', inside = '') => `class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        ${inside || 'self.size = 64'}
        self.layers = nn.Sequential(*[m for _ in range(10) for m in (nn.Linear(64, 64), nn.Sigmoid())])
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.layers(x))
`;
const net = (name = 'net') => `${name} = nn.Sequential(
    nn.Linear(64, 64), nn.Sigmoid(),
    nn.Linear(64, 64), nn.Sigmoid(),
    nn.Linear(64, 64), nn.Sigmoid(),
    nn.Linear(64, 10),
)
`;
const budget = '# gradient-lens: flow >= 1e-1';

describe('a budget', () => {
  it.each([
    ['1e-3', 0.001],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['1', 1],
    ['1E-2', 0.01],
    [' 1e-3 ', 0.001],
  ])('is read from %j', (text, value) => {
    expect(readBudget(text)).toBe(value);
  });

  it.each(['', '0', '2e5', 'abc', '-1', '1e-3x', '1e', 'NaN', 'Infinity', '1,5', '0x1', '1e-999', '1.2.3'])(
    'is not read from %j',
    (text) => {
      expect(readBudget(text)).toBeUndefined();
    },
  );

  it('that is missed is an error at the layer where the way back falls below it, with the number', () => {
    const [found, ...more] = budgets(importing + deep('Deep', '# gradient-lens: flow >= 1e-3'));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', model: 'Deep', page: 'media/rules/gradient-budget.md' });
    expect(found!.at).toContain('nn.Linear(64, 64)');
    expect(found!.message).toMatch(
      /^\S+ × 10⁻\S+ .*of the gradient at .* reaches .*, \S+( × 10\S+)? times less than the budget of 0\.001: it falls below at `.*`, hidden layer \d+ of 10\.$/,
    );
  });

  it('is met where as much arrives', () => {
    expect(budgets(importing + deep('Deep', '# gradient-lens: flow >= 1e-30'))).toEqual([]);
  });

  it.each([
    ['above a class', `${importing}import os\nx = 1\n${budget}\n${deep()}`],
    ['above its decorator', `${importing}x = 1\n${budget}\n@final\n${deep()}`],
    ['above other comments', `${importing}x = 1\n${budget}\n# the model\n\n${deep()}`],
    ['in a class', importing + deep('Deep', budget)],
    ['at the end of a class', `${importing}x = 1\n${deep()}    ${budget}\nx = 2\n`],
    ['beside the name of a class', importing + deep().replace(':\n', `:  ${budget}\n`)],
    ['at the top', `${budget}\n${importing}x = 1\n${deep()}`],
    ['below a description', `"""Models."""\n${budget}\n${importing}x = 1\n${deep()}`],
    ['below the imports', `${importing}\n${budget}\nx = 1\n${deep()}`],
  ])('stands %s', (_, text) => {
    expect(missing(text)).toEqual([['Deep', 'error']]);
  });

  it.each([
    ['above a variable', `${importing}x = 1\n${budget}\n${net()}`],
    ['in its call', importing + net().replace('(\n', `(\n    ${budget}\n`)],
    ['behind it', `${importing}x = 1\n${net().trimEnd()}  ${budget}\n`],
    [
      'between what is added to it',
      `import keras\nnet = keras.Sequential([keras.Input((64,))])\n${budget}\nfor _ in range(9):\n    net.add(keras.layers.Dense(64, "sigmoid"))\nnet.add(keras.layers.Dense(10))\n`,
    ],
  ])('of a variable stands %s', (_, text) => {
    expect(missing(text)).toEqual([['net', 'error']]);
  });

  it('of one model is not that of another', () => {
    expect(missing(`${importing}x = 1\n${net('a')}\n${budget}\n${net('b')}\n${net('c')}`)).toEqual([['b', 'error']]);
    expect(missing(importing + deep('A') + deep('B', budget))).toEqual([['B', 'error']]);
    expect(missing(`${budget}\n${importing}${net('a')}${net('b')}`)).toEqual([
      ['a', 'error'],
      ['b', 'error'],
    ]);
  });

  it('of a model goes before that of the file, and the strictest before others', () => {
    const own = '# gradient-lens: flow >= 1e-30';
    expect(missing(`${budget}\n${importing}x = 1\n${net('a')}\n${own}\n${net('b')}`)).toEqual([['a', 'error']]);
    expect(missing(`${importing}x = 1\n${own}\n${budget}\n${own}\n${net()}`)).toEqual([['net', 'error']]);
  });

  it('is set for models without one by an option', () => {
    const text = `${importing}x = 1\n${net('a')}\n# gradient-lens: flow >= 1e-30\n${net('b')}`;
    expect(missing(text, 'python', { budget: 0.1 })).toEqual([['a', 'error']]);
    expect(missing(text, 'python', { budget: 1e-30 })).toEqual([]);
  });

  it.each(['flow > abc', 'flow >= 2e5', 'flow', 'flow >= ', 'flow = 1e-3', 'flow <= 1', 'flow >= 1e-3x', 'flow >= -1'])(
    'that cannot be read, %j, is a warning at it',
    (written) => {
      const [found, ...more] = budgets(`${importing}x = 1\n# gradient-lens: ${written}\n${net()}`);
      expect(more).toEqual([]);
      expect(found).toMatchObject({ severity: 'warning', model: undefined, at: written.trim() });
      expect(found!.message).toMatch(/is no budget, .*; expected flow >= .*\.$/);
    },
  );

  it('at no model is a warning', () => {
    const [found] = budgets(`${importing}x = 1\n${net()}\nx = 2\n${budget}\nx = 3\n`);
    expect(found).toMatchObject({ severity: 'warning', model: undefined, at: 'flow >= 1e-1' });
    expect(found!.message).toContain('stands at no model');
  });

  it.each([
    ['a string', `s = "${budget}"`],
    ['another word', '# gradient-lens: flowing >= 1e-1'],
    ['an ignore', '# gradient-lens: ignore[vanishing-flow]'],
    ['another tool', '# other-lens: flow >= 1e-1'],
  ])('is not %s', (_, text) => {
    expect(budgets(`${importing}x = 1\n${text}\n${net()}`)).toEqual([]);
  });

  it('that cannot be checked is a hint with the reason', () => {
    const open = `${importing}x = 1\n${budget}\nnet = nn.Sequential(nn.Linear(64, 64), Own(), nn.Linear(64, 64), nn.Linear(64, 10))\n`;
    const [found] = budgets(open);
    expect(found).toMatchObject({ severity: 'hint', model: 'net', at: 'net' });
    expect(found!.message).toMatch(/could not be checked.*Own.*\.$/);
    const [grave] = budgets(open, 'python', { severities: { [RULE]: 'error' } });
    expect(grave!.severity).toBe('hint');
  });

  it('takes its severity from the settings, and is silenced by a comment', () => {
    const text = `${importing}x = 1\n${budget}\n${net()}`;
    expect(missing(text, 'python', { severities: { [RULE]: 'warning' } })).toEqual([['net', 'warning']]);
    expect(missing(text, 'python', { severities: { [RULE]: 'off' } })).toEqual([]);
    expect(missing(`# gradient-lens: ignore-file[${RULE}]\n${text}`)).toEqual([]);
    expect(missing(`${text}# gradient-lens: flow\n`, 'python', { severities: { [RULE]: 'off' } })).toEqual([]);
  });

  it('is missed where nothing arrives, in words that hold', () => {
    const text = `${importing}x = 1\n${budget}\nnet = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))\nfor m in net.modules():\n    if isinstance(m, nn.Linear):\n        nn.init.zeros_(m.weight)\n`;
    const [found] = budgets(text);
    expect(found).toMatchObject({ severity: 'error', model: 'net' });
    expect(found!.message).toMatch(/^Less than .* and the budget is 0\.1: /);
  });

  it('asks nothing of a model without hidden layers', () => {
    expect(budgets(`${importing}x = 1\n${budget}\nnet = nn.Sequential(nn.Linear(4, 2))\n`)).toEqual([]);
  });

  it('that is missed names its comment, too', () => {
    const text = `${importing}x = 1\n${budget}\n${net()}`;
    const [found] = budgets(text);
    expect(found!.related.map(({ range }) => text.slice(range.from, range.to))).toEqual(['flow >= 1e-1']);
    expect(budgets(`${importing}${net()}`, 'python', { budget: 0.1 })[0]!.related).toEqual([]);
  });

  it('that is missed and silenced leaves the gradient that vanishes to tell', () => {
    const text = `${importing}${deep('Deep', budget)}# gradient-lens: ignore-file[${RULE}]\n`;
    const documents = [{ document: parse(text, 'python'), cell: 0 }];
    const { models } = readModels(documents, { tensorflowKeras: 3 });
    expect(diagnose(models, documents).map(({ rule }) => rule)).toEqual(['vanishing-flow']);
  });

  it('that is missed is told instead of the gradient that vanishes', () => {
    const documents = [{ document: parse(importing + deep('Deep', budget), 'python'), cell: 0 }];
    const { models } = readModels(documents, { tensorflowKeras: 3 });
    expect(diagnose(models, documents).map(({ rule }) => rule)).toEqual([RULE]);
  });

  it('speaks for all cells at the top of a notebook, and for its own model elsewhere', () => {
    expect(missing([`${budget}\n${importing}`, net('a'), net('b')])).toEqual([
      ['a', 'error'],
      ['b', 'error'],
    ]);
    expect(missing([importing, budget, net('a')])).toEqual([['a', 'error']]);
    expect(missing([importing, net('a'), `${budget}\n${net('b')}`])).toEqual([['b', 'error']]);
    expect(missing([importing, net('a'), budget])).toEqual([[undefined, 'warning']]);
  });

  describe('in JavaScript', () => {
    const js = (comment: string) => `import * as tf from '@tensorflow/tfjs';
const x = 1;
${comment}
export const net = tf.sequential();
net.add(tf.layers.dense({ units: 64, inputShape: [64], activation: 'sigmoid' }));
for (let i = 0; i < 8; i++) net.add(tf.layers.dense({ units: 64, activation: 'sigmoid' }));
net.add(tf.layers.dense({ units: 10 }));
`;
    it.each([
      '// gradient-lens: flow >= 1e-3',
      '/* gradient-lens: flow >= 1e-3 */',
      '/** gradient-lens: flow >= 1e-3 */',
      '/**\n * A net.\n * gradient-lens: flow >= 1e-3\n */',
    ])('stands in %j', (comment) => {
      expect(missing(js(comment), 'typescript')).toEqual([['net', 'error']]);
    });

    it('stands at the top below a require', () => {
      const text = js('').replace(
        /^import.*/,
        "// gradient-lens: flow >= 1e-3\nconst tf = require('@tensorflow/tfjs');",
      );
      expect(missing(text, 'javascript')).toEqual([['net', 'error']]);
    });
  });

  it('has the fixes after which it is met', () => {
    const documents = [
      {
        document: parse(
          `import keras\nx = 1\n# gradient-lens: flow >= 0.5\nnet = keras.Sequential([keras.Input((64,))])\nfor _ in range(4):\n    net.add(keras.layers.Dense(64, "tanh", kernel_initializer="random_normal"))\nnet.add(keras.layers.Dense(10))\n`,
          'python',
        ),
        cell: 0,
      },
    ];
    const { models } = readModels(documents, { tensorflowKeras: 3 });
    const [model] = models;
    const fixes = modelFixes(model!, documents, { tensorflowKeras: 3 });
    const meeting = fixes.filter(({ rules }) => rules.includes(RULE));
    expect(meeting.length).toBeGreaterThan(0);
    const [found] = diagnose(models, documents).filter(({ rule }) => rule === RULE);
    expect(meeting[0]!.answers).toContainEqual({ rule: RULE, range: found!.range });
  });
});
