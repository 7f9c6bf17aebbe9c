/** Activations whose outputs each depend on several inputs: they have a Jacobian, and no curve φ′(x). */
export interface NotElementWise {
  readonly label: string;
  readonly formula: string;
  /** What it computes over, and what that means for a gradient. Sentences. */
  readonly explanation: string;
}

const entries = {
  softmax: {
    label: 'softmax',
    formula: 'softmax(x)ᵢ = e^(xᵢ) / Σⱼ e^(xⱼ)',
    explanation:
      'Every output depends on all inputs along an axis: ∂yᵢ/∂xⱼ = yᵢ(δᵢⱼ − yⱼ), so there is no single φ′(x). Before a cross-entropy loss the two together give the gradient y − target, which does not vanish; inside a network a nearly one-hot output passes almost none.',
  },
  softmin: {
    label: 'softmin',
    formula: 'softmin(x)ᵢ = e^(−xᵢ) / Σⱼ e^(−xⱼ)',
    explanation:
      'Softmax of −x: every output depends on all inputs along an axis, ∂yᵢ/∂xⱼ = −yᵢ(δᵢⱼ − yⱼ), so there is no single φ′(x).',
  },
  log_softmax: {
    label: 'log softmax',
    formula: 'log_softmax(x)ᵢ = xᵢ − ln Σⱼ e^(xⱼ)',
    explanation:
      'Every output depends on all inputs along an axis: ∂yᵢ/∂xⱼ = δᵢⱼ − softmax(x)ⱼ, so there is no single φ′(x). With a negative log-likelihood loss the gradient is softmax(x) − target.',
  },
  sparsemax: {
    label: 'sparsemax',
    formula: 'sparsemax(x) = the point of the probability simplex nearest to x',
    explanation:
      'Every output depends on all inputs along an axis. Where the support S is fixed, ∂yᵢ/∂xⱼ = δᵢⱼ − 1/|S| within S and 0 outside, so there is no single φ′(x).',
  },
  glu: {
    label: 'GLU',
    formula: 'glu(a, b) = a·σ(b), a and b the two halves of x',
    explanation:
      'It multiplies one half of the input by the sigmoid of the other, and halves the width: ∂/∂a = σ(b) and ∂/∂b = a·σ′(b), so there is no single φ′(x). The path through a keeps a linear share of the gradient.',
  },
  crelu: {
    label: 'CReLU',
    formula: 'crelu(x) = [max(0, x), max(0, −x)]',
    explanation:
      'It concatenates ReLU(x) and ReLU(−x) and doubles the width. Each input passes its gradient through exactly one of the two, with derivative 1 or −1.',
  },
} satisfies Record<string, NotElementWise>;

export type NotElementWiseName = keyof typeof entries;

export const isNotElementWiseName = (x: string): x is NotElementWiseName => Object.hasOwn(entries, x);
export const notElementWise = (name: NotElementWiseName): NotElementWise => entries[name];
