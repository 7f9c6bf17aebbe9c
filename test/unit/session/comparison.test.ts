import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import type { NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { applyNews, type RunNews } from '../../../src/core/runs/news';
import { recordedSteps, runProgress } from '../../../src/core/runs/progress';
import { createRunRecord, type RunRecord } from '../../../src/core/runs/record';
import { parseRun, serialiseRun } from '../../../src/core/runs/serialise';
import type { Verdict } from '../../../src/core/verdicts/verdict';
import { PROTOCOL_VERSION } from '../../../src/protocol/version';
import type { TrainingJob, TrainingOutcome } from '../../../src/protocol/workers/training';
import { Comparison } from '../../../src/session/comparison';
import type { ComparisonOptions } from '../../../src/session/comparisonOptions';
import type { Resume } from '../../../src/session/resume';
import {
  block,
  checkpointAt,
  config,
  dataset,
  fakeWorker,
  handClock,
  noProbe,
  probe,
  row,
  type Script,
  STEPS,
  summary,
  tellStep,
  tensors,
  upTo,
  wellBehaved,
  withResolvers,
} from './scriptedWorker';

function compare(script: Script, change: Partial<ExperimentConfig> = {}, options: Partial<ComparisonOptions> = {}) {
  const started: TrainingJob[] = [];
  const logged: string[] = [];
  const levels: string[] = [];
  const news: RunNews[] = [];
  const checkpoints = new Map<string, NetworkCheckpoint>();
  const { clock, turn, due } = handClock();
  const comparison: Comparison = new Comparison({
    config: { ...config, ...change },
    dataset,
    binaries: {},
    launch: () => fakeWorker(script, started),
    parallel: 2,
    id: 'test',
    startedAt: '2026-01-01T00:00:00Z',
    clock,
    onChange: () => {},
    onNews: (each) => news.push(structuredClone(each)),
    onCheckpoint: (network, checkpoint) => void checkpoints.set(network, checkpoint),
    log(level, text) {
      logged.push(text);
      levels.push(level);
    },
    ...options,
  });
  return { comparison, started, logged, levels, news, checkpoints, turn, due };
}

/** A record as text, which holds all of it. */
const textOf = (run: RunRecord) => JSON.parse(serialiseRun(run)) as unknown;

/** What somebody has who heard all news, and began with a record. */
function heard(news: readonly RunNews[], run: RunRecord): unknown {
  for (const each of news) applyNews(run, each);
  return textOf(run);
}

const newRun = (change: Partial<ExperimentConfig> = {}) =>
  createRunRecord('test', '2026-01-01T00:00:00Z', { ...config, ...change }, summary);

describe('a comparison', () => {
  it('trains every activation of every seed once, and keeps what it hears', async () => {
    const { comparison, started } = compare(wellBehaved, { seeds: 3, seed: 7 });
    await comparison.start();
    expect(started.map(({ activation, seed }) => `${activation} ${seed}`).sort()).toEqual([
      'relu 7',
      'relu 8',
      'relu 9',
      'sigmoid 7',
      'sigmoid 8',
      'sigmoid 9',
    ]);
    expect(
      comparison.run.networks.every(
        ({ state, steps, epochs }) => state === 'finished' && steps.count === STEPS && epochs.length === 3,
      ),
    ).toBe(true);
    expect(comparison.verdicts.size).toBe(6);
    expect(runProgress(comparison.run)).toBe(1);
  });

  it('marks the network of a dead worker, keeps its records, and lets the others finish', async () => {
    const { comparison } = compare({
      async train(news, job, { die }) {
        if (job.activation === 'relu') return wellBehaved.train(news, job, { stopped: Promise.resolve(), die });
        await news.recorded(block(0), probe());
        setTimeout(() => die('out of memory'));
        return new Promise<TrainingOutcome>(() => {});
      },
    });
    await comparison.start();
    const [sigmoid, relu] = comparison.run.networks;
    expect(sigmoid!.state).toBe('failed');
    expect(sigmoid!.message).toContain('out of memory');
    expect(sigmoid!.steps.count).toBe(1);
    expect(relu!.state).toBe('finished');
  });

  it('stops a worker that answers, with its last steps', async () => {
    const running = withResolvers();
    const { comparison, due } = compare(
      {
        async train(news, _job, { stopped }) {
          await news.recorded(block(0), probe());
          running.resolve();
          await stopped;
          await news.recorded(block(1), noProbe());
          return { state: 'stopped', seconds: 1, tensors };
        },
      },
      { seeds: 2 },
    );
    const over = comparison.start();
    await running.promise;
    comparison.stop();
    await over;
    expect(comparison.run.networks.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    expect(comparison.run.networks[0]!.steps.count).toBe(2);
    expect(comparison.run.networks[2]!.steps.count).toBe(0);
    // Nobody waits for them any more.
    expect(due).toEqual([]);
  });

  it('ends a worker that does not answer a stop in time', async () => {
    const running = withResolvers();
    const { comparison, turn, due } = compare(
      {
        async train(news) {
          await news.recorded(block(0), probe());
          running.resolve();
          return new Promise<TrainingOutcome>(() => {});
        },
      },
      { activations: ['sigmoid'] },
    );
    const over = comparison.start();
    await running.promise;
    comparison.stop();
    expect(due).toHaveLength(1);
    turn(2000);
    await over;
    expect(comparison.run.networks.every(({ state }) => state === 'stopped')).toBe(true);
  });

  it('fails a network, not the run, where steps do not follow each other', async () => {
    const { comparison, logged } = compare({
      async train(news) {
        await news.recorded(block(5), probe());
        return { state: 'finished', seconds: 1, tensors };
      },
    });
    await comparison.start();
    expect(logged.join(' ')).toContain('do not follow');
    expect(comparison.run.networks[0]!.steps.count).toBe(0);
    expect(comparison.run.networks[0]!.state).toBe('failed');
    expect(comparison.run.networks[0]!.message).toMatch(/told what does not fit the record: .* run again\.$/);
  });

  it.each([
    ['steps', { step: 5, epoch: true }, 'told 5 of 6 steps and 3 of 3 epochs'],
    ['an epoch', { step: 6, epoch: false }, 'told 6 of 6 steps and 2 of 3 epochs'],
  ])('does not believe a worker that has finished without %s', async (_, last, message) => {
    const { comparison } = compare({
      async train(news) {
        for (let step = 0; step < 5; step++) await tellStep(news, step);
        if (last.step === 6) await news.recorded(block(5), noProbe());
        if (last.epoch) await news.epochEnded(row(3));
        return { state: 'finished', seconds: 2, tensors };
      },
    });
    await comparison.start();
    for (const network of comparison.run.networks) {
      expect(network.state).toBe('failed');
      expect(network.message).toContain(message);
      expect(network.seconds).toBe(2);
    }
  });

  it('fails the network whose worker does not start, and trains the others', async () => {
    let launches = 0;
    const started: TrainingJob[] = [];
    const { comparison, logged } = compare(
      wellBehaved,
      { backend: 'auto', seeds: 2 },
      {
        launch() {
          launches++;
          // The first one times the backends.
          if (launches % 2 === 0) throw new Error('no more threads');
          return fakeWorker(wellBehaved, started);
        },
      },
    );
    await comparison.start();
    expect(comparison.state).toBe('over');
    const states = comparison.run.networks.map(({ state }) => state);
    expect(states.toSorted()).toEqual(['failed', 'failed', 'finished', 'finished']);
    expect(started.map((job) => job.config.backend)).toEqual(['wasm', 'wasm']);
    expect(comparison.run.networks[0]!.message).toBe(
      'The worker that should train it did not start (no more threads). Run again.',
    );
    expect(logged.join(' ')).toContain('no more threads');
  });

  it('pauses a worker that comes up in a pause, and lets it go on', async () => {
    const [prepared, training, resumed] = [withResolvers(), withResolvers(), withResolvers()];
    const asked: string[] = [];
    let ready = false;
    const { comparison } = compare(
      {
        async prepare() {
          await prepared.promise;
          ready = true;
        },
        asked(what) {
          // Before it is ready, a worker has nothing to pause.
          if (ready) asked.push(what);
          if (ready && what === 'resume') resumed.resolve();
        },
        async train(news, job, life) {
          training.resolve();
          await resumed.promise;
          return wellBehaved.train(news, job, life);
        },
      },
      { activations: ['sigmoid'] },
    );
    const over = comparison.start();
    for (let i = 0; i < 3; i++) {
      comparison.pause();
      comparison.resume();
    }
    comparison.pause();
    prepared.resolve();
    await training.promise;
    expect(asked.at(-1)).toBe('pause');
    comparison.resume();
    await over;
    expect(asked.at(-1)).toBe('resume');
    expect(comparison.run.networks[0]!.state).toBe('finished');
  });

  it('started in a pause, brings its workers up and waits', async () => {
    const asked: string[] = [];
    const order: string[] = [];
    const states: string[] = [];
    const { comparison, turn } = compare({
      ...wellBehaved,
      asked: (what) => asked.push(what),
      train(news, job, life) {
        order.push(`${job.activation} after ${asked.join()}`);
        states.push(...comparison.run.networks.map(({ state }) => state));
        return wellBehaved.train(news, job, life);
      },
    });
    comparison.pause();
    turn(5000);
    await comparison.start();
    expect(order[0]).toMatch(/after pause/);
    expect(states.slice(0, 2)).toEqual(['paused', 'paused']);
    expect(comparison.run.seconds).toBe(0);
  });

  it('counts the seconds of a network without its pauses, also where its worker dies', async () => {
    const paused = withResolvers();
    const going = withResolvers();
    let die = (_: string) => {};
    const { comparison, turn } = compare(
      {
        async train(news, _job, life) {
          die = life.die;
          await news.stateChanged('running');
          await tellStep(news, 0);
          return new Promise<TrainingOutcome>(() => {});
        },
        asked: (what, news) =>
          void news
            .stateChanged(what === 'pause' ? 'paused' : 'running')
            .then(() => setTimeout(what === 'pause' ? paused.resolve : going.resolve)),
      },
      { activations: ['sigmoid'] },
      {
        onChange() {
          if (recordedSteps(comparison.run) === 1 && comparison.state === 'running' && comparison.seconds === 0) {
            turn(2000);
            comparison.pause();
          }
        },
      },
    );
    const over = comparison.start();
    await paused.promise;
    turn(10_000);
    comparison.resume();
    await going.promise;
    turn(1000);
    die('out of memory');
    await over;
    expect(comparison.run.networks[0]!.state).toBe('failed');
    expect(comparison.run.networks[0]!.seconds).toBe(3);
    expect(comparison.run.seconds).toBe(3);
  });

  it('that is stopped before it starts, launches nothing', async () => {
    const { comparison, started, news } = compare(wellBehaved);
    comparison.stop();
    await comparison.start();
    expect([started, comparison.state]).toEqual([[], 'over']);
    expect(comparison.run.networks.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(news).toHaveLength(2);
  });

  it('waits for no worker that still prepares when it is stopped', async () => {
    const preparing = withResolvers();
    const { comparison, due } = compare({
      ...wellBehaved,
      prepare() {
        preparing.resolve();
        return new Promise<void>(() => {});
      },
    });
    const over = comparison.start();
    await preparing.promise;
    comparison.stop();
    expect(due).toEqual([]);
    await over;
    expect(comparison.run.networks.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('asks nothing of a worker but to train, where nobody pauses or stops, and logs what becomes of it', async () => {
    const asked: string[] = [];
    const { comparison, logged, levels, news } = compare(
      { ...wellBehaved, asked: (what) => asked.push(what) },
      { activations: ['relu'] },
    );
    await comparison.start();
    expect(asked).toEqual([]);
    expect(logged).toEqual([
      'ReLU trains on wasm: operations of tfjs.',
      'ReLU finished on wasm after 1.0 s; tensors 12 → 12',
    ]);
    expect(levels).toEqual(['info', 'info']);
    expect(news.flatMap((each) => (each.kind === 'state' ? [each.state] : []))).not.toContain('waiting');
  });

  it('logs what of a worker is no news, and goes on', async () => {
    let toPage: (message: unknown) => void = () => {};
    const script: Script = {
      train(news, job, life) {
        toPage({ gradientLens: PROTOCOL_VERSION, body: { t: 'q', m: 'epochEnded', a: ['first'] } });
        return wellBehaved.train(news, job, life);
      },
    };
    const { comparison, logged, levels } = compare(
      script,
      { activations: ['relu'] },
      {
        launch() {
          const handle = fakeWorker(script, []);
          const { transport } = handle;
          return {
            ...handle,
            transport: {
              ...transport,
              listen(receive) {
                toPage = receive;
                return transport.listen(receive);
              },
            },
          };
        },
      },
    );
    await comparison.start();
    expect(comparison.run.networks[0]!.state).toBe('finished');
    expect(logged).toContainEqual(expect.stringMatching(/^ReLU: epochEnded, argument 1/));
    expect(levels).toContain('error');
  });

  it('leaves no rejection unheard where pauses and resumes storm while workers come, go and die', async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', note);
    try {
      for (let storm = 0; storm < 40; storm++) {
        let told = 0;
        const { comparison } = compare(
          {
            async train(news, job, life) {
              if ((storm + job.seed) % 3 === 0) queueMicrotask(() => life.die('gone'));
              return wellBehaved.train(news, job, life);
            },
            prepare: () => {
              if (storm % 5 === 4) throw new Error('no backend');
            },
            checkpoint: () => checkpointAt(0),
          },
          { seeds: 3, backend: storm % 2 === 0 ? 'auto' : 'wasm' },
          {
            onChange() {
              if (++told % (1 + (storm % 4)) !== 0) return;
              queueMicrotask(() => {
                if (told > 60) comparison.stop();
                else if (told % 2 === 0) comparison.pause();
                else comparison.resume();
                void comparison.checkpoint();
              });
            },
          },
        );
        await comparison.start();
        expect(comparison.state).toBe('over');
      }
      await new Promise((resolve) => setTimeout(resolve));
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(unheard).toEqual([]);
  });
});

describe('the news of a comparison', () => {
  it('make an equal record', async () => {
    const { comparison, news, turn } = compare(wellBehaved, { seeds: 2 }, { onChange: () => turn(90) });
    await comparison.start();
    expect(comparison.run.seconds).toBeGreaterThan(1);
    expect(heard(news, newRun({ seeds: 2 }))).toEqual(textOf(comparison.run));
    expect(news.filter(({ kind }) => kind === 'clock').length).toBeLessThan(news.length / 2);
    const states = news.flatMap((each) => (each.kind === 'state' && each.network === 'sigmoid#0' ? [each.state] : []));
    expect(states).toEqual(['running', 'running', 'running', 'finished']);
  });

  it('bring its seconds at most every quarter of a second while it trains, and at once where it holds', async () => {
    const { comparison, news, turn } = compare(
      {
        async train(told) {
          await told.stateChanged('running');
          for (let step = 0; step < STEPS; step++) {
            turn(125);
            await tellStep(told, step);
          }
          turn(125);
          comparison.pause();
          return { state: 'finished', seconds: 1, tensors };
        },
      },
      { activations: ['relu'] },
    );
    await comparison.start();
    expect(news.flatMap((each) => (each.kind === 'clock' ? [each.seconds] : []))).toEqual([0.25, 0.5, 0.75, 0.875]);
  });

  it('make an equal record at any moment, with pauses, deaths, divergence and a stop', async () => {
    const { comparison, news, turn } = compare(
      {
        async train(told, job, life) {
          if (job.seed === 1 && job.activation === 'relu') queueMicrotask(() => life.die('gone'));
          await told.stateChanged('running');
          await tellStep(told, 0);
          await told.stateChanged('paused');
          await told.stateChanged('running');
          if (job.seed === 2) return { state: 'diverged', message: 'Not finite.', seconds: 1.5, tensors };
          if (job.seed === 3) queueMicrotask(() => comparison.stop());
          return wellBehaved.train(told, { ...job, checkpoint: checkpointAt(1) }, life);
        },
      },
      { seeds: 5 },
      {
        onChange() {
          turn(90);
          mirror = heard(news.splice(0), shown);
        },
      },
    );
    const shown = newRun({ seeds: 5 });
    let mirror: unknown;
    await comparison.start();
    expect(mirror).toEqual(textOf(comparison.run));
    const states = new Set(comparison.run.networks.map(({ state }) => state));
    expect([...states].toSorted()).toEqual(['diverged', 'failed', 'finished', 'stopped']);
    expect(comparison.run.networks.find(({ state }) => state === 'diverged')!.message).toBe('Not finite.');
  });
});

describe('the verdicts of a comparison', () => {
  it('come with the first steps, anew after each epoch and at the end, and stay as they are between', async () => {
    const told: (Verdict | undefined)[] = [];
    const { comparison } = compare(
      {
        async train(news) {
          const look = () => told.push(comparison.verdicts.get('relu#0'));
          await news.stateChanged('running');
          look();
          for (let step = 0; step < STEPS; step++) {
            await news.recorded(block(step), step === 0 ? probe() : noProbe());
            look();
            if (step % 2 === 0) continue;
            await news.epochEnded(row((step + 1) / 2));
            look();
          }
          return { state: 'finished', seconds: 1, tensors };
        },
      },
      { activations: ['relu'] },
    );
    await comparison.start();
    told.push(comparison.verdicts.get('relu#0'));
    const [before, first, second, epoch, third, fourth, later] = told;
    expect(before).toBeUndefined();
    expect(first!.kind).toBe('started');
    expect(second).not.toBe(first);
    // By the row of the epoch: 90 % right.
    expect([epoch!.kind, epoch!.provisional]).toEqual(['healthy', true]);
    expect([third, fourth]).toEqual([epoch, epoch]);
    expect([third === epoch, fourth === epoch, later === epoch]).toEqual([true, true, false]);
    expect([told.at(-2)!.provisional, told.at(-1)!.provisional]).toEqual([true, false]);
  });
});

describe('the checkpoints of a comparison', () => {
  it('are told as they come, and asked of all that train', async () => {
    const reached = withResolvers();
    let count = 0;
    const { comparison, checkpoints } = compare({
      ...upTo(3, () => ++count === 2 && reached.resolve()),
      checkpoint: (job) => (job.activation === 'relu' ? checkpointAt(3) : undefined),
    });
    const over = comparison.start();
    await comparison.checkpoint();
    expect(checkpoints.size).toBe(0);
    await reached.promise;
    await comparison.checkpoint();
    expect([...checkpoints]).toEqual([['relu#0', checkpointAt(3)]]);
    comparison.stop();
    await over;
    expect([...checkpoints.keys()].toSorted()).toEqual(['relu#0', 'sigmoid#0']);
  });
});

describe('a checkpoint', () => {
  it('that a worker cannot give is said in the log, and the next one is asked all the same', async () => {
    const reached = withResolvers();
    let count = 0;
    const { comparison, checkpoints, logged, levels } = compare({
      ...upTo(3, () => ++count === 2 && reached.resolve()),
      checkpoint(job) {
        if (job.activation === 'sigmoid') throw new Error('no memory left');
        return checkpointAt(3);
      },
    });
    const over = comparison.start();
    await reached.promise;
    await comparison.checkpoint();
    expect([...checkpoints.keys()]).toEqual(['relu#0']);
    expect(logged.at(-1)).toBe('sigmoid gave no checkpoint: no memory left');
    expect(levels.at(-1)).toBe('warn');
    comparison.stop();
    await over;
  });

  it('is asked of no worker that prepares, nor after a stop', async () => {
    let [asked, count] = [0, 0];
    const [preparing, go, reached] = [withResolvers(), withResolvers(), withResolvers()];
    const { comparison } = compare({
      ...upTo(3, () => ++count === 2 && reached.resolve()),
      prepare() {
        preparing.resolve();
        return go.promise;
      },
      checkpoint() {
        asked++;
        return checkpointAt(3);
      },
    });
    const over = comparison.start();
    await preparing.promise;
    await comparison.checkpoint();
    go.resolve();
    await reached.promise;
    comparison.stop();
    await comparison.checkpoint();
    await over;
    expect(asked).toBe(0);
  });
});

describe('a stop', () => {
  it('does not wait for a checkpoint that is under way', async () => {
    const reached = withResolvers();
    const handed = withResolvers();
    const { comparison } = compare(
      { ...upTo(3, reached.resolve), checkpoint: () => checkpointAt(3) },
      { activations: ['sigmoid'] },
      {
        onCheckpoint() {
          handed.resolve();
          return new Promise<void>(() => {});
        },
      },
    );
    const over = comparison.start();
    await reached.promise;
    void comparison.checkpoint();
    await handed.promise;
    comparison.stop();
    await over;
    expect(comparison.run.networks.map(({ state, steps }) => [state, steps.count])).toEqual([['stopped', 3]]);
  });
});

describe('a comparison that goes on', () => {
  /** Interrupted: sigmoid of seed 0 has finished, relu has some steps, seed 1 waits. */
  async function interrupted(last: number, change: Partial<ExperimentConfig> = {}) {
    const reached = withResolvers();
    const { comparison, checkpoints, news } = compare(
      {
        train: (told, job, life) =>
          (job.activation === 'relu' ? upTo(last, reached.resolve) : wellBehaved).train(told, job, life),
      },
      { seeds: 2, ...change },
      { parallel: 1 },
    );
    void comparison.start();
    await reached.promise;
    // As a page that goes away leaves it, in the host's file.
    const run = parseRun(serialiseRun(comparison.run));
    run.seconds = 7;
    run.networks[1]!.seconds = 4;
    return { run, checkpoints, news };
  }

  const goOn = (resume: Resume, options: Partial<ComparisonOptions> = {}) =>
    compare(wellBehaved, {}, { resume, ...options });

  it('from a checkpoint trains the rest, and records what an undisturbed one does', async () => {
    const { run } = await interrupted(5);
    const before = textOf(run);
    expect(run.networks.map(({ state }) => state)).toEqual(['finished', 'interrupted', 'interrupted', 'interrupted']);
    const { comparison, started, news } = goOn({ run, checkpoints: new Map([['relu#0', checkpointAt(3)]]) });
    expect(comparison.run.networks[1]!.steps.count).toBe(3);
    expect(comparison.run.networks[1]!.epochs).toHaveLength(1);
    expect(comparison.verdicts.has('sigmoid#0')).toBe(true);
    await comparison.start();
    expect(started.map(({ activation, seed, checkpoint }) => [activation, seed, checkpoint?.step])).toEqual([
      ['relu', 0, 3],
      ['sigmoid', 1, undefined],
      ['relu', 1, undefined],
    ]);
    expect(textOf(run)).toEqual(before);
    const whole = compare(wellBehaved, { seeds: 2 });
    await whole.comparison.start();
    const numbers = ({ networks }: RunRecord) =>
      networks.map(({ steps, probes, epochs, state }) => [steps.block(), probes.block(), epochs, state]);
    expect(numbers(comparison.run)).toEqual(numbers(whole.comparison.run));
    expect(comparison.run.seconds).toBe(7);
    // Its clock goes on from there.
    expect(comparison.seconds).toBe(7);
    expect(comparison.run.networks[1]!.seconds).toBe(5);
    // Whoever has the record with all its steps comes to the same.
    expect(heard(news, run)).toEqual(textOf(comparison.run));
  });

  it('without a checkpoint begins anew', async () => {
    const { run } = await interrupted(4);
    const { comparison, started, news } = goOn({ run, checkpoints: new Map() });
    await comparison.start();
    expect(started.map(({ checkpoint }) => checkpoint)).toEqual([undefined, undefined, undefined]);
    expect(comparison.run.networks.map(({ state, seconds }) => [state, seconds])).toEqual([
      ['finished', 1],
      ['finished', 1],
      ['finished', 1],
      ['finished', 1],
    ]);
    expect(heard(news, run)).toEqual(textOf(comparison.run));
    const told = news.flatMap((each) => (each.kind === 'state' && each.network === 'relu#1' ? [each.state] : []));
    expect(told.slice(0, 2)).toEqual(['waiting', 'running']);
  });

  it('begins on the backend that the first network had, without timing any', async () => {
    const { run } = await interrupted(4, { backend: 'auto' });
    run.networks[0]!.backend = 'cpu';
    const { comparison, started } = goOn({ run, checkpoints: new Map() });
    await comparison.start();
    expect(started.map((job) => job.config.backend)).toEqual(['wasm', 'cpu', 'cpu']);
  });

  it('begins anew where the record’s end was lost before the checkpoint', async () => {
    const { run } = await interrupted(3);
    const { comparison, started } = goOn({ run, checkpoints: new Map([['relu#0', checkpointAt(4)]]) });
    expect(comparison.run.networks[1]!.steps.count).toBe(0);
    await comparison.start();
    expect(started[0]!.checkpoint).toBeUndefined();
    expect(comparison.run.networks[1]!.state).toBe('finished');
  });

  it('keeps the backend that each network had, and the one that auto chose', async () => {
    const { run } = await interrupted(4, { backend: 'auto' });
    run.networks[1]!.backend = 'cpu';
    const { comparison, started } = goOn({ run, checkpoints: new Map([['relu#0', checkpointAt(2)]]) });
    await comparison.start();
    expect(started.map((job) => job.config.backend)).toEqual(['cpu', 'wasm', 'wasm']);
    expect(comparison.run.networks[1]!.backend).toBe('cpu');
  });

  it('keeps its checkpoint on a GPU that is lost before it told another', async () => {
    const { run } = await interrupted(5, { backend: 'webgl' });
    const { comparison, started } = compare(
      {
        async train(news, job, life) {
          if (job.config.backend === 'wasm') return wellBehaved.train(news, job, life);
          return { state: 'lost', seconds: 0, tensors };
        },
      },
      {},
      { resume: { run, checkpoints: new Map([['relu#0', checkpointAt(3)]]) }, parallel: 1 },
    );
    await comparison.start();
    expect(started.slice(0, 2).map((job) => [job.activation, job.config.backend, job.checkpoint?.step])).toEqual([
      ['relu', 'webgl', 3],
      ['relu', 'wasm', 3],
    ]);
    expect(comparison.run.networks[1]!.steps.count).toBe(STEPS);
  });

  it('leaves alone what diverged, and trains again what failed or was stopped', async () => {
    const { run } = await interrupted(2);
    run.networks[1]!.state = 'diverged';
    run.networks[2]!.state = 'failed';
    run.networks[2]!.message = 'The worker died.';
    run.networks[3]!.state = 'stopped';
    const { comparison, started } = goOn({ run, checkpoints: new Map() });
    await comparison.start();
    expect(started.map(({ activation, seed }) => `${activation}#${seed}`)).toEqual(['sigmoid#1', 'relu#1']);
    expect(comparison.run.networks.map(({ state }) => state)).toEqual(['finished', 'diverged', 'finished', 'finished']);
    expect(comparison.run.networks[2]!.message).toBeUndefined();
  });

  it('with other data says so', async () => {
    const { run } = await interrupted(2);
    run.dataset = { ...run.dataset, train: 60_000 };
    expect(() => goOn({ run, checkpoints: new Map() })).toThrow(
      /trained on 60,000 training and 2 test images .* the data are now 4 training/,
    );
  });

  it('whole, has nothing to do', async () => {
    const { run } = await interrupted(2);
    for (const network of run.networks) network.state = 'finished';
    const { comparison, started } = goOn({ run, checkpoints: new Map() });
    await comparison.start();
    expect(started).toEqual([]);
    expect(comparison.state).toBe('over');
  });
});
