import type { ActivationEntryName } from '../activations/catalogue';
import { lazily } from '../math/lazily';
import { frameworks } from './all';
import type { CodeLanguage, FrameworkId, Item, Shelf, Spelling, SpellingForm } from './framework';
import { isNotElementWiseName } from './notElementWise';
import { publicPath } from './paths';

const pathKey = (language: CodeLanguage, module: string, name: string) => `${language} ${module}.${name}`;

function toSpelling(id: FrameworkId, shelf: Shelf, name: string, item: Item): Spelling {
  const {
    activation,
    parameters = [],
    fixed = {},
    note,
    placeholder,
  } = typeof item === 'string' ? { activation: item } : item;
  return {
    framework: id,
    name,
    form: shelf.form,
    module: shelf.modules[0] ?? '',
    modules: shelf.modules,
    activation,
    parameters,
    fixed,
    ...(note === undefined ? {} : { note }),
    ...(placeholder === undefined ? {} : { placeholder }),
    docs: shelf.docs(name),
  };
}

export const spellings: readonly Spelling[] = Object.values(frameworks).flatMap(({ id, shelves }) =>
  shelves.flatMap((shelf) => Object.entries(shelf.items).map(([name, item]) => toSpelling(id, shelf, name, item))),
);

/** tf is TensorFlow in Python and TensorFlow.js in JavaScript: paths are kept apart by language. */
const byPath = lazily(
  (): ReadonlyMap<string, Spelling> =>
    new Map(
      spellings.flatMap((spelling) =>
        spelling.modules.map(
          (module) =>
            [pathKey(frameworks[spelling.framework].paths.language, module, spelling.name), spelling] as const,
        ),
      ),
    ),
);

const keyOf = (id: FrameworkId, form: SpellingForm, name: string) => `${id} ${form} ${name}`;
const byForm = lazily(
  (): ReadonlyMap<string, Spelling> =>
    new Map(spellings.map((spelling) => [keyOf(spelling.framework, spelling.form, spelling.name), spelling])),
);

export const stringSpelling = (id: FrameworkId, text: string): Spelling | undefined =>
  byForm().get(keyOf(id, 'string', text));

/** As people vary a name: `leakyrelu`, `Leaky_ReLU`, `hard_swish` for `hardswish`. */
const fold = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, '');

/** The strings that are handed on, by framework, as written and folded; what comes first goes first. */
const handedOn = lazily(
  (): ReadonlyMap<FrameworkId, ReadonlyMap<string, Spelling>> =>
    new Map(
      Object.values(frameworks).map(({ id, handedOn: given }) => {
        const words = given === undefined ? [] : Object.entries(given.words.items);
        const own = words.map(([name, item]) => toSpelling(id, given!.words, name, item));
        const modules = (given?.modules ?? []).flatMap((module) =>
          spellings.filter((spelling) => spelling.framework === id && spelling.modules[0] === module),
        );
        const all = [...own, ...modules];
        // Where only the framework itself takes strings, it wants them as they are.
        const folded = modules.length === 0 ? [] : all.map((each) => [fold(each.name), each] as const);
        const keyed = [...all.map((each) => [each.name, each] as const), ...folded];
        return [id, new Map(keyed.toReversed())] as const;
      }),
    ),
);

/** What a string means that people's code hands on to a framework's functions or layers: `silu`, `LeakyReLU`, `gelu_new`. */
export function handedOnSpelling(id: FrameworkId, text: string): Spelling | undefined {
  const known = handedOn().get(id);
  return stringSpelling(id, text) ?? known?.get(text) ?? known?.get(fold(text));
}

const inCalls = lazily(
  (): ReadonlyMap<string, Shelf> =>
    new Map(
      Object.values(frameworks).flatMap(({ id, inCalls: all = [] }) =>
        all.flatMap(({ calls, strings }) => calls.map((call) => [`${id} ${call}`, strings] as const)),
      ),
    ),
);

/** True for a call that takes strings of its own. */
export const hasOwnStrings = (id: FrameworkId, callee: string): boolean => inCalls().has(`${id} ${callee}`);

/** A string in a call that takes strings of its own; its parameters stand in the same call. */
export function callSpelling(id: FrameworkId, callee: string, text: string): Spelling | undefined {
  const shelf = inCalls().get(`${id} ${callee}`);
  const item = shelf !== undefined && Object.hasOwn(shelf.items, text) ? shelf.items[text] : undefined;
  return shelf === undefined || item === undefined ? undefined : toSpelling(id, shelf, text, item);
}

export const methodSpelling = (id: FrameworkId, name: string): Spelling | undefined =>
  byForm().get(keyOf(id, 'method', name));

/** What people look for first, in this order. */
const usual: readonly ActivationEntryName[] = ['relu', 'sigmoid', 'tanh', 'gelu', 'elu', 'silu', 'leaky_relu', 'selu'];

function rank({ activation }: Spelling): number {
  if (isNotElementWiseName(activation)) return usual.length + 1;
  const at = usual.indexOf(activation);
  return at < 0 ? usual.length : at;
}

/** The strings that a framework takes for an activation: the usual ones, the others, and last what is not element-wise. */
export const stringSpellings = (id: FrameworkId): readonly Spelling[] =>
  spellings
    .filter((spelling) => spelling.framework === id && spelling.form === 'string')
    .sort((a, b) => rank(a) - rank(b));

/** What stands at an absolute path as it is imported. */
export function pathSpelling(path: string, language: CodeLanguage): Spelling | undefined {
  const known = publicPath(path);
  const dot = known.lastIndexOf('.');
  return byPath().get(pathKey(language, known.slice(0, dot), known.slice(dot + 1)));
}
