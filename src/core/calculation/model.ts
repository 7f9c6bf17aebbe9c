import type { ActivationName } from '../activations/catalogue';
import type { Initializer } from '../initializers/initializer';
import { nodeOf, startingWith } from '../model/build';
import { type Initialization, type Model, type ModelNode, nowhere, type Operation } from '../model/model';
import { activationAt, type FlowCandidate, type FlowConfig } from './config';
import { inputsOf } from './inputs';

const initialization = (initializer: Initializer | null): Initialization =>
  initializer === null ? { kind: 'default' } : startingWith(initializer);

/** Units of the output layer that ends every model of a calculation: what they are does not matter to its hidden layers. */
const OUTPUTS = 10;

/**
 * The network that a configuration describes, for one candidate: in each layer a kernel, a normalisation, φ and a dropout
 * where they are asked for, added to what the layer receives where it is residual and as wide; and an output layer.
 */
export function modelOf(config: FlowConfig, candidate: FlowCandidate): Model {
  const { framework, widths, kernelInitializer, biasStd, normalisation, dropout, residual } = config;
  const kernel = initialization(kernelInitializer);
  const bias = initialization(biasStd === null ? null : { kind: 'normal', mean: 0, stddev: biasStd });
  const nodes: ModelNode[] = [];
  const add = (operation: Operation, inputs: readonly number[], more: Partial<ModelNode> = {}): number =>
    nodes.push(nodeOf(nodes.length, operation, inputs, more)) - 1;
  const use = (name: ActivationName) => ({ name, framework, spelled: name, source: nowhere });
  const inputs = inputsOf(config);
  let at = add({ kind: 'input' }, [], { shape: [inputs] });
  for (const [l, units] of widths.entries()) {
    const before = at;
    const wide = l === 0 ? inputs : widths[l - 1]!;
    at = add({ kind: 'dense', units, kernel, bias }, [at]);
    if (normalisation !== 'none') at = add({ kind: 'normalisation', over: normalisation }, [at]);
    at = add({ kind: 'activation', activation: use(activationAt(candidate, l)) }, [at]);
    if (dropout > 0) at = add({ kind: 'dropout', rate: dropout, variant: 'plain' }, [at]);
    if (residual && wide === units) at = add({ kind: 'add' }, [before, at]);
  }
  at = add({ kind: 'dense', units: OUTPUTS, kernel: { kind: 'default' }, bias: { kind: 'default' } }, [at]);
  return {
    name: 'model',
    framework,
    source: nowhere,
    nodes,
    inputs: [0],
    outputs: [at],
    inputShape: [inputs],
    loss: undefined,
    symbols: [],
  };
}
