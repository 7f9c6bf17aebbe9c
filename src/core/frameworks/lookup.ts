import { meant } from '../activations/nearest';
import type { FrameworkId, Spelling } from './framework';
import { isNotElementWiseName } from './notElementWise';
import { spellings } from './spellings';

const fold = (name: string): string => name.toLowerCase().replace(/[_\s]/g, '');

/** How people shorten a module: `nn.GELU`, `layers.ReLU`, `F.relu`. */
const moduleEnds: Readonly<Record<string, readonly string[]>> = {
  'torch.nn.functional': ['f', 'functional', 'nn.functional'],
  'torch.nn': ['nn'],
  'keras.layers': ['layers'],
  'keras.activations': ['activations'],
  'tf.keras.layers': ['tf.keras.layers', 'layers'],
  'tf.keras.backend': ['keras.backend', 'backend', 'k'],
  'tf.layers': ['tf.layers', 'layers'],
  'jax.numpy': ['jnp', 'numpy'],
  'flax.linen': ['nn', 'linen'],
  'flax.nnx': ['nnx'],
  'jax.nn': ['nn'],
};

/** Of TensorFlow's functions, `tf` itself has these; the others are TensorFlow.js's there. */
const TF_ITSELF: ReadonlySet<string> = new Set(['sigmoid', 'tanh']);

const standsIn = ({ framework, name, modules }: Spelling, module: string): boolean =>
  module === 'tf' && framework === 'tf2'
    ? modules.includes('tf') && TF_ITSELF.has(name)
    : modules.some((each) => each === module || (moduleEnds[each]?.includes(module.toLowerCase()) ?? false));

/**
 * Finds what a person means by a name: `LeakyReLU`, `leaky_relu`, `nn.LeakyReLU`, `keras.layers.ReLU`, `hardSigmoid`.
 * Exact spellings go before ones that differ in case or underscores, and Keras before the others.
 */
export function findSpelling(name: string, id?: FrameworkId): Spelling | undefined {
  const text = name.trim().replace(/\(\s*\)$/, '');
  const dot = text.lastIndexOf('.');
  const [module, last] = dot < 0 ? ['', text] : [text.slice(0, dot), text.slice(dot + 1)];
  const candidates = spellings.filter(
    (spelling) => (id === undefined || spelling.framework === id) && (module === '' || standsIn(spelling, module)),
  );
  return (
    candidates.find((spelling) => spelling.name === last) ??
    candidates.find((spelling) => fold(spelling.name) === fold(last)) ??
    // The catalogue's own name serves in a framework that spells it otherwise: soft_shrink for PyTorch's softshrink.
    (module === '' ? candidates.find((spelling) => fold(spelling.activation) === fold(last)) : undefined)
  );
}

/**
 * The end of a sentence about a name that is not known: the spellings near to it, or all of them.
 *
 * @param kind leaves out what is no function of one number where only such functions will do
 */
export function meantSpelling(name: string, id?: FrameworkId, kind: 'any' | 'element-wise' = 'any'): string {
  const known = spellings.filter(
    ({ framework, activation }) =>
      (id === undefined || framework === id) && (kind === 'any' || !isNotElementWiseName(activation)),
  );
  return meant(
    name.split('.').at(-1) ?? name,
    known.map((spelling) => spelling.name),
  );
}

/** The frameworks that have a name under some spelling. */
export const frameworksWith = (name: string): FrameworkId[] => [
  ...new Set(
    spellings
      .filter(({ name: own, activation }) => [fold(own), fold(activation)].includes(fold(name)))
      .map((spelling) => spelling.framework),
  ),
];
