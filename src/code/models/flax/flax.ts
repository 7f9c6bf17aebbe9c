import type { Model } from '../../../core/model/model';
import type { Machine, Value } from '../../interpret/values';
import type { ModelCandidate, ModelFramework } from '../framework';
import { graphOfSteps, isTelling, isWeighty } from '../tracing/graph';
import { type Moment, stepsBefore } from '../tracing/step';
import { transformedIn } from './haiku';
import { layerIn } from './layer';
import './library';
import { lossOf } from './loss';
import { bodyOf, doubtOfModel, isDerivedLayer, isModuleBase } from './module';
import { flaxLibrary, isPart, moduleIn, readingOf } from './state';

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

/** Flax, Linen and nnx, Equinox and Haiku, on JAX's functions and Optax's losses. */
export const flaxFramework: ModelFramework = {
  library: flaxLibrary,
  roots: ['flax', 'jax', 'optax', 'equinox', 'haiku'],
  modelBase: isModuleBase,
  isPart,
  graphOf({ value, name, source }: ModelCandidate, machine: Machine): Model | undefined {
    const moment = { machine, site: { source: value.kind === 'instance' ? value.source : source } };
    if (layerIn(value)?.flavour === 'haiku' && isInTransform(moment)) return undefined;
    if (value.kind === 'instance' && isDerivedLayer(value)) return undefined;
    const outputs = bodyOf(value, moment);
    if (outputs === undefined) return undefined;
    const graph = graphOfSteps({
      name,
      framework: 'jax',
      source,
      outputs,
      loss: lossOf(value, machine),
      doubt: doubtOfModel(value),
    });
    return graph !== undefined && isTelling(graph) ? { ...graph, ...libraryOf(value) } : undefined;
  },
};
