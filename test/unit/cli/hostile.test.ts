import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetAt } from '../../../src/cli/files';
import { jsonText } from '../../../src/cli/output';
import { printable } from '../../../src/cli/printable';
import { inputs } from '../hostile';

const folder = mkdtempSync(join(tmpdir(), 'gradient-lens-hostile-'));
const isPosix = process.platform !== 'win32';
/** A training of a second. */
const small = ['compare', '--epochs', '1', '--hidden', '8', '--activations', 'relu'];

beforeAll(() => {
  if (!existsSync('dist/cli.js')) throw new Error('dist/cli.js is missing: run npm run build first.');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  /** A file descriptor in place of the standard output. */
  readonly stdout?: number;
  /** What is done to the command once it has said something. */
  onFirst?(child: ReturnType<typeof spawn>, from: 'out' | 'err'): void;
}

function run(args: readonly string[], { stdout, onFirst }: Surroundings = {}): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], { stdio: ['ignore', stdout ?? 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    for (const [from, stream] of [['out', child.stdout] as const, ['err', child.stderr] as const]) {
      stream?.on('data', (data) => {
        if (said[from] === '') onFirst?.(child, from);
        said[from] += data;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const driving = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe('a file that the command is to write', () => {
  it.each([
    ['in a folder that does not exist', join('nowhere', 'r.html')],
    ['that is a folder', ''],
  ])('%s is refused before anything is trained', async (_, name) => {
    const { code, out, err } = await run([...small, '--report', join(folder, name)]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^--report: ".*" cannot be written \(/s);
    const page = await run(['flow', '--html', join(folder, name)]);
    expect([page.code, page.out]).toEqual([2, '']);
  });

  it('replaces what lay there only once it is whole', () => {
    const file = join(folder, 'kept.html');
    writeFileSync(file, 'the one before');
    const target = targetAt('--report', file);
    expect(readFileSync(file, 'utf8')).toBe('the one before');
    // Writing aside fails, as on a full disk.
    const aside = `${file}.${process.pid}.part`;
    mkdirSync(aside);
    expect(() => target.write('half')).toThrow(
      /^--report: ".*" cannot be written \(.*What lay there before is as it was\.$/s,
    );
    expect(readFileSync(file, 'utf8')).toBe('the one before');
    rmSync(aside, { recursive: true });
    target.write('whole');
    expect(readFileSync(file, 'utf8')).toBe('whole');
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.runIf(isPosix)('keeps a link to it, and who may read it', () => {
    const file = join(folder, 'private.html');
    writeFileSync(file, '', { mode: 0o600 });
    const link = join(folder, 'link.html');
    symlinkSync(file, link);
    targetAt('--report', link).write('through the link');
    expect(readFileSync(file, 'utf8')).toBe('through the link');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('an output', () => {
  it.runIf(isPosix)('that nobody reads any more ends nothing: the report is written', async () => {
    const report = join(folder, 'closed.html');
    const { err } = await run([...small, '--report', report], {
      onFirst: (child, from) => from === 'out' && child.stdout?.destroy(),
    });
    expect(err).not.toMatch(/EPIPE|node:/);
    expect(readFileSync(report, 'utf8')).toContain('</html>');
  });

  it.runIf(existsSync('/dev/full')).each([[['explain', 'relu']], [['flow']], [['flow', '--json']], [['--help']]])(
    'on a full disk is told in a sentence: %s',
    async (args) => {
      const { code, err } = await run(args, { stdout: openSync('/dev/full', 'w') });
      expect(code).toBe(1);
      expect(err).toMatch(/^The standard output cannot be written: ENOSPC.*\.\n$/);
    },
  );

  it.runIf(isPosix).each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('of a training that %s ends has what was recorded, and says that it is a part', async (signal, ended) => {
    const report = join(folder, `${signal}.html`);
    const args = ['compare', '--epochs', '100', '--hidden', '16', '--activations', 'relu', '--report', report];
    const { code, out } = await run(args, { onFirst: (child, from) => from === 'err' && child.kill(signal) });
    expect(code).toBe(ended);
    expect(out).toMatch(/Stopped in epoch \d+ of 100: the figures are partial/);
    expect(readFileSync(report, 'utf8')).toContain('</html>');
  });

  it('never drives a terminal, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(driving);
        expect(printable(text)).not.toContain('\n');
        expect(jsonText({ [text]: text })).not.toMatch(driving);
        expect(JSON.parse(jsonText([text]))).toEqual([text]);
      }),
      inputs(100),
    );
  });

  it.each([
    ['compare', '--activations', 're\u001b]0;title\u0007lu'],
    ['compare', '--data', 'no\u001b[2Jfolder'],
    ['compare', '--\u009b2Jflag'],
    ['explain', 're\u001b]0;title\u0007lu'],
    ['read', 'no\u001b]0;title\u0007.py'],
    ['check', 'no\u001b]0;title\u0007.py'],
    ['com\u001b]0;title\u0007mand'],
  ])('shows control characters of an argument as pictures: %j %j', async (...args) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(2);
    expect(out + err).not.toMatch(driving);
  });
});

describe('an argument of 100,000 characters', () => {
  const long = 'q,'.repeat(50_000);

  it.each([
    ['compare', '--init'],
    ['compare', '--hidden'],
    ['compare', '--optimizer'],
    ['compare', '--data'],
    ['flow', '--width'],
    ['flow', '--model'],
    ['explain'],
    ['explain', 'relu', '--params'],
    ['check'],
    ['read'],
    [],
  ])('is refused, and not told in full: %j %j', async (...args) => {
    const { code, out, err } = await run([...args, long]);
    expect([code, out]).toEqual([2, '']);
    expect(err.length).toBeLessThan(7000);
  });
});

describe.runIf(isPosix)('a folder of images', () => {
  const names = [
    'train-images-idx3-ubyte',
    'train-labels-idx1-ubyte',
    't10k-images-idx3-ubyte',
    't10k-labels-idx1-ubyte',
  ];
  const withFirst = (name: string, make: (file: string) => void): string => {
    const own = join(folder, name);
    mkdirSync(own);
    make(join(own, names[0]!));
    for (const each of names.slice(1)) writeFileSync(join(own, each), '');
    return own;
  };

  it.each([
    ['named pipe', 'is a named pipe', (file: string) => execFileSync('mkfifo', [file])],
    ['device', 'is a device', (file: string) => symlinkSync('/dev/zero', file)],
    ['folder', 'is a folder', (file: string) => symlinkSync(tmpdir(), file)],
    ['dangling link', 'does not exist', (file: string) => symlinkSync('nowhere', file)],
    ['link to itself', 'is a link that leads to itself', (file: string) => symlinkSync(file, file)],
  ])('with a %s in it gets a sentence', async (name, sentence, make) => {
    const { code, err } = await run(['compare', '--data', withFirst(name, make)]);
    expect(code).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toBe(`--data: ${names[0]} ${sentence}; expected a file. `);
  });

  it('that is a file, or is in none, gets a sentence', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect((await run(['compare', '--data', file])).err).toContain('is no folder; expected a folder with IDX files.');
    expect((await run(['compare', '--data', join(file, 'x')])).err.replace(/\s+/g, ' ')).toContain(
      'lies under a file, which is no folder; expected a folder with IDX files.',
    );
  });

  it('is read no differently by the command that reads a model', async () => {
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    expect((await run(['flow', '--model', pipe])).err).toContain('is a named pipe; expected a file.');
  });
});

describe.runIf(isPosix)('a path of code', () => {
  const healthy = (): string => {
    const file = join(folder, 'healthy.py');
    writeFileSync(file, 'from torch import nn\nmodel = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))\n');
    return file;
  };
  const socketAt = async (file: string) => {
    const server = createServer().listen(file);
    await once(server, 'listening');
    return () => void server.close();
  };
  const nothing = () => {};

  it.each([
    ['named pipe', 'is a named pipe', async (file: string) => (execFileSync('mkfifo', [file]), nothing)],
    ['device', 'is a device', async (file: string) => (symlinkSync('/dev/zero', file), nothing)],
    ['socket', 'is a socket', socketAt],
    ['dangling link', 'does not exist', async (file: string) => (symlinkSync('nowhere', file), nothing)],
  ])('that leads to a %s is refused before anything is checked', async (_, sentence, make) => {
    const file = join(folder, 'named.py');
    const end = await make(file);
    try {
      for (const command of ['read', 'check']) {
        const { code, out, err } = await run([command, healthy(), file]);
        expect([code, out, err]).toEqual([2, '', `${file} ${sentence}; expected a file or a folder.\n`]);
      }
    } finally {
      end();
      rmSync(file, { force: true });
    }
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is refused, too', async () => {
    const file = healthy();
    chmodSync(file, 0o200);
    const { code, out, err } = await run(['check', file]);
    expect([code, out, err]).toEqual([2, '', `${file} may not be read by you; expected a file or a folder.\n`]);
  });

  it('that stands in a folder that is named is passed over, where it is none', async () => {
    const own = join(folder, 'sources');
    mkdirSync(own);
    execFileSync('mkfifo', [join(own, 'pipe.py')]);
    symlinkSync('/dev/zero', join(own, 'zero.py'));
    healthy();
    const { code, out } = await run(['check', own, join(folder, 'healthy.py')]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^Nothing found in 1 model in 1 file, /)]);
  });
});
