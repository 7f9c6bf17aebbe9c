/** What a bound on the backward pass needs of an activation function. */
export interface Bounded {
  /** Supremum of |φ′| and where it is. */
  readonly derivativeMax: { readonly x: number; readonly value: number };
}

/** @throws RangeError unless `value` is finite */
export function checkFinite(what: string, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${what} is ${value}; expected a finite number.`);
  return value;
}

/** @throws RangeError unless `value` is finite and ≥ 0 */
export function checkPositive(what: string, value: number): number {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new RangeError(`${what} is ${value}; expected a finite number that is not negative.`);
  }
  return value;
}

/** @throws RangeError unless `value` is a whole number ≥ `min` */
export function checkWhole(what: string, value: number, min: number): number {
  if (!(Number.isSafeInteger(value) && value >= min)) {
    throw new RangeError(`${what} is ${value}; expected a whole number from ${min}.`);
  }
  return value;
}
