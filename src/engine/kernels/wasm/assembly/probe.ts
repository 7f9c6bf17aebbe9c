/** Sums of a layer's units on a batch, in double precision. */

/** Σ z to sums[0] and Σ (z − mean)² to sums[1]. */
export function moments(count: i32, z: usize, sums: usize): void {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += <f64>load<f32>(z + <usize>i * 4);
  const mean = sum / <f64>count;
  let squares: f64 = 0;
  for (let i = 0; i < count; i++) {
    const difference = <f64>load<f32>(z + <usize>i * 4) - mean;
    squares += difference * difference;
  }
  store<f64>(sums, sum);
  store<f64>(sums, squares, 8);
}

/** Σ of all numbers to sums[0]. */
export function total(count: i32, x: usize, sums: usize): void {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += <f64>load<f32>(x + <usize>i * 4);
  store<f64>(sums, sum);
}

/** How many of the numbers are below a limit to sums[0], and how many are 0 to sums[1]. */
export function countBelow(count: i32, x: usize, limit: f32, sums: usize): void {
  let below = 0;
  let zero = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f32>(x + <usize>i * 4);
    if (value < limit) below++;
    if (value == 0) zero++;
  }
  store<f64>(sums, below);
  store<f64>(sums, zero, 8);
}
