import { beforeEach, describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/core/math/crc32';
import type { RunRecord } from '../../../src/core/runs/record';
import { parseRun, serialiseRun } from '../../../src/core/runs/serialise';
import { RunStore } from '../../../src/host/runs/runStore';
import type { KeptRunWriter } from '../../../src/host/runs/runWriter';
import { checkpointAt, contents, emptyRun, finishedRun, train } from '../core/runs/runs';
import { Disk, HandClock, settled } from './memoryFiles';

let disk: Disk;
let clock: HandClock;
let reports: string[];
beforeEach(() => {
  disk = new Disk();
  clock = new HandClock();
  reports = [];
});

const storeOf = (owner = 'a', files = disk.window()) =>
  new RunStore({ files, clock, owner, report: (message) => void reports.push(`${owner}: ${message}`) });

async function opened(owner = 'a', files = disk.window()): Promise<RunStore> {
  const store = storeOf(owner, files);
  await store.open();
  return store;
}

/** Trains a network on and tells the writer of it. */
function tell(writer: KeptRunWriter, network: number, steps: number): void {
  for (const news of train(writer.run, writer.run.networks[network]!, steps)) writer.news(news);
}

/** A whole run, from beginning to end. */
async function keep(store: RunStore, id: string): Promise<RunRecord> {
  const run = emptyRun({}, id);
  const writer = store.begin(run);
  tell(writer, 0, 12);
  await writer.flush();
  tell(writer, 1, 12);
  await writer.end();
  await settled();
  return run;
}

const fileOf = (id: string): string => disk.names.find((name) => name.startsWith(`${id}.`) && name.endsWith('.run'))!;

const states = (store: RunStore) => Object.fromEntries(store.list().map(({ id, state }) => [id, state]));

describe('a run that trains', () => {
  it('is kept in parts that are never written again, and in one file at its end', async () => {
    const store = await opened();
    const run = emptyRun();
    const writer = store.begin(run);
    const seen = new Map<string, Uint8Array>();
    for (let i = 0; i < 4; i++) {
      tell(writer, i % 2, 5);
      await clock.pass(6);
      for (const [name, bytes] of disk.files) {
        if (!name.endsWith('.part')) continue;
        if (seen.has(name)) expect(bytes).toEqual(seen.get(name));
        seen.set(name, bytes);
      }
    }
    expect(seen.size).toBe(4);
    expect(states(store)).toEqual({ run: 'running' });
    for (const i of [0, 1]) tell(writer, i, 2);
    await writer.end();
    await settled();
    expect(disk.names).toEqual(['index.json', expect.stringMatching(/^run\.\d{6}\.run$/)]);
    expect(states(store)).toEqual({ run: 'finished' });
    expect(contents((await store.read('run')).run)).toEqual(contents(run));
    expect((await store.read('run')).note).toBeUndefined();
    expect(reports).toEqual([]);
  });

  it('writes less often the longer it trains', async () => {
    const store = await opened();
    const run = emptyRun({ epochs: 1000 });
    run.seconds = 3000;
    const writer = store.begin(run);
    await settled();
    const parts = () => disk.names.filter((name) => name.endsWith('.part')).length;
    const before = parts();
    tell(writer, 0, 5);
    await clock.pass(59);
    expect(parts()).toBe(before);
    await clock.pass(2);
    expect(parts()).toBe(before + 1);
  });

  it('is there after the window has closed, and goes on after what is recorded', async () => {
    const first = await opened('a');
    const writer = first.begin(emptyRun());
    tell(writer, 0, 7);
    writer.checkpoint('sigmoid#0', checkpointAt(4));
    await first.close();
    expect(disk.names.some((name) => name.endsWith('.lock'))).toBe(false);

    const second = await opened('b');
    expect(states(second)).toEqual({ run: 'interrupted' });
    const { run } = await second.read('run');
    expect(run.networks[0]!.steps.count).toBe(7);
    expect([...(await second.checkpoints('run')).keys()]).toEqual(['sigmoid#0']);
    const goesOn = await second.continueWriting(run);
    tell(goesOn, 0, 5);
    tell(goesOn, 1, 12);
    await goesOn.end();
    await settled();
    const third = await opened('c');
    expect(states(third)).toEqual({ run: 'finished' });
    expect(contents((await third.read('run')).run).networks).toEqual(contents(finishedRun()).networks);
    expect(disk.names).toEqual(['index.json', expect.stringMatching(/^run\.\d{6}\.run$/)]);
  });

  it.each([
    ['goes without a word', false, 6, 5],
    ['ends the run', true, 8, 8],
  ])(
    'keeps checkpoints with their steps where a later one comes while it writes, and the window %s',
    async (...given) => {
      const [, ends, steps, step] = given;
      const store = await opened();
      const writer = store.begin(emptyRun());
      tell(writer, 0, 5);
      writer.checkpoint('sigmoid#0', checkpointAt(4));
      await writer.flush();
      tell(writer, 0, 1);
      writer.checkpoint('sigmoid#0', checkpointAt(5));
      const before = new Set(disk.names);
      const written = writer.flush();
      for (let turns = 0; !disk.names.some((name) => name.includes('.part.') && !before.has(name)); turns++) {
        expect(turns).toBeLessThan(100);
        await Promise.resolve();
      }
      tell(writer, 0, 2);
      writer.checkpoint('sigmoid#0', checkpointAt(8));
      if (ends) for (const network of writer.run.networks) network.state = 'stopped';
      await (ends ? writer.end() : written);
      // As once its lock is old.
      disk.files.delete('run.lock');
      const later = await opened('b');
      expect((await later.read('run')).run.networks[0]!.steps.count).toBe(steps);
      expect((await later.checkpoints('run')).get('sigmoid#0')?.step).toBe(step);
    },
  );

  it('that was stopped can go on behind its file, as often as one likes', async () => {
    const store = await opened();
    const writer = store.begin(emptyRun());
    tell(writer, 0, 3);
    for (const network of writer.run.networks) network.state = 'stopped';
    await writer.end();
    await settled();
    for (let i = 0; i < 3; i++) {
      const { run } = await store.read('run');
      const again = await store.continueWriting(run);
      tell(again, 0, 3);
      await again.flush();
      expect(disk.names.filter((name) => /\.(run|part)$/.test(name)).length).toBeGreaterThan(1);
      const { run: midway } = await (await opened('b')).read('run');
      expect(midway.networks[0]!.steps.count).toBe(6 + 3 * i);
      if (i === 2) tell(again, 1, 12);
      else for (const network of run.networks) network.state = 'stopped';
      await again.end();
      await settled();
    }
    expect(contents((await store.read('run')).run).networks).toEqual(contents(finishedRun()).networks);
  });

  it('goes on at once where it is continued while its end is written', async () => {
    for (let turns = 0; turns < 40; turns++) {
      disk = new Disk();
      const store = await opened();
      const run = emptyRun();
      const writer = store.begin(run);
      tell(writer, 0, 3);
      const ended = writer.end();
      for (let i = 0; i < turns; i++) await Promise.resolve();
      const again = await store.continueWriting(run);
      tell(again, 0, 9);
      await ended;
      tell(again, 1, 12);
      await again.end();
      await settled();
      const { run: back, note } = await (await opened('b')).read('run');
      expect(note).toBeUndefined();
      expect(contents(back)).toEqual(contents(run));
    }
  });

  it('does not hand out a checkpoint beyond what is recorded', async () => {
    const store = await opened();
    const writer = store.begin(emptyRun());
    tell(writer, 0, 3);
    writer.checkpoint('sigmoid#0', checkpointAt(9));
    await writer.flush();
    expect((await store.checkpoints('run')).size).toBe(0);
  });
});

describe('a list', () => {
  it('of a thousand runs comes from listing and index alone', async () => {
    const first = await opened();
    await keep(first, 'run-0');
    const file = disk.files.get(fileOf('run-0'))!;
    for (let i = 1; i < 1000; i++) {
      const head = new TextDecoder().decode(file);
      disk.files.set(fileOf('run-0').replace('run-0', `run-${i}`), new TextEncoder().encode(head));
    }
    const index = JSON.parse(new TextDecoder().decode(disk.files.get('index.json')));
    const [entry] = index.entries;
    index.entries = Array.from({ length: 1000 }, (_, i) => ({
      ...entry,
      summary: { ...entry.summary, id: `run-${i}` },
    }));
    disk.files.set('index.json', new TextEncoder().encode(JSON.stringify(index)));
    disk.reads = [];
    const store = await opened('b');
    expect(store.list()).toHaveLength(1000);
    expect(disk.reads).toEqual(['index.json']);
  });

  it('is the same where the index is lost, damaged, newer, or of another time', async () => {
    const first = await opened();
    await keep(first, 'one');
    await first.rename('one', '  My run ');
    await first.pin('one', true);
    const old = disk.files.get('index.json')!;
    await keep(first, 'two');
    const before = new Set(
      first.list().map(({ id, name, pinned, state }) => JSON.stringify([id, name, pinned, state])),
    );
    expect(before).toContain('["one","My run",true,"finished"]');
    const newer = new TextEncoder().encode('{"format":"gradient-lens-runs","version":9}');
    for (const index of [undefined, new Uint8Array(3), newer, old, old.subarray(0, 100)]) {
      if (index === undefined) disk.files.delete('index.json');
      else disk.files.set('index.json', index);
      const store = await opened('b');
      const after = store.list().map(({ id, name, pinned, state }) => JSON.stringify([id, name, pinned, state]));
      expect(new Set(after)).toEqual(before);
    }
  });

  it('leaves out runs whose file is gone', async () => {
    const store = await opened();
    await keep(store, 'one');
    disk.files.delete(fileOf('one'));
    expect((await opened('b')).list()).toEqual([]);
    await expect(store.read('one')).rejects.toThrow('not there any more');
    expect(store.list()).toEqual([]);
  });

  it('tells of its changes', async () => {
    const store = await opened();
    let changes = 0;
    const listening = store.onDidChange(() => changes++);
    await keep(store, 'one');
    expect(changes).toBeGreaterThan(0);
    listening.dispose();
    changes = 0;
    await store.rename('one', 'other');
    expect(changes).toBe(0);
    await store.rename('one', '');
    expect(store.list()[0]?.name).toBeUndefined();
  });

  it('keeps the checkpoints of the ten newest runs', async () => {
    const store = await opened();
    for (let i = 10; i < 23; i++) {
      const run = { ...emptyRun({}, `run-${i}`), startedAt: `2026-01-${i}T00:00:00.000Z` };
      const writer = store.begin(run);
      tell(writer, 0, 5);
      writer.checkpoint('sigmoid#0', checkpointAt(4));
      run.networks[0]!.state = 'stopped';
      await writer.end();
    }
    await settled();
    await opened('b');
    const kept = disk.names.filter((name) => name.endsWith('.checkpoint'));
    expect(kept).toEqual(Array.from({ length: 10 }, (_, i) => `run-${i + 13}.000000.checkpoint`));
  });
});

describe('a deleted run', () => {
  it('comes back, with its name, or goes for good when the store is opened later', async () => {
    const store = await opened();
    const run = await keep(store, 'one');
    await store.rename('one', 'My run');
    await store.remove('one');
    expect(store.list()).toEqual([]);
    expect((await opened('b')).list()).toEqual([]);
    await store.restore('one');
    expect(store.list()).toMatchObject([{ id: 'one', name: 'My run', state: 'finished' }]);
    expect((await opened('b')).list()).toMatchObject([{ id: 'one', name: 'My run' }]);
    expect(contents((await store.read('one')).run)).toEqual(contents(run));
    await store.remove('one');
    await clock.pass(3700);
    await opened('c');
    expect(disk.names).toEqual(['index.json']);
    await expect(store.restore('one')).rejects.toThrow('cannot be brought back');
  });

  it('can be one that is in parts still', async () => {
    const first = await opened();
    tell(first.begin(emptyRun()), 0, 5);
    await first.close();
    const store = await opened('b');
    await store.remove('run');
    expect((await opened('c')).list()).toEqual([]);
    await store.restore('run');
    expect((await store.read('run')).run.networks[0]!.steps.count).toBe(5);
  });

  it('cannot be one that trains, here or elsewhere', async () => {
    const store = await opened('a');
    const writer = store.begin(emptyRun());
    await writer.flush();
    await expect(store.remove('run')).rejects.toThrow('Stop it');
    const other = await opened('b');
    await expect(other.remove('run')).rejects.toThrow('another window');
  });
});

describe('two windows', () => {
  it('that write at the same time lose no run', async () => {
    const [a, b] = [await opened('a'), await opened('b')];
    await Promise.all([keep(a, 'one'), keep(b, 'two'), keep(a, 'three'), keep(b, 'four')]);
    for (const store of [await opened('c'), a, b]) {
      await store.refresh();
      expect(states(store)).toEqual({ one: 'finished', two: 'finished', three: 'finished', four: 'finished' });
    }
    expect(reports).toEqual([]);
  });

  it('see each other’s names and deletions, whichever writes the index last', async () => {
    const a = await opened('a');
    await keep(a, 'one');
    await keep(a, 'two');
    const b = await opened('b');
    await b.rename('one', 'named in b');
    await b.remove('two');
    await a.pin('one', true);
    await keep(a, 'three');
    expect(Object.keys(states(a)).sort()).toEqual(['one', 'three']);
    expect((await opened('c')).list().find(({ id }) => id === 'one')).toMatchObject({ pinned: true });
  });

  it('do not take a run that trains in the other for an interrupted one', async () => {
    const a = await opened('a');
    const writer = a.begin(emptyRun());
    tell(writer, 0, 5);
    await writer.flush();
    await settled();
    const b = await opened('b');
    expect(states(b)).toEqual({ run: 'running' });
    expect(b.isElsewhere('run')).toBe(true);
    const { run } = await b.read('run');
    await expect(b.continueWriting(run)).rejects.toThrow(/trains in another window, which gave its last sign 0 s ago/);
    // It is paused for long, and still gives signs of life.
    await clock.pass(100);
    expect(states(b)).toEqual({ run: 'running' });
    await expect(b.continueWriting(run)).rejects.toThrow('another window');
  });

  it('let the one go on where the other has gone without a word', async () => {
    const files = disk.window();
    const gone = { now: () => clock.now(), after: () => () => {} };
    const a = new RunStore({ files, clock: gone, owner: 'a', report: (message) => void reports.push(message) });
    await a.open();
    const writer = a.begin(emptyRun());
    tell(writer, 0, 5);
    await writer.flush();
    const b = await opened('b');
    expect(states(b)).toEqual({ run: 'running' });
    await clock.pass(50);
    expect(states(b)).toEqual({ run: 'interrupted' });
    const goesOn = await b.continueWriting((await b.read('run')).run);
    tell(goesOn, 0, 1);
    await goesOn.flush();
    // The first one was only asleep.
    tell(writer, 0, 7);
    await writer.flush();
    expect(reports).toEqual([expect.stringContaining('goes on in another window')]);
    tell(goesOn, 0, 6);
    tell(goesOn, 1, 12);
    await goesOn.end();
    await settled();
    expect(states(await opened('c'))).toEqual({ run: 'finished' });
  });

  it('do not write an older record over one that has gone on', async () => {
    const a = await opened('a');
    tell(a.begin(emptyRun()), 0, 5);
    await a.close();
    const [b, c] = [await opened('b'), await opened('c')];
    const { run: stale } = await b.read('run');
    const writer = await c.continueWriting((await c.read('run')).run);
    tell(writer, 0, 7);
    tell(writer, 1, 12);
    await writer.end();
    await settled();
    await expect(b.continueWriting(stale)).rejects.toThrow('gone on in another window');
    expect(states(await opened('d'))).toEqual({ run: 'finished' });
  });
});

describe('a disk', () => {
  it('that is full for a while loses nothing, and is told of once', async () => {
    const store = await opened();
    const writer = store.begin(emptyRun());
    await writer.flush();
    disk.full = true;
    for (let i = 0; i < 3; i++) {
      tell(writer, 0, 2);
      await clock.pass(6);
    }
    expect(reports).toEqual([expect.stringMatching(/could not be saved: .* \(no space left\)\. Nothing is lost/)]);
    disk.full = false;
    tell(writer, 0, 2);
    await clock.pass(6);
    const { run } = await (await opened('b')).read('run');
    expect(run.networks[0]!.steps.count).toBe(8);
    disk.full = true;
    tell(writer, 0, 4);
    tell(writer, 1, 12);
    await writer.end();
    expect(reports).toHaveLength(2);
    expect(contents((await store.read('run')).run).networks).toEqual(contents(finishedRun()).networks);
    disk.full = false;
    await clock.pass(6);
    const { run: back, note } = await (await opened('c')).read('run');
    expect([contents(back), note]).toEqual([contents(writer.run), undefined]);
  });

  it('that is full lets a run be deleted', async () => {
    const store = await opened();
    await keep(store, 'one');
    disk.full = true;
    await store.remove('one');
    disk.full = false;
    expect((await opened('b')).list()).toEqual([]);
  });

  it('that the window leaves at any operation keeps every finished run, and what was written of the others', async () => {
    /** All that a store does, until the window dies. */
    const life = async (crashAt: number): Promise<{ finished: Set<string>; steps: number }> => {
      const finished = new Set<string>(['old']);
      let steps = 0;
      const store = storeOf('a', disk.window(crashAt));
      const tried = async (what: () => Promise<unknown>, then?: () => void) => {
        await what().then(
          () => !disk.crashed && then?.(),
          () => {},
        );
        await settled();
      };
      await tried(() => store.open());
      const writer = store.begin(emptyRun({}, 'new'));
      tell(writer, 0, 4);
      writer.checkpoint('sigmoid#0', checkpointAt(4));
      await tried(
        () => writer.flush(),
        () => (steps = 4),
      );
      tell(writer, 0, 8);
      tell(writer, 1, 12);
      await tried(
        () => writer.end(),
        () => finished.add('new'),
      );
      const stopped = store.begin(emptyRun({}, 'stopped'));
      tell(stopped, 0, 3);
      for (const network of stopped.run.networks) network.state = 'stopped';
      await tried(() => stopped.end());
      await tried(
        async () => {
          const again = await store.continueWriting((await store.read('stopped')).run);
          tell(again, 0, 9);
          await again.flush();
          tell(again, 1, 12);
          await again.end();
        },
        () => finished.add('stopped'),
      );
      await tried(() => store.rename('old', 'renamed'));
      await tried(
        () => store.remove('old'),
        () => finished.delete('old'),
      );
      await tried(
        () => store.restore('old'),
        () => finished.add('old'),
      );
      return { finished, steps };
    };
    const prepare = async () => {
      disk = new Disk();
      await keep(await opened('before'), 'old');
      reports = [];
      disk.operations = 0;
    };
    await prepare();
    const whole = await life(Number.POSITIVE_INFINITY);
    expect([...whole.finished].sort()).toEqual(['new', 'old', 'stopped']);
    const { operations } = disk;
    expect(operations).toBeGreaterThan(60);
    for (let crashAt = 0; crashAt < operations; crashAt++) {
      await prepare();
      const { finished, steps } = await life(crashAt);
      await clock.pass(31);
      reports = [];
      const store = await opened('next');
      const found = states(store);
      // While it is being deleted, and a run that was told to be kept is kept.
      for (const id of finished)
        if (id !== 'old' || found.old !== undefined)
          expect([crashAt, id, found[id]]).toEqual([crashAt, id, 'finished']);
      if (found.old === undefined) await store.restore('old');
      expect(states(store).old).toBe('finished');
      if (found.new === undefined) expect(steps).toBe(0);
      else expect((await store.read('new')).run.networks[0]!.steps.count).toBeGreaterThanOrEqual(steps);
      for (const { id } of store.list()) expect((await store.read(id)).note).toBeUndefined();
      expect(reports).toEqual([]);
      // All can go on from here.
      for (const { id, state } of store.list()) {
        if (state === 'finished') continue;
        const writer = await store.continueWriting((await store.read(id)).run);
        for (const [i, { steps: series }] of writer.run.networks.entries()) {
          if (series.count < 12) tell(writer, i, 12 - series.count);
          else writer.run.networks[i]!.state = 'finished';
        }
        await writer.end();
        await settled();
      }
      const last = await opened('last');
      for (const { id } of last.list()) {
        expect(contents((await last.read(id)).run).networks).toEqual(contents(finishedRun()).networks);
      }
    }
  });
});

describe('a file', () => {
  it('that is damaged from its beginning is set aside, and said so', async () => {
    const store = await opened();
    await keep(store, 'one');
    await keep(store, 'two');
    const one = fileOf('one');
    disk.files.set(one, new TextEncoder().encode('hello\n'));
    await expect(store.read('one')).rejects.toThrow('not a stored run');
    expect(disk.names).toContain(`${one}.damaged`);
    expect(states(store)).toEqual({ two: 'finished' });
    disk.files.set(fileOf('two'), new Uint8Array(0));
    disk.files.delete('index.json');
    expect((await opened('b')).list()).toEqual([]);
    expect(disk.names).toContain('two.000002.run.damaged');
    expect(reports).toEqual([
      expect.stringMatching(/^a: This is not a stored run .* lies in one\.\d+\.run\.damaged now\.$/),
      expect.stringMatching(/^b: This is not a stored run .* lies in two\.\d+\.run\.damaged now\.$/),
    ]);
  });

  it('of a newer version is left where it is, and said so', async () => {
    const store = await opened();
    await keep(store, 'one');
    const body = '0 {"format":"gradient-lens-run","version":3}';
    const crc = crc32(new TextEncoder().encode(body)).toString(16).padStart(8, '0');
    const newer = new TextEncoder().encode(`${crc} ${body}\n`);
    const one = fileOf('one');
    disk.files.set(one, newer);
    disk.files.delete('index.json');
    const other = await opened('b');
    await other.refresh();
    expect(other.list()).toEqual([]);
    expect(disk.files.get(one)).toEqual(newer);
    expect(reports).toEqual([expect.stringContaining('newer Gradient Lens (format 3')]);
  });

  it.each([0.3, 0.6, 0.9])('that is cut after %f of it is a half that can go on', async (share) => {
    const store = await opened();
    await keep(store, 'one');
    const whole = disk.files.get(fileOf('one'))!;
    disk.files.set(fileOf('one'), whole.slice(0, share * whole.length));
    const { run, note } = await store.read('one');
    expect(note).toMatch(/damaged after line \d+/);
    const writer = await store.continueWriting(run);
    for (const [i, { steps }] of run.networks.entries()) {
      if (steps.count < 12) tell(writer, i, 12 - steps.count);
    }
    await writer.flush();
    const midway = await (await opened('b')).read('one');
    expect(midway.note).toBeUndefined();
    await writer.end();
    await settled();
    expect((await (await opened('c')).read('one')).note).toBeUndefined();
  });

  it('in the middle of the parts that is damaged is set aside when the run goes on', async () => {
    const first = await opened();
    const writer = first.begin(emptyRun());
    for (let i = 0; i < 4; i++) {
      tell(writer, 0, 2);
      await writer.flush();
    }
    await first.close();
    const parts = disk.names.filter((name) => name.endsWith('.part'));
    expect(parts).toHaveLength(4);
    disk.files.get(parts[2]!)![30]! ^= 4;
    const store = await opened('b');
    expect(states(store)).toEqual({ run: 'interrupted' });
    const { run, note } = await store.read('run');
    expect(note).toMatch(/checksum/);
    expect(run.networks[0]!.steps.count).toBe(4);
    const goesOn = await store.continueWriting(run);
    tell(goesOn, 0, 8);
    tell(goesOn, 1, 12);
    await goesOn.end();
    await settled();
    expect(disk.names).toContain(`${parts[2]}.damaged`);
    const { run: back, note: none } = await (await opened('c')).read('run');
    expect(none).toBeUndefined();
    expect(contents(back).networks).toEqual(contents(finishedRun()).networks);
  });

  it('of checkpoints that is damaged is set aside, and the run stays', async () => {
    const first = await opened();
    const writer = first.begin(emptyRun());
    tell(writer, 0, 5);
    writer.checkpoint('sigmoid#0', checkpointAt(4));
    await first.close();
    disk.files.get('run.000000.checkpoint')![200]! ^= 1;
    const store = await opened('b');
    expect((await store.checkpoints('run')).size).toBe(0);
    expect(disk.names).toContain('run.000000.checkpoint.damaged');
    expect(states(store)).toEqual({ run: 'interrupted' });
    expect(reports).toEqual([expect.stringContaining('checkpoint is damaged')]);
  });

  it('with another kind of name is no business of ours', async () => {
    for (const name of ['readme.txt', '../run.run', 'a b.run', '.run', 'run.run', 'x.part'])
      disk.files.set(name, new Uint8Array(1));
    const before = disk.names;
    expect((await opened()).list()).toEqual([]);
    expect(disk.names.filter((name) => name !== 'index.json')).toEqual(before);
    expect(() => storeOf().begin(emptyRun({}, '../up'))).toThrow(RangeError);
  });
});

describe('a run that comes from a file', () => {
  it('is kept as it is, for every window', async () => {
    const run = finishedRun({}, 'given');
    const store = await opened();
    expect(await store.importRun(parseRun(serialiseRun(run)))).toBe(true);
    expect(states(store)).toEqual({ given: 'finished' });
    expect(contents((await store.read('given')).run)).toEqual(contents(run));
    expect(states(await opened('b'))).toEqual({ given: 'finished' });
  });

  it('leaves the one of the same name as it is', async () => {
    const store = await opened();
    const run = await keep(store, 'given');
    await store.rename('given', 'Mine');
    const before = disk.names;
    expect(await store.importRun(emptyRun({ epochs: 9 }, 'given'))).toBe(false);
    expect(disk.names).toEqual(before);
    expect(store.list().map(({ name }) => name)).toEqual(['Mine']);
    expect(contents((await store.read('given')).run)).toEqual(contents(run));
  });

  it('is not written over one that trains', async () => {
    const store = await opened();
    const writer = store.begin(emptyRun({}, 'given'));
    expect(await store.importRun(finishedRun({}, 'given'))).toBe(false);
    tell(writer, 0, 5);
    await writer.flush();
    expect(states(store)).toEqual({ given: 'running' });
  });

  it('brings back the one that was deleted', async () => {
    const store = await opened();
    const run = await keep(store, 'given');
    await store.remove('given');
    expect(await store.importRun(run)).toBe(false);
    expect(states(store)).toEqual({ given: 'finished' });
    expect(disk.names.filter((name) => name.endsWith('.deleted'))).toEqual([]);
  });
});

describe('the one run that earlier versions kept', () => {
  const old = new Disk();
  beforeEach(() => old.files.clear());

  it('is taken in once', async () => {
    const run = finishedRun({}, 'old');
    old.files.set('last-comparison.json', new TextEncoder().encode(serialiseRun(run)));
    const store = await opened();
    await store.importLast(old.window());
    await store.importLast(old.window());
    expect(states(store)).toEqual({ old: 'finished' });
    expect(contents((await store.read('old')).run)).toEqual(contents(run));
    expect(old.names).toEqual([]);
    expect(states(await opened('b'))).toEqual({ old: 'finished' });
  });

  it.each([
    ['{"format":"gradient-lens-run","version":1', ['last-comparison.json.damaged'], /not JSON.*lies in/],
    ['{"format":"gradient-lens-run","version":7}', ['last-comparison.json'], /newer Gradient Lens/],
  ])('is set aside or left where it cannot be read: %s', async (text, names, message) => {
    old.files.set('last-comparison.json', new TextEncoder().encode(text));
    const store = await opened();
    await store.importLast(old.window());
    expect(old.names).toEqual(names);
    expect(reports).toEqual([expect.stringMatching(message)]);
  });
});
