/** What a person is looking at when a word of the paper may mislead. */
export type FlowSubject =
  | 'sigmoidSlope'
  | 'tanhSlope'
  | 'bound'
  | 'prediction'
  | 'measurement'
  | 'rootMeanSquare'
  | 'bornDead'
  | 'depth'
  | 'paperInitialiser'
  | 'chain';

/** What is so, in one or two sentences, for beside the number itself. */
export const corrections: Readonly<Record<FlowSubject, string>> = {
  sigmoidSlope:
    'At z = ±1 the sigmoid’s slope is still 0.1966, four fifths of its largest. It is near 0 from about ±5 on: σ′(±5) = 0.0066.',
  tanhSlope:
    'tanh has slope 1 at z = 0 alone. At ±1 it is 0.42, which ten layers turn into 0.42¹⁰ ≈ 1.7 × 10⁻⁴; at ±3 it is 0.0099.',
  bound:
    'This product bounds the activations’ part alone: every derivative at its largest. The kernels multiply in as well, so that a network may pass back less or more.',
  prediction:
    'Slopes and kernels together, over the pre-activations that each layer really has. L layers are L − 1 steps, one fewer than the derivatives in the bound.',
  measurement:
    'Networks drawn at random, one backward pass each: how a training starts, not how it ends. The number is their median; single networks scatter about it, the more the deeper and narrower they are.',
  rootMeanSquare:
    'The mean of squares over networks. Where layers are narrow and many, a few networks with large gradients carry it; the typical network has less.',
  bornDead:
    'In these networks all units of some layer are off for the sample, so that exactly nothing is passed back. A layer of n ReLU units without a bias is off in one of 2ⁿ draws.',
  depth:
    'The sigmoid vanishes with depth: with one hidden layer and glorot_uniform it reaches 94 % on MNIST in three epochs, with ten it stays near 19 % after two.',
  paperInitialiser:
    'Here the initialiser is to blame, not the depth: kernels of mean 1 push the pre-activations to about +100, where sigmoid and tanh are flat alike. With glorot_uniform the same network learns.',
  chain:
    'One neuron a layer has one path back. A layer of n neurons adds up n of them, which is why real networks follow the variance of their kernels, not a single weight.',
};

/** The words that belong to an activation's slope; undefined where nobody is misled. */
export const slopeCorrection = (activation: string): string | undefined =>
  activation === 'sigmoid' ? corrections.sigmoidSlope : activation === 'tanh' ? corrections.tanhSlope : undefined;
