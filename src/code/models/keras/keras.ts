import type { Model } from '../../../core/model/model';
import type { ReadingOptions } from '../../codeActivation';
import type { Machine, Value } from '../../interpret/values';
import type { ModelCandidate, ModelFramework } from '../framework';
import { graphBetween } from './graph';
import { baseOf, instanceBody } from './instance';
import { kerasLibrary } from './library';
import { bodyOf, modelIn } from './model';
import type { Body, ModelData } from './modelData';
import type { Moment, Reading } from './state';
import { stepsBefore, tensorsIn } from './tensor';

const weighty: ReadonlySet<string> = new Set(['dense', 'convolution', 'recurrent', 'embedding', 'attention']);

/** A graph that says something: a pretrained model alone, or nothing but augmentation, does not. */
const isTelling = ({ nodes }: Model): boolean =>
  nodes.some(({ operation: { kind } }) => weighty.has(kind) || kind === 'activation' || kind === 'normalisation');

/** A layer class of the file counts as a model of its own where it is made of layers that have weights. */
const isComposite = ({ inputs, outputs }: Body): boolean =>
  stepsBefore(tensorsIn(outputs), inputs).filter(({ operation }) => weighty.has(operation.kind)).length > 1;

function bodyOfValue(value: Value, model: ModelData, moment: Moment): Body | undefined {
  if (value.kind !== 'instance') return bodyOf(model, moment);
  const body = instanceBody(value, model, moment);
  return body !== undefined && model.base?.kind === 'layer' && !isComposite(body) ? undefined : body;
}

/** A loss that a training loop computes, where there is one model and one loss. */
const lossBeside = ({ losses, models }: Reading): Model['loss'] =>
  losses.length === 1 &&
  models.filter(({ inside }) => !inside).length <= 1 &&
  models.every(({ loss }) => loss === undefined)
    ? losses[0]
    : undefined;

/** Keras 3 and tf.keras in Python; in JavaScript the same library answers for TensorFlow.js. */
export function kerasFramework(options: ReadingOptions, roots: readonly string[] = pythonRoots): ModelFramework {
  const { library, reading } = kerasLibrary(options);
  return {
    library,
    roots,
    modelBase: (path) => baseOf(path) !== undefined,
    isPart(value) {
      const model = modelIn(value);
      // What is compiled is trained for itself, such as the discriminator of a GAN.
      return model?.inside === true && model.loss === undefined;
    },
    graphOf({ value, name, source }: ModelCandidate, machine: Machine): Model | undefined {
      const model = modelIn(value);
      if (model === undefined) return undefined;
      const moment: Moment = {
        reading,
        machine,
        site: { source: value.kind === 'instance' ? value.source : model.source },
      };
      const body = bodyOfValue(value, model, moment);
      if (body === undefined) return undefined;
      const graph = graphBetween({
        name,
        framework: model.id,
        source,
        inputs: body.inputs,
        outputs: tensorsIn(body.outputs),
        doubt: model.doubt,
        loss: model.loss ?? (model.inside ? undefined : lossBeside(reading)),
      });
      return graph !== undefined && isTelling(graph) ? graph : undefined;
    },
  };
}

const pythonRoots: readonly string[] = [
  'keras',
  'tensorflow',
  'tf_keras',
  'tensorflow_hub',
  'tensorflow_addons',
  'keras_hub',
  'keras_nlp',
  'keras_cv',
];
