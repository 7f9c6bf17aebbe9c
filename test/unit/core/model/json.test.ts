import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, readFiles } from '../../../../src/cli/modelFiles';
import { findSpelling } from '../../../../src/core/frameworks/lookup';
import { resolveSpelling } from '../../../../src/core/frameworks/resolve';
import { modelOut, parseModel, parseModelText } from '../../../../src/core/model/json/json';
import { operationKinds } from '../../../../src/core/model/json/operations';
import type { Model } from '../../../../src/core/model/model';
import { graphFlow, isUnknownFlow } from '../../../../src/core/theory/graph';
import { GraphBuilder, mlp, starting } from './models';

const model = (json: unknown): Model => {
  const reading = parseModel(json);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.model;
};

const problem = (json: unknown): string => {
  const reading = parseModel(json);
  return 'problem' in reading ? reading.problem : 'no problem';
};

const there = (each: Model): unknown => JSON.parse(JSON.stringify(modelOut(each)));

const dense = { kind: 'dense', units: 8 };

describe('a model as JSON', () => {
  it('is short where a person writes it', () => {
    const read = model({
      version: 1,
      framework: 'torch',
      input: [28, 28, 1],
      layers: [
        { kind: 'convolution', filters: 16, kernelSize: 3, activation: 'relu', kernel: 'kaiming_normal_' },
        { kind: 'pooling', mode: 'max', size: 2 },
        { kind: 'flatten' },
        { kind: 'dense', units: 10, bias: null },
      ],
    });
    expect(read.nodes.map(({ operation }) => operation.kind)).toEqual([
      'input',
      'convolution',
      'activation',
      'pooling',
      'flatten',
      'dense',
    ]);
    expect(read.nodes.map(({ inputs }) => inputs)).toEqual([[], [0], [1], [2], [3], [4]]);
    expect(read.nodes[1]!.operation).toMatchObject({
      rank: 2,
      padding: 'valid',
      groups: 1,
      transposed: false,
      kernel: { kind: 'known', initializer: { kind: 'he_normal' } },
      bias: { kind: 'default' },
    });
    expect(read.nodes[2]!.operation).toMatchObject({ activation: { name: 'relu', framework: 'torch' } });
    expect(read).toMatchObject({ framework: 'torch', inputs: [0], outputs: [5], inputShape: [28, 28, 1] });
  });

  it('is the README’s example', () => {
    const [, example] = /```json\n(.*?)```/s.exec(readFileSync('README.md', 'utf8'))!;
    const flow = graphFlow(model(JSON.parse(example!)));
    expect(isUnknownFlow(flow)).toBe(false);
  });

  it('joins branches by name and by number, behind a layer’s activation', () => {
    const read = model({
      version: 1,
      input: [8],
      layers: [
        { ...dense, name: 'first', activation: 'relu' },
        { ...dense, activation: 'relu' },
        { kind: 'add', inputs: ['first', 2] },
        { kind: 'concatenate', inputs: [3, 0] },
      ],
    });
    expect(read.nodes.at(-2)).toMatchObject({ operation: { kind: 'add' }, inputs: [2, 4] });
    expect(read.nodes.at(-1)).toMatchObject({ operation: { kind: 'concatenate' }, inputs: [5, 0] });
  });

  it('is what a stack of the calculator is, to the last digit', () => {
    const layers = [...Array.from({ length: 10 }, () => ({ kind: 'dense', units: 128, activation: 'sigmoid' })), dense];
    const read = graphFlow(model({ version: 1, input: [128], layers }));
    const built = graphFlow(mlp(10, 128, 'sigmoid').build());
    if (isUnknownFlow(read) || isUnknownFlow(built)) throw new Error('unknown');
    expect(read.ratio).toBe(built.ratio);
    expect(read.band).toEqual(built.band);
  });

  it.each(['keras', 'tf2', 'torch', 'tfjs', 'jax'] as const)('means by a word what %s means by it', (framework) => {
    for (const word of ['leaky_relu', 'elu', 'gelu', 'hard_sigmoid', 'softplus', 'relu6', 'celu', 'softmax']) {
      const spelling = findSpelling(word, framework);
      if (spelling === undefined) continue;
      const { nodes } = model({ version: 1, framework, input: [8], layers: [{ ...dense, activation: word }] });
      const { operation } = nodes.at(-1)!;
      const use = operation.kind === 'activation' ? operation.activation : undefined;
      expect([word, use?.name ?? use?.notElementWise]).toEqual([
        word,
        resolveSpelling(spelling)?.activation.name ?? spelling.activation,
      ]);
    }
  });

  it('goes there and back for every model that the reader knows', () => {
    const folder = path.resolve(__dirname, '../../../fixtures/models');
    const kinds = new Set<string>();
    let count = 0;
    for (const { file, models } of readFiles(filesUnder([folder]))) {
      for (const each of models) {
        const { inputs, ...rest } = each;
        const back = model(there(each));
        expect({ file, ...back }).toEqual({ file, ...rest, inputs: back.inputs });
        expect(there(back)).toEqual(there(each));
        for (const { operation } of each.nodes) kinds.add(operation.kind);
        count++;
      }
    }
    expect(count).toBeGreaterThan(150);
    expect([...kinds].sort()).toEqual([...operationKinds].sort());
  });

  it('goes there and back for models that were built', () => {
    const graph = new GraphBuilder(
      'tfjs',
      starting({ kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' }),
    );
    graph.input([{ kind: 'symbolic', symbols: ['n'] }, { kind: 'unknown' }, 3]);
    graph.conv(8, 'leaky_relu(negative_slope=0.3)', { padding: [1, 1], transposed: true, dilation: [2, 2] });
    graph.notElementWise('softmax');
    const built = graph.build();
    const back = model(there(built));
    expect(there(back)).toEqual(there(built));
    expect(back.nodes.map(({ operation, shape }) => ({ operation, shape }))).toMatchObject(
      built.nodes.map(({ operation, shape }) => ({ operation: { kind: operation.kind }, shape })),
    );
  });

  it.each([
    [[], 'The model is []; expected {"version": 1, "layers": […]}.'],
    [{ layers: [] }, 'The model has no version; expected 1.'],
    [{ version: 2, layers: [dense] }, 'The model has version 2; expected 1. A newer Gradient Lens reads it.'],
    [{ version: 1 }, 'The model has no layers; expected a list of 1 to 20,000 layers.'],
    [{ version: 1, layer: [] }, 'The model has "layer", which is not known; did you mean layers?'],
    [{ version: 1, library: 'flux', layers: [dense] }, 'The model has library "flux"; expected equinox, haiku.'],
    [{ version: 1, layers: ['dense'] }, 'Layer 1 is "dense"; expected {"kind": …}.'],
    [
      { version: 1, layers: [{ kind: 'Dense2' }] },
      'Layer 1 has kind "Dense2", which is not known; did you mean dense?',
    ],
    [{ version: 1, layers: [{ kind: 'dense' }] }, 'Layer 1 has no units.'],
    [
      { version: 1, layers: [{ kind: 'dense', units: 1.5, name: 'fc' }] },
      'Layer 1 (fc) has units 1.5; expected a whole number from 1, the name of what it depends on, or null where it is not known.',
    ],
    [{ version: 1, layers: [{ ...dense, unit: 3 }] }, 'Layer 1 has "unit", which is not known; did you mean units?'],
    [
      { version: 1, layers: [{ ...dense, activation: 'rellu' }] },
      'Layer 1 has activation "rellu", which is not known; did you mean relu?',
    ],
    [
      { version: 1, input: [8], layers: [dense, { kind: 'add', inputs: [3] }] },
      "Layer 2 has inputs [3], where 3 is no layer before it; expected names, or numbers from 1, with 0 for the model's input.",
    ],
    [
      {
        version: 1,
        layers: [
          { ...dense, name: 'a' },
          { ...dense, name: 'a' },
          { kind: 'add', inputs: ['a'] },
        ],
      },
      'Layer 3 has inputs ["a"], but several layers are called "a"; expected a number.',
    ],
    [{ version: 1, framework: 'caffe', layers: [dense] }, /^The model has framework "caffe"; expected keras, /],
    [
      { version: 1, layers: [{ kind: 'dropout', rate: 1 }] },
      /^Layer 1 has rate 1; expected a number from 0 and below 1/,
    ],
  ] as const)('says what is wrong with %j', (json, expected) => {
    if (typeof expected === 'string') expect(problem(json)).toBe(expected);
    else expect(problem(json)).toMatch(expected);
  });

  it('says that a text is no JSON', () => {
    const reading = parseModelText('{');
    expect('problem' in reading && reading.problem).toMatch(/^The model is no JSON \(/);
  });
});
