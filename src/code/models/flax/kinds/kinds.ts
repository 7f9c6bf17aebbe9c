import type { LayerSignature } from '../../../../core/frameworks/layerSignature';
import { layerSignature } from '../../../../core/frameworks/layers';
import { pathSpelling } from '../../../../core/frameworks/spellings';
import { flavourOf, type LayerKind, type Maker, type Makers } from '../layer';
import { type Flavour, lastPart } from '../state';
import { attentions } from './attention';
import { equinoxKinds } from './equinox';
import { haikuKinds } from './haiku';
import { activationKind, plain } from './plain';
import { recurrents } from './recurrent';
import { space } from './space';
import { weighted } from './weighted';

const makers: Makers = { ...plain, ...weighted, ...space, ...recurrents, ...attentions };

/** `flax.linen.Dense`, `flax.nnx.Linear`, and the modules where they really stand. */
const modules =
  /^flax\.(linen|(experimental\.)?nnx)\.((linear|normalization|stochastic|recurrent|attention|activation|nn\.\w+)\.)?[A-Z]\w*$/;

/** `equinox.nn.Linear`, `haiku.Conv2D`, `haiku.nets.MLP`. */
const others = /^(equinox\.nn|haiku(\.nets)?)\.[A-Z]\w*$/;
/** What is no layer, although it stands among them. */
const noLayer =
  /^(equinox\.nn\.(State|StateIndex)|haiku\.(Module|Params|State|RNNCore|LSTMState|Transformed\w*|PRNGSequence|MutableParams))$/;

/** True for a class of the libraries' layers, known or not. */
export const isLayerPath = (path: string): boolean => (modules.test(path) || others.test(path)) && !noLayer.test(path);

/** The kind of layer that a class makes; undefined for one that is not known. */
export function kindOf(path: string): LayerKind | undefined {
  if (others.test(path)) {
    const kinds = path.startsWith('haiku') ? haikuKinds : equinoxKinds;
    const name = lastPart(path);
    return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  }
  if (!modules.test(path)) return undefined;
  const known = kindIn(flavourOf(path), lastPart(path));
  return known ?? (pathSpelling(path, 'python')?.form === 'layer' ? activationKind : undefined);
}

/** What a name in `flax.linen` or `flax.nnx` makes: a class, or a function that is read as a layer. */
export function kindIn(flavour: Flavour, name: string): LayerKind | undefined {
  const signature = layerSignature('jax', `flax.${flavour}`, name);
  const make = signature && (makers[signature.kind] as Maker<LayerSignature['kind']> | undefined);
  return make && { names: signature.parameters, make: (call) => make(call, signature) };
}
