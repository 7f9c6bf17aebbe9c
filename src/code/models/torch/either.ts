import type { LossUse } from '../../../core/model/model';
import type { Machine, Value } from '../../interpret/values';
import { doubtOf, opaqueStep, type Shapes, type Tensor, tensorIn } from '../tracing/step';
import { type Layer, layerIn, layerValue } from './layer';
import { isAlike } from './loss';
import { readingOf, tensorValue } from './state';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, machine: Machine): Value {
  const [a, b] = [tensorIn(first), tensorIn(second)];
  if (a !== undefined && b !== undefined) return eitherTensor(first, second, [a, b], machine);
  // What was made in a branch is not certain by itself.
  if (isDoubted(first, machine)) return first;
  if (isDoubted(second, machine)) return second;
  const losses = [lossIn(first), lossIn(second)];
  if (losses.some((use) => use !== undefined) && !isAlike(losses[0], losses[1])) return machine.unknown('loss');
  const layer = layerIn(first);
  if (layer !== undefined) return layerValue(uncertain(layer));
  if (first.kind === 'instance') readingOf(machine).eithers.add(first);
  return first;
}

const lossIn = (value: Value): LossUse | undefined =>
  value.kind === 'foreign' && value.type === 'loss' ? (value.data as LossUse) : undefined;

/** True for a module that was made where nobody knows whether it is, or how often. */
export function isDoubted(value: Value, machine: Machine): boolean {
  const own = value.kind === 'instance' ? value.foreign : value;
  const doubt = own?.kind === 'foreign' ? (own.data as { readonly doubt?: number }).doubt : undefined;
  return doubt !== undefined && doubt > doubtOf(machine);
}

/** The same layer, of which nobody knows whether it is the one; what lies in a container may be more or less. */
const uncertain = (layer: Layer): Layer => ({
  ...layer,
  certain: false,
  complete: false,
  children: new Map([...layer.children].map(([key, child]) => [key, uncertainChild(child)])),
});

function uncertainChild(child: Value): Value {
  const layer = layerIn(child);
  return layer === undefined ? child : layerValue(uncertain(layer));
}

const whereAlike = ([a, b]: Shapes) => (a !== undefined && JSON.stringify(a) === JSON.stringify(b) ? a : undefined);

function eitherTensor(first: Value, second: Value, [a, b]: readonly [Tensor, Tensor], machine: Machine): Value {
  const outside = doubtOf(machine);
  if (a.step === b.step || a.step.doubt > outside || a.constant === true) return first;
  if (b.step.doubt > outside || b.constant === true) return second;
  return tensorValue(opaqueStep('either', [a, b], { machine, site: { source: a.step.source } }, { infer: whereAlike }));
}
