import type { Model, SourceRange } from './model';

/**
 * A model without its places in the code, but for which of them are the same: what is predicted of it, and found in it,
 * hangs on this alone.
 */
export interface Structure {
  /** The same for models that differ in nothing but where their places are. */
  readonly key: string;
  /** Its places, in the same order for models of the same key. */
  readonly sources: readonly SourceRange[];
}

const known = new WeakMap<Model, Structure>();

/** Worked out once for each model. */
export function structureOf(model: Model): Structure {
  const former = known.get(model);
  if (former !== undefined) return former;
  const sources: SourceRange[] = [];
  const places = new Map<string, number>();
  // What shares its weights has the same number; which one is the reading's own.
  const weights = new Map<unknown, number>();
  const key = JSON.stringify(model, (name, value: unknown) => {
    if (name === 'source') {
      const source = value as SourceRange;
      sources.push(source);
      const place = `${source.cell} ${source.from} ${source.to}`;
      if (!places.has(place)) places.set(place, places.size);
      return places.get(place);
    }
    if (name === 'weights' && value !== undefined) {
      if (!weights.has(value)) weights.set(value, weights.size);
      return weights.get(value);
    }
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
  const structure = { key, sources };
  known.set(model, structure);
  return structure;
}
