import type { Machine, Value } from '../../interpret/values';
import { eitherOfLayered } from '../tracing/either';
import { comesFrom, doubted, doubtOf, type Tensor, tensorIn } from '../tracing/step';
import { type Layer, layerIn, layerValue } from './layer';
import { readingOf, tensorValue } from './state';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, machine: Machine): Value {
  const [a, b] = [tensorIn(first), tensorIn(second)];
  if (a !== undefined && b !== undefined && Math.min(a.step.doubt, b.step.doubt) > doubtOf(machine)) {
    return later(a, b) ? second : first;
  }
  const { eithers } = readingOf(machine);
  return eitherOfLayered(first, second, machine, { tensorValue, layerIn, layerValue, eithers, used });
}

/** Of two that are not certain the later one shows that something may have been done. */
const later = (a: Tensor, b: Tensor): boolean =>
  a.step !== b.step && (comesFrom(b, a) || (!comesFrom(a, b) && b.step.doubt > a.step.doubt));

/** What it makes of a tensor is not certain, as it is not. */
function used(layer: Layer): Layer {
  const { apply } = layer.meaning;
  if (apply === undefined) return layer;
  const meaning: Layer['meaning'] = {
    ...layer.meaning,
    apply: (which, args, moment) => {
      const since = moment.machine.next();
      const result = apply(which, args, moment);
      doubted(result, since);
      return result;
    },
  };
  return { ...layer, meaning };
}
