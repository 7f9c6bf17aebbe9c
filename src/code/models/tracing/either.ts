import type { InstanceValue, Machine, Value } from '../../interpret/values';
import { doubtOf, opaqueStep, type Tensor, tensorIn } from './step';

/** What all frameworks' tensors have. */
interface SomeTensor {
  readonly step: { readonly doubt: number };
  readonly constant?: unknown;
}

/** What a framework has beside names of which nobody knows what they hold. */
export interface Eithers<Tensor extends SomeTensor, Layer> {
  tensorIn(value: Value): Tensor | undefined;
  /** A step that leads on from both tensors, as far as both are known, and is not certain. */
  eitherTensor(both: readonly [Tensor, ...Tensor[]]): Value;
  layerIn(value: Value): Layer | undefined;
  /** The same layer, of which nobody knows whether it is the one. */
  uncertain(layer: Layer): Value;
  /** Notes that nobody knows whether it is this object that is called. */
  noteInstance(instance: InstanceValue): void;
}

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf<Tensor extends SomeTensor, Layer>(
  first: Value,
  second: Value,
  machine: Machine,
  own: Eithers<Tensor, Layer>,
): Value {
  const [a, b] = [own.tensorIn(first), own.tensorIn(second)];
  const stands = (tensor: Tensor) => tensor.step.doubt > doubtOf(machine) || Boolean(tensor.constant);
  if (a !== undefined && b !== undefined) {
    if (a.step === b.step || stands(a)) return first;
    return stands(b) ? second : own.eitherTensor([a, b]);
  }
  // The tensor, or what nobody knows.
  if (a !== undefined && (second.kind === 'unknown' || second.kind === 'path'))
    return stands(a) ? first : own.eitherTensor([a]);
  // What was made in a branch is not certain by itself.
  if (isDoubted(first, machine)) return first;
  if (isDoubted(second, machine)) return second;
  const layer = own.layerIn(first);
  if (layer !== undefined) return own.uncertain(layer);
  if (first.kind === 'instance') own.noteInstance(first);
  return first;
}

/** True for a module that was made where nobody knows whether it is, or how often. */
export function isDoubted(value: Value, machine: Machine): boolean {
  const own = value.kind === 'instance' ? value.foreign : value;
  const doubt = own?.kind === 'foreign' ? (own.data as { readonly doubt?: number }).doubt : undefined;
  return doubt !== undefined && doubt > doubtOf(machine);
}

interface SomeLayer {
  readonly certain: boolean;
  readonly complete: boolean;
  readonly children: ReadonlyMap<string, Value>;
}

/** A framework whose tensors come out of steps and whose layers hold others. */
export interface Layered<Layer extends SomeLayer> {
  tensorValue(tensor: Tensor): Value;
  layerIn(value: Value): Layer | undefined;
  layerValue(layer: Layer): Value;
  /** Objects of which nobody knows whether they are called. */
  readonly eithers: { add(instance: InstanceValue): unknown };
  /** What a layer that is not certain makes is not, either. */
  used?(layer: Layer): Layer;
}

/** {@link eitherOf} of such a framework. */
export function eitherOfLayered<Layer extends SomeLayer>(
  first: Value,
  second: Value,
  machine: Machine,
  own: Layered<Layer>,
): Value {
  const uncertain = (layer: Layer): Layer => {
    const made = uncertainLayer(layer, (child) => {
      const inner = own.layerIn(child);
      return inner === undefined ? child : own.layerValue(uncertain(inner));
    });
    return own.used?.(made) ?? made;
  };
  return eitherOf<Tensor, Layer>(first, second, machine, {
    tensorIn,
    eitherTensor: (both) => {
      const moment = { machine, site: { source: both[0].step.source } };
      return own.tensorValue(opaqueStep('either', both, moment, { infer: whereAlike }));
    },
    layerIn: own.layerIn,
    uncertain: (layer) => own.layerValue(uncertain(layer)),
    noteInstance: (instance) => {
      own.eithers.add(instance);
    },
  });
}

/** A layer that is not certain; what lies in a container may be more or less. */
const uncertainLayer = <Layer extends SomeLayer>(layer: Layer, child: (value: Value) => Value): Layer => ({
  ...layer,
  certain: false,
  complete: false,
  children: new Map([...layer.children].map(([key, value]) => [key, child(value)])),
});

/** The shape of both, where they have the same. */
export const whereAlike = <Shape>([a, b]: readonly Shape[]): Shape | undefined =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b) ? a : undefined;
