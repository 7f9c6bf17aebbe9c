import type { FrameworkId, Spelling } from '../core/frameworks/framework';
import { type FrameworkActivation, resolveSpelling, type WrittenArgument } from '../core/frameworks/resolve';
import {
  type CodeLanguage,
  frameworkOfPath,
  handedOnSpelling,
  methodSpelling,
  pathSpelling,
  publicPath,
  stringSpelling,
  stringSpellings,
} from '../core/frameworks/spellings';
import type { Argument } from './arguments';
import { completionAt } from './completion';
import type { NotebookContext, ParsedDocument } from './document';
import { type Framework, frameworksIn, isOnTorch } from './frameworks';
import { type Mention, mentionAt } from './mentions';
import { alone } from './place';
import { isOtherLibrary } from './results';

/** What the reader of a text decides where the text does not say it. */
export interface ReadingOptions {
  /** Which Keras `tensorflow.keras` is: 2 up to TensorFlow 2.15, 3 from 2.16 on. */
  readonly tensorflowKeras: 2 | 3;
}

/** An activation in somebody's code. */
export interface CodeActivation {
  readonly mention: Mention;
  readonly spelling: Spelling;
  /** Undefined for what is not element-wise. */
  readonly found: FrameworkActivation | undefined;
}

export const codeLanguage = ({ language }: ParsedDocument): CodeLanguage =>
  language === 'python' ? 'python' : 'javascript';

const ids: Readonly<Record<Framework, FrameworkId>> = {
  keras: 'keras',
  tensorflow: 'tf2',
  torch: 'torch',
  jax: 'jax',
  tfjs: 'tfjs',
};

const withKeras3 = (id: FrameworkId, options: ReadingOptions): FrameworkId =>
  id === 'tf2' && options.tensorflowKeras === 3 ? 'keras' : id;

/** A path of tf.keras that only Keras 3 has, such as tf.keras.activations.squareplus, tells which Keras it is. */
export function spellingOfPath(path: string, language: CodeLanguage, options: ReadingOptions): Spelling | undefined {
  const known = publicPath(path);
  const keras3 = known.startsWith('tf.keras.') ? known.replace('tf.keras.', 'keras.') : undefined;
  const own = pathSpelling(path, language);
  if (language !== 'python' || keras3 === undefined) return own;
  const newer = pathSpelling(keras3, language);
  return options.tensorflowKeras === 3 ? (newer ?? own) : (own ?? newer);
}

/**
 * A string that tf.keras 2 does not know is Keras 3's. PyTorch takes few strings and JAX none, but people's code and
 * libraries take any: those are known where the call is not the framework's own.
 */
export function spellingOfString(id: FrameworkId, text: string, callee?: string): Spelling | undefined {
  const own = stringSpelling(id, text);
  if (own !== undefined || id === 'tf2') return own ?? stringSpelling('keras', text);
  if (callee !== undefined && frameworkOfPath(callee, 'python') === 'torch') return undefined;
  // Configurations also spell a path: `torch.nn.GELU`.
  return text.includes('.') ? pathSpelling(text.replace(/^nn\./, 'torch.nn.'), 'python') : handedOnSpelling(id, text);
}

/** In the order in which their strings are likelier: PyTorch and JAX seldom take any. */
const likely: readonly Framework[] = ['keras', 'tensorflow', 'tfjs', 'torch', 'jax'];

/** The framework whose strings a call takes; that of the file where the call is the file's own. */
export function frameworkOfCall(
  callee: string | undefined,
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): FrameworkId | undefined {
  if (callee !== undefined) {
    const id = frameworkOfPath(callee, codeLanguage(document));
    return id === undefined ? undefined : withKeras3(id, options);
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
  if (isOnTorch(callee)) return 'torch';
  return isOtherLibrary(callee) ? undefined : frameworkOfFile(document, context, options);
}

function frameworkOfFile(
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): FrameworkId | undefined {
  const present = frameworksIn(document, context);
  const first = likely.find((each) => present.has(each));
  return first === undefined ? undefined : withKeras3(ids[first], options);
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

function spellingOfMethod(mention: Mention, name: string, sure: boolean, id: FrameworkId): Spelling | undefined {
  const spelling = sure || !everyday.has(name) ? methodSpelling(id, name) : undefined;
  return spelling && takes(spelling, mention.arguments, mention.incomplete) ? spelling : undefined;
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
        const spelling = spellingOfPath(path, language, options);
        if (spelling) return spelling;
      }
      return undefined;
    case 'string': {
      if (reference.names !== 'activation') return undefined;
      const id = frameworkOfActivation(reference.callee, document, context, options);
      return id === undefined ? undefined : spellingOfString(id, reference.text, reference.callee);
    }
    case 'method': {
      const id = language === 'python' ? 'torch' : 'tfjs';
      if (!frameworksIn(document, context).has(id)) return undefined;
      return spellingOfMethod(mention, reference.name, reference.sure, id);
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
  given: readonly Pick<Argument, 'name' | 'position' | 'value' | 'text'>[],
): WrittenArgument[] {
  const tensors = spelling.form === 'function' ? 1 : 0;
  return given.flatMap(({ name, position, value, text }): WrittenArgument[] => {
    if (name !== undefined) return besides.has(name) ? [] : [{ name, value, text }];
    if (position === undefined || position < tensors) return [];
    return [{ position: position - tensors, value, text }];
  });
}

/** The activation at an offset; undefined where there is none, or none of a framework. */
export function activationAt(
  document: ParsedDocument,
  offset: number,
  options: ReadingOptions,
  context: NotebookContext = alone,
): CodeActivation | undefined {
  const mention = mentionAt(document, offset, context);
  const spelling = mention && spellingOf(mention, document, context, options);
  if (!mention || !spelling) return undefined;
  const written = mention.called ? writtenArguments(spelling, mention.arguments) : [];
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
