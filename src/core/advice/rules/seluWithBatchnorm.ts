import { gaussianMoments } from '../../activations/moments';
import { formatPower } from '../../format/numbers';
import { functionOf, labelOf } from '../../theory/graphForward';
import { isOf } from './misfit';
import { certainFlow, finding, type Rule, relatedStep } from './rule';

export const seluWithBatchnorm: Rule = {
  id: 'selu-with-batchnorm',
  title: 'Batch normalisation before SELU',
  severity: 'hint',
  documentation: {
    what: 'Batch normalisation directly before SELU, over kernels that SELU keeps in order by itself.',
    number: 'What a step back multiplies a gradient by with either.',
    why: 'SELU’s scale was chosen so that mean 0 and variance 1 are a fixed point; normalising again costs time and changes little.',
    fix: 'Leave out one of the two.',
    sources: ['Klambauer et al. 2017', 'Ioffe & Szegedy 2015'],
    examples: [
      {
        framework: 'Keras',
        wrong:
          "layers.Dense(128, kernel_initializer='lecun_normal')\nlayers.BatchNormalization()\nlayers.Activation('selu')",
        right: "layers.Dense(128, kernel_initializer='lecun_normal')\nlayers.Activation('selu')",
      },
      {
        framework: 'PyTorch',
        wrong:
          "nn.init.kaiming_normal_(layer.weight, nonlinearity='linear')\nx = F.selu(self.norm(layer(x)))  # nn.BatchNorm1d",
        right: "nn.init.kaiming_normal_(layer.weight, nonlinearity='linear')\nx = F.selu(layer(x))",
      },
    ],
  },
  check(context) {
    if (!certainFlow(context)) return [];
    const { nodes } = context.graph;
    return nodes.flatMap((node) => {
      const before = nodes[node.inputs[0] ?? -1];
      if (node.operation.kind !== 'activation' || before?.operation.kind !== 'normalisation') return [];
      const phi = functionOf(node.operation.activation);
      const layer = nodes[before.inputs[0] ?? -1]?.operation;
      const lecun = layer !== undefined && 'kernel' in layer && isOf(layer.kernel, 'lecun');
      if (phi?.entry !== 'selu' || before.operation.over !== 'batch' || !lecun) return [];
      const { value, valueSquared, derivativeSquared } = gaussianMoments(phi, 0, 1);
      const alone = formatPower(Math.sqrt(derivativeSquared), 3);
      const both = formatPower(Math.sqrt(derivativeSquared / (valueSquared - value ** 2)), 3);
      const message = `SELU over a LeCun initialiser keeps mean 0 and variance 1 by itself: a step back multiplies the gradient by ${alone}, and by ${both} with batch normalisation before it.`;
      return [
        finding(seluWithBatchnorm, before, message, {
          related: [relatedStep(node, `${labelOf(node)} keeps mean and variance by itself.`)],
        }),
      ];
    });
  },
};
