import { globalObjects } from '../javascript/modules';
import type { Place } from '../program/ast';
import { bringsTorch, originalPath } from '../reexports';
import { pythonBuiltins } from './builtins/functions';
import { moduleConstant } from './builtins/mathematics';
import type { Builtin } from './host';
import type { Run } from './run';
import { type ClassValue, constant, type Environment, type Value } from './values';

/** What names stand for: scopes, imports, built-in functions. */

/** What JavaScript has without an import, or a page from its scripts. */
const javascriptGlobals: ReadonlySet<string> = new Set(
  'tf danfojs dfd ml5 Math Object Array Number JSON console'.split(' '),
);

/** The scope in which a name is bound. */
export function holderOf(scope: Environment | undefined, name: string): Environment | undefined {
  for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return at;
  return undefined;
}

/** What a name is bound to; undefined where the program does not bind it. */
export function lookUp(run: Run, name: string, scope: Environment): Value | undefined {
  const elsewhere = run.frame.elsewhere.get(name)?.names.get(name);
  if (elsewhere !== undefined) return elsewhere;
  for (let at: Environment | undefined = scope; at !== undefined; at = at.parent) {
    const value = at.names.get(name);
    if (value !== undefined) return at === run.module && run.isOver ? asDefined(run, name, value) : value;
  }
  return undefined;
}

const isBefore = (a: Place, b: Place): boolean => a.cell < b.cell || (a.cell === b.cell && a.from <= b.from);

/** Of several classes or functions of a name, as a notebook defines them in turn, the one that code looked into afterwards means. */
function asDefined(run: Run, name: string, last: Value): Value {
  const former = run.formerly.get(name);
  if (former === undefined || (last.kind !== 'class' && last.kind !== 'function')) return last;
  const all = [...former, last];
  return all.findLast(({ place }) => isBefore(place, run.frame.place)) ?? all[0]!;
}

/** Keeps what a name of the module held, where that is defined anew. */
function keepFormer(run: Run, name: string, value: Value): void {
  const former = run.module.names.get(name);
  if (run.isOver || run.uncertain || former === undefined || former.kind !== value.kind) return;
  if ((former.kind !== 'class' && former.kind !== 'function') || (value as ClassValue).code === former.code) return;
  run.formerly.set(name, [...(run.formerly.get(name) ?? []), former]);
}

export function bind(run: Run, scope: Environment, name: string, value: Value): void {
  const owner = run.frames.at(-1)?.elsewhere.get(name) ?? scope;
  if (owner === run.module) keepFormer(run, name, value);
  run.changes.set(owner.names, name, value);
}

export const imported = (path: string): Value => moduleConstant(path) ?? { kind: 'path', path };

/** A member of an import by its own name, where the import only hands it on. */
export const memberOfPath = (path: string): Value =>
  imported(mayBeHandedOn.test(path) ? originalPath(path) : path.replace(privateFiles, 'haiku.'));

/** Files of Haiku's that hold what it hands on by a shorter path. */
const privateFiles = /^haiku\._src\.(\w+\.)+(?=[A-Z]\w*$)/;

const mayBeHandedOn = /^(d|ml5)/;

/** A built-in function is passed on as something unknown of its name. */
export const builtinOf = ({ python }: Run, name: string): Builtin | undefined =>
  python && Object.hasOwn(pythonBuiltins, name) ? pythonBuiltins[name] : undefined;

/** A name that the program does not bind: from `import *`, or a global of a page. */
export function unbound(run: Run, name: string): Value {
  if (run.python) {
    if (Object.hasOwn(pythonBuiltins, name)) return { kind: 'unknown', symbols: [], text: name };
    return fromStars(run, name) ?? fromModules(run, name) ?? run.unknown(name);
  }
  if (name === 'undefined') return constant(undefined);
  if (globalObjects.has(name)) return { kind: 'path', path: 'window' };
  const set = run.module.names.get(`window.${name}`);
  if (set !== undefined) return set;
  return javascriptGlobals.has(name) ? { kind: 'path', path: name } : run.unknown(name);
}

/** Names under which everybody imports a library, for one that comes with `from utils import *`. */
const customary = new Map(
  Object.entries({
    jax: 'jax',
    jnp: 'jax.numpy',
    optax: 'optax',
    flax: 'flax',
    linen: 'flax.linen',
    nnx: 'flax.nnx',
    hk: 'haiku',
    haiku: 'haiku',
    eqx: 'equinox',
    equinox: 'equinox',
    torch: 'torch',
    tf: 'tensorflow',
    np: 'numpy',
  }),
);

/** What the last `import *` brings that is known to have a name, or the last of which that is not known. */
function fromStars(run: Run, name: string): Value | undefined {
  let perhaps: Value | undefined;
  for (const star of run.stars.toReversed()) {
    const path = `${star}.${name}`;
    const handedOn = originalPath(path);
    if (bringsTorch(star) && handedOn !== path) return perhaps ?? imported(handedOn);
    const library = run.libraryOf(star);
    const brings = library === undefined ? false : library.brings?.(star, name);
    if (brings === true) return { kind: 'path', path };
    if (brings === undefined) perhaps ??= { kind: 'path', path };
  }
  const usual = run.stars.some((star) => run.libraryOf(star) === undefined) ? customary.get(name) : undefined;
  return perhaps ?? (usual === undefined ? undefined : imported(usual));
}

/** A class that nothing imports, of a module of which other names are imported: its import stands in no cell, or was forgotten. */
function fromModules(run: Run, name: string): Value | undefined {
  if (run.stars.length > 0 || !/^[A-Z]/.test(name)) return undefined;
  for (const value of run.module.names.values()) {
    if (value.kind !== 'path') continue;
    const module = value.path.slice(0, Math.max(0, value.path.lastIndexOf('.')));
    if (run.libraryOf(module)?.brings?.(module, name) === true) return { kind: 'path', path: `${module}.${name}` };
  }
  return undefined;
}
