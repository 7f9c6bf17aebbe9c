import { jaxActs, optaxLosses } from './jaxHead';
import { type Init, indented, isAct, isDrop, type Spec, type Step, withUnits } from './spec';

const inits: Readonly<Record<Init, string>> = {
  he: 'he_normal()',
  glorot: 'glorot_uniform()',
  lecun: 'lecun_normal()',
  wide: 'normal(stddev=0.5)',
  ones: 'uniform(2.0)',
};
const head = 'import jax\nimport jax.numpy as jnp\nimport flax.linen as nn\nimport optax\n';

function layerOf(step: Step): string {
  if (step === 'norm') return 'nn.BatchNorm(use_running_average=False)';
  if (isDrop(step)) return `nn.Dropout(${step.drop}, deterministic=False)`;
  if (isAct(step)) return `nn.${step.act}`;
  const more = [
    ...(step.init ? [`kernel_init=jax.nn.initializers.${inits[step.init]}`] : []),
    ...(step.bias === false ? ['use_bias=False'] : []),
  ];
  return `nn.Dense(${[step.dense, ...more].join(', ')})`;
}

const inputOf = ({ inputs }: Spec): string => `params = model.init(jax.random.PRNGKey(0), jnp.ones((1, ${inputs})))\n`;

const trained = ({ loss }: Spec): string =>
  loss
    ? `def loss_fn(params, x, y):
    output = model.apply(params, x)
    return optax.${optaxLosses[loss]}(output, y).mean()
grads = jax.grad(loss_fn)(params, x, y)
`
    : '';

const compact = (name: string, steps: readonly string[]): string =>
  `class ${name}(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n${indented(steps, 8)}\n        return x\nmodel = ${name}()\n`;

/** A specification in the ways in which Flax's models are written. */
export const flaxForms: Readonly<Record<string, (spec: Spec) => string>> = {
  compact: (spec) =>
    head +
    compact(
      'Net',
      spec.steps.map((step) => `x = ${layerOf(step)}(x)`),
    ) +
    inputOf(spec) +
    trained(spec),
  'compact, of jax.nn': (spec) =>
    head +
    compact(
      'MLP',
      spec.steps.map((step) => (isAct(step) ? `x = ${jaxActs[step.act]}(x)` : `x = ${layerOf(step)}(x)`)),
    ) +
    inputOf(spec) +
    trained(spec),
  setup: (spec) => {
    const made = spec.steps.flatMap((step, k) => (isAct(step) ? [] : [`self.l${k} = ${layerOf(step)}`]));
    const steps = spec.steps.map((step, k) => (isAct(step) ? `x = nn.${step.act}(x)` : `x = self.l${k}(x)`));
    return `${head}class Net(nn.Module):\n    def setup(self):\n${indented(made, 8)}\n    def __call__(self, x):\n${indented(steps, 8)}\n        return x\nmodel = Net()\n${inputOf(spec)}${trained(spec)}`;
  },
  sequential: (spec) =>
    `${head}model = nn.Sequential([${spec.steps.map(layerOf).join(', ')}])\n${inputOf(spec)}${trained(spec)}`,
  nnx: (spec) => {
    const made = withUnits(spec).flatMap(({ step, units }, k) => {
      if (isAct(step)) return [];
      if (step === 'norm') return [`self.l${k} = nnx.BatchNorm(${units}, rngs=rngs)`];
      if (isDrop(step)) return [`self.l${k} = nnx.Dropout(${step.drop}, rngs=rngs)`];
      const init = step.init ? `, kernel_init=jax.nn.initializers.${inits[step.init]}` : '';
      const bias = step.bias === false ? ', use_bias=False' : '';
      return [`self.l${k} = nnx.Linear(${units}, ${step.dense}${init}${bias}, rngs=rngs)`];
    });
    const steps = spec.steps.map((step, k) => (isAct(step) ? `x = nnx.${step.act}(x)` : `x = self.l${k}(x)`));
    const loss = spec.loss
      ? `def loss_fn(model, x, y):\n    return optax.${optaxLosses[spec.loss]}(model(x), y).mean()\nloss, grads = nnx.value_and_grad(loss_fn)(model, x, y)\n`
      : '';
    return `import jax\nimport jax.numpy as jnp\nfrom flax import nnx\nimport optax\nclass Net(nnx.Module):\n    def __init__(self, rngs):\n${indented(made, 8)}\n    def __call__(self, x):\n${indented(steps, 8)}\n        return x\nmodel = Net(nnx.Rngs(0))\n${loss}`;
  },
};
