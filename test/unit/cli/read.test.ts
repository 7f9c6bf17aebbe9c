import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, healthy, lines, notebook, run, vanishing } from './command';

const folder = folderOf({
  'vanishing.py': vanishing,
  'mixed.py': lines(
    'import keras',
    'from keras import layers',
    '',
    'model = keras.Sequential([',
    '    keras.Input((28, 28, 1)),',
    '    layers.Conv2D(8, 3, activation="leaky_relu", kernel_initializer="he_normal", use_bias=False),',
    '    layers.Flatten(),',
    '    layers.Dense(16, bias_initializer="ones"),',
    '    layers.ELU(alpha=0.5),',
    '    layers.Mystery(3),',
    '    layers.Dense(4, activation="softmax"),',
    '])',
  ),
  'web/model.ts': lines(
    "import * as tf from '@tensorflow/tfjs';",
    'const net = tf.sequential();',
    "net.add(tf.layers.dense({ units: 8, inputShape: [4], activation: 'tanh' }));",
    'net.add(tf.layers.dense({ units: 1 }));',
  ),
  'torch/net.py': healthy,
  'cells.ipynb': notebook('import keras\n', '# below\nm = keras.Sequential([keras.layers.Dense(3, input_dim=2)])\n'),
  'page.html': lines(
    '<script src="tf.js"></script>',
    '<script>',
    'const net = tf.sequential();',
    "net.add(tf.layers.dense({ units: 8, inputShape: [4], activation: 'tanh' }));",
    '</script>',
  ),
  'open.py': lines('import keras', 'def make(units):', '    return keras.Sequential([keras.layers.Dense(units)])'),
  'asking.py': lines(
    'import torch.nn as nn',
    'class Net(nn.Module):',
    '    def __init__(self, width, norm):',
    '        super().__init__()',
    '        self.body = nn.Sequential(*[nn.Sequential(nn.Linear(width, width), nn.Tanh()) for _ in range(6)])',
    '    def forward(self, x):',
    '        return self.body(x)',
  ),
  'broken.py': lines('import keras', 'm = keras.Sequential([', '  ) ] = = def def ((( *** 12 ]]]'),
  'cut.py': lines('import keras', 'm = keras.Sequential([keras.layers.Dense(3, input_dim=2)])', 'def f(:'),
  'binary.py': Uint8Array.from({ length: 600 }, (_, k) => (k * 37) % 256),
  'broken.ipynb': '{"cells": [',
  'notes.txt': 'no code',
  'node_modules/other.js': "const tf = require('@tensorflow/tfjs');",
});
afterAll(folder.remove);

const at = (name: string): string => join(folder.path, name);
const json = async (...names: string[]) => JSON.parse((await run('read', ...names.map(at), '--json')).out);

describe('the read command', () => {
  it('prints one entry per model, of the promised shape and nothing else, with --json', async () => {
    const { code, out, err } = await run('read', at('mixed.py'), '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    const parameters = expect.any(Object);
    const plain = { name: null, activation: null, kernelInit: null, biasInit: null, unknown: false };
    expect(JSON.parse(out)).toEqual([
      {
        file: at('mixed.py'),
        name: 'model',
        framework: 'keras',
        line: 4,
        input: [28, 28, 1],
        layers: [
          {
            ...plain,
            type: 'conv2d',
            line: 6,
            filters: 8,
            activation: { name: 'leaky_relu', parameters: { negative_slope: 0.2 } },
            kernelInit: 'he_normal',
          },
          { ...plain, type: 'flatten', line: 7 },
          { ...plain, type: 'dense', line: 8, units: 16, kernelInit: 'glorot_uniform', biasInit: 'constant:1' },
          { ...plain, type: 'activation', line: 9, activation: { name: 'elu', parameters: { alpha: 0.5 } } },
          { ...plain, type: 'other', class: 'Mystery', line: 10, unknown: true },
          {
            ...plain,
            type: 'dense',
            line: 11,
            units: 4,
            activation: { name: 'softmax', parameters },
            kernelInit: 'glorot_uniform',
            biasInit: 'zeros',
          },
        ],
        loss: null,
        symbols: [],
        flow: expect.toSatisfy((flow) => flow === null || flow.certain === false),
      },
    ]);
  });

  it('says the flow as the calculator does', async () => {
    const [{ flow, layers }] = await json('vanishing.py');
    expect(layers).toHaveLength(11);
    expect(flow.ratio / 2.03e-6).toBeCloseTo(1, 1);
    expect(flow.band[0]).toBeLessThan(flow.ratio);
    expect(flow.band[1]).toBeGreaterThan(flow.ratio);
    expect(flow.verdict).toBe('vanishing');
  });

  it('reads every language and notebooks, and the line of a notebook is the cell’s', async () => {
    const found = await json('web/model.ts', 'torch/net.py', 'cells.ipynb');
    expect(found.map(({ name, framework, line, input }: never) => [name, framework, line, input])).toEqual([
      ['net', 'tfjs', 2, [4]],
      ['model', 'torch', 2, [784]],
      ['m', 'keras', 2, [2]],
    ]);
  });

  it('names the argument that a size hangs on', async () => {
    expect(await json('open.py')).toMatchObject([
      { name: 'make', input: null, layers: [{ units: 'units' }], flow: null },
    ]);
  });

  it('reads folders in the order of names, and leaves out what is installed', async () => {
    const { code, out, err } = await run('read', folder.path, '--json');
    expect(code).toBe(0);
    const files = JSON.parse(out).map(({ file }: { file: string }) => file.slice(folder.path.length + 1));
    expect(files).toEqual([
      'asking.py',
      'cells.ipynb',
      'cut.py',
      'mixed.py',
      'open.py',
      'page.html',
      'torch/net.py',
      'vanishing.py',
      'web/model.ts',
    ]);
    expect(err).not.toContain('node_modules');
    expect(err).not.toContain('notes.txt');
  });

  it('reports a file that does not parse, and reads the others', async () => {
    const names = ['broken.py', 'binary.py', 'broken.ipynb', 'notes.txt', 'torch/net.py'];
    const { code, out, err } = await run('read', ...names.map(at), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toHaveLength(1);
    for (const name of names.slice(0, 4)) expect(err).toContain(`${at(name)}: `);
    expect(err).not.toContain('net.py');
    expect(err.trim().split('\n')).toHaveLength(4);
  });

  it('reads what comes before and after a line that does not parse, and reports that', async () => {
    const { out, err } = await run('read', at('cut.py'), '--json');
    expect(JSON.parse(out)).toMatchObject([{ name: 'm' }]);
    expect(err).toBe(`${at('cut.py')}: line 3 does not parse as python; models are read from the rest.\n`);
  });

  it('prints a table for people', async () => {
    const { code, out } = await run('read', at('mixed.py'));
    expect(code).toBe(0);
    expect(out).toContain(`model · Keras · ${at('mixed.py')}:4 · input 28 × 28 × 1`);
    expect(out).toMatch(/│ 6 +│ conv2d +│ 8 +│ leaky_relu │ he_normal +│ +│/);
    expect(out).not.toContain('name');
    expect(out).toMatch(/│ 10 +│ Mystery \? /);
    expect((await run('read', at('vanishing.py'))).out).toContain('2.0 × 10⁻⁶ (about 1 in 500,000) of the gradient');
    expect((await run('read', at('notes.txt'))).out).toBe('No models.\n');
  });

  it('writes layers that repeat once', async () => {
    const { out } = await run('read', at('vanishing.py'));
    expect(out).toMatch(/│ 6 +│ dense +│ 128 +│ sigmoid .*│ × 10 +│/);
    expect(out.match(/│ dense /g)).toHaveLength(2);
    const block = (await run('read', at('asking.py'), '--set', 'width=8')).out;
    expect(block).toMatch(/dense .*│ ┐ +│\n.*activation .*│ ┘ × 6 +│/);
  });

  it('asks for what the code does not tell, and fills in what a person says', async () => {
    const asked = (await run('read', at('asking.py'))).out;
    expect(asked).toContain('Fill in with --set width=….');
    expect((await json('asking.py'))[0]).toMatchObject({ symbols: [{ name: 'width', line: 3 }] });
    const filled = await run('read', at('asking.py'), '--set', 'width=32', '--json');
    expect(filled.err).toBe('');
    const [model] = JSON.parse(filled.out);
    expect(model.symbols).toEqual([]);
    expect(model.layers[0]).toMatchObject({ units: 32 });
    expect(model.flow.verdict).toBe('healthy');
    expect((await run('read', at('asking.py'), '--set', 'height=2')).err).toMatch(
      /^--set: no model asks for height; asked for are width.*\n$/,
    );
  });

  it('takes the shape of an input that the code does not tell', async () => {
    const [model] = JSON.parse(
      (await run('read', at('open.py'), '--set', 'units=8', '--input', '28x28', '--json')).out,
    );
    expect(model).toMatchObject({ input: [28, 28], layers: [{ units: 8 }] });
    const clash = await run('read', at('mixed.py'), '--input', '784');
    expect(clash.out).toContain('input 28 × 28 × 1');
  });

  it('names initialisers as the framework writes them', async () => {
    const { out } = await run('read', at('asking.py'), '--set', 'width=8');
    expect(out).toContain('kaiming_uniform_(a=√5)');
    expect(out).toContain('uniform_(±1/√fan_in)');
    expect(out).not.toContain('variance_scaling');
  });

  it('exits with 2 for bad use', async () => {
    for (const bad of ['width', '=3', 'width=', '3=3']) {
      expect(await run('read', at('open.py'), '--set', bad)).toMatchObject({ code: 2, out: '' });
    }
    for (const bad of ['', '0', '28x', 'wide', '1x2x3x4x5', '999999999x999999999']) {
      const { code, err } = await run('read', at('open.py'), '--input', bad);
      expect(code).toBe(2);
      expect(err).toContain('is not a shape');
    }
    const missing = await run('read', at('nowhere.py'));
    expect(missing.code).toBe(2);
    expect(missing.out).toBe('');
    expect(missing.err).toBe(`${at('nowhere.py')} does not exist; expected a file or a folder.\n`);
    expect((await run('read')).code).toBe(2);
    expect((await run('read', at('mixed.py'), '--yaml')).code).toBe(2);
  });
});
