import { describe, expect, it } from 'vitest';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { networkPlan } from '../../../src/core/model/plan/fromModel';
import { type MeasuredFlow, summariseLogs } from '../../../src/core/theory/measured';
import { type MeasuredPlan, usualMeasurement } from '../../../src/core/theory/measuredPlan';
import { connect, type Transport } from '../../../src/protocol/channel';
import type { Remote, Service } from '../../../src/protocol/contract';
import { PROTOCOL_VERSION } from '../../../src/protocol/version';
import {
  measurementContract,
  measurementNewsContract,
  planMeasurementContract,
} from '../../../src/protocol/workers/measurement';
import { MeasurementStopped, measure, measurePlans } from '../../../src/session/measurement';
import type { WorkerHandle } from '../../../src/session/trainingWorker';
import { mlp } from '../core/model/models';

type News = Remote<typeof measurementNewsContract>;

/** A worker whose answer the test writes. */
function fakeWorker(
  answer: (news: News, config: FlowConfig) => Promise<MeasuredFlow[]>,
  ofPlans: (...asked: unknown[]) => Promise<MeasuredPlan[]> = () => new Promise(() => {}),
) {
  let toPage: (message: unknown) => void = () => {};
  let toWorker: (message: unknown) => void = () => {};
  let died: (reason: string) => void = () => {};
  const life = { terminated: 0, die: (reason: string) => died(reason) };
  const deliver = (receive: () => (message: unknown) => void) => (message: unknown) => {
    const copy = structuredClone(message);
    queueMicrotask(() => receive()(copy));
  };
  const inner: Transport = {
    post: deliver(() => toPage),
    listen(receive) {
      toWorker = receive;
      return () => {};
    },
  };
  const contract = { ...measurementContract, ...planMeasurementContract };
  const service: Service<typeof contract> = {
    measure: (config) => answer(remote, config),
    measurePlans: (...asked) => ofPlans(...asked),
  };
  const { remote } = connect(inner, contract, service, measurementNewsContract, () => {});
  const handle: WorkerHandle = {
    transport: {
      post: deliver(() => toWorker),
      listen(receive) {
        toPage = receive;
        return () => {
          toPage = () => {};
        };
      },
    },
    terminate: () => {
      life.terminated++;
    },
    onDied(listener) {
      died = listener;
    },
  };
  return { handle, life };
}

const size = summariseLogs([0, -1]);
const flows: MeasuredFlow[] = [{ networks: 2, layers: [{ layer: 1, delta: size, kernelGradient: size }], ratio: size }];
const never = () => new Promise<MeasuredFlow[]>(() => {});

describe('a measurement', () => {
  it('gives what the worker found, after its news, and ends the worker', async () => {
    const { handle, life } = fakeWorker(async (news) => {
      news.networksDone(1, 2);
      news.networksDone(2, 2);
      return flows;
    });
    const heard: number[] = [];
    const { result } = measure({ config: paperFlow, launch: () => handle, onProgress: (done) => heard.push(done) });
    expect(await result).toEqual(flows);
    expect(heard).toEqual([1, 2]);
    expect(life.terminated).toBe(1);
  });

  it('tells the worker what to measure, and gives its answers in their order', async () => {
    let asked: FlowConfig | undefined;
    const two = [flows[0]!, { ...flows[0]!, networks: 7 }];
    const { handle } = fakeWorker(async (_, config) => {
      asked = config;
      return two;
    });
    const config: FlowConfig = { ...paperFlow, widths: [8, 4], seed: 11, networks: 7 };
    expect(await measure({ config, launch: () => handle }).result).toEqual(two);
    expect(asked).toEqual(config);
  });

  it('brings an overflow through as Infinity', async () => {
    const overflow = summariseLogs([Number.POSITIVE_INFINITY]);
    const layer = { layer: 1, delta: overflow, kernelGradient: overflow };
    const { handle } = fakeWorker(async () => [{ networks: 1, layers: [layer], ratio: overflow }]);
    const [found] = await measure({ config: paperFlow, launch: () => handle }).result;
    expect(found!.ratio.typical).toBe(Number.POSITIVE_INFINITY);
  });

  it('hears no news once it is over', async () => {
    let asked: (news: News) => void = () => {};
    let arrived = () => {};
    const worker = new Promise<News>((resolve) => {
      asked = resolve;
    });
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { handle } = fakeWorker((news) => {
      asked(news);
      return never();
    });
    const heard: number[] = [];
    const onProgress = (done: number) => {
      heard.push(done);
      arrived();
    };
    const { result, stop } = measure({ config: paperFlow, launch: () => handle, onProgress });
    const news = await worker;
    news.networksDone(1, 2);
    await first;
    // Told before the stop, and on its way when it comes.
    news.networksDone(2, 2);
    stop();
    await expect(result).rejects.toThrow(MeasurementStopped);
    news.networksDone(3, 3);
    for (let i = 0; i < 20; i++) await Promise.resolve();
    expect(heard).not.toContain(3);
  });

  it('is done once: neither a stop nor a death after its end changes anything', async () => {
    const { handle, life } = fakeWorker(async () => flows);
    const measurement = measure({ config: paperFlow, launch: () => handle });
    expect(await measurement.result).toEqual(flows);
    measurement.stop();
    life.die('terminated');
    expect(await measurement.result).toEqual(flows);
    expect(life.terminated).toBe(1);
  });

  it('ends the worker that failed, too', async () => {
    const { handle, life } = fakeWorker(() => Promise.reject(new Error('no')));
    await expect(measure({ config: paperFlow, launch: () => handle }).result).rejects.toThrow('no');
    expect(life.terminated).toBe(1);
  });

  it('that is stopped says so, and ends the worker', async () => {
    const { handle, life } = fakeWorker(never);
    const measurement = measure({ config: paperFlow, launch: () => handle });
    measurement.stop();
    await expect(measurement.result).rejects.toThrow('The measurement was stopped.');
    await expect(measurement.result).rejects.toThrow(MeasurementStopped);
    expect(life.terminated).toBe(1);
    measurement.stop();
  });

  it('fails with the worker’s sentence', async () => {
    const { handle } = fakeWorker(() => Promise.reject(new Error('networks is 0; expected at least 1 to measure.')));
    await expect(measure({ config: paperFlow, launch: () => handle }).result).rejects.toThrow('expected at least 1');
  });

  it('fails where the worker dies', async () => {
    const { handle, life } = fakeWorker(never);
    const { result } = measure({ config: paperFlow, launch: () => handle });
    life.die('out of memory');
    await expect(result).rejects.toThrow('The worker that measured died (out of memory). Measure again.');
  });

  it('refuses an answer that is none', async () => {
    const { handle } = fakeWorker(async () => [{ ...flows[0]!, networks: -1 }]);
    await expect(measure({ config: paperFlow, launch: () => handle }).result).rejects.toThrow();
  });

  it('says what to measure instead where its memory was used up, and repeats any other error', async () => {
    const failing = (message: string) =>
      measure({ config: paperFlow, launch: () => fakeWorker(() => Promise.reject(new Error(message))).handle }).result;
    await expect(failing('Array buffer allocation failed')).rejects.toThrow(
      'The measurement’s memory was used up (Array buffer allocation failed). Measure a smaller network, or a smaller batch.',
    );
    await expect(failing('A kernel is too large.')).rejects.toThrow(/^A kernel is too large\.$/);
  });

  it('fails where the worker tells what is no news', async () => {
    const { handle, life } = fakeWorker(never);
    const listening = handle.transport.listen.bind(handle.transport);
    let toPage: (message: unknown) => void = () => {};
    handle.transport.listen = (receive) => {
      toPage = receive;
      return listening(receive);
    };
    const { result } = measure({ config: paperFlow, launch: () => handle });
    toPage({ gradientLens: PROTOCOL_VERSION, body: { t: 'q', m: 'networksDone', a: [-1, 2] } });
    await expect(result).rejects.toThrow('networksDone, argument 1');
    expect(life.terminated).toBe(1);
  });
});

describe('a measurement of planned models', () => {
  const result = networkPlan(mlp(2, 8, 'relu').build());
  if ('problem' in result) throw new Error(result.problem);
  const { plan } = result;
  const found: MeasuredPlan = {
    draws: 3,
    layers: [{ index: 0, name: 'fc1', node: 1, kernelGradient: size, delta: size }],
    ratio: size,
  };

  it('tells the worker plans, measurement and files, and gives one answer for each plan', async () => {
    let asked: unknown[] = [];
    const { handle, life } = fakeWorker(never, async (...given) => {
      asked = given;
      return [found, { ...found, draws: 4 }];
    });
    const measurement = { ...usualMeasurement, seed: 5 };
    const plans = [plan, plan];
    const { result } = measurePlans({
      plans,
      measurement,
      binaries: { 'a.wasm': new Uint8Array(3) },
      launch: () => handle,
    });
    expect((await result).map(({ draws }) => draws)).toEqual([3, 4]);
    expect(asked).toEqual([plans, measurement, { 'a.wasm': new Uint8Array(3) }]);
    expect(life.terminated).toBe(1);
  });
});
