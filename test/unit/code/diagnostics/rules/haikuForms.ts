import { jaxActs, optaxLosses } from './jaxHead';
import { type Init, indented, isAct, isDrop, type Spec, type Step } from './spec';

const inits: Readonly<Record<Init, string>> = {
  he: 'VarianceScaling(2.0, "fan_in", "truncated_normal")',
  glorot: 'VarianceScaling(1.0, "fan_avg", "uniform")',
  lecun: 'VarianceScaling(1.0, "fan_in", "truncated_normal")',
  wide: 'RandomNormal(0.5)',
  ones: 'RandomNormal(1.0, 1.0)',
};
const head = 'import haiku as hk\nimport jax\nimport jax.numpy as jnp\nimport optax\n';

function layerOf(step: Step): string {
  if (step === 'norm') return 'hk.BatchNorm(True, True, 0.9)';
  if (isAct(step)) return jaxActs[step.act];
  if (isDrop(step)) return 'hk.dropout';
  const more = [
    ...(step.init ? [`w_init=hk.initializers.${inits[step.init]}`] : []),
    ...(step.bias === false ? ['with_bias=False'] : []),
  ];
  return `hk.Linear(${[step.dense, ...more].join(', ')})`;
}

const called = (step: Step, layer: string): string => {
  if (isDrop(step)) return `x = hk.dropout(hk.next_rng_key(), ${step.drop}, x)`;
  return step === 'norm' ? `x = ${layer}(x, is_training=True)` : `x = ${layer}(x)`;
};

const used = (spec: Spec): string => {
  const loss = spec.loss
    ? `def loss_fn(params, x, y):
    output = model.apply(params, None, x)
    return optax.${optaxLosses[spec.loss]}(output, y).mean()
grads = jax.grad(loss_fn)(params, x, y)
`
    : '';
  return `params = model.init(jax.random.PRNGKey(0), jnp.ones((1, ${spec.inputs})))\n${loss}`;
};

const inOrder = ({ steps }: Spec): string[] => steps.map((step) => called(step, layerOf(step)));

const ofModule = (init: readonly string[], call: readonly string[]): string =>
  `${head}class Net(hk.Module):
    def __init__(self):
        super().__init__()
${indented(init, 8)}
    def __call__(self, x):
${indented(call, 8)}
        return x
model = hk.transform(lambda x: Net()(x))
`;

/** A specification in the ways in which Haiku's models are written. */
export const haikuForms: Readonly<Record<string, (spec: Spec) => string>> = {
  'a function': (spec) =>
    `${head}def forward(x):\n${indented(inOrder(spec))}\n    return x\nmodel = hk.transform(forward)\n${used(spec)}`,
  'a decorated function': (spec) =>
    `${head}@hk.transform\ndef model(x):\n${indented(inOrder(spec))}\n    return x\n${used(spec)}`,
  'a module': (spec) => {
    const made = spec.steps.flatMap((step, k) =>
      isAct(step) || isDrop(step) ? [] : [`self.l${k} = ${layerOf(step)}`],
    );
    const call = spec.steps.map((step, k) => called(step, isAct(step) ? layerOf(step) : `self.l${k}`));
    return ofModule(made.length === 0 ? ['pass'] : made, call) + used(spec);
  },
  'a module that makes its layers as it is called': (spec) => ofModule(['pass'], inOrder(spec)) + used(spec),
  'functions on top of each other': (spec) => {
    const [first, ...rest] = inOrder(spec);
    return `${head}def start(x):\n    ${first}\n    return x\ndef forward(x):\n    x = start(x)\n${indented(rest)}\n    return x\nmodel = hk.transform(forward)\n${used(spec)}`;
  },
};
