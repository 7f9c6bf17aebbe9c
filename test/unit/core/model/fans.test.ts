import { describe, expect, it } from 'vitest';
import type { FrameworkId } from '../../../../src/core/frameworks/framework';
import { fansOf, weightsOf } from '../../../../src/core/model/fans';
import { type ModelNode, nowhere, type Operation } from '../../../../src/core/model/model';
import { byDefault, GraphBuilder } from './models';

function convolution(
  framework: FrameworkId,
  more: Partial<Extract<Operation, { kind: 'convolution' }>>,
  type = 'Conv2D',
): ModelNode {
  const graph = new GraphBuilder(framework);
  graph.input([8, 8, 16]);
  return graph.nodes[graph.conv(32, undefined, more, { type })]!;
}

describe('fans', () => {
  it('of convolutions: area × channels', () => {
    const fans = { fanIn: 9 * 16, fanOut: 9 * 32, connections: 9 * 16 };
    for (const framework of ['keras', 'torch', 'jax', 'tfjs'] as const) {
      expect(fansOf(convolution(framework, {}), framework, [8, 8, 16])).toEqual(fans);
    }
    const grouped = convolution('torch', { groups: 4 });
    expect(fansOf(grouped, 'torch', [8, 8, 16])).toEqual({ fanIn: 36, fanOut: 288, connections: 36 });
  });

  it('of transposed ones: exchanged but in Flax, and a stride lets fewer weights meet', () => {
    const more = { transposed: true, strides: [2, 2] };
    const exchanged = { fanIn: 9 * 32, fanOut: 9 * 16, connections: 36 };
    expect(fansOf(convolution('keras', more), 'keras', [8, 8, 16])).toEqual(exchanged);
    expect(fansOf(convolution('torch', more), 'torch', [8, 8, 16])).toEqual(exchanged);
    expect(fansOf(convolution('jax', more), 'jax', [8, 8, 16])).toMatchObject({ fanIn: 9 * 16 });
  });

  it('of depthwise ones: Keras counts all channels, PyTorch one', () => {
    const keras = convolution('keras', { groups: 16, filters: 16 }, 'DepthwiseConv2D');
    expect(fansOf(keras, 'keras', [8, 8, 16])).toEqual({ fanIn: 144, fanOut: 9, connections: 9 });
    const torch = convolution('torch', { groups: 16, filters: 16 }, 'nn.Conv2d');
    expect(fansOf(torch, 'torch', [8, 8, 16])).toEqual({ fanIn: 9, fanOut: 144, connections: 9 });
    const width = { kind: 'symbolic', symbols: ['width'] } as const;
    const open = convolution('torch', { groups: width, filters: width }, 'nn.Conv2d (depthwise)');
    expect(fansOf(open, 'torch', [8, 8, width])).toMatchObject({ fanIn: 9, connections: 9 });
  });
});

describe('weights as frameworks draw them', () => {
  it('by default', () => {
    const of = (framework: FrameworkId) => weightsOf(convolution(framework, {}), framework, [8, 8, 16])!;
    expect(of('keras').kernel.variance).toBeCloseTo(2 / 432, 12);
    expect(of('torch').gain).toBeCloseTo(1 / 3, 12);
    expect(of('torch').bias.variance).toBeCloseTo(1 / 432, 12);
    expect(of('jax').gain).toBeCloseTo(1, 12);
    expect(of('tfjs').kernel.variance).toBeCloseTo((0.7737 * 2) / 432, 6);
  });

  it('leaves a bias out that scales with a fan-in which is not known', () => {
    const uniform = { kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' } as const;
    const written = { kind: 'known', initializer: uniform, spelled: 'uniform', source: nowhere } as const;
    for (const bias of [written, byDefault]) {
      const weights = weightsOf(convolution('torch', { bias }), 'torch', [8, 8, Number.NaN])!;
      expect([weights.gain, weights.bias.variance]).toEqual([expect.closeTo(1 / 3, 12), 0]);
    }
  });

  it('of embeddings', () => {
    const graph = new GraphBuilder();
    graph.input([10]);
    const node = graph.nodes[graph.add({ kind: 'embedding', entries: 1000, units: 64, kernel: byDefault })]!;
    expect(weightsOf(node, 'keras', [10])!.kernel.variance).toBeCloseTo(0.05 ** 2 / 3, 12);
    expect(weightsOf(node, 'torch', [10])!.kernel.variance).toBe(1);
    expect(weightsOf(node, 'jax', [10])!.kernel.variance).toBe(1 / 64);
  });
});
