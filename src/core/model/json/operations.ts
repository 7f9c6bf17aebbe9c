import type { Operation } from '../model';
import {
  activation,
  bias,
  type Field,
  flag,
  initialization,
  oneOf,
  optional,
  optionalSizes,
  padding,
  rank,
  rate,
  size,
  sizes,
  withUsual,
} from './fields';

type Kind = Operation['kind'];
type Of<K extends Kind> = Extract<Operation, { readonly kind: K }>;

/** How the fields of each kind of layer stand in JSON: a new kind of layer is one entry. */
type Fields<K extends Kind> = { readonly [F in Exclude<keyof Of<K>, 'kind'>]-?: Field<Of<K>[F]> };

const weighted = { kernel: initialization, bias };

export const operationFields: { readonly [K in Kind]: Fields<K> } = {
  input: {},
  dense: { units: size, ...weighted },
  convolution: {
    rank: withUsual<1 | 2 | 3>(rank, 2),
    filters: size,
    kernelSize: sizes,
    strides: optionalSizes,
    dilation: optionalSizes,
    padding: withUsual(padding, 'valid'),
    groups: withUsual(size, 1),
    transposed: withUsual(flag, false),
    ...weighted,
  },
  pooling: {
    mode: oneOf(['max', 'average']),
    global: withUsual(flag, false),
    size: optionalSizes,
    strides: optionalSizes,
    padding: withUsual(padding, 'valid'),
  },
  flatten: {},
  rearrange: {},
  embedding: { entries: size, units: size, kernel: initialization },
  normalisation: {
    over: oneOf(['batch', 'layer', 'group', 'instance', 'rms']),
    groups: optional(size),
  } as unknown as Fields<'normalisation'>,
  dropout: { rate, variant: withUsual(oneOf(['plain', 'spatial', 'alpha', 'gaussian']), 'plain') },
  activation: { activation },
  recurrent: {
    cell: oneOf(['simple', 'lstm', 'gru']),
    units: size,
    sequences: withUsual(flag, false),
    bidirectional: withUsual(flag, false),
    activation: optional(activation),
    recurrentActivation: optional(activation),
    recurrentKernel: initialization,
    ...weighted,
  },
  attention: { heads: size, units: size, kernel: initialization },
  transformerEncoder: { layers: size, heads: size, units: size, feedForward: size, activation: optional(activation) },
  add: {},
  multiply: {},
  concatenate: {},
  scale: {},
  opaque: {},
};

export const operationKinds = Object.keys(operationFields) as readonly Kind[];

export const isOperationKind = (text: unknown): text is Kind =>
  typeof text === 'string' && Object.hasOwn(operationFields, text);

/** Kinds after which an `activation` may be named in the layer itself: it is a step of its own then. */
export const takesActivation = (kind: Kind): boolean =>
  kind === 'dense' || kind === 'convolution' || kind === 'normalisation' || kind === 'add';
