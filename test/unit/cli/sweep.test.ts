import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSweep, type SweepFile } from '../../../src/core/sweeps/sweepFile';
import { folderOf, run } from './command';

/** Networks that train in a moment. */
const small = ['--over', 'depth=1..3', '--hidden', '8', '--init', 'glorot_uniform', '--epochs', '1', '--batch', '1024'];
const folder = folderOf({});
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const read = (name: string): SweepFile => parseSweep(readFileSync(at(name), 'utf8'));

/** What does not depend on the machine's pace. */
const numbers = (name: string) => [...read(name).results.values()].map(({ seconds: _, ...rest }) => rest);
const sorted = (name: string) => numbers(name).sort((a, b) => (a.id < b.id ? -1 : 1));

interface Document {
  axes: unknown;
  networks: Record<string, unknown>[];
  curves: Record<string, { activation: string; points: Record<string, unknown>[] }[]>;
}

describe('sweep', () => {
  beforeAll(async () => {
    const { code, err } = await run('sweep', ...small, '--seeds', '2', '--out', at('whole.jsonl'));
    expect(err.split('\n').filter((line) => line.startsWith('['))).toHaveLength(12);
    expect(code).toBe(0);
  });

  it('keeps what each network came to', () => {
    const { plan, dataset, shard, results } = read('whole.jsonl');
    expect(plan.axes).toEqual([{ setting: 'depth', values: [1, 2, 3] }]);
    expect(dataset).toMatchObject({ name: 'drawn digits', train: 12_000, test: 2000 });
    expect(shard).toBeUndefined();
    expect([...results.keys()].sort()).toEqual(
      [1, 2, 3].flatMap((depth) => ['relu#0', 'relu#1', 'sigmoid#0', 'sigmoid#1'].map((id) => `depth=${depth} ${id}`)),
    );
    for (const result of results.values()) {
      expect(result).toMatchObject({ state: 'finished', backend: 'wasm', steps: 12 });
      expect(result.accuracy).toBeGreaterThan(0.02);
    }
    // Of three sigmoid layers less arrives than of two.
    const arrives = (depth: number) => results.get(`depth=${depth} sigmoid#0`)!.arrives!;
    expect(arrives(1)).toBe(1);
    expect(arrives(3)).toBeLessThan(arrives(2) / 2);
  });

  it('prints one JSON document and nothing else with --json, with what compare says of the same network', async () => {
    const settings = small.slice(2).concat('--activations', 'sigmoid', '--seed', '1');
    const { out, err, code } = await run('sweep', '--over', 'depth=2', ...settings, '--json');
    expect([code, err]).toEqual([0, '']);
    const { axes, networks, curves }: Document = JSON.parse(out);
    expect(axes).toEqual([{ setting: 'depth', values: [2] }]);
    expect(networks).toHaveLength(1);
    const compared = await run('compare', ...settings.with(1, '8x2'), '--json');
    const [network] = (JSON.parse(compared.out) as { runs: Record<string, never>[] }).runs;
    const { epochs, gradientNorms, state, verdict } = network as unknown as {
      epochs: { testAccuracy: number; testLoss: number }[];
      gradientNorms: { first: number[] };
      state: string;
      verdict: { kind: string };
    };
    expect(networks[0]).toMatchObject({
      id: 'depth=2 sigmoid#1',
      values: [2],
      activation: 'sigmoid',
      seed: 1,
      state,
      accuracy: epochs[0]!.testAccuracy,
      loss: epochs[0]!.testLoss,
      gradient: gradientNorms.first[0],
      arrives: gradientNorms.first[0]! / gradientNorms.first[1]!,
      verdict: verdict.kind,
    });
    const [curve] = curves.accuracy!;
    const accuracy = epochs[0]!.testAccuracy;
    expect(curve).toEqual({
      activation: 'sigmoid',
      second: null,
      points: [{ at: 2, seeds: 1, planned: 1, min: accuracy, median: accuracy, max: accuracy }],
    });
    // What the sweep before came to is that of this network, too.
    expect(read('whole.jsonl').results.get('depth=2 sigmoid#1')).toMatchObject({ accuracy });
  });

  it('is the same from shards, of which one died and was run again', async () => {
    const shard = (index: number, ...more: string[]) =>
      run('sweep', ...small, '--seeds', '2', '--shard', `${index}/3`, '--out', at(`part${index}.jsonl`), ...more);
    for (const index of [1, 2, 3]) expect((await shard(index)).code).toBe(0);
    // As after a machine that died in the middle of a line: three of its four networks are gone.
    const lines = readFileSync(at('part2.jsonl'), 'utf8').split('\n');
    writeFileSync(at('part2.jsonl'), `${lines.slice(0, 2).join('\n')}\n${lines[2]!.slice(0, 40)}`);
    const half = await run('merge', ...[1, 2, 3].map((index) => at(`part${index}.jsonl`)));
    expect(half.code).toBe(1);
    expect(half.err).toContain('Of shard 2/3 3 networks are missing');
    expect(half.err).toContain('--shard 2/3 --resume');
    expect(half.out).toContain('not trained');

    const refused = await shard(2);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('is there already. Add --resume')]);
    const again = await shard(2, '--resume');
    expect(again.code).toBe(0);
    expect(again.err.split('\n').filter((line) => line.startsWith('['))).toHaveLength(3);

    const parts = [3, 1, 2, 1].map((index) => at(`part${index}.jsonl`));
    const merged = await run('merge', ...parts, '--out', at('merged.jsonl'));
    expect([merged.code, merged.err]).toEqual([0, '']);
    expect(sorted('merged.jsonl')).toEqual(sorted('whole.jsonl'));
    // A folder is all that lies in it.
    const all = await run('merge', folder.path, '--json');
    expect((JSON.parse(all.out) as Document).networks.map(({ accuracy }) => accuracy)).not.toContain(null);
  });

  it('that is interrupted keeps what it has, says what is left, and goes on to the same', async () => {
    const options = [...small, '--seeds', '2', '--out', at('stopped.jsonl')];
    const child = spawn(process.execPath, ['dist/cli.js', 'sweep', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.once('data', () => child.kill('SIGINT'));
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    const { size } = read('stopped.jsonl').results;
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(12);
    expect(out).toContain(`${12 - size} networks not trained, or failed. Go on with --resume.`);
    const resumed = await run('sweep', ...options, '--resume');
    expect(resumed.code).toBe(0);
    expect(resumed.out).toContain(`${12 - size} networks to train here.`);
    expect(sorted('stopped.jsonl')).toEqual(sorted('whole.jsonl'));
    // There is nothing left to do.
    const over = await run('sweep', ...options, '--resume');
    expect([over.code, over.err]).toEqual([0, '']);
  });

  it('shows a grid as a table, with what was predicted', async () => {
    const { out, code } = await run('sweep', ...small, '--over', 'lr=0.001,0.01', '--activations', 'tanh');
    expect(code).toBe(0);
    expect(out).toContain('6 networks on drawn digits: depth=1,2,3 × lr=0.001,0.01.');
    const rows = out.split('\n').filter((line) => line.includes('tanh'));
    expect(rows).toHaveLength(6);
    expect(out).toMatch(
      /hidden layers.*learning rate.*activation.*test accuracy.*first\/last gradient.*predicted.*verdict/,
    );
  });

  it.each([
    [['sweep'], /--over: nothing changes/],
    [['sweep', '--over', 'depth=0'], /--over: depth is 0; expected a whole number from 1 to 50/],
    [['sweep', ...small, '--resume'], /--resume goes on with the file of --out/],
    [['sweep', ...small, '--shard', '4/3'], /--shard: "4\/3"/],
    [['sweep', ...small, '--parallel', '0'], /--parallel: "0"/],
    [['sweep', ...small, '--out', '/nowhere/x.jsonl'], /--out: "\/nowhere\/x.jsonl" cannot be written/],
    [['merge'], /missing required argument/],
    [['merge', 'package.json'], /package\.json is no sweep/],
    [['merge', 'nowhere.jsonl'], /nowhere\.jsonl does not exist/],
    [['merge', 'src'], /src holds no file of a sweep/],
  ])('exits with 2 for bad use: %j', async (args, expected) => {
    const { code, err, out } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(expected);
  });

  it.skipIf(process.platform === 'win32')('is a shard of what the recipes of docs/sweeps say', async () => {
    const command = join(folder.path, 'gradient-lens');
    writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"\n`, { mode: 0o755 });
    const inShell = (args: readonly string[], env: Record<string, string>) =>
      execFileSync('bash', args, {
        cwd: folder.path,
        env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}`, ...env },
        stdio: 'pipe',
      });
    inShell([resolve('docs/sweeps/slurm.sh'), ...small], { SHARDS: '3', SLURM_ARRAY_TASK_ID: '2' });
    expect(read('part-2.jsonl').shard).toEqual({ index: 2, of: 3 });
    expect(read('part-2.jsonl').results.size).toBe(2);
    // Without the number of shards a single task that is run again would take itself for all.
    expect(() => inShell([resolve('docs/sweeps/slurm.sh'), ...small], { SLURM_ARRAY_TASK_ID: '2' })).toThrow('SHARDS');
    const job = readFileSync('docs/sweeps/kubernetes.yaml', 'utf8');
    const [, folded] = /args:\n {12}- >-\n((?: {14}.*\n)+)/.exec(job)!;
    const line = folded!.trim().replace(/\s+/g, ' ').replace('--over depth=1..20 --seeds 5', small.join(' '));
    inShell(['-c', line.replace('/sweep/', '')], {
      SHARDS: /value: "(\d+)"/.exec(job)![1]!,
      JOB_COMPLETION_INDEX: '5',
    });
    expect(read('part-5.jsonl').shard).toEqual({ index: 6, of: Number(/completions: (\d+)/.exec(job)![1]) });
    expect(read('part-5.jsonl').results.size).toBe(1);
  });

  it('goes on with no file of another sweep, shard or kind', async () => {
    const go = (...options: string[]) => run('sweep', ...options, '--out', at('whole.jsonl'), '--resume');
    expect((await go(...small, '--lr', '0.5', '--seeds', '2')).err).toMatch(/is of another sweep/);
    expect((await go(...small, '--seeds', '2', '--shard', '1/2')).err).toMatch(/is a whole sweep; expected shard 1\/2/);
    const before = readFileSync(at('whole.jsonl'), 'utf8');
    appendFileSync(at('whole.jsonl'), 'nonsense\n{}\n');
    expect((await go(...small, '--seeds', '2')).err).toMatch(/is damaged in line 14/);
    truncateSync(at('whole.jsonl'), Buffer.byteLength(before));
    expect((await run('sweep', '--over', 'depth=1', ...small.slice(2), '--out', at('other.jsonl'))).code).toBe(0);
    const { code, err } = await run('merge', at('whole.jsonl'), at('other.jsonl'));
    expect([code, err]).toEqual([2, expect.stringMatching(/other\.jsonl is of another sweep than .*whole\.jsonl/)]);
  });
});
