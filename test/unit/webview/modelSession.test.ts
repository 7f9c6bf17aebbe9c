import { describe, expect, it } from 'vitest';
import { withInputShape } from '../../../src/core/model/build';
import { modelOut, parseModel } from '../../../src/core/model/json/json';
import type { Model } from '../../../src/core/model/model';
import { networkPlan } from '../../../src/core/model/plan/fromModel';
import { graphFlow, isUnknownFlow } from '../../../src/core/theory/graph';
import { summariseLogs } from '../../../src/core/theory/measured';
import type { MeasuredPlan, PlanMeasurement } from '../../../src/core/theory/measuredPlan';
import type { Service } from '../../../src/protocol/contract';
import { type ModelState, modelHostContract, modelPageContract } from '../../../src/protocol/pages/model';
import { measurementNewsContract, planMeasurementContract } from '../../../src/protocol/workers/measurement';
import { readShape } from '../../../webview/model/readShape';
import { ModelSession } from '../../../webview/model/session';
import type { WorkerParts } from '../../../webview/shell/workers';
import { HandClock, promised, type ScriptedWorker, scriptedHost, scriptedWorker, settled } from './scripted';

/** How long a change rests before it is measured. */
const REST = 300;

const dense = (units: number, activation?: string) => ({ kind: 'dense', units, ...(activation ? { activation } : {}) });
const jsonOf = (name: string, more: object = {}) => ({
  version: 1,
  name,
  input: [8],
  layers: [dense(8, 'tanh'), dense(8, 'tanh'), dense(2)],
  ...more,
});
const small = jsonOf('small');
const other = jsonOf('other');
const shapeless = {
  version: 1,
  name: 'shapeless',
  layers: [{ kind: 'flatten' }, dense(16, 'relu'), dense(16, 'relu'), dense(2)],
};
const attentive = jsonOf('attentive', {
  input: [4, 8],
  layers: [dense(8, 'tanh'), { kind: 'attention', heads: 2, units: 8 }, dense(2)],
});

function modelOf(json: object): Model {
  const reading = parseModel(json);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.model;
}

const size = summariseLogs([-1, -1]);
const found: MeasuredPlan = {
  draws: 20,
  layers: [{ index: 0, name: 'dense', node: 1, kernelGradient: size, delta: size }],
  ratio: size,
};

interface Asked {
  readonly measurement: PlanMeasurement;
  readonly worker: ScriptedWorker<typeof measurementNewsContract>;
  answer(plans: MeasuredPlan[]): void;
  fail(reason: string): void;
}

function page({
  state = { model: small },
  kept,
  host = {},
}: {
  state?: ModelState;
  kept?: unknown;
  host?: Partial<Service<typeof modelHostContract>>;
} = {}) {
  const clock = new HandClock();
  const remembered: (ModelState | undefined)[] = [];
  const asked: Asked[] = [];
  const calculations: unknown[] = [];
  const places: unknown[] = [];
  const scripted = scriptedHost(
    modelHostContract,
    {
      ready: () => ({ state, worker: 'worker.js', files: { simd: 'simd.wasm' } }),
      openModel: () => {},
      revealLayer: (place) => void places.push(place),
      openCalculator: (config) => void calculations.push(config),
      saveFile: () => true,
      copyText: () => {},
      showLog: () => {},
      log: () => {},
      ...host,
    },
    modelPageContract,
  );
  const launch: WorkerParts['launch'] = () => {
    const answer = promised<MeasuredPlan[]>();
    const worker = scriptedWorker(
      planMeasurementContract,
      {
        measurePlans(_plans, measurement) {
          asked.push({ measurement, worker, answer: answer.keep, fail: answer.breakWith });
          return answer.promise;
        },
      },
      measurementNewsContract,
    );
    return worker.handle;
  };
  const session = new ModelSession({
    transport: scripted.transport,
    kept,
    clock,
    remember: (each) => remembered.push(each),
    loadWorkers: async () => ({ binaries: {}, gpuBackends: async () => ({}), launch }),
  });
  return {
    session,
    clock,
    remembered,
    asked,
    calculations,
    places,
    shown: () => session.store.get(),
    host: scripted.page,
  };
}

async function opened(options: Parameters<typeof page>[0] = {}) {
  const all = page(options);
  await all.session.open();
  return all;
}

const nameOf = ({ history }: { history: { present: Model | undefined } }) => history.present?.name;

describe('opening a model', () => {
  it('shows what the host asks for, and prefers what VS Code has kept of the page', async () => {
    expect(nameOf((await opened()).shown())).toBe('small');
    expect(nameOf((await opened({ kept: { model: other, measure: 'kernel' } })).shown())).toBe('other');
    for (const kept of [{}, { model: { version: 1, layers: [{ kind: 'dens' }] } }, 'other'])
      expect(nameOf((await opened({ kept })).shown())).toBe('small');
  });

  it('brings the tried changes back, and what was opened under them', async () => {
    const { shown, session } = await opened({ kept: { model: small, changed: other } });
    expect([shown().opened?.name, nameOf(shown())]).toEqual(['small', 'other']);
    session.undo();
    expect(nameOf(shown())).toBe('small');
  });

  it('says why it could not', async () => {
    const { shown } = await opened({ host: { ready: () => Promise.reject(new Error('Open its file again.')) } });
    expect(shown().problem).toBe('Open its file again.');
  });

  it('shows the lines of the model in code that it is', async () => {
    const { session, shown, host, places, remembered } = await opened();
    session.revealLayer(1);
    const code = { model: { uri: 'file:///net.py', name: 'Net', ordinal: 0 }, layers: 3 };
    await host.show({ model: other, code, layer: 2 });
    expect(shown()).toMatchObject({ code, layer: 2 });
    session.revealLayer(3);
    await settled();
    expect(places).toEqual([{ model: code.model, layer: 3 }]);
    expect(remembered.at(-1)?.code).toEqual(code);
  });

  it('takes another one from the host, and remembers it', async () => {
    const { shown, host, remembered } = await opened();
    await host.show({ model: other });
    expect([shown().opened?.name, nameOf(shown())]).toEqual(['other', 'other']);
    expect(remembered.at(-1)?.model.name).toBe('other');
    expect(remembered.at(-1)).not.toHaveProperty('changed');
  });
});

describe('changes of a model', () => {
  it('are taken back, said, and remembered beside what was opened', async () => {
    const { shown, session, remembered } = await opened();
    session.change(modelOf(other), '“Batch normalisation”');
    expect(nameOf(shown())).toBe('other');
    expect([remembered.at(-1)?.model.name, remembered.at(-1)?.changed?.name]).toEqual(['small', 'other']);
    session.undo();
    expect(nameOf(shown())).toBe('small');
    expect(shown().announcement).toBe('Taken back: “Batch normalisation”');
    session.undo();
    expect(nameOf(shown())).toBe('small');
  });
});

describe('measuring a model', () => {
  it('begins by itself after a rest, and belongs to the model as it was then', async () => {
    const { shown, session, clock, asked } = await opened();
    expect(shown().measurement.phase).toBe('none');
    await clock.pass(REST);
    await settled();
    expect(shown().measurement.phase).toBe('running');
    session.change(modelOf(other), 'change');
    await settled();
    expect(asked[0]!.worker.ended).toBe(true);
    expect(shown().measurement.phase).toBe('none');
    asked[0]!.answer([found]);
    await settled();
    expect(shown().measurement.phase).toBe('none');
    await clock.pass(REST);
    await settled();
    asked[1]!.answer([found]);
    await settled();
    expect(shown().measurement).toEqual({ phase: 'done', plan: found });
  });

  it('goes on for longer where more is asked for', async () => {
    const { session, clock, asked } = await opened();
    await clock.pass(REST);
    await settled();
    session.startMeasurement(true);
    await settled();
    expect(asked[1]!.measurement.draws).toBeGreaterThan(asked[0]!.measurement.draws);
    session.stopMeasurement();
    await settled();
    expect(asked[1]!.worker.ended).toBe(true);
  });

  it('says why it failed', async () => {
    const { shown, clock, asked } = await opened();
    await clock.pass(REST);
    await settled();
    asked[0]!.fail('An operation is unknown.');
    await settled();
    expect(shown().measurement).toEqual({ phase: 'failed', message: 'An operation is unknown.' });
  });

  it('is not begun where the model cannot be rebuilt', async () => {
    const { shown, clock, session, asked } = await opened({ state: { model: attentive } });
    expect(shown().measurement).toMatchObject({ phase: 'impossible', message: expect.stringMatching(/attention/) });
    await clock.pass(10_000);
    session.startMeasurement(true);
    await settled();
    expect(asked).toEqual([]);
  });
});

describe('the shape of an input', () => {
  it.each([
    ['28, 28, 1', [28, 28, 1]],
    ['28 × 28', [28, 28]],
    ['784', [784]],
  ])('reads %s', (text, value) => expect(readShape(text)).toEqual({ value }));

  it.each(['', 'many', '28, 0', '1.5', '28, -1', '1,1,1,1,1,1', '99999'])('refuses “%s” with a sentence', (text) =>
    expect(readShape(text)).toMatchObject({ problem: expect.stringMatching(/expected sizes such as 28, 28, 1/) }),
  );

  it('is asked for where the model does not tell it, and no longer once it is filled in', async () => {
    const { shown, session } = await opened({ state: { model: shapeless } });
    expect(shown().measurement).toMatchObject({ phase: 'impossible', asks: {} });
    session.change(withInputShape(shown().history.present!, [4, 4, 1]), 'the input’s shape');
    expect(shown().measurement).toEqual({ phase: 'none' });
  });

  it('fills in what a model does not tell', () => {
    const model = modelOf(shapeless);
    expect(networkPlan(model)).toHaveProperty('asks');
    const filled = withInputShape(model, [4, 4, 1]);
    expect(networkPlan(filled)).toHaveProperty('plan');
    const flow = graphFlow(filled);
    expect(isUnknownFlow(flow)).toBe(false);
    // … and is the model that would have told it, also in JSON.
    const told = modelOf({ ...shapeless, input: [4, 4, 1] });
    expect(modelOut(filled)).toEqual(modelOut(told));
    expect(withInputShape(told, [8, 8, 1]).nodes[0]!.shape).toEqual([8, 8, 1]);
  });
});
