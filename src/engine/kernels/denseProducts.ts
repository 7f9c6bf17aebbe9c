/** The products of a dense layer whose kernel W is [fan-out, fan-in], row by row, for rows of samples. */
export interface DenseProducts {
  /** input·Wᵀ + b: [samples, fan-out] of [samples, fan-in]. */
  affine(kernel: Float32Array, bias: Float32Array, input: Float64Array, samples: number): Float64Array<ArrayBuffer>;
  /** gradient·W: [samples, fan-in] of [samples, fan-out]. */
  inputGradient(kernel: Float32Array, gradient: Float64Array, samples: number): Float64Array<ArrayBuffer>;
}

/** In float64. A single sample leaves nothing to gain: each weight is read once. */
export const plainProducts: DenseProducts = {
  affine(kernel, bias, input, samples) {
    const [fanIn, fanOut] = [input.length / samples, bias.length];
    const out = new Float64Array(samples * fanOut);
    for (let j = 0; j < fanOut; j++) {
      const row = j * fanIn;
      for (let k = 0; k < samples; k++) {
        const from = k * fanIn;
        // Four sums, so that an addition need not wait for the one before.
        let [a, b, c, d] = [0, 0, 0, 0];
        let i = 0;
        for (; i + 3 < fanIn; i += 4) {
          a += kernel[row + i]! * input[from + i]!;
          b += kernel[row + i + 1]! * input[from + i + 1]!;
          c += kernel[row + i + 2]! * input[from + i + 2]!;
          d += kernel[row + i + 3]! * input[from + i + 3]!;
        }
        for (; i < fanIn; i++) a += kernel[row + i]! * input[from + i]!;
        out[k * fanOut + j] = a + b + (c + d) + bias[j]!;
      }
    }
    return out;
  },

  inputGradient(kernel, gradient, samples) {
    const fanOut = gradient.length / samples;
    const fanIn = kernel.length / fanOut;
    const out = new Float64Array(samples * fanIn);
    // Four rows of W at a time.
    for (let j = 0; j < fanOut; j += 4) {
      const rows = Math.min(4, fanOut - j);
      const [r0, r1, r2, r3] = [0, 1, 2, 3].map((r) => (j + Math.min(r, rows - 1)) * fanIn) as [
        number,
        number,
        number,
        number,
      ];
      for (let k = 0; k < samples; k++) {
        const from = k * fanOut + j;
        const g0 = gradient[from]!;
        const g1 = rows > 1 ? gradient[from + 1]! : 0;
        const g2 = rows > 2 ? gradient[from + 2]! : 0;
        const g3 = rows > 3 ? gradient[from + 3]! : 0;
        if (g0 === 0 && g1 === 0 && g2 === 0 && g3 === 0) continue;
        const to = k * fanIn;
        for (let i = 0; i < fanIn; i++) {
          out[to + i]! += g0 * kernel[r0 + i]! + g1 * kernel[r1 + i]! + (g2 * kernel[r2 + i]! + g3 * kernel[r3 + i]!);
        }
      }
    }
    return out;
  },
};
