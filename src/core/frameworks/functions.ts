import { type Activation, type ActivationName, activation } from '../activations/catalogue';
import type { ActivationFunction } from '../activations/function';
import type { VarianceScalingName } from '../initializers/initializer';
import type { FrameworkId } from './framework';
import { asComputedBy } from './resolve';

const functions = new Map<string, Activation>();

/** An activation as a framework computes it; the same object every time, so that its tables are kept. */
export function frameworkActivation(name: ActivationName, framework: FrameworkId): Activation {
  const key = `${framework} ${name}`;
  const known = functions.get(key);
  if (known) return known;
  if (functions.size > 200) functions.clear();
  const made = asComputedBy(framework, activation(name));
  functions.set(key, made);
  return made;
}

/** The initialiser that suits an activation; uniform in tfjs, whose normal ones are too small by a cut-off. */
export function suitedInitializer(
  { fittingInitializer: kind }: ActivationFunction,
  framework: FrameworkId,
): { kind: VarianceScalingName } {
  return { kind: framework === 'tfjs' ? (kind.replace('_normal', '_uniform') as typeof kind) : kind };
}
