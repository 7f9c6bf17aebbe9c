import type { LossUse } from '../../../core/model/model';
import { isNothing, type Machine, type Value } from '../../interpret/values';
import { isAlike } from '../tracing/alike';
import { eitherOfLayered, isDoubted } from '../tracing/either';
import { layerIn, layerValue } from './layer';
import { isModule } from './modules';
import { keyOf, readingOf, tensorValue } from './state';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, machine: Machine): Value {
  const losses = [lossIn(first), lossIn(second)];
  const doubted = isDoubted(first, machine) || isDoubted(second, machine);
  if (!isNothing(second) && !doubted && losses.some((use) => use !== undefined) && !isAlike(losses[0], losses[1])) {
    return machine.unknown('loss');
  }
  const { eithers } = readingOf(machine);
  if (isModule(first) && isModule(second)) noteOther(first, second, machine);
  return eitherOfLayered(first, second, machine, { tensorValue, layerIn, layerValue, eithers });
}

/** Two modules of which nobody knows which one a name holds. */
function noteOther(first: Value, second: Value, machine: Machine): void {
  const { others } = readingOf(machine);
  const [one, other] = [keyOf(first), keyOf(second)];
  if (one === undefined || other === undefined || one === other) return;
  const all = new Set([...(others.get(one) ?? [first]), ...(others.get(other) ?? [second])]);
  for (const each of all) others.set(keyOf(each)!, all);
}

const lossIn = (value: Value): LossUse | undefined =>
  value.kind === 'foreign' && value.type === 'loss' ? (value.data as LossUse) : undefined;
