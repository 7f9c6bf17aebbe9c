import { drawnDigits } from '../data/drawnDigits';
import type { FlowInput } from '../theory/graphForward';
import type { FlowConfig } from './config';

/** Pixels of a drawn digit. */
export const DIGIT_PIXELS = drawnDigits.inputs;
/** E[x]²/E[x²] of a drawn digit's pixels: most are black. */
const DIGIT_MEAN_SHARE = 0.166;
/** Relative standard deviation of a drawn digit's mean pixel. */
const DIGIT_MEAN_SPREAD = 0.3;

/** Components of the input: as many as asked for, a digit's pixels, or the first layer's width. */
export const inputsOf = ({ inputs, data, widths }: FlowConfig): number =>
  inputs ?? (data === 'digits' ? DIGIT_PIXELS : widths[0]!);

/** Drawn digits are scaled to the mean square that the configuration asks for, and keep their mean. */
export const inputOf = ({ data, inputVariance: variance }: FlowConfig): Required<FlowInput> =>
  data === 'digits'
    ? { variance, mean: Math.sqrt(DIGIT_MEAN_SHARE * variance), meanSpread: DIGIT_MEAN_SPREAD }
    : { variance, mean: 0, meanSpread: 0 };
