import { functionOf } from '../../theory/graphForward';
import {
  type Finding,
  finding,
  isCalled,
  type OutputUse,
  outputUse,
  type Rule,
  type RuleContext,
  relatedLoss,
} from './rule';

/** A model whose outputs lie in a range, under a loss that wants numbers. */
export interface BoundedOutput {
  readonly use: OutputUse;
  readonly range: readonly [number, number];
}

const numberLosses: ReadonlySet<string> = new Set(['meanSquaredError', 'meanAbsoluteError', 'huber']);

/** Undefined for other models. */
export function boundedOutputOf(context: Pick<RuleContext, 'graph' | 'context'>): BoundedOutput | undefined {
  const { loss } = context.graph;
  if (loss === undefined || !numberLosses.has(loss.kind)) return undefined;
  const use = outputUse(context);
  if (use?.activation === undefined) return undefined;
  const range = isCalled(use.activation, 'softmax') ? ([0, 1] as const) : functionOf(use.activation)?.range;
  return range?.every(Number.isFinite) ? { use, range } : undefined;
}

/** "0 to 1" */
export const rangeWords = ([low, high]: readonly [number, number]): string =>
  [low, high].map((x) => String(Number(x.toPrecision(3))).replace('-', '−')).join(' to ');

/** Looked for where the code shows the targets: `src/code/diagnostics/boundedOutputs`. */
export const boundedOutput: Rule = {
  id: 'bounded-output',
  title: 'A bounded output for targets that go beyond it',
  severity: 'warning',
  documentation: {
    what: 'Sigmoid, tanh or another bounded function on the output, under a squared, absolute or Huber loss, where the code shows that the targets go further: numbers that are written down, draws, ranges, well-known data sets, and what is computed of these. It says nothing of targets from files.',
    number: 'What the output can be, and how far the targets go.',
    why: 'What lies outside can never be reached. The loss keeps a part that no training takes away, and pushes the output to where its slope goes to 0: the gradient vanishes, and other examples learn less.',
    fix: 'Leave the activation of the output out, or scale the targets to its range.',
    sources: ['Goodfellow, Bengio & Courville 2016, section 6.2.2'],
    examples: [
      {
        framework: 'Keras',
        wrong:
          "model = keras.Sequential([layers.Dense(64, activation='relu'), layers.Dense(1, activation='sigmoid')])\nmodel.compile(loss='mse')\nmodel.fit(x, np.array([1.0, 4.0, 9.0, 16.0]))",
        right:
          "model = keras.Sequential([layers.Dense(64, activation='relu'), layers.Dense(1)])\nmodel.compile(loss='mse')\nmodel.fit(x, np.array([1.0, 4.0, 9.0, 16.0]))",
      },
      {
        framework: 'PyTorch',
        wrong:
          'model = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 1), nn.Tanh())\ny = 3 * torch.randn(100, 1)\nloss = F.mse_loss(model(x), y)',
        right:
          'model = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 1))\ny = 3 * torch.randn(100, 1)\nloss = F.mse_loss(model(x), y)',
      },
      {
        framework: 'TensorFlow.js',
        wrong:
          "model.add(tf.layers.dense({units: 1, activation: 'sigmoid'}));\nmodel.compile({optimizer, loss: 'meanSquaredError'});\nawait model.fit(xs, tf.tensor1d([-3, -1, 1, 3]));",
        right:
          "model.add(tf.layers.dense({units: 1}));\nmodel.compile({optimizer, loss: 'meanSquaredError'});\nawait model.fit(xs, tf.tensor1d([-3, -1, 1, 3]));",
      },
    ],
  },
};

export const boundedOutputUnchecked: Rule = {
  id: 'bounded-output-unchecked',
  title: 'A bounded output under a loss for numbers, with targets that the code does not show',
  severity: 'information',
  offByDefault: true,
  documentation: {
    what: 'Sigmoid, tanh or another bounded function on the output, under a squared, absolute or Huber loss. Whether the targets lie in its range cannot be seen in code that reads them from somewhere; where it can, [bounded-output](bounded-output.md) speaks of it.',
    number: 'What the output can be.',
    why: 'Right for targets that are scaled to that range, such as pixels; wrong for all others, whose values cannot be reached.',
    fix: 'Look at the smallest and the greatest target. Leave the activation of the output out where they lie outside.',
    sources: ['Goodfellow, Bengio & Courville 2016, section 6.2.2'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(1, activation='sigmoid')\nmodel.compile(loss='mse')  # prices from a file",
        right: "layers.Dense(1)\nmodel.compile(loss='mse')",
      },
      {
        framework: 'PyTorch',
        wrong: 'model = nn.Sequential(nn.Linear(8, 1), nn.Tanh())\nloss = nn.MSELoss()(model(x), price)',
        right: 'model = nn.Sequential(nn.Linear(8, 1))\nloss = nn.MSELoss()(model(x), price)',
      },
    ],
  },
  check(context): Finding[] {
    const bounded = boundedOutputOf(context);
    if (bounded === undefined) return [];
    const { use, range } = bounded;
    const { spelled, source } = use.activation!;
    const message = `${spelled} gives ${rangeWords(range)}, and ${use.loss.spelled} compares it with targets as they are: this suits targets in that range alone, which the code need not show.`;
    return [finding(boundedOutputUnchecked, use.node, message, { range: source, related: [relatedLoss(use.loss)] })];
  },
};
