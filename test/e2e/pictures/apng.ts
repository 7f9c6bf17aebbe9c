// An animated PNG of at most 255 colours (https://www.w3.org/TR/png-3/): small for the flat colours of an editor, and
// shown wherever a PNG is.
import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';

export interface Frame {
  /** Width × height colours, as little-endian words of RGBA; all opaque. */
  readonly pixels: Uint32Array;
  readonly milliseconds: number;
}

/** Plays for ever. Frames that show nothing new make the one before stay longer. */
export function animatedPng(width: number, height: number, frames: readonly Frame[]): Uint8Array {
  const palette = commonColours(frames);
  const nearest = nearestOf(palette);
  const parts: { data: Uint8Array; milliseconds: number }[] = [];
  let before: Uint8Array | undefined;
  for (const { pixels, milliseconds } of frames) {
    const now = Uint8Array.from(pixels, nearest);
    const last = parts.at(-1);
    if (last !== undefined && before !== undefined && Buffer.compare(now, before) === 0)
      last.milliseconds += milliseconds;
    else parts.push({ data: packed(now, before, width), milliseconds });
    before = now;
  }
  let sequence = 0;
  const body = parts.flatMap(({ data, milliseconds }, i) => [
    chunk('fcTL', [
      ...[sequence++, width, height, 0, 0].flatMap(int32),
      ...int16(milliseconds),
      ...int16(1000),
      KEEP,
      i === 0 ? REPLACE : OVER,
    ]),
    i === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([Buffer.from(int32(sequence++)), data])),
  ]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', [...int32(width), ...int32(height), 8, PALETTE, 0, 0, 0]),
    chunk('acTL', [...int32(parts.length), ...int32(0)]),
    chunk('PLTE', [0, 0, 0, ...palette.flatMap(channels)]),
    chunk('tRNS', [0]),
    ...body,
    chunk('IEND', []),
  ]);
}

const PALETTE = 3;
const KEEP = 0;
const [REPLACE, OVER] = [0, 1];
/** The colour of number 0 lets the frame before show. */
const TRANSPARENT = 0;

/** Rows without a filter; what is as it was is transparent, and packs to nearly nothing. */
function packed(now: Uint8Array, before: Uint8Array | undefined, width: number): Uint8Array {
  const height = now.length / width;
  const rows = new Uint8Array(height * (width + 1));
  for (let row = 0; row < height; row++) {
    for (let i = row * width; i < (row + 1) * width; i++)
      rows[i + row + 1] = now[i] === before?.[i] ? TRANSPARENT : now[i]!;
  }
  return zlibSync(rows, { level: 9, mem: 12 });
}

/** Two colours this near to each other look the same: a sum of squares over the channels. */
const ALIKE = 40;

/** The 255 colours that cover most, each unlike those before it. */
function commonColours(frames: readonly Frame[]): number[] {
  const counts = new Map<number, number>();
  for (const { pixels } of frames) for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const chosen: number[] = [];
  for (const [colour] of [...counts].sort(([, a], [, b]) => b - a)) {
    if (chosen.every((each) => distance(each, colour) > ALIKE)) chosen.push(colour);
    if (chosen.length === 255) break;
  }
  return chosen;
}

/** The number of the colour that is nearest to a colour: 1 for the first. */
function nearestOf(palette: readonly number[]): (colour: number) => number {
  const known = new Map(palette.map((colour, i) => [colour, i + 1]));
  return (colour) => {
    let best = known.get(colour);
    if (best === undefined) {
      const distances = palette.map((each) => distance(each, colour));
      best = distances.indexOf(Math.min(...distances)) + 1;
      known.set(colour, best);
    }
    return best;
  };
}

const distance = (a: number, b: number): number => {
  const [ours, theirs] = [channels(a), channels(b)];
  return ours.reduce((sum, value, i) => sum + (value - theirs[i]!) ** 2, 0);
};

/** Red, green, blue. */
const channels = (colour: number): number[] => [colour & 0xff, (colour >> 8) & 0xff, (colour >> 16) & 0xff];

function chunk(name: string, content: Uint8Array | number[]): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(content)]);
  return Buffer.concat([Buffer.from(int32(named.length - 4)), named, Buffer.from(int32(crc32(named)))]);
}

const int32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
const int16 = (value: number): number[] => [value >>> 8, value & 0xff];
