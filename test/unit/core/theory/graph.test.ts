import { describe, expect, it } from 'vitest';
import { modelSentence } from '../../../../src/core/advice/modelSentence';
import { frameworkActivation } from '../../../../src/core/frameworks/functions';
import { createRandom } from '../../../../src/core/math/random';
import { type GraphFlow, graphFlow, isUnknownFlow, type KnownFlow } from '../../../../src/core/theory/graph';
import { predict } from '../../../../src/core/theory/meanField';
import { scaledKernel, uniformStack } from '../../../../src/core/theory/stack';
import { modelVerdict } from '../../../../src/core/verdicts/model';
import { byDefault, GraphBuilder, mlp, starting } from '../model/models';
import { norm, Tape, type Tensor, typicalOf } from './tape';

const he = starting({ kind: 'he_normal' });
const lecun = starting({ kind: 'lecun_normal' });
const relu = frameworkActivation('relu', 'keras');
const tanh = frameworkActivation('tanh', 'keras');
const gelu = frameworkActivation('gelu', 'keras');

function known(flow: GraphFlow): KnownFlow {
  if (isUnknownFlow(flow)) throw new Error(flow.unknown);
  return flow;
}

/** ‖δ‖ at the first of two pre-activations over that at the last, over drawn networks. */
function simulate(draws: number, network: (tape: Tape) => { first: Tensor; last: Tensor; top: Tensor }) {
  let seed = 0;
  return typicalOf(draws, () => {
    const tape = new Tape(createRandom(++seed, 'flow'));
    const { first, last, top } = network(tape);
    tape.backward(top);
    return norm(first) / norm(last);
  });
}

const inside = ({ band }: KnownFlow, all: readonly number[]): number =>
  all.filter((x) => x >= band[0] && x <= band[1]).length / all.length;

describe('chains of dense layers', () => {
  it('are the calculator’s stack, to the last digit', () => {
    const flow = known(graphFlow(mlp(10, 128, 'sigmoid').build()));
    const stack = uniformStack({
      depth: 10,
      width: 128,
      phi: frameworkActivation('sigmoid', 'keras'),
      kernel: scaledKernel(1),
    });
    const expected = predict(stack);
    expect(flow.ratio).toBe(expected.ratio);
    expect(flow.band).toEqual(expected.band);
    expect(flow.layers.map(({ delta }) => delta)).toEqual(expected.layers.map(({ delta }) => delta));
    expect(flow.ratio).toBeCloseTo(2.0e-6, 7);
    expect(modelVerdict(flow)).toBe('vanishing');
    expect(flow.certain).toBe(true);
  });

  it('knows PyTorch’s defaults, dropout, normalisation and residual layers', () => {
    const graph = new GraphBuilder('torch');
    graph.input([64]);
    let at = 0;
    for (let l = 0; l < 5; l++) {
      graph.dense(64);
      graph.batchNorm();
      graph.activation('relu');
      const end = graph.dropout(0.2);
      if (l > 0) graph.join('add', at, end);
      at = graph.nodes.length - 1;
    }
    graph.dense(10);
    const flow = known(graphFlow(graph.build()));
    expect(flow.stack?.layers.map(({ residual }) => residual)).toEqual([false, true, true, true, true]);
    expect(flow.stack?.layers[0]).toMatchObject({ keep: 0.8, normalisation: 'batch', kernelVariance: 1 / 192 });
    expect(flow.ratio).toBe(predict(flow.stack!).ratio);
  });

  it('see that the paper’s initialiser makes layers flat', () => {
    const kernel = starting({ kind: 'normal', mean: 1, stddev: 1 });
    const graph = mlp(3, 128, 'sigmoid', { kernel }).build();
    const flow = known(graphFlow(graph));
    expect(modelVerdict(flow)).toBe('dead');
    expect(modelSentence(graph, flow)).toMatch(/where its activation is flat$/);
  });

  it('has the same numbers by the recursion on graphs', () => {
    for (const name of ['relu', 'tanh', 'gelu', 'sigmoid']) {
      const graph = mlp(6, 100, name, { kernel: he });
      const chain = known(graphFlow(graph.build()));
      // With what lies inside as a second output it is no chain.
      const outputs = [graph.nodes.length - 1, 12];
      const recursion = known(graphFlow(graph.build({ outputs: [...outputs] })));
      expect(recursion.stack).toBeUndefined();
      expect(recursion.ratio / chain.ratio).toBeCloseTo(1, 1);
      expect(recursion.layers.map(({ q }) => q)).toEqual(chain.layers.map(({ q }) => expect.closeTo(q, 2)));
    }
  });
});

describe('graphs against drawn networks', () => {
  it('convolutions with maximum and average pooling', () => {
    for (const mode of ['max', 'average'] as const) {
      const graph = new GraphBuilder('keras', he);
      graph.input([52, 32]);
      const line = { rank: 1 as const, kernelSize: [3], strides: [1], dilation: [1] };
      const pool = { kind: 'pooling' as const, mode, global: false, size: [2], strides: [], padding: 'valid' as const };
      graph.conv(32, 'relu', line);
      graph.add(pool);
      graph.conv(32, 'relu', line);
      graph.add(pool);
      graph.conv(32, 'relu', line);
      graph.flatten();
      graph.dense(64, 'relu');
      graph.dense(10);
      const flow = known(graphFlow(graph.build()));
      const { typical, all } = simulate(60, (tape) => {
        const first = tape.conv(tape.input(32, 52), 32, 3, 2);
        let x = tape.pool(tape.map(first, relu), 2, mode);
        x = tape.pool(tape.map(tape.conv(x, 32, 3, 2), relu), 2, mode);
        x = tape.map(tape.conv(x, 32, 3, 2), relu);
        const last = tape.dense(x, 64, 2);
        return { first, last, top: tape.dense(tape.map(last, relu), 10, 2) };
      });
      expect(Math.abs(Math.log(flow.ratio / typical))).toBeLessThan(Math.log(1.1));
      expect(inside(flow, all)).toBeGreaterThan(0.8);
    }
  });

  it('residual branches of two layers, with an activation after the sum', () => {
    const graph = new GraphBuilder('keras', he);
    graph.input([100]);
    let at = graph.dense(100, 'relu');
    for (let l = 0; l < 3; l++) {
      graph.from(at).dense(100, 'relu');
      const end = graph.dense(100);
      graph.join('add', at, end);
      at = graph.activation('relu');
    }
    graph.dense(10);
    const flow = known(graphFlow(graph.build()));
    const { typical, all } = simulate(100, (tape) => {
      const first = tape.dense(tape.input(100), 100, 2);
      let x = tape.map(first, relu);
      let last = first;
      for (let l = 0; l < 3; l++) {
        last = tape.dense(tape.map(tape.dense(x, 100, 2), relu), 100, 2);
        x = tape.map(tape.add(x, last), relu);
      }
      return { first, last, top: tape.dense(x, 10, 2) };
    });
    expect(Math.abs(Math.log(flow.ratio / typical))).toBeLessThan(Math.log(1.2));
    expect(inside(flow, all)).toBeGreaterThan(0.8);
  });

  it('concatenated branches of different functions', () => {
    const graph = new GraphBuilder('keras', lecun);
    graph.input([80]);
    const stem = graph.dense(80, 'tanh');
    const a = graph.from(stem).dense(100, 'gelu');
    const b = graph.from(stem).dense(50, 'tanh');
    graph.join('concatenate', a, b);
    graph.dense(80, 'tanh');
    graph.dense(10);
    const flow = known(graphFlow(graph.build()));
    const { typical, all } = simulate(100, (tape) => {
      const first = tape.dense(tape.input(80), 80, 1);
      const x = tape.map(first, tanh);
      const left = tape.map(tape.dense(x, 100, 1), gelu);
      const right = tape.map(tape.dense(x, 50, 1), tanh);
      const last = tape.dense(tape.concatenate(left, right), 80, 1);
      return { first, last, top: tape.dense(tape.map(last, tanh), 10, 1) };
    });
    expect(Math.abs(Math.log(flow.ratio / typical))).toBeLessThan(Math.log(1.1));
    expect(inside(flow, all)).toBeGreaterThan(0.8);
  });

  it('a simple recurrent layer, through time', () => {
    const steps = 12;
    const graph = new GraphBuilder('torch');
    graph.input([steps, 40]);
    graph.add({
      kind: 'recurrent',
      cell: 'simple',
      units: 100,
      sequences: false,
      bidirectional: false,
      activation: graph.use('tanh'),
      recurrentActivation: undefined,
      recurrentKernel: lecun,
      kernel: lecun,
      bias: null,
    });
    graph.dense(10);
    const flow = known(graphFlow(graph.build()));
    const { typical, all } = simulate(60, (tape) => {
      const own = tape.weights(40 * 100, 1 / 40);
      const state = tape.weights(100 * 100, 1 / 100);
      let h: Tensor | undefined;
      const z: Tensor[] = [];
      for (let t = 0; t < steps; t++) {
        const x = tape.dense(tape.input(40), 100, 1, own);
        z.push(h === undefined ? x : tape.add(x, tape.dense(h, 100, 1, state)));
        h = tape.map(z.at(-1)!, tanh);
      }
      return { first: z[0]!, last: z.at(-1)!, top: tape.dense(h!, 10, 1) };
    });
    expect(Math.abs(Math.log(flow.ratio / typical))).toBeLessThan(Math.log(1.25));
    expect(inside(flow, all)).toBeGreaterThan(0.8);
    expect(modelSentence(graph.build(), flow)).toMatch(/last step of `recurrent` reaches its first step$/);
  });
});

describe('what is not known', () => {
  it('says which step is in the way', () => {
    const graph = new GraphBuilder();
    graph.input([32]);
    graph.dense(32, 'relu');
    graph.add({ kind: 'opaque' }, { type: 'Mystery' });
    graph.dense(32, 'relu');
    graph.dense(10);
    const flow = graphFlow(graph.build());
    expect(isUnknownFlow(flow) && flow.unknown).toBe('what `Mystery` does to values and gradients is not known');
  });

  it('reads on after what is not known before the first layer, but not as certain', () => {
    const graph = new GraphBuilder();
    graph.input([32]);
    graph.add({ kind: 'opaque' }, { type: 'Backbone', shape: [64] });
    graph.dense(64, 'relu');
    graph.dense(64, 'relu');
    graph.dense(10);
    const flow = known(graphFlow(graph.build()));
    expect(flow.certain).toBe(false);
    expect(flow.layers).toHaveLength(2);
  });

  it('names the symbols that are missing', () => {
    const graph = new GraphBuilder();
    graph.input([32]);
    graph.add({ kind: 'dense', units: { kind: 'symbolic', symbols: ['hidden'] }, kernel: byDefault, bias: byDefault });
    graph.activation('relu');
    graph.dense(32, 'relu');
    graph.dense(10);
    const flow = graphFlow(graph.build());
    expect(isUnknownFlow(flow) && flow.symbols).toEqual(['hidden']);
  });

  it('needs no sizes where the kernel scales with them', () => {
    const graph = new GraphBuilder('torch');
    graph.input([{ kind: 'unknown' }, { kind: 'unknown' }, 3]);
    graph.conv(32, 'relu');
    graph.maxPool();
    graph.flatten();
    graph.dense(128, 'relu');
    graph.dense(64, 'relu');
    graph.dense(10);
    const flow = known(graphFlow(graph.build()));
    expect(flow.ratio).toBeGreaterThan(0.1);
    expect(flow.certain).toBe(false);
  });

  it('does not guess gated cells, attention or an unknown initialiser', () => {
    const unknownInit = { kind: 'unknown', spelled: 'my_init()', source: { cell: 0, from: 0, to: 1 } } as const;
    const graph = mlp(3, 32, 'relu', { kernel: unknownInit }).build();
    const flow = graphFlow(graph);
    expect(isUnknownFlow(flow) && flow.unknown).toContain('my_init()');
  });

  it('marks what stands under an open condition', () => {
    const graph = new GraphBuilder();
    graph.input([32]);
    graph.dense(32, 'relu');
    graph.dense(32, 'relu', { certain: false });
    graph.dense(10);
    expect(known(graphFlow(graph.build())).certain).toBe(false);
  });
});
