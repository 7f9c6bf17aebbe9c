import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { gunzipSync } from 'fflate';
import { startWasm } from '../unit/engine/backend';
import { ownKernels, wasmMemory } from '../unit/engine/kernelSets';
import { threadTime } from './threadTime';
import {
  benchData,
  fitTime,
  folder,
  median,
  operations,
  paper,
  print,
  stepTime,
  type Trained,
  tenLayers,
} from './trained';

/**
 * How fast networks train: a step of ours against tfjs, and whole comparisons against PyTorch, where Debian's
 * python3-torch is installed. Repeats are interleaved, and ratios are of medians.
 */

const REPEATS = 5;
const PYTHON = '/usr/bin/python3';
const networks: readonly (readonly [string, Trained])[] = [
  ['784-128-10, sigmoid', paper],
  ['784-128x10-10, tanh', tenLayers],
];

async function steps(): Promise<void> {
  const data = benchData();
  print(
    'network',
    'own kernels, ms',
    'operations, ms',
    'tfjs fit on wasm, ms',
    'tfjs fit on cpu, ms',
    'fit on wasm : own',
  );
  for (const [name, trained] of networks) {
    const times: number[][] = [[], [], []];
    await startWasm();
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      times[0]!.push(await stepTime(ownKernels(), trained, data, 400));
      times[1]!.push(await stepTime(operations(), trained, data, 40));
      times[2]!.push(await fitTime(trained, data, 20));
    }
    await tf.setBackend('cpu');
    const cpu = await fitTime(trained, data, 1);
    const [own, byOperations, fit] = times.map(median);
    print(name, ...[own!, byOperations!, fit!, cpu].map((ms) => ms.toFixed(2)), (fit! / own!).toFixed(1));
  }
}

/** Of square products as a layer of 128 makes them, and of one that stays in the nearest cache. */
async function multiplications(): Promise<void> {
  await startWasm();
  const memory = wasmMemory();
  const on = ownKernels();
  const size = 128;
  const values = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const [x, w, z] = [on.matrix(size, size, values), on.matrix(size, size, values), on.matrix(size, size)];
  const bias = on.vector(size);
  const rate = (run: () => void, work: number): number => {
    const best = Array.from({ length: REPEATS + 2 }, () => {
      const started = threadTime();
      for (let i = 0; i < 300; i++) run();
      return (threadTime() - started) / 300;
    });
    return (2 * work) / Math.min(...best) / 1e6;
  };
  const layer = rate(() => on.affine(x, w, bias, z), size ** 3);
  const { product } = memory.kernels;
  const room = memory.allocate(4 * 4096);
  // Four rows by eight columns by 256: 12 kB.
  const peak = rate(
    () => {
      for (let i = 0; i < 32; i++) product(4, 8, 256, room, room + 4096, 0, room + 12288, room + 14336);
    },
    32 * 4 * 8 * 256,
  );
  print(
    'dense products',
    `${layer.toFixed(1)} GFLOP/s`,
    `${((100 * layer) / peak).toFixed(0)} % of this machine's ${peak.toFixed(1)}`,
  );
}

interface Torch {
  readonly seconds: number;
  readonly processor: number;
  readonly torch: string;
}

/** Seconds of the longest of our networks, which train side by side, in worker threads as the terminal starts them. */
function ours(activations: string, { hidden }: Trained, initializer: string, epochs: number): number {
  const args = ['--activations', activations, '--hidden', hidden.join(','), '--init', initializer];
  const json = execFileSync(
    process.execPath,
    ['dist/cli.js', 'compare', '--data', folder!, ...args, '--epochs', String(epochs), '--json'],
    { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const { runs } = JSON.parse(json) as { readonly runs: readonly { readonly seconds: number }[] };
  return Math.max(...runs.map(({ seconds }) => seconds));
}

function torch(data: string, activation: string, { hidden }: Trained, initializer: string, epochs: number): Torch {
  const args = [data, hidden.join(','), activation, initializer, String(epochs), '1'];
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };
  return JSON.parse(execFileSync(PYTHON, ['test/bench/pytorch.py', ...args], { encoding: 'utf8', env })) as Torch;
}

/** MNIST's files as PyTorch's script reads them. */
function unpacked(): string {
  const target = mkdtempSync(path.join(tmpdir(), 'bench-'));
  for (const name of readdirSync(folder!)) {
    const bytes = new Uint8Array(readFileSync(path.join(folder!, name)));
    writeFileSync(path.join(target, name.replace(/\.gz$/, '')), name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  }
  return target;
}

function againstTorch(): void {
  const lacking =
    folder === undefined
      ? 'give --data with a folder of MNIST'
      : hasTorch()
        ? undefined
        : `${PYTHON} has no torch (python3-torch)`;
  if (lacking !== undefined) {
    console.log(`Against PyTorch: left out; ${lacking}.`);
    return;
  }
  const data = unpacked();
  print('comparison', 'epochs', 'ours, s', 'PyTorch, s', 'ratio', 'PyTorch');
  const cases = [
    {
      name: 'the paper’s two networks',
      activations: ['sigmoid', 'relu'],
      trained: paper,
      ours: 'normal:1,1',
      torch: 'normal',
      epochs: 10,
    },
    {
      name: '784-128x10-10, tanh',
      activations: ['tanh'],
      trained: tenLayers,
      ours: 'glorot_uniform',
      torch: 'glorot_uniform',
      epochs: 3,
    },
  ];
  for (const { name, activations, trained, epochs, ...initializer } of cases) {
    const [a, b]: [number[], number[]] = [[], []];
    let version = '';
    for (let repeat = 0; repeat < 3; repeat++) {
      a.push(ours(activations.join(','), trained, initializer.ours, epochs));
      const each = activations.map((activation) => torch(data, activation, trained, initializer.torch, epochs));
      b.push(each.reduce((sum, { seconds }) => sum + seconds, 0));
      version = each[0]!.torch;
    }
    print(name, epochs, median(a).toFixed(2), median(b).toFixed(2), (median(a) / median(b)).toFixed(2), version);
  }
  rmSync(data, { recursive: true });
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

console.log(
  `Training, on ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; ms of the thread's work a step`,
);
await steps();
await multiplications();
againstTorch();
