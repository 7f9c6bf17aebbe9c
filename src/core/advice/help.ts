import { formatPower } from '../format/numbers';
import { type GraphFlow, isUnknownFlow } from '../theory/graph';
import { outlookOf } from './modelRemedies';
import { ails, type Remedy } from './remedies/rank';

/** What would help, for the end of a verdict's sentence: the first of the list beneath it. */
export function helpInWords(first: Remedy | undefined, hiddenLayers: number): string {
  if (first === undefined) return 'no other start is known to help';
  return hiddenLayers === 1
    ? `${first.words} lets it through`
    : `${first.words} would leave ${formatPower(first.after)}`;
}

/** "; ReLU with he_normal would leave 0.91" where something is wrong with a model; else ''. */
export function modelHelp(flow: GraphFlow, [first]: readonly Remedy[]): string {
  if (isUnknownFlow(flow) || !flow.certain || !ails(outlookOf(flow))) return '';
  return `; ${helpInWords(first, flow.layers.length)}`;
}
