import { activation } from '../../../core/activations/catalogue';
import { SELU_ALPHA, SELU_SCALE } from '../../../core/activations/elu';

/** φ and φ′ as `assembly/activations.ts` computes them: a family and its three numbers. */
export interface FamilyMember {
  readonly family: number;
  readonly p: number;
  readonly q: number;
  readonly r: number;
}

/** As in `assembly/activations.ts`. */
const families = {
  linear: 0,
  ramp: 1,
  clip: 2,
  sigmoid: 3,
  tanh: 4,
  exponentialBelow: 5,
  silu: 6,
  geluTanh: 7,
  geluExact: 8,
  softsign: 9,
} as const;

/**
 * Undefined for activations that are rare enough to be left to tfjs.
 *
 * @param name as the catalogue reads it; throws a RangeError where it does not know it
 */
export function familyOf(name: string): FamilyMember | undefined {
  const { entry, parameters } = activation(name);
  const number = (key: string): number => Number(parameters[key]);
  const of = (family: keyof typeof families, p = 0, q = 0, r = 0): FamilyMember => ({
    family: families[family],
    p,
    q,
    r,
  });
  switch (entry) {
    case 'linear':
    case 'sigmoid':
    case 'tanh':
    case 'softsign':
      return of(entry);
    case 'relu':
      return of('ramp', number('negative_slope'), number('max_value'), number('threshold'));
    case 'leaky_relu':
      return of('ramp', number('negative_slope'), Number.POSITIVE_INFINITY, 0);
    case 'rrelu':
      return of('ramp', (number('lower') + number('upper')) / 2, Number.POSITIVE_INFINITY, 0);
    case 'relu6':
      return of('clip', 1, 0, 6);
    case 'hard_tanh':
      return of('clip', 1, number('min'), number('max'));
    case 'hard_sigmoid':
      // A slope of 1 is a clip without the half.
      return number('slope') === 1 ? undefined : of('clip', number('slope'), 0, 1);
    case 'elu':
      return of('exponentialBelow', number('alpha'), 1, 1);
    case 'celu':
      return of('exponentialBelow', number('alpha'), number('alpha'), 1);
    case 'selu':
      return of('exponentialBelow', SELU_SCALE * SELU_ALPHA, 1, SELU_SCALE);
    case 'silu':
      return of('silu', number('beta'));
    case 'gelu':
      return of(parameters.approximate === 'tanh' ? 'geluTanh' : 'geluExact');
    default:
      return undefined;
  }
}
