import { describe, expect, it } from 'vitest';
import { modelExperiment } from '../../../../src/core/advice/modelExperiment';
import { paperConfig, parseConfig } from '../../../../src/core/experiment/config';
import type { Model } from '../../../../src/core/model/model';
import { graphFlow } from '../../../../src/core/theory/graph';
import { kerasModel, modelIn, torchModel } from './codeModels';

function experiment(model: Model) {
  const found = modelExperiment(model, graphFlow(model));
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

function problem(model: Model): string {
  const found = modelExperiment(model, graphFlow(model));
  if (!('problem' in found)) throw new Error('expected a problem');
  return found.problem;
}

describe('the comparison of a model', () => {
  it('is of its hidden layers, with its own initialiser', () => {
    const { settings, network, origin } = experiment(
      torchModel('nn.Linear(784, 64)', 'nn.Tanh()', 'nn.Linear(64, 32)', 'nn.Tanh()', 'nn.Linear(32, 10)'),
    );
    expect(settings).toMatchObject({ activations: ['tanh'], hidden: [64, 32] });
    expect(settings.kernelInitializer).toEqual({
      kind: 'variance_scaling',
      scale: 1 / 3,
      mode: 'fan_in',
      distribution: 'uniform',
    });
    expect(network).toContain('kaiming_uniform_(a=√5)');
    expect(origin).toMatch(/^From m: /);
    expect(origin).not.toContain('Not trained');
  });

  it('says what of the network cannot be trained', () => {
    const { settings, origin } = experiment(
      kerasModel(
        'Dense(64, "relu", kernel_initializer="he_normal")',
        'BatchNormalization()',
        'Dropout(0.5)',
        'Dense(32, "tanh")',
        'Dense(10)',
      ),
    );
    expect(settings).toMatchObject({
      activations: ['relu'],
      hidden: [64, 32],
      kernelInitializer: { kind: 'he_normal' },
    });
    for (const part of ['batch normalisation', 'dropout', 'an activation per layer', 'an initialiser per layer']) {
      expect(origin).toContain(part);
    }
  });

  it('is settings that a comparison takes', () => {
    for (const model of [
      kerasModel(...Array.from({ length: 60 }, () => 'Dense(64, "relu")'), 'Dense(10)'),
      kerasModel('Dense(9000, "relu")', 'Dense(8, "tanh")', 'Dense(10)'),
    ]) {
      const { settings, origin } = experiment(model);
      expect(parseConfig({ ...paperConfig, ...settings })).toHaveProperty('config');
      expect(origin.length).toBeLessThanOrEqual(500);
    }
  });

  it('is none of a network that is no stack of dense layers', () => {
    expect(problem(torchModel('nn.Conv2d(1, 8, 3)', 'nn.ReLU()', 'nn.Flatten()', 'nn.Linear(8, 10)'))).toContain(
      'trains stacks of dense layers, and m has',
    );
    expect(problem(torchModel('nn.Linear(8, 2)'))).toContain('no hidden layer');
    const open = modelIn(
      'import keras',
      'def make(width):',
      '    return keras.Sequential([keras.layers.Dense(width, "tanh"), keras.layers.Dense(2)])',
    );
    expect(problem(open)).toContain('width');
  });
});
