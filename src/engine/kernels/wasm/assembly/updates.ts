import { splat } from './functions';

/**
 * Updates of a parameter in place, with Σ g² to sums[0], and Σ Δ² and Σ w² (of the value before) to sums[1] and sums[2]
 * where `measure` is not 0. Sums are in double precision, in which no square of a single-precision number is too small
 * or too large. All have room up to a multiple of four numbers, and zeros there.
 */

// @ts-ignore: decorator
@inline
function squares(sum: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
  return f64x2.add(sum, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
}

// @ts-ignore: decorator
@inline
function put(sums: usize, at: usize, sum: v128): void {
  store<f64>(sums + at * 8, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** How a parameter moves; see `update`. */
const enum Rule {
  Plain = 0,
  Momentum = 1,
  Adaptive = 2,
}

/**
 * One update of w by the gradient g. Plain: w −= rate g. Momentum: m = beta1 m − rate g, w += m. Adaptive:
 * v = beta2 v + rest2 g², m = beta1 m + rest1 g, w −= rate m / (√v + epsilon), or √(v + epsilon) where `inside` is not 0;
 * with 0 for m, g stands for it. Of Adam rest1 is 1 − beta1, rounded from double precision, and rest2 likewise.
 */
export function update(
  rule: i32,
  count: i32,
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  rate: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  inside: i32,
  measure: i32,
  sums: usize,
): void {
  let gradient = f64x2.splat(0);
  let change = f64x2.splat(0);
  let size = f64x2.splat(0);
  const within = splat(inside ? epsilon : 0);
  const outside = splat(inside ? 0 : epsilon);
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const gradients = v128.load(g + at);
    const old = v128.load(w + at);
    let next = old;
    if (rule == Rule.Adaptive) {
      let mean = gradients;
      if (m != 0) {
        mean = f32x4.add(f32x4.mul(v128.load(m + at), splat(beta1)), f32x4.mul(gradients, splat(rest1)));
        v128.store(m + at, mean);
      }
      const square = f32x4.add(
        f32x4.mul(v128.load(v + at), splat(beta2)),
        f32x4.mul(f32x4.mul(gradients, gradients), splat(rest2)),
      );
      v128.store(v + at, square);
      const root = f32x4.add(f32x4.sqrt(f32x4.add(square, within)), outside);
      next = f32x4.sub(old, f32x4.div(f32x4.mul(mean, splat(rate)), root));
    } else if (rule == Rule.Momentum) {
      const velocity = f32x4.sub(f32x4.mul(v128.load(m + at), splat(beta1)), f32x4.mul(gradients, splat(rate)));
      v128.store(m + at, velocity);
      next = f32x4.add(old, velocity);
    } else {
      next = f32x4.sub(old, f32x4.mul(gradients, splat(rate)));
    }
    v128.store(w + at, next);
    gradient = squares(gradient, gradients);
    if (measure) {
      change = squares(change, f32x4.sub(next, old));
      size = squares(size, old);
    }
  }
  put(sums, 0, gradient);
  put(sums, 1, change);
  put(sums, 2, size);
}
