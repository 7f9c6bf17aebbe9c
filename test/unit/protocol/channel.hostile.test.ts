import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, type Transport } from '../../../src/protocol/channel';
import { event, request } from '../../../src/protocol/contract';
import { PROTOCOL_VERSION } from '../../../src/protocol/version';
import { inputs } from '../hostile';

const contract = {
  half: request([v.number()], v.number()),
  fails: request([], v.void()),
  news: event(v.string()),
};

/** A side that serves, a way to say anything to it, and all that came of it. */
function served(post: (message: unknown) => void = () => {}) {
  let receive: (message: unknown) => void = () => {};
  const sent: { body: { t: string; i?: string; r?: unknown; e?: { message: string } } }[] = [];
  const transport: Transport = {
    post(message) {
      sent.push(message as (typeof sent)[number]);
      post(message);
    },
    listen(listener) {
      receive = listener;
      return () => {};
    },
  };
  const called: string[] = [];
  const problems: Error[] = [];
  connect(
    transport,
    contract,
    {
      half(n) {
        called.push('half');
        return n / 2;
      },
      fails() {
        called.push('fails');
        throw new RangeError('the folder is empty');
      },
      news: () => void called.push('news'),
    },
    {},
    (error) => problems.push(error),
  );
  return { say: (message: unknown) => receive(message), sent, called, problems };
}

const ask = (m: unknown, i: unknown = 'id', more: object = {}) => ({
  gradientLens: PROTOCOL_VERSION,
  body: { t: 'q', m, a: [], i, ...more },
});

/** Lets all that a message set off come to its end. */
async function settled() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

const inherited = Object.getOwnPropertyNames(Object.prototype);
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
});

/** Rejections are told of once a turn of the event loop is over. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a side that serves', () => {
  it.each([...inherited, 'then', 'halve', ''])(
    'is asked by no other name than those of the contract: %s',
    async (name) => {
      const { say, sent, called, problems } = served();
      say(ask(name));
      say(ask(name, 'optional', { o: true }));
      await settled();
      await turn();
      expect(called).toEqual([]);
      expect(sent.map(({ body }) => [body.t, body.i, body.e?.message])).toEqual(
        ['id', 'optional'].map((id) => ['s', id, `${JSON.stringify(name)} is nothing that this side is asked.`]),
      );
      expect(problems).toHaveLength(2);
      expect(unhandled).toEqual([]);
    },
  );

  it('takes what is optional elsewhere as a question like any other', async () => {
    const { say, sent } = served();
    say(ask('half', 'id', { a: [8], o: true }));
    await settled();
    expect(sent.map(({ body }) => body)).toEqual([{ t: 's', i: 'id', r: 4 }]);
  });

  it('answers each question once, does nothing unasked, and leaves no rejection to nobody, whatever it hears', async () => {
    const names = fc.oneof(fc.constantFrom(...Object.keys(contract), ...inherited), fc.string());
    const anything = fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true });
    const bodies = fc.record(
      {
        t: fc.oneof(fc.constantFrom('q', 's'), anything),
        m: fc.oneof(names, anything),
        a: fc.oneof(fc.array(anything, { maxLength: 3 }), fc.constant([8]), fc.constant(['text']), anything),
        i: fc.oneof(fc.string({ maxLength: 80 }), anything),
        o: fc.boolean(),
        r: anything,
        e: anything,
      },
      { requiredKeys: [] },
    );
    const versions = fc.oneof({ weight: 4, arbitrary: fc.constant(PROTOCOL_VERSION) }, fc.integer(), anything);
    const messages = fc.oneof(fc.record({ gradientLens: versions, body: fc.oneof(bodies, anything) }), anything);
    await fc.assert(
      fc.asyncProperty(messages, fc.boolean(), async (message, broken) => {
        const { say, sent, called } = served(() => {
          if (broken) throw new Error('The way is closed.');
        });
        say(message);
        await settled();
        const { gradientLens, body } = (message ?? {}) as { gradientLens?: unknown; body?: Record<string, unknown> };
        const isQuestion =
          typeof gradientLens === 'number' && body?.t === 'q' && typeof body.m === 'string' && Array.isArray(body.a);
        const id = body?.i;
        const isSound =
          isQuestion && (id === undefined || (typeof id === 'string' && id.length > 0 && id.length <= 64));
        const answered = isSound && id !== undefined;
        expect(sent.every((each) => each.body.t === 's' && each.body.i === id)).toBe(true);
        // An answer that cannot be posted is tried once more, as an error.
        if (broken && answered) expect([1, 2]).toContain(sent.length);
        else expect(sent).toHaveLength(answered ? 1 : 0);
        const allowed = isSound && gradientLens === PROTOCOL_VERSION && Object.hasOwn(contract, body.m as string);
        if (!allowed) expect(called).toEqual([]);
      }),
      inputs(1000),
    );
    await turn();
    expect(unhandled).toEqual([]);
  });

  it('reports an answer that cannot be posted', async () => {
    const { say, problems } = served(() => {
      throw new Error('The way is closed.');
    });
    say(ask('half', 'id', { a: [8] }));
    say({ ...ask('half'), gradientLens: PROTOCOL_VERSION + 1 });
    await settled();
    await turn();
    expect(problems.map(({ message }) => message)).toContain('The way is closed.');
    expect(unhandled).toEqual([]);
  });
});

describe('a side that asks', () => {
  it('forgets a request that was not answered in time, and passes a late answer over', async () => {
    const kept = vi.spyOn(Map.prototype, 'set');
    const late = { slow: request([], v.void(), 1) };
    const sent: { body: { i: string } }[] = [];
    let receive: (message: unknown) => void = () => {};
    const problems: Error[] = [];
    const transport: Transport = {
      post: (message) => void sent.push(message as (typeof sent)[number]),
      listen(listener) {
        receive = listener;
        return () => {};
      },
    };
    const { remote } = connect(transport, {}, {}, late, (error) => problems.push(error));
    await expect(remote.slow()).rejects.toThrow('did not answer within');
    const { i } = sent[0]!.body;
    const at = kept.mock.calls.findIndex(([key]) => key === i);
    const open = kept.mock.contexts[at] as unknown as Map<string, unknown>;
    kept.mockRestore();
    expect(open.size).toBe(0);
    receive({ gradientLens: PROTOCOL_VERSION, body: { t: 's', i, r: 'late' } });
    await settled();
    await turn();
    expect(problems).toHaveLength(1);
    expect(unhandled).toEqual([]);
  });
});
