/** Elementary functions on four single-precision numbers. NaN stays NaN. */

const LOG2E: f32 = 1.44269504088896341;
/** ln 2 in two parts: the first has so few digits that its multiples are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

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
  const x = f32x4.max(f32x4.min(argument, splat(89)), splat(-105));
  const n = f32x4.nearest(f32x4.mul(x, splat(LOG2E)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, splat(LN2_HIGH))), f32x4.mul(n, splat(LN2_LOW)));
  let p = splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
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

/** tanh x: a polynomial (Cephes) near 0, from e^2|x| elsewhere. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = absolute(x);
  const square = f32x4.mul(x, x);
  let p = splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, square), splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, square), splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, square), splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, square), splat(-3.33332819422e-1));
  const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(p, square)));
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(e, splat(1))));
  const signed = v128.bitselect(x, far, i32x4.splat(0x80000000));
  return v128.bitselect(near, signed, f32x4.lt(size, splat(0.625)));
}

/** e^x − 1, as 2t/(1 − t) with t = tanh(x/2): exact near 0, where a difference is not. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const t = tanh4(f32x4.mul(x, splat(0.5)));
  return f32x4.div(f32x4.add(t, t), f32x4.sub(splat(1), t));
}
