import { absolute, splat } from './functions';

/**
 * Products of dense matrices. One factor is packed first into panels of eight columns, [panels][inner][8], with zeros
 * beyond the last column; the other is read where it is, by two strides, which makes a transpose of it free.
 */

const PANEL: i32 = 8;
const PANEL_BYTES: usize = 32;

/** Packs b [inner, columns] into `panels`. */
export function packColumns(b: usize, inner: i32, columns: i32, panels: usize): void {
  const stride = <usize>columns * 4;
  let to = panels;
  let j = 0;
  for (; j + PANEL <= columns; j += PANEL) {
    let from = b + <usize>j * 4;
    for (let k = 0; k < inner; k++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += stride;
      to += PANEL_BYTES;
    }
  }
  if (j == columns) return;
  for (let k = 0; k < inner; k++) {
    for (let c = 0; c < PANEL; c++) {
      const column = j + c;
      const value: f32 = column < columns ? load<f32>(b + <usize>k * stride + <usize>column * 4) : 0;
      store<f32>(to + <usize>c * 4, value);
    }
    to += PANEL_BYTES;
  }
}

/** Packs the transpose of b [columns, inner], which is [inner, columns], into `panels`. */
export function packRows(b: usize, inner: i32, columns: i32, panels: usize): void {
  const stride = <usize>inner * 4;
  let to = panels;
  for (let j = 0; j < columns; j += PANEL) {
    const whole = j + PANEL <= columns;
    const from = b + <usize>j * stride;
    let k = 0;
    if (whole) {
      for (; k + 4 <= inner; k += 4) {
        const at = from + <usize>k * 4;
        transpose4(at, stride, to);
        transpose4(at + 4 * stride, stride, to + 16);
        to += 4 * PANEL_BYTES;
      }
    }
    for (; k < inner; k++) {
      for (let c = 0; c < PANEL; c++) {
        const value: f32 = j + c < columns ? load<f32>(from + <usize>c * stride + <usize>k * 4) : 0;
        store<f32>(to + <usize>c * 4, value);
      }
      to += PANEL_BYTES;
    }
  }
}

/**
 * Packs the transpose of a [inner, rows] into blocks of four rows, [blocks][inner][4], with zeros beyond the last row: read
 * where it is, each step would be a line of the cache further, and a power of two apart.
 */
export function packFours(a: usize, inner: i32, rows: i32, blocks: usize): void {
  const stride = <usize>rows * 4;
  let to = blocks;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    let from = a + <usize>r * 4;
    for (let k = 0; k < inner; k++) {
      v128.store(to, v128.load(from));
      from += stride;
      to += 16;
    }
  }
  if (r == rows) return;
  for (let k = 0; k < inner; k++) {
    for (let i = 0; i < 4; i++) {
      const value: f32 = r + i < rows ? load<f32>(a + <usize>k * stride + <usize>(r + i) * 4) : 0;
      store<f32>(to + <usize>i * 4, value);
    }
    to += 16;
  }
}

/** Four rows of four, as columns at the pace of a panel. */
// @ts-ignore: decorator
@inline
function transpose4(from: usize, stride: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride);
  const d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + PANEL_BYTES, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * PANEL_BYTES, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to + 3 * PANEL_BYTES, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/**
 * out [rows, columns] = a × the packed factor, plus `bias` [columns] unless that is 0. `a` is [rows, inner], or blocks of
 * four rows where `blocks` is not 0. `tile` has room for 8 numbers.
 */
export function product(
  rows: i32,
  columns: i32,
  inner: i32,
  a: usize,
  blocks: i32,
  panels: usize,
  bias: usize,
  out: usize,
  tile: usize,
): void {
  const whole = <usize>inner * 4;
  const rowBytes: usize = blocks ? 4 : whole;
  const step: usize = blocks ? 16 : 4;
  const outBytes = <usize>columns * 4;
  for (let j = 0; j < columns; j += PANEL) {
    const panel = panels + <usize>j * <usize>inner * 4;
    const left = columns - j;
    let bias0 = splat(0);
    let bias1 = splat(0);
    if (bias != 0) {
      if (left >= PANEL) {
        bias0 = v128.load(bias + <usize>j * 4);
        bias1 = v128.load(bias + <usize>j * 4, 16);
      } else {
        for (let c = 0; c < PANEL; c++)
          store<f32>(tile + <usize>c * 4, c < left ? load<f32>(bias + <usize>(j + c) * 4) : <f32>0);
        bias0 = v128.load(tile);
        bias1 = v128.load(tile, 16);
      }
    }
    let r = 0;
    for (; r + 4 <= rows; r += 4) {
      let a0 = a + <usize>r * whole;
      let a1 = a0 + rowBytes;
      let a2 = a1 + rowBytes;
      let a3 = a2 + rowBytes;
      let b = panel;
      let c00 = bias0;
      let c01 = bias1;
      let c10 = bias0;
      let c11 = bias1;
      let c20 = bias0;
      let c21 = bias1;
      let c30 = bias0;
      let c31 = bias1;
      for (let k = inner; k > 0; k--) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        b += PANEL_BYTES;
        const x0 = v128.load32_splat(a0);
        a0 += step;
        c00 = f32x4.add(c00, f32x4.mul(x0, b0));
        c01 = f32x4.add(c01, f32x4.mul(x0, b1));
        const x1 = v128.load32_splat(a1);
        a1 += step;
        c10 = f32x4.add(c10, f32x4.mul(x1, b0));
        c11 = f32x4.add(c11, f32x4.mul(x1, b1));
        const x2 = v128.load32_splat(a2);
        a2 += step;
        c20 = f32x4.add(c20, f32x4.mul(x2, b0));
        c21 = f32x4.add(c21, f32x4.mul(x2, b1));
        const x3 = v128.load32_splat(a3);
        a3 += step;
        c30 = f32x4.add(c30, f32x4.mul(x3, b0));
        c31 = f32x4.add(c31, f32x4.mul(x3, b1));
      }
      let to = out + <usize>r * outBytes + <usize>j * 4;
      put(to, c00, c01, left, tile);
      to += outBytes;
      put(to, c10, c11, left, tile);
      to += outBytes;
      put(to, c20, c21, left, tile);
      to += outBytes;
      put(to, c30, c31, left, tile);
    }
    for (; r < rows; r++) {
      let a0 = a + <usize>(r & ~3) * whole + <usize>(r & 3) * rowBytes;
      let b = panel;
      let c0 = bias0;
      let c1 = bias1;
      for (let k = inner; k > 0; k--) {
        const x = v128.load32_splat(a0);
        a0 += step;
        c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
        c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b, 16)));
        b += PANEL_BYTES;
      }
      put(out + <usize>r * outBytes + <usize>j * 4, c0, c1, left, tile);
    }
  }
}

/** Writes eight numbers, or as many as the row has left. */
// @ts-ignore: decorator
@inline
function put(to: usize, low: v128, high: v128, left: i32, tile: usize): void {
  if (left >= PANEL) {
    v128.store(to, low);
    v128.store(to, high, 16);
    return;
  }
  v128.store(tile, low);
  v128.store(tile, high, 16);
  memory.copy(to, tile, <usize>left * 4);
}

/** out [columns] = the sum of a's rows, [rows, columns]; absolute values where `sizes` is not 0. */
export function sumRows(rows: i32, columns: i32, a: usize, sizes: i32, out: usize): void {
  const stride = <usize>columns * 4;
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    let sum = splat(0);
    let from = a + <usize>j * 4;
    for (let r = 0; r < rows; r++) {
      const x = v128.load(from);
      sum = f32x4.add(sum, sizes ? absolute(x) : x);
      from += stride;
    }
    v128.store(out + <usize>j * 4, sum);
  }
  for (; j < columns; j++) {
    let sum: f32 = 0;
    for (let r = 0; r < rows; r++) {
      const x = load<f32>(a + <usize>r * stride + <usize>j * 4);
      sum += sizes ? abs(x) : x;
    }
    store<f32>(out + <usize>j * 4, sum);
  }
}
