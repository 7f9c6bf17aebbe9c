import type { ActivationName } from '../activations/catalogue';
import type { FrameworkId } from '../frameworks/framework';
import { nodeOf } from './build';
import { type Initialization, isKnown, type Model, type ModelNode, nowhere, type Operation } from './model';
import { inferShapes } from './shapes';

/** Stacks of dense layers, the simplest models: what a comparison trains, and what a calculation is of. */

/** A hidden layer of a stack. */
export interface StackLayer {
  readonly units: number;
  readonly activation: ActivationName;
  readonly kernel: Initialization;
  readonly bias: Initialization;
  /** Between kernel and activation. */
  readonly normalisation?: 'batch' | 'layer' | undefined;
  /** Share of the activations that are set to 0; none where left out. */
  readonly dropout?: number;
  /** What the layer receives is added to what it gives, where both are as wide. */
  readonly residual?: boolean;
}

export interface StackDescription {
  readonly name: string;
  readonly framework: FrameworkId;
  /** Components of one input. */
  readonly inputs: number;
  readonly layers: readonly StackLayer[];
  /** A dense layer without an activation ends every stack. */
  readonly output: { readonly units: number; readonly kernel: Initialization; readonly bias: Initialization };
}

/** A stack as a model. */
export function stackModel({ name, framework, inputs, layers, output }: StackDescription): Model {
  const nodes: ModelNode[] = [];
  const add = (operation: Operation, from: readonly number[], more: Partial<ModelNode> = {}): number =>
    nodes.push(nodeOf(nodes.length, operation, from, more)) - 1;
  let at = add({ kind: 'input' }, [], { shape: [inputs] });
  let width = inputs;
  for (const { units, activation, kernel, bias, normalisation, dropout = 0, residual = false } of layers) {
    const before = at;
    at = add({ kind: 'dense', units, kernel, bias }, [at]);
    if (normalisation !== undefined) at = add({ kind: 'normalisation', over: normalisation }, [at]);
    const use = { name: activation, framework, spelled: activation, source: nowhere };
    at = add({ kind: 'activation', activation: use }, [at]);
    if (dropout > 0) at = add({ kind: 'dropout', rate: dropout, variant: 'plain' }, [at]);
    if (residual && width === units) at = add({ kind: 'add' }, [before, at]);
    width = units;
  }
  at = add({ kind: 'dense', units: output.units, kernel: output.kernel, bias: output.bias }, [at]);
  return {
    name,
    framework,
    source: nowhere,
    nodes,
    inputs: [0],
    outputs: [at],
    inputShape: [inputs],
    loss: undefined,
    symbols: [],
  };
}

/** A dense layer with its sizes. */
export interface SizedDense {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly kernel: Initialization;
  /** Null where it has none. */
  readonly bias: Initialization | null;
}

/**
 * The dense layers of a model in its order.
 *
 * @throws RangeError where a size is not known
 */
export function denseLayers({ nodes }: Model): SizedDense[] {
  const shapes = inferShapes(nodes);
  return nodes.flatMap(({ operation, inputs }): SizedDense[] => {
    if (operation.kind !== 'dense') return [];
    const fanIn = shapes[inputs[0]!]?.at(-1);
    const { units: fanOut, kernel, bias } = operation;
    if (fanIn === undefined || !isKnown(fanIn) || !isKnown(fanOut))
      throw new RangeError('a dense layer has a size that is not known; expected numbers.');
    return [{ fanIn, fanOut, kernel, bias }];
  });
}
