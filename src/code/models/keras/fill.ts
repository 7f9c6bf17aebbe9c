import type { Initialization, Operation } from '../../../core/model/model';
import { constant, type Value } from '../../interpret/values';
import type { LayerData } from './layer';
import type { Moment } from './state';

/** What an operation starts with, where that is numbers of which nobody sees the origin. */
function refill(operation: Operation, unknown: Initialization): Operation {
  if ('kernel' in operation) Object.assign(operation, { kernel: unknown });
  if ('recurrentKernel' in operation) Object.assign(operation, { recurrentKernel: unknown });
  if ('bias' in operation && operation.bias !== null) Object.assign(operation, { bias: unknown });
  return operation;
}

/** `layer.set_weights([matrix])` before a training: steps that were made of the layer already have them, too. */
export function fillUnknown(layer: LayerData, { reading, machine, site }: Moment): Value {
  const unknown: Initialization = { kind: 'unknown', spelled: machine.text(site.source), source: site.source };
  for (const plan of reading.trained ? [] : layer.steps) {
    const { operation } = plan;
    if (typeof operation === 'object') refill(operation, unknown);
    else
      Object.assign(plan, {
        operation: (inputs: Parameters<typeof operation>[0]) => refill(operation(inputs), unknown),
      });
  }
  return constant(null);
}
