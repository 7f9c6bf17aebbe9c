import type { LayerFans } from '../../core/explain/initializerFigures';
import type { InitializerRole, NetworkBeside } from '../../core/explain/initializerHover';
import type { Initializer } from '../../core/initializers/initializer';
import { fansOf } from '../../core/model/fans';
import type { Initialization, Model, ModelNode } from '../../core/model/model';
import { argumentsOf } from '../arguments';
import type { NotebookContext, ParsedDocument } from '../document';
import { expressionOf } from '../expression';
import type { ModelReadingOptions } from '../models/read';
import { at, type Place } from '../place';
import { valueAt } from '../resolve';
import type { Range } from '../syntax';
import { agreed, besideLayer } from './besideKernel';
import { modelsOf } from './textModels';

/** What the code says of what an initialiser fills. */
export interface Filled {
  readonly role: InitializerRole | undefined;
  /** Of its layers, different ones in the order of the model. */
  readonly fans: readonly LayerFans[];
  /** As the model's reader understands it, which follows more of the code than a single call tells. */
  readonly initializer?: Initializer | undefined;
  /** What the biases beside it start with: null where there are none, undefined for the default. */
  readonly bias?: Initializer | null | undefined;
  readonly beside?: NetworkBeside | undefined;
}

const nothing: Filled = { role: undefined, fans: [] };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Null for no weights, undefined for the default and for what is not known. */
export const known = (given: Initialization | null | undefined): Initializer | null | undefined =>
  given === null ? null : given?.kind === 'known' ? given.initializer : undefined;

type Covers = (given: Initialization | null | undefined) => boolean;

function roleIn({ operation }: ModelNode, covers: Covers): InitializerRole | undefined {
  if ('bias' in operation && covers(operation.bias)) return 'bias';
  if (!('kernel' in operation)) return undefined;
  if (covers(operation.kernel))
    return operation.kind === 'dense' || operation.kind === 'convolution' ? 'kernel' : 'other';
  return undefined;
}

function filledIn(graph: Model, covers: Covers): Filled[] {
  return graph.nodes.flatMap((node): Filled[] => {
    const role = roleIn(node, covers);
    if (role === undefined) return [];
    const { operation } = node;
    const bias = 'bias' in operation ? known(operation.bias) : undefined;
    if (role === 'bias') return [{ role, fans: [], initializer: bias ?? undefined }];
    const kernel = 'kernel' in operation ? (known(operation.kernel) ?? undefined) : undefined;
    const fans = fansOf(node, graph.framework, graph.nodes[node.inputs[0] ?? -1]?.shape);
    const isTold = role === 'kernel' && fans !== undefined && fans.fanIn > 0 && fans.fanOut > 0;
    const told = isTold ? [{ fanIn: fans.fanIn, fanOut: fans.fanOut }] : [];
    return [
      {
        role,
        initializer: kernel,
        bias,
        fans: told,
        ...(role === 'kernel' ? { beside: besideLayer(graph, node) } : {}),
      },
    ];
  });
}

const different = (fans: readonly LayerFans[]): LayerFans[] =>
  fans.filter((one, k) => fans.findIndex((each) => same(each, one)) === k);

/** What the models of the text start with the initialiser that stands in a range. */
export function filledLayers(
  document: ParsedDocument,
  context: NotebookContext,
  range: Range,
  options: ModelReadingOptions,
): Filled {
  const cell = context.before.length;
  const covers: Covers = (given) =>
    given !== undefined &&
    given !== null &&
    given.kind !== 'default' &&
    given.source.cell === cell &&
    given.source.from <= range.from &&
    range.to <= given.source.to;
  const all = modelsOf(document, context, options).flatMap((graph) => filledIn(graph, covers));
  if (all.length === 0) return nothing;
  return {
    role: agreed(all.map(({ role }) => role)),
    fans: different(all.flatMap(({ fans }) => fans)),
    initializer: agreed(all.map(({ initializer }) => initializer)),
    bias: agreed(all.map(({ bias }) => bias)),
    beside: {
      activation: agreed(all.map(({ beside }) => beside?.activation)),
      widths: agreed(all.map(({ beside }) => beside?.widths)),
    },
  };
}

/** Without the `.data` at its end. */
function tensorOf(place: Place): Place {
  const expression = expressionOf(place.document, place.node);
  return expression.kind === 'member' && expression.name === 'data' ? at(place, expression.object) : place;
}

/** The weight or bias of a layer that a text makes outside of any model: `nn.init.normal_(layer.weight)`. */
export function filledParameter(tensor: Place): Filled {
  const place = tensorOf(tensor);
  const expression = expressionOf(place.document, place.node);
  if (expression.kind !== 'member') return nothing;
  if (/bias/.test(expression.name)) return { role: 'bias', fans: [] };
  if (expression.name !== 'weight') return nothing;
  const layer = valueAt(at(place, expression.object));
  if (layer.kind !== 'made' || layer.partial) return { role: 'kernel', fans: [] };
  if (/\.(Embedding|\w*Norm\w*)$/.test(layer.path)) return { role: 'other', fans: [] };
  if (!/^torch\.nn\.(modules\.linear\.)?Linear$/.test(layer.path)) return { role: 'kernel', fans: [] };
  const given = argumentsOf(layer.call).arguments;
  const [fanIn, fanOut] = (['in_features', 'out_features'] as const).map(
    (name, k) => given.find((each) => each.name === name || each.position === k)?.value,
  );
  const known = typeof fanIn === 'number' && typeof fanOut === 'number' && fanIn > 0 && fanOut > 0;
  return { role: 'kernel', fans: known ? [{ fanIn, fanOut }] : [] };
}
