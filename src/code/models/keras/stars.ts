import { layerInAnyCase } from '../../../core/frameworks/layers';
import { kerasPath } from './state';

const models = /^(Model|Sequential|Functional|clone_model|load_model|save_model|model_from_\w+)$/;
const layerBases =
  /^(Input|InputLayer|InputSpec|Layer|Wrapper|concatenate|add|subtract|multiply|average|maximum|merge)$/;

/** The module of Keras that has a name. */
function moduleOf(name: string): string | undefined {
  if (models.test(name)) return 'keras.models';
  const isClass = name[0] !== name[0]?.toLowerCase();
  const isLayer = layerBases.test(name) || (isClass && layerInAnyCase('keras', name) !== undefined);
  return isLayer ? 'keras.layers' : undefined;
}

/** Whether `from module import *` brings a name; undefined where that is not known. */
export function bringsName(module: string, name: string): boolean | undefined {
  const own = moduleOf(name);
  if (own === undefined) return undefined;
  const known = kerasPath(module);
  if (known === 'keras') return own === 'keras.models' || name === 'Input';
  if (/^keras\.(engine|training)\b/.test(known)) return own === 'keras.models' || /^(Input|Layer|merge)/.test(name);
  return known === own || known.startsWith(`${own}.`);
}
