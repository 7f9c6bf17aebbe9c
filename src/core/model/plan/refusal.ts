import type { ModelNode, Shape } from '../model';
import { isKnown } from '../model';
import { known } from './output';

/** Why a model cannot be rebuilt, and the words for it. */

export const symbolsOf = (shape: Shape | undefined): readonly string[] => [
  ...new Set(
    (shape ?? []).flatMap((size) => (typeof size === 'object' && size.kind === 'symbolic' ? size.symbols : [])),
  ),
];

/** Leaves the walk through the steps; `networkPlan` makes it a result. */
export class Refusal extends Error {
  constructor(
    readonly problem: string,
    readonly node?: ModelNode,
  ) {
    super(problem);
  }
}

export const labelOf = ({ name, type }: ModelNode): string => name ?? type;
export const quoted = (node: ModelNode): string =>
  node.name === undefined || node.name === node.type ? `\`${node.type}\`` : `\`${node.name}\` (${node.type})`;
export const shown = (shape: Shape | undefined): string =>
  shape === undefined ? 'unknown' : shape.map((size) => (isKnown(size) ? size : '?')).join('×');

export const unknownStep = (node: ModelNode): Refusal =>
  new Refusal(
    `${quoted(node)} is a layer or function that is not known, so that the network cannot be rebuilt. Compare a part of the model without it.`,
    node,
  );

export function refuseUnknown(node: ModelNode): void {
  const { operation } = node;
  if (operation.kind === 'opaque') throw unknownStep(node);
  if (!node.certain)
    throw new Refusal(
      `The code leaves it open whether ${quoted(node)} is a part of the model, or what it is. Expected a model whose steps are certain.`,
      node,
    );
  if (operation.kind === 'attention' || operation.kind === 'transformerEncoder')
    throw new Refusal(
      `${quoted(node)} is attention, which is not rebuilt. Expected dense, convolutional and recurrent layers.`,
      node,
    );
  if (operation.kind === 'convolution' && operation.rank === 3)
    throw new Refusal(`${quoted(node)} works on three axes; expected convolutions on one or two.`, node);
}

/** Which step's size is missing first. */
export function sizeMissing(
  nodes: readonly ModelNode[],
  shapes: readonly (Shape | undefined)[],
  leading: ReadonlySet<number>,
): Refusal {
  const node = nodes.find(({ id }) => leading.has(id) && known(shapes[id]) === undefined);
  if (node === undefined) return new Refusal('A size is not known.');
  const symbols = symbolsOf(shapes[node.id]);
  const wanted = symbols.length > 0 ? ` It depends on ${symbols.join(', ')}: fill in a value.` : '';
  return new Refusal(
    `The size of what ${quoted(node)} gives is not known (${shown(shapes[node.id])}).${wanted || ' Write it as numbers.'}`,
    node,
  );
}
