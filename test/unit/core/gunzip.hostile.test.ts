import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../../src/core/data/dataset';
import { gunzipAtMost } from '../../../src/core/data/gunzip';
import { encodeIdx, parseIdx } from '../../../src/core/data/idx';
import { joinedBytes } from '../../../src/core/format/bytes';
import { inputs } from '../hostile';

const NAME = 'train-labels-idx1-ubyte.gz';
const read = (bytes: Uint8Array) => parseIdx({ name: NAME, bytes });

/** Content, cut at some places into members, with zeros after them. */
const packed = (content: Uint8Array, cuts: readonly number[], zeros: number, level: 0 | 1 | 9): Uint8Array => {
  const places = [0, ...cuts.map((cut) => Math.floor(cut * content.length)).sort((a, b) => a - b), content.length];
  const members = places.slice(1).map((to, i) => gzipSync(content.subarray(places[i], to), { level }));
  return joinedBytes([...members, new Uint8Array(zeros)]);
};

const values = fc.uint8Array({ maxLength: 3000 });
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
const zeros = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 200_000 }));
const level = fc.constantFrom<(0 | 1 | 9)[]>(0, 1, 9);

describe('a gzipped file', () => {
  it('of any members, and with zeros after them, is what it is plain', () => {
    fc.assert(
      fc.property(values, cuts, zeros, level, (data, cuts, zeros, level) => {
        const content = encodeIdx([data.length], data);
        const bytes = packed(content, cuts, zeros, level);
        expect([...read(bytes).data]).toEqual([...data]);
        expect(gunzipAtMost(bytes, content.length + 5)).toEqual(content);
      }),
      inputs(120),
    );
  });

  it('whose members end in the last piece that is unpacked, or just where one ends, is whole', () => {
    const data = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 2654435761) >>> 24);
    const content = encodeIdx([data.length], data);
    for (let size = 65_520; size < 65_550; size++) {
      const members = [content.subarray(0, size), content.subarray(size)].map((part) => gzipSync(part, { level: 0 }));
      expect(read(joinedBytes([...members, new Uint8Array(size % 11)])).data.length).toBe(data.length);
    }
  });

  it('of many small members is read in one go', () => {
    const data = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
    const content = encodeIdx([data.length], data);
    const members = Array.from({ length: Math.ceil(content.length / 4) }, (_, i) =>
      gzipSync(content.subarray(4 * i, 4 * i + 4), { level: 0 }),
    );
    expect([...read(joinedBytes(members)).data]).toEqual([...data]);
  });

  it('that is cut or damaged anywhere says so, or is what it was', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(values, cuts, zeros, change, fc.boolean(), (data, cuts, zeros, { at, to }, cut) => {
        const content = encodeIdx([data.length], data);
        const whole = packed(content, cuts, zeros, 9);
        const place = Math.floor(at * whole.length);
        const bytes = cut ? whole.slice(0, place) : Uint8Array.from(whole, (byte, i) => (i === place ? to : byte));
        try {
          // Names and times in a header are free, and so are zeros that are not there.
          expect([...read(bytes).data]).toEqual([...data]);
        } catch (error) {
          if (!(error instanceof DatasetError)) throw error;
        }
      }),
      inputs(300),
    );
  });

  it('is unpacked no further than its header says', () => {
    const bomb = gzipSync(new Uint8Array(100_000_000), { level: 1 });
    const header = (...lengths: number[]) => {
      const bytes = new Uint8Array(4 + 4 * lengths.length);
      bytes.set([0, 0, 8, lengths.length]);
      for (const [i, length] of lengths.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * i, length);
      return bytes;
    };
    const bombAfter = (...lengths: number[]) => joinedBytes([gzipSync(header(...lengths)), bomb]);
    expect(() => read(bombAfter(3000))).toThrow(
      `${NAME} has bytes left over at its end: expected 3,008 bytes, and it unpacks`,
    );
    expect(() => read(bombAfter(4_000_000_000))).toThrow(
      `${NAME} announces 4,000,000,008 bytes; expected 2,000,000,000`,
    );
    expect(() => read(gzipSync(header(60_000, 28, 28)))).toThrow(
      `${NAME} is cut short: its header announces 47,040,016 bytes, more than its`,
    );
    expect(() => read(bomb)).toThrow('is not an IDX file: it starts with 00 00 00 00');
    expect(() => gunzipAtMost(bomb, 1000)).toThrow(RangeError);
  });
});
