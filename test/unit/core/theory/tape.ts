import type { Random } from '../../../../src/core/math/random';

/** Values of a small network with their gradients: channels × places. */
export interface Tensor {
  readonly channels: number;
  readonly places: number;
  readonly data: Float64Array;
  readonly grad: Float64Array;
}

/** Draws networks and runs them backward: what the predictions are held against. */
export class Tape {
  private readonly back: (() => void)[] = [];

  constructor(private readonly random: Random) {}

  input(channels: number, places = 1): Tensor {
    const tensor = make(channels, places);
    for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = this.random.normal();
    return tensor;
  }

  weights(size: number, variance: number): Float64Array {
    const deviation = Math.sqrt(variance);
    return Float64Array.from({ length: size }, () => deviation * this.random.normal());
  }

  /** Valid convolution along the places; a dense layer where there is one place. */
  conv(x: Tensor, filters: number, width: number, gain: number, kernel?: Float64Array): Tensor {
    const w = kernel ?? this.weights(filters * x.channels * width, gain / (x.channels * width));
    const y = make(filters, x.places - width + 1);
    const visit = (f: (to: number, from: number, weight: number) => void): void => {
      for (let o = 0; o < filters; o++)
        for (let c = 0; c < x.channels; c++)
          for (let k = 0; k < width; k++) {
            const weight = w[(o * x.channels + c) * width + k]!;
            for (let p = 0; p < y.places; p++) f(o * y.places + p, c * x.places + p + k, weight);
          }
    };
    visit((to, from, weight) => {
      y.data[to]! += weight * x.data[from]!;
    });
    this.back.push(() =>
      visit((to, from, weight) => {
        x.grad[from]! += weight * y.grad[to]!;
      }),
    );
    return y;
  }

  dense(x: Tensor, units: number, gain: number, kernel?: Float64Array): Tensor {
    return this.conv({ ...x, channels: x.data.length, places: 1 }, units, 1, gain, kernel);
  }

  map(x: Tensor, phi: { value(x: number): number; derivative(x: number): number }): Tensor {
    const y = make(x.channels, x.places);
    for (let i = 0; i < y.data.length; i++) y.data[i] = phi.value(x.data[i]!);
    this.back.push(() => {
      for (let i = 0; i < y.data.length; i++) x.grad[i]! += y.grad[i]! * phi.derivative(x.data[i]!);
    });
    return y;
  }

  add(a: Tensor, b: Tensor): Tensor {
    const y = make(a.channels, a.places);
    for (let i = 0; i < y.data.length; i++) y.data[i] = a.data[i]! + b.data[i]!;
    this.back.push(() => {
      for (let i = 0; i < y.data.length; i++) {
        a.grad[i]! += y.grad[i]!;
        b.grad[i]! += y.grad[i]!;
      }
    });
    return y;
  }

  concatenate(a: Tensor, b: Tensor): Tensor {
    const y = make(a.channels + b.channels, a.places);
    y.data.set(a.data);
    y.data.set(b.data, a.data.length);
    this.back.push(() => {
      for (let i = 0; i < a.data.length; i++) a.grad[i]! += y.grad[i]!;
      for (let i = 0; i < b.data.length; i++) b.grad[i]! += y.grad[i + a.data.length]!;
    });
    return y;
  }

  pool(x: Tensor, size: number, mode: 'max' | 'average'): Tensor {
    const y = make(x.channels, Math.floor(x.places / size));
    const parts: [to: number, from: number, share: number][] = [];
    for (let c = 0; c < x.channels; c++)
      for (let p = 0; p < y.places; p++) {
        const from = Array.from({ length: size }, (_, k) => c * x.places + p * size + k);
        const best = from.reduce((a, b) => (x.data[b]! > x.data[a]! ? b : a));
        for (const at of mode === 'max' ? [best] : from)
          parts.push([c * y.places + p, at, mode === 'max' ? 1 : 1 / size]);
      }
    for (const [to, from, share] of parts) y.data[to]! += share * x.data[from]!;
    this.back.push(() => {
      for (const [to, from, share] of parts) x.grad[from]! += share * y.grad[to]!;
    });
    return y;
  }

  /** A random gradient at `top`, sent back through everything. */
  backward(top: Tensor): void {
    for (let i = 0; i < top.grad.length; i++) top.grad[i] = this.random.normal();
    for (const step of this.back.reverse()) step();
  }
}

function make(channels: number, places: number): Tensor {
  const size = channels * places;
  return { channels, places, data: new Float64Array(size), grad: new Float64Array(size) };
}

export const norm = ({ grad }: Tensor): number => Math.hypot(...grad);
export const meanSquare = ({ data }: Tensor): number => data.reduce((sum, x) => sum + x * x, 0) / data.length;

/** Geometric mean of a ratio over draws. */
export function typicalOf(draws: number, ratio: () => number): { typical: number; all: number[] } {
  const all = Array.from({ length: draws }, ratio);
  return { typical: Math.exp(all.reduce((sum, x) => sum + Math.log(x), 0) / draws), all };
}
