import { exp4, splat } from './functions';

/** The natural logarithm of the engine that runs this. */
// @ts-ignore: decorator
@external("env", "log")
declare function log(x: f64): f64;

/**
 * Softmax cross-entropy on logits [rows, classes] with class numbers as labels: error = ∂C/∂logits of the mean loss,
 * [rows, classes]. The sum of the rows' losses goes to sums[0], the number of right answers to sums[1], double precision.
 * `room` holds the classes, up to a multiple of four.
 */
export function softmaxCrossEntropy(
  rows: i32,
  classes: i32,
  logits: usize,
  labels: usize,
  error: usize,
  sums: usize,
  room: usize,
): void {
  let loss: f64 = 0;
  let correct = 0;
  const bytes = <usize>classes * 4;
  const mean: f32 = <f32>1 / <f32>rows;
  for (let r = 0; r < rows; r++) {
    const row = logits + <usize>r * bytes;
    const out = error + <usize>r * bytes;
    const label = load<i32>(labels + <usize>r * 4);
    let largest = load<f32>(row);
    let answer = 0;
    for (let c = 1; c < classes; c++) {
      const z = load<f32>(row + <usize>c * 4);
      if (z > largest) {
        largest = z;
        answer = c;
      }
    }
    if (answer == label) correct++;
    const top = splat(largest);
    memory.copy(room, row, bytes);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(room + at, exp4(f32x4.sub(v128.load(room + at), top)));
    let sum: f64 = 0;
    for (let c = 0; c < classes; c++) sum += <f64>load<f32>(room + <usize>c * 4);
    // The shifted logit less log Σexp, not log(softmax): the latter is −∞ where a probability underflows.
    loss += log(sum) - <f64>(load<f32>(row + <usize>label * 4) - largest);
    const share = <f32>(1 / sum) * mean;
    for (let c = 0; c < classes; c++) {
      const p = load<f32>(room + <usize>c * 4) * share;
      store<f32>(out + <usize>c * 4, c == label ? p - mean : p);
    }
  }
  store<f64>(sums, loss);
  store<f64>(sums, correct, 8);
}

/** The same for the sum of squared differences from one-hot targets: error = 2 (output − target) / rows. */
export function squaredError(
  rows: i32,
  classes: i32,
  output: usize,
  labels: usize,
  error: usize,
  sums: usize,
): void {
  let loss: f64 = 0;
  let correct = 0;
  const twice: f32 = <f32>2 / <f32>rows;
  for (let r = 0; r < rows; r++) {
    const row = output + <usize>r * <usize>classes * 4;
    const out = error + <usize>r * <usize>classes * 4;
    const label = load<i32>(labels + <usize>r * 4);
    let largest = load<f32>(row);
    let answer = 0;
    for (let c = 0; c < classes; c++) {
      const a = load<f32>(row + <usize>c * 4);
      if (a > largest) {
        largest = a;
        answer = c;
      }
      const difference = c == label ? a - 1 : a;
      loss += <f64>difference * <f64>difference;
      store<f32>(out + <usize>c * 4, difference * twice);
    }
    if (answer == label) correct++;
  }
  store<f64>(sums, loss);
  store<f64>(sums, correct, 8);
}
