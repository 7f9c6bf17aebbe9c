import { describe, expect, it } from 'vitest';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { flowArgument } from '../../../src/core/links/flowArgument';
import { type MeasuredFlow, summariseLogs } from '../../../src/core/theory/measured';
import type { Service } from '../../../src/protocol/contract';
import {
  type CalculatorState,
  calculatorHostContract,
  calculatorPageContract,
} from '../../../src/protocol/pages/calculator';
import { measurementContract, measurementNewsContract } from '../../../src/protocol/workers/measurement';
import { CalculatorSession, measurementWork } from '../../../webview/calculator/session';
import {
  appliedRemedy,
  beforeRemedies,
  keptRemedy,
  openedHistory,
  remedyLabel,
  startWalk,
} from '../../../webview/calculator/state';
import { change, type History, startHistory, undo } from '../../../webview/kit/history';
import type { WorkerParts } from '../../../webview/shell/workers';
import { HandClock, promised, type ScriptedWorker, scriptedHost, scriptedWorker, settled } from './scripted';

/** How long a change rests before it is measured, and before it is remembered. */
const REST = 700;
const KEPT = 200;

const small: FlowConfig = { ...paperFlow, candidates: [{ activations: ['tanh'] }], widths: [8, 8], networks: 3 };
const wider: FlowConfig = { ...small, widths: [16, 16] };

const flowsOf = (typical: number): MeasuredFlow[] => {
  const size = summariseLogs([Math.log(typical)]);
  return [{ networks: 3, layers: [{ layer: 1, delta: size, kernelGradient: size }], ratio: size }];
};

interface Asked {
  readonly config: FlowConfig;
  readonly worker: ScriptedWorker<typeof measurementNewsContract>;
  answer(flows: MeasuredFlow[]): void;
  fail(reason: string): void;
}

interface Options {
  readonly state?: CalculatorState;
  readonly kept?: unknown;
  readonly host?: Partial<Service<typeof calculatorHostContract>>;
  /** Loads what starting workers takes; by default at once. */
  loadWorkers?(parts: WorkerParts): Promise<WorkerParts>;
}

/** A page before it is opened, with a host, workers and a clock that the test has in hand. */
function page({ state = { config: small }, kept, host = {}, loadWorkers = async (parts) => parts }: Options = {}) {
  const clock = new HandClock();
  const remembered: (CalculatorState | undefined)[] = [];
  const logged: string[] = [];
  const asked: Asked[] = [];
  const places: unknown[] = [];
  let loads = 0;
  const scripted = scriptedHost(
    calculatorHostContract,
    {
      ready: () => ({ state, worker: 'worker.js', files: {} }),
      compare: () => {},
      pasteText: () => '',
      revealLayer: (place) => void places.push(place),
      savePage: () => true,
      saveFile: () => true,
      copyText: () => {},
      showLog: () => {},
      log: (_, text) => void logged.push(text),
      ...host,
    },
    calculatorPageContract,
  );
  const launch = () => {
    const answer = promised<MeasuredFlow[]>();
    const worker = scriptedWorker(
      measurementContract,
      {
        measure(config) {
          asked.push({ config, worker, answer: answer.keep, fail: answer.breakWith });
          return answer.promise;
        },
      },
      measurementNewsContract,
    );
    return worker.handle;
  };
  const session = new CalculatorSession({
    transport: scripted.transport,
    kept,
    clock,
    remember: (each) => remembered.push(each),
    loadWorkers() {
      loads++;
      return loadWorkers({ binaries: {}, gpuBackends: async () => ({}), launch });
    },
  });
  const shown = () => session.store.get();
  return { session, clock, remembered, logged, asked, places, shown, host: scripted.page, loads: () => loads };
}

/** The same, opened. */
async function opened(options: Options = {}) {
  const all = page(options);
  await all.session.open();
  return all;
}

describe('a page that could not be drawn', () => {
  it('is not remembered, whatever is still changed in it, until there is another calculation', async () => {
    const { session, clock, remembered, logged } = await opened();
    session.broke(new Error('no such layer'));
    session.setLayer(2);
    await clock.pass(KEPT);
    expect(remembered.at(-1)).toBeUndefined();
    expect(logged.join()).toContain('no such layer');
    session.change(wider, '', 'width');
    await clock.pass(KEPT);
    expect(remembered.at(-1)?.config).toEqual(wider);
  });

  it('starts again from the paper’s settings', async () => {
    const { session, clock, remembered, shown } = await opened({ state: { config: wider, layer: 2 } });
    session.broke(new Error('no such layer'));
    session.startOver();
    expect(shown()).toMatchObject({ history: { present: paperFlow, past: [] }, layer: 1 });
    await clock.pass(KEPT);
    expect(remembered.at(-1)?.config).toEqual(paperFlow);
  });
});

describe('opening the calculator', () => {
  it('shows what the host asks for, and nothing is taken back by it', async () => {
    const walk = { ...startWalk, neurons: 4 };
    const { shown } = await opened({ state: { config: wider, walk, measure: 'kernel', layer: 2 } });
    expect(shown().history).toMatchObject({ present: wider, past: [] });
    expect(shown()).toMatchObject({ walk, measure: 'kernel', layer: 2, problem: undefined });
  });

  it('prefers what VS Code has kept of the page', async () => {
    const { shown } = await opened({ kept: { config: wider, layer: 2 } });
    expect(shown().history.present).toEqual(wider);
    expect(shown().layer).toBe(2);
  });

  it.each([
    ['nothing', undefined],
    ['something else', { settings: 1 }],
    ['a configuration that cannot be', { config: { ...small, widths: [-1] } }],
    ['a layer that cannot be', { config: wider, layer: 'first' }],
  ])('shows what the host asks for where %s was kept', async (_, kept) => {
    const { shown } = await opened({ kept });
    expect(shown().history.present).toEqual(small);
  });

  it('says why it could not', async () => {
    const { shown, session, logged } = await opened({
      host: { ready: () => Promise.reject(new Error('The workspace is closed.')) },
    });
    expect(shown().problem).toBe('The workspace is closed.');
    await settled();
    expect(logged).toEqual(['The workspace is closed.']);
    session.startMeasurement();
    await settled();
    expect(shown().measurement).toMatchObject({ phase: 'failed' });
  });

  it('shows the lines of the model in code that it was opened on, until another is opened', async () => {
    const { session, shown, host, places, remembered, clock } = await opened();
    session.revealLayer(1);
    await settled();
    expect(places).toEqual([]);
    const code = { model: { uri: 'file:///net.py', name: 'Net', ordinal: 0 }, layers: wider.widths.length };
    await host.show({ config: wider, layer: 2, code });
    expect(shown()).toMatchObject({ layer: 2, code });
    session.revealLayer(2);
    await settled();
    expect(places).toEqual([{ model: code.model, layer: 2 }]);
    await clock.pass(1000);
    expect(remembered.at(-1)?.code).toEqual(code);
    await host.show({ config: small });
    expect(shown().code).toBeUndefined();
    session.revealLayer(1);
    await settled();
    expect(places).toHaveLength(1);
  });

  it('takes another calculation from the host, and the one before can be brought back', async () => {
    const { shown, session, host } = await opened();
    await host.show({ config: wider });
    expect(shown().history.present).toEqual(wider);
    session.undo();
    expect(shown().history.present).toEqual(small);
  });
});

describe('changes', () => {
  it('are taken back one by one, and said', async () => {
    const { shown, session } = await opened();
    session.change(wider, '', 'width');
    session.change({ ...wider, seed: 5 }, '', 'seed');
    session.undo();
    expect(shown()).toMatchObject({ announcement: 'Taken back: seed' });
    expect(shown().history.present).toEqual(wider);
    session.undo();
    expect(shown().history.present).toEqual(small);
    session.undo();
    expect(shown().history).toMatchObject({ present: small, past: [] });
  });

  it('of one drag are one, however long it rests; the next drag is another', async () => {
    const { shown, session, clock } = await opened();
    const dragTo = async (...widths: number[]) => {
      session.hold(true);
      for (const width of widths) {
        session.change({ ...small, widths: [width, width] }, 'width', 'width');
        await clock.pass(60_000);
      }
      session.hold(false);
    };
    await dragTo(16, 32, 64);
    await dragTo(128, 256);
    session.change({ ...small, widths: [512, 512] }, 'width', 'width');
    const widths = [shown().history.present.widths[0]];
    while (shown().history.past.length > 0) {
      session.undo();
      widths.push(shown().history.present.widths[0]);
    }
    expect(widths).toEqual([512, 256, 64, small.widths[0]]);
  });

  it('of one thing in a row are one; after a rest they are another', async () => {
    const { shown, session, clock } = await opened();
    for (const width of [16, 32, 64]) {
      session.change({ ...small, widths: [width, width] }, 'width', 'width');
      await clock.pass(100);
    }
    await clock.pass(5000);
    session.change({ ...small, widths: [128, 128] }, 'width', 'width');
    expect(shown().history.past.map(({ value }) => value.widths[0])).toEqual([8, 64]);
  });

  it('that change nothing are none', async () => {
    const { shown, session } = await opened();
    session.change({ ...small }, '', 'nothing');
    expect(shown().history.past).toEqual([]);
  });

  it('take a problem away', async () => {
    const { shown, session } = await opened({ host: { pasteText: () => 'no link' } });
    session.paste();
    await settled();
    expect(shown().problem).toBeDefined();
    session.change(wider, '', 'width');
    expect(shown().problem).toBeUndefined();
  });

  it('are remembered once they have rested, and the latest alone', async () => {
    const { session, clock, remembered } = await opened();
    await clock.pass(KEPT);
    remembered.length = 0;
    session.setLayer(2);
    session.setMeasure('kernel');
    session.change(wider, '', 'width');
    await clock.pass(KEPT - 1);
    expect(remembered).toEqual([]);
    await clock.pass(1);
    expect(remembered).toEqual([{ config: wider, layer: 2, measure: 'kernel', walk: startWalk }]);
  });
});

describe('measuring', () => {
  it('starts once a change has rested, tells how far it is, and ends with what was found', async () => {
    const { shown, clock, asked } = await opened();
    await clock.pass(REST - 1);
    expect(asked).toEqual([]);
    expect(shown().measurement).toEqual({ phase: 'none' });
    await clock.pass(1);
    expect(asked.map(({ config }) => config)).toEqual([small]);
    expect(shown().measurement).toEqual({ phase: 'running', done: 0, total: 3 });
    await asked[0]!.worker.news.networksDone(2, 3);
    await settled();
    expect(shown().measurement).toEqual({ phase: 'running', done: 2, total: 3 });
    asked[0]!.answer(flowsOf(0.5));
    await settled();
    expect(shown().measurement).toEqual({ phase: 'done', flows: flowsOf(0.5) });
    expect(asked[0]!.worker.ended).toBe(true);
  });

  it('waits for the last of many changes', async () => {
    const { session, clock, asked } = await opened();
    for (let seed = 1; seed <= 5; seed++) {
      session.change({ ...small, seed }, 'seed', 'seed');
      await clock.pass(REST - 100);
    }
    expect(asked).toEqual([]);
    await clock.pass(100);
    expect(asked.map(({ config }) => config.seed)).toEqual([5]);
  });

  it('does not start unasked where it would take long, and never where there is nothing to measure', async () => {
    const long = { ...small, widths: Array.from({ length: 20 }, () => 1024), networks: 50 };
    const { session, shown, clock, asked } = await opened({ state: { config: long } });
    expect(measurementWork(long)).toBeGreaterThan(measurementWork(small));
    await clock.pass(10 * REST);
    expect(asked).toEqual([]);
    session.startMeasurement();
    await settled();
    expect(asked).toHaveLength(1);
    session.change({ ...small, networks: 0 }, '', 'networks');
    await clock.pass(10 * REST);
    session.startMeasurement();
    await settled();
    expect(asked).toHaveLength(1);
    expect(shown().measurement).toEqual({ phase: 'none' });
  });

  it('is another network’s after a change: the old one ends, and what it finds or tells is not shown', async () => {
    const { session, shown, clock, asked } = await opened();
    await clock.pass(REST);
    const [old] = asked;
    session.change(wider, '', 'width');
    expect(shown().measurement).toEqual({ phase: 'none' });
    await old!.worker.news.networksDone(3, 3);
    old!.answer(flowsOf(0.5));
    await settled();
    expect(shown().measurement).toEqual({ phase: 'none' });
    expect(old!.worker.ended).toBe(true);
    await clock.pass(REST);
    expect(asked[1]!.config).toEqual(wider);
    asked[1]!.answer(flowsOf(0.25));
    await settled();
    expect(shown().measurement).toEqual({ phase: 'done', flows: flowsOf(0.25) });
  });

  it('is not shown any more after a change, nor after taking it back: the configuration is measured anew', async () => {
    const { session, shown, clock, asked } = await opened();
    await clock.pass(REST);
    asked[0]!.answer(flowsOf(0.5));
    await settled();
    session.change(wider, '', 'width');
    expect(shown().measurement).toEqual({ phase: 'none' });
    session.undo();
    expect(shown().measurement).toEqual({ phase: 'none' });
    await clock.pass(REST);
    expect(asked.map(({ config }) => config)).toEqual([small, small]);
  });

  it('can be stopped', async () => {
    const { session, shown, clock, asked, logged } = await opened();
    await clock.pass(REST);
    // On its way when the stop comes.
    void asked[0]!.worker.news.networksDone(2, 3);
    session.stopMeasurement();
    await settled();
    expect(shown().measurement).toEqual({ phase: 'none' });
    expect(asked[0]!.worker.ended).toBe(true);
    asked[0]!.answer(flowsOf(0.5));
    await clock.pass(10 * REST);
    expect(shown().measurement).toEqual({ phase: 'none' });
    expect(asked).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  it('can be stopped before it has started by itself', async () => {
    const { session, clock, asked } = await opened();
    session.stopMeasurement();
    await clock.pass(10 * REST);
    expect(asked).toEqual([]);
  });

  it('that is asked for again ends the one before', async () => {
    const { session, shown, asked } = await opened();
    session.startMeasurement();
    await settled();
    session.startMeasurement();
    await settled();
    expect(asked.map(({ worker }) => worker.ended)).toEqual([true, false]);
    asked[0]!.answer(flowsOf(0.5));
    asked[1]!.answer(flowsOf(0.25));
    await settled();
    expect(shown().measurement).toEqual({ phase: 'done', flows: flowsOf(0.25) });
  });

  it('fails with the worker’s sentence, and can be asked for again', async () => {
    const { session, shown, clock, asked, logged } = await opened();
    await clock.pass(REST);
    asked[0]!.fail('A kernel is too large.');
    await settled();
    expect(shown().measurement).toEqual({ phase: 'failed', message: 'A kernel is too large.' });
    expect(logged).toEqual(['measurement: A kernel is too large.']);
    session.startMeasurement();
    await settled();
    asked[1]!.answer(flowsOf(0.5));
    await settled();
    expect(shown().measurement).toMatchObject({ phase: 'done' });
  });

  it('fails where the worker dies', async () => {
    const { shown, clock, asked } = await opened();
    await clock.pass(REST);
    asked[0]!.worker.die('out of memory');
    await settled();
    expect(shown().measurement).toEqual({
      phase: 'failed',
      message: 'The worker that measured died (out of memory). Measure again.',
    });
  });

  it('hears nothing of a worker that dies after it was stopped', async () => {
    const { session, shown, clock, asked, logged } = await opened();
    await clock.pass(REST);
    session.stopMeasurement();
    asked[0]!.worker.die('terminated');
    await settled();
    expect(shown().measurement).toEqual({ phase: 'none' });
    expect(logged).toEqual([]);
  });
});

describe('measuring while the worker’s bundle is fetched', () => {
  /** A page whose bundles arrive when the test says so. */
  async function waiting() {
    const bundles: { arrive(): void; miss(reason: string): void }[] = [];
    const all = await opened({
      loadWorkers(parts) {
        const bundle = promised<WorkerParts>();
        bundles.push({ arrive: () => bundle.keep(parts), miss: bundle.breakWith });
        return bundle.promise;
      },
    });
    return { ...all, bundles };
  }

  it('can be stopped: no worker is started', async () => {
    const { session, shown, asked, bundles } = await waiting();
    session.startMeasurement();
    expect(shown().measurement).toMatchObject({ phase: 'running' });
    session.stopMeasurement();
    bundles[0]!.arrive();
    await settled();
    expect(asked).toEqual([]);
    expect(shown().measurement).toEqual({ phase: 'none' });
  });

  it('is overtaken by the next start: one worker is started, for what is shown then', async () => {
    const { session, shown, asked, bundles, clock } = await waiting();
    session.startMeasurement();
    session.change(wider, '', 'width');
    session.startMeasurement();
    session.stopMeasurement();
    session.startMeasurement();
    bundles[0]!.arrive();
    await settled();
    expect(asked.map(({ config }) => config)).toEqual([wider]);
    await clock.pass(10 * REST);
    expect(asked).toHaveLength(1);
    asked[0]!.answer(flowsOf(0.5));
    await settled();
    expect(shown().measurement).toMatchObject({ phase: 'done' });
  });

  it('says so where it cannot be fetched, and fetches it again with the next measurement', async () => {
    const { session, shown, bundles, asked, loads } = await waiting();
    session.startMeasurement();
    bundles[0]!.miss('worker.js could not be loaded (status 404).');
    await settled();
    expect(shown().measurement).toEqual({ phase: 'failed', message: 'worker.js could not be loaded (status 404).' });
    session.startMeasurement();
    bundles[1]!.arrive();
    await settled();
    expect(asked).toHaveLength(1);
    session.startMeasurement();
    await settled();
    expect(asked).toHaveLength(2);
    expect(loads()).toBe(2);
  });

  it('says nothing of a bundle that was missed after a stop', async () => {
    const { session, shown, bundles, logged } = await waiting();
    session.startMeasurement();
    session.stopMeasurement();
    bundles[0]!.miss('gone');
    await settled();
    expect(shown().measurement).toEqual({ phase: 'none' });
    expect(logged).toEqual([]);
  });
});

describe('what the host does for the calculator', () => {
  it('says that it copied, once it has', async () => {
    const copied: string[] = [];
    const { session } = await opened({ host: { copyText: (text) => void copied.push(text) } });
    expect(await session.copyText('| a |')).toBe(true);
    expect(copied).toEqual(['| a |']);
  });

  it.each([
    ['saved', 'saveFile', (session: CalculatorSession) => session.saveFile('flow.csv', 'a,b')],
    ['copied', 'copyText', (session: CalculatorSession) => session.copyText('a')],
    ['pasted', 'pasteText', (session: CalculatorSession) => session.paste()],
    ['trained', 'compare', (session: CalculatorSession) => session.compare()],
  ])('says why nothing could be %s, and that can be put away', async (_, method, act) => {
    const { session, shown, logged } = await opened({
      host: { [method]: () => Promise.reject(new Error('The disk is full.')) },
    });
    act(session);
    await settled();
    expect(shown().problem).toBe('The disk is full.');
    expect(shown().announcement).toBe('');
    expect(logged).toEqual(['The disk is full.']);
    session.dismissProblem();
    expect(shown().problem).toBeUndefined();
  });

  it('opens a calculation that somebody has copied, and says what is wrong with another text', async () => {
    let text = JSON.stringify(flowArgument(wider));
    const { session, shown } = await opened({ host: { pasteText: () => text } });
    session.paste();
    await settled();
    expect(shown().history.present).toEqual(wider);
    session.undo();
    expect(shown().history.present).toEqual(small);
    text = '{"widths": "many"}';
    session.paste();
    await settled();
    expect(shown().history.present).toEqual(small);
    expect(shown().problem).toMatch(/\S/);
  });

  it('hands over the whole calculation to be trained', async () => {
    const trained: FlowConfig[] = [];
    const { session } = await opened({
      state: { config: wider },
      host: { compare: (config) => void trained.push(config) },
    });
    session.compare();
    await settled();
    expect(trained).toEqual([wider]);
  });
});

describe('what was before the remedies', () => {
  const then = (history: History<FlowConfig>, config: FlowConfig, label: string) =>
    change(history, config, '', label, 0);
  const slid = then(startHistory(small), wider, 'width');
  const once = then(slid, { ...wider, residual: true }, remedyLabel('Residual connections'));
  const twice = then(once, { ...wider, residual: true, normalisation: 'batch' }, remedyLabel('Batch normalisation'));

  it('is the calculation before the first of those in a row', () => {
    expect(beforeRemedies(once)).toEqual(wider);
    expect(beforeRemedies(twice)).toEqual(wider);
    expect(appliedRemedy(twice)).toBe('“Batch normalisation”');
    expect(beforeRemedies(undo(twice))).toEqual(wider);
  });

  it('is nothing where none was applied, where it was taken back, or where something else changed since', () => {
    for (const history of [startHistory(small), slid, undo(once), then(twice, small, 'width')]) {
      expect(beforeRemedies(history)).toBeUndefined();
      expect(appliedRemedy(history)).toBeUndefined();
    }
  });

  it('is there again in a page that is made anew', () => {
    const again = openedHistory({ config: twice.present, ...keptRemedy(twice) });
    expect(again.present).toEqual(twice.present);
    expect(beforeRemedies(again)).toEqual(wider);
    expect(appliedRemedy(again)).toBe('“Batch normalisation”');
    expect(keptRemedy(slid)).toEqual({});
    expect(openedHistory({ config: wider }).past).toEqual([]);
  });

  it('is nothing where a single layer is left, which is measured by something else', () => {
    const one = then(slid, { ...wider, widths: [16] }, remedyLabel('One hidden layer'));
    expect(beforeRemedies(one)).toBeUndefined();
  });
});
