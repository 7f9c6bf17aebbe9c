import { describe, expect, it } from 'vitest';
import { type DiagnosticOptions, diagnose } from '../../../../src/code/diagnostics/diagnose';
import { parse } from '../../../../src/code/document';
import type { Language } from '../../../../src/code/language';
import { readModels } from '../../../../src/code/models/read';

function found(texts: readonly string[], options: DiagnosticOptions = {}, language: Language = 'python') {
  const documents = texts.map((text, cell) => ({ document: parse(text, language), cell }));
  return diagnose(readModels(documents, { tensorflowKeras: 3 }).models, documents, options);
}
const rulesIn = (...of: Parameters<typeof found>) => found(...of).map(({ rule }) => rule);

/** Two dense layers without an activation between; `{}` stands at the end of the first's line, `above` over it. */
const linear = (end = '', above = '', rest = '') =>
  `import keras
m = keras.Sequential([
    keras.Input((64,)),
${above}    keras.layers.Dense(64),${end}
    keras.layers.Dense(10),
])
${rest}`;

describe('diagnostics of a text', () => {
  it('say the rule, the model, the place and the page', () => {
    const [first, ...more] = found([linear()]);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      rule: 'linear-stack',
      severity: 'warning',
      model: 'm',
      page: 'media/rules/linear-stack.md',
    });
    expect(linear().slice(first!.range.from, first!.range.to)).toContain('Dense(64)');
  });

  it('take their severity from the settings', () => {
    expect(found([linear()], { severities: { 'linear-stack': 'error' } })[0]!.severity).toBe('error');
    expect(found([linear()], { severities: { 'linear-stack': 'off' } })).toEqual([]);
  });

  it.each([
    ['at the end of the line', linear('  # gradient-lens: ignore')],
    ['with the rule', linear('  # gradient-lens: ignore[vanishing-flow, linear-stack] meant so')],
    ['alone on the line above', linear('', '    # gradient-lens: ignore[linear-stack]\n')],
    ['for the file', linear('', '', '# gradient-lens: ignore-file[linear-stack]')],
    ['for the file, all rules', `# gradient-lens: ignore-file\n${linear()}`],
  ])('are silenced by a comment %s', (_, text) => {
    expect(rulesIn([text])).toEqual([]);
  });

  it.each([
    ['another rule', linear('  # gradient-lens: ignore[vanishing-flow]')],
    ['another line', linear('', '', '# gradient-lens: ignore')],
    ['a string', linear('', '', 's = "# gradient-lens: ignore-file"')],
    ['another word', linear('  # gradient-lens: ignored')],
    ['no rule', linear('  # gradient-lens: ignore[]')],
  ])('are not silenced by %s', (_, text) => {
    expect(rulesIn([text])).toEqual(['linear-stack']);
  });

  it('tell of a rule that does not exist', () => {
    const text = linear('  # gradient-lens: ignore[linear-stak]');
    const hint = found([text]).find(({ rule }) => rule === 'unknown-rule')!;
    expect(hint.severity).toBe('hint');
    expect(text.slice(hint.range.from, hint.range.to)).toBe('linear-stak');
    expect(hint.message).toContain('linear-stack');
  });

  it('stand in the cell of their layer, and a file comment speaks for all cells', () => {
    const cells = ['import keras', linear()];
    expect(found(cells).map(({ range }) => range.cell)).toEqual([1]);
    expect(rulesIn(['# gradient-lens: ignore-file', linear()])).toEqual([]);
  });

  it('are silenced in JavaScript too', () => {
    const text = (end: string) => `import * as tf from '@tensorflow/tfjs';
const m = tf.sequential();
m.add(tf.layers.dense({units: 64, inputShape: [64]}));${end}
m.add(tf.layers.dense({units: 10}));`;
    expect(rulesIn([text('')], {}, 'javascript')).toEqual(['linear-stack']);
    expect(rulesIn([text(' // gradient-lens: ignore[linear-stack]')], {}, 'javascript')).toEqual([]);
  });

  it('say a vanishing gradient once', () => {
    const layers = Array.from({ length: 14 }, () => 'nn.Linear(128, 128), nn.ReLU(),').join('\n    ');
    const text = `from torch import nn\nmodel = nn.Sequential(\n    ${layers}\n    nn.Linear(128, 10))\n`;
    expect(rulesIn([text])).toEqual(['vanishing-flow']);
  });
});
