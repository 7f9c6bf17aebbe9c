import { describe, expect, it } from 'vitest';
import { factorLabel, flowTitle, layersByPlace } from '../../../../src/core/advice/modelLens';
import type { Model } from '../../../../src/core/model/model';
import { graphFlow, isUnknownFlow } from '../../../../src/core/theory/graph';
import { kerasModel, modelIn, torchModel } from './codeModels';

const title = (model: Model): string => flowTitle(model, graphFlow(model));
const deep = kerasModel(...Array.from({ length: 10 }, () => 'Dense(64, "sigmoid")'), 'Dense(10)');

describe('the lens of a model', () => {
  it('says the number that the flow says, and its verdict', () => {
    const flow = graphFlow(deep);
    if (isUnknownFlow(flow)) throw new Error('expected a flow');
    expect(flow.ratio).toBeLessThan(1e-5);
    expect(title(deep)).toMatch(/^Gradient reaching the first layer: \d\.\d × 10⁻⁶ \(vanishing\)$/);
  });

  it('says from where on nothing is known', () => {
    const open = (...layers: string[]) =>
      title(torchModel('nn.Linear(8, 8)', 'nn.Tanh()', ...layers, 'nn.Linear(8, 8)', 'nn.Tanh()', 'nn.Linear(8, 2)'));
    expect(open('Mystery(8)')).toMatch(/^Gradient reaching the first layer: unknown from `.*Mystery.*` on$/);
    const late = modelIn(
      'from torch import nn',
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.a, self.b, self.c = nn.Linear(8, 8), CustomBlock(8), nn.Linear(8, 8)',
      '    def forward(self, x):',
      '        return self.c(self.b(self.a(x)))',
    );
    expect(title(late)).toBe('Gradient reaching the first layer: unknown from `CustomBlock` on');
  });

  it('says so where there is little to say', () => {
    expect(title(torchModel('nn.Linear(8, 2)'))).toBe('One layer with weights: no gradient has to pass another');
    expect(title(torchModel('nn.Linear(8, 8)', 'nn.Sigmoid()', 'nn.Linear(8, 2)'))).toMatch(
      /^One hidden layer, whose slopes leave 0\.2\d of a gradient$/,
    );
  });

  it('counts layers of one place together', () => {
    const loop = modelIn(
      'import keras',
      'm = keras.Sequential([keras.Input((64,))])',
      'for _ in range(6):',
      '    m.add(keras.layers.Dense(64, "sigmoid"))',
      'm.add(keras.layers.Dense(10))',
    );
    const flow = graphFlow(loop);
    if (isUnknownFlow(flow)) throw new Error('expected a flow');
    const places = layersByPlace([{ graph: loop, flow }]);
    expect(places.map(({ layers }) => layers.length)).toEqual([6]);
    expect(factorLabel(places[0]!.layers)).toMatch(/^×0\.\d+( … ×0\.\d+)?$/);
  });
});
