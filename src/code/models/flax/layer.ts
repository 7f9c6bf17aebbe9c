import type { LayerSignature } from '../../../core/frameworks/layerSignature';
import type { Initialization, Operation, Shape, Size, SourceRange } from '../../../core/model/model';
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
import { type Flavour, foreign, lastPart, notePart, readingOf, tensorValue } from './state';

/** One step of a layer, before it is applied. */
export interface Plan {
  readonly operation: (inputs: Shapes) => Operation;
  readonly infer?: (inputs: Shapes) => Shape | undefined;
  /** The last axis of the output, whatever else it has. */
  readonly last?: Size;
  readonly keeps?: boolean;
  readonly layout?: Layout;
  readonly wants?: Layout;
  readonly type?: string;
  readonly symbols?: readonly string[];
}

/** What a recurrent cell tells of itself. */
export interface Cell {
  readonly kind: 'simple' | 'lstm' | 'gru';
  readonly units: Size;
  readonly inputs: Size;
  readonly operation: (sequences: boolean, bidirectional: boolean) => Operation;
}

/** What a layer's class tells of it. */
export interface Meaning {
  readonly plans?: readonly Plan[];
  /** Takes the place of the plans. */
  readonly apply?: (layer: Layer, args: CallArguments, moment: Moment) => Value | undefined;
  /** What it needs of its input. */
  readonly tell?: (input: Tensor) => void;
  readonly certain?: boolean;
  /** What a call gives beside its output, where it is given that too: `x, state = norm(x, state)`. */
  readonly alsoGives?: string;
  readonly cell?: Cell;
  /** Steps of a layer that goes through time, one layer for each of these. */
  readonly overTime?: Cell;
  /** `embed.attend(x)` and its like. */
  readonly methods?: Readonly<Record<string, (layer: Layer, args: CallArguments, moment: Moment) => Value | undefined>>;
}

/** A call that makes a layer. */
export interface LayerCall {
  readonly path: string;
  readonly given: Given;
  readonly moment: Moment;
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

/** A module that Flax brings; containers have children. */
export interface Layer {
  /** As the code writes it: `nn.Dense`, `nnx.Linear`. */
  readonly type: string;
  readonly path: string;
  readonly flavour: Flavour;
  name: string | undefined;
  readonly source: SourceRange;
  readonly certain: boolean;
  readonly doubt: number;
  readonly meaning: Meaning;
  readonly container: 'sequential' | 'list' | 'dict' | undefined;
  readonly children: Map<string, Value>;
  /** False where there may be children that are not known. */
  complete: boolean;
  /** Children that stand for any number of their kind, none too. */
  readonly loose: Set<string>;
  /** Of its weights. */
  readonly number: number;
  readonly given: Given | undefined;
}

export const layerIn = (value: Value | undefined): Layer | undefined =>
  value?.kind === 'foreign' && value.type === 'layer' ? (value.data as Layer) : undefined;

export const flavourOf = (path: string): Flavour => {
  if (/^flax\.(experimental\.)?nnx\b/.test(path)) return 'nnx';
  return path.startsWith('equinox.') ? 'equinox' : path.startsWith('haiku.') ? 'haiku' : 'linen';
};

/** `nn.Dense`, `nnx.relu`, `jnp.reshape`, `lax.map`: a path as people write it. */
export function writtenPath(path: string): string {
  const last = lastPart(path);
  if (/^flax\.linen\./.test(path)) return `nn.${last}`;
  if (/^flax\.(experimental\.)?nnx\./.test(path)) return `nnx.${last}`;
  if (/^equinox\.nn\./.test(path)) return `eqx.nn.${last}`;
  if (/^haiku\./.test(path)) return path.replace(/^haiku\./, 'hk.');
  if (/^jax\.numpy\.linalg\./.test(path)) return `jnp.linalg.${last}`;
  if (/^jax\.numpy\./.test(path)) return `jnp.${last}`;
  if (/^jax\.lax\./.test(path)) return `lax.${last}`;
  return path;
}

const opaque: Meaning = { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };

const nameOf = (given: Given | undefined): string | undefined => {
  const name = given?.value('name');
  return name?.kind === 'constant' && typeof name.value === 'string' ? name.value : undefined;
};

/** A new layer of a kind; one that is not known is opaque. */
export function newLayer(path: string, kind: LayerKind | undefined, args: CallArguments, moment: Moment): Layer {
  const { machine, site } = moment;
  const given = givenBy(args, kind?.names ?? [], 'python');
  const number = machine.next();
  const meaning = kind?.make({ path, given, moment }) ?? opaque;
  return {
    type: writtenPath(path),
    path,
    flavour: flavourOf(path),
    name: nameOf(given) ?? site.assignedTo,
    source: site.source,
    certain: (meaning.certain ?? true) && args.complete,
    doubt: doubtOf(machine),
    meaning,
    container: undefined,
    children: new Map(),
    complete: true,
    loose: new Set(),
    number,
    given,
  };
}

export function newContainer(
  container: NonNullable<Layer['container']>,
  path: string,
  { machine, site }: Moment,
  given?: Given,
): Layer {
  const layer: Layer = {
    type: writtenPath(path),
    path,
    flavour: flavourOf(path),
    name: nameOf(given) ?? site.assignedTo,
    source: site.source,
    certain: true,
    doubt: doubtOf(machine),
    meaning: {},
    container,
    children: new Map(),
    complete: true,
    loose: new Set(),
    number: machine.next(),
    given,
  };
  if (container === 'sequential') readingOf(machine).containers.push(layer);
  return layer;
}

/** A layer with another kernel than it drew; Equinox's keeps a state beside it. */
export function reweighted(value: Value | undefined, path: string, { machine, site }: Moment): Value | undefined {
  const layer = layerIn(value);
  if (layer === undefined) return value;
  const kernel: Initialization = { kind: 'unknown', spelled: machine.text(site.source), source: site.source };
  const plans = layer.meaning.plans?.map(
    (plan): Plan => ({
      ...plan,
      operation: (inputs) => {
        const operation = plan.operation(inputs);
        return operation.kind === 'dense' || operation.kind === 'convolution' ? { ...operation, kernel } : operation;
      },
    }),
  );
  const keepsState = path === 'equinox.nn.SpectralNorm';
  const meaning = { ...layer.meaning, ...(plans && { plans }), ...(keepsState && { alsoGives: 'state' }) };
  return layerValue({ ...layer, meaning });
}

export const layerValue = (layer: Layer): Value => foreign('layer', layer);

/** Puts something into a container. */
export function addChild(layer: Layer, key: string, value: Value): void {
  layer.children.set(key, value);
  notePart(value);
}

/** A value as tensors; what nobody knows becomes an opaque source. */
export function inputTensors(value: Value | undefined, moment: Moment): Tensor[] {
  const found = tensorsIn(value);
  if (found.length > 0) return found;
  return [opaqueStep(value?.kind === 'unknown' ? value.text : 'unknown', [], moment)];
}

const withWeights: ReadonlySet<Operation['kind']> = new Set([
  'dense',
  'convolution',
  'embedding',
  'recurrent',
  'attention',
  'normalisation',
]);

/** What all steps of a layer have in common. */
export const stepOf = (layer: Layer, moment: Moment, kind: Operation['kind']) => ({
  type: layer.type,
  name: layer.name,
  source: layer.source,
  applied: appliedAt(layer.source, moment),
  weights: withWeights.has(kind) ? layer.number : undefined,
  certain: layer.certain,
  doubt: layer.doubt,
});

/** A layer's steps in turn. */
export function applyPlans(layer: Layer, inputs: readonly Tensor[], moment: Moment): Tensor {
  const { meaning } = layer;
  const [input] = inputs;
  if (input !== undefined) meaning.tell?.(input);
  let now = inputs;
  for (const plan of meaning.plans ?? []) {
    const operation = plan.operation(now.map(({ step }) => step.shape));
    now = [
      newStep(
        {
          ...stepOf(layer, moment, operation.kind),
          operation,
          inputs: now,
          type: plan.type ?? layer.type,
          last: plan.last,
          infer: plan.infer,
          layout: plan.layout,
          wants: plan.wants,
          keeps: plan.keeps ?? false,
          symbols: plan.symbols,
        },
        moment.machine,
      ),
    ];
  }
  return now[0]!;
}

/** A layer applied; undefined where nothing that it is applied to belongs to a model. */
export function applyLayer(layer: Layer, args: CallArguments, moment: Moment): Value | undefined {
  const value = args.positional[0] ?? args.named.get('inputs') ?? args.named.get('x') ?? [...args.named.values()][0];
  const all = [...args.positional, ...args.named.values()].flatMap((each) => tensorsIn(each));
  if (all.length === 0 && readingOf(moment.machine).depth === 0) return undefined;
  const custom = layer.meaning.apply?.(layer, args, moment);
  if (custom !== undefined) return custom;
  if (layer.meaning.plans === undefined) {
    return tensorValue(opaqueStep(layer.type, inputTensors(value, moment), moment, { name: layer.name }));
  }
  const inputs = inputTensors(value, moment);
  // What nobody looks into may take more than one.
  const isOpaque = layer.meaning === opaque;
  const output = tensorValue(applyPlans(layer, isOpaque && all.length > 0 ? all : inputs, moment));
  const also = args.positional.length > 1 ? layer.meaning.alsoGives : undefined;
  return also === undefined ? output : list([output, moment.machine.unknown(also)], 'tuple');
}

/** What a program reads of a layer: its arguments. */
export function layerMember(layer: Layer, name: string): Value | undefined {
  if (layer.container === 'sequential' && name === 'layers')
    return list([...layer.children.values()], 'list', layer.complete);
  if (layer.container !== undefined) return layer.children.get(name);
  return layer.given?.value(name) ?? (name === 'use_bias' ? constant(true) : undefined);
}
