const SQRT_PI = Math.sqrt(Math.PI);

/** Where the series gives way to the continued fraction. */
const CROSSOVER = 2;
const FRACTION_TERMS = 80;

/** erf for |x| < {@link CROSSOVER}: 2/√π · e^(−x²) · Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, whose terms never cancel (DLMF 7.6.2). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum;
}

/** Complementary error function, about 14 digits also far out in the right tail (continued fraction: DLMF 7.9.4). */
export function erfc(x: number): number {
  if (Math.abs(x) < CROSSOVER) return 1 - erfSeries(x);
  const z = Math.abs(x);
  let fraction = z;
  for (let n = FRACTION_TERMS; n >= 1; n--) fraction = z + n / 2 / fraction;
  const tail = Math.exp(-z * z) / (SQRT_PI * fraction);
  return x > 0 ? tail : 2 - tail;
}

/** Φ(x), the standard normal distribution function. */
export const normalCdf = (x: number): number => erfc(-x * Math.SQRT1_2) / 2;

/** The standard normal density e^(−x²/2)/√(2π). */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** The error function, 1 − erfc without its cancellation near 0. */
export const erf = (x: number): number => (Math.abs(x) < CROSSOVER ? erfSeries(x) : 1 - erfc(x));

/** Φ⁻¹(p), 0 < p < 1: Abramowitz & Stegun 26.2.23, then Newton's method, to some 12 digits. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x = -(
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3)
  );
  for (let step = 0; step < 3; step++) x -= (normalCdf(x) - p) / normalDensity(x);
  return x;
}
