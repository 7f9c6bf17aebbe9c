import type { Initializer } from '../../initializers/initializer';
import type { Framework } from '../framework';
import { within } from '../layerShelf';
import { initializers } from './initializers';
import { layers } from './layers';
import { optimizers } from './optimizers';
import { spellings } from './spellings';

const libraries: readonly string[] =
  'transformers timm diffusers fairseq fastai monai torchvision torchaudio torch_geometric lightning pytorch_lightning segmentation_models_pytorch open_clip x_transformers mmcv mmengine mmdet mmseg skorch pytorch_forecasting stable_baselines3 deepchem dgl'.split(
    ' ',
  );

/** U(±1/√fan_in): a = √5 makes He's bound √(6/((1 + a²)·fan_in)) just that. */
const overFanIn: Initializer = { kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' };

export const torch: Framework = {
  id: 'torch',
  label: 'PyTorch',
  paths: {
    language: 'python',
    roots: ['torch'],
    packages: ['torch'],
    rewrites: [
      [/^(torch\.nn\.modules)\.\w+\./, '$1.'],
      [/^torch\.nn\.modules\./, 'torch.nn.'],
    ],
    shortModules: { 'torch.nn.functional': ['f', 'functional', 'nn.functional'], 'torch.nn': ['nn'] },
    libraries,
  },
  defaults: {
    kernel: { name: 'kaiming_uniform_(a=√5)', initializer: overFanIn },
    bias: { name: 'uniform_(±1/√fan_in)', initializer: overFanIn },
    embedding: { kind: 'normal', mean: 0, stddev: 1 },
    recurrent: {
      kernel: (units) => within(1 / Math.sqrt(units)),
      alike: true,
      gatewise: false,
      forgetBias: false,
      secondBias: 'all',
    },
    // Moving averages take a tenth of each batch.
    normalisation: (over) => ({ epsilon: 1e-5, momentum: 0.9, trained: over !== 'instance' }),
    fanAxes: 'first',
    poolingCountsPadding: true,
  },
  // It does not truncate what it scales.
  truncatedShare: 1,
  initializers,
  layers,
  optimizers,
  ...spellings,
};
