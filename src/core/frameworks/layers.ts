import { frameworks } from './all';
import type { FrameworkId } from './framework';
import type { LayerSignature } from './layerSignature';

const key = (id: FrameworkId, module: string, name: string) => `${id} ${module}.${name}`;

const byPath: ReadonlyMap<string, LayerSignature> = new Map(
  Object.values(frameworks).flatMap(({ id, layers }) =>
    layers.flatMap(({ modules, items }) =>
      modules.flatMap((module) =>
        Object.entries(items).map(([name, signature]) => [key(id, module, name), signature] as const),
      ),
    ),
  ),
);

/** A layer's class or function by its name in a framework's module. */
export const layerSignature = (id: FrameworkId, module: string, name: string): LayerSignature | undefined =>
  byPath.get(key(id, module, name));

const folded: ReadonlyMap<string, LayerSignature> = new Map(
  Object.values(frameworks).flatMap(({ id, layers }) =>
    layers.flatMap(({ items }) =>
      Object.entries(items).map(([name, signature]) => [key(id, '', name.toLowerCase()), signature] as const),
    ),
  ),
);

/** The same by its name alone in any case, which Keras 1 and TensorFlow.js vary. */
export const layerInAnyCase = (id: FrameworkId, name: string): LayerSignature | undefined =>
  folded.get(key(id, '', name.toLowerCase()));
