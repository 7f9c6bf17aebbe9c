import type { ModelNode, Shape } from '../model/model';
import { windowsOf } from '../model/plan/space';

/**
 * Mean share of a kernel's weights that meet the map and not the zeros around it, over the outputs: that much less
 * variance goes forward, and ‖gradient‖² backward, than fan-in · Var(w) says.
 */
export function shareInside(node: ModelNode, input: Shape | undefined, output: Shape | undefined): number {
  const { operation } = node;
  if (operation.kind !== 'convolution' || operation.transposed) return 1;
  const { rank } = operation;
  if (input?.length !== rank + 1 || output?.length !== rank + 1) return 1;
  if (!input.every(Number.isInteger) || !output.every(Number.isInteger)) return 1;
  const windows = windowsOf(operation, input as readonly number[], rank);
  if (windows === undefined) return 1;
  let share = 1;
  for (let axis = 0; axis < rank; axis++) {
    const [k, stride, dilation] = [windows.size[axis]!, windows.strides[axis]!, windows.dilation[axis]!];
    const [n, m, before] = [input[axis] as number, output[axis] as number, windows.before[axis]!];
    let taps = 0;
    for (let o = 0; o < m; o++) {
      for (let t = 0; t < k; t++) {
        const at = o * stride + t * dilation - before;
        if (at >= 0 && at < n) taps++;
      }
    }
    if (m > 0 && k > 0) share *= taps / (m * k);
  }
  return share > 0 ? share : 1;
}
