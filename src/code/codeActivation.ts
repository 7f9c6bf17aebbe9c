import { type CodeLanguage, type FrameworkId, frameworkIds, type Spelling } from '../core/frameworks/framework';
import { isAlwaysKeras2, kerasSpellings } from '../core/frameworks/kerasVersions';
import { frameworkOfLibrary, frameworkOfPath, publicPath } from '../core/frameworks/paths';
import { type FrameworkActivation, resolveSpelling, type WrittenArgument } from '../core/frameworks/resolve';
import {
  callSpelling,
  handedOnSpelling,
  hasOwnStrings,
  methodSpelling,
  pathSpelling,
  stringSpelling,
  stringSpellings,
} from '../core/frameworks/spellings';
import { isActivationName, positionsOf, slotWhere } from './activationString';
import type { Argument } from './arguments';
import { bindingsOf } from './bindings';
import { completionAt } from './completion';
import { codeLanguage, type NotebookContext, type ParsedDocument } from './document';
import { frameworksIn } from './frameworks';
import { handedOver } from './handedOver';
import { isOldKeras, type ReadingOptions, versionsIn } from './kerasVersion';
import { type Mention, mentionAt } from './mentions';
import { alone, at, type Place } from './place';
import { isOtherLibrary } from './results';

export type { ReadingOptions } from './kerasVersion';

/** An activation in somebody's code. */
export interface CodeActivation {
  readonly mention: Mention;
  readonly spelling: Spelling;
  /** Undefined for what is not element-wise. */
  readonly found: FrameworkActivation | undefined;
}

const withKeras3 = (id: FrameworkId, options: ReadingOptions): FrameworkId =>
  id === 'tf2' && options.tensorflowKeras === 3 ? 'keras' : id;

const takesAll = ({ parameters }: Spelling, names: readonly string[]): boolean =>
  names.every((name) => parameters.some((each) => each.name === name || each.alsoNamed?.includes(name)));

/**
 * A path that only one Keras has, such as tf.keras.activations.squareplus or keras.backend.relu, tells which it is; and so
 * does an argument's name.
 */
export function spellingOfPath(
  path: string,
  language: CodeLanguage,
  options: ReadingOptions,
  names: readonly string[] = [],
): Spelling | undefined {
  const versions = language === 'python' ? kerasSpellings(path) : undefined;
  if (versions === undefined) return pathSpelling(path, language);
  const { two, three } = versions;
  if (isAlwaysKeras2(path)) return two;
  const isAlone = path.startsWith('keras.');
  const version = isAlone ? (isOldKeras(path) ? 2 : (options.standaloneKeras ?? 3)) : options.tensorflowKeras;
  const [likely, other] = version === 2 ? [two, three] : [three, two];
  const isOther = likely === undefined || (other !== undefined && !takesAll(likely, names) && takesAll(other, names));
  const found = isOther ? other : likely;
  return found !== undefined && found === two && isAlone ? ofKeras2(found) : found;
}

/** Keras 2 on its own is not TensorFlow. */
const ofKeras2 = (spelling: Spelling): Spelling => ({ ...spelling, label: 'Keras 2' });

/**
 * A string that tf.keras 2 does not know is Keras 3's. PyTorch takes few strings and JAX none, but people's code and
 * libraries take any: those are known where the call is not the framework's own.
 */
export function spellingOfString(id: FrameworkId, text: string, callee?: string): Spelling | undefined {
  if (callee !== undefined && hasOwnStrings(id, callee)) return callSpelling(id, callee, text);
  const own = stringSpelling(id, text);
  if (own !== undefined || id === 'tf2') return own ?? handedOnSpelling(id, text) ?? stringSpelling('keras', text);
  if (callee !== undefined && frameworkOfPath(callee, 'python') === 'torch') return undefined;
  // Configurations also spell a path: `torch.nn.GELU`.
  return text.includes('.') ? pathSpelling(text.replace(/^nn\./, 'torch.nn.'), 'python') : handedOnSpelling(id, text);
}

/** The framework whose strings a call takes; that of the file where the call is the file's own. */
export function frameworkOfCall(
  callee: string | undefined,
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): FrameworkId | undefined {
  if (callee !== undefined) {
    const id = frameworkOfPath(callee, codeLanguage(document));
    if (isAlwaysKeras2(callee)) return id;
    const isOld =
      id === 'keras' && (isOldKeras(callee) || versionsIn(document, context, options).standaloneKeras === 2);
    return isOld ? 'tf2' : id && withKeras3(id, versionsIn(document, context, options));
  }
  return frameworkOfFile(document, context, options);
}

/** The same where a string names an activation: a library that is not known hands it on to the framework of the file. */
function frameworkOfActivation(
  callee: string | undefined,
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): FrameworkId | undefined {
  const id = frameworkOfCall(callee, document, context, options);
  if (id !== undefined || callee === undefined || codeLanguage(document) !== 'python') return id;
  const library = frameworkOfLibrary(callee);
  if (library !== undefined || isOtherLibrary(callee)) return library;
  return frameworkOfFile(document, context, options);
}

function frameworkOfFile(
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): FrameworkId | undefined {
  const present = frameworksIn(document, context);
  // Their order is that in which their strings are likelier: PyTorch and JAX seldom take any.
  const first = frameworkIds.find((each) => present.has(each));
  if (first === undefined) return undefined;
  const versions = versionsIn(document, context, options);
  if (first === 'keras' && versions.standaloneKeras === 2) return 'tf2';
  // tf_keras without TensorFlow's own Keras is Keras 2.
  const isKeras2 = first === 'tf2' && importsOnlyKeras2(document, context);
  return isKeras2 ? 'tf2' : withKeras3(first, versions);
}

/** Methods that many an object has: of these only a tensor's are taken. */
const everyday: ReadonlySet<string> = new Set(['step']);

/** Where a call's argument may stand for the tensor's: a number, or a name that says so. */
const meansParameter = ({ value, text }: Argument): boolean =>
  value === undefined
    ? /(dim|axis|weight|alpha|slope|lambd|threshold)s?\d?\W*$/i.test(text)
    : typeof value === 'number';

/**
 * True where a tensor's method takes these arguments. `net.relu(x)` is another's: a layer of a network, a function of a
 * module that nothing imports.
 */
function takes({ parameters }: Spelling, given: readonly Argument[], incomplete: boolean): boolean {
  if (incomplete && parameters.length === 0) return false;
  return given.every((argument) => {
    const { name, position } = argument;
    if (name !== undefined) return name === 'dtype' || parameters.some((each) => each.name === name);
    const isFree = position !== undefined && position < parameters.length;
    return isFree && !given.some((each) => each.name === parameters[position]!.name) && meansParameter(argument);
  });
}

/** The names of the arguments that may set a parameter. */
const namesIn = ({ called, arguments: given }: Mention): string[] =>
  called ? given.flatMap(({ name }) => (name === undefined || besides.has(name) ? [] : [name])) : [];

/** The old name of `kaiming_normal_`, and modules in between, are the same call. */
const calleeOf = (callee: string | undefined): string | undefined => callee && publicPath(callee);

/** True where a string means Keras on its own: its call is Keras's, or the file imports no other. */
const isKerasAlone = (callee: string | undefined, document: ParsedDocument, context: NotebookContext): boolean =>
  callee === undefined ? frameworksIn(document, context).has('keras') : callee.startsWith('keras.');

function spellingOfMethod(mention: Mention, name: string, sure: boolean, id: FrameworkId): Spelling | undefined {
  const spelling = sure || !everyday.has(name) ? methodSpelling(id, name) : undefined;
  return spelling && takes(spelling, mention.arguments, mention.incomplete) ? spelling : undefined;
}

function importsOnlyKeras2(document: ParsedDocument, context: NotebookContext): boolean {
  const paths = [...context.before, document, ...context.after].flatMap((cell) => [...bindingsOf(cell).imported]);
  return paths.some(isAlwaysKeras2) && !paths.some((path) => path.startsWith('tensorflow.keras'));
}

function spellingOf(
  mention: Mention,
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): Spelling | undefined {
  const { reference } = mention;
  const language = codeLanguage(document);
  switch (reference.kind) {
    case 'path':
      for (const path of [reference.path, ...(reference.alternatives ?? [])]) {
        const spelling = spellingOfPath(path, language, versionsIn(document, context, options), namesIn(mention));
        if (spelling) return spelling;
      }
      return undefined;
    case 'string': {
      if (reference.names !== 'activation') return undefined;
      const id = frameworkOfActivation(reference.callee, document, context, options);
      const spelling = id && spellingOfString(id, reference.text, calleeOf(reference.callee));
      return spelling && id === 'tf2' && isKerasAlone(reference.callee, document, context)
        ? ofKeras2(spelling)
        : spelling;
    }
    case 'method': {
      for (const id of frameworksIn(document, context)) {
        const spelling = spellingOfMethod(mention, reference.name, reference.sure, id);
        if (spelling) return spelling;
      }
      return undefined;
    }
  }
}

/** Names of the tensor, and of what every layer takes: they do not change the function. */
const besides: ReadonlySet<string> = new Set(
  'x input features logits name dtype trainable autocast device input_shape inputShape batch_input_shape batchInputShape batch_size batchSize input_dim shared_axes sharedAxes alpha_regularizer alpha_constraint param_dtype activity_regularizer'.split(
    ' ',
  ),
);

/** The arguments that set parameters, counted as the catalogue counts them: a function's tensor is not among them. */
export function writtenArguments(
  spelling: Spelling,
  given: readonly Pick<Argument, 'name' | 'position' | 'value' | 'text' | 'fills'>[],
): WrittenArgument[] {
  const tensors = spelling.form === 'function' ? 1 : 0;
  const takesInitializer = spelling.parameters.some((each) => each.initializer);
  return given.flatMap(({ name, position, value: known, text, fills }): WrittenArgument[] => {
    const value = takesInitializer ? (known ?? fills) : known;
    if (name !== undefined) return besides.has(name) ? [] : [{ name, value, text }];
    if (position === undefined || position < tensors) return [];
    return [{ position: position - tensors, value, text }];
  });
}

/** The parameters of a string that stand beside it in its call: `leakyreluAlpha`, the `a` of kaiming_normal_. */
const besideString = ({ parameters }: Spelling, beside: readonly Argument[]): WrittenArgument[] =>
  beside.flatMap(({ name, position, value, text }): WrittenArgument[] => {
    const own = parameters.find((each) => each.name === name || (position !== undefined && each.at === position));
    return own === undefined ? [] : [{ name: own.name, value, text }];
  });

/**
 * What `nn.Identity` is at a mention: an activation where it is handed over as one or bound to a name of one, a placeholder
 * at its own name, and nothing at other names bound to it.
 */
function asPlaced(
  spelling: Spelling,
  { from, to, reference }: Mention,
  place: Omit<Place, 'node'>,
): Spelling | undefined {
  if (!spelling.placeholder || reference.kind === 'string') return { ...spelling, placeholder: false };
  const name = place.document.text.slice(from, to);
  const leaf = place.document.tree.resolveInner(from, 1);
  const isOwn = name === spelling.name;
  const isActivation = isOwn
    ? slotWhere(handedOver(at(place, leaf)), isActivationName, positionsOf) !== undefined
    : isActivationName(name);
  if (isActivation) return { ...spelling, placeholder: false };
  return isOwn ? spelling : undefined;
}

/** The activation at an offset; undefined where there is none, or none of a framework. */
export function activationAt(
  document: ParsedDocument,
  offset: number,
  options: ReadingOptions,
  context: NotebookContext = alone,
): CodeActivation | undefined {
  const mention = mentionAt(document, offset, context);
  const named = mention && spellingOf(mention, document, context, options);
  const spelling = named && asPlaced(named, mention, { document, context });
  if (!mention || !spelling) return undefined;
  const written =
    mention.reference.kind === 'string'
      ? besideString(spelling, mention.reference.beside)
      : mention.called
        ? writtenArguments(spelling, mention.arguments)
        : [];
  return { mention, spelling, found: resolveSpelling(spelling, written) };
}

/** The names that may stand where one is being typed, and what they replace. */
export interface ActivationNames {
  readonly from: number;
  readonly to: number;
  readonly spellings: readonly Spelling[];
}

/** What a person can complete at an offset; undefined where no activation's name is expected. */
export function activationNamesAt(
  document: ParsedDocument,
  offset: number,
  options: ReadingOptions,
  context: NotebookContext = alone,
): ActivationNames | undefined {
  const place = completionAt(document, offset, context);
  const id = place && frameworkOfActivation(place.callee, document, context, options);
  if (!place || id === undefined) return undefined;
  return { from: place.from, to: place.to, spellings: stringSpellings(id) };
}
