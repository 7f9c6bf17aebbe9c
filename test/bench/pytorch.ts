import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'fflate';
import { median, type Row } from './rows';
import { folder, paper, tenLayers } from './trained';

/** Whole comparisons on MNIST, which PyTorch trains as well. */
export interface Comparison {
  readonly name: string;
  readonly activations: readonly string[];
  readonly hidden: readonly number[];
  /** As settings and flags have it. */
  readonly initializer: string;
  /** As `pytorch.py` has it. */
  readonly torchInitializer: string;
  readonly epochs: number;
}

export const comparisons: readonly Comparison[] = [
  {
    name: 'the paper’s two networks, 10 epochs',
    activations: ['sigmoid', 'relu'],
    hidden: paper.hidden,
    initializer: 'normal:1,1',
    torchInitializer: 'normal',
    epochs: 10,
  },
  {
    name: '784-128x10-10, tanh, 3 epochs',
    activations: ['tanh'],
    hidden: tenLayers.hidden,
    initializer: 'glorot_uniform',
    torchInitializer: 'glorot_uniform',
    epochs: 3,
  },
];

const REPEATS = 3;
const PYTHON = '/usr/bin/python3';

interface Told {
  readonly seconds: number;
  readonly torch: string;
}

/**
 * Ours against PyTorch with OpenBLAS on one thread, its networks one after the other, in interleaved repeats; medians.
 * Ours alone where PyTorch is not installed, and nothing without a folder of MNIST.
 *
 * @param train a comparison of ours; seconds
 */
export async function* againstTorch(train: (comparison: Comparison) => Promise<number>): AsyncGenerator<Row> {
  if (folder === undefined) {
    console.error('Against PyTorch: left out; give --data with a folder of MNIST.');
    return;
  }
  const installed = hasTorch();
  if (!installed)
    console.error(`PyTorch is left out: ${PYTHON} has no torch (Debian: python3-torch, libopenblas0-pthread).`);
  const data = unpacked(folder);
  try {
    for (const comparison of comparisons) {
      const [ours, theirs]: [number[], number[]] = [[], []];
      let version = '';
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        ours.push(await train(comparison));
        if (!installed) continue;
        const told = comparison.activations.map((activation) => torch(data, activation, comparison));
        theirs.push(told.reduce((sum, { seconds }) => sum + seconds, 0));
        version = told[0]!.torch;
      }
      const { name } = comparison;
      yield { what: `${name}: ours`, value: median(ours), unit: 's' };
      if (!installed) continue;
      yield { what: `${name}: PyTorch ${version}, one thread`, value: median(theirs), unit: 's' };
      yield { what: `${name}: ours : PyTorch`, value: median(ours) / median(theirs), unit: '' };
    }
  } finally {
    rmSync(data, { recursive: true });
  }
}

function torch(data: string, activation: string, { hidden, torchInitializer, epochs }: Comparison): Told {
  const args = [data, hidden.join(','), activation, torchInitializer, String(epochs), '1'];
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };
  return JSON.parse(execFileSync(PYTHON, ['test/bench/pytorch.py', ...args], { encoding: 'utf8', env })) as Told;
}

/** MNIST's files as PyTorch's script reads them. */
function unpacked(from: string): string {
  const target = mkdtempSync(path.join(tmpdir(), 'bench-'));
  for (const name of readdirSync(from)) {
    const bytes = new Uint8Array(readFileSync(path.join(from, name)));
    writeFileSync(path.join(target, name.replace(/\.gz$/, '')), name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  }
  return target;
}

function hasTorch(): boolean {
  if (!existsSync(PYTHON)) return false;
  try {
    execFileSync(PYTHON, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
