import type { LossUse } from '../../../core/model/model';
import type { CallArguments } from '../../interpret/values';
import { doubtOf, type Moment, outputOf, type Step, type Tensor, tensorsIn, withWay } from '../tracing/step';
import { lastPart, readingOf } from './state';

type Kind = LossUse['kind'];
type Wants = LossUse['wants'];

/** Names without `Loss`, case and underscores. */
const losses: Readonly<Record<string, readonly [Kind, Wants]>> = {
  crossentropy: ['categoricalCrossEntropy', 'logits'],
  nll: ['negativeLogLikelihood', 'logProbabilities'],
  nll2d: ['negativeLogLikelihood', 'logProbabilities'],
  bce: ['binaryCrossEntropy', 'probabilities'],
  binarycrossentropy: ['binaryCrossEntropy', 'probabilities'],
  bcewithlogits: ['binaryCrossEntropy', 'logits'],
  binarycrossentropywithlogits: ['binaryCrossEntropy', 'logits'],
  multilabelsoftmargin: ['binaryCrossEntropy', 'logits'],
  mse: ['meanSquaredError', undefined],
  l1: ['meanAbsoluteError', undefined],
  smoothl1: ['huber', undefined],
  huber: ['huber', undefined],
  hingeembedding: ['hinge', undefined],
  multimargin: ['hinge', undefined],
  multilabelmargin: ['hinge', undefined],
  marginranking: ['other', undefined],
  kldiv: ['other', 'logProbabilities'],
  kl: ['other', 'logProbabilities'],
  ctc: ['other', 'logProbabilities'],
  poissonnll: ['other', undefined],
  gaussiannll: ['other', undefined],
  softmargin: ['other', undefined],
  cosineembedding: ['other', undefined],
  tripletmargin: ['other', undefined],
};

const meaningOf = (path: string): readonly [Kind, Wants] | undefined => {
  if (!/^torch\.nn\.(functional\.|modules\.loss\.)?\w+$/.test(path)) return undefined;
  const last = lastPart(path);
  const key = last
    .replace(/_?loss$/i, '')
    .replace(/_/g, '')
    .toLowerCase();
  const isLoss = /loss$/i.test(last) || /cross_entropy|kl_div/.test(last);
  return isLoss && Object.hasOwn(losses, key) ? losses[key] : undefined;
};

/** A loss's class or function called; undefined for what is none. */
export function lossUse(path: string, spelled: string, { site }: Moment): LossUse | undefined {
  const found = meaningOf(path);
  return found && { kind: found[0], wants: found[1], spelled, source: site.source };
}

/** True for `F.cross_entropy`, which is given the output at once. */
export const isLossFunction = (path: string): boolean => /^[a-z]/.test(lastPart(path)) && meaningOf(path) !== undefined;

/** What a tensor was before it was brought into another form: `logits.view(-1, 10)`. */
function reshaped({ step }: Tensor): Step {
  const isForm = (step.operation.kind === 'rearrange' || step.operation.kind === 'flatten') && step.owner === undefined;
  const [input, ...more] = step.inputs;
  return isForm && input !== undefined && more.length === 0 ? reshaped(input) : step;
}

/** Notes that a loss is computed, and of which model's output. */
export function noteLoss(use: LossUse, args: CallArguments, { machine }: Moment): void {
  const reading = readingOf(machine);
  const [value] = [args.positional[0] ?? args.named.get('input'), args.named.get('logits')];
  const [output] = tensorsIn(value);
  const found = outputOf(output);
  // Inside a model what is given is its own output, as its graph has it.
  const own = reading.depth > 0 ? use : withWay(use, found);
  const isOpen = output !== undefined && doubtOf(machine) > reshaped(output).doubt;
  reading.losses.push({ use: own, model: found?.owner, output: reading.depth > 0 ? output : undefined, isOpen });
}
