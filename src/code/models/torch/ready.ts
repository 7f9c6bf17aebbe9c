import type { Foreign, Machine, Value } from '../../interpret/values';
import { isNone } from '../given';
import { type Layer, layerIn } from './layer';
import { foreign, keyOf, readingOf } from './state';

/** Ready models, such as torchvision's: nobody sees the layers in them, but heads may be put in the place of theirs. */

/** A part of a ready model: `model.classifier`, `model.classifier[6]`. */
interface Inside {
  readonly layer: Layer;
  /** As the code writes it. */
  readonly name: string;
}

export const insideIn = (value: Value | undefined): Inside | undefined =>
  value?.kind === 'foreign' && value.type === 'inside' ? (value.data as Inside) : undefined;

/** What the last part of a ready model is called. */
const lastParts = /^(_?fc\d*|_?classifier\d*|head|heads|last_linear|logits|linear|output|top_layer|fc_out|projection)$/;
const numbers = /^((in|out)_(features|channels)|weight|bias|num_features|kernel_size|stride|padding|training|out_dim)$/;

/** A member of a ready model that is a module; undefined where it may be a number or a method. */
export const partOfReady = (layer: Layer, name: string): Value | undefined =>
  layer.meaning.hidden === true && (lastParts.test(name) || /^(features|layer\d|backbone|encoder)$/.test(name))
    ? foreign('inside', { layer, name } satisfies Inside)
    : undefined;

/** `model.classifier[6]`, `model.heads.head`; numbers of it are not known. */
export const insideOf = ({ data }: Foreign, name: string): Value | undefined =>
  numbers.test(name) ? undefined : foreign('inside', { ...(data as Inside), name: `${(data as Inside).name}.${name}` });

/** What the first layer of a ready model is called. */
const firstParts =
  /^_?(conv1|conv_stem|conv_proj|first_conv|(stem|features)\.(0|conv0|0\.0)|stem|patch_embed(\.proj)?|Conv2d_1a_3x3(\.conv)?)$/;
/** What stands right before the head. */
const poolParts = /^(avg_?pool|global_?pool|_avg_pooling|pool)$/;

const pools = new WeakSet<Value>();

/** `model.fc = nn.Linear(512, 10)`, `model.classifier[6] = …`, `model.conv1 = …`: a part of a ready model. */
export function setHead(layer: Layer, name: string, value: Value | undefined, machine: Machine): void {
  if (value === undefined || isNone(value)) return;
  if (layerIn(value) === undefined && value.kind !== 'instance') return;
  // Whatever it takes the place of, it is a part.
  const key = keyOf(value);
  if (key !== undefined) readingOf(machine).parts.add(key);
  const { heads, fronts } = layer;
  if (firstParts.test(name)) fronts.splice(0, fronts.length, value);
  else if (poolParts.test(name)) {
    pools.add(value);
    heads.splice(0, heads.length, value, ...heads.filter((each) => !pools.has(each)));
  } else if (lastParts.test(name.split('.', 1)[0]!))
    heads.splice(0, heads.length, ...heads.filter((each) => pools.has(each)), value);
}
