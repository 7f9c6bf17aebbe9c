import { labelOf } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { formatInteger } from '../format/numbers';
import { widthsInWords } from '../format/widths';
import { formatInitializer } from '../initializers/initializer';
import { backendText } from '../runs/backendText';
import type { RunRecord } from '../runs/record';

export const optimizers: Record<ExperimentConfig['optimizer'], string> = {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  rmsprop: 'RMSprop',
  adam: 'Adam',
};

/** "seed 0", "seeds 0 to 4". */
export const seedsText = ({ seed, seeds }: ExperimentConfig): string =>
  seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`;

/** "784 → 10 × 128 → 10" */
export const networkText = ({ config, dataset }: RunRecord): string =>
  [dataset.inputs, widthsInWords(config.hidden), dataset.classes].join(' → ');

/** What a run was made of, as label and value, for people. */
export function settingsList(run: RunRecord): readonly { readonly label: string; readonly value: string }[] {
  const { config, dataset } = run;
  return [
    {
      label: 'Data',
      value: `${dataset.name}: ${formatInteger(dataset.train)} images to train on, ${formatInteger(dataset.test)} to test on`,
    },
    { label: 'Activations', value: config.activations.map(labelOf).join(', ') },
    {
      label: 'Network',
      value: networkText(run),
    },
    { label: 'Kernel initialiser', value: formatInitializer(config.kernelInitializer) },
    { label: 'Bias initialiser', value: formatInitializer(config.biasInitializer) },
    {
      label: 'Optimiser',
      value: `${optimizers[config.optimizer]}, learning rate ${config.learningRate}`,
    },
    { label: 'Batch size', value: formatInteger(config.batchSize) },
    { label: 'Epochs', value: formatInteger(config.epochs) },
    { label: 'Seeds', value: seedsText(config) },
    { label: 'Backend', value: backendText(run) },
  ];
}
