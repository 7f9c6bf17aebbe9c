import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeIdx } from '../../../src/core/data/idx';
import { run } from './command';

interface Result {
  dataset: { name: string; train: number; test: number };
  seconds: number;
  runs: {
    activation: string;
    seed: number;
    backend: string;
    layers: string[];
    epochs: { epoch: number; loss: number; accuracy: number; testLoss: number; testAccuracy: number }[];
    gradientNorms: { first: number[]; last: number[] };
    verdict: { kind: string; text: string };
  }[];
}

const mnist = process.env.GRADIENT_LENS_MNIST ?? '../shared/data/mnist';
const folder = mkdtempSync(join(tmpdir(), 'gradient-lens-'));

beforeAll(() => {
  if (!existsSync('dist/cli.js')) throw new Error('dist/cli.js is missing: run npm run build first.');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the compare command', () => {
  it.runIf(process.platform === 'linux')('trains on cpu where wasm has no room, if auto was asked for', async () => {
    const small = ['--epochs', '1', '--activations', 'relu', '--hidden', '4', '--json'];
    const limited = (backend: string) =>
      new Promise<{ code: number | null; out: string }>((resolve, reject) => {
        // As many addresses as Node takes, and not the 10 GB that a memory of WebAssembly reserves.
        const command = `ulimit -v 6000000 && exec "$0" dist/cli.js compare ${small.join(' ')} --backend ${backend}`;
        const child = spawn('sh', ['-c', command, process.execPath], { stdio: ['ignore', 'pipe', 'ignore'] });
        let out = '';
        child.stdout.on('data', (data) => (out += data));
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, out }));
      });
    const [auto, wasm] = [await limited('auto'), await limited('wasm')];
    expect(JSON.parse(auto.out).runs).toMatchObject([{ state: 'finished', backend: 'cpu' }]);
    expect(auto.code).toBe(0);
    expect(JSON.parse(wasm.out).runs[0].message).toMatch(
      /^The wasm backend does not start on this machine \(.*\)\. Choose cpu\.$/,
    );
    expect(wasm.code).toBe(1);
  });

  it('refuses before the training what does not fit in the memory, with what would', async () => {
    const { code, out, err } = await run('compare', '--hidden', '4096x50', '--epochs', '1');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.replace(/\s+/g, ' ')).toMatch(/^A network of this size takes 13\.3 GB .* What would fit is layers of /);
  });

  it('prints one JSON document and nothing else with --json', async () => {
    const { code, out, err } = await run(
      'compare',
      '--json',
      '--epochs',
      '1',
      '--activations',
      'tanh',
      '--activations',
      'gelu',
      '--hidden',
      '16x2',
      '--init',
      'glorot_uniform',
      '--seeds',
      '2',
      '--batch',
      '512',
    );
    expect([code, err]).toEqual([0, '']);
    const result: Result = JSON.parse(out);
    expect(result.dataset).toEqual({ name: expect.any(String), train: 12_000, test: 2000 });
    expect(result.runs.map(({ activation, seed }) => [activation, seed])).toEqual([
      ['tanh', 0],
      ['gelu', 0],
      ['tanh', 1],
      ['gelu', 1],
    ]);
    for (const each of result.runs) {
      expect(each.backend).toBe('wasm');
      expect(each.layers).toEqual(['hidden 1', 'hidden 2', 'output']);
      expect(each.epochs).toHaveLength(1);
      expect(each.gradientNorms.first).toHaveLength(3);
      expect(each.gradientNorms.last).toHaveLength(3);
      expect(each.verdict.text).not.toBe('');
    }
  });

  it('prints the table with the paper’s column, the verdicts, and a self-contained report', async () => {
    const report = join(folder, 'report.html');
    const { code, out } = await run('compare', '--epochs', '2', '--report', report);
    expect(code).toBe(0);
    expect(out).toContain('paper (MNIST): sigmoid');
    expect(out).toContain('The paper’s figures are of MNIST: 60,000 images, 469 steps an epoch.\nHere: drawn digits, ');
    expect(out).toMatch(/sigmoid is stuck: at the first batch all 128 units of the hidden layer are saturated/);
    const html = readFileSync(report, 'utf8');
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)=["']?https?:/);
    expect(html).toContain('id="run"');
  });

  it('says which backend auto took, and why', async () => {
    const { code, out } = await run(
      'compare',
      '--backend',
      'auto',
      '--activations',
      'relu',
      '--epochs',
      '1',
      '--batch',
      '512',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/\nauto took wasm: [\d.]+ ms a step; webgl and webgpu do not start here\.\n/);
    expect(out).toMatch(/ on wasm\.\n$/);
  });

  it.each([
    [['--lr', 'fast'], '--lr'],
    [['--lr', '11'], '--lr'],
    [['--activations', 'sigmoid,sigmoyd'], '--activations'],
    [['--hidden', '12y'], '--hidden'],
    [['--init', 'normal:1'], '--init'],
    [['--epochs', '0'], '--epochs'],
    [['--epochs', '1.5'], '--epochs'],
    [['--batch', '-3'], '--batch'],
    [['--seeds', '21'], '--seeds'],
    [['--optimizer', 'lion'], '--optimizer'],
    [['--backend', 'webgl'], '--backend'],
    [['--data', 'no/such/folder'], '--data'],
    [['--data', '.github'], '--data'],
    [['--nonsense'], '--nonsense'],
  ])('names the bad argument of %j in one line and exits with 2', async (args, named) => {
    const { code, out, err } = await run('compare', ...args);
    expect(code).toBe(2);
    expect(out.split('\n').filter((line) => line.includes('✗'))).toEqual([]);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(named);
  });

  it('reads a folder of IDX files, and names a truncated one', async () => {
    const images = Uint8Array.from({ length: 40 * 16 }, (_, i) => (i * 37) % 256);
    const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 4);
    for (const part of ['train', 't10k']) {
      writeFileSync(join(folder, `${part}-images-idx3-ubyte`), encodeIdx([40, 4, 4], images));
      writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), encodeIdx([40], labels));
    }
    const good = await run('compare', '--json', '--data', folder, '--epochs', '1', '--hidden', '4');
    expect(JSON.parse(good.out).dataset).toMatchObject({ train: 40, test: 40 });
    writeFileSync(join(folder, 't10k-images-idx3-ubyte'), encodeIdx([40, 4, 4], images).subarray(0, 500));
    const bad = await run('compare', '--data', folder);
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/t10k-images-idx3-ubyte/);
  });

  it('says that a network diverged, and lets the others go on', async () => {
    const { code, out } = await run(
      'compare',
      '--json',
      '--epochs',
      '2',
      '--optimizer',
      'sgd',
      '--lr',
      '10',
      '--activations',
      'exponential,sigmoid',
      '--hidden',
      '16',
    );
    expect(code).toBe(0);
    const [exponential, sigmoid] = (JSON.parse(out) as Result).runs;
    expect(exponential!.verdict.kind).toBe('diverged');
    expect(sigmoid!.epochs).toHaveLength(2);
  });
});

describe.skipIf(!existsSync(mnist))(
  `on real MNIST (skipped where ${mnist} is missing; set GRADIENT_LENS_MNIST)`,
  () => {
    it('gives the paper’s result', async () => {
      const { out } = await run('compare', '--json', '--data', mnist);
      const [sigmoid, relu] = (JSON.parse(out) as Result).runs;
      const end = relu!.epochs.at(-1)!;
      expect(Math.abs(end.accuracy - 0.88)).toBeLessThanOrEqual(0.01);
      expect(end.loss).toBeGreaterThan(3);
      expect(end.loss).toBeLessThan(4);
      expect(relu!.verdict.kind).toBe('healthy');
      expect(sigmoid!.epochs.at(-1)!.accuracy).toBeLessThan(0.35);
      expect(sigmoid!.gradientNorms.first[0]).toBeLessThan(1e-6);
      expect(sigmoid!.verdict.kind).toBe('saturated');
    });

    it('lets the sigmoid learn with glorot_uniform', async () => {
      const { out } = await run(
        'compare',
        '--json',
        '--data',
        mnist,
        '--activations',
        'sigmoid',
        '--init',
        'glorot_uniform',
        '--epochs',
        '3',
      );
      expect((JSON.parse(out) as Result).runs[0]!.epochs.at(-1)!.accuracy).toBeGreaterThan(0.92);
    });
  },
);
