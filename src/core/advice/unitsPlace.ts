import { formatPower } from '../format/numbers';

/** Where the theory has a layer's pre-activations, with what its ± is: "101 ± 8.9 (predicted standard deviation over units)". */
export const unitsPlace = (mean: number, variance: number): string =>
  `${formatPower(mean, 3)} ± ${formatPower(Math.sqrt(variance))} (predicted standard deviation over units)`;
