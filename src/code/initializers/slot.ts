import { type ActivationSlot, slotWhere } from '../activationString';
import type { Place } from '../place';

/** Names by which old code hands an initialiser on. */
const short: ReadonlySet<string> = new Set(['init', 'init_mode', 'initmode', 'kernel_init', 'bias_init']);

/** True for `kernel_initializer`, `biasInitializer`, `initializer`, their plurals, and what older code calls them. */
export function isInitializerName(name: string): boolean {
  const lower = name.toLowerCase().replace(/s$/, '');
  return lower.endsWith('initializer') || lower.endsWith('initialiser') || short.has(lower);
}

const positionsOf = (path: string): readonly number[] =>
  path.endsWith('initializers.get') || path.endsWith('initializers.deserialize') ? [0] : [];

/** What an expression is to be an initialiser for; undefined where it is none. */
export const initializerSlot = (expression: Place): ActivationSlot | undefined =>
  slotWhere(expression, isInitializerName, positionsOf);

const isJaxName = (name: string): boolean => isInitializerName(name) || /_init(_fn)?$/.test(name) || name === 'init_fn';

/** The same where names are Flax's too: `kernel_init`, `embedding_init`. */
export const anyInitializerSlot = (expression: Place): ActivationSlot | undefined =>
  slotWhere(expression, isJaxName, positionsOf);
