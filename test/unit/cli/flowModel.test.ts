import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, run } from './command';

const flow = (...args: string[]) => run('flow', ...args);

const convolutional = {
  version: 1,
  name: 'small',
  framework: 'torch',
  input: [14, 14, 1],
  layers: [
    { kind: 'convolution', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu', name: 'conv1' },
    { kind: 'pooling', mode: 'max', size: 2 },
    { kind: 'convolution', filters: 16, kernelSize: 3, activation: 'relu', name: 'conv2' },
    { kind: 'flatten' },
    { kind: 'dense', units: 64, activation: 'relu', name: 'fc1' },
    { kind: 'dense', units: 10, name: 'fc2' },
  ],
};

const dense = { kind: 'dense', units: 64, activation: 'tanh' };

const folders: ReturnType<typeof folderOf>[] = [];
afterAll(() => {
  for (const { remove } of folders) remove();
});

function fileOf(model: unknown): string {
  const folder = folderOf({ 'model.json': typeof model === 'string' ? model : JSON.stringify(model) });
  folders.push(folder);
  return join(folder.path, 'model.json');
}

describe('flow --model', () => {
  it('prints one JSON document of the promised shape, predicted and measured', async () => {
    const { code, out, err } = await flow('--model', fileOf(convolutional), '--measure', '6', '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(Object.keys(found)).toEqual([
      'name',
      'framework',
      'ratio',
      'band',
      'verdict',
      'certain',
      'assumptions',
      'unknown',
      'layers',
      'measured',
    ]);
    expect(found).toMatchObject({
      name: 'small',
      framework: 'torch',
      verdict: 'healthy',
      certain: true,
      unknown: null,
    });
    expect(found.layers.map(({ name, shape }: { name: string; shape: unknown }) => [name, shape])).toEqual([
      ['conv1', [14, 14, 16]],
      ['conv2', [5, 5, 16]],
      ['fc1', [64]],
    ]);
    expect(found.layers[0].delta).toBe(found.ratio);
    expect(found.measured.networks).toBe(6);
    expect(found.measured.ratio).toBeGreaterThan(found.band[0]);
    expect(found.measured.ratio).toBeLessThan(found.band[1]);
    expect(found.layers.at(-1).measured).toEqual({ delta: 1, kernelGradient: 1 });
  });

  it('says of a stack what the options for one say', async () => {
    const layers = [...Array.from({ length: 10 }, () => ({ ...dense, units: 128, activation: 'sigmoid' })), dense];
    const model = JSON.parse((await flow('--model', fileOf({ version: 1, input: [128], layers }), '--json')).out);
    const stack = JSON.parse((await flow('--json')).out);
    expect([model.ratio, model.band, model.verdict]).toEqual([stack.ratio, stack.band, stack.verdict]);
    expect(model.layers.map(({ delta }: { delta: number }) => delta)).toEqual(
      stack.layers.map(({ delta }: { delta: number }) => delta),
    );
  });

  it('reads as a page without --json', async () => {
    const { out, code } = await flow('--model', fileOf(convolutional));
    expect(code).toBe(0);
    expect(out).toMatch(/^small · PyTorch · 3 hidden layers · input 14 × 14 × 1\n/);
    expect(out).toMatch(/of the gradient at `fc1` reaches `conv1`/);
    expect(out).toMatch(/conv2 +│ convolution │ +5×5×16/);
  });

  it('says from where on nothing is known, and what comes before it', async () => {
    const model = {
      version: 1,
      input: [10, 64],
      layers: [
        { ...dense, name: 'a' },
        { ...dense, name: 'b' },
        { kind: 'attention', heads: 4, units: 64, name: 'mixing' },
        { ...dense, name: 'c' },
        dense,
      ],
    };
    const found = JSON.parse((await flow('--model', fileOf(model), '--json')).out);
    expect(found).toMatchObject({ ratio: null, band: null, verdict: null, unknown: { from: 'mixing' } });
    expect(found.layers.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
    expect(found.layers[0].delta).toBeGreaterThan(0.5);
    const { out } = await flow('--model', fileOf(model), '--measure', '2');
    expect(out).toMatch(
      /^How much of the gradient reaches the first layer is not predicted: the theory does not cover attention such as `mixing`/m,
    );
    expect(out).toMatch(/^Not measured: /m);
    expect(out).toMatch(/^predicted up to there/m);
  });

  it.each([
    [
      convolutional,
      ['--width', '64'],
      /^--width describes a stack, and --model gives a whole model; expected one of the two\./,
    ],
    [convolutional, ['--measure', '1.5'], /^--measure: 1.5 is not whole; expected a whole number from 0 to 1000\./],
    ['{', [], /^--model: .*model\.json: The model is no JSON/],
    [{ version: 1, layers: [{ kind: 'dense' }] }, [], /^--model: .*model\.json: Layer 1 has no units\./],
  ])('ends with code 2 and one sentence for what it cannot use: %#', async (model, more, expected) => {
    const { code, out, err } = await flow('--model', fileOf(model), ...more);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.replaceAll('\n', ' ')).toMatch(expected);
  });

  it('ends with code 2 where there is no file', async () => {
    const { code, err } = await flow('--model', `${fileOf(convolutional)}.none.json`);
    expect(code).toBe(2);
    expect(err).toMatch(/^--model: ".*none\.json" does not exist; expected a file\.\n$/);
  });
});
