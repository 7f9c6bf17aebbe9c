import { snakeCase } from '../../core/format/cases';
import type { CodeLanguage, FrameworkId } from '../../core/frameworks/framework';
import { publicPath } from '../../core/frameworks/paths';
import { jaxInitializer } from '../models/flax/initializer';
import { type InitializerKind, kerasInitializer } from '../models/keras/initializer';
import { torchFillMethod, torchInitializer } from '../models/torch/initialise';

/** A framework's initialiser by its name. */
export interface NamedInitializer {
  readonly framework: FrameworkId;
  readonly name: string;
  /** Undefined where the numbers that it draws are not known here. */
  readonly kind: InitializerKind | undefined;
  /** Whether a call of it has the tensor first: torch.nn.init's functions. */
  readonly fills: boolean;
  readonly docs: string;
}

/** Keras's classes; strings and functions are these in snake_case, TensorFlow.js's in camelCase. */
const classes = [
  'Zeros',
  'Ones',
  'Constant',
  'RandomNormal',
  'RandomUniform',
  'TruncatedNormal',
  'VarianceScaling',
  'GlorotUniform',
  'GlorotNormal',
  'HeNormal',
  'HeUniform',
  'LecunNormal',
  'LecunUniform',
  'Orthogonal',
  'Identity',
] as const;

/** TensorFlow.js writes LeCun's with a capital C. */
const tfjsSpelling = (name: string): string => (name[0]!.toLowerCase() + name.slice(1)).replace('lecun', 'leCun');

/** The class that each of Keras's strings and functions stands for. */
const keras: ReadonlyMap<string, string> = new Map<string, string>([
  ...classes.flatMap((name) => [[name, name] as const, [snakeCase(name), name] as const]),
  ['normal', 'RandomNormal'],
  ['uniform', 'RandomUniform'],
  ['one', 'Ones'],
  ['zero', 'Zeros'],
]);

const tfjs: ReadonlySet<string> = new Set(classes.map(tfjsSpelling));

/** TensorFlow's own names beside tf.keras's. */
const tensorflow: Readonly<Record<string, string>> = {
  'tf.random_normal_initializer': 'RandomNormal',
  'tf.random_uniform_initializer': 'RandomUniform',
  'tf.zeros_initializer': 'Zeros',
  'tf.ones_initializer': 'Ones',
  'tf.constant_initializer': 'Constant',
};

const tensorflowPage = 'https://www.tensorflow.org/versions/r2.15/api_docs/python/tf';

function kerasNamed(name: string, known: string, framework: 'keras' | 'tf2'): NamedInitializer {
  const docs =
    framework === 'keras'
      ? `https://keras.io/api/layers/initializers/#${known.toLowerCase()}-class`
      : `${tensorflowPage}/keras/initializers/${known}`;
  return { framework, name, kind: kerasInitializer(known), fills: false, docs };
}

const tfjsNamed = (name: string): NamedInitializer => ({
  framework: 'tfjs',
  name,
  kind: kerasInitializer(name),
  fills: false,
  docs: `https://js.tensorflow.org/api/latest/#initializers.${tfjsSpelling(name)}`,
});

/** A string that a framework takes for an initialiser; PyTorch and JAX take none. */
export function initializerString(id: FrameworkId, text: string): NamedInitializer | undefined {
  if (id === 'keras' || id === 'tf2') {
    const known = keras.get(text);
    return known === undefined ? undefined : kerasNamed(text, known, id);
  }
  if (id !== 'tfjs') return undefined;
  const isClass = (classes as readonly string[]).includes(text.replace('LeCun', 'Lecun'));
  return isClass || tfjs.has(text) ? tfjsNamed(text) : undefined;
}

const jaxModule = /^(?:jax\.nn|flax\.linen|flax\.(?:experimental\.)?nnx|flax\.nn)(?:\.nn)?\.initializers\.(\w+)$/;
const torchModule = /^torch\.nn\.init\.(\w+)$/;
const tensorflowModule = /^tf\.(?:keras\.)?initializers\.(\w+)$/;
const kerasModule = /^keras\.initializers\.(\w+)$/;

/** Functions whose numbers are not told one by one. */
const jaxOthers: ReadonlySet<string> = new Set(['delta_orthogonal']);

function torchNamed(name: string): NamedInitializer | undefined {
  const kind = torchInitializer(name);
  if (kind === undefined) return undefined;
  const docs = `https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.${name.replace(/_?$/, '_')}`;
  return { framework: 'torch', name, kind, fills: true, docs };
}

function jaxNamed(name: string): NamedInitializer | undefined {
  const kind = jaxInitializer(name);
  if (kind === undefined && !jaxOthers.has(name)) return undefined;
  const docs = `https://docs.jax.dev/en/latest/_autosummary/jax.nn.initializers.${name.replace(/_init$/, '')}.html`;
  return { framework: 'jax', name, kind, fills: false, docs };
}

/** What stands at an absolute path as it is imported. TensorFlow 1's have other defaults, and are left out. */
export function initializerPath(path: string, language: CodeLanguage): NamedInitializer | undefined {
  const known = publicPath(path);
  if (language === 'javascript') {
    const [, name] = /^tf\.initializers\.(\w+)$/.exec(known) ?? [];
    return name !== undefined && tfjs.has(name) ? tfjsNamed(name) : undefined;
  }
  if (path.includes('.compat.v1.')) return undefined;
  const [, torch] = torchModule.exec(known) ?? [];
  if (torch !== undefined) return torchNamed(torch);
  const [, jax] = jaxModule.exec(path) ?? [];
  if (jax !== undefined) return jaxNamed(jax);
  const last = known.slice(known.lastIndexOf('.') + 1);
  if (Object.hasOwn(tensorflow, known)) return kerasNamed(last, tensorflow[known]!, 'tf2');
  const framework = kerasModule.test(known) ? 'keras' : tensorflowModule.test(known) ? 'tf2' : undefined;
  const found = framework && keras.get(last);
  return found === undefined ? undefined : kerasNamed(last, found, framework!);
}

/** A method of a PyTorch tensor that fills it. */
export function initializerMethod(name: string): NamedInitializer | undefined {
  const kind = torchFillMethod(name);
  const docs = `https://docs.pytorch.org/docs/stable/generated/torch.Tensor.${name}.html`;
  return kind && { framework: 'torch', name, kind, fills: false, docs };
}

const explanations: Readonly<Record<string, string>> = {
  identity: 'Ones on the diagonal, zeros elsewhere: a square layer hands its input on unchanged.',
  eye: 'Ones on the diagonal, zeros elsewhere: a square layer hands its input on unchanged.',
  dirac: 'One weight of 1 per channel, zeros elsewhere: a convolution hands its channels on unchanged.',
  sparse: 'A given share of every column is 0; the other weights are drawn from a normal.',
  deltaorthogonal: 'An orthogonal matrix at the centre of a convolution’s kernel, zeros elsewhere: it keeps lengths.',
};

/** What an initialiser does that draws no independent numbers. */
export const initializerExplanation = (name: string): string | undefined =>
  explanations[name.toLowerCase().replaceAll('_', '')];
