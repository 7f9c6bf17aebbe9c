import type { LossUse, SourceRange } from '../../../core/model/model';
import type { CallArguments, Value } from '../../interpret/values';
import { flagOf, type Given, givenBy, isNone, textOf } from '../given';
import { type Moment, spelledAt } from './state';

type Kind = LossUse['kind'];

/** Without case, underscores and what they end in. */
const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const kinds: Readonly<Record<string, Kind>> = {
  categoricalcrossentropy: 'categoricalCrossEntropy',
  sparsecategoricalcrossentropy: 'categoricalCrossEntropy',
  categoricalfocalcrossentropy: 'categoricalCrossEntropy',
  softmaxcrossentropy: 'categoricalCrossEntropy',
  softmaxcrossentropywithlogits: 'categoricalCrossEntropy',
  softmaxcrossentropywithlogitsv2: 'categoricalCrossEntropy',
  sparsesoftmaxcrossentropywithlogits: 'categoricalCrossEntropy',
  binarycrossentropy: 'binaryCrossEntropy',
  binaryfocalcrossentropy: 'binaryCrossEntropy',
  sigmoidcrossentropy: 'binaryCrossEntropy',
  sigmoidcrossentropywithlogits: 'binaryCrossEntropy',
  logloss: 'binaryCrossEntropy',
  mse: 'meanSquaredError',
  meansquarederror: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  meanabsoluteerror: 'meanAbsoluteError',
  absolutedifference: 'meanAbsoluteError',
  huber: 'huber',
  huberloss: 'huber',
  hinge: 'hinge',
  hingeloss: 'hinge',
  squaredhinge: 'hinge',
  categoricalhinge: 'hinge',
};

const crossEntropies: ReadonlySet<Kind> = new Set(['categoricalCrossEntropy', 'binaryCrossEntropy']);

/** Functions that take logits and no others. */
const takesLogits = (name: string): boolean => /withlogits|^softmaxcrossentropy$|^sigmoidcrossentropy$/.test(name);

function lossNamed(name: string, fromLogits: boolean | undefined, spelled: string, source: SourceRange): LossUse {
  const folded = fold(name);
  const kind = Object.hasOwn(kinds, folded) ? kinds[folded]! : 'other';
  const logits = takesLogits(folded) ? true : fromLogits;
  const wants = !crossEntropies.has(kind) || logits === undefined ? undefined : logits ? 'logits' : 'probabilities';
  return { kind, wants, spelled, source };
}

/** Whether a path's last part is a loss's class or function. */
export const isLossName = (name: string): boolean => Object.hasOwn(kinds, fold(name));

/** `CategoricalCrossentropy(from_logits=True)`. */
export function lossCall(name: string, args: CallArguments, moment: Moment): LossUse {
  const isClass = name[0] !== name[0]?.toLowerCase();
  const names = isClass ? ['from_logits'] : ['y_true', 'y_pred', 'from_logits'];
  const given = givenBy(args, names, moment.machine.language);
  const source = moment.site.source;
  const logits = given.complete ? flagOf(given.value('from_logits'), false) : undefined;
  return lossNamed(name, logits, moment.machine.text(source), source);
}

/** What `compile(loss=…)` gives; undefined where nothing is given. */
export function lossOf(given: Given, name: string, moment: Moment): LossUse | undefined {
  const value = given.value(name);
  return value === undefined || isNone(value) ? undefined : fromValue(value, given.source(name), moment);
}

function fromValue(value: Value, source: SourceRange, moment: Moment): LossUse {
  const spelled = spelledAt(moment.machine, source);
  if (textOf(value) !== undefined) return lossNamed(textOf(value)!, false, textOf(value)!, source);
  if (value.kind === 'path')
    return lossNamed(value.path.slice(value.path.lastIndexOf('.') + 1), false, spelled, source);
  if (value.kind === 'foreign' && value.type === 'loss') return { ...(value.data as LossUse), source };
  // One loss for all outputs may come in a list or a dict.
  const items = value.kind === 'list' ? value.items : value.kind === 'dict' ? [...value.entries.values()] : [];
  const [first, ...others] = items.map((item) => fromValue(item, source, moment));
  const alike = others.every(({ kind, wants }) => kind === first?.kind && wants === first.wants);
  if (first !== undefined && (others.length === 0 || (alike && first.kind !== 'other'))) return first;
  return { kind: 'other', wants: undefined, spelled, source };
}
