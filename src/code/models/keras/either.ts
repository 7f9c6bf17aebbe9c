import type { Value } from '../../interpret/values';
import { eitherOf as ofBoth, whereAlike } from '../tracing/either';
import { opaqueStep, tensorValue } from './apply';
import type { LayerData } from './layer';
import { doubtAt, layerIn, modelIn, tensorIn } from './model';
import type { ModelData } from './modelData';
import { foreign, type Moment } from './state';
import { tensorsIn } from './tensor';

/** What a name holds after branches of which nobody knows which one ran: nothing of it may be certain. */
export function eitherOf(first: Value, second: Value, moment: Moment): Value {
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
