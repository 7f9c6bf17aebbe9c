import { sourceAt } from '../../program/ast';
import { rootOf } from '../../value';
import type { Run } from '../run';
import type { ClassValue, Library, Value } from '../values';

/** What a class has from those that it builds on. */

/** Classes before a class in its line that are followed. */
const DEEPEST = 20;

/** Bases that a class may have from another file of the same project, or from a package that builds on a framework. */
const fromElsewhere =
  /^(?!(abc|typing|enum|collections|builtins|threading|unittest|numpy|gym|gymnasium)\.)\.*\w+\.[\w.]+$/;

interface Lineage {
  readonly classes: readonly ClassValue[];
  readonly paths: readonly string[];
}

const known = new WeakMap<ClassValue, Lineage>();

/** The classes of the file that a class inherits from, itself first; then the frameworks' paths. */
export function lineageOf(value: ClassValue): Lineage {
  const former = known.get(value);
  if (former !== undefined) return former;
  const classes: ClassValue[] = [];
  const paths: string[] = [];
  const visit = (each: Value, depth: number): void => {
    if (each.kind === 'path') paths.push(each.path);
    if (each.kind !== 'class' || classes.includes(each) || depth > DEEPEST) return;
    classes.push(each);
    for (const base of each.bases) visit(base, depth + 1);
  };
  visit(value, 0);
  const made = { classes, paths };
  known.set(value, made);
  return made;
}

/** What a class or those before it in the line have of this name, after one of them where that is given. */
export function inherited(value: ClassValue, name: string, after?: ClassValue): Value | undefined {
  const { classes } = lineageOf(value);
  for (let k = after === undefined ? 0 : classes.indexOf(after) + 1; k < classes.length; k++) {
    const found = classes[k]!.attributes.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A base, with the library that answers for it. */
export interface LibraryBase {
  readonly path: string;
  readonly library: Library;
}

export function libraryBase(run: Run, value: ClassValue): LibraryBase | undefined {
  for (const path of lineageOf(value).paths) {
    const library = run.libraryOf(path);
    if (library !== undefined) return { path, library };
  }
  return baseElsewhere(run, value);
}

const baseNames = (classes: readonly ClassValue[]): string[] =>
  classes.flatMap(({ bases }) =>
    bases.map((base) => (base.kind === 'path' ? base.path : base.kind === 'unknown' ? base.text : '')),
  );

/** True for a base that stands in a file that is not here. */
const isElsewhere = (base: Value): boolean =>
  base.kind === 'path' ? fromElsewhere.test(base.path) : base.kind === 'unknown' && /^\w+(\.\w+)*$/.test(base.text);

const isNamed = ({ kind }: Value): boolean => kind === 'path' || kind === 'unknown';

/** Whether a class has a base of which nothing is known but its name: neither the file's nor a library's. */
export const buildsOnUnknown = (run: Run, bases: readonly Value[]): boolean =>
  run.python && bases.some((base) => isElsewhere(base) && !(base.kind === 'path' && run.libraryOf(base.path)));

/** A base from a file that is not here, as a library that this file imports takes it. */
function baseElsewhere(run: Run, value: ClassValue): LibraryBase | undefined {
  const { classes } = lineageOf(value);
  if (!classes.some(({ bases }) => bases.some(run.python ? isElsewhere : isNamed))) return undefined;
  const imported = new Set(
    [...run.module.names.values()].map((each) => (each.kind === 'path' ? rootOf(each.path) : '')),
  );
  for (const { library, roots } of run.libraries) {
    if (!roots.some((root) => imported.has(root))) continue;
    const path = library.baseElsewhere?.(
      (name) => inherited(value, name)?.kind === 'function',
      baseNames(classes),
      () => classes.flatMap(({ attributes }) => [...attributes.keys()]),
      () => classes.map(({ code, place }) => run.text(sourceAt(place, code))).join('\n'),
    );
    if (path !== undefined) return { path, library };
  }
  return undefined;
}

/** What a class has of a name, as its object sees it: methods with the object, properties computed. */
export function bound(run: Run, found: Value, self: Value, type: ClassValue): Value {
  if (found.kind !== 'function') return found;
  const how = run.how.get(found);
  if (how === 'static') return found;
  if (how === 'getter') return run.apply({ ...found, self }, [], { source: sourceAt(found.place, found.code) });
  if (found.owner === undefined && found.code.name === undefined && !found.code.arrow) return found;
  return { ...found, self: how === 'class' ? type : self };
}
