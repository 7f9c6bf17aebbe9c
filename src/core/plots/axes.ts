import { formatInteger, superscript } from '../format/numbers';

/** Ticks with their labels; parameters of a spec, so that an axis can grow without being built anew. */
export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/** "1", "10", "1,000", "10⁴", "10⁻²". */
export function powerLabel(exponent: number): string {
  if (exponent >= 0 && exponent <= 3) return formatInteger(10 ** exponent);
  return `10${superscript(exponent)}`;
}

/**
 * A logarithmic axis that grows by whole powers of ten and never shrinks. Below it lies a lane of its own for exact zeros, which no
 * logarithm has a place for.
 */
export class LogAxis {
  #low: number;
  #high: number;
  #lane: boolean;
  #ends: { readonly low: number; readonly high: number };

  /** Exponents to begin with; `lane` keeps the room for zeros from the start. */
  constructor(low: number, high: number, lane: boolean) {
    this.#low = low;
    this.#high = high;
    this.#lane = lane;
    this.#ends = { low: 10 ** low, high: 10 ** high };
  }

  /** Makes room for a value; 0 asks for the lane, what is not finite for nothing. */
  include(value: number): void {
    if (value === 0) this.#lane = true;
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) return;
    // Most values lie where there is room, and a logarithm takes longer.
    if (value >= this.#ends.low && value <= this.#ends.high) return;
    this.#low = Math.min(this.#low, Math.floor(Math.log10(value)));
    this.#high = Math.max(this.#high, Math.ceil(Math.log10(value)));
    this.#ends = { low: 10 ** this.#low, high: 10 ** this.#high };
  }

  get low(): number {
    return this.#ends.low;
  }

  get high(): number {
    return this.#ends.high;
  }

  get hasLane(): boolean {
    return this.#lane;
  }

  /** The lane takes an eighth of the height. */
  get #laneDecades(): number {
    return this.#lane ? (this.#high - this.#low) / 7 : 0;
  }

  /** Lower end of the scale's domain. */
  get bottom(): number {
    return 10 ** (this.#low - this.#laneDecades);
  }

  /** Where an exact zero is drawn. */
  get zeroAt(): number {
    return 10 ** (this.#low - 0.55 * this.#laneDecades);
  }

  /** About `count` powers of ten at even distances, from the lowest up, and the lane's "0". */
  ticks(count = 6): Ticks {
    const decades = this.#high - this.#low;
    const step = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20].find((each) => decades / each <= count) ?? 25;
    const exponents: number[] = [];
    // Multiples of the step, so that 1 keeps its tick while the axis grows.
    for (let e = Math.ceil(this.#low / step) * step; e <= this.#high; e += step) exponents.push(e);
    return {
      values: [...(this.#lane ? [this.zeroAt] : []), ...exponents.map((e) => 10 ** e)],
      labels: [...(this.#lane ? ['0'] : []), ...exponents.map(powerLabel)],
    };
  }
}

/** The least of 1, 2, 5, 10, 20 … that is not below `value`. */
export function niceAbove(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return ([1, 2, 5, 10].find((m) => m * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** A linear axis from 0 that grows to 1, 2, 5, 10, 20 … and never shrinks. */
export class LinearAxis {
  #high: number;

  constructor(high: number) {
    this.#high = high;
  }

  include(value: number): void {
    if (Number.isFinite(value) && value > this.#high) this.#high = niceAbove(value);
  }

  get high(): number {
    return this.#high;
  }

  ticks(): Ticks {
    const isLarge = this.#high >= 1e5;
    const parts = String(this.#high).startsWith('2') ? (isLarge ? 2 : 4) : 5;
    const values = Array.from({ length: parts + 1 }, (_, i) => (this.#high * i) / parts);
    return { values, labels: values.map(isLarge ? shortPower : formatInteger10) };
  }
}

/** "4 × 10⁵", as narrow as an axis wants it; the digit is exact. */
function shortPower(x: number): string {
  if (x === 0) return '0';
  const exponent = Math.floor(Math.log10(x) + 1e-9);
  const digit = Math.round(x / 10 ** exponent);
  return digit === 1 ? powerLabel(exponent) : `${digit} × 10${superscript(exponent)}`;
}

const formatInteger10 = (x: number): string =>
  Number.isInteger(x) ? formatInteger(x) : String(Number(x.toPrecision(3)));

/** Whole epochs to label, at most about `count`, beginning with 0. */
export function epochTicks(epochs: number, count = 10): number[] {
  const whole = [1, 2, 5, 10, 20, 50, 100, 200];
  // Thousandths, so that they stay exact.
  const parts = [1, 2, 5, 10, 20, 50, 100, 200, 500].map((each) => each / 1000);
  const step = (epochs < 1 ? parts : whole).find((each) => epochs / each <= count) ?? 500;
  return Array.from({ length: Math.floor(epochs / step) + 1 }, (_, i) => Number((i * step).toFixed(3)));
}
