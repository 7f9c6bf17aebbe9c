import type { Language } from '../../../../../src/code/language';
import { equinoxForms } from './equinoxForms';
import { flaxForms } from './flaxForms';
import { haikuForms } from './haikuForms';
import { kerasForms } from './kerasForms';
import { tfjsForms } from './tfjsForms';
import { torchForms } from './torchForms';

/** Each framework with the ways in which people write its models. */
export const forms = {
  PyTorch: torchForms,
  Keras: kerasForms,
  'TensorFlow.js': tfjsForms,
  Flax: flaxForms,
  Equinox: equinoxForms,
  Haiku: haikuForms,
};
export type Framework = keyof typeof forms;
export const frameworks = Object.keys(forms) as readonly Framework[];

export const languageOf = (framework: Framework): Language => (framework === 'TensorFlow.js' ? 'javascript' : 'python');
