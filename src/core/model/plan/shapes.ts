import type { ModelNode, Shape } from '../model';
import { isKnown } from '../model';
import { inferShapes, outputShape } from '../shapes';
import { agrees } from '../sizes';
import { known } from './output';
import { Refusal, shown } from './refusal';

export const isSource = (node: ModelNode): boolean => node.operation.kind === 'input' || node.inputs.length === 0;

/** The input's shape from what the code tells and what a person says. */
export function settled(
  name: string,
  told: Shape | undefined,
  asked: readonly number[] | undefined,
): readonly number[] | undefined {
  const whole = known(told);
  if (asked === undefined) return whole && whole.length > 0 ? whole : undefined;
  if (!agrees(told, asked))
    throw new Refusal(
      `The data have the shape ${asked.join('×')}, but ${name} takes ${shown(told)} (without the batch).`,
    );
  return asked;
}

/** Every shape once the input's is known; a reshape with one axis open gets it from the number of components. */
export function shapesOf(
  nodes: readonly ModelNode[],
  source: ModelNode,
  input: readonly number[],
): (Shape | undefined)[] {
  const given = nodes.map((node) => {
    if (node.id === source.id && node.operation.kind === 'input') return { ...node, shape: input };
    return node;
  });
  let shapes = inferShapes(given, input);
  for (const node of given) {
    if (node.operation.kind !== 'rearrange') {
      if (isSource(node) && node.operation.kind !== 'input') {
        given[node.id] = { ...node, shape: node.shape ?? outputShape(node.operation, [input]) };
        shapes = inferShapes(given, input);
      }
      continue;
    }
    const from = known(shapes[node.inputs[0] ?? -1]);
    const own = shapes[node.id];
    if (from === undefined || own === undefined || known(own)) continue;
    const open = own.filter((size) => !isKnown(size)).length;
    const rest = own.reduce<number>((all, size) => (isKnown(size) ? all * size : all), 1);
    const missing = from.reduce((a, b) => a * b, 1) / rest;
    if (open !== 1 || !Number.isInteger(missing)) continue;
    given[node.id] = { ...node, shape: own.map((size) => (isKnown(size) ? size : missing)) };
    shapes = inferShapes(given, input);
  }
  return shapes;
}
