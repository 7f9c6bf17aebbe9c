import type { ClassCode } from '../../program/ast';
import { callFunction } from '../calls/functions';
import { environment, frameIn, type Run } from '../run';
import type { CallArguments, ClassValue, InstanceValue, Site, Value } from '../values';
import { buildsOnUnknown, inherited, libraryBase, lineageOf } from './lineage';

/** Objects of the file's classes. */

export function instantiate(run: Run, type: ClassValue, args: CallArguments, site: Site): Value {
  const attributes = run.changes.made(new Map<string, Value>());
  const instance: InstanceValue = { kind: 'instance', class: type, attributes, source: site.source };
  const base = libraryBase(run, type);
  if (base !== undefined) {
    const foreign = base.library.adopt?.(instance, base.path, site, run);
    if (foreign !== undefined) instance.foreign = foreign;
  }
  if (!run.python) setFields(run, type, instance);
  const maker = run.python ? '__init__' : 'constructor';
  const initialise = inherited(type, maker);
  if (initialise?.kind === 'function') callFunction(run, { ...initialise, self: instance }, args);
  else if (type.dataclass) fill(run, type, instance, args);
  else if (base !== undefined) base.library.instanceMethod?.(instance, maker, args, site, run);
  const after = type.dataclass ? inherited(type, '__post_init__') : undefined;
  if (after?.kind === 'function') callFunction(run, { ...after, self: instance }, noArguments(site));
  return instance;
}

const noArguments = ({ source }: Site): CallArguments => ({
  positional: [],
  named: new Map(),
  complete: true,
  sources: new Map(),
  list: source,
});

/** JavaScript's fields, those of the base first. */
function setFields(run: Run, type: ClassValue, instance: InstanceValue): void {
  for (const each of lineageOf(type).classes.toReversed()) {
    run.frames.push(frameIn(each.place, instance));
    try {
      for (const statement of each.code.body) {
        if (statement.kind !== 'assign') continue;
        const [target] = statement.targets;
        if (target?.kind !== 'name') continue;
        const scope = environment(run.module);
        run.changes.set(instance.attributes, target.name, run.expression(statement.value, scope, target.name));
      }
    } finally {
      run.frames.pop();
    }
  }
}

/** The names of a dataclass's fields, those of its bases first. */
function fieldNames(type: ClassValue): string[] {
  const names: string[] = [];
  for (const each of lineageOf(type).classes.toReversed()) {
    for (const statement of each.code.body) {
      const name =
        statement.kind === 'declare'
          ? statement.name
          : statement.kind === 'assign' && statement.targets[0]?.kind === 'name'
            ? statement.targets[0].name
            : undefined;
      if (name !== undefined && !names.includes(name)) names.push(name);
    }
  }
  return names;
}

/** A dataclass's fields from the arguments of its call. */
function fill(run: Run, type: ClassValue, instance: InstanceValue, args: CallArguments): void {
  const names = fieldNames(type);
  // Fields of a base that is not here come first.
  const { classes, paths } = lineageOf(type);
  const isShifted =
    classes.some(({ bases }) => buildsOnUnknown(run, bases)) &&
    paths.every((path) => run.libraryOf(path) === undefined);
  names.forEach((name, k) => {
    const inPlace = isShifted && args.positional[k] !== undefined ? run.unknown(name) : args.positional[k];
    const given = args.named.get(name) ?? inPlace;
    const missing = given === undefined || (given.kind === 'constant' && given.value === undefined);
    const value = missing ? (inherited(type, name) ?? run.unknown(name)) : given;
    run.changes.set(instance.attributes, name, value);
  });
  // Frameworks' own, such as Flax's `name`.
  for (const [name, value] of args.named) if (!names.includes(name)) run.changes.set(instance.attributes, name, value);
}

/** A plain object with attributes. */
export function namespace(attributes: ReadonlyMap<string, Value>, name: string, { source }: Site): InstanceValue {
  const code: ClassCode = { from: 0, to: 0, name, bases: [], decorators: [], body: [] };
  const type: ClassValue = {
    kind: 'class',
    code,
    name,
    place: { cell: 0, from: 0 },
    bases: [],
    attributes: new Map(),
    dataclass: false,
  };
  return { kind: 'instance', class: type, attributes: new Map(attributes), source };
}
