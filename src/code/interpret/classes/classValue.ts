import type { ClassCode } from '../../program/ast';
import type { Run } from '../run';
import type { ClassValue, Environment, Value } from '../values';
import { buildsOnUnknown } from './lineage';

/** Decorators that make a dataclass of a class, and bases that do. */
const dataclassMakers =
  /(^|\.)(dataclass|dataclasses\.dataclass|flax\.struct\.dataclass|struct\.dataclass|attr\.s|attrs\.define|define)$/;
const dataclassBases =
  /^(flax\.linen\.Module|equinox\.Module|flax\.struct\.PyTreeNode|typing\.NamedTuple|pydantic\.BaseModel)$/;

/** The class that code defines; its body runs. */
export function classValue(run: Run, code: ClassCode, scope: Environment): ClassValue {
  const bases = code.bases.filter(({ name }) => name === undefined).map(({ value }) => run.expression(value, scope));
  const decorators = code.decorators.map((decorator) => run.expression(decorator, scope));
  const attributes = new Map<string, Value>();
  const value: ClassValue = {
    kind: 'class',
    code,
    name: code.name ?? 'class',
    place: run.frame.place,
    bases,
    attributes,
    dataclass: isDataclass(run, code, bases, decorators),
  };
  const inner: Environment = { names: attributes, parent: scope };
  run.owners.set(inner, value);
  for (const statement of code.body) {
    // JavaScript's fields belong to each object.
    if (!run.python && statement.kind === 'assign') continue;
    if (statement.kind === 'declare') continue;
    run.statement(statement, inner);
  }
  return value;
}

function isDataclass(run: Run, code: ClassCode, bases: readonly Value[], decorators: readonly Value[]): boolean {
  const names = decorators.map((value) =>
    value.kind === 'path' ? value.path : value.kind === 'unknown' ? value.text : '',
  );
  return (
    names.some((name) => dataclassMakers.test(name.replace(/\(.*/s, ''))) ||
    code.decorators.some((each) => each.kind === 'call' && dataclassMakers.test(run.written(each.callee))) ||
    bases.some(
      (base) => (base.kind === 'path' && dataclassBases.test(base.path)) || (base.kind === 'class' && base.dataclass),
    ) ||
    (buildsOnUnknown(run, bases) && isLinen(run, code))
  );
}

/** A class as Linen's modules are written, whatever its base is: made of its fields. */
const isLinen = (run: Run, { body }: ClassCode): boolean =>
  body.some(
    (each) =>
      each.kind === 'function' &&
      (each.function.name === 'setup' || each.function.decorators.some((by) => /(^|\.)compact$/.test(run.written(by)))),
  ) && !body.some((each) => each.kind === 'function' && each.function.name === '__init__');
