import { type Tree, TreeBuffer } from '@lezer/common';

function sameBuffer(a: TreeBuffer, b: TreeBuffer): boolean {
  const [x, y] = [a.buffer, b.buffer];
  return a.set === b.set && a.length === b.length && x.length === y.length && x.every((each, k) => each === y[k]);
}

/** Whether two syntax trees are alike, places included. A parser that takes over a part of a tree takes its very object. */
export function isSameTree(a: Tree | TreeBuffer, b: Tree | TreeBuffer): boolean {
  if (a === b) return true;
  if (a instanceof TreeBuffer || b instanceof TreeBuffer)
    return a instanceof TreeBuffer && b instanceof TreeBuffer && sameBuffer(a, b);
  return (
    a.type === b.type &&
    a.length === b.length &&
    a.children.length === b.children.length &&
    a.positions.every((position, k) => position === b.positions[k]) &&
    a.children.every((child, k) => isSameTree(child, b.children[k]!))
  );
}
