import { type Activation, type ActivationName, activation } from '../activations/catalogue';
import type { ActivationFunction } from '../activations/function';
import type { VarianceScalingName } from '../initializers/initializer';
import { framework } from './all';
import type { FrameworkId } from './framework';
import { asComputedBy } from './resolve';

const functions = new Map<string, Activation>();

/** An activation as a framework computes it; the same object every time, so that its tables are kept. */
export function frameworkActivation(name: ActivationName, id: FrameworkId): Activation {
  const key = `${id} ${name}`;
  const known = functions.get(key);
  if (known) return known;
  if (functions.size > 200) functions.clear();
  const made = asComputedBy(id, activation(name));
  functions.set(key, made);
  return made;
}

/** The initialiser that suits an activation; uniform where normal ones are too small by a cut-off that nobody corrects. */
export function suitedInitializer(
  { fittingInitializer: kind }: ActivationFunction,
  id: FrameworkId,
): { kind: VarianceScalingName } {
  const isTooSmall = framework(id).truncatedShare < 1;
  return { kind: isTooSmall ? (kind.replace('_normal', '_uniform') as typeof kind) : kind };
}
