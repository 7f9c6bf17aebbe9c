// The store of runs on VS Code's own file system: in a Node host, and in a web worker's.
import * as vscode from 'vscode';
import { paperConfig } from '../../src/core/experiment/config';
import { runLog } from '../../src/core/runs/log';
import type { RunNews } from '../../src/core/runs/news';
import { applyNews } from '../../src/core/runs/news';
import { createRunRecord, type RunRecord } from '../../src/core/runs/record';
import { serialiseRun } from '../../src/core/runs/serialise';
import { systemClock } from '../../src/host/clock';
import { RunStore } from '../../src/host/runs/runStore';
import { vscodeRunFiles } from '../../src/host/runs/vscodeRunFiles';
import { commands } from '../../src/protocol/commands';
import { activate, closePanels, equal, untilPanel, untilStatus } from './help';
import { afterEach, beforeEach, describe, it } from './mocha';

const config = { ...paperConfig, epochs: 1, batchSize: 4, hidden: [2] };
const dataset = { name: 'tiny', train: 8, test: 2, classes: 2, inputs: 2 };

const newRun = (id: string): RunRecord => createRunRecord(id, '2026-01-31T12:05:00.000Z', config, dataset);

/** All that a training of this run tells. */
function training(run: RunRecord): RunNews[] {
  return run.networks.flatMap(({ id }): RunNews[] => [
    { kind: 'state', network: id, state: 'running', seconds: 0, backend: 'wasm' },
    {
      kind: 'recorded',
      network: id,
      steps: {
        firstStep: 0,
        loss: Float32Array.of(2.5, Number.NaN),
        accuracy: Float32Array.of(0.25, 0.5),
        gradientNorms: Float32Array.of(0, 1, 1e-30, 2),
      },
      probes: {
        step: Int32Array.of(0),
        meanDerivative: Float32Array.of(0.1),
        saturatedShare: Float32Array.of(1),
        deadShare: Float32Array.of(0),
        preActivationMean: Float32Array.of(3),
        preActivationStddev: Float32Array.of(1),
        updateRatio: Float32Array.of(0.01, 0.02),
      },
    },
    { kind: 'epochEnded', network: id, row: { epoch: 1, loss: 2, accuracy: 0.5, testLoss: 2, testAccuracy: 0.5 } },
    { kind: 'state', network: id, state: 'finished', seconds: 1, backend: 'wasm' },
  ]);
}

describe('kept runs on VS Code’s file system', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri;
  let folder: vscode.Uri;
  let count = 0;
  const reports: string[] = [];
  const open = async () => {
    const report = (message: string) => void reports.push(message);
    const store = new RunStore({
      files: vscodeRunFiles(folder),
      clock: systemClock,
      owner: `window-${++count}`,
      report,
    });
    await store.open();
    return store;
  };

  beforeEach(() => {
    folder = vscode.Uri.joinPath(root, `.runs-of-test-${crypto.randomUUID()}`);
    reports.length = 0;
  });
  afterEach(() => vscode.workspace.fs.delete(folder, { recursive: true, useTrash: false }));

  it('come back whole in another window, are renamed, deleted and brought back', async () => {
    const store = await open();
    const run = newRun('first');
    const writer = store.begin(run);
    for (const news of training(run)) {
      applyNews(run, news);
      writer.news(news);
    }
    await writer.end();
    await store.rename('first', 'My run');
    await store.close();

    const later = await open();
    equal(
      later.list().map(({ id, name, state }) => [id, name, state]),
      [['first', 'My run', 'finished']],
    );
    const { run: read, note } = await later.read('first');
    equal(note, undefined);
    equal([...read.networks[0]!.steps.gradientNorms!.values()], [0, 1, Math.fround(1e-30), 2]);
    equal(Number.isNaN(read.networks[1]!.steps.loss.at(1)), true);
    await later.remove('first');
    equal(later.list().length, 0);
    await later.restore('first');
    equal(
      later.list().map(({ name }) => name),
      ['My run'],
    );
    await later.close();
    equal(reports, []);
  });

  it('are interrupted where a window went away, and can be continued in the next one', async () => {
    const store = await open();
    const run = newRun('second');
    const writer = store.begin(run);
    for (const news of training(run).slice(0, 2)) {
      applyNews(run, news);
      writer.news(news);
    }
    await store.close();

    const later = await open();
    equal(
      later.list().map(({ state }) => state),
      ['interrupted'],
    );
    const { run: read } = await later.read('second');
    equal(
      read.networks.map(({ steps }) => steps.count),
      [2, 0],
    );
    const goOn = await later.continueWriting(read);
    for (const news of training(read)) {
      applyNews(read, news);
      goOn.news(news);
    }
    await goOn.end();
    equal(
      later.list().map(({ state }) => state),
      ['finished'],
    );
    await later.close();
  });

  it('are listed from their files, and from the index after that', async () => {
    const files = vscodeRunFiles(folder);
    const ids = Array.from({ length: 40 }, (_, i) => `run-${i}`);
    const write = async (id: string) => {
      const run = newRun(id);
      for (const news of training(run)) applyNews(run, news);
      const lines = await new Blob(runLog(run) as BlobPart[]).arrayBuffer();
      await files.write(`${id}.000000.run`, new Uint8Array(lines));
    };
    await Promise.all(ids.map(write));
    const listed = (store: RunStore) =>
      store
        .list()
        .map(({ id }) => id)
        .sort();
    const first = await open();
    equal(listed(first), [...ids].sort());
    await first.close();
    const second = await open();
    equal(listed(second), [...ids].sort());
    await second.close();
    equal(reports, []);
  });
});

describe('a run that was saved as JSON', () => {
  const { fs, workspaceFolders } = vscode.workspace;
  const folder = vscode.Uri.joinPath(workspaceFolders![0]!.uri, `.run-of-test-${crypto.randomUUID()}`);
  const file = vscode.Uri.joinPath(folder, 'tiny.gradient-lens.json');
  const id = crypto.randomUUID();
  const openFile = () => vscode.commands.executeCommand(commands.importRun.id, file);

  afterEach(async () => {
    await closePanels();
    await fs.delete(folder, { recursive: true, useTrash: false });
  });

  it('is opened again from its file, kept once, and deleted', async () => {
    const api = await activate();
    const run = createRunRecord(id, '2099-01-31T12:05:00.000Z', config, dataset);
    for (const news of training(run)) applyNews(run, news);
    await fs.writeFile(file, new TextEncoder().encode(serialiseRun(run)));
    await openFile();
    await untilPanel('compare');
    // The newest run of all is the current one.
    await untilStatus(api, 'opened run', ({ phase, epochs }) => phase === 'finished' && epochs === 1);
    await openFile();
    await vscode.commands.executeCommand(commands.deleteRun.id, id);
    await untilStatus(api, 'another run, or none', ({ phase, epochs }) => phase !== 'finished' || epochs !== 1);
  });
});
