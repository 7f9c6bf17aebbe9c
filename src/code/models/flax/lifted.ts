import { type CallArguments, list, type Value } from '../../interpret/values';
import { textOf } from '../given';
import { type Moment, tensorIn } from '../tracing/step';
import { isLayerPath } from './kinds/kinds';
import { type Layer, layerIn, layerValue, newLayer } from './layer';
import { foreign, moduleIn, readingOf } from './state';

/** A function with its gradient, a function over a batch, a class that is lifted. */
export interface Wrapped {
  readonly callee: Value;
  readonly how: 'gradient' | 'valueAndGradient' | 'batched' | 'scan' | 'manyLayers' | 'withState';
}

const lifts: Readonly<Record<string, Wrapped['how']>> = {
  'jax.grad': 'gradient',
  'flax.nnx.grad': 'gradient',
  'jax.value_and_grad': 'valueAndGradient',
  'flax.nnx.value_and_grad': 'valueAndGradient',
  'jax.vmap': 'batched',
  'jax.pmap': 'batched',
  'flax.nnx.vmap': 'batched',
  'flax.nnx.pmap': 'batched',
  'equinox.filter_grad': 'gradient',
  'equinox.filter_value_and_grad': 'valueAndGradient',
  'equinox.filter_vmap': 'batched',
  'equinox.filter_pmap': 'batched',
  'equinox.nn.make_with_state': 'withState',
  'flax.linen.scan': 'scan',
  'flax.linen.transforms.scan': 'scan',
  'flax.linen.vmap': 'manyLayers',
  'flax.linen.transforms.vmap': 'manyLayers',
  'flax.nnx.scan': 'manyLayers',
};

export function wrapped(path: string, args: CallArguments): Value | undefined {
  const known = path.replace('flax.experimental.nnx', 'flax.nnx');
  const how = Object.hasOwn(lifts, known) ? lifts[known]! : undefined;
  const [callee = args.named.get('f') ?? args.named.get('fun') ?? args.named.get('target')] = args.positional;
  if (how === undefined || callee === undefined) return undefined;
  const broadcast = textOf(args.named.get('variable_broadcast'));
  return foreign('wrapped', {
    callee,
    how: how === 'scan' && broadcast !== 'params' ? 'manyLayers' : how,
  } satisfies Wrapped);
}

/** Objects that may be a class to be lifted. */
const isClass = (value: Value): boolean => value.kind === 'class' || (value.kind === 'path' && isLayerPath(value.path));

export function invokeWrapped({ callee, how }: Wrapped, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  const { depth } = readingOf(machine);
  switch (how) {
    case 'gradient':
      machine.call(callee, args, site);
      return machine.unknown('gradient');
    case 'valueAndGradient':
      return list([machine.call(callee, args, site), machine.unknown('gradient')], 'tuple');
    case 'batched': {
      const free = args.positional.map((value) => (tensorIn(value)?.constant ? machine.unknown('batch') : value));
      // Equinox's layers take one example each: over more axes they go with vmap.
      const isPart = layerIn(callee)?.flavour === 'equinox' || moduleIn(callee)?.flavour === 'equinox';
      if (depth > 0) return isPart ? machine.call(callee, args, site) : undefined;
      return machine.call(callee, { ...args, positional: free }, site);
    }
    case 'scan': {
      if (!isClass(callee)) return undefined;
      const made = machine.call(callee, args, site);
      const module = moduleIn(made);
      if (made.kind === 'instance' && module !== undefined)
        made.foreign = foreign('module', { ...module, scanned: true });
      const layer = layerIn(made);
      if (layer?.meaning.cell !== undefined) return layerValue(overTime(layer));
      return made;
    }
    case 'withState':
      return list([machine.call(callee, args, site), machine.unknown('state')], 'tuple');
    case 'manyLayers':
      return layerValue(newLayer(callee.kind === 'class' ? callee.name : 'lifted', undefined, args, moment));
  }
}

/** A cell that `nn.scan` takes through time. */
const overTime = (layer: Layer): Layer => ({
  ...layer,
  meaning: {
    ...layer.meaning,
    apply: (own, args, moment) => {
      const reading = readingOf(moment.machine);
      reading.scans++;
      try {
        return layer.meaning.apply?.(own, args, moment);
      } finally {
        reading.scans--;
      }
    },
  },
});
