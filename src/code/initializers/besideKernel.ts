import type { ActivationName } from '../../core/activations/catalogue';
import type { NetworkBeside } from '../../core/explain/initializerHover';
import type { Model, ModelNode } from '../../core/model/model';
import { chainOf } from '../../core/theory/chainOf';
import { activationAfter } from '../../core/theory/graph';
import { type FlowContext, flowContext, functionOf } from '../../core/theory/graphForward';
import type { Argument } from '../arguments';
import { activationAt, type ReadingOptions } from '../codeActivation';
import type { Place } from '../place';

/** What all of a list are; undefined where they differ. */
export const agreed = <T>(all: readonly T[]): T | undefined =>
  all.every((each) => JSON.stringify(each) === JSON.stringify(all[0])) ? all[0] : undefined;

function activationOf(context: FlowContext, layer: number): ActivationName | undefined {
  const operation = activationAfter(context, layer)?.operation;
  return operation?.kind === 'activation' ? functionOf(operation.activation)?.name : undefined;
}

/** What a model has around a layer: the activation after it, of an output layer that of the hidden ones, and its widths. */
export function besideLayer(model: Model, { id }: ModelNode): NetworkBeside {
  const context = flowContext(model);
  const chain = chainOf(context);
  const activation =
    activationOf(context, id) ?? (chain && agreed(chain.nodes.map((node) => activationOf(context, node))));
  return {
    ...(activation === undefined ? {} : { activation }),
    ...(chain === undefined ? {} : { widths: chain.stack.layers.map(({ fanOut }) => fanOut) }),
  };
}

const isActivation = ({ name }: Argument): boolean => name !== undefined && /^act(ivation)?(_?fn)?$/i.test(name);

/** The same from the call alone that an initialiser is an argument of: `Dense(64, activation="tanh", …)`. */
export function besideArgument(
  beside: readonly Argument[],
  { document, context }: Omit<Place, 'node'>,
  options: ReadingOptions,
): NetworkBeside {
  const written = beside.find(isActivation);
  // A name's end is the name's; a string's end still is in the string.
  const there = written && activationAt(document, written.to - 1, options, context);
  return there?.found === undefined ? {} : { activation: there.found.activation.name };
}
