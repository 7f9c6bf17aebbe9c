import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { folder } from './trained';

/** A network of a comparison, as the command prints it: what is read of it here. */
export interface PrintedRun {
  readonly activation: string;
  readonly seed: number;
  readonly seconds: number;
  readonly epochs: readonly { readonly loss: number; readonly accuracy: number }[];
  /** ‖∂C/∂W‖ of each layer, at the first step and the last. */
  readonly gradientNorms: { readonly first: readonly number[]; readonly last: readonly number[] };
}

export interface Trained {
  readonly runs: readonly PrintedRun[];
  /** Of the longest of the networks, which train side by side, a worker thread each. */
  readonly seconds: number;
  /** The most memory that was resident, in bytes; undefined where the system does not tell. */
  readonly peak: number | undefined;
}

/** A comparison by the terminal's command. @param args besides data and output */
export async function compareInTerminal(args: readonly string[]): Promise<Trained> {
  const data = folder === undefined ? [] : ['--data', folder];
  const child = spawn(process.execPath, ['dist/cli.js', 'compare', ...data, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let peak: number | undefined;
  const look = setInterval(() => {
    peak = highWater(child) ?? peak;
  }, 100);
  try {
    child.stdout.setEncoding('utf8');
    let json = '';
    for await (const text of child.stdout) json += text;
    const { runs } = JSON.parse(json) as { readonly runs: readonly PrintedRun[] };
    return { runs, seconds: Math.max(...runs.map(({ seconds }) => seconds)), peak };
  } finally {
    clearInterval(look);
  }
}

function highWater({ pid }: ChildProcess): number | undefined {
  try {
    const found = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}
