import { findActivation } from '../../activations/catalogue';
import { type FrameworkId, frameworkIds, isFrameworkId } from '../../frameworks/framework';
import { readInitializer } from '../../frameworks/initializerNames';
import { findSpelling, meantSpelling } from '../../frameworks/lookup';
import { isNotElementWiseName } from '../../frameworks/notElementWise';
import { resolveSpelling } from '../../frameworks/resolve';
import { formatInitializer, type Initializer, initializerForms } from '../../initializers/initializer';
import { startingWith } from '../build';
import {
  type ActivationUse,
  type Initialization,
  libraryLabels,
  type ModelLibrary,
  nowhere,
  type Padding,
  type Size,
  type SourceRange,
} from '../model';

/** What a field's value cannot be read as: what was expected instead. */
export class Mismatch extends Error {
  /** @param expected after "expected": "a whole number from 1"; or a sentence of its own after `found` */
  constructor(
    readonly expected: string,
    readonly found?: string,
  ) {
    super(expected);
  }
}

/** What reading and writing a field needs to know of its model. */
export interface Reading {
  readonly framework: FrameworkId;
}

/** How a field stands in JSON. What `write` gives is read back as the same value. */
export interface Field<T> {
  /** @throws Mismatch */
  read(value: unknown, of: Reading): T;
  /** Undefined where it is left out. */
  write(value: T, of: Reading): unknown;
  /** The value where the field is left out; a field without it is required. */
  readonly usual?: { readonly value: T };
}

export const withUsual = <T>(field: Field<T>, value: T): Field<T> => ({
  ...field,
  usual: { value },
  write: (each, of) => (each === value ? undefined : field.write(each, of)),
});

const plain = <T>(expected: string, is: (value: unknown) => value is T): Field<T> => ({
  read(value) {
    if (is(value)) return value;
    throw new Mismatch(expected);
  },
  write: (value) => value,
});

export const flag = plain('true or false', (value): value is boolean => typeof value === 'boolean');

export const text = plain('a text', (value): value is string => typeof value === 'string' && value !== '');

export const oneOf = <T extends string>(words: readonly T[]): Field<T> =>
  plain(words.join(', '), (value): value is T => (words as readonly unknown[]).includes(value));

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

export const index = plain('a whole number from 0', (value): value is number => isWhole(value) && value >= 0);

export const rank = plain('1, 2 or 3', (value): value is 1 | 2 | 3 => value === 1 || value === 2 || value === 3);

export const framework: Field<FrameworkId> = plain(
  frameworkIds.join(', '),
  (value): value is FrameworkId => typeof value === 'string' && isFrameworkId(value),
);

export const library: Field<ModelLibrary> = plain(
  Object.keys(libraryLabels).join(', '),
  (value): value is ModelLibrary => typeof value === 'string' && Object.hasOwn(libraryLabels, value),
);

function sizeFrom(value: unknown, least: number, fraction: boolean): Size | undefined {
  if (typeof value === 'number') {
    const fits = fraction ? value >= least && value < 1 : isWhole(value) && value >= least;
    return fits ? value : undefined;
  }
  if (value === null) return { kind: 'unknown' };
  const symbols = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(symbols) || symbols.length === 0) return undefined;
  return symbols.every((each) => typeof each === 'string' && each !== '') ? { kind: 'symbolic', symbols } : undefined;
}

const sizeOut = (size: Size): unknown => {
  if (typeof size === 'number') return size;
  if (size.kind === 'unknown') return null;
  return size.symbols.length === 1 ? size.symbols[0] : size.symbols;
};

const sizeField = (numbers: string, least: number, fraction = false): Field<Size> => ({
  read(value) {
    const size = sizeFrom(value, least, fraction);
    if (size !== undefined) return size;
    throw new Mismatch(`${numbers}, the name of what it depends on, or null where it is not known`);
  },
  write: sizeOut,
});

/** A count: units, channels, entries. */
export const size = sizeField('a whole number from 1', 1);

/** A share that is dropped. */
export const rate = sizeField('a number from 0 and below 1', 0, true);

/** One entry for each axis; a single number for all of them. */
const axes = (least: number): Field<readonly Size[]> => ({
  read(value) {
    const all = Array.isArray(value) && !value.every((each) => typeof each === 'string') ? value : [value];
    const sizes = all.map((each) => sizeFrom(each, least, false));
    if (all.length > 0 && sizes.every((each) => each !== undefined)) return sizes;
    throw new Mismatch(`a whole number from ${least}, or a list of them, one for each axis`);
  },
  write(sizes) {
    const written = sizes.map(sizeOut);
    // Words alone would be one size that hangs on all of them.
    const areWords = written.length > 1 && written.every((each) => typeof each === 'string');
    return areWords ? written.map((each) => [each]) : written;
  },
});

export const sizes = axes(1);

/** `sizes` that may be left out: then the framework's own. */
export const optionalSizes: Field<readonly Size[]> = {
  ...sizes,
  usual: { value: [] },
  write: (value, of) => (value.length === 0 ? undefined : sizes.write(value, of)),
};

export const padding: Field<Padding> = {
  read(value, of) {
    if (value === 'valid' || value === 'same') return value;
    try {
      return axes(0).read(value, of);
    } catch {
      throw new Mismatch('"valid", "same", or how many zeros lie at each border of each axis');
    }
  },
  write: (value, of) => (typeof value === 'string' ? value : axes(0).write(value, of)),
};

/** Components without the batch, channels last. */
export const shape: Field<readonly Size[]> = {
  read(value) {
    if (!Array.isArray(value)) throw new Mismatch('a list of sizes, channels last and without the batch');
    return value.map((each) => {
      const found = sizeFrom(each, 1, false);
      if (found === undefined) throw new Mismatch('sizes of 1 or more, names of what they depend on, or null');
      return found;
    });
  },
  write: (value) => value.map(sizeOut),
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A place in a text. */
export const source: Field<SourceRange> = {
  read(value) {
    if (isObject(value)) {
      const { cell = 0, from, to } = value;
      if (isWhole(cell) && isWhole(from) && isWhole(to) && cell >= 0 && from >= 0 && to >= from)
        return { cell, from, to };
    }
    throw new Mismatch('{"cell", "from", "to"}: offsets in a text, from 0');
  },
  write: (value) => (value.cell === 0 && value.from === 0 && value.to === 0 ? undefined : value),
  usual: { value: nowhere },
};

const sourceOf = (value: unknown, of: Reading): SourceRange => (value === undefined ? nowhere : source.read(value, of));

const initializerFrom = (value: unknown): Initializer => {
  const found = typeof value === 'string' ? readInitializer(value) : undefined;
  if (found === undefined) throw new Mismatch(`"default", or ${initializerForms}`);
  return found;
};

/** `"he_normal"`, `"default"`, `{"initializer", "spelled", "source"}` where a text says it, `{"spelled"}` where nobody knows it. */
export const initialization: Field<Initialization> = {
  usual: { value: { kind: 'default' } },
  read(value, of) {
    if (value === 'default') return { kind: 'default' };
    if (!isObject(value)) {
      return startingWith(initializerFrom(value));
    }
    const { initializer, spelled, source: place } = value;
    if (spelled !== undefined && typeof spelled !== 'string') throw new Mismatch('what the code writes as "spelled"');
    const from = sourceOf(place, of);
    if (initializer === undefined) {
      if (spelled === undefined) throw new Mismatch('an "initializer", or "spelled" where it is not known');
      return { kind: 'unknown', spelled, source: from };
    }
    const found = startingWith(initializerFrom(initializer), from);
    return spelled === undefined ? found : { ...found, spelled };
  },
  write(value, of) {
    if (value.kind === 'default') return undefined;
    const { spelled } = value;
    const place = source.write(value.source, of);
    if (value.kind === 'unknown') return { spelled, ...(place === undefined ? {} : { source: place }) };
    const initializer = formatInitializer(value.initializer);
    if (place === undefined && spelled === initializer) return initializer;
    return { initializer, spelled, ...(place === undefined ? {} : { source: place }) };
  },
};

/** Null for a layer without biases. */
export const bias: Field<Initialization | null> = {
  usual: { value: { kind: 'default' } },
  read: (value, of) => (value === null ? null : initialization.read(value, of)),
  write: (value, of) => (value === null ? null : initialization.write(value, of)),
};

type Meaning = Pick<ActivationUse, 'name' | 'notElementWise'>;

/** The catalogue's own form, the same in every framework. */
const catalogued = (name: string): Meaning | undefined => {
  const known = findActivation(name);
  if (known) return { name: known.name };
  return isNotElementWiseName(name) ? { name: undefined, notElementWise: name } : undefined;
};

/** What a word means to people who write that framework: its spelling, with its defaults; else the catalogue's form. */
function meaningOf(word: string, id: FrameworkId): Meaning | undefined {
  const spelling = findSpelling(word, id);
  if (spelling === undefined) return catalogued(word);
  if (isNotElementWiseName(spelling.activation)) return { name: undefined, notElementWise: spelling.activation };
  const resolved = resolveSpelling(spelling);
  return resolved && { name: resolved.activation.name };
}

/**
 * A word as the framework has it, `"relu"`, `"leaky_relu"` with that framework's slope, or with parameters,
 * `"leaky_relu(negative_slope=0.3)"`; `{"name", "framework", "spelled", "source"}`, whose name is the catalogue's, where a
 * text says it, and without a name where nobody knows the function.
 */
export const activation: Field<ActivationUse> = {
  read(value, of) {
    if (typeof value !== 'string' && !isObject(value)) throw new Mismatch('the name of an activation');
    const given = typeof value === 'string' ? { name: value } : value;
    const { name, framework: own, spelled, source: place } = given as Readonly<Record<string, unknown>>;
    const id = own === undefined ? of.framework : framework.read(own, of);
    if (spelled !== undefined && typeof spelled !== 'string') throw new Mismatch('what the code writes as "spelled"');
    const where = { framework: id, source: sourceOf(place, of) };
    if (name === undefined && spelled !== undefined) return { name: undefined, spelled, ...where };
    if (typeof name !== 'string') throw new Mismatch('the "name" of an activation');
    const meaning = (typeof value === 'string' ? undefined : catalogued(name)) ?? meaningOf(name, id);
    if (meaning === undefined) throw new Mismatch(meantSpelling(name, id), `"${name}", which is not known`);
    return { ...meaning, spelled: spelled ?? name, ...where };
  },
  write(use, of) {
    const name = use.name ?? use.notElementWise;
    const place = source.write(use.source, of);
    const elsewhere = use.framework === of.framework ? {} : { framework: use.framework };
    if (name !== undefined && place === undefined && use.spelled === name && use.framework === of.framework) {
      const read = meaningOf(name, of.framework);
      if (read?.name === use.name && read?.notElementWise === use.notElementWise) return name;
    }
    return {
      ...(name === undefined ? {} : { name }),
      ...elsewhere,
      spelled: use.spelled,
      ...(place === undefined ? {} : { source: place }),
    };
  },
};

/** Activations one after the other. */
export const activations: Field<readonly ActivationUse[]> = {
  read(value, of) {
    if (!Array.isArray(value)) throw new Mismatch('a list of activations');
    return value.map((each) => activation.read(each, of));
  },
  write: (uses, of) => uses.map((use) => activation.write(use, of)),
};

/** Left out where the framework's own is used. */
export const optional = <T>(field: Field<T>): Field<T | undefined> => ({
  read: field.read,
  write: (value, of) => (value === undefined ? undefined : field.write(value, of)),
  usual: { value: undefined },
});
