import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  activationNames,
  activation as catalogueEntry,
  saturationThreshold,
} from '../../../src/core/activations/catalogue';
import { createRandom } from '../../../src/core/math/random';
import type { Batch, KernelActivation, Kernels, Matrix } from '../../../src/engine/kernels/kernels';
import { tensorActivation } from '../../../src/engine/tensors/activations';
import { type UpdateRule, updateRule, usualOptimizers } from '../../../src/engine/tensors/optimizers';
import { type UnitColumn, unitColumns } from '../../../src/engine/tensors/unitProbe';
import { kernelSets } from './kernelSets';

/** What every implementation of the kernels has to do, held against plain double-precision arithmetic. */

type Rows = number[][];

const random = createRandom(5, 'kernels');
const drawn = (rows: number, columns: number, scale = 1): Rows =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(scale * random.normal())));
const flat = (rows: Rows): Float32Array => Float32Array.from(rows.flat());
const transposed = (a: Rows): Rows => a[0]!.map((_, j) => a.map((row) => row[j]!));
const times = (a: Rows, b: Rows): Rows => {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => row.reduce((sum, x, k) => sum + x * column[k]!, 0)));
};

const activationOf = (name: string): KernelActivation => ({
  name,
  onTensors: tensorActivation(name),
  saturated: saturationThreshold(catalogueEntry(name)),
});

/** Sums of single-precision numbers: as far apart as their rounding lets them be. */
function expectNear(found: ArrayLike<number>, expected: readonly number[], tolerance = 2e-5): void {
  const scale = Math.max(1e-30, ...expected.map(Math.abs));
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value) / scale, `number ${i}: ${found[i]} and ${value}`).toBeLessThan(tolerance);
  });
}

const MULTIPLES = [1, 3, 10, 127, 129];

for (const { name: set, start, make } of kernelSets) {
  describe(`kernels: ${set}`, () => {
    let on: Kernels;
    beforeAll(async () => {
      await start();
      on = make();
    });

    const matrix = (rows: Rows): Matrix => on.matrix(rows.length, rows[0]!.length, flat(rows));
    const vector = (values: number[]): Matrix => on.vector(values.length, Float32Array.from(values));
    const batchOf = (features: Float32Array | Uint8Array, labels: number[]): Batch =>
      on
        .batches({ count: labels.length, features, targets: Int32Array.from(labels) })
        .gather(Uint32Array.from(labels.keys()), 0, labels.length);
    /** Runs a kernel that leaves `width` numbers. */
    const told = async (
      width: number,
      run: (cell: (at: number) => { numbers: ReturnType<Kernels['numbers']>; at: number }) => void,
    ) => {
      const numbers = on.numbers(width);
      numbers.begin();
      run((at) => ({ numbers, at }));
      const values = await numbers.read();
      numbers.dispose();
      return values;
    };

    const shapes = MULTIPLES.flatMap((fanOut) => [
      [5, 7, fanOut],
      [1, fanOut, 3],
      [fanOut, 129, 10],
    ]);
    it.each(shapes)('multiplies %i × %i × %i in all three directions', async (size, fanIn, fanOut) => {
      const [x, w, delta] = [drawn(size!, fanIn!), drawn(fanIn!, fanOut!), drawn(size!, fanOut!)];
      const b = drawn(1, fanOut!)[0]!;
      const z = on.matrix(size!, fanOut!);
      on.affine(matrix(x), matrix(w), vector(b), z);
      expectNear(
        await on.read(z),
        times(x, w).flatMap((row) => row.map((sum, j) => sum + b[j]!)),
      );

      const gradient = on.matrix(fanIn!, fanOut!);
      on.kernelGradient(matrix(x), matrix(delta), gradient);
      expectNear(await on.read(gradient), times(transposed(x), delta).flat());

      const below = on.matrix(size!, fanIn!);
      on.inputGradient(matrix(delta), matrix(w), below);
      expectNear(await on.read(below), times(delta, transposed(w)).flat());

      const bias = on.vector(fanOut!);
      on.biasGradient(matrix(delta), bias);
      expectNear(
        await on.read(bias),
        transposed(delta).map((column) => column.reduce((sum, d) => sum + d, 0)),
      );
    });

    it.each([
      ['bytes, most of them 0', 0.19, true],
      ['bytes, few of them 0', 0.95, true],
      ['bytes, all of them 0', 0, true],
      ['numbers, most of them 0', 0.1, false],
      ['numbers, few of them 0', 1, false],
    ])('multiplies a batch of %s', async (_name, share, asBytes) => {
      for (const [size, width, fanOut] of [
        [6, 37, 1],
        [33, 130, 45],
        [128, 64, 128],
      ] as const) {
        const bytes = Uint8Array.from({ length: size * width }, () =>
          random.uniform() < share ? 1 + random.below(255) : 0,
        );
        const numbers = Float32Array.from(bytes, (byte) =>
          asBytes ? byte / 255 : byte / 100 - (1 / 3) * Math.sign(byte),
        );
        const batch = batchOf(
          asBytes ? bytes : numbers,
          Array.from({ length: size }, () => 0),
        );
        const x = Array.from({ length: size }, (_, r) => [...numbers.subarray(r * width, (r + 1) * width)]);
        const [w, delta] = [drawn(width, fanOut), drawn(size, fanOut)];
        const b = drawn(1, fanOut)[0]!;
        const z = on.matrix(size, fanOut);
        on.affine(batch, matrix(w), vector(b), z);
        expectNear(
          await on.read(z),
          times(x, w).flatMap((row) => row.map((sum, j) => sum + b[j]!)),
        );
        const gradient = on.matrix(width, fanOut);
        on.kernelGradient(batch, matrix(delta), gradient);
        expectNear(await on.read(gradient), times(transposed(x), delta).flat());
      }
    });

    it('gathers the examples that an order names, again and again', async () => {
      const features = Uint8Array.from({ length: 40 * 9 }, (_, i) => (i % 3 === 0 ? i % 256 : 0));
      const source = on.batches({ count: 40, features, targets: Int32Array.from({ length: 40 }, (_, i) => i % 4) });
      const one = matrix(Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => (i === j ? 255 : 0))));
      const none = vector(Array.from({ length: 9 }, () => 0));
      const order = Uint32Array.of(39, 0, 7, 7, 20, 3);
      for (const [from, to] of [
        [0, 4],
        [1, 6],
        [5, 6],
      ] as const) {
        const batch = source.gather(order, from, to);
        expect(batch.size).toBe(to - from);
        const z = on.matrix(batch.size, 9);
        on.affine(batch, one, none, z);
        const expected = [...order.subarray(from, to)].flatMap((i) => [...features.subarray(9 * i, 9 * i + 9)]);
        expectNear(await on.read(z), expected);
        source.release(batch);
      }
      source.dispose();
    });

    it.each([
      ...activationNames,
      'relu(negative_slope=0.1, max_value=4, threshold=0.505)',
      'leaky_relu(negative_slope=-0.4)',
      'elu(alpha=0.5)',
      'celu(alpha=2.5)',
      'silu(beta=1.702)',
      'hard_tanh(min=-2.2, max=0.4)',
      'hard_sigmoid(slope=1)',
    ])('computes %s and goes back through it as the catalogue does', async (name) => {
      const entry = catalogueEntry(name);
      const points = Array.from({ length: 163 }, (_, i) => Math.fround(-8.03 + 0.1 * i));
      const delta = drawn(1, points.length)[0]!;
      const [z, a, back] = [matrix([points]), on.matrix(1, points.length), matrix([delta])];
      const activation = activationOf(name);
      on.activate(activation, z, a);
      on.throughActivation(activation, z, a, back);
      const [values, errors] = [await on.read(a), await on.read(back)];
      points.forEach((x, i) => {
        const tolerance = 2e-5 * (1 + Math.abs(entry.value(x)));
        expect(Math.abs(values[i]! - entry.value(x)), `φ(${x})`).toBeLessThan(tolerance);
        expect(Math.abs(errors[i]! - delta[i]! * entry.derivative(x)), `φ′(${x})`).toBeLessThan(
          tolerance * (1 + Math.abs(delta[i]!)),
        );
      });
    });

    it.each(['sigmoid', 'tanh', 'elu', 'silu', 'softsign', 'relu', 'gelu', 'selu'])(
      'has the tails of %s: what is small is small, and nothing is NaN',
      async (name) => {
        const entry = catalogueEntry(name);
        const points = [-1e4, -103, -95, -88, -30, -17, -1e-3, -1e-20, 0, 1e-42, 1e-20, 1e-3, 17, 30, 88, 95, 1e4];
        const [z, a] = [matrix([points]), on.matrix(1, points.length)];
        on.activate(activationOf(name), z, a);
        const values = await on.read(a);
        points.forEach((x, i) => {
          const expected = Math.fround(entry.value(x));
          // A denormal's last digit is a large share of it.
          const tolerance = Math.max(3e-6 * Math.abs(expected), 1e-45 * (1 + Math.abs(x)));
          // tfjs computes e^x − 1 where both nearly are the same.
          const slack = set.startsWith('operations') ? 1e-7 : 0;
          expect(Math.abs(values[i]! - expected), `φ(${x}) = ${values[i]}`).toBeLessThanOrEqual(tolerance + slack);
        });
      },
    );

    it.each([2, 3, 10, 13])(
      'gives softmax cross-entropy over %i classes, its error and the right answers',
      async (classes) => {
        const logits = [
          ...drawn(20, classes, 3),
          Array.from({ length: classes }, (_, c) => (c === 0 ? 200 : -200)),
          Array.from({ length: classes }, (_, c) => (c === 0 ? -1e4 : 1e4)),
          Array.from({ length: classes }, () => 7),
        ];
        const labels = logits.map((_, r) => (r < 20 ? r % classes : 0));
        const batch = batchOf(new Float32Array(labels.length), labels);
        const error = on.matrix(logits.length, classes);
        const [loss, correct] = await told(2, (cell) =>
          on.loss('softmax_cross_entropy', matrix(logits), batch, error, cell(0), cell(1)),
        );
        const shares = logits.map((row) => {
          const top = Math.max(...row);
          const parts = row.map((z) => Math.exp(z - top));
          const sum = parts.reduce((a, b) => a + b);
          return { p: parts.map((part) => part / sum), logOf: (c: number) => row[c]! - top - Math.log(sum) };
        });
        const n = logits.length;
        const expected = shares.reduce((sum, { logOf }, r) => sum - logOf(labels[r]!), 0) / n;
        expectNear([loss!], [expected]);
        expect(correct).toBe(logits.filter((row, r) => row.indexOf(Math.max(...row)) === labels[r]).length);
        expectNear(
          await on.read(error),
          shares.flatMap(({ p }, r) => p.map((share, c) => (share - (c === labels[r] ? 1 : 0)) / n)),
          1e-5,
        );
      },
    );

    it('gives the sum of squared differences from one-hot targets', async () => {
      const output = drawn(9, 3);
      const labels = output.map((_, r) => r % 3);
      const error = on.matrix(9, 3);
      const batch = batchOf(new Float32Array(9), labels);
      const [loss] = await told(2, (cell) =>
        on.loss('sum_squared_error', matrix(output), batch, error, cell(0), cell(1)),
      );
      const differences = output.flatMap((row, r) => row.map((a, c) => a - (c === labels[r] ? 1 : 0)));
      expectNear([loss!], [differences.reduce((sum, d) => sum + d * d, 0) / 9]);
      expectNear(
        await on.read(error),
        differences.map((d) => (2 * d) / 9),
      );
    });

    const rules: [string, UpdateRule][] = [
      ...(['sgd', 'momentum', 'rmsprop', 'adam'] as const).map((name): [string, UpdateRule] => [
        name,
        updateRule(name, 0.01, usualOptimizers, 3),
      ]),
      ['ε in the root', { kind: 'adaptive', rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, place: 'inside' }],
    ];
    it.each(rules)('updates by %s, with both norms', async (_name, rule) => {
      for (const size of [1, 3, 10, 129]) {
        const [w, g, m, v] = [drawn(1, size), drawn(1, size), drawn(1, size, 0.1), drawn(1, size, 0.1)].map(
          (d) => d[0]!,
        );
        const squares = v!.map((x) => x * x);
        const parameter = { value: vector(w!), first: vector(m!), second: vector(squares) };
        const [gradientNorm, ratio] = await told(2, (cell) =>
          on.update(rule, parameter, vector(g!), { gradientNorm: cell(0), ratio: cell(1) }),
        );
        const expected = w!.map((x, i) => updatedNumber(rule, x, g![i]!, m![i]!, squares[i]!));
        expectNear(
          await on.read(parameter.value),
          expected.map(({ value }) => value),
          1e-6,
        );
        if (rule.kind === 'momentum')
          expectNear(
            await on.read(parameter.first),
            expected.map(({ first }) => first),
            1e-6,
          );
        if (rule.kind === 'adaptive')
          expectNear(
            await on.read(parameter.second),
            expected.map(({ second }) => second),
            1e-6,
          );
        const norm = (values: number[]) => Math.hypot(...values);
        expectNear([gradientNorm!], [norm(g!)], 1e-6);
        expectNear([ratio!], [norm(expected.map(({ value }, i) => value - w![i]!)) / norm(w!)], 1e-3);
      }
    });

    it('gives norms where squares would underflow or overflow, and exactly 0 for zeros', async () => {
      const of = async (values: number[]) => {
        const parameter = { value: vector(values.map(() => 1)), first: undefined, second: undefined };
        const [norm] = await told(1, (cell) =>
          on.update({ kind: 'plain', rate: 0 }, parameter, vector(values), { gradientNorm: cell(0), ratio: undefined }),
        );
        return norm!;
      };
      expect((await of([3e-30, 4e-30])) / 5e-30).toBeCloseTo(1, 5);
      expect((await of([3e30, 4e30])) / 5e30).toBeCloseTo(1, 5);
      // Operations divide by the largest, which has to be a normal number.
      if (!set.startsWith('operations')) expect((await of([3e-42, 4e-42])) / 5e-42).toBeCloseTo(1, 2);
      expect(await of([0, 0])).toBe(0);
      expect(await of([1, Number.NaN])).toBeNaN();
    });

    it.each(['sigmoid', 'relu', 'softplus'])('looks at units of %s', async (name) => {
      const entry = catalogueEntry(name);
      const [rows, columns] = [17, 11];
      // Some units are far out on either side.
      const z = drawn(rows, columns).map((row) => row.map((x, j) => x + (j % 4 === 1 ? -40 : j % 4 === 2 ? 10 : 0)));
      const activation = activationOf(name);
      const [given, a] = [matrix(z), on.matrix(rows, columns)];
      on.activate(activation, given, a);
      const values = await told(unitColumns.length, (cell) =>
        on.probe(
          activation,
          given,
          a,
          Object.fromEntries(unitColumns.map((column, c) => [column, cell(c)])) as Parameters<Kernels['probe']>[3],
        ),
      );
      const slopes = z.map((row) => row.map((x) => entry.derivative(x)));
      const mean = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
      const units = transposed(slopes).map((column) => mean(column.map(Math.abs)));
      const share = (holds: (slope: number) => boolean) => units.filter(holds).length / columns;
      const centre = mean(z.flat());
      const expected: Record<UnitColumn, number> = {
        meanDerivative: mean(slopes.flat()),
        saturatedShare: share((slope) => slope < activation.saturated),
        // In single precision.
        deadShare: share((slope) => Math.fround(slope) === 0),
        preActivationMean: centre,
        preActivationStddev: Math.sqrt(mean(z.flat().map((x) => (x - centre) ** 2))),
      };
      unitColumns.forEach((column, c) => {
        expect(Math.abs(values[c]! - expected[column]), column).toBeLessThan(1e-4 * (1 + Math.abs(expected[column])));
      });
    });

    it('keeps rows of numbers in their order, however many', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 3 }), async (counts) => {
          const numbers = on.numbers(2);
          const one = vector([1]);
          const kept = { value: one, first: undefined, second: undefined };
          let next = 0;
          for (const count of counts) {
            const expected: number[] = [];
            for (let i = 0; i < count; i++, next++) {
              numbers.begin();
              for (const at of [0, 1]) {
                const gradient = vector([next + at]);
                const tell = { gradientNorm: { numbers, at }, ratio: undefined };
                on.update({ kind: 'plain', rate: 0 }, kept, gradient, tell);
                on.free([gradient]);
                expected.push(next + at);
              }
            }
            expect(numbers.count).toBe(count);
            expectNear(await numbers.read(), expected, 1e-6);
            expect(numbers.count).toBe(0);
          }
          numbers.dispose();
          on.free([one]);
        }),
        { numRuns: 4 },
      );
    });
  });
}

/** One number's update, in double precision. */
function updatedNumber(rule: UpdateRule, w: number, g: number, m: number, v: number) {
  switch (rule.kind) {
    case 'plain':
      return { value: w - rule.rate * g, first: m, second: v };
    case 'momentum': {
      const first = rule.beta * m - rule.rate * g;
      return { value: w + first, first, second: v };
    }
    case 'adaptive': {
      const { beta1, beta2, epsilon, rate, place } = rule;
      const first = beta1 === null ? g : beta1 * m + (1 - beta1) * g;
      const second = beta2 * v + (1 - beta2) * g * g;
      const root = place === 'inside' ? Math.sqrt(second + epsilon) : Math.sqrt(second) + epsilon;
      return { value: w - (rate * first) / root, first, second };
    }
  }
}
