/**
 * Elementary functions on four single-precision numbers. NaN stays NaN: pmin and pmax, one instruction each, keep their
 * first operand where it is not a number.
 */

const LOG2E: f32 = 1.44269504088896341;
/** ln 2 in two parts: the first has so few digits that its multiples are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** 1.5 × 2²³: a number that is added to it is rounded to a whole one, which its last bits hold. */
const ROUNDING: f32 = 12582912;
const ROUNDING_BITS: i32 = 0x4b400000;

// @ts-ignore: decorator
@inline
export function splat(value: f32): v128 {
  return f32x4.splat(value);
}

// @ts-ignore: decorator
@inline
export function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2) + (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3))
  );
}

// @ts-ignore: decorator
@inline
export function absolute(x: v128): v128 {
  return f32x4.abs(x);
}

/** 2^n for whole numbers within a normal number's exponents, −126 … 127. */
// @ts-ignore: decorator
@inline
function power(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * e^x, within 2 units in the last place: x = n ln 2 + r, a polynomial in r (the minimax one of Cephes, Moshier 1992) times
 * 2^n, which is multiplied in two halves so that denormals come out as such.
 */
// @ts-ignore: decorator
@inline
export function exp4(argument: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(argument, splat(89)), splat(-105));
  const rounded = f32x4.add(f32x4.mul(x, splat(LOG2E)), splat(ROUNDING));
  const n = f32x4.sub(rounded, splat(ROUNDING));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, splat(LN2_HIGH))), f32x4.mul(n, splat(LN2_LOW)));
  let p = splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), splat(1));
  const whole = i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS));
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, power(half)), power(i32x4.sub(whole, half)));
}

/** σ(x), from e^−|x|, so that neither tail is rounded away. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(absolute(x)));
  const one = splat(1);
  return f32x4.div(v128.bitselect(one, e, f32x4.ge(x, splat(0))), f32x4.add(one, e));
}

/**
 * tanh x, within 4 units in the last place: a quotient of polynomials (that of Eigen), which is odd and beyond which
 * single precision knows ±1 alone.
 */
// @ts-ignore: decorator
@inline
export function tanh4(argument: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(argument, splat(7.90531110763549805)), splat(-7.90531110763549805));
  const s = f32x4.mul(x, x);
  let n = splat(-2.76076847742355e-16);
  n = f32x4.add(f32x4.mul(n, s), splat(2.00018790482477e-13));
  n = f32x4.add(f32x4.mul(n, s), splat(-8.60467152213735e-11));
  n = f32x4.add(f32x4.mul(n, s), splat(5.12229709037114e-8));
  n = f32x4.add(f32x4.mul(n, s), splat(1.48572235717979e-5));
  n = f32x4.add(f32x4.mul(n, s), splat(6.37261928875436e-4));
  n = f32x4.add(f32x4.mul(n, s), splat(4.89352455891786e-3));
  let d = splat(1.19825839466702e-6);
  d = f32x4.add(f32x4.mul(d, s), splat(1.18534705686654e-4));
  d = f32x4.add(f32x4.mul(d, s), splat(2.268434632439e-3));
  d = f32x4.add(f32x4.mul(d, s), splat(4.89352518554385e-3));
  const quotient = f32x4.div(f32x4.mul(x, n), d);
  return v128.bitselect(argument, quotient, f32x4.lt(absolute(argument), splat(4e-4)));
}

/** e^x − 1, as 2t/(1 − t) with t = tanh(x/2): exact near 0, where a difference is not. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const t = tanh4(f32x4.mul(x, splat(0.5)));
  return f32x4.div(f32x4.add(t, t), f32x4.sub(splat(1), t));
}
