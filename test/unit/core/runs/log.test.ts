import fc from 'fast-check';
import { strFromU8, strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { joinedBytes } from '../../../../src/core/format/bytes';
import { crc32 } from '../../../../src/core/math/crc32';
import { NewerRunError, RunFileError } from '../../../../src/core/runs/fileError';
import { type LogEntry, logLines, readRunLog, runLog } from '../../../../src/core/runs/log';
import type { RunRecord } from '../../../../src/core/runs/record';
import { parseRun, serialiseRun } from '../../../../src/core/runs/serialise';
import { newsSince, positionOf, startOf } from '../../../../src/core/runs/since';
import { contents, emptyRun, finishedRun, stepsOf, train } from './runs';

const read = (pieces: readonly Uint8Array[]) => readRunLog(pieces);

/** A line with its checksum made right again after a change. */
function withJson(number: number, change: (json: StoredHead) => void, line: Uint8Array): Uint8Array {
  const json = JSON.parse(strFromU8(line).replace(/^\S+ \S+ /, '')) as StoredHead;
  change(json);
  return rawLine(`${number} ${JSON.stringify(json)}`);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const rawLine = (body: string): Uint8Array =>
  strToU8(`${crc32(strToU8(body)).toString(16).padStart(8, '0')} ${body}\n`);

test('the checksum is CRC-32', () => {
  expect(crc32(strToU8('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

describe('a log', () => {
  test('comes back whole', () => {
    const run = finishedRun({ seeds: 2 });
    const { run: back, whole, problem } = read(runLog(run));
    expect(contents(back)).toEqual(contents(run));
    expect([whole, problem]).toEqual([true, undefined]);
  });

  test('comes back from whatever pieces it was written in, and whatever was recorded between them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 5 })), { maxLength: 12 }),
        fc.nat({ max: 3 }),
        (turns, overlap) => {
          const run = emptyRun({ seeds: 2 });
          const lines = logLines([{ kind: 'head', run }], 0);
          let position = startOf(run);
          for (const [i, steps] of turns) {
            const network = run.networks[i]!;
            const left = 12 - network.steps.count;
            if (left > 0) train(run, network, Math.min(left, steps));
            run.seconds += 1;
            lines.push(...logLines(newsSince(run, position), lines.length));
            position = positionOf(run);
          }
          const cut = Math.floor(lines.length / 2);
          const {
            run: back,
            whole,
            problem,
          } = read([joinedBytes(lines.slice(0, cut + overlap)), joinedBytes(lines.slice(Math.max(0, cut)))]);
          expect([whole, problem]).toEqual([false, undefined]);
          for (const network of run.networks) if (network.state !== 'finished') network.state = 'interrupted';
          expect(contents(back)).toEqual(contents(run));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keeps long series in lines that stay short', () => {
    const run = emptyRun({ epochs: 1000, batchSize: 1, activations: ['relu'] });
    run.networks[0]!.steps.append(stepsOf(0, 400_000, 3));
    const lines = runLog(run);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(2e6);
    const back = read(lines).run.networks[0]!;
    const { firstStep, ...columns } = back.steps.block();
    const { firstStep: first, ...written } = run.networks[0]!.steps.block();
    expect([firstStep, back.steps.count]).toEqual([first, 400_000]);
    // As bytes: to look at millions of numbers one by one takes many seconds.
    for (const name of ['loss', 'accuracy', 'gradientNorms'] as const) {
      expect(Buffer.compare(bytesOf(columns[name]!), bytesOf(written[name]!))).toBe(0);
    }
    expect(back.state).toBe('interrupted');
  });

  test('of a run that went on after its end has another end', () => {
    const run = emptyRun({ activations: ['relu'] });
    train(run, run.networks[0]!, 5);
    run.networks[0]!.state = 'stopped';
    const lines = runLog(run);
    expect(read(lines)).toMatchObject({ whole: true, lines: lines.length });
    const stopped = positionOf(run);
    train(run, run.networks[0]!, 7);
    lines.push(...logLines(newsSince(run, stopped), lines.length));
    expect(read(lines).whole).toBe(false);
    lines.push(...logLines([{ kind: 'end' }], lines.length));
    const { run: back, whole } = read(lines);
    expect(whole).toBe(true);
    expect(contents(back)).toEqual(contents(run));
  });
});

describe('a damaged log', () => {
  const run = finishedRun();
  const bytes = joinedBytes(runLog(run));
  const steps = (of: RunRecord) => of.networks.map((network) => network.steps.count);

  /** A half or a sentence, and never more than there was. */
  const isHonest = (damaged: Uint8Array) => {
    let result: ReturnType<typeof readRunLog>;
    try {
      result = readRunLog(damaged);
    } catch (error) {
      expect(error).toBeInstanceOf(RunFileError);
      expect((error as Error).message).toMatch(/^This .*\.$/s);
      return;
    }
    expect(result.whole).toBe(false);
    for (const [i, count] of steps(result.run).entries()) expect(count).toBeLessThanOrEqual(steps(run)[i]!);
    for (const network of result.run.networks) {
      if (network.state === 'finished') expect(network.epochs).toHaveLength(3);
    }
  };

  test('is a half, or a sentence, wherever it is cut', () => {
    for (let end = 0; end < bytes.length; end += 1 + (end % 7)) isHonest(bytes.subarray(0, end));
  });

  test('is a half, or a sentence, whichever bit is wrong', () => {
    for (let at = 0; at < bytes.length; at += 11) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      isHonest(damaged);
    }
  });

  test('is a half where lines are missing or in another order', () => {
    const lines = runLog(run);
    for (let i = 1; i < lines.length; i++) {
      isHonest(joinedBytes(lines.filter((_, k) => k !== i)));
      if (i + 1 < lines.length)
        isHonest(joinedBytes([...lines.slice(0, i), lines[i + 1]!, lines[i]!, ...lines.slice(i + 2)]));
    }
    const { problem } = readRunLog(joinedBytes(lines.filter((_, k) => k !== 2)));
    expect(problem).toMatch(/damaged after line 2: the lines from 2 to 2 are missing/);
  });

  test('says how much of it is good', () => {
    const [head, ...rest] = runLog(run);
    const { good, lines } = readRunLog([head!, rest[0]!, rest[1]!.subarray(0, 20), rest[2]!]);
    expect(good).toEqual([head!.length, rest[0]!.length, 0, 0]);
    expect(lines).toBe(2);
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a run of the first version', serialiseRun(run)],
    ['another checksummed line', strFromU8(rawLine('0 {"hello":1}'))],
    ['no number', strFromU8(rawLine('{}'))],
    ['no JSON', strFromU8(rawLine('0 {'))],
    ['a head that is damaged', strFromU8(rawLine('0 {"format":"gradient-lens-run","version":2}'))],
  ])('refuses %s', (_, text) => {
    expect(() => readRunLog(strToU8(text))).toThrow(/^This is not a stored run of Gradient Lens: .*\.$/s);
  });

  test('tells a newer version from damage', () => {
    const newer = rawLine('0 {"format":"gradient-lens-run","version":3,"more":true}');
    expect(() => readRunLog(newer)).toThrow(NewerRunError);
    expect(() => readRunLog(newer)).toThrow(/newer Gradient Lens \(format 3; this one reads up to 2\)/);
  });
});

interface StoredHead {
  id: string;
  startedAt: string;
  dataset: { train: number };
  config: { epochs: number; hidden: number[]; activations: string[] };
}

/** Values that no training tells, in a file whose checksums are right. */
describe('poison', () => {
  const run = finishedRun({ activations: ['relu'] });
  const network = 'relu#0';
  const row = { epoch: 1, loss: 1, accuracy: 1, testLoss: 1, testAccuracy: 1 };
  const [recorded] = [...newsSince(run, startOf(run))];
  if (recorded?.kind !== 'recorded') throw new Error('no steps');
  const { steps, probes } = recorded;
  const none = emptyRun().networks[0]!.steps.block();

  const entries: [string, LogEntry, RegExp][] = [
    ['steps of another network', { ...recorded, network: 'tanh#0' }, /tanh#0 is not a network/],
    ['steps after a gap', { ...recorded, steps: { ...steps, firstStep: 1 } }, /lack those before 1/],
    ['more steps than there are', { ...recorded, steps: stepsOf(0, 13, 3) }, /go to step 13 of 12/],
    ['steps of other layers', { ...recorded, steps: { ...steps, gradientNorms: new Float32Array(24) } }, /same length/],
    [
      'an accuracy of 2',
      { ...recorded, steps: { ...steps, accuracy: steps.accuracy!.map(() => 2) } },
      /outside 0 to 1/,
    ],
    [
      'an endless accuracy',
      { ...recorded, steps: { ...steps, accuracy: steps.accuracy!.map(() => 1 / 0) } },
      /outside 0/,
    ],
    ['probes of steps to come', { ...recorded, steps: none }, /not there \(step 0\)/],
    [
      'a probe far away',
      { ...recorded, probes: { ...probes, step: probes.step.map((s) => s + 2147483635) } },
      /probes/,
    ],
    [
      'a probe before the first',
      { ...recorded, probes: { ...probes, step: probes.step.map((s) => s - 1) } },
      /step -1/,
    ],
    ['probes backwards', { ...recorded, probes: { ...probes, step: probes.step.slice().reverse() } }, /out of order/],
    ['too few ratios', { ...recorded, probes: { ...probes, updateRatio: new Float32Array(3) } }, /same length/],
    [
      'a share of 3',
      { ...recorded, probes: { ...probes, deadShare: probes.deadShare!.map(() => 3) } },
      /share outside/,
    ],
    ['an epoch far away', { kind: 'epochEnded', network, row: { ...row, epoch: 20_000_000 } }, /lack those before/],
    ['epoch 0', { kind: 'epochEnded', network, row: { ...row, epoch: 0 } }, /epoch 0 of 3/],
    ['an epoch without its steps', { kind: 'epochEnded', network, row }, /not all its steps/],
    ['a word for a state', { kind: 'state', network, state: 'asleep' as never, seconds: 1 }, /cannot be read/],
    ['negative seconds', { kind: 'clock', seconds: -1 }, /cannot be read at seconds/],
    ['seconds that are none', { kind: 'clock', seconds: Number.NaN }, /cannot be read at seconds/],
    ['a kind to come', { kind: 'weather' } as never, /cannot be read/],
  ];

  test.each(entries)('%s is where reading ends', (_, entry, message) => {
    const read = readRunLog(logLines([{ kind: 'head', run }, entry, { kind: 'end' }], 0));
    expect(read.problem).toMatch(message);
    expect(read).toMatchObject({ whole: false, lines: 1 });
    expect(read.run.networks[0]).toMatchObject({ state: 'interrupted', epochs: [] });
    expect(read.run.networks[0]!.steps.count).toBe(0);
  });

  test('a network that has finished without its steps is interrupted', () => {
    const state: LogEntry = { kind: 'state', network, state: 'finished', seconds: 1 };
    const { run: back, problem } = readRunLog(logLines([{ kind: 'head', run }, state, { kind: 'end' }], 0));
    expect(back.networks[0]!.state).toBe('interrupted');
    expect(problem).toMatch(/0 of 12 steps and 0 of 3 epochs/);
  });

  const heads: [string, (head: StoredHead) => void][] = [
    ['a path as id', (head) => (head.id = '../../etc')],
    ['no date', (head) => (head.startedAt = '<img src=x>')],
    ['a day that is none', (head) => (head.startedAt = '2026-13-45T00:00:00Z')],
    ['too many images', (head) => (head.dataset.train = 1e300)],
    ['no images', (head) => (head.dataset.train = 0)],
    ['too many epochs', (head) => (head.config.epochs = 1e9)],
    ['too many layers', (head) => (head.config.hidden = new Array(1000).fill(1))],
    ['an unknown activation', (head) => (head.config.activations = ['softmax'])],
  ];
  test.each(heads)('%s is refused', (_, change) => {
    const [line] = runLog(run);
    expect(() => readRunLog(withJson(0, change, line!))).toThrow(RunFileError);
  });
});

describe('a run as one text', () => {
  test('is refused with a sentence before it is made, where no text could hold it', () => {
    const long = finishedRun();
    Object.defineProperty(long.networks[0]!.steps, 'count', { value: 94_000 * 400 });
    expect(() => serialiseRun(long)).toThrow(RunFileError);
    expect(() => serialiseRun(long)).toThrow(/^The run has \d+ MB of figures; one file of it holds at most \d+ MB\./);
  });

  const json = JSON.parse(serialiseRun(finishedRun()));
  const broken: [string, (copy: typeof json) => void, RegExp][] = [
    ['a network too few', (copy) => copy.networks.pop(), /has 1 networks; its settings make 2/],
    ['networks in another order', (copy) => copy.networks.reverse(), /where its settings make sigmoid#0/],
    ['a layer too few', (copy) => copy.networks[0].layers.pop(), /with 3 layers, it has sigmoid#0 with 2/],
    ['an epoch far away', (copy) => (copy.networks[0].epochs[0].epoch = 20_000_000), /epochs of sigmoid#0/],
    ['an epoch twice', (copy) => copy.networks[0].epochs.push(copy.networks[0].epochs[2]), /out of order/],
    ['an epoch too few', (copy) => copy.networks[0].epochs.pop(), /has finished, but has 12 of 12 steps and 2 of 3/],
    ['an accuracy of 7', (copy) => (copy.networks[0].epochs[0].accuracy = 7), /outside 0 to 1/],
    ['seconds without end', (copy) => (copy.networks[1].seconds = '1e999'), /damaged at networks\.1\.seconds/],
    ['an unknown activation', (copy) => (copy.networks[0].activation = 'softmax'), /it has sigmoid#0/],
    ['HTML for a date', (copy) => (copy.startedAt = '<b>'), /damaged at startedAt/],
    ['a path for an id', (copy) => (copy.id = 'a/b'), /damaged at id/],
  ];
  test.each(broken)('with %s is refused', (_, change, message) => {
    const copy = structuredClone(json);
    change(copy);
    const text = JSON.stringify(copy).replace('"1e999"', '1e999');
    expect(() => parseRun(text)).toThrow(RunFileError);
    expect(() => parseRun(text)).toThrow(message);
  });
});
