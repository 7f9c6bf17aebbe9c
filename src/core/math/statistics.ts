/** Mean and sample standard deviation; a mean over something that is not finite is not finite either. */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number | undefined } {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { mean, deviation: undefined };
  return { mean, deviation: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)) };
}
