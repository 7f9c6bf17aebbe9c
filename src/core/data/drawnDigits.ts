/** What is known of the drawn digits before any is drawn. */
export const drawnDigits = {
  name: 'drawn digits',
  train: 12_000,
  test: 2_000,
  classes: 10,
  inputs: 784,
} as const;

/** Stands for the drawn digits where whoever trains draws them itself. */
export interface DrawnDigits {
  readonly drawn: 'digits';
}
