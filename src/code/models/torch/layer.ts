import type { LayerSignature } from '../../../core/frameworks/layerSignature';
import type { Operation, Shape, Size, SourceRange } from '../../../core/model/model';
import { type CallArguments, constant, list, type Value } from '../../interpret/values';
import { type Given, givenBy } from '../given';
import {
  appliedAt,
  doubtOf,
  type Layout,
  type Moment,
  newStep,
  opaqueStep,
  type Shapes,
  type Tensor,
  tensorsIn,
} from '../tracing/step';
import { foreign, lastPart, type Parameter, readingOf, sizeValue, tensorValue } from './state';

/** One step of a layer, before it is applied. */
export interface Plan {
  readonly operation: (inputs: Shapes) => Operation;
  readonly infer?: (inputs: Shapes) => Shape | undefined;
  /** The last axis of the output, whatever else it has. */
  readonly last?: Size;
  readonly keeps?: boolean;
  readonly layout?: Layout;
  readonly wants?: Layout;
  /** A number of its own, where a layer makes several steps with weights. */
  readonly weights?: number;
  readonly type?: string;
  readonly symbols?: readonly string[];
  readonly lastInTime?: boolean;
}

/** What a layer's class tells of it. */
export interface Meaning {
  readonly plans?: readonly Plan[];
  /** Takes the place of the plans. */
  readonly apply?: (layer: Layer, args: CallArguments, moment: Moment) => Value | undefined;
  /** What it needs of its input. */
  readonly tell?: (input: Tensor) => void;
  readonly parameters?: readonly Parameter[];
  readonly members?: Readonly<Record<string, Value>>;
  readonly certain?: boolean;
  /** True for a class that is not known, such as a ready model of torchvision: nobody sees the layers in it. */
  readonly hidden?: boolean;
}

/** A call that makes a layer, or of the function that does the same. */
export interface LayerCall {
  readonly path: string;
  readonly given: Given;
  readonly moment: Moment;
  /** Makes a parameter of the layer. */
  parameter(name: string, shape: Shape | undefined): Parameter;
}

export interface LayerKind {
  /** Parameters in the order of the signature. */
  readonly names: readonly string[];
  make(call: LayerCall): Meaning;
}

/** What a call of a layer with this signature makes. */
export type Maker<K extends LayerSignature['kind']> = (
  call: LayerCall,
  signature: Extract<LayerSignature, { kind: K }>,
) => Meaning;

export type Makers = { readonly [K in LayerSignature['kind']]?: Maker<K> };

/** A module that PyTorch brings; containers have children. */
export interface Layer {
  /** As the code writes it: `nn.Linear`. */
  readonly type: string;
  readonly path: string;
  name: string | undefined;
  readonly source: SourceRange;
  readonly certain: boolean;
  readonly doubt: number;
  readonly meaning: Meaning;
  readonly parameters: Map<string, Parameter | undefined>;
  readonly container: 'sequential' | 'list' | 'dict' | undefined;
  readonly children: Map<string, Value>;
  /** False where there may be children that are not known. */
  complete: boolean;
  /** Of its weights. */
  number: number;
  /** What was put in the place of a ready model's head. */
  readonly heads: Value[];
  /** What was put in the place of a ready model's first layers. */
  readonly fronts: Value[];
  readonly given: Given | undefined;
}

export const layerIn = (value: Value | undefined): Layer | undefined =>
  value?.kind === 'foreign' && value.type === 'layer' ? (value.data as Layer) : undefined;

/** Of a container, an object of one of the file's classes included. */
export function containerIn(value: Value | undefined): Layer | undefined {
  const layer = layerIn(value?.kind === 'instance' ? value.foreign : value);
  return layer?.container === undefined ? undefined : layer;
}

/** `nn.Linear`, `F.relu`, `torch.cat`: a path as people write it. */
export function writtenPath(path: string): string {
  const last = lastPart(path);
  if (/^torch\.nn\.functional\./.test(path)) return `F.${last}`;
  if (/^torch\.nn\.(modules\.)?/.test(path)) return `nn.${last}`;
  if (/^torch\./.test(path)) return `torch.${last}`;
  return last;
}

/** A new layer of a kind; one that is not known is opaque. */
export function newLayer(path: string, kind: LayerKind | undefined, args: CallArguments, moment: Moment): Layer {
  const { machine, site } = moment;
  const given = givenBy(args, kind?.names ?? [], 'python');
  const parameters = new Map<string, Parameter | undefined>();
  const number = machine.next();
  const meaning = kind?.make({
    path,
    given,
    moment,
    parameter: (name, shape) => {
      const made: Parameter = {
        name,
        shape,
        number: machine.next(),
        initialization: { kind: 'default' },
        doubt: doubtOf(machine),
      };
      parameters.set(name, made);
      return made;
    },
  }) ?? { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false, hidden: true };
  return {
    type: writtenPath(path),
    path,
    name: site.assignedTo,
    source: site.source,
    certain: (meaning.certain ?? true) && (args.complete || isWhole(path, args)),
    doubt: doubtOf(machine),
    meaning,
    parameters,
    container: undefined,
    children: new Map(),
    complete: true,
    number,
    heads: [],
    fronts: [],
    given,
  };
}

/** `nn.Linear(*input_dims, 128)`: what is spread can only be one number. */
const isWhole = (path: string, { positional, named, standIn }: CallArguments): boolean =>
  standIn === 0 && positional.length === 2 && /\.Linear$/.test(path) && !named.has('in_features');

const noMeaning: Meaning = {};

export const newContainer = (
  container: NonNullable<Layer['container']>,
  path: string,
  { machine, site }: Moment,
): Layer => {
  const layer: Layer = {
    type: writtenPath(path),
    path,
    name: site.assignedTo,
    source: site.source,
    certain: true,
    doubt: doubtOf(machine),
    meaning: noMeaning,
    parameters: new Map(),
    container,
    children: new Map(),
    complete: true,
    number: machine.next(),
    heads: [],
    fronts: [],
    given: undefined,
  };
  if (container === 'sequential') readingOf(machine).containers.push(layer);
  return layer;
};

export const layerValue = (layer: Layer): Value => foreign('layer', layer);

/** A value as tensors; what nobody knows becomes an opaque source. */
export function inputTensors(value: Value | undefined, moment: Moment): Tensor[] {
  const found = tensorsIn(value);
  if (found.length > 0) return found;
  return [opaqueStep(value?.kind === 'unknown' ? value.text : 'unknown', [], moment)];
}

/** A layer's steps in turn. */
export function applyPlans(layer: Layer, inputs: readonly Tensor[], moment: Moment): Tensor {
  const { meaning, source } = layer;
  const [input] = inputs;
  if (input !== undefined) meaning.tell?.(input);
  const applied = appliedAt(source, moment);
  let now = inputs;
  for (const plan of meaning.plans ?? []) {
    const operation = plan.operation(now.map(({ step }) => step.shape));
    now = [
      newStep(
        {
          operation,
          inputs: now,
          type: plan.type ?? layer.type,
          name: layer.name,
          source,
          applied,
          weights: plan.weights ?? (hasWeights(operation.kind) ? layer.number : undefined),
          certain: layer.certain,
          doubt: layer.doubt,
          last: plan.last,
          infer: plan.infer,
          layout: plan.layout,
          wants: plan.wants,
          keeps: plan.keeps ?? false,
          symbols: plan.symbols,
          lastInTime: plan.lastInTime ?? false,
        },
        moment.machine,
      ),
    ];
  }
  return now[0]!;
}

const withWeights: ReadonlySet<Operation['kind']> = new Set([
  'dense',
  'convolution',
  'embedding',
  'recurrent',
  'attention',
  'transformerEncoder',
  'normalisation',
]);

export const hasWeights = (kind: Operation['kind']): boolean => withWeights.has(kind);

/** A layer applied; undefined where nothing that it is applied to belongs to a model. */
export function applyLayer(layer: Layer, args: CallArguments, moment: Moment): Value | undefined {
  const value = args.positional[0] ?? args.named.get('input') ?? [...args.named.values()][0];
  if (tensorsIn(value).length === 0 && readingOf(moment.machine).depth === 0) return undefined;
  const custom = layer.meaning.apply?.(layer, args, moment);
  if (custom !== undefined) return custom;
  if (layer.meaning.plans === undefined) {
    return tensorValue(opaqueStep(layer.type, inputTensors(value, moment), moment, { name: layer.name }));
  }
  return tensorValue(applyPlans(layer, inputTensors(value, moment), moment));
}

/** What a program reads of a layer: its arguments and weights. */
export function layerMember(layer: Layer, name: string, moment: Moment): Value | undefined {
  const { machine } = moment;
  if (layer.parameters.has(name)) {
    const parameter = layer.parameters.get(name);
    return parameter === undefined ? constant(null) : foreign('parameter', parameter);
  }
  switch (name) {
    case '__class__':
      return { kind: 'path', path: layer.path };
    case 'training':
      return constant(true);
    case 'bias':
    case 'weight':
      return layer.certain && layer.container === undefined ? constant(null) : undefined;
    default:
      return layer.meaning.members?.[name] ?? layer.given?.value(name) ?? defaultMember(layer, name, machine);
  }
}

function defaultMember(layer: Layer, name: string, machine: Moment['machine']): Value | undefined {
  if (layer.container !== undefined) return layer.children.get(name);
  if (name === 'groups' || name === 'num_layers') return constant(1);
  if (name === 'bidirectional' || name === 'batch_first') return constant(false);
  return name === 'inplace' ? constant(false) : name === 'in_features' ? machine.unknown(name) : undefined;
}

/** The shape of a parameter or tensor, as the program reads it. */
export const shapeList = (shape: Shape, machine: Moment['machine'], batch: boolean): Value =>
  list(
    shape.map((size, k) => sizeValue(size, machine, batch ? k : undefined)),
    'tuple',
  );
