import { scopeTransport } from '../../../src/engine/thread/scopeTransport';
import { Conductor } from '../../../src/host/runs/conductor';
import type { RunWriter } from '../../../src/host/runs/keeping';
import { connect } from '../../../src/protocol/channel';
import type { Service } from '../../../src/protocol/contract';
import { compareHostContract, comparePageContract } from '../../../src/protocol/pages/compare';
import { trainingHostContract } from '../../../src/protocol/pages/training';
import { overJson } from '../../../src/protocol/plainNumbers';
import { workload } from './workload';

/** The extension's side of a page, in a worker beside it: the real conductor, which keeps nothing in files. */

const nowhere: RunWriter = { news() {}, checkpoint() {}, flush: async () => {}, end: async () => {} };

const conductor = new Conductor({
  keeping: { begin: () => nowhere, continueWriting: async () => nowhere, checkpoints: async () => new Map() },
  ready: Promise.resolve(),
  clock: {
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  },
  defaults: () => workload,
  newId: () => 'drawn',
  now: () => new Date(),
  summonPage() {},
  onStatus() {},
  log: (level, text) => console[level](text),
});

const { desk } = conductor.attach(() => channel.remote);
const asset = (name: string) => new URL(name, location.href).href;
const channel = connect(
  overJson(scopeTransport),
  { ...compareHostContract, ...trainingHostContract },
  {
    ...desk,
    follow() {
      const snapshot = desk.follow();
      setTimeout(() => void conductor.start(workload));
      return snapshot;
    },
    kept: () => [],
    proposed: () => null,
    presenting: () => false,
    hasMnist: () => false,
    log: (level: 'info' | 'warn' | 'error', text: string) => console[level](text),
    workerAssets: () => ({ worker: asset('training.js'), files: {} }),
  } as unknown as Service<typeof compareHostContract & typeof trainingHostContract>,
  comparePageContract,
  (error) => console.error(error),
);
