import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { sampleOf } from './sample.mjs';

/** What the report says of a fault that was not drawn. */
export const NOT_DRAWN = 'Not in the sample.';

/** Of Stryker's options, those that this plugin adds. */
export const strykerValidationSchema = {
  properties: { sample: { type: 'object', properties: { count: { type: 'number' }, seed: { type: 'number' } } } },
};

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
    const plans = /** @type {import('@stryker-mutator/api/core').MutantTestPlan[]} */ (mutantPlans);
    const open = plans.filter(({ plan }) => plan === 'Run').map(({ mutant }) => mutant);
    const drawn = sampleOf(open, this.sample.count, this.sample.seed);
    for (const [at, { plan, mutant }] of plans.entries()) {
      if (plan !== 'Run' || drawn.has(mutant)) continue;
      plans[at] = /** @type {import('@stryker-mutator/api/core').MutantEarlyResultPlan} */ ({
        plan: 'EarlyResult',
        mutant: { ...mutant, status: 'Ignored', statusReason: NOT_DRAWN },
      });
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'sampler', Sampler)];
