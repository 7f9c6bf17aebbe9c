import { type CallArguments, constant, type Foreign, type Value } from '../../interpret/values';
import { numberOf, product, unknownSize } from '../given';
import { doubtOf, type Moment, newStep, type Step, type Tensor, tensorIn } from '../tracing/step';
import type { Parts } from './functions/parts';
import { fillMethod, setUnknown } from './initialise';
import { shapeList } from './layer';
import { foreign, type Parameter, readingOf, sizeValue, tensorValue } from './state';

/** `nn.Parameter(torch.randn(3, 4))`. */
export function parameter(args: CallArguments, moment: Moment): Value {
  const { machine, site } = moment;
  const [value = args.named.get('data')] = args.positional;
  const tensor = tensorIn(value);
  const made: Parameter = {
    name: site.assignedTo ?? 'parameter',
    initialization: { kind: 'default' },
    shape: tensor?.step.shape,
    number: machine.next(),
    doubt: doubtOf(machine),
  };
  const type = tensor?.step.type;
  // Numbers that nobody has set mean nothing until `nn.init` sets them.
  setUnknown(made, moment);
  if (type === 'zeros' || type === 'ones') {
    const initializer = type === 'zeros' ? ({ kind: 'zeros' } as const) : ({ kind: 'constant', value: 1 } as const);
    made.initialization = { kind: 'known', initializer, spelled: machine.text(site.source), source: site.source };
  } else if (type === 'randn') {
    made.initialization = {
      kind: 'known',
      initializer: { kind: 'normal', mean: 0, stddev: 1 },
      spelled: machine.text(site.source),
      source: site.source,
    };
  }
  return foreign('parameter', made);
}

export const weightMembers = new Set(['data', 'T', 'mT', 'weight']);

export function parameterMember(object: Foreign, name: string, { machine }: Moment): Value | undefined {
  const { shape, ...rest } = object.data as Parameter;
  if (name === 'data') return object;
  if (name === 'T' || name === 'mT') return transposed(object.data as Parameter);
  if (name === 'shape') return shape === undefined ? undefined : shapeList(shape, machine, false);
  if (name === 'requires_grad') return constant(true);
  if (name === 'ndim') return shape === undefined ? undefined : constant(shape.length);
  void rest;
  return undefined;
}

/** The same weights with their axes turned round. */
const transposed = (parameter: Parameter): Value =>
  foreign('parameter', Object.create(parameter, { shape: { value: parameter.shape?.toReversed() } }) as object);

export function parameterMethod(object: Foreign, name: string, args: CallArguments, moment: Moment): Value | undefined {
  const own = object.data as Parameter;
  if (fillMethod(own, name, args, moment)) return object;
  switch (name) {
    case 'size': {
      const { shape } = own;
      const axis = numberOf(args.positional[0] ?? args.named.get('dim'));
      if (shape === undefined) return undefined;
      return axis === undefined
        ? shapeList(shape, moment.machine, false)
        : sizeValue(shape.at(axis) ?? unknownSize, moment.machine);
    }
    case 'dim':
      return own.shape === undefined ? undefined : constant(own.shape.length);
    case 'numel':
    case 'nelement':
      return own.shape === undefined ? undefined : sizeValue(product(own.shape), moment.machine);
    case 't':
      return transposed(own);
    case 'transpose':
      return own.shape?.length === 2 ? transposed(own) : undefined;
    case 'expand':
    case 'repeat':
    case 'unsqueeze':
    case 'squeeze':
    case 'view':
    case 'reshape':
    case 'contiguous':
    case 'to':
    case 'clone':
    case 'narrow':
    case 'select':
      return heldParameter(own, moment);
    case 'chunk':
    case 'split':
      return foreign('parts', { part: () => heldParameter(own, moment) } satisfies Parts);
    // The same numbers in the same place: what fills one fills the other.
    case 'detach':
    case 'requires_grad_':
    // Added to what it is expanded to, it does as much unexpanded.
    case 'expand_as':
      return object;
    default:
      return undefined;
  }
}

/** Learned numbers as a tensor that no input leads to. */
export const heldParameter = (own: Parameter, { machine, site }: Moment): Value => {
  const tensor = newStep(
    { operation: { kind: 'opaque' }, inputs: [], type: own.name, source: site.source, certain: false },
    machine,
  );
  views.set(tensor.step, own);
  return tensorValue({ ...tensor, constant: true });
};

/** Parts of weights: what fills one of them changes what the weights start with. */
const views = new WeakMap<Step, Parameter>();

export function noteView(tensor: Tensor, name: string, moment: Moment): void {
  const own = views.get(tensor.step);
  if (own !== undefined && /[^_]_$/.test(name) && !readingOf(moment.machine).trained) setUnknown(own, moment);
}

/** `layer.bias = None`: the layer's steps hold its own parameters, and find none there. */
export function removeParameter(own: Parameter | undefined): void {
  if (own !== undefined) Object.defineProperty(own, 'initialization', { configurable: true, get: () => undefined });
}

/** `decoder.weight = encoder.weight`: the layer's steps hold its own weights, which are the other's from now on. */
export function shareInitialization(own: Parameter | undefined, other: Parameter): void {
  if (own === undefined || own === other) return;
  Object.defineProperty(own, 'initialization', {
    configurable: true,
    get: () => other.initialization,
    set: (value: Parameter['initialization']) => {
      other.initialization = value;
    },
  });
}
