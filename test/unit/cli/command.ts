import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs the built command as a person would. */
export function run(...args: string[]): { code: number | null; out: string; err: string } {
  if (!existsSync('dist/cli.js')) throw new Error('dist/cli.js is missing: run npm run build first.');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
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
