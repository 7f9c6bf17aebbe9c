export const verdictKinds = ['healthy', 'saturated', 'vanishing', 'exploding', 'dying', 'stalled', 'diverged'] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** A verdict in the word that people read, the same everywhere. */
export const verdictWord = (kind: VerdictKind): string => (kind === 'healthy' ? 'learns' : kind);

/** What a network's records say of its training. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** One plain sentence with the decisive number and the reason. */
  readonly text: string;
  /** The numbers behind it, each with its unit, for those who ask why. */
  readonly evidence: readonly { readonly label: string; readonly value: string }[];
  /** True while the network still trains: the verdict may change. */
  readonly provisional: boolean;
}
