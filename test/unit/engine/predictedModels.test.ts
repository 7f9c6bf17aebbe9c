import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/core/model/model';
import { networkPlan } from '../../../src/core/model/plan/fromModel';
import { graphFlow, isUnknownFlow } from '../../../src/core/theory/graph';
import { measurePlan } from '../../../src/engine/measure/measurePlan';
import { byDefault, GraphBuilder, starting } from '../core/model/models';
import { startWasm } from './backend';

beforeAll(startWasm);

const he = starting({ kind: 'he_normal' });
const lecun = starting({ kind: 'lecun_normal' });
const same = { padding: 'same' } as const;

const DRAWS = 16;

/** One example, since the prediction is for one; a batch where examples are normalised together. */
async function measured(model: Model, batch: number): Promise<number> {
  const planned = networkPlan(model);
  if ('problem' in planned) throw new Error(planned.problem);
  const options = { seed: 7, draws: DRAWS, milliseconds: Number.POSITIVE_INFINITY, batch };
  const { ratio } = await measurePlan(planned.plan, options);
  return ratio!.typical;
}

const models: Readonly<Record<string, () => GraphBuilder>> = {
  'a plain convolutional net with borders that count': () => {
    const graph = new GraphBuilder('keras', he);
    graph.input([6, 6, 3]);
    for (let l = 0; l < 6; l++) graph.conv(16, 'relu', { ...same, kernelSize: [5, 5] });
    graph.flatten();
    graph.dense(32, 'relu');
    graph.dense(10);
    return graph;
  },
  'maxima of negative and positive numbers': () => {
    const graph = new GraphBuilder('torch', byDefault);
    graph.input([16, 16, 3]);
    for (let l = 0; l < 3; l++) {
      graph.conv(16, 'selu', { padding: [1, 1] });
      graph.maxPool();
    }
    graph.flatten();
    graph.dense(32, 'selu');
    graph.dense(10);
    return graph;
  },
  'convolutions over one axis, averaged': () => {
    const graph = new GraphBuilder('keras', lecun);
    graph.input([32, 3]);
    for (let l = 0; l < 6; l++)
      graph.conv(16, 'tanh', { rank: 1, kernelSize: [3], strides: [l === 3 ? 2 : 1], dilation: [1], ...same });
    graph.add({ kind: 'pooling', mode: 'average', global: true, size: [], strides: [], padding: 'valid' });
    graph.dense(32, 'tanh');
    graph.dense(10);
    return graph;
  },
  'depthwise and pointwise convolutions': () => {
    const graph = new GraphBuilder('keras', he);
    graph.input([8, 8, 3]);
    graph.conv(16, 'relu', same);
    for (let l = 0; l < 2; l++) {
      graph.conv(16, 'relu', { ...same, groups: 16 }, { type: 'DepthwiseConv2D' });
      graph.conv(16, 'relu', { ...same, kernelSize: [1, 1] });
    }
    graph.flatten();
    graph.dense(32, 'relu');
    graph.dense(10);
    return graph;
  },
  'ResNet’s basic blocks': () => residual('none'),
  'ResNet’s basic blocks with batch normalisation': () => residual('batch'),
  'residual dense blocks, the activation after the sum': () => {
    const graph = new GraphBuilder('keras', byDefault);
    graph.input([64]);
    let at = graph.dense(64, 'gelu');
    for (let l = 0; l < 6; l++) {
      graph.from(at).dense(64, 'gelu');
      graph.join('add', at, graph.dense(64));
      at = graph.activation('gelu');
    }
    graph.dense(10);
    return graph;
  },
  'DenseNet’s blocks': () => {
    const graph = new GraphBuilder('keras', he);
    graph.input([8, 8, 3]);
    let at = graph.conv(16, 'elu', same);
    for (let l = 0; l < 4; l++) at = graph.from(at).join('concatenate', at, graph.conv(12, 'elu', same));
    graph.flatten();
    graph.dense(32, 'elu');
    graph.dense(10);
    return graph;
  },
  'an Inception block': () => {
    const graph = new GraphBuilder('keras', he);
    graph.input([8, 8, 3]);
    const at = graph.conv(16, 'relu', same);
    const one = graph.conv(8, 'relu', { kernelSize: [1, 1] });
    graph.from(at).conv(8, 'relu', { kernelSize: [1, 1] });
    const three = graph.conv(16, 'relu', same);
    graph.from(at).conv(4, 'relu', { kernelSize: [1, 1] });
    const five = graph.conv(8, 'relu', { ...same, kernelSize: [5, 5] });
    graph.join('concatenate', one, three, five);
    graph.flatten();
    graph.dense(32, 'relu');
    graph.dense(10);
    return graph;
  },
  'dense layers of changing width': () => {
    const graph = new GraphBuilder('torch');
    graph.input([32]);
    for (const units of [128, 16, 64, 256, 32]) graph.dense(units, 'gelu');
    graph.dense(10);
    return graph;
  },
};

function residual(over: 'none' | 'batch'): GraphBuilder {
  const graph = new GraphBuilder('keras', he);
  const normalise = (): number => (over === 'none' ? graph.nodes.length - 1 : graph.batchNorm());
  graph.input([8, 8, 3]);
  graph.conv(16, undefined, same);
  normalise();
  let at = graph.activation('relu');
  for (let l = 0; l < 3; l++) {
    graph.from(at).conv(16, undefined, same);
    normalise();
    graph.activation('relu');
    graph.conv(16, undefined, same);
    graph.join('add', at, normalise());
    at = graph.activation('relu');
  }
  graph.flatten();
  graph.dense(32, 'relu');
  graph.dense(10);
  return graph;
}

describe('predictions of models, against drawn networks', () => {
  it.each(Object.keys(models))('%s', async (name) => {
    const model = models[name]!().build();
    const flow = graphFlow(model);
    if (isUnknownFlow(flow)) throw new Error(flow.unknown);
    const typical = await measured(model, name.includes('batch normalisation') ? 16 : 1);
    expect(typical).toBeGreaterThan(flow.band[0]);
    expect(typical).toBeLessThan(flow.band[1]);
    // The band alone would hold a prediction that is far off, were it wide enough.
    expect(Math.abs(Math.log(typical / flow.ratio))).toBeLessThan(Math.log(1.35));
  });
});
