import { type ActivationEntryName, findActivation } from '../activations/catalogue';

/**
 * One colour for each activation, everywhere. The hues are Okabe and Ito's; how light each is was searched for, so that each stands out
 * at 3:1 or more and any two are far apart (CIEDE2000), also without red or green cones. A marker and a dash say the same without
 * colour; a hue is shared only by activations whose markers differ.
 */
export interface ActivationStyle {
  /** On light backgrounds. */
  readonly light: string;
  /** On dark backgrounds. */
  readonly dark: string;
  /** A Vega symbol. */
  readonly shape: MarkerShape;
  /** A stroke-dash array; empty is solid. Never dots: those mean "predicted". */
  readonly dash: readonly number[];
}

export const markerShapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
] as const;
export type MarkerShape = (typeof markerShapes)[number];

const hues = {
  vermilion: { light: '#bc4808', dark: '#cd6245' },
  blue: { light: '#255bc3', dark: '#3989f7' },
  green: { light: '#069574', dark: '#72db9d' },
  sky: { light: '#3c93a0', dark: '#5ce5f9' },
  orange: { light: '#c97d09', dark: '#e2a327' },
  purple: { light: '#7f2368', dark: '#aa6799' },
  yellow: { light: '#3b420a', dark: '#f8fc57' },
  grey: { light: '#3b3b3c', dark: '#a5a6a7' },
} as const;

const dashes: Record<MarkerShape, readonly number[]> = {
  square: [],
  circle: [9, 3],
  'triangle-up': [5, 3],
  diamond: [9, 3, 3, 3],
  cross: [12, 3, 5, 3],
  'triangle-down': [5, 2, 2, 2],
  'triangle-right': [14, 4],
  'triangle-left': [7, 2, 2, 2, 2, 2],
};

type Assignment = readonly [keyof typeof hues, MarkerShape];

/** One for each function; its variants below have their own, since people compare them with it. */
const assigned: Record<ActivationEntryName, Assignment> = {
  sigmoid: ['vermilion', 'circle'],
  tanh: ['green', 'triangle-up'],
  relu: ['blue', 'square'],
  relu6: ['orange', 'square'],
  leaky_relu: ['sky', 'diamond'],
  rrelu: ['vermilion', 'diamond'],
  threshold: ['green', 'square'],
  elu: ['orange', 'triangle-down'],
  celu: ['sky', 'triangle-down'],
  selu: ['grey', 'triangle-left'],
  gelu: ['purple', 'cross'],
  silu: ['yellow', 'triangle-right'],
  mish: ['green', 'triangle-right'],
  softplus: ['blue', 'triangle-left'],
  softsign: ['purple', 'triangle-up'],
  hard_sigmoid: ['blue', 'circle'],
  hard_silu: ['vermilion', 'triangle-right'],
  hard_tanh: ['orange', 'triangle-up'],
  log_sigmoid: ['green', 'circle'],
  soft_shrink: ['vermilion', 'triangle-left'],
  hard_shrink: ['grey', 'diamond'],
  tanh_shrink: ['yellow', 'triangle-up'],
  squareplus: ['yellow', 'square'],
  sparse_plus: ['purple', 'square'],
  sparse_sigmoid: ['grey', 'circle'],
  erf: ['blue', 'triangle-up'],
  exponential: ['vermilion', 'triangle-down'],
  step: ['grey', 'triangle-down'],
  linear: ['grey', 'square'],
};

const variants: Readonly<Record<string, Assignment>> = {
  'leaky_relu(negative_slope=0.01)': ['yellow', 'diamond'],
  'leaky_relu(negative_slope=0.3)': ['purple', 'diamond'],
  'gelu(approximate=tanh)': ['orange', 'cross'],
  'hard_sigmoid(slope=0.2)': ['sky', 'circle'],
};

/** The style of an activation; grey for a name that this version does not know. */
export function activationStyle(name: string): ActivationStyle {
  const known = findActivation(name);
  const [hue, shape]: Assignment = known ? (variants[known.name] ?? assigned[known.entry]) : ['grey', 'triangle-right'];
  return { ...hues[hue], shape, dash: dashes[shape] };
}

export const activationColour = (activation: string, background: 'light' | 'dark'): string =>
  activationStyle(activation)[background];

/** Dashes of overlaid runs, solid first; never dots, which mean "predicted". */
const runDashes: readonly (readonly number[])[] = [[], [7, 3], [3, 3], [12, 3, 3, 3], [14, 5], [6, 2, 2, 2, 2, 2]];

/** The dash of a run in an overlay, by its place from 0. */
export const runDash = (group: number): readonly number[] => runDashes[group % runDashes.length] ?? [];

/** Colours of a heat strip: from the least to the greatest value, and the one that an exact zero has for itself. */
export interface HeatColours {
  readonly ramp: readonly [string, string, string, string];
  readonly zero: string;
}

/**
 * The further from the background, the greater: lightness runs one way, from green to blue, so that any colour vision can order it.
 * Zero is orange, which no step of the ramp comes near.
 */
const heat: Record<'light' | 'dark', HeatColours> = {
  light: { ramp: ['#aedcc0', '#6cc0c4', '#2a86b9', '#083a78'], zero: '#d06f00' },
  dark: { ramp: ['#0e4272', '#2a86b9', '#76cac4', '#e6f7e0'], zero: '#f0902c' },
};

export const heatColours = (background: 'light' | 'dark'): HeatColours => heat[background];
