import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { paperFlow } from '../../../src/core/calculation/config';
import { flowPresets } from '../../../src/core/calculation/presets';
import {
  type CalculatorState,
  calculatorStateSchema,
  type Walk,
  walkSchema,
} from '../../../src/protocol/pages/calculator';

const walk: Walk = {
  activation: 'sigmoid',
  weight: 1.5,
  bias: -0.5,
  samples: [
    { input: 0.5, target: 0 },
    { input: -1, target: 1 },
  ],
  neurons: 10,
};
const full: CalculatorState = { config: paperFlow, walk, measure: 'kernel', layer: 3 };
const accepts = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success;

describe('the calculator’s kept state', () => {
  it('comes back whole, also as JSON', () => {
    expect(v.parse(calculatorStateSchema, full)).toEqual(full);
    expect(v.parse(calculatorStateSchema, JSON.parse(JSON.stringify(full)))).toEqual(full);
  });

  it.each(flowPresets)('holds the calculation $id', ({ config }) => {
    expect(v.parse(calculatorStateSchema, { config })).toEqual({ config });
  });

  it('needs the calculation alone', () => {
    expect(accepts(calculatorStateSchema, { config: paperFlow })).toBe(true);
    const { config: _, ...rest } = full;
    expect(accepts(calculatorStateSchema, rest)).toBe(false);
  });

  it('of a newer version loses what this one does not know', () => {
    expect(v.parse(calculatorStateSchema, { ...full, zoom: 2 })).toEqual(full);
  });

  it.each([undefined, null, 'state', 7, [], {}, { config: null }, { config: {} }])('%j is none', (kept) => {
    expect(accepts(calculatorStateSchema, kept)).toBe(false);
  });

  it.each(Object.keys(paperFlow))('of an older version, without %s, is refused', (field) => {
    const config = Object.fromEntries(Object.entries(paperFlow).filter(([key]) => key !== field));
    expect(accepts(calculatorStateSchema, { ...full, config })).toBe(false);
  });

  it.each([
    ['an activation that is gone', { config: { ...paperFlow, candidates: [{ activations: ['sigmod'] }] } }],
    ['no layers', { config: { ...paperFlow, widths: [] } }],
    ['too many candidates', { config: { ...paperFlow, candidates: Array(5).fill({ activations: ['relu'] }) } }],
    ['a list of the wrong length', { config: { ...paperFlow, candidates: [{ activations: ['relu', 'tanh'] }] } }],
    ['another measure', { measure: 'q' }],
    ['layer 0', { layer: 0 }],
    ['half a layer', { layer: 1.5 }],
    ['layer 101', { layer: 101 }],
    ['a malformed walk-through', { walk: {} }],
  ])('with %s is refused', (_name, change) => {
    expect(accepts(calculatorStateSchema, { ...full, ...change })).toBe(false);
  });
});

describe('the walk-through', () => {
  it('takes 1 to 12 samples and 1 to 100 neurons', () => {
    const sample = { input: 0, target: 1 };
    for (const count of [1, 12]) {
      expect(accepts(walkSchema, { ...walk, samples: Array(count).fill(sample) })).toBe(true);
    }
    for (const count of [0, 13]) {
      expect(accepts(walkSchema, { ...walk, samples: Array(count).fill(sample) })).toBe(false);
    }
    for (const neurons of [1, 100]) expect(accepts(walkSchema, { ...walk, neurons })).toBe(true);
    for (const neurons of [0, 101, 2.5]) expect(accepts(walkSchema, { ...walk, neurons })).toBe(false);
  });

  it.each(['sigmod', 'toString', '', 5, null])('refuses the activation %j', (activation) => {
    expect(accepts(walkSchema, { ...walk, activation })).toBe(false);
  });

  it.each(['weight', 'bias'])('takes a finite %s', (field) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined]) {
      expect(accepts(walkSchema, { ...walk, [field]: value })).toBe(false);
    }
  });

  it('takes finite samples', () => {
    for (const sample of [{ input: Number.NaN, target: 0 }, { input: 0 }, { target: 0 }, null, [0, 1]]) {
      expect(accepts(walkSchema, { ...walk, samples: [sample] })).toBe(false);
    }
  });
});
