import { jaxActs, optaxLosses } from './jaxHead';
import { indented, isAct, isDrop, type Spec, type Step, withUnits } from './spec';

const head = 'import equinox as eqx\nimport jax\nimport jax.numpy as jnp\nimport optax\nkey = jax.random.PRNGKey(0)\n';

/** Kernels are drawn from Equinox's own distribution: layers take no other. */
function layerOf({ step, units }: { step: Step; units: number }): string {
  if (step === 'norm') return `eqx.nn.BatchNorm(${units}, axis_name="batch")`;
  if (isDrop(step)) return `eqx.nn.Dropout(${step.drop})`;
  if (isAct(step)) return `eqx.nn.Lambda(${jaxActs[step.act]})`;
  return `eqx.nn.Linear(${units}, ${step.dense}${step.bias === false ? ', use_bias=False' : ''}, key=key)`;
}

const trained = ({ loss }: Spec): string =>
  loss
    ? `def loss_fn(model, x, y):
    output = jax.vmap(model)(x)
    return optax.${optaxLosses[loss]}(output, y).mean()
grads = eqx.filter_grad(loss_fn)(model, x, y)
`
    : '';

const classWith = (fields: readonly string[], init: readonly string[], call: readonly string[]): string =>
  `${head}class Net(eqx.Module):
${indented(fields)}
    def __init__(self, key):
${indented(init, 8)}
    def __call__(self, x):
${indented(call, 8)}
        return x
model = Net(key)
`;

/** Layers as attributes, with functions between them or as layers of their own. */
const apart = (spec: Spec, lambdas: boolean): string => {
  const isFunction = (step: Step): boolean => isAct(step) && !lambdas;
  const made = withUnits(spec).flatMap((each, k) => (isFunction(each.step) ? [] : [`self.l${k} = ${layerOf(each)}`]));
  const fields = made.map((each) => `${each.slice('self.'.length, each.indexOf(' '))}: eqx.Module`);
  const steps = spec.steps.map((step, k) =>
    isAct(step) && !lambdas ? `x = ${jaxActs[step.act]}(x)` : `x = self.l${k}(x)`,
  );
  return classWith(fields, made, steps) + trained(spec);
};

/** A specification in the ways in which Equinox's models are written. */
export const equinoxForms: Readonly<Record<string, (spec: Spec) => string>> = {
  sequential: (spec) =>
    `${head}model = eqx.nn.Sequential([\n${indented(withUnits(spec).map((each) => `${layerOf(each)},`))}\n])\n${trained(spec)}`,
  'a module with attributes': (spec) => apart(spec, false),
  'a module of layers alone': (spec) => apart(spec, true),
  'a list of layers': (spec) =>
    classWith(
      ['layers: list'],
      [`self.layers = [${withUnits(spec).map(layerOf).join(', ')}]`],
      ['for layer in self.layers:', '    x = layer(x)'],
    ) + trained(spec),
  'a sequential in a module': (spec) =>
    classWith(
      ['net: eqx.nn.Sequential'],
      [`self.net = eqx.nn.Sequential([${withUnits(spec).map(layerOf).join(', ')}])`],
      ['x = self.net(x)'],
    ) + trained(spec),
};
