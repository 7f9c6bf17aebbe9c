import fc from 'fast-check';
import { expect, it } from 'vitest';
import { activationEntryNames } from '../../../../src/core/activations/catalogue';
import { calculate } from '../../../../src/core/advice/calculate';
import { firstRemedy } from '../../../../src/core/advice/flowRemedies';
import {
  type FlowConfig,
  flowLimits,
  normalisations,
  paperFlow,
  parseFlowConfig,
} from '../../../../src/core/calculation/config';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import { fanModes, scalingDistributions, varianceScalingNames } from '../../../../src/core/initializers/initializer';
import { flowMarkdown } from '../../../../src/core/report/flowTable';
import { inputs } from '../../hostile';

/** Ordinary numbers, both ends of what a sheet may hold, and what lies beyond. */
const size = fc.oneof(
  fc.double({ min: -3, max: 1, noNaN: true }).map((power) => 10 ** power),
  fc.constantFrom(0, 1e-320, 1e-9, 1, 1e6, 1e155, 1e200, 1e308, Infinity),
);
const signed = fc.tuple(size, fc.boolean()).map(([x, minus]) => (minus ? -x : x));

const initializer = fc.oneof(
  fc.constantFrom(...varianceScalingNames).map((kind) => ({ kind })),
  fc.constant({ kind: 'zeros' }),
  fc.record({ kind: fc.constant('constant'), value: signed }),
  fc.record({
    kind: fc.constantFrom('normal', 'truncated_normal'),
    mean: fc.oneof(fc.constant(0), signed),
    stddev: size,
  }),
  fc.record({ kind: fc.constant('uniform'), min: signed, max: signed }),
  fc.record({ kind: fc.constant('orthogonal'), gain: signed }),
  fc.record({
    kind: fc.constant('variance_scaling'),
    scale: size,
    mode: fc.constantFrom(...fanModes),
    distribution: fc.constantFrom(...scalingDistributions),
  }),
);

const between = ({ min, max }: { readonly min: number; readonly max: number }) =>
  fc.oneof(fc.constantFrom(min, max), fc.double({ min, max: Math.min(max, min + 2), noNaN: true }));

const settings = fc.record({
  framework: fc.constantFrom(...frameworkIds),
  candidates: fc.tuple(
    fc.record({
      activations: fc.tuple(fc.constantFrom(...activationEntryNames)),
    }),
  ),
  widths: fc.oneof(
    fc.array(fc.constantFrom(1, 2, 8, 128, flowLimits.width.max), { minLength: 1, maxLength: 12 }),
    fc.constantFrom(1, 8, 128).map((width) => Array.from({ length: flowLimits.layers.max }, () => width)),
  ),
  inputs: fc.constantFrom(null, 1, 784, flowLimits.inputs.max),
  kernelInitializer: fc.oneof(fc.constant(null), initializer),
  biasStd: fc.oneof(fc.constant(null), between(flowLimits.biasStd)),
  normalisation: fc.constantFrom(...normalisations),
  dropout: between(flowLimits.dropout),
  residual: fc.boolean(),
  inputVariance: between(flowLimits.inputVariance),
});

it('a calculation is refused with sentences, or everything that is said of it is a number, the ratio within its band', () => {
  fc.assert(
    fc.property(settings, (some) => {
      const read = parseFlowConfig({ ...paperFlow, ...some });
      if ('problems' in read) {
        for (const { message } of read.problems) expect(message).toMatch(/^.*\S.*\.$/);
        return;
      }
      const config: FlowConfig = read.config;
      const flows = calculate(config);
      for (const { prediction, verdict } of flows) {
        const { ratio, band, zeros } = prediction;
        expect([ratio, ...band, zeros].filter(Number.isNaN)).toEqual([]);
        expect(ratio).toBeGreaterThanOrEqual(band[0]);
        expect(ratio).toBeLessThanOrEqual(band[1]);
        const said = [verdict.text, verdict.head, verdict.why, JSON.stringify(firstRemedy(config, 0) ?? '')];
        expect(said.join('\n')).not.toMatch(/NaN|undefined|∞ ×|Infinity/);
      }
      expect(flowMarkdown({ config, flows, measured: [] })).not.toMatch(/NaN|undefined|Infinity/);
    }),
    inputs(60),
  );
});
