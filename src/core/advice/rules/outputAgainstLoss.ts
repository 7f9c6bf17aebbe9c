import { formatPower } from '../../format/numbers';
import {
  type Finding,
  finding,
  isCalled,
  isCrossEntropy,
  type OutputUse,
  outputUse,
  type Rule,
  type RuleContext,
  relatedLoss,
} from './rule';

export const outputAgainstLoss: Rule = {
  id: 'output-against-loss',
  title: 'An output that does not fit the loss',
  severity: 'error',
  documentation: {
    what: 'A softmax over a single unit; a single unit under a categorical cross-entropy; tanh or softsign, which have negative values, where probabilities are wanted, or before a loss that wants logits, which they hold between −1 and 1.',
    number: 'What the output can be, and the smallest loss that is left of that.',
    why: 'Softmax over one unit is 1 whatever it receives, and its gradient exactly 0. Negative numbers have no logarithm. Logits between −1 and 1 cannot say more than a probability of 0.88 of two classes, and 0.45 of ten.',
    fix: 'Use sigmoid with a binary cross-entropy, softmax with a categorical one, nothing before a loss that wants logits.',
    sources: ['Keras, losses', 'PyTorch, torch.nn.BCELoss'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(1, activation='softmax')\nmodel.compile(loss='binary_crossentropy')",
        right: "layers.Dense(1, activation='sigmoid')\nmodel.compile(loss='binary_crossentropy')",
      },
      {
        framework: 'PyTorch',
        wrong: 'model = nn.Sequential(nn.Linear(20, 1), nn.Tanh())\nloss = nn.BCELoss()(model(x), y)',
        right: 'model = nn.Sequential(nn.Linear(20, 1), nn.Sigmoid())\nloss = nn.BCELoss()(model(x), y)',
      },
      {
        framework: 'TensorFlow.js',
        wrong:
          "tf.layers.dense({units: 1, activation: 'tanh'})\nmodel.compile({optimizer, loss: 'binaryCrossentropy'});",
        right:
          "tf.layers.dense({units: 1, activation: 'sigmoid'})\nmodel.compile({optimizer, loss: 'binaryCrossentropy'});",
      },
    ],
  },
  check(context) {
    const use = outputUse(context);
    const message = use && messageOf(use, context);
    return use && message ? found(use, message) : [];
  },
};

const found = ({ node, activation, loss }: OutputUse, message: string): Finding[] => [
  finding(outputAgainstLoss, node, message, { range: activation?.source, related: [relatedLoss(loss)] }),
];

function messageOf({ activation, units, loss }: OutputUse, { graph }: RuleContext): string | undefined {
  if (units === 1 && isCalled(activation, 'softmax')) {
    return 'softmax over 1 unit is always 1, and passes a gradient of exactly 0.';
  }
  if (units === 1 && loss.kind === 'categoricalCrossEntropy' && loss.wants !== undefined) {
    return `${loss.spelled} compares classes, and the output has 1 unit: the loss is 0 whatever it gives.`;
  }
  if (!isCrossEntropy(loss) || !(isCalled(activation, 'tanh') || isCalled(activation, 'softsign'))) return undefined;
  const gives = `${activation!.spelled} gives −1 to 1`;
  if (loss.wants === 'probabilities') {
    const negative = graph.framework === 'torch' ? 'is an error there' : 'is clipped, with a gradient of exactly 0';
    return `${gives}, and ${loss.spelled} wants probabilities: what is negative ${negative}.`;
  }
  if (loss.wants !== 'logits') return undefined;
  const others = loss.kind === 'binaryCrossEntropy' ? 1 / Math.E : (units - 1) / Math.E ** 2;
  if (!(others > 0)) return undefined;
  return `${gives}, and ${loss.spelled} takes it for logits: the loss cannot fall below ${formatPower(Math.log(1 + others), 3)}.`;
}
