import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { Size, SourceRange } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { argumentsWith } from '../../given';
import { activationUse } from '../../tracing/activation';
import { doubted, type Moment, newStep, opaqueStep, type Tensor, tellLast, tensorsIn } from '../../tracing/step';
import { inputTensors, type Layer, type Meaning, stepOf } from '../layer';
import { tensorValue } from '../state';
import type { Usual } from './known';
import { densePlan } from './weighted';

/** A function between the layers: as the code gives it, or the library's own. */
export interface Between {
  readonly value: Value | undefined;
  readonly source: SourceRange;
  /** Its path where nothing is given; undefined for the identity. */
  readonly usual: string | undefined;
}

interface Perceptron {
  readonly widths: readonly Size[];
  /** Of these there is any number. */
  readonly loose?: readonly number[] | undefined;
  /** What the first layer needs of its input. */
  readonly inputs: Size | undefined;
  readonly hidden: Between;
  readonly last: Between;
  /** Of hidden layers, and of the last. */
  readonly biases: readonly [boolean | undefined, boolean | undefined];
  readonly usual: Usual;
}

/** φ of a tensor: a step of its own, for the layer before. */
function activated(tensor: Tensor, { value, source, usual }: Between, moment: Moment): Tensor {
  const path = value === undefined ? usual : value.kind === 'path' ? value.path : undefined;
  if (value === undefined && path === undefined) return tensor;
  const spelling = path === undefined ? undefined : pathSpelling(path, 'python');
  if (spelling !== undefined) {
    const written = value === undefined ? path!.replace(/^.*\./, '') : moment.machine.text(source);
    const spelled = written.replace(/^\w+\s*=\s*/, '');
    const { use, certain, symbols } = activationUse(spelling, undefined, spelled, source);
    if (use.name === 'linear') return tensor;
    const operation = { kind: 'activation', activation: use } as const;
    return newStep(
      { operation, inputs: [tensor], type: spelled, source, certain, symbols, keeps: true },
      moment.machine,
    );
  }
  const result = value && moment.machine.call(value, argumentsWith([tensorValue(tensor)], moment), { source });
  return tensorsIn(result)[0] ?? opaqueStep(moment.machine.text(source), [tensor], moment, { keeps: true });
}

/** Dense layers in a row with a function between them, as one layer: `eqx.nn.MLP`, `hk.nets.MLP`. */
export const perceptron = ({ widths, loose = [], inputs, hidden, last, biases, usual }: Perceptron): Meaning => ({
  certain: biases.every((each) => each !== undefined),
  apply: (layer: Layer, args, moment): Value => {
    const { machine } = moment;
    let [now] = inputTensors(args.positional[0] ?? args.named.get('x') ?? args.named.get('inputs'), moment);
    if (inputs !== undefined) tellLast(now, inputs);
    widths.forEach((units, k) => {
      const isLast = k === widths.length - 1 && !loose.includes(k);
      const since = machine.next();
      const plan = densePlan(units, usual.kernel, biases[isLast ? 1 : 0] === false ? null : usual.bias);
      const about = { ...stepOf(layer, moment, 'dense'), weights: machine.next() };
      const operation = plan.operation([]);
      now = newStep({ ...about, operation, inputs: [now!], infer: plan.infer, last: units }, machine);
      now = activated(now, isLast ? last : hidden, moment);
      if (loose.includes(k)) doubted(tensorValue(now), since);
    });
    return tensorValue(now!);
  },
});
