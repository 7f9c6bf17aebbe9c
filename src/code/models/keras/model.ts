import { type CallArguments, list, type Value } from '../../interpret/values';
import { argumentsWith } from '../given';
import { appliedAt, applyLayer, inputTensors, newStep, opaqueStep, tensorValue } from './apply';
import { inputTensor } from './input';
import type { LayerData } from './layer';
import type { Body, GivenShape, ModelData } from './modelData';
import { foreign, type Moment } from './state';
import { type Step, stepsBefore, type Tensor, tellShape, tensorsIn } from './tensor';

const dataOf = <Data>(value: Value | undefined, type: string): Data | undefined =>
  value?.kind === 'foreign' && value.type === type ? (value.data as Data) : undefined;

export const layerIn = (value: Value | undefined): LayerData | undefined => dataOf(value, 'layer');
export const tensorIn = (value: Value | undefined): Tensor | undefined => dataOf(value, 'tensor');
/** Of a model, or of an object of a class whose base is Keras's Model. */
export function modelIn(value: Value | undefined): ModelData | undefined {
  return dataOf(value?.kind === 'instance' ? value.foreign : value, 'model');
}

/** The input that a Sequential's first item is or tells of. */
function sequentialInput(model: ModelData): GivenShape | undefined {
  const first = model.items[0]?.value;
  const tensor = tensorIn(first);
  if (tensor?.step.operation.kind === 'input') {
    return tensor.shape && { shape: tensor.shape, source: tensor.step.source };
  }
  const nested = modelIn(first);
  if (nested !== undefined) return nested.kind === 'sequential' ? sequentialInput(nested) : inputOfBody(nested);
  return layerIn(first)?.inputShape ?? model.inputShape;
}

function inputOfBody({ body, inputShape }: ModelData): GivenShape | undefined {
  const [input] = body?.inputs ?? [];
  return input?.shape === undefined ? inputShape : { shape: input.shape, source: input.step.source };
}

const isInput = (value: Value): boolean =>
  tensorIn(value)?.step.operation.kind === 'input' || layerIn(value)?.type.toLowerCase() === 'inputlayer';

/** A Sequential's layers in turn; sites are the layers' own where it is looked at for itself. */
function runSequential(model: ModelData, input: Value, moment: Moment, own: boolean): Value {
  let value = input;
  for (const item of model.items) {
    if (isInput(item.value)) continue;
    const at: Moment = own ? { ...moment, site: { source: item.source } } : moment;
    const before = tensorsIn(value);
    value = applyValue(item.value, value, at);
    doubtAt(item.doubt, tensorsIn(value), before);
  }
  if (model.complete) return value;
  return tensorValue(opaqueStep('…', inputTensors(value, moment), moment), moment);
}

/** A layer that was added under a condition is no surer than that. */
export function doubtAt(doubt: number, outputs: readonly Tensor[], inputs: readonly Tensor[]): void {
  if (doubt === 0) return;
  const kept = new Set(inputs.map(({ step }) => step));
  for (const step of stepsBefore(outputs, inputs)) if (!kept.has(step)) step.doubt = Math.max(step.doubt, doubt);
}

/** Anything that can stand among layers, applied to a value. */
export function applyValue(callee: Value, value: Value, moment: Moment): Value {
  const layer = layerIn(callee);
  const args = argumentsWith([value], moment);
  if (layer !== undefined) return applyLayer(layer, value, args, moment);
  if (callee.kind === 'foreign' && callee.type === 'model')
    return applyModel(callee.data as ModelData, value, args, moment);
  const result = callee.kind === 'unknown' ? undefined : moment.machine.call(callee, args, moment.site);
  if (tensorsIn(result).length > 0) return result!;
  const text = callee.kind === 'unknown' ? callee.text : callee.kind === 'instance' ? callee.class.name : 'unknown';
  return tensorValue(opaqueStep(text, inputTensors(value, moment), moment), moment);
}

/** From input to output of a model for itself; undefined for one that tells nothing, such as an empty Sequential. */
export function bodyOf(model: ModelData, moment: Moment): Body | undefined {
  if (model.body !== undefined || model.kind !== 'sequential') return model.body;
  const first = tensorIn(model.items[0]?.value);
  const given = sequentialInput(model);
  const at: Moment = { ...moment, site: { source: model.source } };
  const input =
    first?.step.operation.kind === 'input' ? first : inputTensor(given?.shape, given?.source ?? model.source, at);
  if (model.items.every(({ value }) => isInput(value))) return undefined;
  model.body = { inputs: [input], outputs: runSequential(model, tensorValue(input, at), at, true) };
  return model.body;
}

/** Whether tensors come from a model's input. */
export const isSymbolic = (inputs: readonly Tensor[]): boolean => inputs.some(({ step }) => step.symbolic);

/** A model as a part of another: its steps over again, with the same weights. */
export function applyModel(model: ModelData, value: Value | undefined, _args: CallArguments, moment: Moment): Value {
  const inputs = inputTensors(value, moment);
  const result = applied(model, value, inputs, moment);
  if (moment.reading.eithers.has(model)) doubtAt(Number.POSITIVE_INFINITY, tensorsIn(result), inputs);
  // Data go through a model in a training loop, too; only an input makes it a part of another.
  if (isSymbolic(inputs)) model.inside = true;
  else if (model.results.length < MOST_RESULTS) model.results.push(...tensorsIn(result).map(({ step }) => step));
  return result;
}

/** Results that are kept of a model; a training loop makes many. */
const MOST_RESULTS = 8;

function applied(model: ModelData, value: Value | undefined, inputs: readonly Tensor[], moment: Moment): Value {
  const told =
    model.kind === 'sequential' ? [sequentialInput(model)?.shape] : model.body?.inputs.map(({ shape }) => shape);
  inputs.forEach((input, k) => {
    tellShape(input, told?.[k]);
  });
  if (model.kind === 'sequential') {
    model.inputShape ??= inputs[0]?.shape && { shape: inputs[0].shape, source: moment.site.source };
    const result = runSequential(model, value ?? moment.machine.unknown('nothing'), moment, false);
    return result;
  }
  const { body } = model;
  if (body === undefined) return tensorValue(opaqueStep(model.name ?? model.type, inputs, moment), moment);
  return replay(body, inputs, model, moment);
}

/** The steps of a body over again, from other inputs. */
function replay({ inputs, outputs }: Body, given: readonly Tensor[], owner: ModelData, moment: Moment): Value {
  const made = new Map<Step, Tensor>();
  inputs.forEach((input, k) => {
    made.set(input.step, given[k] ?? opaqueStep('unknown', [], moment));
  });
  const again = (tensor: Tensor): Tensor => {
    const found = made.get(tensor.step);
    if (found === undefined) return tensor;
    return tensor.shape === tensor.step.shape ? found : { ...tensor, step: found.step };
  };
  for (const step of stepsBefore(tensorsIn(outputs), inputs)) {
    const after = step.inputs.map(again);
    if (made.has(step) || after.every((tensor, k) => tensor === step.inputs[k])) continue;
    made.set(
      step,
      newStep(
        { ...step, inputs: after, applied: appliedAt(step.source, moment), infer: step.infer, shape: undefined, owner },
        moment,
      ),
    );
  }
  return mapTensors(outputs, again, moment);
}

function mapTensors(value: Value, change: (tensor: Tensor) => Tensor, moment: Moment): Value {
  const tensor = tensorIn(value);
  if (tensor !== undefined) return tensorValue(change(tensor), moment);
  if (value.kind === 'list') {
    return list(
      value.items.map((item) => mapTensors(item, change, moment)),
      value.of,
      value.complete,
    );
  }
  if (value.kind !== 'dict') return value;
  const entries = [...value.entries].map(([key, item]) => [key, mapTensors(item, change, moment)] as const);
  return { kind: 'dict', entries: new Map(entries), complete: value.complete };
}

/** `model.layers`: of a Sequential its items, otherwise what made the steps. */
export function layersOf(model: ModelData, moment: Moment): Value {
  const body = bodyOf(model, moment);
  if (model.kind === 'sequential') {
    const values = model.items.map(({ value }) => value);
    return list(
      values.filter((value) => !isInput(value)),
      'list',
      model.complete && model.items.every(({ doubt }) => doubt <= model.doubt),
    );
  }
  const steps = stepsBefore(tensorsIn(body?.outputs), body?.inputs);
  const owners = new Set(steps.map((step) => step.owner ?? step));
  const complete =
    body !== undefined &&
    steps.every((step) => step.certain && step.doubt <= model.doubt && (step.owner ?? step.operation.kind === 'input'));
  const values = [...owners].map((owner): Value => {
    if ('items' in owner) return foreign(moment.reading, 'model', owner);
    if ('steps' in owner) return foreign(moment.reading, 'layer', owner);
    return foreign(moment.reading, 'tensor', { step: owner as Step, shape: (owner as Step).shape });
  });
  return list(values, 'list', complete);
}
