import { activation } from '../../src/core/activations/catalogue';
import { derivativeBound } from '../../src/core/theory/bound';
import { edgeOfChaos, fixedPoint } from '../../src/core/theory/fixedPoint';
import { predict } from '../../src/core/theory/meanField';
import { type StackOptions, scaledKernel, stackOf, uniformStack } from '../../src/core/theory/stack';
import { type Published, printed, spread } from './published';

/** What takes no training: `npm test` finds all of them. */
export interface AtOnce extends Published {
  readonly find: () => number;
}

const roy = 'Roy, How the Sigmoid Activation Function Causes Vanishing Gradients in Deep Neural Networks';

const paper: AtOnce[] = [
  { source: roy, what: 'σ′(0)', ...printed('0.25'), find: () => activation('sigmoid').derivative(0) },
  { source: roy, what: 'tanh′(1)', ...printed('0.42'), find: () => activation('tanh').derivative(1) },
  { source: roy, what: 'ten sigmoid layers at the peak', ...printed('9.54e-7'), find: () => boundOf('sigmoid') },
  { source: roy, what: 'ten tanh layers at the peak', ...printed('1.000'), find: () => boundOf('tanh') },
];

const boundOf = (name: string) => derivativeBound(new Array(10).fill(activation(name))).product;

const nielsen = 'Nielsen 2015, Neural Networks and Deep Learning, chapter 5';

/** E[x²] of MNIST's pixels, 0 … 1. */
const PIXELS = 0.1;

/** His networks at the start: kernels N(0, 1/fan-in), biases N(0, 1), hidden layers of 30 on MNIST's pixels. */
const nielsens = (layers: number) =>
  predict(
    stackOf(new Array<number>(layers).fill(30), {
      inputs: 784,
      phi: activation('sigmoid'),
      kernel: scaledKernel(1),
      bias: { variance: 1 },
      inputVariance: PIXELS,
    }),
  );

/** A bias' gradient is ∂C/∂z itself. The norms are of one draw of the weights; the medians of 100 are a repetition of his program. */
const draws: readonly [layers: number, first: number, last: number, medianFirst: number, medianLast: number][] = [
  [2, 0.0657, 0.309, 0.0605, 0.301],
  [3, 0.0118, 0.283, 0.0116, 0.287],
  [4, 0.00298, 0.285, 0.0023, 0.291],
];

const chapter5 = draws.flatMap(([layers, first, last, medianFirst, medianLast]): AtOnce[] => {
  const what = `first over last of ${layers} × 30, bias gradients at epoch 0`;
  const [draw, median] = [first / last, medianFirst / medianLast];
  const { ratio, band } = nielsens(layers);
  const find = () => ratio;
  const around = [(draw * ratio) / band[1], (draw * ratio) / band[0]] as const;
  return [
    { source: nielsen, what, ...spread(draw, around, 'one draw, whose nine in ten lie so far from the median'), find },
    {
      source: `${nielsen}, its program repeated`,
      what: `${what}, median of 100 draws`,
      ...spread(median, [0.9 * median, 1.1 * median], 'the median of 100 draws is known to a tenth'),
      find,
    },
  ];
});

const neighbours: AtOnce = {
  source: nielsen,
  what: 'neighbouring layers of 4 × 30 at the start',
  ...spread(0.2, [0.19, 0.21], 'printed with one digit'),
  find: () => nielsens(4).ratio ** (1 / 3),
};

/** What one step back multiplies ‖δ‖ by, at the middle of a deep stack. */
function step(name: string, options: Omit<StackOptions, 'phi'>): number {
  const { layers } = predict(uniformStack({ depth: 4, width: 1e9, phi: activation(name), ...options }));
  return Math.sqrt(layers[1]!.chi);
}

const glorot = 'Glorot and Bengio 2010, section 4.2';
/** So small that φ is its tangent. */
const linearRegime = { inputVariance: 1e-12 };
/** U[−1/√n, 1/√n] of their "standard" initialisation, and their "normalized" one where widths are equal. */
const [standard, normalized] = [scaledKernel(1 / 3), scaledKernel(1)];

const others: AtOnce[] = [
  {
    source: glorot,
    what: 'a step back through tanh in its linear regime, standard initialisation',
    ...printed('0.577'),
    find: () => step('tanh', { kernel: standard, ...linearRegime }),
  },
  {
    source: glorot,
    what: 'the same, normalized initialisation',
    ...printed('1.000'),
    find: () => step('tanh', { kernel: normalized, ...linearRegime }),
  },
  {
    source: 'He et al. 2015, section 2.2',
    what: '‖δ‖ over 30 ReLU layers of variance 2/n, root mean square',
    ...printed('1.000'),
    find: () =>
      predict(uniformStack({ depth: 31, width: 1024, phi: activation('relu'), kernel: scaledKernel(2) }))
        .rootMeanSquare,
  },
  {
    source: 'Klambauer et al. 2017, Self-Normalizing Neural Networks',
    what: 'variance that SELU comes to rest at, LeCun’s initialisation',
    ...printed('1.000'),
    find: () => fixedPoint(activation('selu'), 1).q,
  },
  {
    source: 'Yang et al. 2019, A Mean Field Theory of Batch Normalization',
    what: 'E‖δ‖² over a ReLU layer with BatchNorm, π/(π − 1)',
    ...printed('1.467'),
    find: () => step('relu', { kernel: scaledKernel(1), normalisation: 'batch' }) ** 2,
  },
  {
    source: 'Schoenholz et al. 2017, Deep Information Propagation',
    what: 'tanh’s edge of chaos without biases, σ_w',
    ...printed('1.000'),
    find: () => edgeOfChaos(activation('tanh'), 0)!.kernelGain,
  },
];

export const atOnce: readonly AtOnce[] = [...paper, ...chapter5, neighbours, ...others];
