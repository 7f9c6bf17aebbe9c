import type { Initialization, Shape } from '../../../core/model/model';
import { type CallArguments, constant, type Value } from '../../interpret/values';
import { givenBy, shapeOf, textOf, unknownSize } from '../given';
import { newStep, tensorValue } from './apply';
import { initializationOf } from './initializer';
import { foreign, type Moment, spelledAt } from './state';
import type { Tensor } from './tensor';

/** A variable that a layer of the file makes for itself. */
export interface WeightData {
  readonly shape: Shape | undefined;
  readonly initialization: Initialization;
  readonly number: number;
}

export const weightIn = (value: Value | undefined): WeightData | undefined =>
  value?.kind === 'foreign' && value.type === 'weight' ? (value.data as WeightData) : undefined;

/** `self.add_weight(…)`: Keras 3 has the shape first, tf.keras 2 the name. */
export function addWeight(args: CallArguments, moment: Moment): Value {
  const nameFirst = textOf(args.positional[0]) !== undefined || textOf(args.named.get('name')) !== undefined;
  const shapeFirst = nameFirst && args.positional.length > 0 && textOf(args.positional[0]) === undefined;
  const names =
    nameFirst && !shapeFirst
      ? ['name', 'shape', 'dtype', 'initializer']
      : ['shape', 'initializer', 'dtype', 'trainable'];
  const given = givenBy(args, names, 'python');
  return foreign(moment.reading, 'weight', {
    shape: given.value('shape') === undefined ? [] : shapeOf(given.value('shape')),
    initialization: initializationOf(given, 'initializer', moment),
    number: moment.machine.next(),
  } satisfies WeightData);
}

/** A variable with a value that an initialiser or a random function gave: `tf.Variable(w_init(shape=(3, 4)))`. */
export function variable(args: CallArguments, moment: Moment): Value | undefined {
  const value = args.positional[0] ?? args.named.get('initial_value') ?? args.named.get('initializer');
  if (weightIn(value) !== undefined) return value;
  if (value?.kind !== 'foreign' || value.type !== 'tensor') return undefined;
  const tensor = value.data as Tensor;
  if (tensor.constant === undefined) return undefined;
  const source = moment.site.source;
  return foreign(moment.reading, 'weight', {
    shape: tensor.full,
    initialization: { kind: 'unknown', spelled: spelledAt(moment.machine, source), source },
    number: moment.machine.next(),
  } satisfies WeightData);
}

/** x·W: a dense layer without a bias. */
export function multiplied(tensor: Tensor, weight: WeightData, type: string, moment: Moment): Value {
  const units = weight.shape?.at(-1) ?? unknownSize;
  return tensorValue(
    newStep(
      {
        operation: { kind: 'dense', units, kernel: weight.initialization, bias: null },
        inputs: [tensor],
        type,
        source: moment.site.source,
        weights: weight.number,
        certain: weight.shape?.length === 2,
      },
      moment,
    ),
    moment,
  );
}

/** x·W + b, where the step before is x·W; a shift by a learned amount otherwise. */
export function shifted(tensor: Tensor, weight: WeightData, type: string, moment: Moment): Value {
  const { step } = tensor;
  const { operation } = step;
  if (operation.kind === 'dense' && operation.bias === null && weight.shape?.length === 1) {
    return tensorValue(
      newStep(
        {
          ...step,
          operation: { ...operation, bias: weight.initialization },
          source: moment.site.source,
          type,
          shape: undefined,
        },
        moment,
      ),
      moment,
    );
  }
  return scaled(tensor, type, moment);
}

export const scaled = (tensor: Tensor, type: string, moment: Moment): Value =>
  tensorValue(
    newStep(
      {
        operation: { kind: 'scale' },
        inputs: [tensor],
        type,
        source: moment.site.source,
        infer: ([input]) => input,
        channelsFirst: tensor.step.channelsFirst,
      },
      moment,
    ),
    moment,
  );

/** A variable's shape, as the program reads it. */
export const weightShape = (weight: WeightData, moment: Moment): Value => ({
  kind: 'list',
  of: 'tuple',
  complete: weight.shape !== undefined,
  items: (weight.shape ?? []).map((size) =>
    typeof size === 'number' ? constant(size) : moment.machine.unknown('size'),
  ),
});
