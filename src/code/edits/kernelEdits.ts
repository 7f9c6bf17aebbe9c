import { camelCase } from '../../core/format/cases';
import { framework } from '../../core/frameworks/all';
import { scalingNameIn } from '../../core/frameworks/initializerNames';
import { haiku } from '../../core/frameworks/jax/haiku';
import { type Initializer, isVarianceScalingName } from '../../core/initializers/initializer';
import type { Model, ModelNode } from '../../core/model/model';
import { withArgument } from './argumentEdits';
import type { Names } from './names';
import type { TextEdit } from './textEdit';
import { type CellPlace, quoteNear, type Texts } from './tree';

/** The argument that gives a layer of Keras its kernel. */
function parameterOf({ type }: ModelNode): string {
  const lower = type.toLowerCase();
  if (lower.includes('(pointwise)')) return 'pointwise_initializer';
  return lower.includes('depthwise') ? 'depthwise_initializer' : 'kernel_initializer';
}

/** The call that makes a layer, in which its arguments stand. */
function layerCall(texts: Texts, node: ModelNode): CellPlace | undefined {
  const place = texts.exactly(node.source);
  return place?.node.name === 'CallExpression' ? place : undefined;
}

/** Another initialiser for a layer of Keras or TensorFlow.js: where the code writes one, it gives way. */
export function kerasKernel(
  { framework: id }: Model,
  node: ModelNode,
  initializer: Initializer,
  texts: Texts,
): readonly TextEdit[] | undefined {
  const { operation } = node;
  const name = scalingNameIn(initializer, id);
  if (name === undefined || !('kernel' in operation)) return undefined;
  if (operation.kernel.kind !== 'default') {
    const value = texts.expression(operation.kernel.source);
    if (value === undefined) return undefined;
    const { from, to } = value.node;
    const quote = quoteNear(value.document, from, to);
    return [{ cell: value.cell, from, to, text: `${quote}${name}${quote}` }];
  }
  const call = layerCall(texts, node);
  if (call === undefined) return undefined;
  const quote = quoteNear(call.document, call.node.from, call.node.to);
  const isPython = framework(id).paths.language === 'python';
  const parameter = isPython ? parameterOf(node) : camelCase(parameterOf(node));
  const edit = withArgument(call, parameter, `${quote}${name}${quote}`, ['activation']);
  return edit && [edit];
}

const initializerModules = ['flax.linen.initializers', 'flax.nnx.initializers', 'jax.nn.initializers'] as const;

/** Another initialiser for a layer of Flax: `kernel_init=nn.initializers.he_normal()`. */
export function flaxKernel(
  node: ModelNode,
  initializer: Initializer,
  texts: Texts,
  names: Names,
): readonly TextEdit[] | undefined {
  const { operation } = node;
  const kind = scalingNameIn(initializer, 'jax');
  const call = layerCall(texts, node);
  if (kind === undefined || call === undefined || !('kernel' in operation)) return undefined;
  const paths = initializerModules.map((module) => `${module}.${kind}`);
  const written = paths.map((path) => names.for(call, path));
  // A module that is imported already goes before one that is not.
  const name = written.find((each) => each?.edits.length === 0) ?? written.find((each) => each !== undefined);
  if (name === undefined) return undefined;
  const edit = withArgument(call, 'kernel_init', `${name.text}()`);
  return edit && [edit, ...name.edits];
}

/** How Haiku, which takes none of JAX's initialisers, writes them by their numbers. */
export const haikuScaling = (name: string): string | undefined =>
  isVarianceScalingName(name) ? haiku.written?.({ kind: name }) : undefined;

/** Another initialiser for a layer of Haiku: `w_init=hk.initializers.VarianceScaling(2.0, "fan_in", "truncated_normal")`. */
export function haikuKernel(
  node: ModelNode,
  initializer: Initializer,
  texts: Texts,
  names: Names,
): readonly TextEdit[] | undefined {
  const written = haikuScaling(scalingNameIn(initializer, 'jax') ?? '');
  const call = layerCall(texts, node);
  if (written === undefined || call === undefined || !('kernel' in node.operation)) return undefined;
  const [maker = '', rest = ''] = /^(\w+)(.*)$/.exec(written)?.slice(1) ?? [];
  const name = names.for(call, `haiku.initializers.${maker}`);
  const quote = quoteNear(call.document, call.node.from, call.node.to);
  const edit = name && withArgument(call, 'w_init', name.text + rest.replaceAll('"', quote));
  return name && edit && [edit, ...name.edits];
}
