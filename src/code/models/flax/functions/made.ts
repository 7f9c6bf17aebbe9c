import type { Shape } from '../../../../core/model/model';
import { moduleCall } from '../../../interpret/builtins/mathematics';
import { type CallArguments, list, type Value } from '../../../interpret/values';
import { numberOf, unknownSize } from '../../given';
import { type Moment, tensorIn, tensorsIn } from '../../tracing/step';
import { lastPart } from '../state';
import { held, shapeGiven } from './call';

const makers: ReadonlySet<string> = new Set(
  'zeros ones empty full eye identity arange linspace array asarray zeros_like ones_like empty_like full_like'.split(
    ' ',
  ),
);

const randoms: ReadonlySet<string> = new Set('normal uniform bernoulli truncated_normal randint gumbel'.split(' '));

/** Whether a name is one of jax.random's distributions. */
export const isRandom = (name: string): boolean => randoms.has(name);

/** Sizes of nested lists: `jnp.array([[1., 2.]])` is (1, 2). */
function nestedShape(value: Value, depth = 0): Shape | undefined {
  if (depth > 6) return undefined;
  // What is not known may be a number as well as an array.
  if (value.kind !== 'list') return value.kind === 'constant' ? [] : undefined;
  const [first] = value.items;
  const inner = first === undefined ? [] : nestedShape(first, depth + 1);
  return inner && [value.complete ? value.items.length : unknownSize, ...inner];
}

/** Arrays that a function makes of a shape: `jnp.ones((1, 28, 28, 1))`, `random.normal(key, (4, 3))`. */
export function made(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const name = lastPart(path);
  const [first, second] = args.positional;
  if (/^jax\.numpy\.\w+$/.test(path) && makers.has(name)) {
    if (name.endsWith('_like')) return held(moment, tensorIn(first)?.step.shape, name);
    if (name === 'array' || name === 'asarray') {
      if (tensorsIn(first).some((tensor) => tensor.constant !== true) || tensorIn(first) !== undefined)
        return undefined;
      return held(moment, first?.kind === 'list' ? nestedShape(first) : undefined, name);
    }
    if (['zeros', 'ones', 'empty', 'full'].includes(name))
      return held(moment, shapeGiven(first ?? args.named.get('shape')), name);
    return held(moment, undefined, name);
  }
  if (/^jax\.random\.\w+$/.test(path) && randoms.has(name)) {
    const at = name === 'bernoulli' || name === 'truncated_normal' ? args.named.get('shape') : second;
    return held(moment, shapeGiven(args.named.get('shape') ?? at), name);
  }
  return /^jax\.random\.split$/.test(path) ? keys(args, moment) : undefined;
}

/** Keys that are counted out; loops over more of them go over data. */
const MOST_KEYS = 64;

/** `jax.random.split(key, 3)`: so many keys, undefined where nobody knows how many. */
function keys({ positional, named, complete }: CallArguments, { machine }: Moment): Value | undefined {
  const written = positional[1] ?? named.get('num');
  const shape = written?.kind === 'list' && written.items.length === 1 ? written.items[0] : written;
  const count = written === undefined && complete ? 2 : numberOf(shape);
  if (count === undefined || !(count >= 1 && count <= MOST_KEYS)) return undefined;
  return list(Array.from({ length: count }, () => machine.unknown('key')));
}

/** `jnp.sqrt(2)`, `jnp.prod(shape)`: functions of numbers that the code tells. */
export function numbersOf(path: string, args: CallArguments): Value | undefined {
  if (!/^jax\.numpy\.\w+$/.test(path) || args.named.size > 0) return undefined;
  const value = moduleCall(path.replace(/^jax\./, ''), args);
  return value?.kind === 'constant' ? value : undefined;
}
