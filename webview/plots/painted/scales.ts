import type { LinesPainting } from '../../../src/core/plots/painting';

/** A frame's place in the picture, in pixels. */
export interface FramePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Frames by their names; a single one's is empty. */
export type FramePlaces = ReadonlyMap<string, FramePlace>;

/** Where values of a painting lie in one of its frames. */
export interface Scales {
  x(value: number): number;
  y(value: number): number;
}

const linear =
  (low: number, high: number, pixels: number) =>
  (value: number): number =>
    (pixels * (value - low)) / (high - low);

export const epochScale = (epochs: number, { width }: FramePlace): ((epoch: number) => number) =>
  linear(0, epochs, width);

export function lineScales({ epochs, y }: LinesPainting, frame: FramePlace): Scales {
  const { height } = frame;
  const isLog = y.type === 'log';
  const up = isLog ? linear(Math.log(y.low), Math.log(y.high), height) : linear(y.low, y.high, height);
  return {
    x: epochScale(epochs, frame),
    y: isLog ? (value) => height - up(Math.log(value)) : (value) => height - up(value),
  };
}

/** The symmetric logarithm of pre-activations; heights are linear. */
export function placeScales(reach: number, low: number, high: number, { width, height }: FramePlace): Scales {
  const end = Math.log1p(reach);
  const across = linear(-end, end, width);
  const up = linear(low, high, height);
  return { x: (z) => across(Math.sign(z) * Math.log1p(Math.abs(z))), y: (value) => height - up(value) };
}
