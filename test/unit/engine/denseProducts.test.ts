import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/math/random';
import { type DenseProducts, plainProducts } from '../../../src/engine/kernels/denseProducts';
import { kernelProducts } from '../../../src/engine/kernels/wasm/products';

const kernels = kernelProducts() as DenseProducts;

const normals = (length: number, seed: number, deviation = 1): Float64Array => {
  const values = new Float64Array(length);
  createRandom(seed).normals(values, 0, deviation);
  return values;
};
const single = (values: Float64Array): Float32Array => Float32Array.from(values);

/** Σ in the plain order, of any factors. */
const sum = (count: number, term: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
};

describe.each([
  ['plain', plainProducts, 1e-12],
  ['of the kernels', kernels, 2e-5],
])('products of dense layers, %s', (_name, products, tolerance) => {
  const sizes = fc.tuple(fc.constantFrom(1, 3, 64), fc.constantFrom(1, 3, 10, 127, 129), fc.constantFrom(1, 4, 10, 33));
  // Far beyond single precision's range as well.
  const deviations = fc.constantFrom(1, 1e-60, 1e60, 3e-300);

  it('are the sums that they stand for, at every size', () => {
    fc.assert(
      fc.property(sizes, deviations, fc.integer({ min: 0, max: 1e6 }), ([samples, fanIn, fanOut], deviation, seed) => {
        const kernel = single(normals(fanOut * fanIn, seed));
        const bias = single(normals(fanOut, seed + 1));
        const input = normals(samples * fanIn, seed + 2, deviation);
        const z = products.affine(kernel, bias, input, samples);
        expect(z).toHaveLength(samples * fanOut);
        for (let k = 0; k < samples; k++) {
          for (let j = 0; j < fanOut; j++) {
            const expected = bias[j]! + sum(fanIn, (i) => kernel[j * fanIn + i]! * input[k * fanIn + i]!);
            const size =
              Math.abs(bias[j]!) + sum(fanIn, (i) => Math.abs(kernel[j * fanIn + i]! * input[k * fanIn + i]!));
            expect(Math.abs(z[k * fanOut + j]! - expected)).toBeLessThanOrEqual(tolerance * size);
          }
        }
        const gradient = normals(samples * fanOut, seed + 3, deviation);
        const below = products.inputGradient(kernel, gradient, samples);
        expect(below).toHaveLength(samples * fanIn);
        for (let k = 0; k < samples; k++) {
          for (let i = 0; i < fanIn; i++) {
            const expected = sum(fanOut, (j) => kernel[j * fanIn + i]! * gradient[k * fanOut + j]!);
            const size = sum(fanOut, (j) => Math.abs(kernel[j * fanIn + i]! * gradient[k * fanOut + j]!));
            expect(Math.abs(below[k * fanIn + i]! - expected)).toBeLessThanOrEqual(tolerance * size);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('are 0 of zeros, and no number of what is none', () => {
    const kernel = single(normals(12, 1));
    expect([...products.affine(kernel, new Float32Array(4), new Float64Array(6), 2)]).toEqual(new Array(8).fill(0));
    expect([...products.inputGradient(kernel, new Float64Array(8), 2)]).toEqual(new Array(6).fill(0));
    const broken = Float64Array.of(Number.NaN, 1, 1, 1, 1, 1);
    const z = products.affine(kernel, new Float32Array(4), broken, 2);
    expect([...z].map(Number.isNaN)).toEqual([true, true, true, true, false, false, false, false]);
  });

  it('hold what single precision does not', () => {
    const [kernel, bias] = [Float32Array.of(3e38, 3e38), new Float32Array(1)];
    expect(products.affine(kernel, bias, Float64Array.of(2, 2), 1)[0]! / 1.2e39).toBeCloseTo(1, 6);
  });
});
