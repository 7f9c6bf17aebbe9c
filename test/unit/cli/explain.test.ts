import { describe, expect, it } from 'vitest';
import { run } from './command';

const explain = (...args: string[]) => run('explain', ...args);

describe('the explain command', () => {
  it('prints one JSON document with --json', async () => {
    const { code, out, err } = await explain(
      'LeakyReLU',
      '--framework',
      'torch',
      '--params',
      'negative_slope=0.3',
      '--at=-2,0,2',
      '--json',
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      name: 'LeakyReLU',
      framework: 'torch',
      parameters: { negative_slope: 0.3 },
      formula: 'x for x > 0, else 0.3x',
      derivative: '1 for x > 0, else 0.3',
      range: [null, null],
      derivativeRange: [0.3, 1],
      derivativeMax: { x: 1, value: 1 },
      kinks: [0],
      values: [
        { x: -2, y: -0.6, dy: 0.3 },
        { x: 0, y: 0, dy: 0.3 },
        { x: 2, y: 2, dy: 1 },
      ],
    });
  });

  it.each([
    ['leaky_relu(0.3)', 'leaky_relu', 'keras', { negative_slope: 0.3 }],
    ['nn.LeakyReLU(0.2)', 'LeakyReLU', 'torch', { negative_slope: 0.2 }],
    ['F.elu(alpha=0.5)', 'elu', 'torch', { alpha: 0.5 }],
    ['tf.math.softplus', 'softplus', 'tf2', {}],
    ['tf.sigmoid', 'sigmoid', 'tf2', {}],
    ['tf.relu', 'relu', 'tfjs', {}],
    ['nnx.gelu', 'gelu', 'jax', { approximate: true }],
    ['jnp.tanh', 'tanh', 'jax', {}],
    ['hard sigmoid', 'hard_sigmoid', 'keras', {}],
  ])('reads %s as code has it', async (text, name, framework, parameters) => {
    const { out, err } = await explain(text, '--json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ name, framework, parameters });
  });

  it('names an argument that there is not', async () => {
    expect((await explain('leaky_relu(x=1)')).err).toContain(
      'leaky_relu has no parameter for x=1; expected negative_slope.',
    );
  });

  it('takes several parameters, and words', async () => {
    const relu = JSON.parse(
      (
        await explain(
          'relu',
          '--params',
          'negative_slope=0.1',
          '--params',
          'max_value=4',
          '--params',
          'threshold=0.5',
          '--at=0.5,1,9',
          '--json',
        )
      ).out,
    );
    expect(relu.parameters).toEqual({ negative_slope: 0.1, max_value: 4, threshold: 0.5 });
    expect(relu.values.map(({ y }: { y: number }) => y)).toEqual([0, 1, 4]);
    const gelu = JSON.parse(
      (await explain('GELU', '--framework', 'torch', '--params', 'approximate=tanh', '--json')).out,
    );
    expect(gelu.parameters).toEqual({ approximate: 'tanh' });
    expect(gelu.formula).toContain('tanh');
  });

  it('has the usual points, and ends that JSON can hold', async () => {
    const { values, derivativeMax, range } = JSON.parse((await explain('softplus', '--json')).out);
    expect(values.map(({ x }: { x: number }) => x)).toEqual([-5, -1, 0, 1, 5]);
    expect(derivativeMax).toEqual({ x: null, value: 1 });
    expect(range).toEqual([0, null]);
  });

  it('reads as a page without --json', async () => {
    const { code, out } = await explain('sigmoid');
    expect(code).toBe(0);
    for (const part of ['sigmoid · Keras', '0.25 at 0', '9.5 × 10⁻⁷', '2.0 × 10⁻⁶', 'https://keras.io/']) {
      expect(out).toContain(part);
    }
    expect(out).not.toMatch(/undefined|NaN/);
  });

  it('explains what is not element-wise', async () => {
    expect((await explain('softmax')).out).toContain('no single φ′(x)');
    expect(JSON.parse((await explain('glu', '--framework', 'jax', '--json')).out)).toMatchObject({
      name: 'glu',
      elementWise: false,
    });
  });

  it.each<[args: string[], message: RegExp]>([
    [['sigmod'], /"sigmod" is not a known activation; did you mean sigmoid/],
    [['nope'], /"nope" is not a known activation; expected one of relu, .*sigmoid, /],
    [['nope', '--framework', 'torch'], /"nope" is not a known activation; expected one of Threshold, ReLU, /],
    [
      ['squareplus', '--framework', 'tfjs'],
      /TensorFlow.js has no "squareplus" \(Keras, JAX have it\); expected one of .*softplus/,
    ],
    [['relu', '--framework', 'caffe'], /--framework: "caffe" is not known; expected keras, tf2, torch, tfjs, jax\./],
    [['relu', '--at=1,x'], /--at: "x" is not a finite number/],
    [['relu', '--params', 'slope'], /--params: "slope" is not a parameter; expected name=value/],
    [
      ['relu', '--params', 'slope=1'],
      /--params: relu has no parameter for slope=1; expected negative_slope, max_value, threshold\./,
    ],
    [['celu', '--params', 'alpha=0'], /--params: celu: alpha is 0; expected a number above 0\./],
    [['gelu', '--params', 'approximate=7'], /--params: approximate=7 is not usable: expected true or false\./],
    [[], /missing required argument 'name'/],
  ])('ends with 2 for %j', async (args, message) => {
    const { code, out, err } = await explain(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
