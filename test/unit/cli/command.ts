import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { runCommand } from '../../../src/cli/commands';

/** What a command left: its exit code and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let before: Promise<unknown> = Promise.resolve();

/**
 * Runs the command as the terminal does, but in this process, one after the other: it is there already, and has read its own code.
 * What needs a worker or a page of the build is run as a person would.
 */
export function run(...args: string[]): Promise<Ended> {
  if (args[0] === 'compare' || args[0] === 'sweep' || args.includes('--measure') || args.includes('--html'))
    return runBuilt(...args);
  const ended = before.then(() => runHere(args));
  before = ended.catch(() => {});
  return ended;
}

async function runHere(args: readonly string[]): Promise<Ended> {
  const { argv, exitCode } = process;
  const printed = { out: '', err: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const key = name === 'stdout' ? 'out' : 'err';
    return vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[key] += text;
      return true;
    });
  });
  // Some commands say how they are to be called.
  process.argv = [process.execPath, 'dist/cli.js', ...args];
  process.exitCode = undefined;
  try {
    await runCommand(args);
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    for (const stream of streams) stream.mockRestore();
    process.argv = argv;
    process.exitCode = exitCode;
  }
}

/** Runs the built command as a person would: a process of its own. */
export function runBuilt(...args: string[]): Promise<Ended> {
  if (!existsSync('dist/cli.js')) throw new Error('dist/cli.js is missing: run npm run build first.');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, out, err }));
  });
}

/** A folder with files by their paths; `remove` takes it away again. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'gradient-lens-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

export const lines = (...all: string[]): string => `${all.join('\n')}\n`;

export const notebook = (...cells: string[]): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { language_info: { name: 'python' } },
    cells: cells.map((source) => ({
      cell_type: 'code',
      metadata: {},
      outputs: [],
      execution_count: null,
      source: source.split(/(?<=\n)/),
    })),
  });

/** Ten layers of 128 sigmoids: the gradient vanishes. */
export const vanishing = lines(
  'import keras',
  'from keras import layers',
  '',
  'net = keras.Sequential([keras.Input((128,))])',
  'for _ in range(10):',
  '    net.add(layers.Dense(128, activation="sigmoid"))',
  'net.add(layers.Dense(10))',
);

/** Nothing to say of it. */
export const healthy = lines(
  'from torch import nn',
  'model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))',
);

/** A hint alone: plain dropout after SELU. */
export const hinted = lines(
  'from keras import Input, Sequential, layers',
  'm = Sequential([Input((64,)), layers.Dense(64, activation="selu"), layers.Dropout(0.5), layers.Dense(10)])',
);
