import type { FlowConfig } from '../calculation/config';
import { modelOf } from '../calculation/model';
import { predictCandidate } from '../calculation/predict';
import { flowVerdictKind } from '../verdicts/predicted';
import type { Change } from './remedies/change';
import { type Outlook, type Remedy, ranked } from './remedies/rank';
import { inCalculation } from './remedies/settings';
import { subjectOf } from './remedies/subject';

/** A change of a calculation. */
export interface FlowRemedy extends Remedy {
  /** With the change. Initialiser, normalisation and residual hold for all of its candidates. */
  readonly config: FlowConfig;
}

/** What is predicted of a candidate; its kind is worked out once it is read. */
function outlookOf(config: FlowConfig, index: number): Outlook {
  const candidate = config.candidates[index]!;
  const { ratio, band, zeros, layers } = predictCandidate(config, candidate);
  return {
    ratio,
    band,
    zeros,
    hiddenLayers: layers.length,
    get kind() {
      return flowVerdictKind(config, candidate);
    },
  };
}

function search(
  config: FlowConfig,
  index: number,
  isOffered: (change: Change) => boolean,
): Generator<FlowRemedy, undefined> {
  const candidate = config.candidates[index];
  if (!candidate)
    throw new RangeError(`there is no candidate ${index}; expected 0 to ${config.candidates.length - 1}.`);
  return ranked({
    subject: subjectOf(modelOf(config, candidate)),
    now: outlookOf(config, index),
    tried(change) {
      const changed = isOffered(change) ? inCalculation(config, change, index) : undefined;
      return changed && { made: { config: changed }, outlook: outlookOf(changed, index) };
    },
  });
}

/**
 * What would help a candidate; see {@link ranked}.
 *
 * @param isOffered what comes into question; everything where left out
 */
export const remedies = (
  config: FlowConfig,
  index: number,
  isOffered: (change: Change) => boolean = () => true,
): FlowRemedy[] => [...search(config, index, isOffered)];

/** The best of the {@link remedies}, without a look at the others' layers. */
export const firstRemedy = (
  config: FlowConfig,
  index: number,
  isOffered: (change: Change) => boolean = () => true,
): FlowRemedy | undefined => search(config, index, isOffered).next().value;
