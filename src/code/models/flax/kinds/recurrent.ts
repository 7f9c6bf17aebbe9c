import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { ActivationUse, Initialization, Operation, Size } from '../../../../core/model/model';
import { type CallArguments, list, type Value } from '../../../interpret/values';
import { flagOf, isNone, sizeOf, unknownSize } from '../../given';
import { activationUse, unknownUse } from '../../tracing/activation';
import { type Moment, newStep, type Shapes, type Tensor, tellLast, tensorsIn } from '../../tracing/step';
import { initializationOf } from '../initializer';
import {
  type Cell,
  inputTensors,
  type Layer,
  type LayerCall,
  layerIn,
  type Maker,
  type Makers,
  type Meaning,
  stepOf,
} from '../layer';
import { readingOf, tensorValue } from '../state';

/** A function that is given as an argument, or the one that the cell has without it. */
function phi({ given, moment }: LayerCall, name: string, usual: string): { use: ActivationUse; certain: boolean } {
  const value = given.value(name);
  const path = value === undefined ? `flax.linen.${usual}` : value.kind === 'path' ? value.path : undefined;
  const spelling = path === undefined ? undefined : pathSpelling(path, 'python');
  const source = value === undefined ? moment.site.source : given.source(name);
  const spelled = value === undefined ? usual : moment.machine.text(source).replace(/^\w+\s*=\s*/, '');
  return spelling === undefined
    ? unknownUse('jax', spelled, source)
    : activationUse(spelling, undefined, spelled, source);
}

const twice = (size: Size): Size => (typeof size === 'number' ? 2 * size : size);

type Recurrent = Extract<Operation, { kind: 'recurrent' }>;

/** What a cell computes, once it is known how it goes through its input. */
const operationOf =
  (own: Omit<Recurrent, 'kind' | 'sequences' | 'bidirectional'>): Cell['operation'] =>
  (sequences, bidirectional) => ({ kind: 'recurrent', ...own, sequences, bidirectional });

/** One step in time. */
const recurrent: Maker<'recurrent'> = (call, { cell: kind, parameters, defaults }) => {
  const nnx = parameters.includes('in_features');
  const { given, moment } = call;
  const units = sizeOf(given.value(nnx ? 'hidden_features' : 'features'));
  const inputs = nnx ? sizeOf(given.value('in_features')) : unknownSize;
  const activation = phi(call, 'activation_fn', String(defaults?.activation_fn));
  const gate = kind === 'simple' ? undefined : phi(call, 'gate_fn', String(defaults?.gate_fn));
  const kernel = initializationOf(given, 'kernel_init', moment);
  const recurrentKernel = initializationOf(given, 'recurrent_kernel_init', moment);
  const bias = initializationOf(given, 'bias_init', moment);
  const about: Cell = {
    kind,
    units,
    inputs,
    operation: operationOf({
      cell: kind,
      units,
      activation: activation.use,
      recurrentActivation: gate?.use,
      kernel,
      recurrentKernel,
      bias,
    }),
  };
  // A residual connection is no part of what is known of a simple cell.
  const plain = flagOf(given.value('residual'), false) === false;
  return {
    cell: about,
    certain: activation.certain && (gate?.certain ?? true) && plain,
    apply: (layer, args, at) => applyCell(layer, about, args, at),
  };
};

const isTensor = ({ constant }: Tensor): boolean => constant !== true;

/** `carry, y = cell(carry, x)`; under a loop over time x has all of it. */
function applyCell(layer: Layer, about: Cell, { positional, named }: CallArguments, moment: Moment): Value {
  const [carry = named.get('carry'), value = named.get('inputs') ?? named.get('xs')] = positional;
  const sequences = readingOf(moment.machine).scans > 0;
  const states = tensorsIn(carry).filter(isTensor);
  const [input] = inputTensors(value, moment);
  tellLast(input, about.inputs);
  const output = recurrentStep(layer, about, [input!, ...states], moment, { sequences, twoWays: false });
  const result = tensorValue(output);
  const state = about.kind === 'lstm' ? list([result, result], 'tuple') : result;
  return list([state, result], 'tuple');
}

interface Going {
  readonly sequences: boolean;
  readonly twoWays: boolean;
  readonly certain?: boolean;
  readonly timeFirst?: boolean;
}

function recurrentStep(
  layer: Layer,
  about: Cell,
  inputs: readonly Tensor[],
  moment: Moment,
  { sequences, twoWays, certain = true, timeFirst = false }: Going,
): Tensor {
  const width = twoWays ? twice(about.units) : about.units;
  const layout = timeFirst ? ('time' as const) : undefined;
  return newStep(
    {
      ...stepOf(layer, moment, 'recurrent'),
      operation: about.operation(sequences, twoWays),
      inputs,
      certain: layer.certain && certain,
      infer: ([input]: Shapes) =>
        sequences ? input && [...input.slice(0, -1), width] : [input?.[0] ?? unknownSize, width],
      last: width,
      layout,
      wants: layout,
    },
    moment.machine,
  );
}

/** The last state: a part of the output. */
function lastState(output: Tensor, units: Size, { machine, site }: Moment): Tensor {
  return newStep(
    {
      operation: { kind: 'rearrange' },
      inputs: [output],
      type: 'carry',
      source: site.source,
      infer: ([input]) => [input?.[0] ?? unknownSize, units],
      lastInTime: true,
    },
    machine,
  );
}

/** A cell's meaning; undefined for what is no cell of Flax's. */
const cellIn = (value: Value | undefined): { readonly cell: Cell; readonly certain: boolean } | undefined => {
  const layer = layerIn(value);
  const found = layer?.meaning.cell ?? layer?.meaning.overTime;
  return found && { cell: found, certain: layer!.certain };
};

const unread: Meaning = { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };

/** A cell in a loop over time. */
const rnn = ({ given }: LayerCall): Meaning => {
  const found = cellIn(given.value('cell'));
  if (found === undefined) return unread;
  const { cell: about } = found;
  const carries = flagOf(given.value('return_carry'), false);
  return {
    overTime: about,
    certain: found.certain && carries !== undefined,
    apply: (layer, args, moment) => {
      const state = args.named.get('initial_carry');
      const flag = (name: string, usual: boolean) => flagOf(args.named.get(name) ?? given.value(name), usual);
      const states = tensorsIn(state).filter(isTensor);
      const [input] = inputTensors(args.positional[0] ?? args.named.get('inputs'), moment);
      tellLast(input, about.inputs);
      const output = recurrentStep(layer, about, [input!, ...states], moment, {
        sequences: true,
        twoWays: false,
        timeFirst: flag('time_major', false) === true,
      });
      if (flag('return_carry', carries ?? false) !== true) return tensorValue(output);
      const last = tensorValue(lastState(output, about.units, moment));
      return list([about.kind === 'lstm' ? list([last, last], 'tuple') : last, tensorValue(output)], 'tuple');
    },
  };
};

const bidirectional = ({ given }: LayerCall): Meaning => {
  const [forward, backward] = [cellIn(given.value('forward_rnn')), cellIn(given.value('backward_rnn'))];
  if (forward === undefined || backward === undefined) return unread;
  const { cell: about } = forward;
  const alike = about.kind === backward.cell.kind && about.units === backward.cell.units;
  const certain = forward.certain && backward.certain && alike && isNone(given.value('merge_fn'));
  const carries = flagOf(given.value('return_carry'), false) === true;
  return {
    certain,
    apply: (layer, args, moment) => {
      const [input] = inputTensors(args.positional[0] ?? args.named.get('inputs'), moment);
      tellLast(input, about.inputs);
      const timeFirst = flagOf(args.named.get('time_major') ?? given.value('time_major'), false) === true;
      const output = recurrentStep(layer, about, [input!], moment, { sequences: true, twoWays: true, timeFirst });
      if (!carries) return tensorValue(output);
      const last = tensorValue(lastState(output, twice(about.units), moment));
      return list([list([last, last], 'tuple'), tensorValue(output)], 'tuple');
    },
  };
};

const wrapper: Maker<'wrapper'> = (call, { how }) => (how === 'cells' ? rnn(call) : bidirectional(call));

export const recurrents: Makers = { recurrent, wrapper };

interface CellGiven {
  readonly kind: Cell['kind'];
  readonly units: Size;
  readonly inputs: Size;
  readonly kernel: Initialization;
  readonly recurrentKernel: Initialization;
  readonly bias: Initialization | null;
  readonly moment: Moment;
  /** Its φ; tanh where none is told. */
  readonly activation?: string;
  /** What a step gives, from its state. */
  readonly gives: (state: Value) => Value;
}

/** A cell of a library whose cells take the input first, `cell(x, state)`. */
export function cellMeaning({ kind, units, inputs, moment, activation = 'jax.nn.tanh', ...given }: CellGiven): Meaning {
  const { source } = moment.site;
  const use = (path: string): ActivationUse =>
    activationUse(pathSpelling(path, 'python')!, undefined, path.replace(/^.*\./, ''), source).use;
  const about: Cell = {
    kind,
    units,
    inputs,
    operation: operationOf({
      cell: kind,
      units,
      activation: use(activation),
      recurrentActivation: kind === 'simple' ? undefined : use('jax.nn.sigmoid'),
      kernel: given.kernel,
      recurrentKernel: given.recurrentKernel,
      bias: given.bias,
    }),
  };
  return {
    cell: about,
    apply: (layer, args, at) => given.gives(tensorValue(stepped(layer, about, args, at))),
    methods: { initial_state: (_layer, _args, { machine }) => machine.unknown('state') },
  };
}

function stepped(layer: Layer, about: Cell, { positional, named }: CallArguments, moment: Moment): Tensor {
  const [value = named.get('input') ?? named.get('inputs'), state] = positional;
  const sequences = readingOf(moment.machine).scans > 0;
  const [input] = inputTensors(value, moment);
  tellLast(input, about.inputs);
  const states = tensorsIn(state).filter(isTensor);
  return recurrentStep(layer, about, [input!, ...states], moment, { sequences, twoWays: false });
}
