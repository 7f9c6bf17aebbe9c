import { type Act, type Init, indented, isAct, isDense, isDrop, type Loss, type Spec, type Step } from './spec';

const inits: Readonly<Record<Init, string>> = {
  he: "'heNormal'",
  glorot: "'glorotUniform'",
  lecun: "'leCunNormal'",
  wide: 'tf.initializers.randomNormal({mean: 0, stddev: 0.5})',
  ones: 'tf.initializers.randomNormal({mean: 1, stddev: 1})',
};
const losses: Readonly<Record<Loss, string>> = {
  ce: 'tf.losses.softmaxCrossEntropy',
  ceOfProbabilities: "'categoricalCrossentropy'",
  bce: 'tf.losses.sigmoidCrossEntropy',
  bceOfProbabilities: "'binaryCrossentropy'",
  nll: "'categoricalCrossentropy'",
  mse: "'meanSquaredError'",
};
const names: Readonly<Record<Act, string>> = {
  relu: 'relu',
  tanh: 'tanh',
  hard_tanh: 'hardTanh',
  sigmoid: 'sigmoid',
  selu: 'selu',
  softmax: 'softmax',
  log_softmax: 'logSoftmax',
};

const head = "import * as tf from '@tensorflow/tfjs';\n";

function layerOf(step: Step, inputs: number | undefined, act?: Act): string {
  const first = inputs === undefined ? [] : [`inputShape: [${inputs}]`];
  const call = (name: string, given: readonly string[]): string =>
    `tf.layers.${name}({${[...given, ...first].join(', ')}})`;
  if (step === 'norm') return call('batchNormalization', []);
  if (isDrop(step)) return call(step.alpha ? 'alphaDropout' : 'dropout', [`rate: ${step.drop}`]);
  if (isAct(step)) return call('activation', [`activation: '${names[step.act]}'`]);
  return call('dense', [
    `units: ${step.dense}`,
    ...(act ? [`activation: '${names[act]}'`] : []),
    ...(step.init ? [`kernelInitializer: ${inits[step.init]}`] : []),
    ...(step.bias === false ? ['useBias: false'] : []),
  ]);
}

const joined = ({ steps, inputs }: Spec, shaped: boolean): string[] =>
  steps.flatMap((step, k) => {
    const [before, next] = [steps[k - 1], steps[k + 1]];
    if (isAct(step) && before !== undefined && isDense(before)) return [];
    const act = isDense(step) && isAct(next) ? next.act : undefined;
    return [layerOf(step, shaped && k === 0 ? inputs : undefined, act)];
  });

const apart = ({ steps, inputs }: Spec): string[] =>
  steps.map((step, k) => layerOf(step, k === 0 ? inputs : undefined));

const compiled = ({ loss }: Spec): string =>
  loss ? `model.compile({optimizer: 'adam', loss: ${losses[loss]}});\n` : '';

const added = (layers: readonly string[]): string => layers.map((each) => `model.add(${each});`).join('\n');

/** A specification in the ways in which TensorFlow.js's models are written. */
export const tfjsForms: Readonly<Record<string, (spec: Spec) => string>> = {
  'layers that are added': (spec) =>
    `${head}const model = tf.sequential();\n${added(joined(spec, true))}\n${compiled(spec)}`,
  'a list of layers': (spec) =>
    `${head}const model = tf.sequential({layers: [\n${indented(joined(spec, true).map((each) => `${each},`))}\n]});\n${compiled(spec)}`,
  functional: (spec) =>
    `${head}const input = tf.input({shape: [${spec.inputs}]});\nlet x = input;\n${joined(spec, false)
      .map((each) => `x = ${each}.apply(x);`)
      .join('\n')}\nconst model = tf.model({inputs: input, outputs: x});\n${compiled(spec)}`,
  'activations as layers, in a loop': (spec) =>
    `${head}const model = tf.sequential();\nconst layers = [\n${indented(apart(spec).map((each) => `${each},`))}\n];\nfor (const layer of layers) model.add(layer);\n${compiled(spec)}`,
  'a function that builds it': (spec) =>
    `${head}function build() {\n  const model = tf.sequential();\n${indented([added(joined(spec, true))], 2)}\n${indented([compiled(spec)], 2)}\n  return model;\n}\nconst net = build();\n`,
};
