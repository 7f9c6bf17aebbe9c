import { lazily } from '../math/lazily';
import { frameworks } from './all';
import type { FrameworkId } from './framework';
import type { Library } from './layerShelf';
import type { LayerSignature } from './layerSignature';
import { publicPath } from './paths';

const key = (id: FrameworkId, module: string, name: string) => `${id} ${module}.${name}`;

const byPath = lazily(
  (): ReadonlyMap<string, LayerSignature> =>
    new Map(
      Object.values(frameworks).flatMap(({ id, layers }) =>
        layers.flatMap(({ modules, items }) =>
          modules.flatMap((module) =>
            Object.entries(items).map(([name, signature]) => [key(id, module, name), signature] as const),
          ),
        ),
      ),
    ),
);

/** A layer's class or function by its name in a framework's module. */
export const layerSignature = (id: FrameworkId, module: string, name: string): LayerSignature | undefined =>
  byPath().get(key(id, module, name));

const folded = lazily(
  (): ReadonlyMap<string, LayerSignature> =>
    new Map(
      Object.values(frameworks).flatMap(({ id, layers }) =>
        layers.flatMap(({ items }) =>
          Object.entries(items).map(([name, signature]) => [key(id, '', name.toLowerCase()), signature] as const),
        ),
      ),
    ),
);

/** The same by its name alone in any case, which Keras 1 and TensorFlow.js vary. */
export const layerInAnyCase = (id: FrameworkId, name: string): LayerSignature | undefined =>
  folded().get(key(id, '', name.toLowerCase()));

/** A layer's class at a public path, with its framework's page on it. */
export interface LayerAtPath {
  readonly framework: FrameworkId;
  readonly name: string;
  readonly signature: LayerSignature;
  readonly docs: string;
  readonly library?: Library | undefined;
}

/** What stands at an absolute path as it is imported, in a framework; undefined for what is no layer. */
export function layerAtPath(id: FrameworkId, path: string): LayerAtPath | undefined {
  const known = publicPath(path);
  const dot = known.lastIndexOf('.');
  const [module, name] = [known.slice(0, dot), known.slice(dot + 1)];
  const shelf = frameworks[id].layers.find(({ modules }) => modules.includes(module));
  const signature = shelf !== undefined && Object.hasOwn(shelf.items, name) ? shelf.items[name] : undefined;
  return (
    shelf && signature && { framework: id, name, signature, docs: shelf.docs(name, signature), library: shelf.library }
  );
}

const workKeys = ['kind', 'rank', 'form', 'cell', 'steps', 'over'] as const;

/** How far two layers do the same: keys that both have and that differ count, a kind of its own is no match. */
function unlike(one: LayerSignature, other: LayerSignature): number {
  const read = (layer: LayerSignature, key: string): unknown => (layer as unknown as Record<string, unknown>)[key];
  const differing = workKeys.filter((key) => {
    const [a, b] = [read(one, key), read(other, key)];
    return a !== undefined && b !== undefined && a !== b;
  });
  // Flax has the steps of a recurrent layer alone.
  return differing.every((key) => key === 'steps') ? differing.length : Number.POSITIVE_INFINITY;
}

/** The framework's own layer that does what another's does, by its name; undefined for none. */
export function counterpart(signature: LayerSignature, id: FrameworkId): string | undefined {
  const items = Object.entries(frameworks[id].layers[0]?.items ?? {});
  const [best] = items
    .map(([name, each]) => ({ name, distance: unlike(signature, each) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .toSorted((a, b) => a.distance - b.distance);
  return best?.name;
}
