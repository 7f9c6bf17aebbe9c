/** The keys of the flow command’s JSON, in order: programs read them. */
export const flowKeys = [
  'bound',
  'atBest',
  'ratio',
  'rootMeanSquare',
  'zeros',
  'band',
  'verdict',
  'layers',
  'measured',
];

/** The keys of each of its layers. */
export const flowLayerKeys = ['layer', 'q', 'chi', 'delta', 'kernelGradient'];
