import { modelVerdict } from '../../verdicts/model';
import { flowThresholds } from '../../verdicts/thresholds';
import { flowFinding } from './flowFinding';
import { certainFlow, type Rule } from './rule';

export const vanishingFlow: Rule = {
  id: 'vanishing-flow',
  title: 'The gradient vanishes on its way to the first layer',
  severity: 'warning',
  documentation: {
    what: 'At the start of a training, less than a thousandth of the gradient at the last hidden layer reaches the first one.',
    number: 'The predicted ratio of the two gradients’ norms, over drawn weights.',
    why: 'Every step back multiplies by the kernel’s scale and by the activation’s slope; together they lie below 1, and the first layers hardly learn.',
    fix: 'Use an activation with the initialiser that fits it, batch normalisation or residual connections.',
    sources: [
      'Hochreiter 1991',
      'Glorot & Bengio 2010',
      'Schoenholz et al. 2017',
      'AutoTrainer, ICSE 2021 (threshold)',
    ],
    examples: [
      {
        framework: 'Keras',
        wrong:
          "model = keras.Sequential([keras.Input((128,))])\nfor _ in range(10):\n    model.add(layers.Dense(128, activation='sigmoid'))\nmodel.add(layers.Dense(10))",
        right:
          "model = keras.Sequential([keras.Input((128,))])\nfor _ in range(10):\n    model.add(layers.Dense(128, activation='relu', kernel_initializer='he_normal'))\nmodel.add(layers.Dense(10))",
      },
      {
        framework: 'PyTorch',
        wrong:
          'model = nn.Sequential(*[nn.Sequential(nn.Linear(128, 128), nn.Sigmoid()) for _ in range(10)], nn.Linear(128, 10))',
        right:
          'model = nn.Sequential(*[nn.Sequential(nn.Linear(128, 128), nn.BatchNorm1d(128), nn.ReLU()) for _ in range(10)], nn.Linear(128, 10))',
      },
    ],
  },
  check(context) {
    const flow = certainFlow(context);
    if (flow === undefined || modelVerdict(flow) !== 'vanishing' || !(flow.ratio < flowThresholds.vanishing)) return [];
    return [flowFinding(vanishingFlow, context, flow)];
  },
};
