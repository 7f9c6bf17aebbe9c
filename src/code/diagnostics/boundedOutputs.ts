import { type BoundedOutput, boundedOutput, boundedOutputOf, rangeWords } from '../../core/advice/rules/boundedOutput';
import { relatedLoss } from '../../core/advice/rules/rule';
import { isSamePlace, type Model, type SourceRange } from '../../core/model/model';
import { flowContext } from '../../core/theory/graphForward';
import type { Expression } from '../program/ast';
import { made } from './made';
import { DataReader } from './targets/data';
import { namesOf, siteOf } from './targets/definitions';
import type { Values } from './targets/ranges';
import {
  type Call,
  type CodeFinding,
  type Found,
  inside,
  isCall,
  isFunction,
  lastName,
  methodName,
  receiver,
} from './walk';

/** Targets may go this much of the range beyond it: rounding, and labels that are smoothed. */
const LEEWAY = 0.05;

/** A target, and how far it goes. */
interface Target {
  readonly range: SourceRange;
  readonly values: Values;
}

/** Outputs in a range, where the code shows that targets go beyond it. */
export function boundedOutputs(everything: () => readonly Found[], models: readonly Model[]): CodeFinding[] {
  const bounded = models.flatMap((graph) => {
    const own = boundedOutputOf({ graph, context: flowContext(graph) });
    return own === undefined ? [] : [{ graph, ...own }];
  });
  if (bounded.length === 0) return [];
  const all = everything();
  const reader = new DataReader(all, namesOf(all));
  return bounded.flatMap(({ graph, use, range }): CodeFinding[] => {
    const [low, high] = range;
    const slack = LEEWAY * (high - low);
    const target = targetsOf(graph, models, all)
      .flatMap((each) => valuesAt(each, reader))
      .find(({ values }) => values.min < low - slack || values.max > high + slack);
    return target === undefined ? [] : [foundIn(graph, { use, range }, target)];
  });
}

function foundIn({ name }: Model, { use, range }: BoundedOutput, target: Target): CodeFinding {
  const { activation, loss } = use;
  const { min, max } = target.values;
  const shown = min === max ? rangeWords([min, max]).replace(/ to .*/, '') : rangeWords([min, max]);
  const message = `${activation!.spelled} gives ${rangeWords(range)}, and the targets of ${loss.spelled} are ${shown}: what lies outside cannot be reached, and there the slope of the output goes to 0.`;
  return {
    rule: boundedOutput.id,
    severity: boundedOutput.severity,
    range: activation!.source,
    message,
    related: [{ range: target.range, message: `Targets of ${shown}.` }, relatedLoss(loss)],
    model: name,
  };
}

interface Handed {
  readonly call: Found<Call>;
  /** Undefined where the call has one thing that gives both, inputs and targets. */
  readonly target: Expression | undefined;
  readonly both: Expression | undefined;
}

function valuesAt({ call, target, both }: Handed, reader: DataReader): Target[] {
  const site = siteOf(call);
  const expression = target ?? both!;
  const data = reader.read(expression, site);
  const own = target === undefined ? (data?.kind === 'rows' ? data.items[1] : undefined) : data;
  if (own?.kind !== 'values') return [];
  const { from, to } = expression;
  return [{ range: { cell: site.cell, from: site.base + from, to: site.base + to }, values: own }];
}

/** What the code compares a model's output with. */
function targetsOf(graph: Model, models: readonly Model[], all: readonly Found[]): readonly Handed[] {
  if (graph.framework === 'torch' || graph.framework === 'jax') {
    const shared = models.filter(({ loss }) => loss && isSamePlace(loss.source, graph.loss!.source));
    return shared.length === 1 ? comparedIn(graph.loss!.source, all) : [];
  }
  return fitted(graph, models, all);
}

/** `fit(x, y)` of Keras and TensorFlow.js. */
function fitted(graph: Model, models: readonly Model[], all: readonly Found[]): readonly Handed[] {
  const others = new Set(models.filter((each) => each !== graph).map(({ name }) => name));
  const isIt = (name: string): boolean => {
    const makers = all.flatMap(({ node }): (string | undefined)[] =>
      node.kind === 'assign' && node.targets.some((target) => 'name' in target && target.name === name)
        ? [made(node.value)]
        : [],
    );
    const meant = [name, ...makers];
    return meant.includes(graph.name) && !meant.some((each) => each !== undefined && others.has(each));
  };
  return all.filter(isCall).flatMap((call): Handed[] => {
    const method = methodName(call.node);
    if (!/^(fit|train_on_batch|trainOnBatch|fitDataset)$/.test(method ?? '')) return [];
    const object = lastName(receiver(call.node)!);
    if (object === undefined || !isIt(object)) return [];
    const given = call.node.arguments;
    const named = given.find(({ name }) => name === 'y');
    const second = named ?? (given[1]?.name === undefined ? given[1] : undefined);
    if (second !== undefined && second.value.kind !== 'dict') return [{ call, target: second.value, both: undefined }];
    const [first] = given;
    return first === undefined ? [] : [{ call, target: undefined, both: first.value }];
  });
}

/** `F.mse_loss(output, y)`, `criterion(output, y)` of a criterion that stands at a place. */
function comparedIn(source: SourceRange, all: readonly Found[]): readonly Handed[] {
  const calls = all.filter(isCall);
  const own = calls.find(({ range }) => isSamePlace(range, source));
  if (own === undefined) return [];
  if (own.node.arguments.length >= 2) return handedBy(own);
  const callers = calls.filter(({ node }) => node.callee === own.node);
  const names = all.flatMap(({ node }) =>
    node.kind === 'assign' && node.value === own.node
      ? node.targets.flatMap((each) => ('name' in each ? [each.name] : []))
      : [],
  );
  for (const name of names) {
    const same = all.filter(
      ({ node }) => node.kind === 'assign' && node.targets.some((each) => 'name' in each && each.name === name),
    );
    if (same.length === 1) callers.push(...calls.filter(({ node }) => lastName(node.callee) === name));
  }
  // A criterion that is handed to a function goes by the name that it has there.
  for (const call of calls) {
    const k = call.node.arguments.findIndex(({ value }) => value === own.node);
    const code = k < 0 ? undefined : functionNamed(lastName(call.node.callee), all);
    const target = code?.parameters[k]?.target;
    if (code && target?.kind === 'name') {
      callers.push(
        ...inside(all, code)
          .filter(isCall)
          .filter(({ node }) => lastName(node.callee) === target.name),
      );
    }
  }
  return callers.flatMap(handedBy);
}

const functionNamed = (name: string | undefined, all: readonly Found[]) =>
  all.flatMap(({ around }) => around.filter(isFunction)).find((each) => name !== undefined && each.name === name);

const handedBy = (call: Found<Call>): Handed[] => {
  const given = call.node.arguments;
  const second =
    given.find(({ name }) => /^(target|targets|labels)$/.test(name ?? '')) ??
    (given[1]?.name === undefined ? given[1] : undefined);
  return second === undefined ? [] : [{ call, target: second.value, both: undefined }];
};
