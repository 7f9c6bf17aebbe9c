import type { Model } from '../../../core/model/model';
import type { Machine } from '../../interpret/values';
import type { ModelCandidate, ModelFramework } from '../framework';
import { graphOfSteps, isTelling } from '../tracing/graph';
import './library';
import { lossOf } from './loss';
import { bodyOf, doubtOfModel, isModuleBase } from './module';
import { flaxLibrary, isPart } from './state';

/** Flax, Linen and nnx, on JAX's functions and Optax's losses. */
export const flaxFramework: ModelFramework = {
  library: flaxLibrary,
  roots: ['flax', 'jax', 'optax'],
  modelBase: isModuleBase,
  isPart,
  graphOf({ value, name, source }: ModelCandidate, machine: Machine): Model | undefined {
    const moment = { machine, site: { source: value.kind === 'instance' ? value.source : source } };
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
    return graph !== undefined && isTelling(graph) ? graph : undefined;
  },
};
