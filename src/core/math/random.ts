/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2018) seeded by splitmix32, so that a run can be repeated
 * on any machine. Integer arithmetic only; the same seed gives the same stream everywhere.
 */
export interface Random {
  /** A whole number in [0, 2³²). */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** A whole number in [0, n), without modulo bias; 0 < n ≤ 2³². */
  below(n: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Fills `into` with min + (max − min) × uniforms, faster than as many calls; the same numbers. */
  uniforms(into: Float32Array | Float64Array, min: number, max: number): void;
  /**
   * Fills `into` with mean + stddev × normals, in a third of the time that as many calls take; the same numbers.
   *
   * @param within how far from 0 a normal may lie before it is scaled; one that lies farther is drawn again
   */
  normals(into: Float32Array | Float64Array, mean?: number, stddev?: number, within?: number): void;
}

/** Where a stream stands: what comes next depends on nothing else. */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
  /** The second normal of a pair, where only the first was given out. */
  readonly spare: number | undefined;
}

/** A stream that can be left and taken up again. */
export interface ResumableRandom extends Random {
  state(): RandomState;
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/**
 * @param seed a whole number in [0, 2³²)
 * @param stream names an independent stream of the same seed ("kernel", "shuffle", …)
 */
export function createRandom(seed: number, stream = ''): ResumableRandom {
  let mixed = seed | 0;
  for (let i = 0; i < stream.length; i++) mixed = Math.imul(mixed ^ stream.charCodeAt(i), 0x01000193) ^ (mixed >>> 15);
  const splitmix = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  return randomAt({ words: [splitmix(), splitmix(), splitmix(), splitmix() | 1], spare: undefined });
}

/** The stream that goes on from a state. */
export function randomAt(state: RandomState): ResumableRandom {
  let [a, b, c, d] = state.words;
  let spare = state.spare;

  const uint32 = (): number => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl(d, 11);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const below = (n: number): number => {
    const limit = 4294967296 - (4294967296 % n);
    let x = uint32();
    while (x >= limit) x = uint32();
    return x % n;
  };
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const s = x * x + y * y;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = y * scale;
        return x * scale;
      }
    }
  };
  // What fills an array is the generator once more, on variables that the compiler keeps in registers.
  const uniforms: Random['uniforms'] = (into, min, max) => {
    const span = max - min;
    let [p, q, r, s] = [a, b, c, d];
    for (let i = 0; i < into.length; i++) {
      const high = Math.imul(rotl(Math.imul(q, 5), 7), 9) >>> 5;
      let t = q << 9;
      r ^= p;
      s ^= q;
      q ^= r;
      p ^= s;
      r ^= t;
      s = rotl(s, 11);
      const low = Math.imul(rotl(Math.imul(q, 5), 7), 9) >>> 6;
      t = q << 9;
      r ^= p;
      s ^= q;
      q ^= r;
      p ^= s;
      r ^= t;
      s = rotl(s, 11);
      into[i] = min + span * ((high * 67108864 + low) / 9007199254740992);
    }
    [a, b, c, d] = [p, q, r, s];
  };
  const normals: Random['normals'] = (into, mean = 0, stddev = 1, within = Number.POSITIVE_INFINITY) => {
    let filled = 0;
    const put = (x: number) => {
      if (Math.abs(x) <= within) into[filled++] = mean + stddev * x;
    };
    if (spare !== undefined && into.length > 0) put(normal());
    let [p, q, r, s] = [a, b, c, d];
    while (filled < into.length) {
      let x = 0;
      let y = 0;
      let square = 0;
      do {
        for (let coordinate = 0; coordinate < 2; coordinate++) {
          const high = Math.imul(rotl(Math.imul(q, 5), 7), 9) >>> 5;
          let t = q << 9;
          r ^= p;
          s ^= q;
          q ^= r;
          p ^= s;
          r ^= t;
          s = rotl(s, 11);
          const low = Math.imul(rotl(Math.imul(q, 5), 7), 9) >>> 6;
          t = q << 9;
          r ^= p;
          s ^= q;
          q ^= r;
          p ^= s;
          r ^= t;
          s = rotl(s, 11);
          x = y;
          y = 2 * ((high * 67108864 + low) / 9007199254740992) - 1;
        }
        square = x * x + y * y;
      } while (!(square > 0 && square < 1));
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      put(x * scale);
      if (filled < into.length) put(y * scale);
      else spare = y * scale;
    }
    [a, b, c, d] = [p, q, r, s];
  };
  const now = (): RandomState => ({ words: [a | 0, b | 0, c | 0, d | 0], spare });
  return { uint32, uniform, below, normal, uniforms, normals, state: now };
}

/** Where Keras and TensorFlow cut a standard normal off, by drawing again. */
export const TRUNCATED_AT = 2;

/** 0 … n−1 in random order (Fisher–Yates). */
export function shuffledIndices(n: number, random: Random): Uint32Array {
  const indices = new Uint32Array(n);
  for (let i = 0; i < n; i++) indices[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swap = indices[i]!;
    indices[i] = indices[j]!;
    indices[j] = swap;
  }
  return indices;
}
