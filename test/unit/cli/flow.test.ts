import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerTable } from '../../../src/cli/flow';
import { calculate } from '../../../src/core/advice/calculate';
import { paperFlow } from '../../../src/core/calculation/config';
import { folderOf, run } from './command';
import { flowKeys, flowLayerKeys } from './flowKeys';

const flow = (...args: string[]) => run('flow', ...args);
const json = async (...args: string[]) => JSON.parse((await flow(...args, '--json')).out);

describe('the flow command', () => {
  it('prints one JSON document of the promised shape with --json', async () => {
    const { code, out, err } = await flow('--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(Object.keys(found)).toEqual(flowKeys);
    expect(found.bound).toBe(9.5367431640625e-7);
    expect(found.rootMeanSquare / 2.0296e-6).toBeCloseTo(1, 3);
    expect(found.ratio / 1.956e-6).toBeCloseTo(1, 2);
    expect(found.band[0]).toBeLessThan(found.ratio);
    expect(found.band[1]).toBeGreaterThan(found.ratio);
    expect(found.verdict).toBe('vanishing');
    expect(found.layers).toHaveLength(10);
    expect(Object.keys(found.layers[0])).toEqual(flowLayerKeys);
    expect(found.layers[0].delta).toBe(found.ratio);
    expect(found.measured).toBeNull();
  });

  it('draws its table without a frame where the terminal is too narrow for one', () => {
    const { prediction } = calculate(paperFlow)[0]!;
    const width = (columns?: number) => layerTable(prediction, undefined, columns).split('\n')[0]!.length;
    expect(width(80)).toBe(width());
    expect(width(width() - 1)).toBeLessThan(width());
    expect(layerTable(prediction, undefined, 30)).toMatch(/^hidden +‖δ‖ +‖∂C\/∂W‖\n +1 +2\.0e-6 /);
  });

  it('measures in a worker when asked', async () => {
    const { measured, band } = await json('--activation', 'tanh', '--layers', '5', '--width', '64', '--measure', '20');
    expect(measured.networks).toBe(20);
    expect(measured.spread).toBeGreaterThan(1);
    expect(measured.ratio).toBeGreaterThan(band[0]);
    expect(measured.ratio).toBeLessThan(band[1]);
  });

  it('takes the defaults of the framework', async () => {
    const ratio = async (framework: string) => (await json('--framework', framework)).ratio;
    expect((await ratio('torch')) / 2.1e-8).toBeCloseTo(1, 1);
    expect((await ratio('tfjs')) / 7.3e-7).toBeCloseTo(1, 1);
    expect(await ratio('jax')).toBe(await ratio('keras'));
    expect((await json('--activation', 'LeakyReLU', '--framework', 'keras')).bound).toBe(1);
  });

  it('takes every layer’s width and activation', async () => {
    const found = await json('--width', '64,32,16', '--activation', 'tanh,leaky_relu(negative_slope=0.3),sigmoid');
    expect(found.layers).toHaveLength(3);
    expect(found.bound).toBe(0.25);
  });

  it('compares the activations that it is given one after the other, the default’s name among them', async () => {
    const both = ['--activation', 'sigmoid', '--activation', 'tanh', '--layers', '5'];
    const found = await json(...both, '--measure', '4');
    expect(found).toHaveLength(2);
    for (const [i, name] of ['sigmoid', 'tanh'].entries())
      expect(found[i]).toEqual(await json('--activation', name, '--layers', '5', '--measure', '4'));
    const { out } = await flow(...both);
    expect(out.match(/^(sigmoid|tanh) · 5 × 128/gm)).toEqual(['sigmoid · 5 × 128', 'tanh · 5 × 128']);
  });

  it('takes normalisation, dropout, biases, residual and an initialiser', async () => {
    const plain = (await json('--activation', 'tanh')).ratio;
    for (const more of [
      ['--norm', 'layer'],
      ['--norm', 'batch'],
      ['--dropout', '0.3'],
      ['--bias-std', '1'],
      ['--residual'],
    ])
      expect((await json('--activation', 'tanh', ...more)).ratio).not.toBe(plain);
    expect((await json('--activation', 'relu', '--init', 'he_normal')).rootMeanSquare).toBeCloseTo(1, 9);
  });

  it('says null for what overflows', async () => {
    const { ratio, verdict } = await json('--activation', 'linear', '--layers', '100', '--init', 'normal:0,1000');
    expect(ratio === null || ratio > 1e100).toBe(true);
    expect(verdict).toBe('exploding');
  });

  it.each([
    [['--layers', '101'], '--layers: 101 layers; expected a whole number from 1 to 100'],
    [['--layers', '2.5'], '--layers'],
    [['--width', '0'], '--width: a width is 0'],
    [['--width', '64,32', '--layers', '3'], '--width: lists 2 layers and --layers says 3'],
    [['--activation', 'softmax'], '--activation: "softmax" looks at more than one unit'],
    [['--activation', 'tanhh'], 'did you mean tanh'],
    [['--activation', 'nope'], 'Keras has no "nope"; expected one of relu, leaky_relu, '],
    [['--activation', 'tanh,relu'], '--activation: 2 activations for 10 layers'],
    [['--init', 'magic'], '--init: "magic" is not an initialiser'],
    [['--framework', 'caffe'], '--framework: "caffe" is not known; expected keras'],
    [['--bias-std', '-1'], '--bias-std'],
    [['--norm', 'group'], '--norm: normalisation is "group"'],
    [['--dropout', '1'], '--dropout'],
    [['--measure', 'many'], '--measure: "many" is not a number'],
    [['--seed', '-1'], '--seed'],
  ])('%j ends with code 2 and one line that names it', async (args, message) => {
    const { code, out, err } = await flow(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('writes the calculator as a page that opens on the calculation', async () => {
    const folder = folderOf({});
    const file = join(folder.path, 'flow.html');
    const { code, out } = await flow('--activation', 'tanh', '--layers', '3', '--html', file);
    expect(code).toBe(0);
    expect(out).toContain(`Page: ${file}`);
    const html = readFileSync(file, 'utf8');
    const state = JSON.parse(/id="calculation">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
    expect(state.config).toMatchObject({
      candidates: [{ activations: ['tanh'] }],
      widths: [128, 128, 128],
      networks: 40,
    });
    expect(html.length).toBeLessThan(2_500_000);
    expect(JSON.parse((await flow('--json', '--html', file)).out).verdict).toBe('vanishing');
    folder.remove();
  });

  it('says which page it cannot write', async () => {
    const { code, err } = await flow('--html', join('no', 'such', 'folder.html'));
    expect(code).toBe(2);
    expect(err).toMatch(
      /^--html: ".*folder\.html" cannot be written\s\(.*\)\.\sName\sa\sfile\sin\sa\sfolder\sthat\sexists\sand\sis\syours\sto\swrite\.\n$/s,
    );
  });

  it('prints a table for people', async () => {
    const { code, out } = await flow('--activation', 'tanh');
    expect(code).toBe(0);
    for (const part of ['tanh · 10 × 128 · Keras · glorot_uniform', '0.27 of the gradient', 'ReLU with he_normal'])
      expect(out).toContain(part);
  });
});
