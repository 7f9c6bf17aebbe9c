import { absolute, exp4, expm14, sigmoid4, splat, tanh4 } from './functions';

/**
 * φ and φ′ of the activations that are computed here, by families; what p, q, r mean is said with each. The catalogue is
 * the authority: a test holds both together.
 */
export const enum Family {
  Linear = 0,
  /** z > r: min(z, q), else p (z − r). */
  Ramp = 1,
  /** p z + ½ (p ≠ 1) or z (p = 1), kept within q … r. */
  Clip = 2,
  Sigmoid = 3,
  Tanh = 4,
  /** z > 0: r z, else p (e^(z/q) − 1). */
  ExponentialBelow = 5,
  /** z σ(p z). */
  Silu = 6,
  GeluTanh = 7,
  GeluExact = 8,
  Softsign = 9,
}

const GELU_TANH: f32 = 0.7978845608028654;
const GELU_CUBE: f32 = 0.044715;
const ROOT_HALF: f32 = 0.7071067811865476;
/** 1/√(2π). */
const DENSITY: f32 = 0.3989422804014327;

/** a = φ(z); both have room up to a multiple of four numbers. */
export function activate(family: i32, p: f32, q: f32, r: f32, count: i32, z: usize, a: usize): void {
  const end = z + <usize>count * 4;
  let to = a;
  for (let from = z; from < end; from += 16, to += 16) v128.store(to, value(family, p, q, r, v128.load(from)));
}

/** out = φ′(z), with a = φ(z). */
export function slopes(family: i32, p: f32, q: f32, r: f32, count: i32, z: usize, a: usize, out: usize): void {
  const end = z + <usize>count * 4;
  let values = a;
  let to = out;
  for (let from = z; from < end; from += 16, values += 16, to += 16)
    v128.store(to, slope(family, p, q, r, v128.load(from), v128.load(values)));
}

/** delta = delta ⊙ φ′(z). */
export function throughSlopes(family: i32, p: f32, q: f32, r: f32, count: i32, z: usize, a: usize, delta: usize): void {
  const end = z + <usize>count * 4;
  let values = a;
  let to = delta;
  for (let from = z; from < end; from += 16, values += 16, to += 16)
    v128.store(to, f32x4.mul(v128.load(to), slope(family, p, q, r, v128.load(from), v128.load(values))));
}

// @ts-ignore: decorator
@inline
function value(family: i32, p: f32, q: f32, r: f32, z: v128): v128 {
  switch (family) {
    case Family.Ramp:
      return v128.bitselect(
        f32x4.pmin(z, splat(q)),
        f32x4.mul(f32x4.sub(z, splat(r)), splat(p)),
        f32x4.gt(z, splat(r)),
      );
    case Family.Clip:
      return f32x4.pmin(f32x4.pmax(clipped(p, z), splat(q)), splat(r));
    case Family.Sigmoid:
      return sigmoid4(z);
    case Family.Tanh:
      return tanh4(z);
    case Family.ExponentialBelow:
      return v128.bitselect(
        f32x4.mul(z, splat(r)),
        f32x4.mul(expm14(below(q, z)), splat(p)),
        f32x4.gt(z, splat(0)),
      );
    case Family.Silu:
      return f32x4.mul(z, sigmoid4(f32x4.mul(z, splat(p))));
    case Family.GeluTanh:
      return f32x4.mul(f32x4.mul(z, f32x4.add(geluTanh(z), splat(1))), splat(0.5));
    case Family.GeluExact:
      return f32x4.mul(z, normalShare(z));
    case Family.Softsign:
      return f32x4.div(z, f32x4.add(absolute(z), splat(1)));
    default:
      return z;
  }
}

// @ts-ignore: decorator
@inline
function slope(family: i32, p: f32, q: f32, r: f32, z: v128, a: v128): v128 {
  const one = splat(1);
  switch (family) {
    case Family.Ramp:
      return v128.bitselect(v128.and(one, f32x4.lt(z, splat(q))), splat(p), f32x4.gt(z, splat(r)));
    case Family.Clip: {
      const inside = clipped(p, z);
      return v128.and(splat(p), v128.and(f32x4.gt(inside, splat(q)), f32x4.lt(inside, splat(r))));
    }
    case Family.Sigmoid:
      return f32x4.mul(a, f32x4.sub(one, a));
    case Family.Tanh:
      return f32x4.sub(one, f32x4.mul(a, a));
    case Family.ExponentialBelow:
      return v128.bitselect(splat(r), f32x4.mul(exp4(below(q, z)), splat(p / q)), f32x4.gt(z, splat(0)));
    case Family.Silu: {
      const s = sigmoid4(f32x4.mul(z, splat(p)));
      return f32x4.add(s, f32x4.mul(f32x4.mul(a, splat(p)), f32x4.sub(one, s)));
    }
    case Family.GeluTanh: {
      const t = geluTanh(z);
      const inner = f32x4.mul(f32x4.add(f32x4.mul(f32x4.mul(z, z), splat(3 * GELU_CUBE)), one), splat(GELU_TANH));
      const bend = f32x4.mul(f32x4.mul(z, f32x4.sub(one, f32x4.mul(t, t))), inner);
      return f32x4.mul(f32x4.add(f32x4.add(t, one), bend), splat(0.5));
    }
    case Family.GeluExact: {
      const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(z, z), splat(-0.5))), splat(DENSITY));
      return f32x4.add(normalShare(z), f32x4.mul(z, density));
    }
    case Family.Softsign: {
      const size = f32x4.add(absolute(z), one);
      return f32x4.div(one, f32x4.mul(size, size));
    }
    default:
      return one;
  }
}

// @ts-ignore: decorator
@inline
function clipped(p: f32, z: v128): v128 {
  return p == 1 ? z : f32x4.add(f32x4.mul(z, splat(p)), splat(0.5));
}

// @ts-ignore: decorator
@inline
function below(q: f32, z: v128): v128 {
  const least = f32x4.pmin(z, splat(0));
  return q == 1 ? least : f32x4.div(least, splat(q));
}

// @ts-ignore: decorator
@inline
function geluTanh(z: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(f32x4.mul(z, z), z), splat(GELU_CUBE));
  return tanh4(f32x4.mul(f32x4.add(z, cube), splat(GELU_TANH)));
}

/** Φ(z) = ½ (1 + erf(z/√2)); erf as a quotient of polynomials on −4 … 4, which is all that single precision tells from ±1. */
// @ts-ignore: decorator
@inline
function normalShare(z: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(f32x4.mul(z, splat(ROOT_HALF)), splat(4)), splat(-4));
  const s = f32x4.mul(x, x);
  let n = splat(-2.72614225801306e-10);
  n = f32x4.add(f32x4.mul(n, s), splat(2.77068142495902e-8));
  n = f32x4.add(f32x4.mul(n, s), splat(-2.10102402082508e-6));
  n = f32x4.add(f32x4.mul(n, s), splat(-5.69250639462346e-5));
  n = f32x4.add(f32x4.mul(n, s), splat(-7.3499063032685e-4));
  n = f32x4.add(f32x4.mul(n, s), splat(-2.954599808540e-3));
  n = f32x4.add(f32x4.mul(n, s), splat(-1.60960333262415e-2));
  let d = splat(-1.45660718464996e-5);
  d = f32x4.add(f32x4.mul(d, s), splat(-2.13374055278905e-4));
  d = f32x4.add(f32x4.mul(d, s), splat(-1.68282697438203e-3));
  d = f32x4.add(f32x4.mul(d, s), splat(-7.37332916720468e-3));
  d = f32x4.add(f32x4.mul(d, s), splat(-1.42647390514189e-2));
  const erf = f32x4.div(f32x4.mul(x, n), d);
  return f32x4.mul(f32x4.add(erf, splat(1)), splat(0.5));
}
