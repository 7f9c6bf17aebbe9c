import { createRandom, type Random, type RandomState, randomAt, shuffledIndices } from '../math/random';
import type { Dataset, LabelledImages } from './dataset';
import { APART, digitStates, stateAt } from './digitStates';
import { skeletons } from './digitStrokes';
import { drawnDigits } from './drawnDigits';

export interface DigitCounts {
  /** Images to train on, a whole number above 0; every digit equally often, give or take one. */
  readonly train?: number;
  /** Images to test on, likewise; drawn independently of the others. */
  readonly test?: number;
  /** A whole number in [0, 2³²); the same seed draws the same images. */
  readonly seed?: number;
}

/** Rows and columns of an image, as in MNIST. */
const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Height of an undistorted digit in pixels; MNIST fits its digits into 20 × 20. */
const HEIGHT = 19;

/**
 * How far hands differ: standard deviations, or [lowest, highest] of a uniform. Tuned so that the mean pixel is
 * MNIST's (0.13), and that five epochs of Adam bring a linear classifier to about 87 %, 128 ReLU units to 96 %.
 */
const hand = {
  /** Radians. */
  rotation: 0.13,
  /** Horizontal shift per height; handwriting leans to the right. */
  slant: { mean: 0.14, stddev: 0.19 },
  /** Factors on height and width. */
  height: [0.85, 1.08],
  width: [0.74, 1.2],
  /** Of the digit's centre, in pixels. */
  shift: 1.15,
  /** Of each point of the skeleton, in pixels. */
  wobble: 0.52,
  /** Half the width of the pen, in pixels. */
  pen: [0.8, 1.75],
  /** Width of the grey edge in pixels. */
  blur: 1.3,
  /** Brightness of the ink, and of single pixels within it. */
  ink: [0.82, 1.06],
  grain: 0.06,
} as const;

/** Straight pieces that a smooth line is cut into between two points. */
const PIECES = 5;

interface PreparedSkeleton {
  /** x and y of each distinct point, relative to the digit's middle, in digit heights. */
  readonly points: Float64Array;
  readonly strokes: readonly { readonly indices: readonly number[]; readonly closed: boolean }[];
}

/** Reads a skeleton; points with equal coordinates become one, so that they wobble together. */
function prepare(skeleton: string): PreparedSkeleton {
  const found = new Map<string, number>();
  const coordinates: number[] = [];
  const strokes = skeleton.split(' | ').map((stroke) => {
    const indices = stroke.split(' ').map((point) => {
      const known = found.get(point);
      if (known !== undefined) return known;
      found.set(point, found.size);
      const [x = 0, y = 0] = point.split(',').map(Number);
      coordinates.push(x / 100 - 0.33, y / 100 - 0.5);
      return found.size - 1;
    });
    const closed = indices[0] === indices.at(-1);
    return { indices: closed ? indices.slice(0, -1) : indices, closed };
  });
  return { points: Float64Array.from(coordinates), strokes };
}

const between = (random: Random, [low, high]: readonly [number, number]): number =>
  low + (high - low) * random.uniform();

/** Draws one digit after another; its buffers serve them all. */
function createPen(): (random: Random, digit: number, image: Uint8Array) => void {
  const prepared = skeletons.map((variants) => variants.map(prepare));
  const mostPoints = Math.max(...prepared.flat().map(({ points }) => points.length));
  const mostPieces = Math.max(
    ...prepared.flat().map(({ strokes }) => strokes.reduce((sum, { indices }) => sum + indices.length * PIECES, 0)),
  );
  const points = new Float64Array(mostPoints);
  /** x and y of the two ends of each piece. */
  const pieces = new Float64Array(4 * mostPieces);
  /** Squared distance of each pixel's centre from the nearest line. */
  const distance = new Float64Array(PIXELS);
  /** The rows and columns that distances were measured in: beyond them there is no ink. */
  let firstRow = SIDE;
  let lastRow = -1;
  let firstColumn = SIDE;
  let lastColumn = -1;

  /** Moves the skeleton's points as this hand would, to pixels around (0, 0). */
  function place(random: Random, { points: skeleton }: PreparedSkeleton): void {
    const turn = hand.rotation * random.normal();
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const slant = hand.slant.mean + hand.slant.stddev * random.normal();
    const height = HEIGHT * between(random, hand.height);
    const width = HEIGHT * between(random, hand.width);
    for (let i = 0; i < skeleton.length; i += 2) {
      const y = skeleton[i + 1]! * height;
      const x = skeleton[i]! * width - slant * y;
      points[i] = cos * x - sin * y + hand.wobble * random.normal();
      points[i + 1] = sin * x + cos * y + hand.wobble * random.normal();
    }
  }

  /** Cuts the strokes, Catmull–Rom splines through the points, into straight pieces; returns how many. */
  function cut({ strokes }: PreparedSkeleton): number {
    let used = 0;
    for (const { indices, closed } of strokes) {
      const n = indices.length;
      const at = (i: number): number => 2 * indices[closed ? (i + n) % n : Math.max(0, Math.min(n - 1, i))]!;
      for (let i = 0; i < (closed ? n : n - 1); i++) {
        const a = at(i - 1);
        const b = at(i);
        const c = at(i + 1);
        const d = at(i + 2);
        let x = points[b]!;
        let y = points[b + 1]!;
        for (let piece = 1; piece <= PIECES; piece++) {
          const t = piece / PIECES;
          const nextX = catmullRom(points[a]!, points[b]!, points[c]!, points[d]!, t);
          const nextY = catmullRom(points[a + 1]!, points[b + 1]!, points[c + 1]!, points[d + 1]!, t);
          pieces[used] = x;
          pieces[used + 1] = y;
          pieces[used + 2] = nextX;
          pieces[used + 3] = nextY;
          used += 4;
          x = nextX;
          y = nextY;
        }
      }
    }
    return used / 4;
  }

  /** Puts the middle of the ink near the middle of the image, as MNIST does with the centre of mass. */
  function centre(random: Random, count: number): void {
    let length = 0;
    let sumX = 0;
    let sumY = 0;
    for (let i = 0; i < 4 * count; i += 4) {
      const own = Math.hypot(pieces[i + 2]! - pieces[i]!, pieces[i + 3]! - pieces[i + 1]!);
      length += own;
      sumX += (own * (pieces[i]! + pieces[i + 2]!)) / 2;
      sumY += (own * (pieces[i + 1]! + pieces[i + 3]!)) / 2;
    }
    const shiftX = (SIDE - 1) / 2 - sumX / length + hand.shift * random.normal();
    const shiftY = (SIDE - 1) / 2 - sumY / length + hand.shift * random.normal();
    for (let i = 0; i < 4 * count; i += 2) {
      pieces[i] = pieces[i]! + shiftX;
      pieces[i + 1] = pieces[i + 1]! + shiftY;
    }
  }

  /**
   * Distances of the pixels within `reach` of a piece. The first images are drawn before anything is compiled: plain
   * variables, and nothing twice.
   */
  function measure(piece: number, reach: number): void {
    const x0 = pieces[4 * piece]!;
    const y0 = pieces[4 * piece + 1]!;
    const dx = pieces[4 * piece + 2]! - x0;
    const dy = pieces[4 * piece + 3]! - y0;
    const lengthSquared = dx * dx + dy * dy;
    const left = Math.max(0, Math.ceil(Math.min(x0, x0 + dx) - reach));
    const right = Math.min(SIDE - 1, Math.floor(Math.max(x0, x0 + dx) + reach));
    const top = Math.max(0, Math.ceil(Math.min(y0, y0 + dy) - reach));
    const bottom = Math.min(SIDE - 1, Math.floor(Math.max(y0, y0 + dy) + reach));
    if (top < firstRow) firstRow = top;
    if (bottom > lastRow) lastRow = bottom;
    if (left < firstColumn) firstColumn = left;
    if (right > lastColumn) lastColumn = right;
    for (let row = top; row <= bottom; row++) {
      const py = row - y0;
      const down = py * dy;
      const start = row * SIDE;
      for (let column = left; column <= right; column++) {
        const px = column - x0;
        let along = lengthSquared > 0 ? (px * dx + down) / lengthSquared : 0;
        if (along < 0) along = 0;
        else if (along > 1) along = 1;
        const ex = px - along * dx;
        const ey = py - along * dy;
        const squared = ex * ex + ey * ey;
        if (squared < distance[start + column]!) distance[start + column] = squared;
      }
    }
  }

  return (random, digit, image) => {
    const variants = prepared[digit]!;
    const skeleton = variants[random.below(variants.length)]!;
    place(random, skeleton);
    const count = cut(skeleton);
    centre(random, count);

    const edge = between(random, hand.pen) + hand.blur / 2;
    distance.fill(Number.POSITIVE_INFINITY);
    firstRow = SIDE;
    lastRow = -1;
    firstColumn = SIDE;
    lastColumn = -1;
    for (let piece = 0; piece < count; piece++) measure(piece, edge);

    const ink = 255 * between(random, hand.ink);
    const farthest = edge * edge;
    for (let row = firstRow; row <= lastRow; row++) {
      for (let pixel = row * SIDE + firstColumn; pixel <= row * SIDE + lastColumn; pixel++) {
        const squared = distance[pixel]!;
        if (squared >= farthest) continue;
        const coverage = Math.min(1, (edge - Math.sqrt(squared)) / hand.blur);
        const grain = 1 + hand.grain * (2 * random.uniform() - 1);
        image[pixel] = Math.min(255, Math.round(ink * grain * coverage));
      }
    }
  };
}

/** The uniform Catmull–Rom spline between b (t = 0) and c (t = 1). */
function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** The labels of a part, in their order. */
function labelsOf(count: number, seed: number, part: Part): Uint8Array {
  const order = shuffledIndices(count, createRandom(seed, `digits/${part}/order`));
  return Uint8Array.from(order, (place) => place % 10);
}

export type Part = 'train' | 'test';

/** @param visit is told, before each image, where the stream stands */
function drawPart(
  count: number,
  seed: number,
  part: Part,
  visit?: (image: number, state: RandomState) => void,
): LabelledImages {
  const random = createRandom(seed, `digits/${part}`);
  const draw = createPen();
  const images = new Uint8Array(count * PIXELS);
  const labels = labelsOf(count, seed, part);
  for (let i = 0; i < count; i++) {
    visit?.(i, random.state());
    draw(random, labels[i]!, images.subarray(i * PIXELS, (i + 1) * PIXELS));
  }
  return { images, labels };
}

/**
 * Digits in the manner of MNIST (28 × 28, white on black, centred), drawn by the program itself: skeletons of pen
 * strokes in several hands, stretched, slanted, turned, shifted and wobbled at random.
 *
 * @throws RangeError for counts that are not whole numbers above 0
 */
export function drawDigits({
  train = drawnDigits.train,
  test = drawnDigits.test,
  seed = 0,
}: DigitCounts = {}): Dataset {
  for (const count of [train, test]) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`cannot draw ${count} digits; expected 1 or more`);
  }
  return { ...frame, train: drawPart(train, seed, 'train'), test: drawPart(test, seed, 'test') };
}

const frame = { name: drawnDigits.name, rows: SIDE, columns: SIDE, classes: drawnDigits.classes };

/** Where the stream of a part stands before every so many images: the table `digitStates` is this, written down. */
export function statesOf(part: Part): RandomState[] {
  const states: RandomState[] = [];
  drawPart(drawnDigits[part], 0, part, (image, state) => {
    if (image % APART === 0) states.push(state);
  });
  return states;
}

/**
 * The images of {@link drawDigits}, each drawn when it is first wanted: all draw from one stream of random numbers, but
 * where that stands before every so many images is known. So are the parts themselves: the first step waits for one alone.
 */
export function digitsWhenWanted(): Dataset {
  let train: LabelledImages | undefined;
  let test: LabelledImages | undefined;
  return {
    ...frame,
    get train() {
      train ??= partWhenWanted('train');
      return train;
    },
    get test() {
      test ??= partWhenWanted('test');
      return test;
    },
  };
}

function partWhenWanted(part: Part): LabelledImages {
  const count = drawnDigits[part];
  const labels = labelsOf(count, 0, part);
  const images = new Uint8Array(count * PIXELS);
  const draw = createPen();
  const groups = Math.ceil(count / APART);
  /** So many images of each group are drawn, and the stream goes on from there. */
  const drawn = new Uint8Array(groups);
  const streams: (Random | undefined)[] = new Array(groups).fill(undefined);
  const want = (image: number) => {
    const group = Math.floor(image / APART);
    const wanted = image - group * APART + 1;
    const before = drawn[group]!;
    if (before >= wanted) return;
    const random = streams[group] ?? randomAt(stateAt(digitStates[part], group));
    for (let i = group * APART + before; i <= image; i++)
      draw(random, labels[i]!, images.subarray(i * PIXELS, (i + 1) * PIXELS));
    drawn[group] = wanted;
    streams[group] = wanted < APART ? random : undefined;
  };
  return { images, labels, want };
}
