import { camelCase } from '../../format/cases';
import type { Initializer, VarianceScalingName } from '../../initializers/initializer';
import { type FrameworkInitializers, type InitializerKind, numeral } from '../initializerKinds';
import { kerasClasses } from '../keras/initializers';

/** Its functions: Keras's classes in camelCase, but with a capital C in LeCun's. */
const functionOf = (name: string): string => (name[0]!.toLowerCase() + name.slice(1)).replace('lecun', 'leCun');

const named = (spell: (name: string) => string): Record<string, InitializerKind> =>
  Object.fromEntries(Object.entries(kerasClasses).map(([name, kind]) => [spell(name), kind]));

const functions = named(functionOf);

/** Strings may be the classes' names as well. */
const strings = { ...functions, ...named((name) => name), ...named((name) => name.replace('Lecun', 'LeCun')) };

const docs = (name: string) => `https://js.tensorflow.org/api/latest/#initializers.${functionOf(name)}`;

const scaling = (name: VarianceScalingName): string => camelCase(name).replace('lecun', 'leCun');

function written(initializer: Initializer): string | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros';
    case 'constant':
      return initializer.value === 1 ? 'ones' : `constant({value: ${numeral(initializer.value)}})`;
    case 'normal':
      return `randomNormal({mean: ${numeral(initializer.mean)}, stddev: ${numeral(initializer.stddev)}})`;
    case 'truncated_normal':
      return `truncatedNormal({mean: ${numeral(initializer.mean)}, stddev: ${numeral(initializer.stddev)}})`;
    case 'uniform':
      return `randomUniform({minval: ${numeral(initializer.min)}, maxval: ${numeral(initializer.max)}})`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal' : `orthogonal({gain: ${numeral(initializer.gain)}})`;
    case 'variance_scaling': {
      const { scale, distribution } = initializer;
      if (distribution === 'untruncated_normal') return undefined;
      const shape = distribution === 'uniform' ? 'uniform' : 'normal';
      return `varianceScaling({scale: ${numeral(scale)}, mode: '${camelCase(initializer.mode)}', distribution: '${shape}'})`;
    }
    default:
      return scaling(initializer.kind);
  }
}

export const initializers: FrameworkInitializers = {
  shelves: [
    { form: 'string', modules: [], items: strings, docs },
    { form: 'function', modules: ['tf.initializers'], items: functions, docs },
  ],
  written,
  scaling,
  cutsOff: true,
};
