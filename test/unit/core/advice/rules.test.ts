import { describe, expect, it } from 'vitest';
import { fixOf, graphRemedies } from '../../../../src/core/advice/modelRemedies';
import { withEdits } from '../../../../src/core/advice/remedies/graphEdits';
import { findings, rules } from '../../../../src/core/advice/rules';
import type { Model } from '../../../../src/core/model/model';
import { graphFlow, type KnownFlow } from '../../../../src/core/theory/graph';
import { modelVerdict } from '../../../../src/core/verdicts/model';
import { GraphBuilder, loss, mlp, starting } from '../model/models';

const names = (graph: Model): string[] => findings(graph).map(({ rule }) => rule);
const he = starting({ kind: 'he_normal' });

/** One hidden layer, and an output with a loss. */
function head(units: number, activation: string | undefined, of: ReturnType<typeof loss>): Model {
  const graph = new GraphBuilder();
  graph.input([32]);
  graph.dense(64, 'relu');
  graph.dense(units);
  if (activation === 'softmax' || activation === 'log_softmax') graph.notElementWise(activation);
  else if (activation) graph.activation(activation);
  return graph.build({ loss: of });
}

const categorical = (wants: 'logits' | 'probabilities') => loss('categoricalCrossEntropy', wants);

describe('rules', () => {
  it('have their own ids and documentation', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(24);
    for (const { documentation } of rules) {
      for (const text of [documentation.what, documentation.number, documentation.why, documentation.fix]) {
        expect(text).toMatch(/\.$/);
      }
    }
  });

  it('say nothing of good models', () => {
    expect(names(head(10, 'softmax', categorical('probabilities')))).toEqual([]);
    expect(names(head(10, undefined, categorical('logits')))).toEqual([]);
    expect(names(head(1, 'sigmoid', loss('binaryCrossEntropy', 'probabilities')))).toEqual([]);
    expect(names(head(10, 'log_softmax', loss('negativeLogLikelihood', 'logProbabilities')))).toEqual([]);
    expect(names(head(1, undefined, loss('meanSquaredError', undefined)))).toEqual([]);
    expect(names(mlp(10, 128, 'relu', { kernel: he }).build())).toEqual([]);
    expect(names(mlp(3, 128, 'relu').build())).toEqual([]);
    expect(names(mlp(3, 128, 'tanh', { kernel: he }).build())).toEqual([]);
    expect(names(mlp(2, 128, 'relu', { framework: 'torch' }).build())).toEqual([]);
    expect(names(mlp(10, 128, 'selu').build())).toEqual([]);
    const cnn = new GraphBuilder('keras');
    cnn.input([28, 28, 1]);
    cnn.conv(32, 'relu');
    cnn.maxPool();
    cnn.conv(64, 'relu');
    cnn.maxPool();
    cnn.flatten();
    cnn.dropout(0.5);
    cnn.dense(10);
    cnn.notElementWise('softmax');
    expect(names(cnn.build({ loss: categorical('probabilities') }))).toEqual([]);
  });

  it('vanishing-flow, with the best change', () => {
    const found = findings(mlp(10, 128, 'sigmoid').build());
    expect(found.map(({ rule }) => rule)).toEqual(['vanishing-flow']);
    expect(found[0]!.message).toContain('2.0 × 10⁻⁶');
    expect(found[0]!.node).toBe(1);
    expect(found[0]!.fix?.title).toMatch(/^Use .*: 2\.0 × 10⁻⁶ → (0\.9\d|1\.\d)/);
  });

  it('exploding-flow', () => {
    const kernel = starting({ kind: 'normal', mean: 0, stddev: 0.5 });
    expect(names(mlp(6, 128, 'relu', { kernel }).build())).toContain('exploding-flow');
  });

  it('exploding-flow leaves models out in which batch normalisation follows every hidden layer', () => {
    const deep = (every: number) => {
      const graph = new GraphBuilder('keras', starting({ kind: 'he_normal' }));
      graph.input([128]);
      for (let k = 0; k < 60; k++) {
        graph.dense(128);
        if (k % every === 0) graph.batchNorm();
        graph.activation('relu');
      }
      graph.dense(10);
      return graph.build();
    };
    expect(modelVerdict(graphFlow(deep(1)) as KnownFlow)).toBe('exploding');
    expect(names(deep(1))).not.toContain('exploding-flow');
    expect(modelVerdict(graphFlow(deep(2)) as KnownFlow)).toBe('exploding');
    expect(names(deep(2))).toContain('exploding-flow');
  });

  it('saturating-initialiser: the paper’s case', () => {
    const kernel = starting({ kind: 'normal', mean: 1, stddev: 1 });
    const found = findings(mlp(3, 128, 'sigmoid', { kernel }).build());
    const own = found.filter(({ rule }) => rule === 'saturating-initialiser');
    expect(own.length).toBeGreaterThan(0);
    expect(own.at(-1)!.message).toMatch(/^normal puts the pre-activations of `Dense` at \d+(\.\d+)? ± /);
    expect(
      own[0]!.fix?.edits.every(({ kernel: each }) => each?.kind === 'glorot_uniform' || each?.kind === 'glorot_normal'),
    ).toBe(true);
  });

  it('he-with-tanh, only where it is felt', () => {
    expect(names(mlp(30, 128, 'hard_tanh', { kernel: he }).build())).toEqual(['he-with-tanh']);
    expect(names(mlp(8, 128, 'tanh', { kernel: he }).build())).toEqual([]);
  });

  it('glorot-under-relu', () => {
    const found = findings(mlp(12, 128, 'relu').build()).filter(({ rule }) => rule === 'glorot-under-relu');
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toContain('0.020');
    expect(found[0]!.fix?.edits).toHaveLength(12);
  });

  it('torch-default-deep', () => {
    expect(names(mlp(8, 128, 'relu', { framework: 'torch' }).build())).toContain('torch-default-deep');
    expect(names(mlp(8, 128, 'relu').build())).not.toContain('torch-default-deep');
  });

  it('selu-initialiser', () => {
    expect(names(mlp(8, 128, 'selu', { kernel: he }).build())).toEqual(['selu-initialiser']);
  });

  it('selu-with-batchnorm and selu-with-dropout', () => {
    const graph = new GraphBuilder('keras', starting({ kind: 'lecun_normal' }));
    graph.input([64]);
    graph.add({ kind: 'dense', units: 64, kernel: starting({ kind: 'lecun_normal' }), bias: null });
    graph.batchNorm();
    graph.activation('selu');
    graph.dropout(0.5);
    graph.dense(10);
    const found = findings(graph.build());
    expect(found.map(({ rule }) => rule)).toEqual(['selu-with-batchnorm', 'selu-with-dropout']);
    expect(found[1]!.message).toContain('by 2.00');
  });

  it('activation-twice and linear-stack', () => {
    const graph = new GraphBuilder();
    graph.input([32]);
    graph.dense(64);
    graph.dense(64, 'sigmoid');
    graph.activation('tanh');
    graph.dense(10);
    const found = findings(graph.build());
    expect(found.map(({ rule, node }) => [rule, node])).toEqual([
      ['activation-twice', 4],
      ['linear-stack', 1],
    ]);
    expect(found[1]!.message).toContain('64 units');
  });

  it('a narrow linear layer may be meant', () => {
    const graph = new GraphBuilder();
    graph.input([784]);
    graph.dense(8);
    graph.dense(128, 'relu');
    graph.dense(10);
    expect(names(graph.build())).toEqual([]);
  });

  it('the output against the loss', () => {
    const soft = findings(head(10, 'softmax', categorical('logits')));
    expect(soft.map(({ rule }) => rule)).toEqual(['softmax-before-logits-loss']);
    expect(soft[0]!.message).toContain('1.46');
    expect(names(head(10, undefined, categorical('probabilities')))).toEqual(['logits-where-probabilities']);
    expect(names(head(1, 'softmax', loss('binaryCrossEntropy', 'probabilities')))).toEqual(['output-against-loss']);
    expect(names(head(10, 'relu', categorical('logits')))).toEqual(['relu-before-cross-entropy']);
    expect(names(head(10, 'softmax', loss('categoricalCrossEntropy', undefined)))).toEqual([]);
  });

  it('bias-before-batchnorm', () => {
    const graph = new GraphBuilder();
    graph.input([32]);
    graph.dense(64);
    graph.batchNorm();
    graph.activation('relu');
    graph.dense(10);
    const [found, ...more] = findings(graph.build());
    expect(more).toEqual([]);
    expect(found!.rule).toBe('bias-before-batchnorm');
    expect(found!.message).toContain('64 values');
  });

  it('bias-before-batchnorm speaks once of a place that makes several layers, and not where one of them needs its bias', () => {
    const source = { cell: 0, from: 1000, to: 1020 };
    const graph = (lastNorm: boolean) => {
      const builder = new GraphBuilder();
      builder.input([32]);
      for (const units of [64, 128, 256]) {
        builder.dense(units, undefined, { source });
        if (units < 256 || lastNorm) builder.batchNorm();
        builder.activation('relu');
      }
      builder.dense(10);
      return findings(builder.build()).filter(({ rule }) => rule === 'bias-before-batchnorm');
    };
    expect(graph(true).map(({ message }) => message)).toEqual([expect.stringContaining('448 values')]);
    expect(graph(false)).toEqual([]);
  });

  it('say nothing where steps are uncertain or nothing is predicted', () => {
    const graph = mlp(10, 128, 'sigmoid').build();
    const open = { ...graph, nodes: graph.nodes.map((node) => (node.id === 5 ? { ...node, certain: false } : node)) };
    expect(names(open)).toEqual([]);
    const lost = mlp(10, 128, 'sigmoid');
    lost.from(4).add({ kind: 'opaque' });
    lost.dense(10);
    expect(names(lost.build())).toEqual([]);
  });
});

describe('remedies', () => {
  it('change activation and initialiser, the initialiser alone, or normalise', () => {
    const graph = mlp(10, 128, 'sigmoid').build();
    const found = graphRemedies(graph);
    expect(found.map((each) => fixOf(each).title)).toContain('Use ReLU with he_normal: 2.0 × 10⁻⁶ → 0.91');
    const batch = found.find(({ edits }) => edits.every(({ normalisation }) => normalisation === 'batch'));
    const changed = withEdits(graph, batch!.edits);
    expect(changed.nodes).toHaveLength(graph.nodes.length + 10);
    expect(graphFlow(changed)).toMatchObject({ ratio: batch!.after });
    const distances = found.map(({ after }) => Math.abs(Math.log(after)));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  it('has nothing to say of a model that is well', () => {
    expect(graphRemedies(mlp(10, 128, 'relu', { kernel: he }).build())).toEqual([]);
  });
});
