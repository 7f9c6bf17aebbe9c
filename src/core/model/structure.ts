import type { Model, SourceRange } from './model';

/** A model without its places in the code: what is predicted of it, and found in it, hangs on this alone. */
export interface Structure {
  /** The same for models that differ in nothing but their places. */
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
  // What shares its weights has the same number; which one is the reading's own.
  const weights = new Map<unknown, number>();
  const key = JSON.stringify(model, (name, value: unknown) => {
    if (name === 'source') {
      sources.push(value as SourceRange);
      return undefined;
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
