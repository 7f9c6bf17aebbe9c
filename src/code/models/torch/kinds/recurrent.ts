import type { Cell, LayerSignature } from '../../../../core/frameworks/layerSignature';
import { stringSpelling } from '../../../../core/frameworks/spellings';
import type { ActivationUse, Initialization, Operation, Shape, Size } from '../../../../core/model/model';
import { list, type Value } from '../../../interpret/values';
import { flagOf, type Given, numberOf, rateOf, sizeOf, textOf, unknownSize } from '../../given';
import { activationUse } from '../../tracing/activation';
import {
  appliedAt,
  type Layout,
  type Moment,
  newStep,
  type Shapes,
  type Tensor,
  tellLast,
  tensorsIn,
} from '../../tracing/step';
import { inputTensors, type Layer, type LayerCall, type Maker, type Makers, type Plan } from '../layer';
import { type Parameter, tensorValue } from '../state';

type Recurrent = Operation & { kind: 'recurrent' };

/** Layers of cells that may be stacked by one call. */
const MOST_LAYERS = 64;

const phi = (name: string, { site }: Moment): ActivationUse | undefined => {
  const spelling = stringSpelling('torch', name);
  return spelling && activationUse(spelling, undefined, name, site.source).use;
};

type Signature = Extract<LayerSignature, { kind: 'recurrent' }>;

/** tanh and σ, but for nn.RNN's nonlinearity. */
function activations({ cell, defaults }: Signature, given: Given, moment: Moment) {
  const written = given.value('nonlinearity');
  const usual = String(defaults?.activation);
  const name = cell !== 'simple' || written === undefined ? usual : textOf(written);
  return {
    activation: name === undefined ? undefined : phi(name, moment),
    recurrentActivation: cell === 'simple' ? undefined : phi(String(defaults?.recurrent_activation), moment),
  };
}

interface Weights {
  readonly kernel: Parameter;
  readonly recurrent: Parameter;
  /** One meets the input and one the state: they are added. */
  readonly biases: readonly Parameter[];
}

/** What two biases that are added start with: that of both, where they are filled alike. */
function biasOf(biases: readonly Parameter[]): Initialization | null {
  const [first, ...others] = biases.map(({ initialization }) => initialization);
  if (first === undefined) return null;
  const isAlike = (other: Initialization): boolean =>
    first.kind === other.kind &&
    JSON.stringify('initializer' in first && first.initializer) ===
      JSON.stringify('initializer' in other && other.initializer);
  if (others.every(isAlike)) return first;
  const filled = [first, ...others]
    .filter(isFilled)
    .sort((a, b) => Number(a.kind === 'known') - Number(b.kind === 'known'))[0];
  return filled === undefined ? first : { kind: 'unknown', spelled: filled.spelled, source: filled.source };
}

const isFilled = (each: Initialization): each is Exclude<Initialization, { kind: 'default' }> =>
  each.kind !== 'default';

const gates: Readonly<Record<Cell, number>> = { simple: 1, lstm: 4, gru: 3 };

const times = (size: Size, n: number): Size => (typeof size === 'number' ? size * n : size);

function weightsOf({ parameter, given }: LayerCall, cell: Cell, layer: string, inputs: Size, units: Size): Weights {
  const hasBias = flagOf(given.value('bias'), true) !== false;
  const rows = times(units, gates[cell]);
  const kernel = parameter(`weight_ih${layer}`, [rows, inputs]);
  const recurrent = parameter(`weight_hh${layer}`, [rows, units]);
  const biases = hasBias ? ['ih', 'hh'].map((name) => parameter(`bias_${name}${layer}`, [rows])) : [];
  return { kernel, recurrent, biases };
}

const wholeSequence: Maker<'recurrent'> = (call, signature) => {
  const { cell } = signature;
  const { given, moment } = call;
  const { machine } = moment;
  const [inputs, units] = [sizeOf(given.value('input_size')), sizeOf(given.value('hidden_size'))];
  const count = given.value('num_layers') === undefined ? 1 : numberOf(given.value('num_layers'));
  const twoWays = flagOf(given.value('bidirectional'), false);
  const batchFirst = flagOf(given.value('batch_first'), false);
  const layout: Layout = batchFirst === false ? 'time' : 'plain';
  const width = twoWays ? times(units, 2) : units;
  const dropout = rateOf(given.value('dropout'), 0);
  const phis = activations(signature, given, moment);
  const layers = Math.max(1, Math.min(count ?? 1, MOST_LAYERS));
  const plans: Plan[] = [];
  for (let k = 0; k < layers; k++) {
    const own = weightsOf(call, cell, `_l${k}`, k === 0 ? inputs : width, units);
    if (twoWays) weightsOf(call, cell, `_l${k}_reverse`, k === 0 ? inputs : width, units);
    plans.push(recurrentPlan(cell, units, own, { ...phis, layout, twoWays: twoWays === true, number: machine.next() }));
    if (dropout !== 0 && k < layers - 1) {
      plans.push({ operation: () => ({ kind: 'dropout', rate: dropout, variant: 'plain' }), keeps: true });
    }
  }
  const certain = count !== undefined && twoWays !== undefined && phis.activation !== undefined && !('proj_size' in {});
  return {
    certain: certain && given.value('proj_size') === undefined,
    parameters: [],
    apply: (layer, args, at) =>
      applyRecurrent(layer, args, at, { plans, inputs, units, cell, layout, twoWays: twoWays === true }),
  };
};

interface PlanOptions {
  readonly activation: ActivationUse | undefined;
  readonly recurrentActivation: ActivationUse | undefined;
  readonly layout: Layout;
  readonly twoWays: boolean;
  readonly number: number;
  readonly sequences?: boolean;
}

function recurrentPlan(cell: Cell, units: Size, weights: Weights, options: PlanOptions): Plan {
  const { activation, recurrentActivation, layout, twoWays, number, sequences = true } = options;
  const width = twoWays ? times(units, 2) : units;
  return {
    operation: (): Recurrent => ({
      kind: 'recurrent',
      cell,
      units,
      sequences,
      bidirectional: twoWays,
      activation,
      recurrentActivation,
      kernel: weights.kernel.initialization,
      recurrentKernel: weights.recurrent.initialization,
      bias: biasOf(weights.biases),
    }),
    infer: ([input]: Shapes) => (input === undefined ? undefined : [...input.slice(0, -1), width]),
    last: width,
    layout,
    wants: layout,
    weights: number,
  };
}

interface Application {
  readonly plans: readonly Plan[];
  readonly inputs: Size;
  readonly units: Size;
  readonly cell: Cell;
  readonly layout: Layout;
  readonly twoWays: boolean;
}

/** The output, and the last state of every layer. */
function applyRecurrent(
  layer: Layer,
  { positional, named }: { readonly positional: readonly Value[]; readonly named: ReadonlyMap<string, Value> },
  moment: Moment,
  about: Application,
): Value {
  const [value = named.get('input'), state = named.get('hx')] = positional;
  const [input] = inputTensors(value, moment);
  tellLast(input, about.inputs);
  const states = tensorsIn(state).filter(({ constant }) => !constant);
  const { machine } = moment;
  let output = input!;
  const outputs: Tensor[] = [];
  for (const plan of about.plans) {
    const isCell = plan.weights !== undefined;
    const inputs = isCell ? [output, ...states] : [output];
    output = newStep(
      {
        operation: plan.operation([]),
        inputs,
        type: layer.type,
        name: layer.name,
        source: layer.source,
        applied: appliedAt(layer.source, moment),
        weights: plan.weights,
        certain: layer.certain,
        doubt: layer.doubt,
        infer: plan.infer,
        last: plan.last,
        layout: plan.layout,
        wants: plan.wants,
        keeps: plan.keeps ?? false,
      },
      machine,
    );
    if (isCell) outputs.push(output);
  }
  const last = tensorValue(lastState(outputs, about, moment));
  return list([tensorValue(output), about.cell === 'lstm' ? list([last, last], 'tuple') : last], 'tuple');
}

/** (layers × directions, batch, units): the last in time of every layer. */
function lastState(outputs: readonly Tensor[], { units, twoWays }: Application, { machine, site }: Moment): Tensor {
  const count = outputs.length * (twoWays ? 2 : 1);
  const shape: Shape = [count, unknownSize, units];
  return newStep(
    {
      operation: { kind: 'rearrange' },
      // The last layer's is what nearly everybody takes.
      inputs: [outputs.at(-1)!],
      type: 'h_n',
      source: site.source,
      infer: () => shape,
      layout: 'time',
      lastInTime: true,
    },
    machine,
  );
}

/** One step in time, called in a loop. */
const oneStep: Maker<'recurrent'> = (call, signature) => {
  const { cell: kind } = signature;
  const { given, moment } = call;
  const [inputs, units] = [sizeOf(given.value('input_size')), sizeOf(given.value('hidden_size'))];
  const phis = activations(signature, given, moment);
  const weights = weightsOf(call, kind, '', inputs, units);
  const number = moment.machine.next();
  const plan = recurrentPlan(kind, units, weights, {
    ...phis,
    layout: 'plain',
    twoWays: false,
    number,
    sequences: false,
  });
  return {
    certain: phis.activation !== undefined,
    apply: (layer, { positional }, at) => {
      const [value, state] = positional;
      const states = tensorsIn(state).filter(({ constant }) => !constant);
      const output = newStep(
        {
          operation: plan.operation([]),
          inputs: [...inputTensors(value, at).slice(0, 1), ...states],
          type: layer.type,
          name: layer.name,
          source: layer.source,
          applied: appliedAt(layer.source, at),
          weights: number,
          certain: layer.certain,
          doubt: layer.doubt,
          infer: () => [unknownSize, units],
          last: units,
        },
        at.machine,
      );
      const result = tensorValue(output);
      return kind === 'lstm' ? list([result, result], 'tuple') : result;
    },
  };
};

const recurrent: Maker<'recurrent'> = (call, signature) =>
  signature.steps === 'all' ? wholeSequence(call, signature) : oneStep(call, signature);

export const recurrents: Makers = { recurrent };
