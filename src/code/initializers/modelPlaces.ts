import { type LayersInModel, layersBefore } from '../../core/explain/modelLayer';
import { isWeighted } from '../../core/model/fans';
import type { Model, SourceRange } from '../../core/model/model';
import { isUnknownFlow } from '../../core/theory/graph';
import { flowOf } from '../../core/theory/rememberedFlow';
import type { Range } from '../syntax';

const holds = (source: SourceRange, cell: number, { from, to }: Range): boolean =>
  source.cell === cell && source.from <= from && to <= source.to;

const lengthOf = ({ from, to }: SourceRange): number => to - from;

/** The steps whose places hold a range most closely, model by model. */
function closest(
  models: readonly Model[],
  cell: number,
  range: Range,
  placeOf: (graph: Model, node: Model['nodes'][number]) => SourceRange | undefined,
): { graph: Model; nodes: Model['nodes'] }[] {
  const found = models.flatMap((graph) =>
    graph.nodes.flatMap((node) => {
      const source = placeOf(graph, node);
      return source !== undefined && holds(source, cell, range) ? [{ graph, node, length: lengthOf(source) }] : [];
    }),
  );
  const least = Math.min(...found.map(({ length }) => length));
  return models.flatMap((graph) => {
    const nodes = found.filter((each) => each.graph === graph && each.length === least).map(({ node }) => node);
    return nodes.length === 0 ? [] : [{ graph, nodes }];
  });
}

/** The models that have a step with this activation, and the layers before it. */
export const activationPlaces = (models: readonly Model[], cell: number, range: Range) =>
  closest(models, cell, range, (_, { operation }) =>
    operation.kind === 'activation' ? operation.activation.source : undefined,
  ).map(({ graph, nodes }) => ({
    graph,
    layers: [...new Set(nodes.flatMap(({ id }) => layersBefore(graph, id)))].sort((a, b) => a - b),
  }));

/** The models that have layers which a place makes: those with kernels, and normalisations. */
export const layerPlaces = (models: readonly Model[], cell: number, range: Range, kind: string) =>
  closest(models, cell, range, (_, node) =>
    isWeighted(node) || node.operation.kind === 'normalisation' ? node.source : undefined,
  )
    .map(({ graph, nodes }) => ({
      graph,
      layers: nodes.filter(({ operation }) => operation.kind === kind).map(({ id }) => id),
    }))
    .filter(({ layers }) => layers.length > 0);

/** Models of one place that are asked for their flow. */
const MOST_ASKED = 3;

/** The first of a text's models that a place is a part of and that are predicted, else the first, with its flow. */
export function inModel(
  places: readonly { readonly graph: Model; readonly layers: readonly number[] }[],
): LayersInModel | undefined {
  let unpredicted: LayersInModel | undefined;
  for (const place of places.slice(0, MOST_ASKED)) {
    const flow = flowOf(place.graph);
    if (!isUnknownFlow(flow)) return { ...place, flow };
    unpredicted ??= { ...place, flow };
  }
  return unpredicted;
}
