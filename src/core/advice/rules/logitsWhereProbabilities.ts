import { finding, isCrossEntropy, type OutputUse, outputUse, type Rule, type RuleContext, relatedLoss } from './rule';

export const logitsWhereProbabilities: Rule = {
  id: 'logits-where-probabilities',
  title: 'Logits for a loss that wants probabilities',
  severity: 'error',
  documentation: {
    what: 'A linear output before a cross-entropy that takes the logarithm of what it receives, or before a negative log-likelihood.',
    number: 'Half of all outputs are negative at the start, where no logarithm is.',
    why: 'Keras and TensorFlow.js clip what is negative to next to 0, and a clipped output has a gradient of exactly 0; PyTorch’s BCELoss raises an error. A negative log-likelihood of logits falls without end, since nothing holds their sum.',
    fix: 'Add softmax or sigmoid (log_softmax for NLLLoss), or use a loss that receives logits (from_logits=True, BCEWithLogitsLoss, CrossEntropyLoss).',
    sources: ['Keras, losses', 'PyTorch, torch.nn.BCELoss'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(10)\nmodel.compile(loss='categorical_crossentropy')",
        right: 'layers.Dense(10)\nmodel.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
      },
      {
        framework: 'PyTorch',
        wrong: 'model = nn.Sequential(nn.Linear(784, 1))\nloss = nn.BCELoss()(model(x), y)',
        right: 'model = nn.Sequential(nn.Linear(784, 1))\nloss = nn.BCEWithLogitsLoss()(model(x), y)',
      },
      {
        framework: 'TensorFlow.js',
        wrong:
          "model.add(tf.layers.dense({units: 10}));\nmodel.compile({optimizer: 'adam', loss: 'categoricalCrossentropy'});",
        right:
          "model.add(tf.layers.dense({units: 10, activation: 'softmax'}));\nmodel.compile({optimizer: 'adam', loss: 'categoricalCrossentropy'});",
      },
    ],
  },
  check(context) {
    const use = outputUse(context);
    if (!use || use.activation || !isCrossEntropy(use.loss)) return [];
    const { loss, layer } = use;
    if (loss.wants !== 'probabilities' && loss.wants !== 'logProbabilities') return [];
    const wanted = loss.wants === 'probabilities' ? 'probabilities' : 'logarithms of probabilities';
    const message = `The output is linear, and ${loss.spelled} wants ${wanted}: ${consequence(use, context)}.`;
    return [finding(logitsWhereProbabilities, layer, message, { related: [relatedLoss(loss)] })];
  },
};

function consequence({ loss }: OutputUse, { graph }: RuleContext): string {
  if (loss.wants === 'logProbabilities') return 'nothing holds their sum, and the loss falls without end';
  const half = 'about half of what it gives at the start is negative';
  return graph.framework === 'torch'
    ? `${half}, which is an error there`
    : `${half} and is clipped, with a gradient of exactly 0`;
}
