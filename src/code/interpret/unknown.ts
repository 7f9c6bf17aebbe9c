import type { Value } from './values';

/** What something unknown is called after a call of what nobody knows. */
export const textOfCall = (callee: string): string =>
  `${callee.length > LONGEST_CALLEE ? lastName(callee) : callee}(…)`;

/** Longer paths than this one would be cut off before their last name, which says most. */
const LONGEST_CALLEE = 50;

const lastName = (callee: string): string =>
  /^[\w.]+$/.test(callee) ? callee.slice(callee.lastIndexOf('.') + 1) : callee;

/** `Mystery` of the object that `Mystery(4)` made, which says more than what the object is called. */
export const classOfUnknown = (value: Value): string | undefined =>
  value.kind === 'unknown' ? /^(?:\w+\.)*_*[A-Z]\w*(?=\(…\)$)/.exec(value.text)?.[0] : undefined;

/** `torch.nn.init.normal_`: what PyTorch's functions in `_` are given is another one afterwards. */
export const isInPlace = (path: string): boolean => /^\w+\.[\w.]*\w_$/.test(path);
