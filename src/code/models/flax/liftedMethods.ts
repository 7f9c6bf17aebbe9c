import type { FunctionValue, InstanceValue, Value } from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import { doubted, type Moment } from '../tracing/step';
import { isOfEach } from './lifted';
import { moduleIn } from './state';

/** Methods above which a lift stands: what becomes of the layers that they call. */

/** Function transformations that make many layers of one, or go over an axis. */
const lifting = /\b(scan|vmap|pmap|fori_loop|while_loop)\b/;

const decoratorTexts = ({ code, place }: FunctionValue, { machine }: Moment): string =>
  code.decorators.map((decorator) => machine.text(sourceAt(place, decorator))).join('\n');

/** How a method is lifted: over time, with one set of weights, or in a way that is not followed. */
export function liftOf(
  instance: InstanceValue,
  method: FunctionValue,
  moment: Moment,
): 'time' | 'batch' | 'unknown' | undefined {
  if (moduleIn(instance)?.scanned) return 'time';
  const text = decoratorTexts(method, moment);
  if (/\bscan\b/.test(text) && /variable_broadcast\s*=\s*['"]params['"]/.test(text)) return 'time';
  if (/\bjax\.[vp]map\b/.test(text) && !/\b(scan|fori_loop|while_loop)\b/.test(text)) return 'batch';
  return lifting.test(text) ? 'unknown' : undefined;
}

/** Takes back the certainty of what nobody follows through a lift. */
export function doubtLifted(
  result: Value | undefined,
  since: number,
  lift: ReturnType<typeof liftOf>,
  instance: InstanceValue,
  moment: Moment,
): void {
  if (lift === 'batch') doubted(result, since, (step) => !isOfEach(step, moment));
  else if (lift === 'unknown' || liftsInside(instance, moment)) doubted(result, since);
}

/** nnx's lifts are followed where they stand above a function, and not above a method. */
const liftedMethod = /@\s*nnx\.(scan|vmap|pmap)\b(?:(?!\bdef\b)[\s\S])*\bdef\s+\w+\(\s*self\b/;

const liftingClasses = new WeakMap<object, boolean>();

/** Decorated functions inside a class, such as `@nnx.scan` over a stack of layers: what they do is not followed. */
function liftsInside(instance: InstanceValue, { machine }: Moment): boolean {
  const { code, place } = instance.class;
  const known = liftingClasses.get(code);
  if (known !== undefined) return known;
  const text = machine.text(sourceAt(place, code));
  const found = /@\s*(nn|jax|jax\.lax)\.(scan|vmap|pmap)\b/.test(text) || liftedMethod.test(text);
  liftingClasses.set(code, found);
  return found;
}
