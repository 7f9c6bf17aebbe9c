import type { ActivationFunction } from './function';

const times = (factor: number): string => (factor === 1 ? '' : `${factor}·`);

/** @param alpha > 0; every framework's default is 1 (Clevert et al. 2016) */
export const elu = (alpha = 1): ActivationFunction => ({
  label: alpha === 1 ? 'ELU' : `ELU ${alpha}`,
  value: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
  derivative: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
  derivativeMax: { x: 0, value: Math.max(1, alpha) },
  kinks: alpha === 1 ? [] : [0],
  fittingInitializer: 'he_normal',
  formula: `x for x > 0, else ${alpha === 1 ? 'eˣ − 1' : `${alpha}(eˣ − 1)`}`,
  derivativeFormula: `1 for x > 0, else ${times(alpha)}eˣ`,
});

/** ELU made smooth for every α (Barron 2017). @param alpha > 0 */
export const celu = (alpha = 1): ActivationFunction => ({
  label: alpha === 1 ? 'CELU' : `CELU ${alpha}`,
  value: (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
  derivative: (x) => (x > 0 ? 1 : Math.exp(x / alpha)),
  derivativeMax: { x: 0, value: 1 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: alpha === 1 ? 'max(0, x) + min(0, eˣ − 1)' : `max(0, x) + min(0, ${alpha}(e^(x/${alpha}) − 1))`,
  derivativeFormula: alpha === 1 ? '1 for x > 0, else eˣ' : `1 for x > 0, else e^(x/${alpha})`,
});

/** The constants for which mean 0 and variance 1 are a stable fixed point (Klambauer et al. 2017). */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

export const selu = (): ActivationFunction => ({
  label: 'SELU',
  value: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  derivative: (x) => SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * Math.exp(x)),
  derivativeMax: { x: 0, value: SELU_SCALE * SELU_ALPHA },
  kinks: [0],
  fittingInitializer: 'lecun_normal',
  formula: '1.0507x for x > 0, else 1.7581(eˣ − 1)',
  derivativeFormula: '1.0507 for x > 0, else 1.7581eˣ',
});
