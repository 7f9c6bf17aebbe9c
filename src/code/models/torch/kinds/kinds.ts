import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { LayerKind, LayerKinds } from '../layer';
import { lastPart } from '../state';
import { attentionKinds } from './attention';
import { activationKind, plainKinds } from './plain';
import { recurrentKinds } from './recurrent';
import { movingKinds, spaceKinds } from './space';
import { weightedKinds } from './weighted';

const kinds: LayerKinds = {
  ...plainKinds,
  ...spaceKinds,
  ...movingKinds,
  ...weightedKinds,
  ...recurrentKinds,
  ...attentionKinds,
};

const modules = /^torch\.nn\.(modules\.(\w+\.)?)?\w+$/;

/** The kind of layer that a class of torch.nn makes; undefined for one that is not known. */
export function kindOf(path: string): LayerKind | undefined {
  if (!modules.test(path)) return undefined;
  return kindNamed(lastPart(path)) ?? (pathSpelling(path, 'python')?.form === 'layer' ? activationKind : undefined);
}

export const kindNamed = (name: string): LayerKind | undefined =>
  Object.hasOwn(kinds, name) ? kinds[name] : undefined;
