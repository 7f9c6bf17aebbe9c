import { frameworks } from './all';
import type { FrameworkId } from './framework';
import type { LayerSignature } from './layerSignature';

/** A layer's class or function by its name in any case: old code and TensorFlow.js vary it. */
const byName: ReadonlyMap<FrameworkId, ReadonlyMap<string, LayerSignature>> = new Map(
  Object.values(frameworks).map(({ id, layers }) => [
    id,
    new Map(
      layers
        .flatMap(({ items }) => Object.entries(items).map(([name, item]) => [name.toLowerCase(), item] as const))
        // What comes first goes first.
        .toReversed(),
    ),
  ]),
);

export const layerSignature = (id: FrameworkId, name: string): LayerSignature | undefined =>
  byName.get(id)!.get(name.toLowerCase());
