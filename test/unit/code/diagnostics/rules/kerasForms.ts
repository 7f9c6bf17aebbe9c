import { type Act, type Init, indented, isAct, isDense, isDrop, type Loss, type Spec, type Step } from './spec';

const inits: Readonly<Record<Init, string>> = {
  he: "'he_normal'",
  glorot: "'glorot_uniform'",
  lecun: "'lecun_normal'",
  wide: 'keras.initializers.RandomNormal(stddev=0.5)',
  ones: 'keras.initializers.RandomNormal(mean=1.0, stddev=1.0)',
};
const objects: Readonly<Record<Loss, string>> = {
  ce: 'keras.losses.CategoricalCrossentropy(from_logits=True)',
  ceOfProbabilities: 'keras.losses.CategoricalCrossentropy()',
  bce: 'keras.losses.BinaryCrossentropy(from_logits=True)',
  bceOfProbabilities: 'keras.losses.BinaryCrossentropy()',
  nll: 'keras.losses.CategoricalCrossentropy()',
  mse: 'keras.losses.MeanSquaredError()',
};
const strings: Readonly<Partial<Record<Loss, string>>> = {
  ceOfProbabilities: "'sparse_categorical_crossentropy'",
  bceOfProbabilities: "'binary_crossentropy'",
  mse: "'mse'",
};

const head = 'import keras\nfrom keras import layers\n';

function layerOf(step: Step, act?: string): string {
  if (step === 'norm') return 'layers.BatchNormalization()';
  if (isDrop(step)) return step.alpha ? `layers.AlphaDropout(${step.drop})` : `layers.Dropout(${step.drop})`;
  if (isAct(step)) return `layers.Activation('${step.act}')`;
  const more = [
    ...(act ? [`activation=${act}`] : []),
    ...(step.init ? [`kernel_initializer=${inits[step.init]}`] : []),
    ...(step.bias === false ? ['use_bias=False'] : []),
  ];
  return `layers.Dense(${[step.dense, ...more].join(', ')})`;
}

/** Layers with the activation right after as their argument. */
const joined = ({ steps }: Spec, spelled: (act: Act) => string): string[] =>
  steps.flatMap((step, k) => {
    const [before, next] = [steps[k - 1], steps[k + 1]];
    if (isAct(step) && before !== undefined && isDense(before)) return [];
    return [layerOf(step, isDense(step) && isAct(next) ? spelled(next.act) : undefined)];
  });

const apart = ({ steps }: Spec): string[] => steps.map((step) => layerOf(step));

const quoted = (act: Act): string => `'${act}'`;

const compiled = ({ loss }: Spec, text?: boolean): string =>
  loss ? `model.compile(optimizer='adam', loss=${(text && strings[loss]) || objects[loss]})\n` : '';

const functional = (spec: Spec, layers: readonly string[]): string =>
  `inputs = keras.Input(shape=(${spec.inputs},))\nx = inputs\n${layers.map((each) => `x = ${each}(x)`).join('\n')}\nmodel = keras.Model(inputs, x)\n`;

/** A specification in the ways in which Keras's models are written. */
export const kerasForms: Readonly<Record<string, (spec: Spec) => string>> = {
  'a sequential list': (spec) =>
    `${head}model = keras.Sequential([\n    keras.Input((${spec.inputs},)),\n${indented(joined(spec, quoted).map((each) => `${each},`))}\n])\n${compiled(spec)}`,
  'layers that are added': (spec) =>
    `${head}model = keras.Sequential()\nmodel.add(keras.Input((${spec.inputs},)))\n${apart(spec)
      .map((each) => `model.add(${each})`)
      .join('\n')}\n${compiled(spec, true)}`,
  functional: (spec) => head + functional(spec, joined(spec, quoted)) + compiled(spec, true),
  'functional, of tf.keras': (spec) =>
    `import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n${functional(
      spec,
      joined(spec, (act) => `tf.keras.activations.${act}`),
    )}${compiled(spec)}`,
  'a subclass': (spec) => {
    const all = apart(spec);
    return `${head}class Net(keras.Model):
    def __init__(self):
        super().__init__()
${indented(
  all.map((each, k) => `self.l${k} = ${each}`),
  8,
)}
    def call(self, x):
${indented(
  all.map((_, k) => `x = self.l${k}(x)`),
  8,
)}
        return x
model = Net()
model.build((None, ${spec.inputs}))
${compiled(spec)}`;
  },
  'a function that builds it': (spec) =>
    `${head}def build():
    model = keras.Sequential([keras.Input((${spec.inputs},)), ${joined(spec, quoted).join(', ')}])
${indented([compiled(spec, true)])}
    return model
model = build()
`,
};
