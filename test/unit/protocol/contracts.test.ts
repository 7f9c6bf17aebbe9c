import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { paperFlow } from '../../../src/core/calculation/config';
import { paperConfig } from '../../../src/core/experiment/config';
import { summariseLogs } from '../../../src/core/theory/measured';
import { usualMeasurement } from '../../../src/core/theory/measuredPlan';
import { type Command, codeCommands, commands, isModelOfCode, isNetworks } from '../../../src/protocol/commands';
import type { Method } from '../../../src/protocol/contract';
import { compareHostContract, comparePageContract } from '../../../src/protocol/pages/compare';
import { modelHostContract, modelStateSchema } from '../../../src/protocol/pages/model';
import { runsHostContract, runsPageContract } from '../../../src/protocol/pages/runs';
import { trainingHostContract } from '../../../src/protocol/pages/training';
import {
  measurementContract,
  measurementNewsContract,
  planMeasurementContract,
} from '../../../src/protocol/workers/measurement';
import { timingContract, timingNewsContract } from '../../../src/protocol/workers/timing';
import { trainingContract, trainingNewsContract } from '../../../src/protocol/workers/training';
import { block, checkpointAt, dataset, probe, row, summary } from '../session/scriptedWorker';

/** What contracts let through, and what they stop: each refused list has one thing wrong. */

type Arguments = readonly unknown[];
const takes = ({ args }: Method, given: Arguments): boolean =>
  given.length <= args.length && args.every((schema, i) => v.is(schema, given[i]));

function expectTakes(method: Method, good: readonly Arguments[], bad: readonly Arguments[]): void {
  for (const given of good) expect(takes(method, given), `takes ${JSON.stringify(given)}`).toBe(true);
  for (const given of bad) expect(takes(method, given), `refuses ${JSON.stringify(given)}`).toBe(false);
}

const model = { uri: 'file:///net.py', name: 'Net', ordinal: 0 };
const status = { phase: 'running', epoch: 1, epochs: 3, progress: 0.5, text: 'Epoch 1 of 3.', resumable: false };
const snapshot = { seq: 0, status, config: paperConfig, run: null, states: { 'relu#0': 'running' } };
const state = { kind: 'state', network: 'relu#0', state: 'running', seconds: 1 };
const modelJson = { version: 1, input: [8], layers: [{ kind: 'dense', units: 8, activation: 'tanh' }] };
const job = { config: paperConfig, activation: 'relu', seed: 0 };
const files = { 'a.wasm': new Uint8Array(2) };
const float = new Float32Array(2);
const examples = { count: 2, features: float, targets: new Int32Array(2) };

describe('the arguments of a command', () => {
  const says = ({ argument }: Command<unknown>, given: unknown): unknown => {
    const checked = v.safeParse(argument, given);
    return checked.success ? checked.output : `refused: ${checked.issues[0].message}`;
  };

  it.each(Object.entries({ ...commands, ...codeCommands }))('%s has its name in its id', (name, { id }) => {
    expect(id).toBe(`gradientLens.${name}`);
  });

  it('are passed over where it takes nothing, as menus pass what they stand on', () => {
    for (const given of [undefined, 5, { fsPath: '/a' }]) expect(says(commands.stop, given)).toBeUndefined();
  });

  it('of a comparison are an object of settings, with where they come from', () => {
    const settings = { activations: ['tanh'], origin: { text: 'From the calculator.', code: model } };
    expect(says(commands.compare, settings)).toEqual(settings);
    expect(says(commands.compare, undefined)).toBeUndefined();
    expect(says(commands.compare, 'tanh')).toMatch(/^refused: the argument is no object of settings/);
    expect(says(commands.compare, { origin: { text: 5 } })).toMatch(/^refused/);
    expect(says(commands.compare, { origin: { text: 'x'.repeat(501) } })).toMatch(/^refused/);
  });

  it('of company are a name, an activation, or networks of code', () => {
    const networks = { settings: { activations: ['relu'] }, network: '2 × 64', origin: { text: 'Of Net.' } };
    for (const given of ['gelu', { activation: 'gelu', framework: 'torch' }, networks])
      expect(says(commands.compareWith, given)).toEqual(given);
    expect(says(commands.compareWith, 5)).toMatch(/^refused: the argument is no activation/);
    expect(isNetworks(networks)).toBe(true);
    for (const change of [{ settings: { activations: [] } }, { network: 5 }, { origin: undefined }])
      expect(isNetworks({ ...networks, ...change })).toBe(false);
  });

  it('of a run are the run of a tree, or its id', () => {
    for (const given of ['run-1', { runId: 'run-1' }])
      expect(says(commands.openRun, given)).toEqual({ runId: 'run-1' });
    expect(says(commands.openRun, undefined)).toBeUndefined();
    expect(says(commands.openRun, { id: 'run-1' })).toMatch(/^refused: the argument is no run/);
  });

  it('of a file are its address', () => {
    for (const address of ['file:///a.json', 'vscode-vfs://github/a/b.json', 'X9+.-:b'])
      expect([says(commands.importRun, address), says(commands.openModel, address)]).toEqual([address, address]);
    for (const path of ['/home/me/a.json', 'a.json', ':a', '9a:b', 'C|file:'])
      expect(says(commands.importRun, path), path).toMatch(/^refused: the argument is no address of a file/);
    expect(says(commands.importRun, 5)).toMatch(/^refused: the argument is no file/);
    for (const path of ['/home/me/a.json', '9a:b', 'a |file:x'])
      expect(says(commands.openModel, path)).toMatch(/^refused/);
  });

  it('of a model in code name it, and its layer counts from 1', () => {
    expect(says(codeCommands.showLayers, model)).toEqual(model);
    expect(says(codeCommands.showLayers, undefined)).toBeUndefined();
    for (const change of [{ ordinal: -1 }, { ordinal: 0.5 }, { name: 5 }, { uri: undefined }])
      expect(says(codeCommands.showLayers, { ...model, ...change })).toMatch(/^refused: the argument is no model/);
    expect(says(codeCommands.revealLayer, { model, layer: 1 })).toEqual({ model, layer: 1 });
    expect(says(codeCommands.revealLayer, { model, layer: 0 })).toMatch(/^refused/);
    const ofCode = { model: modelJson, code: { model, layers: 1 }, layer: 1 };
    expect(isModelOfCode(ofCode)).toBe(true);
    for (const change of [{ layer: 0 }, { layer: 1.5 }, { code: { model } }, { model: { version: 1 } }])
      expect(isModelOfCode({ ...ofCode, ...change }), JSON.stringify(change)).toBe(false);
  });

  it('of a rule are its id, and of a link its text', () => {
    expect(says(codeCommands.turnOffRule, 'vanishing-flow')).toBe('vanishing-flow');
    expect(says(codeCommands.turnOffRule, undefined)).toMatch(/^refused: the argument is no rule/);
    expect(says(codeCommands.showRule, undefined)).toBeUndefined();
    expect(says(commands.openLink, { href: 'a' })).toMatch(/^refused: the argument is no link/);
  });
});

describe('what pages and host tell each other', () => {
  it('of a run: settings that can be trained, its turn, and states that there are', () => {
    expectTakes(runsHostContract.startRun, [[paperConfig]], [[{ ...paperConfig, epochs: 0 }], []]);
    expectTakes(
      runsHostContract.told,
      [
        ['turn', [state]],
        ['turn', []],
      ],
      [
        ['turn', [{ ...state, state: 'asleep' }]],
        ['turn', [{ ...state, seconds: Number.POSITIVE_INFINITY }]],
        ['turn', [{ ...state, seconds: -1 }]],
        ['turn', [{ ...state, backend: 'auto' }]],
        [[state]],
      ],
    );
    expectTakes(
      runsHostContract.ended,
      [['turn'], ['turn', { message: 'No data.', waysOut: ['useDigits'] }]],
      [
        ['turn', { message: 'No data.', waysOut: ['pray'] }],
        ['turn', { waysOut: [] }],
      ],
    );
    const turn = { turn: 'a', runId: 'r', startedAt: 'now', config: paperConfig };
    const resume = { run: '{}', checkpoints: [{ network: 'relu#0', checkpoint: checkpointAt(2) }], paused: true };
    expectTakes(
      runsPageContract.train,
      [[turn], [{ ...turn, resume }]],
      [
        [{ ...turn, turn: undefined }],
        [{ ...turn, resume: { ...resume, paused: undefined } }],
        [{ ...turn, resume: { ...resume, checkpoints: [{ network: 'relu#0' }] } }],
      ],
    );
    for (const each of ['pauseTraining', 'resumeTraining', 'stopTraining'] as const)
      expectTakes(runsPageContract[each], [['turn']], [[], [5], ['turn', 'turn']]);
    for (const each of ['pauseRun', 'resumeRun', 'stopRun', 'continueRun', 'runAgain', 'dismissProblem'] as const)
      expectTakes(trainingHostContract[each], [[]], [['now']]);
  });

  it('of its progress: numbers, and one of the phases', () => {
    expectTakes(
      runsPageContract.status,
      [[status], [{ ...status, secondsLeft: 3 }]],
      [[{ ...status, phase: 'asleep' }], [{ ...status, epoch: 0.5 }], [{ ...status, resumable: undefined }]],
    );
    expectTakes(
      runsPageContract.showRun,
      [[snapshot], [{ ...snapshot, run: '{}' }]],
      [
        [{ ...snapshot, seq: -1 }],
        [{ ...snapshot, run: undefined }],
        [{ ...snapshot, states: { 'relu#0': 'asleep' } }],
      ],
    );
    const progress = { file: 'a.gz', received: 1, files: 4, fileIndex: 0 };
    expectTakes(
      runsPageContract.downloadProgress,
      [[progress], [{ ...progress, total: 9 }]],
      [[{ ...progress, received: -1 }], [{ ...progress, fileIndex: undefined }]],
    );
  });

  it('of data and files: where they come from, and bytes', () => {
    expectTakes(
      runsHostContract.readData,
      [[{ kind: 'mnist' }], [{ kind: 'folder', folder: '/a' }]],
      [[{ kind: 'web' }], [{ kind: 'folder' }], []],
    );
    expectTakes(
      compareHostContract.openRunFiles,
      [[[{ name: 'a', bytes: new Uint8Array(1) }]]],
      [[[{ name: 'a', bytes: 'a' }]], [[{ bytes: new Uint8Array(1) }]]],
    );
    expectTakes(
      compareHostContract.saveFile,
      [
        ['a.csv', 'a'],
        ['a.csv', new Uint8Array(1)],
      ],
      [['a.csv'], ['a.csv', 5]],
    );
    expectTakes(compareHostContract.setPresenting, [[true]], [['yes'], []]);
    expectTakes(compareHostContract.openCalculator, [[paperFlow]], [[{ ...paperFlow, widths: [0] }], []]);
    expectTakes(
      comparePageContract.showKept,
      [[[{ id: 'a', title: 'b', run: '{}' }]]],
      [[[{ id: 'a', title: 'b' }]], []],
    );
    expectTakes(comparePageContract.propose, [[paperConfig]], [[{}]]);
  });

  it('of models: such as can be read', () => {
    const opened = { model: modelJson, changed: modelJson, measure: 'delta', code: { model, layers: 1 }, layer: 1 };
    expect(v.is(modelStateSchema, opened)).toBe(true);
    expect(v.is(modelStateSchema, { model: modelJson, measure: 'kernel' })).toBe(true);
    for (const change of [
      { measure: '' },
      { layer: 0 },
      { model: { version: 1, layers: [{ kind: 'dens' }] } },
      { model: 5 },
    ])
      expect(v.is(modelStateSchema, { ...opened, ...change }), JSON.stringify(change)).toBe(false);
    const wrong = v.safeParse(modelStateSchema, { model: { version: 1, input: [8], layers: [{ kind: 'dens' }] } });
    expect(wrong.issues?.[0].message).toContain('kind "dens"');
    expectTakes(modelHostContract.revealLayer, [[{ model, layer: 2 }]], [[{ model }], [{ model, layer: 0 }]]);
    expectTakes(modelHostContract.ready, [[]], [[opened]]);
    const assets = { worker: 'worker.js', files: { 'a.wasm': 'address' } };
    expect(v.is(modelHostContract.ready.result, { state: { model: modelJson }, ...assets })).toBe(true);
    expect(v.is(modelHostContract.ready.result, { state: { model: modelJson } })).toBe(false);
  });
});

describe('what pages and workers tell each other', () => {
  it('of data: as many images as labels, of the size that is stated', () => {
    const prepare = (data: unknown) => [job, data, files];
    const { train } = dataset;
    expectTakes(
      trainingContract.prepare,
      [dataset, { drawn: 'digits' }, { name: 'code', train: examples, test: examples }].map(prepare),
      [
        { ...dataset, rows: 2 },
        { ...dataset, columns: 1 },
        { ...dataset, train: { ...train, labels: new Uint8Array(3) } },
        { ...dataset, test: { images: new Uint8Array(5), labels: new Uint8Array(2) } },
        { ...dataset, test: { images: new Uint8Array(0), labels: new Uint8Array(0) } },
        { ...dataset, train: { images: [1], labels: train.labels } },
        { drawn: 'letters' },
        { name: 'code', train: examples, test: { ...examples, count: 0 } },
        { name: 'code', train: { ...examples, features: [1, 2] }, test: examples },
        { name: 'code', train: { ...examples, targets: new Float64Array(2) }, test: examples },
      ].map(prepare),
    );
    for (const features of [new Uint8Array(2), float, new Int32Array(2)])
      expectTakes(
        trainingContract.prepare,
        [prepare({ name: 'code', train: { ...examples, features }, test: examples })],
        [],
      );
  });

  it('of a job: settings, a seed, and where it goes on from', () => {
    const withJob = (change: object) => [{ ...job, ...change }, dataset, files];
    expectTakes(
      trainingContract.prepare,
      [withJob({}), withJob({ checkpoint: checkpointAt(3) })],
      [
        withJob({ seed: 0.5 }),
        withJob({ config: { ...paperConfig, learningRate: Number.NaN } }),
        withJob({ checkpoint: { ...checkpointAt(3), parameters: [[1, 2]] } }),
        withJob({ checkpoint: { ...checkpointAt(3), optimizer: undefined } }),
        [job, dataset, { 'a.wasm': 'bytes' }],
        [job, dataset],
      ],
    );
    for (const each of ['train', 'pause', 'resume', 'stop', 'checkpoint'] as const)
      expectTakes(trainingContract[each], [[]], [['now']]);
    const { result } = trainingContract.prepare;
    expect([{ computedBy: 'wasm' }, { notStarted: 'No GPU.' }, {}].map((each) => v.is(result, each))).toEqual([
      true,
      true,
      false,
    ]);
    expectTakes(
      timingContract.timeBackends,
      [[['wasm', 'webgpu'], job, dataset, files]],
      [[['auto'], job, dataset, files], []],
    );
  });

  it('of an outcome: one of four, and tensors that are counted', () => {
    const outcome = { state: 'finished', seconds: 1, tensors: { early: 3, end: 3 } };
    const { result } = trainingContract.train;
    for (const each of ['finished', 'stopped', 'diverged', 'lost'])
      expect(v.is(result, { ...outcome, state: each })).toBe(true);
    for (const change of [
      { state: 'failed' },
      { state: '' },
      { tensors: {} },
      { tensors: { early: 3, end: -1 } },
      { seconds: 'a' },
    ])
      expect(v.is(result, { ...outcome, ...change }), JSON.stringify(change)).toBe(false);
  });

  it('of steps: what may diverge may be NaN, and each column is of its kind', () => {
    expectTakes(
      trainingNewsContract.recorded,
      [[block(0), probe()]],
      [
        [{ ...block(0), loss: [1] }, probe()],
        [{ ...block(0), firstStep: -1 }, probe()],
        [block(0), { ...probe(), step: Float32Array.of(0) }],
        [block(0)],
      ],
    );
    expectTakes(
      trainingNewsContract.epochEnded,
      [[row(1)], [{ ...row(1), loss: Number.NaN }]],
      [[{ ...row(1), loss: 'much' }], [{ ...row(1), epoch: 0.5 }]],
    );
    expectTakes(trainingNewsContract.stateChanged, [['paused']], [['asleep'], ['']]);
    expectTakes(trainingNewsContract.checkpointed, [[checkpointAt(0)]], [[{ ...checkpointAt(0), step: -1 }]]);
    expectTakes(runsHostContract.prepared, [['turn', summary]], [['turn', { ...summary, classes: -1 }]]);
    const piece = { from: 0, numbers: float };
    expectTakes(
      runsHostContract.checkpointPiece,
      [['turn', 'relu#0', piece]],
      [
        ['turn', 'relu#0', { ...piece, from: -1 }],
        ['turn', 'relu#0', { ...piece, numbers: [1] }],
        ['turn', 'relu#0', { ...piece, head: {} }],
      ],
    );
  });

  it('of measurements: sizes that may overflow and are never NaN', () => {
    const size = summariseLogs([0, -1]);
    const flow = { networks: 2, layers: [{ layer: 1, delta: size, kernelGradient: size }], ratio: size };
    const { result } = measurementContract.measure;
    const overflow = { ...size, typical: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    expect(v.is(result, [flow, { ...flow, ratio: overflow }])).toBe(true);
    for (const change of [
      { networks: 0 },
      { layers: [] },
      { layers: [{ layer: 1, delta: size }] },
      { ratio: { ...size, typical: Number.NaN } },
      { ratio: { ...size, low: -1 } },
      { ratio: { ...size, spread: 0.5 } },
      { ratio: { ...size, zeros: 1.5 } },
    ])
      expect(v.is(result, [{ ...flow, ...change }]), JSON.stringify(change)).toBe(false);
    expectTakes(measurementContract.measure, [[paperFlow]], [[{ ...paperFlow, seed: -1 }], []]);
    expectTakes(measurementNewsContract.networksDone, [[1, 2]], [[-1, 2], [1]]);
    const plans = planMeasurementContract.measurePlans;
    expectTakes(
      plans,
      [[[], usualMeasurement, files]],
      [
        [[], { ...usualMeasurement, draws: 0 }, files],
        [[], { ...usualMeasurement, batch: 0 }, files],
        [[], { ...usualMeasurement, milliseconds: -1 }, files],
        [[{}], usualMeasurement, files],
      ],
    );
    const layer = { index: 0, name: 'fc1', node: 1, kernelGradient: size, toLast: { delta: size } };
    expect(v.is(plans.result, [{ draws: 1, layers: [layer] }])).toBe(true);
    for (const answer of [
      { draws: 0, layers: [layer] },
      { draws: 1, layers: [] },
      { draws: 1, layers: [{ ...layer, name: 5 }] },
    ])
      expect(v.is(plans.result, [answer])).toBe(false);
  });

  it('of trials: of backends that there are', () => {
    expectTakes(
      timingNewsContract.tried,
      [[{ backend: 'webgl', problem: 'does not start here' }]],
      [[{ backend: 'auto' }], [{ backend: 'wasm', millisecondsPerStep: -1 }]],
    );
  });
});
