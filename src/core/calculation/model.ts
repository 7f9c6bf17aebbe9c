import type { Initializer } from '../initializers/initializer';
import { startingWith } from '../model/build';
import type { Initialization, Model } from '../model/model';
import { stackModel } from '../model/stack';
import { activationAt, type FlowCandidate, type FlowConfig } from './config';
import { inputsOf } from './inputs';

const initialization = (initializer: Initializer | null): Initialization =>
  initializer === null ? { kind: 'default' } : startingWith(initializer);

/** Units of the output layer that ends every model of a calculation: what they are does not matter to its hidden layers. */
const OUTPUTS = 10;

/** The network that a configuration describes, for one candidate. */
export function modelOf(config: FlowConfig, candidate: FlowCandidate): Model {
  const { framework, widths, kernelInitializer, biasStd, normalisation, dropout, residual } = config;
  const kernel = initialization(kernelInitializer);
  const bias = initialization(biasStd === null ? null : { kind: 'normal', mean: 0, stddev: biasStd });
  return stackModel({
    name: 'model',
    framework,
    inputs: inputsOf(config),
    layers: widths.map((units, l) => ({
      units,
      activation: activationAt(candidate, l),
      kernel,
      bias,
      normalisation: normalisation === 'none' ? undefined : normalisation,
      dropout,
      residual,
    })),
    output: { units: OUTPUTS, kernel: { kind: 'default' }, bias: { kind: 'default' } },
  });
}
