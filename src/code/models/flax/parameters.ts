import { type CallArguments, type Foreign, list, type Machine, type Value } from '../../interpret/values';
import { givenBy, numberOf } from '../given';
import { type Moment, tensorIn } from '../tracing/step';
import { held, shapeGiven } from './functions/call';
import { initializerIn } from './initializer';
import { draws, foreign, type Parameter, sizeValue } from './state';

/** `nnx.Param(jax.random.normal(key, (3, 4)))`, `nnx.Param(init(key, (3, 4)))`. */
export function nnxParameter(args: CallArguments, moment: Moment): Value {
  const { machine, site } = moment;
  const [value, , written] = args.positional;
  const tensor = tensorIn(value);
  const drawn = tensor && draws.get(tensor.step);
  const initializer = initializerIn(value);
  const spelled = machine.text(site.source);
  return foreign('parameter', {
    name: site.assignedTo ?? 'parameter',
    initialization:
      drawn ??
      (initializer === undefined
        ? { kind: 'unknown', spelled, source: site.source }
        : { kind: 'known', initializer, spelled, source: site.source }),
    shape: initializer === undefined ? tensor?.step.shape : shapeGiven(written ?? args.named.get('shape')),
    number: machine.next(),
  } satisfies Parameter);
}

/** Numbers that a known function draws: `jax.random.normal(key, (3, 4))`, `jnp.zeros((4,))`. */
export function noteDraw(path: string, args: CallArguments, value: Value | undefined, { machine, site }: Moment): void {
  const tensor = tensorIn(value);
  if (tensor?.constant !== true || draws.has(tensor.step)) return;
  const about = { spelled: machine.text(site.source), source: site.source };
  if (path === 'jax.random.normal')
    draws.set(tensor.step, { kind: 'known', initializer: { kind: 'normal', mean: 0, stddev: 1 }, ...about });
  if (path === 'jax.numpy.zeros') draws.set(tensor.step, { kind: 'known', initializer: { kind: 'zeros' }, ...about });
  if (path === 'jax.numpy.ones')
    draws.set(tensor.step, { kind: 'known', initializer: { kind: 'constant', value: 1 }, ...about });
  if (path === 'jax.random.uniform') {
    const given = givenBy(args, ['key', 'shape', 'dtype', 'minval', 'maxval'], 'python');
    const [min, max] = [given.value('minval'), given.value('maxval')].map((each, k) =>
      each === undefined ? k : numberOf(each),
    );
    if (min !== undefined && max !== undefined && min <= max)
      draws.set(tensor.step, { kind: 'known', initializer: { kind: 'uniform', min, max }, ...about });
  }
}

/** `init(key, (3, 4))`: an array that an initialiser fills. */
export function draw(initializer: Value, args: CallArguments, moment: Moment): Value {
  const value = held(moment, shapeGiven(args.positional[1] ?? args.named.get('shape')), 'initializer');
  const tensor = tensorIn(value)!;
  const known = initializerIn(initializer);
  const source = moment.site.source;
  const spelled = moment.machine.text(source);
  draws.set(
    tensor.step,
    known ? { kind: 'known', initializer: known, spelled, source } : { kind: 'unknown', spelled, source },
  );
  return value;
}

export function parameterMember(object: Foreign, name: string, machine: Machine): Value | undefined {
  const { shape } = object.data as Parameter;
  if (name === 'value') return object;
  if (name === 'shape' && shape !== undefined)
    return list(
      shape.map((size) => sizeValue(size, machine)),
      'tuple',
    );
  return undefined;
}
