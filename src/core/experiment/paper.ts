/**
 * What the paper "How the Sigmoid Activation Function Causes Vanishing Gradients in Deep Neural Networks" (Archit Roy) prints of
 * its experiment: training accuracy and loss, running means over each epoch, as Keras shows them.
 */
export interface PaperResult {
  readonly accuracy: number;
  readonly loss: number;
}

const column = (...pairs: readonly (readonly [accuracy: number, loss: number])[]): readonly PaperResult[] =>
  pairs.map(([accuracy, loss]) => ({ accuracy, loss }));

/** The data of these results. */
export const paperData = { name: 'MNIST', train: 60_000 } as const;

/** By activation; the first entry is epoch 1. */
export const paperResults: Readonly<Record<'sigmoid' | 'relu', readonly PaperResult[]>> = {
  sigmoid: column(
    [0.106, 4.5765],
    [0.1053, 2.3062],
    [0.1009, 2.3078],
    [0.1048, 2.3073],
    [0.1047, 2.3096],
    [0.1047, 2.3088],
    [0.1052, 2.3079],
    [0.1019, 2.3091],
    [0.1044, 2.3085],
    [0.1031, 2.3103],
  ),
  relu: column(
    [0.2977, 553.457],
    [0.7491, 12.7156],
    [0.8211, 8.1894],
    [0.8461, 6.4879],
    [0.8619, 5.4374],
    [0.8692, 4.7533],
    [0.8765, 4.2339],
    [0.8808, 3.8367],
    [0.882, 3.5284],
    [0.8842, 3.3873],
  ),
};

/** The activations whose results the paper tabulates, in its order. */
export const paperActivations = ['sigmoid', 'relu'] as const;

/** The paper's figure for an epoch (from 1); undefined where it has none. */
export function paperResult(activation: string, epoch: number): PaperResult | undefined {
  return activation === 'sigmoid' || activation === 'relu' ? paperResults[activation][epoch - 1] : undefined;
}
