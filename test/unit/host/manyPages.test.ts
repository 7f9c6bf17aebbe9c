import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/math/random';
import type { RunRecord } from '../../../src/core/runs/record';
import { contents } from '../core/runs/runs';
import { settled } from './memoryFiles';
import { config, moment, type Page, PER_EPOCH, STEPS, until, Window, World } from './realPages';

let world: World;
let window: Window;
let unheard: unknown[];
/** What the run records where nothing happens to it. */
let undisturbed: ReturnType<typeof numbers>;

const note = (reason: unknown) => void unheard.push(reason);
beforeEach(() => {
  world = new World();
  window = new Window(world);
  unheard = [];
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await settled();
  process.off('unhandledRejection', note);
  expect(unheard).toEqual([]);
});

beforeAll(async () => {
  const quiet = new Window(new World());
  const page = await quiet.open();
  await quiet.train(page);
  await finished(quiet);
  undisturbed = numbers(quiet.conductor.run);
  page.close();
});

const bytes = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');
const bits = (columns: object) =>
  Object.fromEntries(Object.entries(columns).map(([name, x]) => [name, typeof x === 'number' ? x : bytes(x)]));

/** All that training records, to the bit; how long it took is another matter. */
const numbers = (run: RunRecord | undefined) =>
  run?.networks.map(({ id, state, backend, message, epochs, steps, probes }) => ({
    ...{ id, state, backend, message, epochs },
    steps: bits(steps.block()),
    probes: bits(probes.block()),
  }));

const phase = (of: Window) => of.conductor.status.phase;
const finished = (of: Window) => until('the run is finished', () => phase(of) === 'finished');
const over = (of: Window) => until('nothing trains', () => !['loading', 'running', 'paused'].includes(phase(of)));
const counts = (run: RunRecord | undefined) => run?.networks.map(({ steps }) => steps.count);

/** Host, every page that is open, and the files have the same, and it is what an undisturbed run records. */
async function isWhole(of: Window): Promise<void> {
  await moment(world);
  const run = of.conductor.run!;
  expect(numbers(run)).toEqual(undisturbed);
  for (const { shown } of of.pages) expect(contents(shown!)).toEqual(contents(run));
  const later = new Window(world, 'later');
  await later.store.open();
  const read = await later.store.read(run.id);
  expect(read.note).toBeUndefined();
  expect(contents(read.run)).toEqual(contents(run));
  expect(later.store.list().map(({ id, state }) => [id, state])).toEqual([[run.id, 'finished']]);
}

/** Does something once, when a network has told so many steps. */
function at(network: string, step: number, act: (page: Page) => void): void {
  const before = world.onStep;
  let done = false;
  world.onStep = (id, steps, page) => {
    before(id, steps, page);
    if (done || id !== network || steps !== step) return;
    done = true;
    act(page);
  };
}

describe('a run that nothing happens to', () => {
  it('is the same in the host, in every page, and in the files', async () => {
    const [side, panel] = [await window.open(), await window.open()];
    await window.train(panel);
    await finished(window);
    expect([side.trains, panel.trains]).toEqual([false, false]);
    await isWhole(window);
    expect(counts(window.conductor.run)).toEqual([STEPS, STEPS]);
    expect(world.problems).toEqual([]);
    expect(world.reports).toEqual([]);
  });

  it('is shown whole by a page that opens in the middle', async () => {
    await window.train(await window.open());
    let opened: Page | undefined;
    at('tanh#0', 6, () => {
      void window.open().then((page) => {
        opened = page;
        expect(contents(page.shown!)).toEqual(contents(window.conductor.run!));
        expect(counts(page.shown)![0]).toBeGreaterThan(0);
        expect(counts(page.shown)![0]).toBeLessThan(STEPS);
      });
    });
    await finished(window);
    expect(opened).toBeDefined();
    await isWhole(window);
  });

  it('is the same where it is paused and goes on', async () => {
    const [side, panel] = [await window.open(), await window.open()];
    await window.train(panel);
    let asked = 0;
    at('relu#0', 3, () => {
      asked++;
      window.conductor.pause();
    });
    at('relu#0', 9, () => {
      asked++;
      void side.host.pauseRun();
    });
    for (let pauses = 0; pauses < 2; pauses++) {
      await until('it pauses', () => asked === pauses + 1);
      await moment(world);
      const before = counts(window.conductor.run);
      world.clock.turn(60_000);
      await moment(world);
      expect(counts(window.conductor.run)).toEqual(before);
      expect(side.follower.mirror.store.get().status.phase).toBe('paused');
      await side.host.resumeRun();
    }
    await finished(window);
    await isWhole(window);
  });
});

describe('a page that misses news', () => {
  it.each([2, 3, 7])('one in %d, has all of them in the end', async (each) => {
    const page = await window.open();
    const side = await window.open();
    let sent = 0;
    side.loses = (method) => method === 'news' && ++sent % each === 0;
    at('tanh#0', STEPS - 1, () => {
      side.loses = () => false;
    });
    world.pace = 200;
    await window.train(page);
    await finished(window);
    expect(sent).toBeGreaterThan(each);
    await isWhole(window);
  });
});

describe('the page that trains is closed', () => {
  const places = [1, 2, PER_EPOCH, PER_EPOCH + 1, 11, STEPS - 1, STEPS];
  const paces = [1, 2500];
  it.each(places.flatMap((step) => paces.map((pace) => [step, pace] as const)))(
    'at step %d, where a step takes %d ms, and the other goes on',
    async (step, pace) => {
      world.pace = pace;
      const [side, panel] = [await window.open(), await window.open()];
      await window.train(panel);
      const toldBySide: number[] = [];
      const { onStep } = world;
      world.onStep = (network, steps, page) => {
        onStep(network, steps, page);
        if (page === side && network === 'tanh#0') toldBySide.push(steps);
      };
      at('tanh#0', step, (page) => page.close());
      await finished(window);
      // It goes on from a checkpoint, once the first has come, which is asked for after 5 s; both networks' steps take theirs.
      expect(toldBySide[0]).toBeGreaterThan(2 * pace * (step - 2) > 5000 ? 1 : 0);
      expect(toldBySide[0]).toBeLessThanOrEqual(step);
      expect([panel.isOpen, side.isOpen, window.summoned]).toEqual([false, true, 0]);
      await isWhole(window);
      expect(world.problems).toEqual([]);
    },
  );

  it('while its data load', async () => {
    const [side, panel] = [await window.open(), await window.open()];
    world.holdData = true;
    await window.train(panel);
    await settled();
    expect(phase(window)).toBe('loading');
    world.holdData = false;
    panel.close();
    await finished(window);
    expect(side.isOpen).toBe(true);
    await isWhole(window);
  });

  it.each([2, PER_EPOCH, 7])(
    'while it is paused at step %d, and the other stays paused until it is resumed',
    async (step) => {
      const [side, panel] = [await window.open(), await window.open()];
      await window.train(panel);
      let asked = false;
      at('relu#0', step, () => {
        asked = true;
        window.conductor.pause();
      });
      await until('it pauses', () => asked);
      await moment(world);
      panel.close();
      await moment(world);
      await until('the other has its workers', () => side.trains);
      await moment(world);
      expect(phase(window)).toBe('paused');
      const before = counts(window.conductor.run);
      await moment(world);
      expect(counts(window.conductor.run)).toEqual(before);
      window.conductor.resume();
      await finished(window);
      await isWhole(window);
    },
  );

  it('one after the other, at every step, and the next is brought up where there is none', async () => {
    let closed = 0;
    world.pace = 700;
    world.onStep = (_network, steps, page) => {
      if (steps <= closed || closed >= STEPS) return;
      closed = steps;
      page.close();
    };
    await window.train(await window.open());
    await finished(window);
    expect(window.summoned).toBe(STEPS);
    await isWhole(window);
  });
});

describe('a worker that dies', () => {
  it.each([
    [['tanh#0'], 5],
    [['relu#0'], PER_EPOCH],
    [['tanh#0', 'relu#0'], 10],
  ])('of %j at step %d leaves a run that can be continued to the same numbers', async (networks, step) => {
    const page = await window.open();
    await window.train(page);
    world.pace = 2500;
    at(networks[0]!, step, () => {
      for (const network of networks) page.kill(network);
    });
    await over(window);
    await moment(world);
    expect(window.conductor.status).toMatchObject({ phase: 'failed', resumable: true });
    expect(window.conductor.status.problem?.waysOut[0]).toBe('continueRun');
    expect(page.follower.mirror.store.get().status).toEqual(window.conductor.status);
    const recorded = counts(window.conductor.run)!;
    await page.host.continueRun();
    await finished(window);
    for (const [i, count] of recorded.entries()) expect(counts(window.conductor.run)![i]).toBeGreaterThanOrEqual(count);
    await isWhole(window);
  });
});

describe('a window that goes away', () => {
  it.each([1, 5, PER_EPOCH, 13])('at step %d, with a word, leaves all that was recorded', async (step) => {
    world.pace = 1000;
    await window.train(await window.open());
    let closed: Promise<void> | undefined;
    at('relu#0', step, () => {
      // As at Reload Window: first the pages, then the extension is told.
      for (const page of window.pages) page.vanish();
      closed = window.store.close().then(() => window.die());
    });
    await until('it goes', () => !window.lives);
    await closed;
    const before = window.conductor.run!;
    const next = new Window(world, 'b');
    await next.store.open();
    expect(next.store.list().map(({ state }) => state)).toEqual(['interrupted']);
    const { run } = await next.store.read(before.id);
    expect(counts(run)).toEqual(counts(before));
    next.conductor.show(run);
    const page = await next.open();
    expect(counts(page.shown)).toEqual(counts(before));
    expect(page.follower.mirror.store.get().status).toMatchObject({ phase: 'interrupted', resumable: true });
    await page.host.continueRun();
    await finished(next);
    await isWhole(next);
  });

  it.each([1, 5, PER_EPOCH, 13])('at step %d, without a word, leaves it once its lock is old', async (step) => {
    world.pace = 1000;
    await window.train(await window.open());
    at('relu#0', step, () => window.die());
    await until('it goes', () => !window.lives);
    await settled();
    const next = new Window(world, 'b');
    await next.store.open();
    const [summary] = next.store.list();
    expect(summary?.state).toBe('running');
    expect(next.store.isElsewhere(summary!.id)).toBe(true);
    next.conductor.show((await next.store.read(summary!.id)).run);
    await expect(next.conductor.continue()).rejects.toThrow(/trains in another window/);
    await world.clock.pass(46);
    expect(next.store.isElsewhere(summary!.id)).toBe(false);
    expect(next.store.list().map(({ state }) => state)).toEqual(['interrupted']);
    const { run } = await next.store.read(summary!.id);
    for (const [i, count] of counts(run)!.entries())
      expect(count).toBeLessThanOrEqual(counts(window.conductor.run)![i]!);
    next.conductor.show(run);
    await next.open();
    await next.conductor.continue();
    await finished(next);
    await isWhole(next);
  });
});

describe('a full disk', () => {
  it('in the middle of a run loses nothing, and is told once', async () => {
    world.pace = 2000;
    const page = await window.open();
    await window.train(page);
    at('tanh#0', 3, () => {
      world.disk.full = true;
    });
    at('tanh#0', 12, () => {
      world.disk.full = false;
    });
    await finished(window);
    await world.clock.pass(10);
    expect(world.reports).toEqual([expect.stringMatching(/^The run could not be saved: .*no space left/)]);
    await isWhole(window);
  });

  it('at the end of a run is waited for', async () => {
    world.pace = 2000;
    await window.train(await window.open());
    at('tanh#0', 3, () => {
      world.disk.full = true;
    });
    await finished(window);
    await world.clock.pass(30);
    expect(numbers(window.conductor.run)).toEqual(undisturbed);
    world.disk.full = false;
    await world.clock.pass(30);
    expect(world.reports).toHaveLength(1);
    await isWhole(window);
  });
});

describe('a storm', () => {
  const storms = Array.from({ length: 8 }, (_, seed) => seed);
  it.each(storms)('%d of pauses, stops, deaths, and pages that come and go ends in the same numbers', async (seed) => {
    const random = createRandom(seed, 'storm');
    const refused = () => {};
    const ask: ((page: Page) => void)[] = [
      () => window.conductor.pause(),
      () => window.conductor.resume(),
      () => window.conductor.stop(),
      () => void window.conductor.continue().catch(refused),
      (page) => void page.host.pauseRun().catch(refused),
      (page) => void page.host.resumeRun().catch(refused),
      (page) => void page.host.continueRun().catch(refused),
      (page) => page.close(),
      (page) => page.kill(random.below(2) === 0 ? 'tanh#0' : 'relu#0'),
      () => void window.open().catch(refused),
    ];
    world.pace = [1, 300, 4000][seed % 3]!;
    let acts = 0;
    const act = (page: Page) => {
      for (let i = random.below(4); i > 0 && acts < 60; i--) {
        acts++;
        ask[random.below(ask.length)]!(page);
      }
    };
    world.onStep = (_network, _steps, page) => act(page);
    await window.train(await window.open());
    for (let rounds = 0; phase(window) !== 'finished'; rounds++) {
      expect(rounds).toBeLessThan(400);
      await moment(world);
      if (window.pages.size === 0) await window.open();
      if (acts < 60) for (const page of [...window.pages]) act(page);
      else if (phase(window) === 'paused') window.conductor.resume();
      else if (window.conductor.status.resumable) await window.conductor.continue();
    }
    expect(acts).toBe(60);
    expect(window.conductor.run!.config).toEqual(config);
    await isWhole(window);
  });
});
