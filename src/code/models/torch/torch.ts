import type { LossUse, Model } from '../../../core/model/model';
import type { InstanceValue, Machine, Value } from '../../interpret/values';
import { eachWithin } from '../../interpret/within';
import type { ModelCandidate, ModelFramework } from '../framework';
import { isAlike } from '../tracing/alike';
import { graphOfSteps, isTelling } from '../tracing/graph';
import { bodyOf, doubtOfModel, isModuleBase, noteOptionalLoss, noteTrainingStep } from './instance';
import './library';
import { parametersOf } from './modules';
import { isPartSomewhere, keyOf, type Reading, readingOf, torchLibrary } from './state';

/** What the objects of the file's modules hold. */
function partsOf(instances: readonly InstanceValue[]): ReadonlySet<object> {
  const found = new Set<object>();
  const seen = new Set<Value>();
  const note = (value: Value): undefined => {
    const key = keyOf(value);
    if (key !== undefined) found.add(key);
  };
  for (const { attributes } of instances) for (const value of attributes.values()) eachWithin(value, 4, note, seen);
  return found;
}

const isOfSameClass = (object: object, value: Value): boolean =>
  value.kind === 'instance' && 'class' in object && object.class === value.class;

/** One of which nobody sees that it is given just this model's output. */
const assumed = (use: LossUse | undefined): LossUse | undefined => use && { ...use, assumed: true };

/** The loss that the file gives a model: the one that its output goes into, or the only one that there is. */
function lossOf(value: Value, reading: Reading): LossUse | undefined {
  const key = keyOf(value);
  const linked = reading.losses.filter(({ model }) => model === key);
  if (linked.some(({ isOpen }) => !isOpen)) return linked.find(({ isOpen }) => !isOpen)?.use;
  // Of several of which one is taken nobody knows which.
  if (linked.length > 0) return linked.every(({ use }) => isAlike(use, linked[0]?.use)) ? linked[0]?.use : undefined;
  const own = value.kind === 'instance' ? [...value.attributes.values()] : [];
  const held = own.flatMap((each) => (each.kind === 'foreign' && each.type === 'loss' ? [each.data as LossUse] : []));
  if (held.length === 1) return assumed(held[0]);
  const handed = reading.handed.filter(({ model }) => model === key);
  if (handed.length > 0)
    return handed.every(({ use }) => isAlike(use, handed[0]?.use)) ? assumed(handed[0]?.use) : undefined;
  const free = reading.losses.filter(({ model }) => model === undefined).map(({ use }) => use);
  const [first] = free;
  if (first === undefined && reading.criteria.length === 0) return undefined;
  const parts = partsOf(reading.instances);
  const isOther = (each: object): boolean =>
    each !== key && !reading.parts.has(each) && !parts.has(each) && !isOfSameClass(each, value);
  if (reading.instances.some(isOther) || reading.containers.some(isOther)) return undefined;
  const alike = (uses: readonly LossUse[]) => uses.every((use) => isAlike(use, uses[0]));
  if (first !== undefined) return alike(free) ? first : undefined;
  if (reading.losses.some(({ model }) => model !== undefined && !isOfSameClass(model, value))) return undefined;
  // One that is made and called where nobody sees it, in a loop of another file.
  return alike(reading.criteria) ? assumed(reading.criteria[0]) : undefined;
}

/** PyTorch, with what builds on it. */
export const torchFramework: ModelFramework = {
  library: torchLibrary,
  roots: ['torch', 'torchvision', 'lightning', 'pytorch_lightning', 'torchsummary', 'torchinfo', 'einops', 'copy'],
  modelBase: isModuleBase,
  isPart(value) {
    const key = keyOf(value);
    return key !== undefined && isPartSomewhere(key);
  },
  isFilled: (value) =>
    value.kind === 'instance' &&
    value.foreign?.library === torchLibrary &&
    parametersOf(value).some(([, { initialization }]) => initialization?.kind !== 'default'),
  graphOf({ value, name, source }: ModelCandidate, machine: Machine): Model | undefined {
    const reading = readingOf(machine);
    const moment = { machine, site: { source: value.kind === 'instance' ? value.source : source } };
    const outputs = bodyOf(value, moment);
    if (outputs === undefined) return undefined;
    if (value.kind === 'instance') {
      noteTrainingStep(value, moment);
      noteOptionalLoss(value, moment);
    }
    const graph = graphOfSteps({
      name,
      framework: 'torch',
      source,
      outputs,
      loss: lossOf(value, reading),
      doubt: doubtOfModel(value),
    });
    return graph !== undefined && isTelling(graph) ? graph : undefined;
  },
};
