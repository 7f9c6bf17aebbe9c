import type { LossUse } from '../../../core/model/model';
import type { Machine, Value } from '../../interpret/values';
import { isDoubted, eitherOf as ofBoth, uncertainLayer, whereAlike } from '../tracing/either';
import { opaqueStep, tensorIn } from '../tracing/step';
import { type Layer, layerIn, layerValue } from './layer';
import { isAlike } from './loss';
import { readingOf, tensorValue } from './state';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, machine: Machine): Value {
  const losses = [lossIn(first), lossIn(second)];
  const doubted = isDoubted(first, machine) || isDoubted(second, machine);
  if (!doubted && losses.some((use) => use !== undefined) && !isAlike(losses[0], losses[1])) {
    return machine.unknown('loss');
  }
  return ofBoth(first, second, machine, {
    tensorIn,
    eitherTensor: (both) => {
      const moment = { machine, site: { source: both[0].step.source } };
      return tensorValue(opaqueStep('either', both, moment, { infer: whereAlike }));
    },
    layerIn,
    uncertain: (layer) => layerValue(uncertain(layer)),
    noteInstance: (instance) => readingOf(machine).eithers.add(instance),
  });
}

const lossIn = (value: Value): LossUse | undefined =>
  value.kind === 'foreign' && value.type === 'loss' ? (value.data as LossUse) : undefined;

/** The same layer, of which nobody knows whether it is the one. */
const uncertain = (layer: Layer): Layer =>
  uncertainLayer(layer, (child) => {
    const inner = layerIn(child);
    return inner === undefined ? child : layerValue(uncertain(inner));
  });
