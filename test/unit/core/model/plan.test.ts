import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../../src/core/model/model';
import { withInitializers } from '../../../../src/core/model/plan/candidate';
import { networkPlan } from '../../../../src/core/model/plan/fromModel';
import { planLayers } from '../../../../src/core/model/plan/layers';
import { drawParameter, planParameters } from '../../../../src/core/model/plan/parameters';
import { type NetworkPlan, networkPlanSchema } from '../../../../src/core/model/plan/plan';
import { byDefault, GraphBuilder, loss, mlp, starting } from './models';

const problemOf = (graph: Model, inputShape?: number[]): string => {
  const result = networkPlan(graph, inputShape ? { inputShape } : {});
  return 'problem' in result ? result.problem : 'none';
};
const planOf = (graph: Model, inputShape?: number[]): NetworkPlan => {
  const result = networkPlan(graph, inputShape ? { inputShape } : {});
  if ('problem' in result) throw new Error(result.problem);
  return result.plan;
};

const started = (): GraphBuilder => {
  const graph = new GraphBuilder();
  graph.input([8]);
  graph.dense(6, 'relu');
  return graph;
};

describe('what cannot be rebuilt is refused with a sentence', () => {
  it('a step that is not known, by its name', () => {
    const graph = started();
    const id = graph.add({ kind: 'opaque' }, { type: 'Mystery', name: 'odd' });
    graph.dense(2);
    const result = networkPlan(graph.build());
    expect(result).toMatchObject({ node: id });
    expect('problem' in result && result.problem).toContain('`odd` (Mystery) is a layer or function that is not known');
  });

  it('attention', () => {
    const graph = started();
    graph.add({ kind: 'attention', heads: 2, units: 6, kernel: byDefault }, { type: 'MultiHeadAttention' });
    expect(problemOf(graph.build())).toContain('`MultiHeadAttention` is attention');
  });

  it('several inputs, several outputs', () => {
    const graph = new GraphBuilder();
    const a = graph.input([4]);
    const b = graph.input([4]);
    graph.join('add', a, b);
    const hidden = graph.dense(4, 'relu');
    const end = graph.dense(2);
    expect(problemOf(graph.build())).toContain('has 2 inputs');
    expect(problemOf(graph.build({ outputs: [hidden, end] }))).toContain('has 2 outputs; expected one');
  });

  it('a step that is not certain', () => {
    const graph = started();
    graph.activation('relu', { certain: false });
    graph.dense(2);
    expect(problemOf(graph.build())).toContain('leaves it open whether `relu`');
  });

  it('an input whose shape is not told, with what is told of it', () => {
    const graph = new GraphBuilder('torch');
    const unknown = { kind: 'unknown' } as const;
    graph.input([unknown, unknown, 1]);
    graph.conv(4, 'relu');
    graph.flatten();
    graph.dense(3);
    const built = graph.build();
    expect(networkPlan(built)).toMatchObject({ asks: { inputShape: [unknown, unknown, 1] } });
    expect(planOf(built, [8, 8, 1]).inputShape).toEqual([8, 8, 1]);
    expect(problemOf(built, [8, 8, 3])).toContain('The data have the shape 8×8×3, but model takes ?×?×1');
  });

  it('a symbol that nobody filled in, by its name', () => {
    const graph = new GraphBuilder();
    graph.input([8]);
    graph.dense(0, undefined, {
      operation: { kind: 'dense', units: { kind: 'symbolic', symbols: ['width'] }, kernel: byDefault, bias: byDefault },
    });
    graph.activation('relu');
    graph.dense(2);
    expect(problemOf(graph.build())).toContain('depends on width: fill in a value');
  });

  it('no hidden activation, too many weights, a softmax of one, windows larger than the picture', () => {
    const linear = new GraphBuilder();
    linear.input([8]);
    linear.dense(6);
    linear.dense(2, 'sigmoid');
    expect(problemOf(linear.build())).toContain('no hidden activation');
    expect(problemOf(mlp(3, 4096, 'relu').build())).toContain('million weights; expected at most 20 million');
    const one = started();
    one.dense(1);
    one.notElementWise('softmax');
    expect(problemOf(one.build())).toContain('softmax over one unit');
    const tiny = new GraphBuilder();
    tiny.input([4, 4, 1]);
    tiny.conv(3, 'relu', { kernelSize: [5, 5] });
    tiny.flatten();
    tiny.dense(2);
    expect(problemOf(tiny.build())).not.toBe('none');
  });

  it('a reshape that does not hold what it receives', () => {
    const graph = started();
    graph.add({ kind: 'rearrange' }, { type: 'Reshape', shape: [4, 4] });
    graph.dense(2);
    expect(problemOf(graph.build())).toContain('(6 numbers) and should give 4×4 (16)');
  });
});

describe('what an output is trained for', () => {
  const ending = (end: (graph: GraphBuilder) => void, more: Partial<Model> = {}) => {
    const graph = started();
    end(graph);
    const plan = planOf(graph.build(more));
    return { ...plan.output, last: plan.steps.at(-1)!.kind };
  };

  it('classes under a softmax, which is left to the loss', () => {
    expect(
      ending((graph) => {
        graph.dense(3);
        graph.notElementWise('softmax');
      }),
    ).toEqual({ meaning: 'classes', units: 3, last: 'dense' });
  });
  it('one sigmoid is binary', () => {
    expect(ending((graph) => graph.dense(1, 'sigmoid'))).toEqual({ meaning: 'binary', units: 1, last: 'dense' });
  });
  it('the loss tells what bare units are', () => {
    const bare = (units: number, kind: Parameters<typeof loss>[0]) =>
      ending((graph) => graph.dense(units), { loss: loss(kind, 'logits') }).meaning;
    expect(bare(3, 'categoricalCrossEntropy')).toBe('classes');
    expect(bare(1, 'binaryCrossEntropy')).toBe('binary');
    expect(bare(3, 'meanSquaredError')).toBe('regression');
  });
  it('a bounded output stays where numbers are meant', () => {
    expect(ending((graph) => graph.dense(4, 'tanh'))).toEqual({ meaning: 'regression', units: 4, last: 'activation' });
  });
});

describe('a plan', () => {
  const residual = (): Model => {
    const graph = new GraphBuilder('torch');
    graph.input([16, 16, 3]);
    const first = graph.conv(8, 'relu', { padding: 'same' });
    graph.conv(8, undefined, { padding: 'same', bias: null });
    graph.batchNorm();
    const main = graph.activation('relu');
    graph.join('add', first, main);
    graph.maxPool();
    graph.flatten();
    graph.dense(10);
    return graph.build();
  };

  it('is JSON that its schema takes back', () => {
    const plan = planOf(residual());
    expect(v.parse(networkPlanSchema, JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('counts weights, names layers, and knows their activations', () => {
    const plan = planOf(residual());
    // 3·9·8 + 8, 8·9·8 without biases, scale and shift, 8·8·8·10 + 10
    expect(plan.weights).toBe(224 + 576 + 16 + 5130);
    expect(planLayers(plan).map(({ name, activation }) => [name, activation === undefined])).toEqual([
      ['Conv2D 1', false],
      ['Conv2D 2', false],
      ['Dense', true],
    ]);
  });

  it('draws weights with the variance of the framework’s defaults, the same for one seed', () => {
    const plan = planOf(mlp(2, 200, 'relu', { framework: 'torch' }).build());
    const [kernel] = planParameters(plan);
    const drawn = drawParameter(plan, kernel!, 7);
    const variance = drawn.reduce((sum, w) => sum + w * w, 0) / drawn.length;
    expect(variance * 200 * 3).toBeCloseTo(1, 1);
    expect(drawParameter(plan, kernel!, 7)).toEqual(drawn);
    expect(drawParameter(plan, kernel!, 8)).not.toEqual(drawn);
  });

  it('draws what TensorFlow.js leaves uncorrected', () => {
    const graph = mlp(2, 200, 'relu', { framework: 'tfjs', kernel: starting({ kind: 'he_normal' }) }).build();
    const plan = planOf(graph);
    const drawn = drawParameter(plan, planParameters(plan)[0]!, 7);
    const variance = drawn.reduce((sum, w) => sum + w * w, 0) / drawn.length;
    expect(variance * 100).toBeCloseTo(0.774, 1);
    expect(Math.abs(variance * 100 - 0.774)).toBeLessThan(0.02);
  });

  it('takes a candidate in hidden places alone', () => {
    const graph = new GraphBuilder();
    graph.input([8]);
    const trunk = graph.dense(6, 'relu');
    graph.dense(6);
    const gate = graph.activation('sigmoid');
    graph.join('multiply', trunk, gate);
    graph.dense(4, 'tanh');
    const plan = withInitializers(planOf(graph.build()), 'kept', 'gelu');
    expect(plan.steps.flatMap((step) => (step.kind === 'activation' ? [step.phi] : []))).toEqual([
      'gelu',
      'sigmoid',
      'tanh',
    ]);
    expect(() => withInitializers(plan, 'kept', 'nothing')).toThrow();
  });
});
