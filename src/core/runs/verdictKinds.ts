/** How a network's training can be judged; the index of runs keeps it. */
export const verdictKinds = [
  // Nothing is the matter yet, and nothing shown.
  'started',
  'healthy',
  'symmetric',
  'saturated',
  'vanishing',
  'exploding',
  'dying',
  'stalled',
  'diverged',
] as const;
export type VerdictKind = (typeof verdictKinds)[number];
