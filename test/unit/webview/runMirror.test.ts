import { beforeEach, describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/core/advice/runStatus';
import type { RunNews } from '../../../src/core/runs/news';
import type { RunRecord } from '../../../src/core/runs/record';
import { serialiseRun } from '../../../src/core/runs/serialise';
import type { RunStatus, Snapshot } from '../../../src/protocol/pages/runs';
import { RunMirror } from '../../../webview/run/mirror';
import { contents, emptyRun, train } from '../core/runs/runs';

const status = (text: string): RunStatus => ({
  phase: 'running',
  epoch: 1,
  epochs: 3,
  progress: 0,
  text,
  resumable: false,
});

/** A host with a run that trains when the test says so. */
class ScriptedHost {
  seq = 0;
  asked = 0;
  /** What a question for a snapshot gets; the snapshot where nothing is set. */
  answers: (() => Promise<Snapshot>) | undefined;

  constructor(public run: RunRecord = emptyRun()) {}

  /** Trains a network on; the news that tell it. */
  train(network: number, steps: number): [seq: number, news: RunNews[], status: RunStatus] {
    const news = train(this.run, this.run.networks[network]!, steps);
    this.seq++;
    return [this.seq, structuredClone(news), status(`after ${this.seq}`)];
  }

  snapshot(): Snapshot {
    return {
      seq: this.seq,
      status: status(`as of ${this.seq}`),
      config: this.run.config,
      run: serialiseRun(this.run),
      states: Object.fromEntries(this.run.networks.map(({ id, state }) => [id, state])),
    };
  }

  readonly resync = (): Promise<Snapshot> => {
    this.asked++;
    return this.answers?.() ?? Promise.resolve(this.snapshot());
  };
}

let host: ScriptedHost;
let mirror: RunMirror;
let problems: string[];
beforeEach(() => {
  host = new ScriptedHost();
  problems = [];
  mirror = new RunMirror(host.resync, ({ message }) => void problems.push(message));
});

const shown = () => mirror.store.get();
/** After all answers that are under way. */
const answered = () => new Promise((resolve) => setImmediate(resolve));

function isTheHosts(): void {
  expect(contents(shown().run!)).toEqual(contents(host.run));
}

describe('a mirror', () => {
  it('shows nothing, and waits, before its first snapshot', () => {
    mirror.news(...host.train(0, 2));
    expect(shown()).toMatchObject({ run: undefined, revision: 0, status: { phase: 'idle' } });
    expect(host.asked).toBe(0);
  });

  it('takes news that came before the snapshot after it, and passes over those that are in it', () => {
    const news = [host.train(0, 2), host.train(1, 3)];
    const snapshot = host.snapshot();
    for (const each of [...news, host.train(0, 1), host.train(0, 4)]) mirror.news(...each);
    mirror.show(snapshot);
    isTheHosts();
    expect(shown().status.text).toBe('after 4');
    mirror.news(...host.train(1, 1));
    isTheHosts();
    expect([host.asked, problems]).toEqual([0, []]);
  });

  it('raises its revision with every news', () => {
    mirror.show(host.snapshot());
    const before = shown().revision;
    for (let i = 1; i <= 3; i++) {
      mirror.news(...host.train(0, 1));
      expect(shown().revision).toBe(before + i);
    }
  });

  it('asks once where news are missing, whatever comes meanwhile, and doubles nothing', async () => {
    mirror.show(host.snapshot());
    mirror.news(...host.train(0, 2));
    host.train(1, 3);
    for (let i = 0; i < 4; i++) mirror.news(...host.train(i % 2, 1));
    expect(host.asked).toBe(1);
    // These are told while the answer is under way.
    const late = host.train(0, 1);
    await answered();
    mirror.news(...late);
    isTheHosts();
    mirror.news(...host.train(0, 1));
    isTheHosts();
    expect([host.asked, problems]).toEqual([1, []]);
  });

  it('asks once where news do not fit, and says so', async () => {
    mirror.show(host.snapshot());
    const [seq, [recorded], then] = host.train(0, 3);
    if (recorded?.kind !== 'recorded') throw new Error('no steps');
    mirror.news(seq, [{ ...recorded, steps: { ...recorded.steps, firstStep: 1 } }], then);
    mirror.news(...host.train(0, 1));
    expect(problems).toEqual([expect.stringContaining('do not follow')]);
    await answered();
    expect(host.asked).toBe(1);
    isTheHosts();
  });

  it('passes over news that come twice', () => {
    mirror.show(host.snapshot());
    const news = host.train(0, 3);
    mirror.news(...news);
    mirror.news(...news);
    isTheHosts();
    expect(host.asked).toBe(0);
  });

  it('is replaced by the snapshot of another run', () => {
    host.train(0, 5);
    mirror.show(host.snapshot());
    const { seq } = host;
    host.run = emptyRun({ activations: ['tanh'] }, 'another');
    mirror.show(host.snapshot());
    expect(host.seq).toBe(seq);
    isTheHosts();
    expect([...shown().verdicts.keys()]).toEqual([]);
    mirror.news(...host.train(0, 2));
    isTheHosts();
  });

  it('keeps to the newer of two snapshots, in whichever order they come', async () => {
    mirror.show(host.snapshot());
    let answer: (snapshot: Snapshot) => void = () => {};
    host.answers = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    host.train(0, 1);
    mirror.news(...host.train(0, 1));
    const old = host.snapshot();
    host.train(0, 3);
    mirror.show(host.snapshot());
    answer(old);
    await answered();
    isTheHosts();
  });

  it('has the states of networks from the snapshot: those of a file would be interrupted', () => {
    host.train(0, 12);
    host.run.networks[1]!.state = 'paused';
    mirror.show(host.snapshot());
    expect(shown().run!.networks.map(({ state }) => state)).toEqual(['finished', 'paused']);
  });

  it('shows a status without news, and leaves the rest as it is', () => {
    host.train(0, 2);
    mirror.show(host.snapshot());
    const before = shown();
    mirror.status(status('Preparing.'));
    expect(shown()).toEqual({ ...before, status: status('Preparing.') });
    mirror.news(...host.train(0, 2));
    isTheHosts();
  });

  it('shows that there is no run', () => {
    host.train(0, 2);
    mirror.show(host.snapshot());
    const idle = statusOf({
      run: undefined,
      config: host.run.config,
      training: false,
      loadingText: '',
      problem: undefined,
      resumable: false,
    });
    mirror.show({ ...host.snapshot(), run: null, states: {}, status: idle });
    expect(shown()).toMatchObject({ run: undefined, status: { phase: 'idle' } });
    expect(shown().verdicts.size).toBe(0);
  });
});

describe('verdicts in a mirror', () => {
  it('appear with the first probe, change at epoch ends, and are of the network that was told of', () => {
    mirror.show(host.snapshot());
    expect(shown().verdicts.size).toBe(0);
    mirror.news(...host.train(0, 1));
    expect([...shown().verdicts.keys()]).toEqual(['sigmoid#0']);
    const first = shown().verdicts.get('sigmoid#0');
    const whole = shown().verdicts;
    mirror.news(...host.train(1, 4));
    expect([...shown().verdicts.keys()]).toEqual(['sigmoid#0', 'relu#0']);
    expect(shown().verdicts.get('sigmoid#0')).toBe(first);
    expect(whole.size).toBe(1);
    mirror.news(...host.train(0, 3));
    expect(shown().verdicts.get('sigmoid#0')).not.toEqual(first);
  });

  it('stay the same map, from which a page knows that there is nothing new, between ends of epochs', () => {
    mirror.show(host.snapshot());
    mirror.news(...host.train(0, 4));
    const { verdicts, revision } = shown();
    const [seq, news, after] = host.train(0, 1);
    const steps = news.filter(({ kind }) => kind === 'recorded');
    mirror.news(seq, steps, after);
    expect(shown().verdicts).toBe(verdicts);
    expect(shown().revision).toBe(revision + 1);
    mirror.news(...host.train(0, 4));
    expect(shown().verdicts).not.toBe(verdicts);
  });

  it('are there with the snapshot', () => {
    host.train(0, 12);
    mirror.show(host.snapshot());
    expect([...shown().verdicts.keys()]).toEqual(['sigmoid#0']);
  });
});

describe('a mirror whose snapshot does not come', () => {
  const damaged = (): Snapshot => ({ ...host.snapshot(), run: '{"format":"gradient-lens-run"' });

  it('says where one is damaged, and asks again with the next news', async () => {
    mirror.show(damaged());
    expect(problems).toEqual([expect.stringContaining('not a stored run')]);
    expect(shown().run).toBeUndefined();
    expect(shown().status.problem?.message).toContain('not a stored run');
    expect(host.asked).toBe(0);
    mirror.news(...host.train(0, 2));
    expect(host.asked).toBe(1);
    await answered();
    isTheHosts();
    expect(shown().status.problem).toBeUndefined();
  });

  it('says where the answer to a question is damaged, and does not ask without end', async () => {
    mirror.show(host.snapshot());
    host.train(0, 1);
    host.answers = () => Promise.resolve(damaged());
    mirror.news(...host.train(0, 1));
    mirror.news(...host.train(0, 1));
    await answered();
    // Once for the gap, and once for the news that came after the answer was made.
    expect([host.asked, problems.length]).toEqual([2, 2]);
    host.answers = undefined;
    mirror.news(...host.train(0, 1));
    await answered();
    isTheHosts();
    expect(host.asked).toBe(3);
  });

  it.each([
    ['with a sentence', new Error('resync was not answered within 10 s.')],
    ['with a word', 'late'],
  ])('says where the host does not answer, %s, and asks again with the next news', async (_, reason) => {
    mirror.show(host.snapshot());
    host.train(0, 1);
    host.answers = () => Promise.reject(reason);
    mirror.news(...host.train(0, 1));
    mirror.news(...host.train(0, 1));
    await answered();
    expect(problems).toEqual([reason instanceof Error ? reason.message : reason]);
    host.answers = undefined;
    mirror.news(...host.train(0, 1));
    await answered();
    isTheHosts();
  });

  it('says so to whoever opens it, and asks with the next news', async () => {
    await expect(mirror.open(Promise.reject(new Error('no host')))).rejects.toThrow('no host');
    mirror.news(...host.train(0, 2));
    await answered();
    isTheHosts();
    expect(host.asked).toBe(1);
  });
});
