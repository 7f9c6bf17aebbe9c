import type { LossUse } from '../../../core/model/model';
import type { CallArguments, Machine, Value } from '../../interpret/values';
import { type Moment, outputOf, tensorsIn, withWay } from '../tracing/step';
import { isPart, isPartKey, lastPart, modelOf, readingOf } from './state';

type Kind = LossUse['kind'];
type Wants = LossUse['wants'];

/** Optax's losses by name; they are given the model's output first. */
const losses: Readonly<Record<string, readonly [Kind, Wants]>> = {
  softmax_cross_entropy: ['categoricalCrossEntropy', 'logits'],
  softmax_cross_entropy_with_integer_labels: ['categoricalCrossEntropy', 'logits'],
  safe_softmax_cross_entropy: ['categoricalCrossEntropy', 'logits'],
  poly_loss_cross_entropy: ['categoricalCrossEntropy', 'logits'],
  sigmoid_binary_cross_entropy: ['binaryCrossEntropy', 'logits'],
  sigmoid_focal_loss: ['other', 'logits'],
  l2_loss: ['meanSquaredError', undefined],
  squared_error: ['meanSquaredError', undefined],
  huber_loss: ['huber', undefined],
  log_cosh: ['other', undefined],
  hinge_loss: ['hinge', undefined],
  multiclass_hinge_loss: ['hinge', undefined],
  perceptron_loss: ['other', undefined],
  cosine_distance: ['other', undefined],
  cosine_similarity: ['other', undefined],
  ctc_loss: ['other', 'logits'],
  ctc_loss_with_forward_probs: ['other', 'logits'],
  kl_divergence: ['other', 'logProbabilities'],
};

const firstNames = ['logits', 'predictions', 'predictor_outputs', 'log_predictions'];

/** Computes an Optax loss: true where the path is one. */
export function lossCall(path: string, args: CallArguments, { machine, site }: Moment): boolean {
  if (!/^optax\.(losses\.(\w+\.)?)?\w+$/.test(path)) return false;
  const name = lastPart(path);
  if (!Object.hasOwn(losses, name)) return false;
  const [kind, wants] = losses[name]!;
  const spelled = machine.text({ ...site.source, to: args.list.from });
  const reading = readingOf(machine);
  // Inside a model it is a part of what the model computes.
  if (reading.depth > 0) return true;
  const value = args.positional[0] ?? firstNames.map((each) => args.named.get(each)).find((each) => each !== undefined);
  const [output] = tensorsIn(value);
  const found = outputOf(output);
  const use = withWay({ kind, wants, spelled, source: site.source }, found);
  reading.losses.push({ use, model: found?.owner });
  return true;
}

const alike = (uses: readonly LossUse[]): boolean =>
  uses.every(({ kind, wants }) => kind === uses[0]?.kind && wants === uses[0].wants);

/** The loss that the file gives a model: the one that its output goes into, or the only one that there is. */
export function lossOf(value: Value, machine: Machine): LossUse | undefined {
  const reading = readingOf(machine);
  const key = modelOf(value);
  const linked = reading.losses.filter(({ model }) => model === key).map(({ use }) => use);
  if (linked.length > 0) return alike(linked) ? linked[0] : undefined;
  const others = [
    ...reading.instances.filter((each) => !isPart(each)).map((each): object => each.class),
    ...reading.containers.filter((each) => !isPartKey(each)),
  ].filter((each) => each !== key);
  const free = reading.losses.filter(({ model }) => model === undefined).map(({ use }) => use);
  return others.length === 0 && alike(free) ? free[0] : undefined;
}
