import type { LayerSignature } from '../../../../core/frameworks/layerSignature';
import { layerSignature } from '../../../../core/frameworks/layers';
import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { LayerKind, Maker, Makers } from '../layer';
import { lastPart } from '../state';
import { attentions } from './attention';
import { activationKind, plain } from './plain';
import { recurrents } from './recurrent';
import { space } from './space';
import { weighted } from './weighted';

const makers: Makers = { ...plain, ...space, ...weighted, ...recurrents, ...attentions };

const modules = /^torch\.nn\.(modules\.(\w+\.)?)?\w+$/;

/** The kind of layer that a class of torch.nn makes; undefined for one that is not known. */
export function kindOf(path: string): LayerKind | undefined {
  if (!modules.test(path)) return undefined;
  return kindNamed(lastPart(path)) ?? (pathSpelling(path, 'python')?.form === 'layer' ? activationKind : undefined);
}

export function kindNamed(name: string): LayerKind | undefined {
  const signature = layerSignature('torch', 'torch.nn', name);
  const make = signature && (makers[signature.kind] as Maker<LayerSignature['kind']> | undefined);
  return make && { names: signature.parameters, make: (call) => make(call, signature) };
}
