import type { ActivationName } from '../../src/core/activations/catalogue';
import type { FrameworkId } from '../../src/core/frameworks/framework';
import type { Random } from '../../src/core/math/random';
import type { Initialization, Model, Padding } from '../../src/core/model/model';
import { byDefault, GraphBuilder, starting } from '../unit/core/model/models';

/** What is drawn for every model of a family. */
export interface Choice {
  readonly activation: ActivationName;
  readonly initialiser: string;
  readonly normalisation: 'none' | 'batch' | 'layer';
}

export interface Drawn extends Choice {
  readonly family: string;
  /** What it consists of, in a line. */
  readonly about: string;
  readonly model: Model;
}

const activations: readonly ActivationName[] = ['relu', 'tanh', 'sigmoid', 'gelu', 'elu', 'silu', 'leaky_relu', 'selu'];

const initialisers: Readonly<Record<string, readonly [FrameworkId, Initialization]>> = {
  'Keras’s default': ['keras', byDefault],
  'PyTorch’s default': ['torch', byDefault],
  'Flax’s default': ['jax', byDefault],
  he_normal: ['keras', starting({ kind: 'he_normal' })],
  lecun_normal: ['keras', starting({ kind: 'lecun_normal' })],
  glorot_uniform: ['keras', starting({ kind: 'glorot_uniform' })],
};

/** Builds a model with one choice of activation, initialiser and normalisation. */
class Maker {
  readonly graph: GraphBuilder;
  readonly said: string[] = [];

  constructor(
    readonly random: Random,
    readonly choice: Choice,
  ) {
    this.graph = new GraphBuilder(...initialisers[choice.initialiser]!);
  }

  pick<T>(of: readonly T[]): T {
    return of[this.random.below(of.length)]!;
  }

  between(low: number, high: number): number {
    return low + this.random.below(high - low + 1);
  }

  /** Normalisation where one is drawn. */
  normalise(): number {
    const { normalisation: over } = this.choice;
    if (over === 'none') return this.graph.nodes.length - 1;
    return this.graph.add({ kind: 'normalisation', over }, { type: `${over}Normalisation` });
  }

  activate(): number {
    return this.graph.activation(this.choice.activation);
  }

  dense(units: number): number {
    this.graph.dense(units);
    this.normalise();
    return this.activate();
  }

  convolution(
    rank: 1 | 2,
    filters: number,
    {
      size = 3,
      stride = 1,
      padding = 'same' as Padding,
      groups = 1,
      transposed = false,
      plain = false,
      type = rank === 1 ? 'Conv1D' : 'Conv2D',
    } = {},
  ): number {
    const along = (n: number): number[] => Array.from({ length: rank }, () => n);
    // PyTorch has no 'same' with strides: its models write half of the kernel.
    const torch = this.graph.framework === 'torch' && padding === 'same';
    const id = this.graph.conv(
      filters,
      undefined,
      {
        rank,
        kernelSize: along(size),
        strides: along(stride),
        dilation: along(1),
        padding: torch && !transposed ? along((size - 1) / 2) : padding,
        groups,
        transposed,
      },
      { type },
    );
    if (plain) return id;
    this.normalise();
    return this.activate();
  }

  pool(rank: 1 | 2, mode: 'max' | 'average', global = false): number {
    const size = global ? [] : Array.from({ length: rank }, () => 2);
    return this.graph.add({ kind: 'pooling', mode, global, size, strides: [], padding: 'valid' });
  }

  /** Global pooling or a flat map, up to two hidden dense layers, ten outputs. */
  head(rank: 1 | 2, hidden = this.between(1, 2)): void {
    const flat = this.pick(['flatten', 'average', 'max'] as const);
    this.said.push(flat === 'flatten' ? 'flatten' : `global ${flat}`);
    if (flat === 'flatten') this.graph.flatten();
    else this.pool(rank, flat, true);
    for (let l = 0; l < hidden; l++) this.dense(this.pick([32, 64]));
    this.graph.dense(10);
  }
}

function plainConvolutions(make: Maker, rank: 1 | 2): void {
  const { graph } = make;
  let side = rank === 1 ? make.pick([32, 48]) : make.pick([8, 12, 16]);
  graph.input([...Array.from({ length: rank }, () => side), 3]);
  const depth = make.between(3, rank === 1 ? 12 : 10);
  const padding = make.pick(['same', 'same', 'valid'] as const);
  const size = make.pick([3, 3, 5]);
  const pooling = make.pick(['max', 'average', 'strides', 'none'] as const);
  make.said.push(`${rank}D`, `${depth} layers`, `${side} wide`, `kernel ${size}`, padding, pooling);
  let channels = make.pick([8, 16]);
  for (let l = 0; l < depth; l++) {
    const room = side - (padding === 'valid' ? size - 1 : 0);
    if (room < 2) break;
    const halve = l > 0 && l % 3 === 0 && room >= 6;
    make.convolution(rank, channels, { size, padding, stride: halve && pooling === 'strides' ? 2 : 1 });
    side = room;
    if (halve && pooling !== 'none') {
      if (pooling !== 'strides') make.pool(rank, pooling);
      side = Math.floor(side / 2);
      channels = Math.min(32, channels * 2);
    }
  }
  make.head(rank);
}

function separable(make: Maker): void {
  const { graph } = make;
  graph.input([12, 12, 3]);
  const channels = make.pick([16, 32]);
  make.convolution(2, channels);
  const kind = make.pick(['depthwise', 'grouped', 'transposed'] as const);
  const blocks = make.between(2, 4);
  make.said.push(kind, `${blocks} blocks of ${channels}`);
  for (let l = 0; l < blocks; l++) {
    if (kind === 'depthwise') {
      make.convolution(2, channels, { groups: channels, type: 'DepthwiseConv2D' });
      make.convolution(2, channels, { size: 1 });
    } else if (kind === 'grouped') make.convolution(2, channels, { groups: 4 });
    else if (l % 2 === 0) make.convolution(2, channels, { stride: 2 });
    else
      make.convolution(2, channels, {
        stride: 2,
        transposed: true,
        size: 2,
        padding: 'valid',
        type: 'Conv2DTranspose',
      });
  }
  make.head(2);
}

/** Basic blocks; where the size halves, the way around is a convolution of one place. */
function residualConvolutions(make: Maker): void {
  const { graph } = make;
  const side = make.pick([8, 12]);
  graph.input([side, side, 3]);
  const early = make.random.below(2) === 0;
  const blocks = make.between(2, 5);
  let channels = make.pick([16, 24]);
  make.said.push(`${blocks} ${early ? 'pre-activated ' : ''}blocks`, `${side} wide`);
  let at = make.convolution(2, channels, { plain: early });
  for (let l = 0; l < blocks; l++) {
    const down = l === 2;
    if (down) channels *= 2;
    let around = at;
    graph.from(at);
    if (early) {
      make.normalise();
      const start = make.activate();
      if (down) around = graph.from(start) && make.convolution(2, channels, { size: 1, stride: 2, plain: true });
      graph.from(start);
    } else if (down) {
      make.convolution(2, channels, { size: 1, stride: 2, plain: true });
      around = make.normalise();
      graph.from(at);
    }
    make.convolution(2, channels, { stride: down ? 2 : 1, plain: early });
    if (early) {
      make.normalise();
      make.activate();
    }
    make.convolution(2, channels, { plain: true });
    const end = early ? graph.nodes.length - 1 : make.normalise();
    at = graph.join('add', around, end);
    if (!early) at = make.activate();
  }
  if (early) {
    make.normalise();
    make.activate();
  }
  make.head(2, 1);
}

function residualDense(make: Maker): void {
  const { graph } = make;
  const width = make.pick([32, 64, 128]);
  graph.input([width]);
  const blocks = make.between(2, 8);
  const early = make.random.below(2) === 0;
  make.said.push(`${blocks} ${early ? 'pre-activated ' : ''}blocks of ${width}`);
  let at = make.dense(width);
  for (let l = 0; l < blocks; l++) {
    graph.from(at);
    if (early) {
      make.normalise();
      make.activate();
      make.dense(width);
      graph.dense(width);
      at = graph.join('add', at, graph.nodes.length - 1);
    } else {
      make.dense(width);
      graph.dense(width);
      graph.join('add', at, make.normalise());
      at = make.activate();
    }
  }
  make.dense(width);
  graph.dense(10);
}

function concatenated(make: Maker): void {
  const { graph } = make;
  graph.input([10, 10, 3]);
  let at = make.convolution(2, 16);
  const kind = make.pick(['dense blocks', 'inception'] as const);
  const count = make.between(2, 5);
  make.said.push(`${count} × ${kind}`);
  for (let l = 0; l < count; l++) {
    graph.from(at);
    if (kind === 'dense blocks') {
      at = graph.join('concatenate', at, make.convolution(2, 12));
      if (l === 2) {
        make.convolution(2, 24, { size: 1 });
        at = make.pool(2, 'average');
      }
      continue;
    }
    const one = make.convolution(2, 8, { size: 1 });
    graph.from(at);
    make.convolution(2, 8, { size: 1 });
    const three = make.convolution(2, 16);
    graph.from(at);
    make.convolution(2, 4, { size: 1 });
    const five = make.convolution(2, 8, { size: 5 });
    at = graph.join('concatenate', one, three, five);
  }
  make.head(2, 1);
}

function changingWidth(make: Maker): void {
  const width = (): number => make.pick([16, 32, 64, 128, 256]);
  const inputs = width();
  make.graph.input([inputs]);
  const widths = Array.from({ length: make.between(3, 10) }, width);
  make.said.push([inputs, ...widths].join(' → '));
  for (const units of widths) make.dense(units);
  make.graph.dense(10);
}

function embedded(make: Maker): void {
  const { graph } = make;
  const length = make.pick([4, 8, 16]);
  graph.input([length]);
  graph.add({ kind: 'embedding', entries: 200, units: make.pick([16, 32]), kernel: byDefault }, { type: 'Embedding' });
  const pooled = make.random.below(2) === 0;
  if (pooled) make.pool(1, 'average', true);
  else graph.flatten();
  const depth = make.between(2, 6);
  make.said.push(`${length} entries, ${pooled ? 'averaged' : 'flat'}, ${depth} layers`);
  for (let l = 0; l < depth; l++) make.dense(64);
  graph.dense(10);
}

function recurrent(make: Maker): void {
  const { graph } = make;
  const steps = make.pick([4, 8, 16]);
  const units = make.pick([32, 64]);
  const kernel = make.pick([byDefault, starting({ kind: 'lecun_normal' })]);
  graph.input([steps, 16]);
  make.dense(32);
  make.said.push(`${steps} steps of ${units}`, kernel === byDefault ? 'default state' : 'lecun_normal state');
  graph.add({
    kind: 'recurrent',
    cell: 'simple',
    units,
    sequences: false,
    bidirectional: false,
    activation: graph.use(make.choice.activation),
    recurrentActivation: undefined,
    recurrentKernel: kernel,
    kernel: initialisers[make.choice.initialiser]![1],
    bias: byDefault,
  });
  make.dense(64);
  graph.dense(10);
}

const families: Readonly<Record<string, (make: Maker) => void>> = {
  'convolutions over 2 axes': (make) => plainConvolutions(make, 2),
  'convolutions over 1 axis': (make) => plainConvolutions(make, 1),
  'depthwise, grouped, transposed': separable,
  'residual convolutions': residualConvolutions,
  'residual blocks of two dense layers': residualDense,
  'concatenated convolutions': concatenated,
  'dense layers of changing width': changingWidth,
  'embedding and dense layers': embedded,
  'simple recurrent layer': recurrent,
};

export const familyNames: readonly string[] = Object.keys(families);

/** One model of a family: the same for the same random numbers. */
export function drawModel(family: string, random: Random, normalised = true): Drawn {
  const pick = <T>(of: readonly T[]): T => of[random.below(of.length)]!;
  const choice: Choice = {
    activation: pick(activations),
    initialiser: pick(Object.keys(initialisers)),
    normalisation: normalised ? pick(['none', 'none', 'batch', 'layer']) : 'none',
  };
  const make = new Maker(random, choice);
  families[family]!(make);
  return { ...choice, family, about: make.said.join(', '), model: make.graph.build() };
}
