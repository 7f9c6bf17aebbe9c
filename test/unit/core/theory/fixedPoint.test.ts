import { describe, expect, it } from 'vitest';
import { activation, activationNames } from '../../../../src/core/activations/catalogue';
import { gaussianMoments } from '../../../../src/core/activations/moments';
import { depthScale, edgeOfChaos, fixedPoint } from '../../../../src/core/theory/fixedPoint';

/** To the digits printed. */
const printed = (found: number, text: string): void =>
  expect(found.toFixed(text.split('.')[1]?.length ?? 0)).toBe(Number(text).toFixed(text.split('.')[1]?.length ?? 0));

describe('fixed points', () => {
  it.each([
    ['sigmoid', 1, '0.2647', '0.0557'],
    ['sigmoid', 2, '0.5553', '0.1010'],
    ['tanh', 2, '0.618', '1.1055'],
    ['tanh', 25 / 9, '1.178', '1.210'],
    ['selu', 1, '1.000', '1.0716'],
  ])('%s with σ_w² = %d', (name, gain, q, chi) => {
    const found = fixedPoint(activation(name), gain);
    printed(found.q, q);
    printed(found.chi, chi);
    expect(found.depthScale).toBeCloseTo(-1 / Math.log(found.chi), 9);
  });

  it('tanh with σ_w² = 1 stands on the edge at q* = 0', () => {
    const { q, chi, depthScale } = fixedPoint(activation('tanh'), 1);
    expect(q).toBe(0);
    expect(chi).toBeCloseTo(1, 9);
    expect(depthScale).toBe(Number.POSITIVE_INFINITY);
  });

  it('relu’s χ₁ is σ_w²/2: q shrinks to 0, stays, or grows without end', () => {
    const relu = activation('relu');
    expect(fixedPoint(relu, 1)).toMatchObject({ q: 0, chi: expect.closeTo(0.5, 12) });
    expect(fixedPoint(relu, 2)).toMatchObject({
      q: 1,
      chi: expect.closeTo(1, 12),
      depthScale: Number.POSITIVE_INFINITY,
    });
    expect(fixedPoint(relu, 3)).toMatchObject({ q: Number.POSITIVE_INFINITY, chi: expect.closeTo(1.5, 12) });
    // With a bias, q* = σ_b²/(1 − σ_w²/2).
    expect(fixedPoint(relu, 1, 0.3).q).toBeCloseTo(0.6, 9);
    expect(fixedPoint(relu, 2, 0.3).q).toBe(Number.POSITIVE_INFINITY);
  });

  it('a kernel of zeros passes nothing', () => {
    expect(fixedPoint(activation('tanh'), 0, 0.5)).toMatchObject({ q: expect.closeTo(0.5, 9), chi: 0, depthScale: 0 });
  });

  it('is where the recursion ends, for every activation', () => {
    for (const name of activationNames) {
      for (const [gain, bias] of [
        [0.7, 0.1],
        [1.5, 0.3],
        [4, 0.01],
      ] as const) {
        const phi = activation(name);
        const { q, chi } = fixedPoint(phi, gain, bias);
        expect(q).not.toBeNaN();
        expect(chi).not.toBeNaN();
        if (q === 0 || q === Number.POSITIVE_INFINITY) continue;
        expect((gain * gaussianMoments(phi, 0, q).valueSquared + bias) / q).toBeCloseTo(1, 9);
      }
    }
  });

  it('a depth scale is positive where gradients vanish and negative where they explode', () => {
    expect(depthScale(Math.exp(-1 / 7))).toBeCloseTo(7, 12);
    expect(depthScale(Math.exp(1 / 7))).toBeCloseTo(-7, 12);
    expect(depthScale(0)).toBe(0);
    expect(Object.is(depthScale(Number.POSITIVE_INFINITY), 0)).toBe(true);
  });

  it('refuses a negative variance', () => {
    expect(() => fixedPoint(activation('tanh'), -1)).toThrow(
      'σ_w² is -1; expected a finite number that is not negative.',
    );
  });
});

describe('edge of chaos', () => {
  it.each([
    ['relu', 0, String(Math.SQRT2.toFixed(6))],
    ['leaky_relu', 0, Math.sqrt(2 / 1.04).toFixed(6)],
    ['tanh', 0, '1.0000'],
    ['tanh', 0.05, '1.1225'],
    ['tanh', 0.1, '1.1934'],
    ['tanh', 0.2, '1.3041'],
    ['tanh', 0.3, '1.3956'],
    ['tanh', 0.5, '1.5497'],
    ['gelu', 0.1, '1.7271'],
    ['gelu', 0.2, '1.5470'],
    ['silu', 0.1, '1.8201'],
    ['silu', 0.2, '1.6795'],
    ['sigmoid', 0, '10.149'],
  ])('%s with σ_b = %d', (name, bias, gain) => {
    const phi = activation(name);
    const found = edgeOfChaos(phi, bias)!;
    printed(found.kernelGain, gain);
    if (found.q === 0) return;
    const { valueSquared, derivativeSquared } = gaussianMoments(phi, 0, found.q);
    expect(found.kernelGain ** 2 * derivativeSquared).toBeCloseTo(1, 9);
    expect((found.kernelGain ** 2 * valueSquared + bias ** 2) / found.q).toBeCloseTo(1, 9);
  });

  it('relu and linear have none with a bias', () => {
    expect(edgeOfChaos(activation('relu'), 0.1)).toBeUndefined();
    expect(edgeOfChaos(activation('linear'), 0.1)).toBeUndefined();
  });

  it('is found or not, and never NaN', () => {
    for (const name of activationNames) {
      for (const bias of [0, 0.01, 0.3, 2]) expect(edgeOfChaos(activation(name), bias)?.kernelGain ?? 0).not.toBeNaN();
    }
  });
});
