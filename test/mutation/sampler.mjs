import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { sampleOf } from './sample.mjs';

/** @typedef {import('@stryker-mutator/api/core').MutantTestPlan} Plan */

/** What the report says of a fault that was not drawn. */
export const NOT_DRAWN = 'Not in the sample.';

/** Of Stryker's options, those that this plugin adds. */
export const strykerValidationSchema = {
  properties: { sample: { type: 'object', properties: { count: { type: 'number' }, seed: { type: 'number' } } } },
};

/**
 * Whether a fault counts in a score. What no test reaches is not tried, but known to be missed: left in whole beside a sample of
 * the others, it would weigh too much.
 *
 * @param {Plan} plan
 */
const isOpen = ({ plan, mutant }) => plan === 'Run' || mutant.status === 'NoCoverage';

/**
 * Puts aside, in place, all faults of a plan that count in a score but are not drawn.
 *
 * @param {Plan[]} plans @param {{ count: number, seed: number }} sample
 */
export function keepSample(plans, { count, seed }) {
  const drawn = sampleOf(
    plans.filter(isOpen).map(({ mutant }) => mutant),
    count,
    seed,
  );
  for (const [at, plan] of plans.entries()) {
    const { mutant } = plan;
    if (!isOpen(plan) || drawn.has(mutant)) continue;
    plans[at] = /** @type {import('@stryker-mutator/api/core').MutantEarlyResultPlan} */ ({
      plan: 'EarlyResult',
      mutant: { ...mutant, status: 'Ignored', statusReason: NOT_DRAWN },
    });
  }
}

/**
 * Leaves all but a sample of the faults that would be tried untried. Stryker has no such thing; the one moment at which all
 * are known, with what is ignored and what no test reaches, is when it tells its reporters the plan, which it then follows.
 */
class Sampler {
  static inject = [commonTokens.options];

  /** @param {import('@stryker-mutator/api/core').StrykerOptions} options */
  constructor(options) {
    this.sample = /** @type {{ count: number, seed: number }} */ (options.sample);
  }

  /** @param {import('@stryker-mutator/api/report').MutationTestingPlanReadyEvent} event */
  onMutationTestingPlanReady({ mutantPlans }) {
    keepSample(/** @type {Plan[]} */ (mutantPlans), this.sample);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'sampler', Sampler)];
