import type { Shape } from '../../../../core/model/model';
import { moduleCall } from '../../../interpret/builtins/mathematics';
import type { CallArguments, Value } from '../../../interpret/values';
import { unknownSize } from '../../given';
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
  if (value.kind !== 'list' || depth > 6) return [];
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
  return undefined;
}

/** `jnp.sqrt(2)`, `jnp.prod(shape)`: functions of numbers that the code tells. */
export function numbersOf(path: string, args: CallArguments): Value | undefined {
  if (!/^jax\.numpy\.\w+$/.test(path) || args.named.size > 0) return undefined;
  const value = moduleCall(path.replace(/^jax\./, ''), args);
  return value?.kind === 'constant' ? value : undefined;
}
