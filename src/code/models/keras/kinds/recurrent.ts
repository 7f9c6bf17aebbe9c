import type { LayerSignature } from '../../../../core/frameworks/layerSignature';
import type { ActivationUse, Operation, Shape } from '../../../../core/model/model';
import { flagOf, isNone, sizeOf, textOf, unknownSize } from '../../given';
import { phiOf, stringUse } from '../activation';
import { initializationOf } from '../initializer';
import type { LayerCall, LayerData, LayerMeaning, Maker, Makers, StepPlan } from '../layer';
import { doubtOf } from '../state';
import { weights } from './weighted';

export type Recurrent = Operation & { kind: 'recurrent' };
type Signature = Extract<LayerSignature, { kind: 'recurrent' }>;

/** The activation of a cell: what is written, or its default. Undefined for one that is not known. */
function cellActivation(call: LayerCall, { defaults }: Signature, name: string): ActivationUse | undefined {
  const { given, id, moment } = call;
  const value = given.value(name);
  if (value === undefined) return stringUse(id, String(defaults?.[name]), moment.site.source);
  if (isNone(value)) return stringUse(id, 'linear', given.source(name));
  const phi = phiOf(value, given.source(name), id, moment);
  return phi.kind === 'use' && phi.certain && phi.use.name !== undefined ? phi.use : undefined;
}

const plan = (operation: Recurrent, weightsNumber: number): StepPlan => ({
  operation,
  weights: weightsNumber,
  infer: ([input]) => recurrentShape(operation, input),
});

export function recurrentShape({ units, bidirectional, sequences }: Recurrent, input: Shape | undefined): Shape {
  const width = bidirectional ? (typeof units === 'number' ? 2 * units : units) : units;
  return sequences ? [input?.[0] ?? unknownSize, width] : [width];
}

function recurrentMeaning(call: LayerCall, signature: Signature, sequences: boolean): LayerMeaning {
  const { given, moment } = call;
  const { cell } = signature;
  const units = sizeOf(given.value('units'));
  const gated = cell !== 'simple';
  const operation: Recurrent = {
    kind: 'recurrent',
    cell,
    units,
    sequences,
    bidirectional: false,
    activation: cellActivation(call, signature, 'activation'),
    recurrentActivation: gated ? cellActivation(call, signature, 'recurrent_activation') : undefined,
    recurrentKernel: initializationOf(given, 'recurrent_initializer', moment),
    ...weights(call),
  };
  const count = cell === 'lstm' ? 2 : 1;
  return {
    steps: [plan(operation, moment.machine.next())],
    ...(flagOf(given.value('return_state'), false) === true ? { states: { count, shape: [units] } } : {}),
    certain: operation.activation !== undefined && (!gated || operation.recurrentActivation !== undefined),
  };
}

const recurrent: Maker<'recurrent'> = (call, signature) => {
  // A cell is a layer that `RNN(cell)` takes.
  if (signature.steps === 'one') return recurrentMeaning(call, signature, false);
  const sequences = flagOf(call.given.value('return_sequences'), false);
  const meaning = recurrentMeaning(call, signature, sequences ?? false);
  return sequences === undefined ? { ...meaning, certain: false } : meaning;
};

const layerIn = (call: LayerCall, name: string): LayerData | undefined => {
  const value = call.given.value(name);
  return value?.kind === 'foreign' && value.type === 'layer' ? (value.data as LayerData) : undefined;
};

const isRecurrent = (operation: StepPlan['operation'] | undefined): operation is Recurrent =>
  typeof operation === 'object' && operation.kind === 'recurrent';

const opaque = (): LayerMeaning => ({
  steps: [{ operation: { kind: 'opaque' }, infer: () => undefined }],
  certain: false,
});

/** RNN(cell) and RNN([cell, cell]): a stack of layers, all but the last with sequences. */
function rnn(call: LayerCall): LayerMeaning {
  const value = call.given.value('cell');
  const items = value?.kind === 'list' ? value.items : [value];
  const layers = items.map((item) =>
    item?.kind === 'foreign' && item.type === 'layer' ? (item.data as LayerData) : undefined,
  );
  const cells = layers.map((layer) => layer?.steps[0]);
  const sequences = flagOf(call.given.value('return_sequences'), false) ?? false;
  const steps = cells.map((step, k): StepPlan | undefined => {
    const operation = step?.operation;
    if (!isRecurrent(operation)) return undefined;
    const last = k === cells.length - 1;
    return plan({ ...operation, sequences: last ? sequences : true }, step?.weights ?? call.moment.machine.next());
  });
  if (steps.length === 0 || steps.some((step) => step === undefined)) return opaque();
  const doubt = doubtOf(call.moment);
  const certain =
    (value?.kind !== 'list' || value.complete) &&
    layers.every((layer) => layer?.certain === true && layer.doubt <= doubt);
  return { steps: steps as StepPlan[], certain };
}

function bidirectional(call: LayerCall): LayerMeaning {
  const inner = layerIn(call, 'layer');
  const step = inner?.steps[0];
  if (inner === undefined || !isRecurrent(step?.operation)) return opaque();
  const operation: Recurrent = { ...step.operation, bidirectional: true };
  const merge = call.given.value('merge_mode');
  const joined = merge === undefined || textOf(merge) === 'concat';
  return {
    steps: [
      {
        ...plan(operation, step.weights ?? call.moment.machine.next()),
        source: inner.source,
        infer: ([input]) => recurrentShape({ ...operation, bidirectional: joined }, input),
      },
    ],
    ...(inner.states ? { states: { count: 2 * inner.states.count, shape: inner.states.shape } } : {}),
    certain: inner.certain && (joined || textOf(merge) !== undefined),
    inputShape: inner.inputShape,
  };
}

export const recurrents: Makers = { recurrent };

/** Layers that take cells, or layers over time. */
export const overTime = { cells: rnn, cellStack: opaque, bidirectional };
