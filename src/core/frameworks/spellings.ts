import type { ActivationEntryName } from '../activations/catalogue';
import type { Framework, FrameworkId, Item, Shelf, Spelling, SpellingForm } from './framework';
import { jax } from './jax';
import { keras } from './keras';
import { isNotElementWiseName } from './notElementWise';
import { tf2 } from './tf2';
import { tfjs } from './tfjs';
import { torch } from './torch';

const frameworks: Readonly<Record<FrameworkId, Framework>> = { keras, tf2, torch, tfjs, jax };

export const framework = (id: FrameworkId): Framework => frameworks[id];

/** TypeScript counts as JavaScript. */
export type CodeLanguage = 'python' | 'javascript';

const languageOf = (id: FrameworkId): CodeLanguage => (id === 'tfjs' ? 'javascript' : 'python');
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
const byPath: ReadonlyMap<string, Spelling> = new Map(
  spellings.flatMap((spelling) =>
    spelling.modules.map(
      (module) => [pathKey(languageOf(spelling.framework), module, spelling.name), spelling] as const,
    ),
  ),
);

const keyOf = (id: FrameworkId, form: SpellingForm, name: string) => `${id} ${form} ${name}`;
const byForm: ReadonlyMap<string, Spelling> = new Map(
  spellings.map((spelling) => [keyOf(spelling.framework, spelling.form, spelling.name), spelling]),
);

export const stringSpelling = (id: FrameworkId, text: string): Spelling | undefined =>
  byForm.get(keyOf(id, 'string', text));

/** As people vary a name: `leakyrelu`, `Leaky_ReLU`, `hard_swish` for `hardswish`. */
const fold = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, '');

/** The strings that are handed on, by framework, as written and folded; what comes first goes first. */
const handedOn: ReadonlyMap<FrameworkId, ReadonlyMap<string, Spelling>> = new Map(
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
);

/** What a string means that people's code hands on to a framework's functions or layers: `silu`, `LeakyReLU`, `gelu_new`. */
export function handedOnSpelling(id: FrameworkId, text: string): Spelling | undefined {
  const known = handedOn.get(id);
  return stringSpelling(id, text) ?? known?.get(text) ?? known?.get(fold(text));
}

const inCalls: ReadonlyMap<string, Shelf> = new Map(
  Object.values(frameworks).flatMap(({ id, inCalls: all = [] }) =>
    all.flatMap(({ calls, strings }) => calls.map((call) => [`${id} ${call}`, strings] as const)),
  ),
);

/** True for a call that takes strings of its own. */
export const hasOwnStrings = (id: FrameworkId, callee: string): boolean => inCalls.has(`${id} ${callee}`);

/** A string in a call that takes strings of its own; its parameters stand in the same call. */
export function callSpelling(id: FrameworkId, callee: string, text: string): Spelling | undefined {
  const shelf = inCalls.get(`${id} ${callee}`);
  const item = shelf !== undefined && Object.hasOwn(shelf.items, text) ? shelf.items[text] : undefined;
  return shelf === undefined || item === undefined ? undefined : toSpelling(id, shelf, text, item);
}

export const methodSpelling = (id: FrameworkId, name: string): Spelling | undefined =>
  byForm.get(keyOf(id, 'method', name));

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

const TF_KERAS =
  /^(tensorflow\.(?:python\.|contrib\.|compat\.v[12]\.|_api\.v2\.)?keras|tf_keras|keras\.api\._v[12]\.keras)(\.src|\.api)?(?=\.|$)/;
const TF = /^tensorflow(\.compat\.v[12])?(?=\.|$)/;
/** Inside Keras, private modules lie between the public one and the name: `keras.src.layers.activations.relu.ReLU`. */
const KERAS_ROOM = /^((?:tf\.)?keras)\.(activations|layers|ops|initializers|backend)\.(?:\w+\.)*(\w+)$/;

/** An absolute path as it is imported, `tensorflow.compat.v1.keras.layers.ReLU`, under its public name, `tf.keras.layers.ReLU`. */
export function publicPath(path: string): string {
  const rooted = path
    .replace(TF_KERAS, 'tf.keras')
    .replace(TF, 'tf')
    .replace(/^keras\.(?:src|api)\./, 'keras.')
    .replace(/^(torch\.nn\.modules)\.\w+\./, '$1.')
    .replace(/^torch\.nn\.modules\./, 'torch.nn.');
  return rooted.replace(KERAS_ROOM, '$1.$2.$3');
}

/** What stands at an absolute path as it is imported. */
export function pathSpelling(path: string, language: CodeLanguage): Spelling | undefined {
  const known = publicPath(path);
  const dot = known.lastIndexOf('.');
  return byPath.get(pathKey(language, known.slice(0, dot), known.slice(dot + 1)));
}

/** Paths that lead to Keras 2 whatever is installed beside it: the package tf_keras, and TensorFlow's former copy. */
const ALWAYS_KERAS_2 = /^(tf_keras|tensorflow\.(python|contrib)\.keras|keras\.api\._v[12])(\.|$)/;

export const isAlwaysKeras2 = (path: string): boolean => ALWAYS_KERAS_2.test(path);

/** What a path of Keras is in its two versions; undefined for a path of anything else. */
export function kerasSpellings(
  path: string,
): { readonly two: Spelling | undefined; readonly three: Spelling | undefined } | undefined {
  const [, rest] = /^(?:tf\.)?keras\.(.+)$/.exec(publicPath(path)) ?? [];
  if (rest === undefined) return undefined;
  return { two: pathSpelling(`tf.keras.${rest}`, 'python'), three: pathSpelling(`keras.${rest}`, 'python') };
}

/** Whose function a path is: `keras.layers.Dense` is Keras's. Undefined for a path of no framework. */
export function frameworkOfPath(path: string, language: CodeLanguage): FrameworkId | undefined {
  const [root] = publicPath(path).split('.');
  if (language === 'javascript') return root === 'tf' ? 'tfjs' : undefined;
  if (root === 'keras') return 'keras';
  if (root === 'tf') return 'tf2';
  if (root === 'torch') return 'torch';
  return root === 'jax' || root === 'flax' ? 'jax' : undefined;
}
