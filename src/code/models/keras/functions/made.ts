import type { CallArguments, Value } from '../../../interpret/values';
import { shapeOf } from '../../given';
import { opaqueStep, tensorValue } from '../apply';
import { dataTensor } from '../data';
import { lastOf, type Moment } from '../state';

/** Values that stand in the code or are drawn there. */
const constants: Readonly<Record<string, 'fixed' | 'random'>> = {
  zeros: 'fixed',
  ones: 'fixed',
  fill: 'fixed',
  'random.normal': 'random',
  'random.uniform': 'random',
  'random.truncated_normal': 'random',
  random_normal: 'random',
  random_uniform: 'random',
  randn: 'random',
  truncated_normal: 'random',
};

export function constantTensor(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const key = path.split('.').slice(-2).join('.');
  const last = lastOf(path);
  const kind = Object.hasOwn(constants, key)
    ? constants[key]
    : Object.hasOwn(constants, last)
      ? constants[last]
      : undefined;
  if (kind === undefined) return undefined;
  const full = shapeOf(args.named.get('shape') ?? args.named.get('size') ?? args.positional[0]);
  return full === undefined
    ? tensorValue({ ...opaqueStep(last, [], moment), constant: kind }, moment)
    : dataTensor(full, last, moment, kind);
}
