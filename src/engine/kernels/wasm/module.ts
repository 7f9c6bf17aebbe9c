import bytes from './assembly/index.wasm';

/** What `assembly/index.ts` exports: pointers, counts and single-precision numbers in, nothing or a count out. */
export type KernelExports = Readonly<Record<(typeof names)[number], (...args: number[]) => number>>;

const names = [
  'activate',
  'countBelow',
  'floatsOfBytes',
  'moments',
  'packColumns',
  'packFours',
  'packRowFours',
  'packRows',
  'product',
  'slopes',
  'softmaxCrossEntropy',
  'sparseBytes',
  'sparseFloats',
  'sparseProduct',
  'squaredError',
  'sumRows',
  'throughSlopes',
  'total',
  'transposeSparse',
  'update',
] as const;

/** A kernel may read and write so many bytes beyond the end of an array. */
export const BEYOND = 16;

let compiled: WebAssembly.Module | undefined;

/** The kernels at work in a memory: all pointers are places in it, in bytes. Undefined where WebAssembly has no SIMD. */
export function kernelsIn(memory: WebAssembly.Memory): KernelExports | undefined {
  if (compiled === undefined && !WebAssembly.validate(bytes)) return undefined;
  compiled ??= new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, log: Math.log } });
  return exports as unknown as KernelExports;
}

/** Of the panels of eight columns that `product` takes its second factor in. */
export const panelBytes = (inner: number, columns: number): number => 4 * inner * 8 * Math.ceil(columns / 8);

/** Of the blocks of four rows that it takes its first in. */
export const blockBytes = (inner: number, rows: number): number => 4 * inner * 4 * Math.ceil(rows / 4);
