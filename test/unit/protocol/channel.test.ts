import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { connect, type Transport } from '../../../src/protocol/channel';
import { event, longRequest, request } from '../../../src/protocol/contract';
import { PROTOCOL_VERSION } from '../../../src/protocol/version';

/** Two ends joined in memory; messages are copied as a real transport copies them. */
function pair(): { left: Transport; right: Transport; inject(message: unknown): void; sent: unknown[] } {
  const listeners = { left: new Set<(m: unknown) => void>(), right: new Set<(m: unknown) => void>() };
  const sent: unknown[] = [];
  const end = (own: 'left' | 'right', other: 'left' | 'right'): Transport => ({
    post: (message) => {
      sent.push(message);
      const copy = structuredClone(message);
      queueMicrotask(() => {
        for (const listener of listeners[other]) listener(copy);
      });
    },
    listen(receive) {
      listeners[own].add(receive);
      return () => listeners[own].delete(receive);
    },
  });
  const inject = (message: unknown) => {
    for (const listener of listeners.right) listener(message);
  };
  return { left: end('left', 'right'), right: end('right', 'left'), inject, sent };
}

const contract = {
  half: request([v.pipe(v.number(), v.multipleOf(2, 'expected an even number'))], v.number()),
  never: longRequest([], v.void()),
  slow: request([], v.void(), 1),
  fails: request([], v.void()),
  lies: request([], v.string()),
  news: event(v.string()),
};

function joined() {
  const { left, right, inject, sent } = pair();
  const problems: Error[] = [];
  const heard: string[] = [];
  const server = connect(
    right,
    contract,
    {
      half: (n) => n / 2,
      never: () => new Promise<undefined>(() => {}),
      slow: () => new Promise<undefined>(() => {}),
      fails: () => {
        throw new RangeError('the folder is empty');
      },
      lies: () => 5 as unknown as string,
      news: (text) => void heard.push(text),
    },
    {},
    (error) => problems.push(error),
  );
  const client = connect(left, {}, {}, contract, (error) => problems.push(error), 'The page “Training”');
  return { client, server, problems, heard, inject, sent };
}

describe('the protocol', () => {
  it('answers a request, and passes events on', async () => {
    const { client, heard } = joined();
    expect(await client.remote.half(8)).toBe(4);
    await client.remote.news('epoch 3');
    await vi.waitFor(() => expect(heard).toEqual(['epoch 3']));
  });

  it('refuses wrong arguments before they are sent, and again where they arrive', async () => {
    const { client, inject, sent } = joined();
    await expect(client.remote.half(3)).rejects.toThrow('half, argument 1: expected an even number');
    expect(sent).toEqual([]);
    inject({ gradientLens: PROTOCOL_VERSION, body: { t: 'q', i: 'x', m: 'half', a: ['eight'] } });
    await vi.waitFor(() => expect(JSON.stringify(sent)).toMatch(/half, argument 1/));
  });

  it('gives the other side’s error by name and sentence, which is no problem of the channel', async () => {
    const { client, problems } = joined();
    const error = await client.remote.fails().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'RangeError', message: 'the folder is empty' });
    expect(problems).toEqual([]);
  });

  it('refuses more arguments than there are', async () => {
    const { client, inject, sent } = joined();
    const half = client.remote.half as (...args: number[]) => Promise<number>;
    await expect(half(2, 4)).rejects.toThrow('half: 2 arguments, expected 1');
    expect(sent).toEqual([]);
    inject({ gradientLens: PROTOCOL_VERSION, body: { t: 'q', i: 'x', m: 'half', a: [2, 4] } });
    await vi.waitFor(() => expect(JSON.stringify(sent)).toMatch(/half: 2 arguments, expected 1/));
  });

  it('says where in an argument the problem is', async () => {
    const { left } = pair();
    const contract = { put: request([v.object({ at: v.object({ row: v.number() }) })], v.void()) };
    const { remote } = connect(left, {}, {}, contract, () => {});
    await expect(remote.put({ at: { row: 'first' } } as never)).rejects.toThrow(/^put, argument 1, at\.row: /);
  });

  it('asks for no answer to an event, and waits without end for what may take long', async () => {
    const { client, sent } = joined();
    await client.remote.news('epoch 3');
    expect(sent).toEqual([{ gradientLens: PROTOCOL_VERSION, body: { t: 'q', m: 'news', a: ['epoch 3'] } }]);
    const ends: string[] = [];
    client.remote.never().then(
      () => ends.push('answered'),
      () => ends.push('failed'),
    );
    // The clock of the second is wound up after that of the first would have been.
    await expect(client.remote.slow()).rejects.toThrow();
    await expect(client.remote.slow()).rejects.toThrow();
    expect(ends).toEqual([]);
  });

  it('calls who does not answer by what they are, or the other side', async () => {
    const { left } = pair();
    const { remote } = connect(left, {}, {}, contract, () => {});
    await expect(remote.slow()).rejects.toThrow(/^The other side did not answer within/);
  });

  it('refuses an answer that breaks the contract', async () => {
    const { client } = joined();
    await expect(client.remote.lies()).rejects.toThrow(/lies, answer/);
  });

  it('leaves out what is absent: a webview’s messages are JSON, where undefined in a list becomes null', async () => {
    const { left, right } = pair();
    const asJson: Transport = { ...left, post: (message) => left.post(JSON.parse(JSON.stringify(message))) };
    const contract = { ended: event(v.string(), v.optional(v.string())) };
    const heard: unknown[] = [];
    const problems: Error[] = [];
    connect(right, contract, { ended: (...args) => void heard.push(args) }, {}, (error) => problems.push(error));
    const { remote } = connect(asJson, {}, {}, contract, (error) => problems.push(error));
    await remote.ended('turn 1', undefined);
    await remote.ended('turn 2', 'no data');
    await vi.waitFor(() =>
      expect(heard).toEqual([
        ['turn 1', undefined],
        ['turn 2', 'no data'],
      ]),
    );
    expect(problems).toEqual([]);
  });

  it('fails a request that is not answered in time, and open ones when the channel closes', async () => {
    const { client, problems } = joined();
    await expect(client.remote.slow()).rejects.toThrow(
      'The page “Training” did not answer within 0.001 s: it is busy, or gone. Try again; if that does not help, reload the window (what is recorded is kept).',
    );
    // Which request it was stands in the log alone.
    expect(problems.map(({ message }) => message)).toEqual(['slow was not answered within 0.001 s.']);
    const open = client.remote.never();
    const expectation = expect(open).rejects.toThrow('The worker died.');
    await Promise.resolve();
    client.close('The worker died.');
    await expectation;
    await expect(client.remote.half(2)).rejects.toThrow();
  });

  it('refuses another version with a sentence, and ignores what is not ours', async () => {
    const { inject, problems, sent } = joined();
    inject({ type: 'vscode-internal' });
    inject('text');
    inject(null);
    expect(problems).toEqual([]);
    inject({ gradientLens: PROTOCOL_VERSION + 1, body: { t: 'q', i: 'x', m: 'half', a: [2] } });
    expect(problems[0]!.message).toContain('Reload the window');
    expect(JSON.stringify(sent)).toContain('Reload the window');
    inject({ gradientLens: PROTOCOL_VERSION, body: 'nonsense' });
    expect(problems).toHaveLength(2);
  });
});
