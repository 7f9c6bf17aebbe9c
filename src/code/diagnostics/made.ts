import type { Expression } from '../program/ast';
import { lastName, methodName } from './walk';

/** `Net().to(device)`, `torch.compile(Net())`: what is made there. */
export function made(value: Expression): string | undefined {
  if (value.kind !== 'call') return undefined;
  const method = methodName(value);
  if (value.callee.kind === 'member' && /^(to|cuda|cpu|float|double|half)$/.test(method!)) {
    return made(value.callee.object);
  }
  return lastName(value.callee);
}
