import type { ModelNode, Shape } from '../model/model';
import { windowsOf } from '../model/plan/space';

/** Shares of a kernel's weights that meet the map and not the zeros around it, mean over the outputs. */
export interface Inside {
  /** At one output: so much less variance goes forward, and ‖gradient‖² backward, than fan-in · Var(w) says. */
  readonly own: number;
  /** Those that do at both of two outputs: so much of the covariance is left. A weight has the same place in both. */
  readonly both: number;
}

/** Σ_t f_t/k and Σ_t f_t²/k along each axis, f_t the share of the outputs at which weight t lies inside. */
export function insideOf(node: ModelNode, input: Shape | undefined, output: Shape | undefined): Inside {
  const whole: Inside = { own: 1, both: 1 };
  const { operation } = node;
  if (operation.kind !== 'convolution' || operation.transposed) return whole;
  const { rank } = operation;
  if (input?.length !== rank + 1 || output?.length !== rank + 1) return whole;
  if (!input.every(Number.isInteger) || !output.every(Number.isInteger)) return whole;
  const windows = windowsOf(operation, input as readonly number[], rank);
  if (windows === undefined) return whole;
  let [own, both] = [1, 1];
  for (let axis = 0; axis < rank; axis++) {
    const [k, stride, dilation] = [windows.size[axis]!, windows.strides[axis]!, windows.dilation[axis]!];
    const [n, m, before] = [input[axis] as number, output[axis] as number, windows.before[axis]!];
    if (!(m > 0 && k > 0)) return whole;
    let [once, twice] = [0, 0];
    for (let t = 0; t < k; t++) {
      let met = 0;
      for (let o = 0; o < m; o++) {
        const at = o * stride + t * dilation - before;
        if (at >= 0 && at < n) met++;
      }
      once += met / m;
      twice += (met / m) ** 2;
    }
    own *= once / k;
    both *= twice / k;
  }
  return own > 0 ? { own, both } : whole;
}
