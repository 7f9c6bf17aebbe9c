import { splat } from './functions';

/**
 * Products with a batch of which most numbers are 0. Its rows lie one behind the other as (index, value): row r has the
 * entries from starts[r] up to starts[r + 1]. Zeros add nothing to a product, so that nothing is approximated.
 */

const CHUNK: i32 = 16;

/**
 * Rows of bytes that count 1/255, as (index, value). Room: starts rows + 1, indices and values rows × width.
 *
 * @returns how many entries there are
 */
export function sparseBytes(
  bytes: usize,
  rows: i32,
  width: i32,
  starts: usize,
  indices: usize,
  values: usize,
): i32 {
  let count = 0;
  const whole = width & ~15;
  for (let r = 0; r < rows; r++) {
    store<i32>(starts + <usize>r * 4, count);
    const row = bytes + <usize>r * <usize>width;
    for (let p = 0; p < whole; p += 16) {
      let some = i8x16.bitmask(i8x16.ne(v128.load(row + <usize>p), i8x16.splat(0)));
      while (some != 0) {
        const at = p + ctz(some);
        some &= some - 1;
        store<i32>(indices + <usize>count * 4, at);
        store<f32>(values + <usize>count * 4, <f32>load<u8>(row + <usize>at) / 255);
        count++;
      }
    }
    for (let at = whole; at < width; at++) {
      const byte = load<u8>(row + <usize>at);
      if (byte == 0) continue;
      store<i32>(indices + <usize>count * 4, at);
      store<f32>(values + <usize>count * 4, <f32>byte / 255);
      count++;
    }
  }
  store<i32>(starts + <usize>rows * 4, count);
  return count;
}

/** The same of rows of single-precision numbers. */
export function sparseFloats(
  floats: usize,
  rows: i32,
  width: i32,
  starts: usize,
  indices: usize,
  values: usize,
): i32 {
  let count = 0;
  for (let r = 0; r < rows; r++) {
    store<i32>(starts + <usize>r * 4, count);
    const row = floats + <usize>r * <usize>width * 4;
    for (let at = 0; at < width; at++) {
      const value = load<f32>(row + <usize>at * 4);
      if (value == 0) continue;
      store<i32>(indices + <usize>count * 4, at);
      store<f32>(values + <usize>count * 4, value);
      count++;
    }
  }
  store<i32>(starts + <usize>rows * 4, count);
  return count;
}

/** Bytes that count 1/255, as numbers. */
export function floatsOfBytes(bytes: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i++) store<f32>(out + <usize>i * 4, <f32>load<u8>(bytes + <usize>i) / 255);
}

/**
 * The batch the other way round: for each of `width` indices the rows that have it, ascending, and their values.
 * Room: starts width + 1.
 */
export function transposeSparse(
  rows: i32,
  width: i32,
  starts: usize,
  indices: usize,
  values: usize,
  columnStarts: usize,
  columnRows: usize,
  columnValues: usize,
): void {
  const count = load<i32>(starts + <usize>rows * 4);
  memory.fill(columnStarts, 0, <usize>(width + 1) * 4);
  for (let e = 0; e < count; e++) {
    const slot = columnStarts + <usize>(load<i32>(indices + <usize>e * 4) + 1) * 4;
    store<i32>(slot, load<i32>(slot) + 1);
  }
  for (let p = 0; p < width; p++) {
    const slot = columnStarts + <usize>p * 4;
    store<i32>(slot, load<i32>(slot, 4) + load<i32>(slot), 4);
  }
  // Each start moves up to its column's end while the column fills, and is the next one's start then.
  for (let r = 0; r < rows; r++) {
    const end = load<i32>(starts + <usize>r * 4, 4);
    for (let e = load<i32>(starts + <usize>r * 4); e < end; e++) {
      const slot = columnStarts + <usize>load<i32>(indices + <usize>e * 4) * 4;
      const to = load<i32>(slot);
      store<i32>(slot, to + 1);
      store<i32>(columnRows + <usize>to * 4, r);
      store<f32>(columnValues + <usize>to * 4, load<f32>(values + <usize>e * 4));
    }
  }
  for (let p = width; p > 0; p--) store<i32>(columnStarts + <usize>p * 4, load<i32>(columnStarts + <usize>(p - 1) * 4));
  store<i32>(columnStarts, 0);
}

/**
 * out [rows, columns] = sparse rows × b [any, columns], plus `bias` [columns] unless that is 0. Of a batch and a kernel
 * these are the pre-activations; of the batch the other way round and ∂C/∂z, ∂C/∂W.
 */
export function sparseProduct(
  rows: i32,
  columns: i32,
  starts: usize,
  indices: usize,
  values: usize,
  b: usize,
  bias: usize,
  out: usize,
): void {
  const stride = <usize>columns * 4;
  let j = 0;
  for (; j + CHUNK <= columns; j += CHUNK) {
    const at = b + <usize>j * 4;
    let to = out + <usize>j * 4;
    for (let r = 0; r < rows; r++) {
      let c0 = splat(0);
      let c1 = c0;
      let c2 = c0;
      let c3 = c0;
      if (bias != 0) {
        const from = bias + <usize>j * 4;
        c0 = v128.load(from);
        c1 = v128.load(from, 16);
        c2 = v128.load(from, 32);
        c3 = v128.load(from, 48);
      }
      const start = load<i32>(starts + <usize>r * 4);
      let e = <usize>start * 4;
      const end = <usize>load<i32>(starts + <usize>r * 4, 4) * 4;
      for (; e < end; e += 4) {
        const x = v128.load32_splat(values + e);
        const from = at + <usize>load<i32>(indices + e) * stride;
        c0 = f32x4.add(c0, f32x4.mul(x, v128.load(from)));
        c1 = f32x4.add(c1, f32x4.mul(x, v128.load(from, 16)));
        c2 = f32x4.add(c2, f32x4.mul(x, v128.load(from, 32)));
        c3 = f32x4.add(c3, f32x4.mul(x, v128.load(from, 48)));
      }
      v128.store(to, c0);
      v128.store(to, c1, 16);
      v128.store(to, c2, 32);
      v128.store(to, c3, 48);
      to += stride;
    }
  }
  for (; j + 4 <= columns; j += 4) {
    for (let r = 0; r < rows; r++) {
      let c = bias != 0 ? v128.load(bias + <usize>j * 4) : splat(0);
      const end = <usize>load<i32>(starts + <usize>r * 4, 4) * 4;
      for (let e = <usize>load<i32>(starts + <usize>r * 4) * 4; e < end; e += 4) {
        const from = b + <usize>load<i32>(indices + e) * stride + <usize>j * 4;
        c = f32x4.add(c, f32x4.mul(v128.load32_splat(values + e), v128.load(from)));
      }
      v128.store(out + <usize>r * stride + <usize>j * 4, c);
    }
  }
  for (; j < columns; j++) {
    for (let r = 0; r < rows; r++) {
      let c: f32 = bias != 0 ? load<f32>(bias + <usize>j * 4) : 0;
      const end = <usize>load<i32>(starts + <usize>r * 4, 4) * 4;
      for (let e = <usize>load<i32>(starts + <usize>r * 4) * 4; e < end; e += 4)
        c += load<f32>(values + e) * load<f32>(b + <usize>load<i32>(indices + e) * stride + <usize>j * 4);
      store<f32>(out + <usize>r * stride + <usize>j * 4, c);
    }
  }
}
