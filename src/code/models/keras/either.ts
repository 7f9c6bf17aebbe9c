import type { LossUse } from '../../../core/model/model';
import { isNothing, type Value } from '../../interpret/values';
import { isAlike } from '../tracing/alike';
import { eitherOf as ofBoth, whereAlike } from '../tracing/either';
import { opaqueStep, tensorValue } from './apply';
import type { InitializerData } from './initializer';
import type { LayerData } from './layer';
import { doubtAt, layerIn, modelIn, tensorIn } from './model';
import type { ModelData } from './modelData';
import { foreign, type Moment } from './state';
import { tensorsIn } from './tensor';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, moment: Moment): Value {
  if (isSetting(first) || isSetting(second)) {
    if (isNothing(second)) return first;
    return isSame(first, second) ? first : moment.machine.unknown('either', [first, second]);
  }
  const [one, other] = [modelIn(first), modelIn(second)];
  if (one !== undefined && other !== undefined && one !== other) one.others.add(other);
  return ofBoth<NonNullable<ReturnType<typeof tensorIn>>, LayerData | ModelData>(first, second, moment.machine, {
    tensorIn,
    eitherTensor: (both) => {
      const at = { ...moment, site: { source: both[0].step.source } };
      return tensorValue(opaqueStep('either', both, at, whereAlike(both.map(({ shape }) => shape))), moment);
    },
    layerIn: (value) => layerIn(value.kind === 'instance' ? value.foreign : value) ?? modelIn(value),
    uncertain: (which) => {
      if ('steps' in which && first.kind === 'foreign') return foreign(moment.reading, 'layer', uncertain(which));
      // A model stands for itself, too: it is its use that is not certain.
      moment.reading.eithers.add(which);
      return first;
    },
    noteInstance: () => undefined,
  });
}

type Setting = Value & { kind: 'foreign'; type: 'initializer' | 'loss' };

/** What is given to a layer or to a model, and makes no step of its own. */
const isSetting = (value: Value): value is Setting =>
  value.kind === 'foreign' && (value.type === 'initializer' || value.type === 'loss');

function isSame(first: Value, second: Value): boolean {
  if (!isSetting(first) || !isSetting(second) || first.type !== second.type) return false;
  if (first.type === 'loss') return isAlike(first.data as LossUse, second.data as LossUse);
  const [one, other] = [first, second].map(({ data }) => (data as InitializerData).initializer);
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** The same layer, of which nobody knows whether it is the one. */
function uncertain(layer: LayerData): LayerData {
  const { custom } = layer;
  return {
    ...layer,
    certain: false,
    custom:
      custom &&
      ((inputs, args, moment) => {
        const result = custom(inputs, args, moment);
        doubtAt(Number.POSITIVE_INFINITY, tensorsIn(result), tensorsIn(inputs));
        return result;
      }),
  };
}
