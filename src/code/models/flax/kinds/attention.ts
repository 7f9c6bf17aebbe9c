import type { Size } from '../../../../core/model/model';
import { isNone, sizeOf, unknownSize } from '../../given';
import { lastSize, newStep, type Tensor, tellLast, tensorsIn } from '../../tracing/step';
import { initializationOf } from '../initializer';
import { inputTensors, type Maker, type Makers, stepOf } from '../layer';
import { tensorValue } from '../state';

const isSame = (a: Tensor | undefined, b: Tensor | undefined): boolean => a?.step === b?.step;

/** Queries attend to keys, which give their values; without keys of their own, to themselves. */
const attention: Maker<'attention'> = ({ given, moment }, { parameters }) => {
  const nnx = parameters.includes('in_features');
  const heads = sizeOf(given.value('num_heads'));
  const inputs = nnx ? sizeOf(given.value('in_features')) : unknownSize;
  const out = given.value('out_features');
  const kernel = initializationOf(given, 'kernel_init', moment);
  return {
    apply: (layer, { positional, named }, at) => {
      const part = (k: number, ...keys: string[]) =>
        tensorsIn(positional[k] ?? keys.map((key) => named.get(key)).find((each) => each !== undefined))[0];
      const query = part(0, 'inputs_q') ?? inputTensors(positional[0], at)[0];
      const [key, value] = [part(1, 'inputs_k', 'inputs_kv'), part(2, 'inputs_v')];
      const others = [key, value].filter((each): each is Tensor => each !== undefined && !isSame(each, query));
      const further = others.filter((each, k) => others.findIndex((other) => isSame(other, each)) === k);
      tellLast(query, inputs);
      const own = query && lastSize(query);
      const units: Size = isNone(out) ? (own ?? inputs) : sizeOf(out);
      const output = newStep(
        {
          ...stepOf(layer, at, 'attention'),
          operation: { kind: 'attention', heads, units, kernel },
          inputs: [query!, ...further],
          infer: ([shape]) => shape && [...shape.slice(0, -1), units],
          last: units,
        },
        at.machine,
      );
      return tensorValue(output);
    },
  };
};

export const attentions: Makers = { attention };
