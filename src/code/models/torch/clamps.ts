import type { CallArguments } from '../../interpret/values';
import { isNone, numberOf } from '../given';

/** The activation that a clamp is, by its path: `x.clamp(min=0)` is relu. The tensor is the first argument. */
export function clampedAs(name: string, { positional, named }: CallArguments): string | undefined {
  if (!/^(clamp|clip|clamp_min)$/.test(name)) return undefined;
  if (numberOf(positional[1] ?? named.get('min')) !== 0) return undefined;
  const max = positional[2] ?? named.get('max');
  if (max === undefined || isNone(max)) return 'torch.nn.functional.relu';
  return numberOf(max) === 6 ? 'torch.nn.functional.relu6' : undefined;
}
