import { crc32 } from 'node:zlib';
import { unzlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { animatedPng } from '../../e2e/pictures/apng';

const red = 0xff0000ff;
const blue = 0xffff0000;

/** Name and content of each chunk; those with a wrong sum are not given. */
function chunksOf(file: Uint8Array): { name: string; content: Buffer }[] {
  const bytes = Buffer.from(file);
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (crc32(bytes.subarray(at + 4, end)) === bytes.readUInt32BE(end))
      found.push({ name: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  return found;
}

describe('an animated PNG', () => {
  const frames = [
    { pixels: Uint32Array.of(red, red, red, red), milliseconds: 100 },
    { pixels: Uint32Array.of(red, red, red, blue), milliseconds: 200 },
    { pixels: Uint32Array.of(red, red, red, blue), milliseconds: 300 },
  ];
  const chunks = chunksOf(animatedPng(2, 2, frames));
  const contents = (name: string) => chunks.filter((each) => each.name === name).map(({ content }) => content);

  it('has its chunks in order, each with its sum', () => {
    expect(chunks.map(({ name }) => name)).toEqual([
      ...['IHDR', 'acTL', 'PLTE', 'tRNS'],
      ...['fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND'],
    ]);
    expect([...contents('PLTE')[0]!]).toEqual([0, 0, 0, 255, 0, 0, 0, 0, 255]);
  });

  it('shows a frame longer where the next one is the same', () => {
    expect(contents('acTL')[0]!.readUInt32BE(0)).toBe(2);
    expect(contents('fcTL').map((each) => each.readUInt16BE(20))).toEqual([100, 500]);
  });

  it('draws only what has changed', () => {
    expect([...unzlibSync(contents('IDAT')[0]!)]).toEqual([0, 1, 1, 0, 1, 1]);
    expect([...unzlibSync(contents('fdAT')[0]!.subarray(4))]).toEqual([0, 0, 0, 0, 0, 2]);
  });

  it('gives a colour beyond the 255 most common the nearest of those', () => {
    const many = Uint32Array.from({ length: 1_000 }, (_, i) => (i < 744 ? red : 0xff000000 | ((i - 744) << 8)));
    const few = chunksOf(animatedPng(1_000, 1, [{ pixels: many, milliseconds: 1 }]));
    const palette = few.find(({ name }) => name === 'PLTE')!.content;
    const row = unzlibSync(few.find(({ name }) => name === 'IDAT')!.content).subarray(1);
    expect(palette.length).toBeLessThanOrEqual(256 * 3);
    many.forEach((colour, i) => {
      const green = palette[3 * row[i]! + 1]!;
      expect(Math.abs(green - ((colour >> 8) & 0xff))).toBeLessThanOrEqual(7);
    });
  });
});
