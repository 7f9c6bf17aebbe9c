import { missingEval } from '../../core/advice/rules/missingEval';
import type { Model } from '../../core/model/model';
import type { Expression } from '../program/ast';
import { type Lively, LivelyModels, livelySteps } from './lively';
import { handsOn, made } from './made';
import {
  type Call,
  type CodeFinding,
  type CodeText,
  type Found,
  inside,
  isCall,
  isFunction,
  lastName,
  loopAround,
  methodName,
  valuesByName,
} from './walk';

/** Code that measures what a model has learnt, and code that draws from a model on purpose. */
const measures = /accura|\bacc\b|correct|argmax|\btest|test_|_test|valid|\bval\b|val_|_val|eval|predict/i;
const samples = /monte|\bmc\b|mc_|_mc|uncertain|stochastic|ensemble|update_bn|calibrat|\bfake|generat|teacher|target_/i;

/** Models with such steps, by the name of their class or variable, where all of that name have some. */
function lively(models: readonly Model[], is: (model: Model) => boolean): ReadonlyMap<string, Model> {
  const own = models.filter(is);
  const still = new Set(own.filter((model) => livelySteps(model) === 0).map(({ name }) => name));
  return new Map(own.filter(({ name }) => !still.has(name)).map((model) => [model.name, model]));
}

/** The model that all of the texts mean by a name. */
function modelNamed(
  name: string | undefined,
  known: ReadonlyMap<string, Model>,
  values: ReturnType<typeof valuesByName>,
) {
  if (name === undefined) return undefined;
  const given = (values.get(name) ?? []).filter((value) => !handsOn(value, name));
  const [first, ...more] = given.map((value) => {
    const maker = made(value) ?? '';
    return known.get(/^(Sequential|Model)$/.test(maker) ? name : maker);
  });
  return more.every((each) => each === first) ? first : undefined;
}

/** Evaluations of models in training mode. */
export function missingEvals(
  texts: readonly CodeText[],
  all: readonly Found[],
  models: readonly Model[],
): CodeFinding[] {
  const keras = lively(models, ({ framework }) => framework === 'keras' || framework === 'tf2');
  const values = valuesByName(all);
  return [...withoutEval(all, texts, models, values), ...trainingTrue(all, texts, keras, values)];
}

const textAt = (texts: readonly CodeText[], { cell, from, to }: Found['range']): string =>
  texts.find((each) => each.cell === cell)?.text.slice(from, to) ?? '';

const foundIn = (
  model: Model,
  range: Found['range'],
  message: string,
  related: CodeFinding['related'],
): CodeFinding => ({
  rule: missingEval.id,
  severity: missingEval.severity,
  range,
  message,
  related,
  model: model.name,
});

const stepsWord = (count: number): string => (count === 1 ? '1 step' : `${count} steps`);

// PyTorch

/** `eval()`, `train(False)`, `train(mode)`, anywhere. */
function turnsOff({ node }: Found): boolean {
  if (node.kind === 'name' || node.kind === 'member') return node.name === 'eval';
  if (node.kind === 'assign')
    return node.targets.some((target) => target.kind === 'member' && target.name === 'training');
  if (node.kind !== 'call' || methodName(node) !== 'train') return false;
  return node.arguments.some(({ value }) => !(value.kind === 'constant' && value.value === true));
}

const isNoGrad = (value: Expression): boolean =>
  /^(no_grad|inference_mode)$/.test(lastName(value.kind === 'call' ? value.callee : value) ?? '');

function withoutEval(
  all: readonly Found[],
  texts: readonly CodeText[],
  models: readonly Model[],
  values: ReturnType<typeof valuesByName>,
): CodeFinding[] {
  if (!texts.some(({ text }) => /no_grad|inference_mode/.test(text)) || all.some(turnsOff)) return [];
  // One that is neither trained nor loaded here is only tried out.
  const calls = all.filter(isCall);
  if (!calls.some(({ node }) => methodName(node) === 'backward')) return [];
  const torch = models.filter(({ framework }) => framework === 'torch');
  const known = new LivelyModels(all, torch, values);
  return evaluations(all).flatMap(({ place, body }): CodeFinding[] => {
    const text = textAt(texts, place.range);
    const context = [text, ...place.around.filter(isFunction).map(({ name }) => name ?? '')].join('\n');
    if (!measures.test(context) || samples.test(context)) return [];
    if (body.some((each) => isCall(each) && methodName(each.node) === 'backward')) return [];
    for (const call of body.filter(isCall)) {
      const [found] = known.called(call);
      if (found !== undefined) return [inTrainingMode(found, call)];
    }
    return [];
  });
}

function inTrainingMode({ name, model, source, steps }: Lively, { range }: Found): CodeFinding {
  const message = `\`${name}\` is evaluated in training mode, since nothing here calls \`${name}.eval()\`: ${stepsWord(steps)} of dropout or batch normalisation behave as in training.`;
  const related = [{ range: source, message: `${model} has them.` }];
  return { rule: missingEval.id, severity: missingEval.severity, range, message, related, model };
}

/** Blocks under `no_grad`, and functions with it as their decorator, that are no part of a step of training. */
function evaluations(all: readonly Found[]): { place: Found; body: readonly Found[] }[] {
  return all.flatMap((place) => {
    const { node } = place;
    if (node.kind === 'with' && node.items.some(({ value }) => isNoGrad(value))) {
      const loop = loopAround(place);
      const trains = (each: Found): boolean =>
        isCall(each) && methodName(each.node) === 'backward' && loopAround(each) === loop;
      return loop !== undefined && inside(all, loop).some(trains) ? [] : [{ place, body: inside(all, node) }];
    }
    if (node.kind === 'function' && 'function' in node && node.function.decorators.some(isNoGrad)) {
      return [{ place, body: inside(all, node.function) }];
    }
    return [];
  });
}

// Keras

function trainingTrue(
  all: readonly Found[],
  texts: readonly CodeText[],
  known: ReadonlyMap<string, Model>,
  values: ReturnType<typeof valuesByName>,
): CodeFinding[] {
  if (known.size === 0) return [];
  const isTrue = ({ arguments: given }: Call): boolean =>
    given.some(({ name, value }) => name === 'training' && value.kind === 'constant' && value.value === true);
  return all.filter(isCall).flatMap((call): CodeFinding[] => {
    const model = isTrue(call.node) ? modelNamed(lastName(call.node.callee), known, values) : undefined;
    if (model === undefined) return [];
    const owner = call.around.findLast(isFunction);
    if (owner === undefined) return [];
    const name = owner.name ?? '';
    const text = inside(all, owner);
    const trains = text.some(
      ({ node }) => (node.kind === 'name' || node.kind === 'member') && /Tape|apply_gradients|grad/.test(node.name),
    );
    const place = all.find(({ node }) => node.kind === 'function' && 'function' in node && node.function === owner);
    if (trains || samples.test(`${name}\n${place ? textAt(texts, place.range) : ''}`)) return [];
    if (!/(^|_)(test|eval|evaluate|evaluation|validate|validation|val)(_|$)/i.test(name)) return [];
    const count = livelySteps(model);
    const message = `\`${lastName(call.node.callee)}\` is evaluated with training=True: ${stepsWord(count)} of dropout or batch normalisation behave as in training.`;
    return [foundIn(model, call.range, message, [{ range: model.source, message: `${model.name} has them.` }])];
  });
}
