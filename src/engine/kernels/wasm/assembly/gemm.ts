import { absolute, splat } from './functions';

/**
 * Products of dense matrices. Both factors are packed first: the second into panels of eight columns,
 * [panels][inner][8], the first into blocks of four rows, [blocks][inner][4], with zeros beyond the last column or row.
 * Either can be packed from a transpose, so that none is made; and where they lie in memory, widths that are a power of
 * two would put each line of the cache in the place of the last.
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
        transpose4(at, stride, to, PANEL_BYTES);
        transpose4(at + 4 * stride, stride, to + 16, PANEL_BYTES);
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
 * Packs the transpose of a [inner, rows] into blocks.
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

/** Packs a [rows, inner] into blocks. */
export function packRowFours(a: usize, rows: i32, inner: i32, blocks: usize): void {
  const stride = <usize>inner * 4;
  let to = blocks;
  for (let r = 0; r < rows; r += 4) {
    const from = a + <usize>r * stride;
    let k = 0;
    if (r + 4 <= rows) {
      for (; k + 4 <= inner; k += 4) {
        transpose4(from + <usize>k * 4, stride, to, 16);
        to += 64;
      }
    }
    for (; k < inner; k++) {
      for (let i = 0; i < 4; i++) {
        const value: f32 = r + i < rows ? load<f32>(from + <usize>i * stride + <usize>k * 4) : 0;
        store<f32>(to + <usize>i * 4, value);
      }
      to += 16;
    }
  }
}

/** Four rows of four, as columns at a pace. */
// @ts-ignore: decorator
@inline
function transpose4(from: usize, stride: usize, to: usize, pace: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride);
  const d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + pace, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * pace, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to + 3 * pace, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/**
 * out [rows, columns] = blocks × panels, plus `bias` [columns] unless that is 0. `tile` has room for 32 numbers. Both
 * factors are read in the order in which they lie, eight products and sums at a time for each of four rows.
 */
export function product(
  rows: i32,
  columns: i32,
  inner: i32,
  blocks: usize,
  panels: usize,
  bias: usize,
  out: usize,
  tile: usize,
): void {
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
    let a = blocks;
    for (let r = 0; r < rows; r += 4) {
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
        const x0 = v128.load32_splat(a);
        c00 = f32x4.add(c00, f32x4.mul(x0, b0));
        c01 = f32x4.add(c01, f32x4.mul(x0, b1));
        const x1 = v128.load32_splat(a, 4);
        c10 = f32x4.add(c10, f32x4.mul(x1, b0));
        c11 = f32x4.add(c11, f32x4.mul(x1, b1));
        const x2 = v128.load32_splat(a, 8);
        c20 = f32x4.add(c20, f32x4.mul(x2, b0));
        c21 = f32x4.add(c21, f32x4.mul(x2, b1));
        const x3 = v128.load32_splat(a, 12);
        c30 = f32x4.add(c30, f32x4.mul(x3, b0));
        c31 = f32x4.add(c31, f32x4.mul(x3, b1));
        a += 16;
      }
      let to = out + <usize>r * outBytes + <usize>j * 4;
      if (r + 4 <= rows && left >= PANEL) {
        v128.store(to, c00);
        v128.store(to, c01, 16);
        to += outBytes;
        v128.store(to, c10);
        v128.store(to, c11, 16);
        to += outBytes;
        v128.store(to, c20);
        v128.store(to, c21, 16);
        to += outBytes;
        v128.store(to, c30);
        v128.store(to, c31, 16);
        continue;
      }
      v128.store(tile, c00);
      v128.store(tile, c01, 16);
      v128.store(tile, c10, 32);
      v128.store(tile, c11, 48);
      v128.store(tile, c20, 64);
      v128.store(tile, c21, 80);
      v128.store(tile, c30, 96);
      v128.store(tile, c31, 112);
      const bytes = <usize>min(left, PANEL) * 4;
      for (let i = 0; i < min(rows - r, 4); i++) {
        memory.copy(to, tile + <usize>i * PANEL_BYTES, bytes);
        to += outBytes;
      }
    }
  }
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
