import type { Shape } from '../../../core/model/model';
import { type CallArguments, type FunctionValue, list, type Value } from '../../interpret/values';
import { givenBy, rateOf } from '../given';
import { type Moment, newStep, type Tensor, tensorIn, tensorsIn } from '../tracing/step';
import { shapeGiven } from './functions/call';
import { initializationOf } from './initializer';
import { kindOf } from './kinds/kinds';
import { applyPlans, layerIn, newLayer } from './layer';
import { overLayers } from './lifted';
import { foreign, moduleIn, type Parameter, readingOf, tensorValue } from './state';

/** A function that Haiku makes a model of: `hk.transform(forward)`. */
export interface Transformed {
  readonly flavour: 'haiku';
  readonly callee: Value;
  readonly doubt: number;
}

export const transformedIn = (value: Value | undefined): Transformed | undefined =>
  value?.kind === 'foreign' && value.type === 'transformed' ? (value.data as Transformed) : undefined;

/** The function itself, where the file has it. */
export const functionIn = ({ callee }: Transformed): FunctionValue | undefined =>
  callee.kind === 'function' ? callee : undefined;

/** `hk.get_parameter('w', (3, 4), init=…)` */
function parameter(args: CallArguments, moment: Moment): Value {
  const given = givenBy(args, ['name', 'shape', 'dtype', 'init'], 'python');
  const name = given.value('name');
  return foreign('parameter', {
    name: name?.kind === 'constant' ? String(name.value) : 'parameter',
    initialization: initializationOf(given, 'init', moment),
    shape: shapeGiven(given.value('shape')),
    number: moment.machine.next(),
  } satisfies Parameter);
}

/** `hk.dynamic_unroll(core, xs, state)`: the core at every step in time. */
function unrolled(args: CallArguments, moment: Moment): Value | undefined {
  const given = givenBy(args, ['core', 'input_sequence', 'initial_state', 'time_major'], 'python');
  const [core, sequence] = [given.value('core'), given.value('input_sequence')];
  if (core === undefined || sequence === undefined) return undefined;
  const reading = readingOf(moment.machine);
  const state = given.value('initial_state') ?? moment.machine.unknown('state');
  const called: CallArguments = { ...args, positional: [sequence, state], named: new Map() };
  reading.scans++;
  try {
    return moment.machine.call(core, called, moment.site);
  } finally {
    reading.scans--;
  }
}

function dropout(args: CallArguments, { machine, site }: Moment): Value | undefined {
  const given = givenBy(args, ['rng', 'rate', 'x'], 'python');
  const input = tensorIn(given.value('x'));
  if (input === undefined) return undefined;
  const operation = { kind: 'dropout', rate: rateOf(given.value('rate')), variant: 'plain' } as const;
  return tensorValue(
    newStep({ operation, inputs: [input], type: 'hk.dropout', source: site.source, keeps: true }, machine),
  );
}

/** `hk.max_pool(x, 2, 2, 'SAME')` as a layer. */
function pooled(name: string, args: CallArguments, moment: Moment): Value | undefined {
  const [input] = tensorsIn(args.positional[0] ?? args.named.get('value'));
  if (input === undefined) return undefined;
  const path = `haiku.${name === 'max_pool' ? 'MaxPool' : 'AvgPool'}`;
  const own: CallArguments = { ...args, positional: args.positional.slice(1) };
  const layer = newLayer(path, kindOf(path), own, moment);
  return tensorValue(applyPlans({ ...layer, type: `hk.${name}`, name: undefined }, [input], moment));
}

function transformed(callee: Value, { machine }: Moment): Value {
  const value = foreign('transformed', { flavour: 'haiku', callee, doubt: 0 } satisfies Transformed);
  readingOf(machine).transforms.push(value);
  return value;
}

/** Functions of Haiku; undefined for its classes, and for what is not known. */
export function haikuCall(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const [first] = args.positional;
  switch (path.slice('haiku.'.length)) {
    case 'transform':
    case 'transform_with_state':
      return first && transformed(first, moment);
    // What it takes has some axes more.
    case 'BatchApply':
      return first;
    case 'get_parameter':
      return parameter(args, moment);
    case 'dynamic_unroll':
    case 'static_unroll':
      return unrolled(args, moment);
    case 'dropout':
      return dropout(args, moment);
    case 'max_pool':
    case 'avg_pool':
      return pooled(path.slice('haiku.'.length), args, moment);
    case 'next_rng_key':
    case 'PRNGSequence':
    case 'get_state':
      return moment.machine.unknown('key');
    default:
      return undefined;
  }
}

/** `carry, ys = jax.lax.scan(f, carry, xs)`: f goes over the first axis, which is time for what is recurrent. */
export function overTime(args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  const reading = readingOf(machine);
  const given = givenBy(args, ['f', 'init', 'xs'], 'python');
  const [f, carry, steps] = [given.value('f'), given.value('init'), given.value('xs')];
  if (reading.depth === 0 || f === undefined || carry === undefined || steps === undefined) return undefined;
  if ((moduleIn(steps) ?? layerIn(steps)) !== undefined) {
    const step = (now: Value, layer: Value): Value =>
      machine.call(f, { ...args, positional: [now, layer], named: new Map() }, site);
    return overLayers(step, carry, steps, moment);
  }
  if (tensorsIn(steps).every((tensor) => tensor.constant === true)) return undefined;
  reading.scans++;
  try {
    const result = machine.call(f, { ...args, positional: [carry, steps], named: new Map() }, site);
    if (result.kind !== 'list' || result.items.length !== 2) return undefined;
    const [last, all] = result.items;
    return list([lastOf(last!, moment), all!], 'tuple');
  } finally {
    reading.scans--;
  }
}

/** What a loop over time leaves: the last of all states. */
function lastOf(value: Value, moment: Moment): Value {
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => lastOf(item, moment)) };
  const tensor = tensorIn(value);
  if (tensor === undefined || tensor.step.operation.kind !== 'recurrent') return value;
  return tensorValue(lastState(tensor, moment));
}

const lastState = (tensor: Tensor, { machine, site }: Moment): Tensor =>
  newStep(
    {
      operation: { kind: 'rearrange' },
      inputs: [tensor],
      type: 'carry',
      source: site.source,
      infer: ([input]): Shape | undefined => input && [input[0]!, input.at(-1)!],
      last: tensor.step.last,
      lastInTime: true,
    },
    machine,
  );
