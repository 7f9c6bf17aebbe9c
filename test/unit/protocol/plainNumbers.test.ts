import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/protocol/channel';
import { overJson } from '../../../src/protocol/plainNumbers';

/** What arrives of a message that JSON carries, as VS Code does. */
function carried(message: unknown): unknown {
  let receive: (message: unknown) => void = () => {};
  const wire: Transport = {
    post: (sent) => receive(JSON.parse(JSON.stringify(sent))),
    listen(listener) {
      receive = listener;
      return () => {};
    },
  };
  let arrived: unknown;
  const ends = overJson(wire);
  ends.listen((heard) => {
    arrived = heard;
  });
  ends.post(message);
  return arrived;
}

describe('numbers over JSON', () => {
  it('arrive where a network has diverged', () => {
    const row = { epoch: 1, loss: Number.NaN, testLoss: Number.POSITIVE_INFINITY, accuracy: 0.1 };
    expect(carried({ news: [row, [-Infinity]] })).toEqual({ news: [row, [-Infinity]] });
  });

  it('are all that changes, whatever a message holds', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.double().map((x) => (Object.is(x, -0) ? 0 : x)),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (message) => {
        expect(carried(message)).toEqual(message);
      }),
    );
  });

  it('leaves series and what needs nothing as they are', () => {
    const series = Float32Array.of(1, Number.NaN);
    const message = { series, rows: [{ loss: 1 }] };
    let sent: unknown;
    overJson({ post: (message) => (sent = message), listen: () => () => {} }).post(message);
    expect(sent).toBe(message);
  });

  it('lets through what is nested without end, for the contract to refuse', () => {
    let message: unknown = Number.NaN;
    for (let i = 0; i < 200_000; i++) message = [message];
    let sent: unknown;
    overJson({ post: (message) => (sent = message), listen: () => () => {} }).post(message);
    expect(sent).toBe(message);
  });
});
