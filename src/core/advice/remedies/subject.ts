import type { Activation } from '../../activations/catalogue';
import type { Initializer } from '../../initializers/initializer';
import { startingWith } from '../../model/build';
import { weightsOf } from '../../model/fans';
import type { Model, ModelNode } from '../../model/model';
import { activationAfter, hiddenLayers } from '../../theory/graph';
import { type FlowContext, flowContext, functionOf } from '../../theory/graphForward';
import { remedyThresholds } from '../../verdicts/thresholds';

/** A hidden dense or convolutional layer with the activation that follows it. */
export interface HiddenLayer {
  readonly layer: ModelNode;
  readonly activation: ModelNode | undefined;
  /** The function; undefined for none, and for what is not known. */
  readonly phi: Activation | undefined;
}

/** A hidden layer whose activation is known. */
export interface ActiveLayer extends HiddenLayer {
  readonly activation: ModelNode;
  readonly phi: Activation;
}

/** What a run's measurement says of its steps. */
export interface Pace {
  readonly learningRate: number;
  /** By which the steps should be larger. */
  readonly factor: number;
}

/** A network that remedies are sought for. */
export interface Subject {
  readonly model: Model;
  readonly context: FlowContext;
  /** In the model's order. */
  readonly layers: readonly ActiveLayer[];
  /** Undefined where nothing was measured, or where its steps are not at fault. */
  readonly pace?: Pace | undefined;
  /** Kernels cannot be given another initialiser: only activations are exchanged. */
  readonly kernelsStay?: boolean;
}

/** The hidden layers that edits apply to. */
export const editableLayers = (context: FlowContext): HiddenLayer[] =>
  hiddenLayers(context.graph)
    .map((id) => context.graph.nodes[id]!)
    .filter(({ operation }) => operation.kind === 'dense' || operation.kind === 'convolution')
    .map((layer) => {
      const after = activationAfter(context, layer.id);
      const phi = after?.operation.kind === 'activation' ? functionOf(after.operation.activation) : undefined;
      return { layer, activation: after, phi };
    });

const isActive = (each: HiddenLayer): each is ActiveLayer => each.phi !== undefined && each.activation !== undefined;

export function subjectOf(model: Model, pace?: Pace): Subject {
  const context = flowContext(model);
  return { model, context, layers: editableLayers(context).filter(isActive), pace };
}

/** An initialiser for a layer: of one for all, or of one for each. */
export const initializerAt = (initializers: readonly Initializer[], layer: number): Initializer =>
  initializers.length === 1 ? initializers[0]! : initializers[layer]!;

/** Whether the kernels start with weights of the same mean and variance as these, as with he_normal and he_uniform. */
export const drawnAlike = ({ model, context, layers }: Subject, initializers: readonly Initializer[]): boolean =>
  layers.every(({ layer }, l) => {
    const { operation } = layer;
    if (!('kernel' in operation)) return false;
    const input = context.shapes[layer.inputs[0]!];
    const other = { ...layer, operation: { ...operation, kernel: startingWith(initializerAt(initializers, l)) } };
    const [is, would] = [layer, other].map((node) => weightsOf(node, model.framework, input)?.kernel);
    if (is === undefined || would === undefined) return false;
    const scale = Math.max(is.variance, would.variance);
    return is.mean === would.mean && Math.abs(is.variance - would.variance) <= remedyThresholds.alike * scale;
  });

/** Whether an initialiser is written at every kernel. */
export const isWritten = ({ layers }: Subject): boolean =>
  layers.every(({ layer: { operation } }) => 'kernel' in operation && operation.kernel.kind === 'known');
