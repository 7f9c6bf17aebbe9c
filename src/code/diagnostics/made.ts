import type { Expression } from '../program/ast';
import { type Call, lastName, methodName } from './walk';

/** `Net().to(device)`, `torch.compile(Net())`: the call that makes something, without what only hands it on. */
export function madeBy(value: Expression): Call | undefined {
  if (value.kind !== 'call') return undefined;
  const method = methodName(value);
  if (value.callee.kind === 'member' && /^(to|cuda|cpu|float|double|half)$/.test(method!)) {
    return madeBy(value.callee.object);
  }
  return value;
}

/** Whether a value is what a name holds already: `model.to(device)` and `model` of `model = …` and `self.model = …`. */
export const handsOn = (value: Expression, name: string): boolean =>
  lastName(value.kind === 'call' && value.callee.kind === 'member' ? value.callee.object : value) === name;

/** The name of what is called for it. */
export function made(value: Expression): string | undefined {
  const call = madeBy(value);
  return call && lastName(call.callee);
}
