import { memo } from '../math/memo';
import type { Model } from '../model/model';
import { structureOf } from '../model/structure';
import { type GraphFlow, graphFlow } from './graph';

/** Models that are kept in mind: those of some long files. */
const REMEMBERED = 1000;

const kept = memo<GraphFlow>(REMEMBERED);
const known = new WeakMap<Model, GraphFlow>();

/** A model's flow, predicted once, however often its text is read anew. */
export function flowOf(model: Model): GraphFlow {
  const flow = known.get(model) ?? kept(structureOf(model).key, () => graphFlow(model));
  known.set(model, flow);
  return flow;
}
