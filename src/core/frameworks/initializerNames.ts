import {
  type Initializer,
  initializerInWords,
  isVarianceScalingName,
  parseInitializer,
} from '../initializers/initializer';
import { lazily } from '../math/lazily';
import { frameworks } from './all';
import { type CodeLanguage, type FrameworkId, frameworkIds } from './framework';
import { type InitializerForm, type InitializerKind, type InitializerShelf, untold } from './initializerKinds';
import type { Library } from './layerShelf';
import { publicPath } from './paths';

/** A framework's initialiser by its name. */
export interface InitializerSpelling {
  readonly framework: FrameworkId;
  readonly name: string;
  readonly form: InitializerForm;
  readonly kind: InitializerKind;
  readonly docs: string;
  readonly library?: Library | undefined;
}

const spelled = (id: FrameworkId, { form, docs, library }: InitializerShelf, [name, kind]: [string, InitializerKind]) =>
  ({ framework: id, name, form, kind, docs: docs(name), library }) satisfies InitializerSpelling;

const all = frameworkIds.flatMap((id) =>
  frameworks[id].initializers.shelves.flatMap((shelf) =>
    Object.entries(shelf.items).map((item) => ({ modules: shelf.modules, spelling: spelled(id, shelf, item) })),
  ),
);

export const initializerSpellings: readonly InitializerSpelling[] = all
  .map(({ spelling }) => spelling)
  .filter(({ library }) => library === undefined);

const pathKey = (language: CodeLanguage, path: string) => `${language} ${path}`;
const byPath = lazily(
  (): ReadonlyMap<string, InitializerSpelling> =>
    new Map(
      all.flatMap(({ modules, spelling }) =>
        modules.map((module) => {
          const { language } = frameworks[spelling.framework].paths;
          return [pathKey(language, `${module}.${spelling.name}`), spelling] as const;
        }),
      ),
    ),
);

/** What stands at an absolute path as it is imported. */
export function initializerPath(path: string, language: CodeLanguage): InitializerSpelling | undefined {
  const found = byPath().get(pathKey(language, publicPath(path)));
  return found && frameworks[found.framework].initializers.older?.test(path) ? undefined : found;
}

const formKey = (id: FrameworkId, form: InitializerForm, name: string) => `${id} ${form} ${name}`;
const byForm = lazily(
  (): ReadonlyMap<string, InitializerSpelling> =>
    new Map(
      initializerSpellings.map((spelling) => [formKey(spelling.framework, spelling.form, spelling.name), spelling]),
    ),
);

/** A string that a framework takes for an initialiser; PyTorch and JAX take none. */
export const initializerString = (id: FrameworkId, text: string): InitializerSpelling | undefined =>
  byForm().get(formKey(id, 'string', text));

/** A method of a framework's tensor that fills it. */
export const initializerMethod = (id: FrameworkId, name: string): InitializerSpelling | undefined =>
  byForm().get(formKey(id, 'method', name));

const fold = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/initializer$/, '');

const folded = lazily(
  (): ReadonlyMap<FrameworkId, ReadonlyMap<string, InitializerKind>> =>
    new Map(
      frameworkIds.map((id) => {
        const own = initializerSpellings.filter(({ framework, form }) => framework === id && form !== 'method');
        const besides = Object.entries(frameworks[id].initializers.besides ?? {});
        // What comes first goes first.
        const keyed = [...own.map(({ name, kind }) => [fold(name), kind] as const), ...besides].toReversed();
        return [id, new Map(keyed)] as const;
      }),
    ),
);

/** An initialiser by a name in any way of writing it: `HeNormal`, `he_normal` and `heNormal` are one. */
export const initializerKind = (id: FrameworkId, name: string): InitializerKind | undefined =>
  folded().get(id)!.get(fold(name));

/** How code for a framework writes an initialiser with its numbers; undefined where none of its own has these. */
export const writtenInitializer = (initializer: Initializer, id: FrameworkId): string | undefined =>
  frameworks[id].initializers.written(initializer);

/** A variance scaling by its framework's name, `kaiming_normal_`; undefined for initialisers with numbers of their own. */
export const scalingNameIn = ({ kind }: Initializer, id: FrameworkId): string | undefined =>
  isVarianceScalingName(kind) ? frameworks[id].initializers.scaling(kind) : undefined;

/**
 * An initialiser as sentences, lists and buttons call it: by its framework's name where it has one, else by its numbers.
 *
 * @param id undefined where no framework is chosen: the name that most of them have
 */
export const initializerLabel = (initializer: Initializer, id: FrameworkId | undefined): string =>
  (id && scalingNameIn(initializer, id)) ?? initializerInWords(initializer);

/** What {@link writtenInitializer} and people's code write in brackets: a number, a root, a word, a word in quotes. */
function constantIn(text: string): number | string | boolean | null | typeof untold {
  const [, root] = /^(?:√|(?:math\.|np\.|Math\.)?sqrt\()(\d+(?:\.\d+)?)\)?$/.exec(text) ?? [];
  if (root !== undefined) return Math.sqrt(Number(root));
  const [, , word] = /^(["'])(\w*)\1$/.exec(text) ?? [];
  if (word !== undefined) return word;
  if (/^(None|null)$/.test(text)) return null;
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? untold : number;
}

type Written = ReadonlyMap<string, ReturnType<typeof constantIn>>;

/** The arguments of a call as text, by name; undefined where one does not fit. */
function argumentsIn(text: string, names: readonly string[]): Written | undefined {
  const written = new Map<string, ReturnType<typeof constantIn>>();
  const [, options] = /^\{(.*)\}$/.exec(text) ?? [];
  // What a call fills goes without saying.
  const free = names.filter((name) => name !== 'tensor');
  const parts = (options ?? text).split(',').map((part) => part.trim());
  for (const [k, part] of (parts.length === 1 && parts[0] === '' ? [] : parts).entries()) {
    const [, name, value = part] = /^(\w+)\s*[=:]\s*(.+)$/.exec(part) ?? [];
    const known = name ?? (options === undefined ? free[k] : undefined);
    const constant = constantIn(value);
    if (known === undefined || !names.includes(known) || constant === untold || written.has(known)) return undefined;
    written.set(known, constant);
  }
  return written;
}

function readIn(id: FrameworkId, name: string, list: string): Initializer | undefined {
  const kind = initializerKind(id, name);
  const given = kind && argumentsIn(list, kind.names);
  return given && kind.make((parameter) => given.get(parameter));
}

/** Words of the text form, which asks for their numbers: Keras's `normal` has others than JAX's. */
const bare: ReadonlySet<string> = new Set(['normal', 'uniform', 'constant', 'truncated_normal', 'variance_scaling']);

/**
 * Reads the text form of an initialiser, and what frameworks print and people copy from code: `normal:1,1`, `HeNormal`, `leCunNormal`,
 * `RandomNormal(0, 0.05)`, `kaiming_uniform_(a=√5)`. Undefined where it is none, or where it draws something else in another framework.
 *
 * @param id whose name it is; where left out, that of any
 */
export function readInitializer(text: string, id?: FrameworkId): Initializer | undefined {
  const known = parseInitializer(text);
  if (known !== undefined || bare.has(text.trim())) return known;
  const [, name, list = ''] = /^([A-Za-z]\w*)(?:\((.*)\))?$/.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const ids = id === undefined ? frameworkIds : [id];
  const exact = ids.filter((each) =>
    initializerSpellings.some((spelling) => spelling.framework === each && spelling.name === name),
  );
  const found = (exact.length > 0 ? exact : ids).flatMap((each) => readIn(each, name, list.trim()) ?? []);
  const [first] = found;
  return found.every((each) => JSON.stringify(each) === JSON.stringify(first)) ? first : undefined;
}
