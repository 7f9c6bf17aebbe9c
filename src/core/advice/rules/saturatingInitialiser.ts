import { formatSentence } from '../../format/numbers';
import { suitedInitializer } from '../../frameworks/functions';
import { initializerLabel } from '../../frameworks/initializerNames';
import { labelOf } from '../../theory/graphForward';
import { ruleThresholds } from '../../verdicts/thresholds';
import { suitedKernels } from '../remedies/graphEdits';
import { unitsPlace } from '../unitsPlace';
import { certainFlow, finding, type Rule, relatedStep } from './rule';

export const saturatingInitialiser: Rule = {
  id: 'saturating-initialiser',
  title: 'The initialiser puts pre-activations where the activation is flat',
  severity: 'warning',
  documentation: {
    what: 'The kernel’s initialiser has a mean or a scale so large that nearly all pre-activations lie where the activation’s slope is next to 0.',
    number: 'Mean and standard deviation of the pre-activations, and the slope that is left there.',
    why: 'A sum over n inputs with kernels of mean μ has a mean of n·μ·E[a]: with 128 inputs and μ = 1 around 100, where sigmoid and tanh pass nothing back.',
    fix: 'Use an initialiser with mean 0 that scales with the fan-in.',
    sources: ['LeCun et al. 1998', 'Glorot & Bengio 2010'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(128, activation='sigmoid', kernel_initializer=keras.initializers.RandomNormal(1, 1))",
        right: "layers.Dense(128, activation='sigmoid', kernel_initializer='glorot_normal')",
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.init.normal_(layer.weight, mean=1.0, std=1.0)',
        right: 'nn.init.xavier_normal_(layer.weight)',
      },
    ],
  },
  check(context) {
    const flow = certainFlow(context);
    if (!flow) return [];
    const { graph, layers } = context;
    const fix = suitedKernels(graph, layers);
    return flow.layers.flatMap(({ node: id, mean, q, slope, slopeShare }) => {
      const node = graph.nodes[id]!;
      const { operation } = node;
      const { phi, activation } = layers.find(({ layer }) => layer.id === id) ?? {};
      if (phi === undefined || slopeShare >= ruleThresholds.flat || !('kernel' in operation)) return [];
      if (operation.kernel.kind !== 'known' || phi.derivativeMax.value === 0) return [];
      const suited = initializerLabel(suitedInitializer(phi, graph.framework), graph.framework);
      const message = `${operation.kernel.spelled} puts the pre-activations of ${labelOf(node)} at ${unitsPlace(mean, q)}, where the slope of ${phi.label} is ${formatSentence(slope)}.`;
      return [
        finding(saturatingInitialiser, node, message, {
          range: operation.kernel.source,
          fix: { title: `Use ${suited}`, edits: fix },
          ...(activation ? { related: [relatedStep(activation, `${phi.label} is applied here.`)] } : {}),
        }),
      ];
    });
  },
};
