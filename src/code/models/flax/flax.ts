import type { Model } from '../../../core/model/model';
import type { FunctionValue, Machine, Value } from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import type { ModelCandidate, ModelFramework } from '../framework';
import { graphOfSteps, isTelling, isWeighty } from '../tracing/graph';
import { type Moment, stepsBefore } from '../tracing/step';
import { type Transformed, transformedIn } from './haiku';
import { layerIn } from './layer';
import './library';
import { lossOf } from './loss';
import { bodyOf, doubtOfModel, isDerivedLayer, isModuleBase } from './module';
import { flaxLibrary, foreign, isPart, moduleIn, readingOf, withParts } from './state';

/** The library of a model that is none of Flax's. */
function libraryOf(value: Value): Pick<Model, 'library'> {
  const flavour =
    value.kind === 'instance' ? moduleIn(value)?.flavour : (layerIn(value)?.flavour ?? transformedIn(value)?.flavour);
  return flavour === 'equinox' || flavour === 'haiku' ? { library: flavour } : {};
}

/** Whether a function that Haiku makes a model of shows its layers. */
const isInTransform = (moment: Moment): boolean =>
  readingOf(moment.machine).transforms.some((each) =>
    stepsBefore(bodyOf(each, moment) ?? []).some(({ operation }) => isWeighty(operation)),
  );

/** Functions that make layers of Haiku's and are handed to whoever makes models of them: each is looked at once. */
const handedOn = new WeakMap<FunctionValue, Value>();

/** Haiku's layers are parts of what the function does that makes them; undefined for further ones of it. */
function wholeOf({ value, within }: ModelCandidate, machine: Machine): Value | undefined {
  if (within === undefined || layerIn(value)?.flavour !== 'haiku') return value;
  if (handedOn.has(within)) return undefined;
  const whole = foreign('transformed', { flavour: 'haiku', callee: within, doubt: 0 } satisfies Transformed);
  handedOn.set(within, whole);
  const outputs = bodyOf(whole, { machine, site: { source: sourceAt(within.place, within.code) } });
  return outputs === undefined ? value : whole;
}

/** Flax, Linen and nnx, Equinox and Haiku, on JAX's functions and Optax's losses. */
export const flaxFramework: ModelFramework = {
  library: flaxLibrary,
  roots: ['flax', 'jax', 'optax', 'equinox', 'haiku'],
  modelBase: isModuleBase,
  isPart,
  graphOf(candidate: ModelCandidate, machine: Machine): Model | undefined {
    const { name, source } = candidate;
    if (layerIn(candidate.value)?.flavour === 'haiku' && isInTransform({ machine, site: { source } })) return undefined;
    const value = wholeOf(candidate, machine);
    if (value === undefined) return undefined;
    const moment = { machine, site: { source: value.kind === 'instance' ? value.source : source } };
    if (value.kind === 'instance' && isDerivedLayer(value)) return undefined;
    return withParts(
      () => {
        const outputs = bodyOf(value, moment);
        if (outputs === undefined) return undefined;
        const doubt = doubtOfModel(value);
        const graph = graphOfSteps({ name, framework: 'jax', source, outputs, loss: lossOf(value, machine), doubt });
        return graph !== undefined && isTelling(graph) ? { ...graph, ...libraryOf(value) } : undefined;
      },
      (graph) => graph !== undefined,
    );
  },
};
