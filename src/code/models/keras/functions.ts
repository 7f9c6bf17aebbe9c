import type { CallArguments, Value } from '../../interpret/values';
import { givenBy } from '../given';
import { spellingAt, useOf } from './activation';
import { newStep, tensorValue } from './apply';
import { type Call, opaque } from './functions/call';
import { constantTensor } from './functions/made';
import { shapeValue } from './functions/sizes';
import { onTensors } from './functions/table';
import { unchanged } from './shape';
import { lastOf, type Moment } from './state';
import { tensorsIn } from './tensor';
import { variable, weightIn } from './weight';

/** Roots whose functions are known here; those of layers and models are elsewhere. */
const isFunctionPath = (path: string): boolean => /^(tf|keras\.(ops|backend|activations|random))(\.|$)/.test(path);

/** A function of TensorFlow or Keras; undefined for what is not known and has no tensor among its arguments. */
export function callFunction(path: string, written: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!isFunctionPath(path)) return undefined;
  const name = lastOf(path);
  const all = [...args.positional, ...args.named.values()];
  const [tensor] = all.flatMap((value) => tensorsIn(value));
  if (name === 'Variable') return variable(args, moment);
  if (tensor === undefined) return constantTensor(path, args, moment);
  if (name === 'shape' || name === 'int_shape') return shapeValue(tensor, moment);
  if (tensor.constant !== undefined && all.flatMap((value) => tensorsIn(value)).length === 1 && !all.some(weightIn)) {
    return undefined;
  }
  const call: Call = { name, args, tensor, moment, given: (...names) => givenBy(args, names, moment.machine.language) };
  // The backend's functions have the parameters of Keras 2's activations.
  const backend = /^keras\.backend\.(\w+)$/.exec(path)?.[1];
  const spelling = spellingAt(backend === undefined ? written : `tf_keras.activations.${backend}`, moment);
  if (spelling?.form === 'function') {
    const source = moment.site.source;
    const spelled = written.startsWith('tensorflow.') && !written.includes('keras') ? path : lastOf(written);
    const { use, certain } = useOf(spelling, args, spelled, source);
    return tensorValue(
      newStep(
        {
          operation: { kind: 'activation', activation: use },
          inputs: [tensor],
          type: spelled,
          source,
          certain,
          infer: unchanged,
          channelsFirst: tensor.step.channelsFirst,
        },
        moment,
      ),
      moment,
    );
  }
  return Object.hasOwn(onTensors, name)
    ? onTensors[name]!(call)
    : opaque(call, tensor.shape === undefined ? undefined : elementWise.has(name) ? tensor.shape : undefined);
}

/** Of a known shape, although what they do to a gradient is not said. */
const elementWise: ReadonlySet<string> = new Set(
  'exp log sqrt square abs sin cos sign pow clip clip_by_value l2_normalize normalize stop_gradient round'.split(' '),
);
