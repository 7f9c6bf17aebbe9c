import type { Machine, Value } from '../../interpret/values';
import { eitherOf as ofBoth, uncertainLayer, whereAlike } from '../tracing/either';
import { comesFrom, doubted, doubtOf, opaqueStep, type Tensor, tensorIn } from '../tracing/step';
import { type Layer, layerIn, layerValue } from './layer';
import { readingOf, tensorValue } from './state';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, machine: Machine): Value {
  const [a, b] = [tensorIn(first), tensorIn(second)];
  if (a !== undefined && b !== undefined && Math.min(a.step.doubt, b.step.doubt) > doubtOf(machine)) {
    return later(a, b) ? second : first;
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

/** Of two that are not certain the later one shows that something may have been done. */
const later = (a: Tensor, b: Tensor): boolean =>
  a.step !== b.step && (comesFrom(b, a) || (!comesFrom(a, b) && b.step.doubt > a.step.doubt));

/** The same layer, of which nobody knows whether it is the one. */
function uncertain(layer: Layer): Layer {
  const own = uncertainLayer(layer, (child) => {
    const inner = layerIn(child);
    return inner === undefined ? child : layerValue(uncertain(inner));
  });
  const { apply } = layer.meaning;
  if (apply === undefined) return own;
  const meaning: Layer['meaning'] = {
    ...layer.meaning,
    apply: (which, args, moment) => {
      const since = moment.machine.next();
      const result = apply(which, args, moment);
      doubted(result, since);
      return result;
    },
  };
  return { ...own, meaning };
}
