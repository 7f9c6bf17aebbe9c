import { labelOf } from '../activations/catalogue';
import { presetOf } from '../experiment/presets';
import { listInWords } from '../format/list';
import { initializerInWords } from '../initializers/initializer';
import { firstLayerInWords } from '../runs/layerWords';
import { currentEpoch } from '../runs/progress';
import type { RunRecord } from '../runs/record';
import { runStateOf } from '../runs/runState';
import { networkText, seedsText } from './settings';

/** What is on trial in a run, and why. */
export interface Trial {
  /** "sigmoid and ReLU" */
  readonly who: string;
  /** "on drawn digits: 784 → 128 → 10, kernels normal:1,1" */
  readonly how: string;
  /** A sentence: what the run is to show. */
  readonly why: string;
}

/** One line on a run, before it has a number. Its settings are one experiment's: an overlay has several. */
export function trialOf(run: RunRecord): Trial {
  const { config, dataset } = run;
  const preset = presetOf(config);
  const parts = [
    networkText(run),
    `kernels ${initializerInWords(config.kernelInitializer)}`,
    ...(config.seeds > 1 ? [seedsText(config)] : []),
  ];
  const alone = config.activations.length === 1;
  return {
    who: listInWords(config.activations.map(labelOf)),
    how: `on ${dataset.name}: ${parts.join(', ')}`,
    why:
      preset !== undefined
        ? `${preset.title}: ${preset.question}`
        : alone
          ? `Does its gradient reach ${firstLayerInWords(config.hidden.length)}?`
          : 'They differ in nothing but their activation.',
  };
}

/**
 * What became of the run before a remedy: "The run before, stopped in epoch 4 of 10, is kept." Where both are seen, how far it
 * came stands beside its name.
 */
export function beforeText(earlier: RunRecord, before: 'over' | 'apart'): string {
  const epoch = currentEpoch(earlier);
  const isStopped = runStateOf(earlier) === 'stopped' && epoch > 0;
  if (before === 'over') return `The run before${isStopped ? ', stopped,' : ''} lies under it.`;
  return `The run before${isStopped ? `, stopped in epoch ${epoch} of ${earlier.config.epochs},` : ''} is kept.`;
}
