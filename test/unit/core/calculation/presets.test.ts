import { describe, expect, it } from 'vitest';
import { paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';
import { phisOf, predictCandidate, stackOfConfig } from '../../../../src/core/calculation/predict';
import { flowPresets } from '../../../../src/core/calculation/presets';
import { derivativeBound } from '../../../../src/core/theory/bound';
import { flowVerdictKind } from '../../../../src/core/verdicts/predicted';

const preset = (id: string) => flowPresets.find((each) => each.id === id)!;
/** By activation. */
const predictions = (id: string) => {
  const { config } = preset(id);
  return Object.fromEntries(
    config.candidates.map((candidate) => [candidate.activations[0]!, predictCandidate(config, candidate)]),
  );
};
/** fan-in · Var(w) of a layer between equal ones. */
const gainSquared = (id: string) => {
  const { config } = preset(id);
  const { fanIn, kernelVariance } = stackOfConfig(config, config.candidates[0]!).layers[1]!;
  return fanIn * kernelVariance;
};

describe('presets', () => {
  it('have names of their own, and begin with the paper', () => {
    for (const key of ['id', 'title', 'description'] as const) {
      expect(new Set(flowPresets.map((each) => each[key])).size).toBe(flowPresets.length);
    }
    expect(flowPresets[0]!.config).toBe(paperFlow);
  });

  it.each(flowPresets)('$id is legal as it is, and described in one sentence', ({ config, description }) => {
    expect(parseFlowConfig(config)).toEqual({ config });
    expect(description).toMatch(/^[A-Z0-9a-z_+ ].*[^.]\.$/);
  });

  it('the paper: the bound of 0.25¹⁰ against 1¹⁰', () => {
    const { config } = preset('paper');
    expect(config.candidates.map((candidate) => derivativeBound(phisOf(config, candidate)).product)).toEqual([
      0.25 ** 10,
      1,
    ]);
  });

  it('the paper’s initialiser: pre-activations near +100, where the sigmoid passes nothing', () => {
    const { sigmoid } = predictions('paper-initialiser');
    expect(sigmoid!.layers[0]!.mean).toBeGreaterThan(90);
    expect(sigmoid!.layers[0]!.mean).toBeLessThan(110);
    const { config } = preset('paper-initialiser');
    expect(flowVerdictKind(config, config.candidates[0]!)).toBe('dead');
  });

  it('Keras: ReLU and GELU shrink too, though slower than the sigmoid', () => {
    const { sigmoid, relu, gelu } = predictions('keras');
    for (const { ratio } of [relu!, gelu!]) {
      expect(ratio).toBeLessThan(0.1);
      expect(ratio).toBeGreaterThan(100 * sigmoid!.ratio);
    }
  });

  it('PyTorch: a third of LeCun’s variance', () => {
    expect(gainSquared('torch')).toBeCloseTo(1 / 3, 12);
    for (const { ratio } of Object.values(predictions('torch'))) expect(ratio).toBeLessThan(0.01);
  });

  it('tfjs: 77 % of the variance are left', () => {
    expect(gainSquared('tfjs')).toBeCloseTo(0.774, 3);
    for (const [name, { ratio }] of Object.entries(predictions('tfjs'))) {
      expect(ratio).toBeLessThan(predictions('keras')[name]!.ratio);
    }
  });

  it('Flax: the same as Keras where widths are equal', () => {
    expect(gainSquared('flax')).toBeCloseTo(gainSquared('keras'), 12);
    for (const [name, { ratio }] of Object.entries(predictions('flax'))) {
      expect(ratio / predictions('keras')[name]!.ratio).toBeCloseTo(1, 9);
    }
  });

  it('SELU keeps variance 1 through fifty layers, and its gradient grows by 3.5 % a layer', () => {
    const { selu } = predictions('selu');
    expect(selu!.layers).toHaveLength(50);
    for (const { q } of selu!.layers) expect(q).toBeCloseTo(1, 6);
    expect(selu!.rootMeanSquare ** (1 / 49)).toBeCloseTo(1.035, 3);
  });

  it('fifty residual layers let the gradient grow, most with ReLU', () => {
    const { sigmoid, tanh, relu } = predictions('residual');
    expect(sigmoid!.ratio).toBeGreaterThan(1);
    expect(tanh!.ratio).toBeGreaterThan(sigmoid!.ratio);
    expect(relu!.ratio).toBeGreaterThan(1e5);
  });
});
