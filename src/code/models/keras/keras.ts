import type { FrameworkId } from '../../../core/frameworks/framework';
import type { Model } from '../../../core/model/model';
import type { ReadingOptions } from '../../codeActivation';
import type { Machine, Value } from '../../interpret/values';
import type { ModelCandidate, ModelFramework } from '../framework';
import { functionBody } from './functionModel';
import { graphBetween } from './graph';
import { baseOf, instanceBody } from './instance';
import type { LayerData } from './layer';
import { kerasLibrary } from './library';
import { bodyOf, modelIn } from './model';
import type { Body, ModelData } from './modelData';
import type { Moment, Reading } from './state';
import { stepsBefore, type Tensor, tensorsIn } from './tensor';

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

/** The framework of the first layer on the way to these tensors. */
function idOf(outputs: readonly Tensor[]): FrameworkId {
  const owner = stepsBefore(outputs).find((step) => step.owner !== undefined && 'id' in step.owner)?.owner;
  return (owner as LayerData | undefined)?.id ?? 'keras';
}

/** What is told once for all: by a training loop, or where a model is compiled that comes as an argument. */
function lossBeside({ losses, called, compiled, models, adopted }: Reading): Model['loss'] {
  if (models.some(({ loss }) => loss !== undefined)) return undefined;
  if (compiled.size > 0) return compiled.size === 1 ? [...compiled.values()][0] : undefined;
  const [only, ...others] = losses;
  const alone = models.filter(({ inside }) => !inside).length;
  if (only === undefined || others.length > 0 || alone > 1) return undefined;
  const classes = new Set(adopted.flatMap(({ inside, type }) => (inside ? [] : [type])));
  // Of several models in a training loop nobody knows which one a loss on data is of, and whether it is all of it.
  return called.has(only) && alone + classes.size > 1 ? undefined : only;
}

/** Whether a model predicts and is trained elsewhere, if at all: the generator of a GAN is compiled by habit. */
function isOnlyPredicted(model: ModelData, { models }: Reading): boolean {
  const { used, inside } = model;
  if (!used.has('predicted') || used.has('fitted')) return false;
  return (
    inside || used.has('loaded') || models.some(({ items }) => items.some(({ value }) => modelIn(value) === model))
  );
}

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
        loss: isOnlyPredicted(model, reading)
          ? undefined
          : (model.loss ?? (model.inside || model.mayBePart ? undefined : lossBeside(reading))),
      });
      return graph !== undefined && isTelling(graph) ? graph : undefined;
    },
    graphOfResult({ value, name, source }: ModelCandidate): Model | undefined {
      const tensors = tensorsIn(value);
      const inputs = tensors.filter(({ step }) => step.operation.kind === 'input');
      const outputs = tensors.filter(({ step }) => step.operation.kind !== 'input');
      const steps = new Set(inputs.map(({ step }) => step));
      const taken = reading.models.some(({ body }) => body?.inputs.some(({ step }) => steps.has(step)));
      // Of a single output that stands for itself, what it comes from may be an argument that nobody knows.
      if ((inputs.length === 0 && value.kind !== 'foreign') || outputs.length === 0 || taken) return undefined;
      const graph = graphBetween({
        name,
        framework: idOf(outputs),
        source,
        inputs,
        outputs,
        doubt: 0,
        loss: undefined,
      });
      return graph !== undefined && isTelling(graph) ? graph : undefined;
    },
    graphOfFunction({ value, name, source }: ModelCandidate, machine: Machine): Model | undefined {
      // In Python a function of layers is a part of a model.
      if (value.kind !== 'function' || machine.language === 'python') return undefined;
      const body = functionBody(value, weighty, { reading, machine, site: { source } });
      return (
        body &&
        graphBetween({
          name,
          framework: 'tfjs',
          source,
          inputs: body.inputs,
          outputs: tensorsIn(body.outputs),
          doubt: 0,
          loss: lossBeside(reading),
        })
      );
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
