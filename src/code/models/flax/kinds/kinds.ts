import { pathSpelling } from '../../../../core/frameworks/spellings';
import { flavourOf, type LayerKind, type LayerKinds } from '../layer';
import { lastPart } from '../state';
import { attentionKinds } from './attention';
import { activationKind, plainKinds } from './plain';
import { recurrentKinds } from './recurrent';
import { convolutions } from './space';
import { weightedKinds } from './weighted';

const kindsOf = (flavour: 'linen' | 'nnx'): LayerKinds => ({
  ...plainKinds,
  ...weightedKinds,
  ...convolutions(flavour),
  ...recurrentKinds(flavour),
  ...attentionKinds(flavour),
});

const kinds = { linen: kindsOf('linen'), nnx: kindsOf('nnx') };

/** `flax.linen.Dense`, `flax.nnx.Linear`, and the modules where they really stand. */
const modules =
  /^flax\.(linen|(experimental\.)?nnx)\.((linear|normalization|stochastic|recurrent|attention|nn\.\w+)\.)?[A-Z]\w*$/;

/** True for a class of Flax's layers, known or not. */
export const isLayerPath = (path: string): boolean => modules.test(path);

/** The kind of layer that a class makes; undefined for one that is not known. */
export function kindOf(path: string): LayerKind | undefined {
  if (!modules.test(path)) return undefined;
  const known = kinds[flavourOf(path)];
  const name = lastPart(path);
  if (Object.hasOwn(known, name)) return known[name];
  return pathSpelling(path, 'python')?.form === 'layer' ? activationKind : undefined;
}
