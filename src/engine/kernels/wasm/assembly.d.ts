declare module '*/assembly/index.wasm' {
  /** The compiled kernels (see compile.mjs). */
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
