import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationEntry, activationEntryNames, createActivation } from '../../../src/core/activations/catalogue';
import type { ParameterRule } from '../../../src/core/activations/entry';
import { numeral } from '../../../src/core/activations/formula';
import { inputs } from '../hostile';

/** What people, and those who mean harm, write for a number. */
const hostileNumber = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    1e-320,
    1e-14,
    -1e-14,
    1e9,
    -1e9,
    1e154,
    1e308,
    -1e308,
    Infinity,
    -Infinity,
    Number.NaN,
  ),
  fc.double({ min: -20, max: 20, noNaN: true }).map((power) => 10 ** power),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.double(),
);

const ruled = (rule: ParameterRule): fc.Arbitrary<number | string> =>
  rule.kind === 'choice' ? fc.constantFrom(...rule.choices) : fc.oneof(hostileNumber, fc.constant(rule.default));

const places = [0, 1e-15, -1e-15, 0.5, -0.5, 1, -1, 5, -5, 40, -40, 1e3, -1e3, 1e6, -1e6, 1e155, -1e155];

describe.each(activationEntryNames)('%s', (name) => {
  const { parameters } = activationEntry(name);

  it('refuses parameters with a sentence, or is a number everywhere', () => {
    const given = fc.record(Object.fromEntries(Object.entries(parameters).map(([key, rule]) => [key, ruled(rule)])));
    fc.assert(
      fc.property(given, (values) => {
        let phi: ReturnType<typeof createActivation>;
        try {
          phi = createActivation(name, values);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect((error as Error).message).toMatch(/ is .+; expected .+\.$/);
          return;
        }
        const numbers = [
          ...places.flatMap((x) => [phi.value(x), phi.derivative(x)]),
          ...[...phi.range, ...phi.derivativeRange, phi.derivativeMax.value],
        ];
        expect(numbers.filter(Number.isNaN)).toEqual([]);
        const texts = [
          phi.label,
          phi.formula.text,
          phi.formula.latex,
          phi.derivativeFormula.text,
          phi.derivativeFormula.latex,
        ];
        expect(texts.join(' ')).not.toMatch(/NaN|undefined|\b0\/[36]/);
      }),
      inputs(200),
    );
  });
});

describe('a number in a formula', () => {
  it('is the number that it was, to six digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const text = numeral(x).replace('−', '-');
        const [over, under = '1'] = text.split('/');
        const back = Number(over) / Number(under);
        expect(Math.abs(back - x)).toBeLessThanOrEqual(1e-5 * Math.abs(x));
      }),
      inputs(2000),
    );
  });
});
