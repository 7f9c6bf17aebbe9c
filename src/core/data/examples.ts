/** Examples of any kind, one after the other: what a network that is read from code trains on. */
export interface Examples {
  readonly count: number;
  /** count × numbers of one example: bytes, of which value/255 is seen; numbers as they are; or numbers of entries. */
  readonly features: Uint8Array | Float32Array | Int32Array;
  /** count class numbers (0 and 1 for a binary output), or count × units numbers of a regression. */
  readonly targets: Uint8Array | Int32Array | Float32Array;
  /** As that of labelled images. */
  readonly want?: ((example: number) => void) | undefined;
}

/** Examples to train on, and to test on. */
export interface ExampleSets {
  /** What a person reads: "teacher–student", or the file's name. */
  readonly name: string;
  readonly train: Examples;
  readonly test: Examples;
}
