/** A file of MNIST as its mirrors serve it. */
export interface MnistFile {
  /** With `.gz`; without, it is the name of the uncompressed file. */
  readonly name: string;
  /** Size of the gzipped file in bytes as first published; a mirror that compressed anew may differ a little. */
  readonly compressedBytes: number;
  /** Size of the uncompressed file in bytes. */
  readonly bytes: number;
  /** Of the uncompressed file, lower-case hexadecimal: it holds however the file was compressed. */
  readonly sha256: string;
}

/** The four files of MNIST (LeCun, Cortes & Burges): 60,000 training and 10,000 test images of 28 × 28. */
export const mnistFiles: readonly MnistFile[] = [
  {
    name: 'train-images-idx3-ubyte.gz',
    compressedBytes: 9_912_422,
    bytes: 47_040_016,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  {
    name: 'train-labels-idx1-ubyte.gz',
    compressedBytes: 28_881,
    bytes: 60_008,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  {
    name: 't10k-images-idx3-ubyte.gz',
    compressedBytes: 1_648_877,
    bytes: 7_840_016,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  {
    name: 't10k-labels-idx1-ubyte.gz',
    compressedBytes: 4_542,
    bytes: 10_008,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
];

/** Public mirrors, to be tried in this order; a file's address is mirror + name. */
export const mnistMirrors: readonly string[] = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
];
