import { meant } from '../activations/nearest';
import type { FrameworkId, Spelling } from './framework';
import { isNotElementWiseName } from './notElementWise';
import { standsIn } from './paths';
import { spellings } from './spellings';

const fold = (name: string): string => name.toLowerCase().replace(/[_\s]/g, '');

/**
 * Finds what a person means by a name: `LeakyReLU`, `leaky_relu`, `nn.LeakyReLU`, `keras.layers.ReLU`, `hardSigmoid`.
 * Exact spellings go before ones that differ in case or underscores, and Keras before the others.
 */
export function findSpelling(name: string, id?: FrameworkId): Spelling | undefined {
  const text = name.trim().replace(/\(\s*\)$/, '');
  const dot = text.lastIndexOf('.');
  const [module, last] = dot < 0 ? ['', text] : [text.slice(0, dot), text.slice(dot + 1)];
  const candidates = spellings.filter(
    (spelling) =>
      (id === undefined || spelling.framework === id) &&
      (module === '' || standsIn(spelling.framework, spelling.name, spelling.modules, module)),
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
