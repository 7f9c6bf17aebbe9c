import { formatInteger } from '../format/numbers';
import { type BackendName, type ExperimentConfig, limits, type OptimizerName, optimizerSlots } from './config';

/** What the data of a comparison say of the memory that training on them takes. */
export interface TrainedData {
  /** Examples. */
  readonly train: number;
  readonly test: number;
  /** Numbers of an example, and classes to tell apart. */
  readonly inputs: number;
  readonly classes: number;
  /** Whether most of the inputs are 0: batches are held as what is not 0 then, in its places. */
  readonly sparse: boolean;
}

type TrainedNetwork = Pick<ExperimentConfig, 'hidden' | 'batchSize' | 'optimizer'>;

/** Bytes that one network takes while it trains, by what takes them. */
export interface NetworkMemory {
  /** Parameters with their gradients and what the optimiser keeps of each. */
  readonly parameters: number;
  /** What passes through the layers, for batches of each size that a training has. */
  readonly passing: number;
  /** The examples of a batch, of training and of evaluation, and what products take their factors in. */
  readonly batches: number;
  readonly total: number;
}

/** All that the pointers of WebAssembly reach, less the program itself and what lies between its pieces. */
export const WASM_BYTES = 4_294_901_760 - 64 * 2 ** 20;
/** Examples that are evaluated at once: by our own kernels, and by tfjs's operations. */
const EVALUATED = { wasm: 200, operations: 1000 };

/** What is there to train in, in bytes; undefined where nobody knows. */
export type Room = number | undefined;

/** What a backend has at most, on a machine with so much memory: a GPU's own is not told to pages. */
export function roomOf(backend: BackendName, machine: Room): Room {
  if (backend === 'wasm') return Math.min(WASM_BYTES, machine ?? WASM_BYTES);
  return backend === 'cpu' ? machine : undefined;
}

/**
 * The bytes that a network of dense layers takes while it trains. Counted as the kernels allocate them; tfjs's operations
 * make every result anew, and have two of the largest at the same time.
 */
export function networkMemory(network: TrainedNetwork, data: TrainedData, backend: BackendName): NetworkMemory {
  const { hidden, batchSize, optimizer } = network;
  const onWasm = backend === 'wasm';
  const widths = [data.inputs, ...hidden, data.classes];
  const kernels = hidden.map((units, l) => ({ fanIn: widths[l]!, fanOut: units }));
  kernels.push({ fanIn: hidden.at(-1) ?? data.inputs, fanOut: data.classes });
  const evaluated = Math.min(onWasm ? EVALUATED.wasm : EVALUATED.operations, data.test);
  const batch = Math.min(batchSize, data.train);
  const sizes = new Set([batch, data.train % batch, evaluated, data.test % evaluated].filter((size) => size > 0));

  const units = widths.slice(1).reduce((sum, width) => sum + width, 0);
  const weights = kernels.map(({ fanIn, fanOut }) => fanIn * fanOut);
  const count = weights.reduce((sum, each) => sum + each, units);
  const largest = Math.max(...weights);
  const widest = Math.max(...widths);
  const most = Math.max(...sizes);
  const parameters = 4 * count * (2 + slotsOf(optimizer));
  const passing = 3 * 4 * units * [...sizes].reduce((sum, size) => sum + size, 0);
  // A factor of a product lies once more, in panels of eight columns or blocks of four rows.
  const factors = 4 * (Math.max(largest, most * widest) + 8 * widest + most * widest);
  const examples = onWasm ? bytesOfExample(data.sparse) * (batch + evaluated) * data.inputs : 8 * most * data.inputs;
  const batches = onWasm ? factors + examples : 8 * largest + 4 * most * widest + examples;
  return { parameters, passing, batches, total: parameters + passing + batches };
}

/** As bytes and as numbers; or as bytes, and twice as places and numbers: by rows, and by columns. */
const bytesOfExample = (sparse: boolean): number => (sparse ? 1 + 8 + 8 : 1 + 4);

function slotsOf(optimizer: OptimizerName): number {
  const { first, second } = optimizerSlots[optimizer];
  return Number(first) + Number(second);
}

/**
 * Why a network cannot be trained on a backend for want of memory, as sentences: what it takes, what is there, what would
 * fit. Undefined where it fits, or where nobody knows.
 */
export function memoryProblem(
  network: TrainedNetwork,
  data: TrainedData,
  backend: BackendName,
  machine: Room,
): string | undefined {
  const room = roomOf(backend, machine);
  if (room === undefined) return undefined;
  const memory = networkMemory(network, data, backend);
  if (memory.total <= room) return undefined;
  const has = backend === 'wasm' && room === WASM_BYTES ? 'the wasm backend has' : 'this machine has';
  return `A network of this size takes ${formatBytes(memory.total)} of memory to train (${partsOf(memory, network)}), and ${has} ${formatBytes(room)}. ${whatFits(network, data, backend, room)}`;
}

function partsOf({ parameters, passing, batches }: NetworkMemory, { batchSize, optimizer }: TrainedNetwork): string {
  const state = slotsOf(optimizer) === 0 ? 'gradients' : `gradients and what ${optimizer} keeps`;
  return `${formatBytes(parameters)} for parameters, ${state}; ${formatBytes(passing + batches)} for batches of ${formatInteger(batchSize)}`;
}

/** One change each that would do. */
function whatFits(network: TrainedNetwork, data: TrainedData, backend: BackendName, room: number): string {
  const fits = (change: Partial<TrainedNetwork>) =>
    networkMemory({ ...network, ...change }, data, backend).total <= room;
  const { hidden, batchSize, optimizer } = network;
  const batch = largestThat((size) => fits({ batchSize: size }), batchSize);
  const widest = Math.max(...hidden);
  const width = largestThat((units) => fits({ hidden: hidden.map((each) => Math.min(each, units)) }), widest);
  const layers = largestThat((depth) => fits({ hidden: hidden.slice(0, depth) }), hidden.length);
  const ways = [
    ...(batch > 0 ? [`a batch size of ${formatInteger(batch)}`] : []),
    ...(width > 0 ? [`layers of ${formatInteger(width)} units at most`] : []),
    ...(layers > 0 ? [`${formatInteger(layers)} such hidden ${layers === 1 ? 'layer' : 'layers'}`] : []),
    ...(optimizer !== 'sgd' && fits({ optimizer: 'sgd' }) ? ['the optimizer sgd, which keeps nothing'] : []),
  ];
  if (ways.length === 0)
    return `No network fits on images of ${formatInteger(data.inputs)} pixels: choose smaller ones.`;
  return `What would fit is ${ways.join(', or ')}.`;
}

/** The largest whole number below `beyond` for which it holds, as it does for all below that; 0 where it never does. */
function largestThat(holds: (n: number) => boolean, beyond: number): number {
  let [holding, failing] = [0, beyond];
  while (failing - holding > 1) {
    const middle = Math.floor((holding + failing) / 2);
    if (holds(middle)) holding = middle;
    else failing = middle;
  }
  return holding;
}

/** Of a machine's memory, what trainings may take: the rest is for the program, and for all others. */
const SHARE = 0.75;

/** How many networks train at the same time, of so many that might: as many as the machine's memory holds, and one at least. */
export function fittingAtOnce(wanted: number, each: number, machine: Room): number {
  if (machine === undefined) return wanted;
  return Math.max(1, Math.min(wanted, Math.floor((SHARE * machine) / each)));
}

/** "850 MB", "6.1 GB", of 2²⁰ and 2³⁰ bytes, as memory is counted. */
export function formatBytes(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  if (gigabytes >= 100) return `${formatInteger(gigabytes)} GB`;
  return gigabytes >= 0.995 ? `${gigabytes.toFixed(1)} GB` : `${formatInteger(Math.ceil(bytes / 2 ** 20))} MB`;
}

/** What WebAssembly, tfjs and JavaScript say where memory is used up: each in words of its own, and none in a person's. */
const exhausted =
  /table index is out of bounds|memory access out of bounds|Aborted\(|Invalid (typed )?array (buffer )?length|Array buffer allocation failed|offset is out of bounds|out of memory|memory limit|WebAssembly\.Memory|No memory is left|allocation (size|failed)/i;

export const isMemoryError = (message: string): boolean => exhausted.test(message);

const shortened = (message: string): string => message.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 120);

/** An error's text, or a sentence about memory where it says that this is used up. */
export function withoutMemoryErrors(message: string, { batchSize, hidden }: TrainedNetwork): string {
  if (!isMemoryError(message)) return message;
  const smaller = [
    ...(batchSize > limits.batchSize.min ? [`a batch smaller than ${formatInteger(batchSize)}`] : []),
    `layers of fewer than ${formatInteger(Math.max(...hidden))} units`,
  ];
  return `Its memory was used up (${shortened(message)}). Choose ${smaller.join(', ')}, or fewer networks at the same time.`;
}
