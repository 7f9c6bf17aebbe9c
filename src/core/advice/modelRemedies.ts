import type { Model } from '../model/model';
import { type GraphFlow, graphFlow, isUnknownFlow, type KnownFlow } from '../theory/graph';
import type { FlowInput } from '../theory/graphForward';
import { modelVerdict } from '../verdicts/model';
import { type GraphEdit, withEdits } from './remedies/graphEdits';
import { effectOf, type Outlook, type Remedy, ranked } from './remedies/rank';
import { editsOf } from './remedies/settings';
import { subjectOf } from './remedies/subject';

/** A change of a model. */
export interface GraphRemedy extends Remedy {
  readonly edits: readonly GraphEdit[];
}

/** A model's flow as remedies are ranked by. */
export const outlookOf = (flow: KnownFlow): Outlook => ({
  ratio: flow.ratio,
  band: flow.band,
  zeros: flow.zeros,
  hiddenLayers: flow.layers.length,
  kind: modelVerdict(flow),
});

/**
 * What would help a model; see {@link ranked}. Empty where the flow is unknown or uncertain.
 *
 * @param kernelsStay whether the kernels cannot be given another initialiser
 */
export function graphRemedies(
  graph: Model,
  flow: GraphFlow = graphFlow(graph),
  input: FlowInput = {},
  kernelsStay = false,
): GraphRemedy[] {
  if (isUnknownFlow(flow) || !flow.certain) return [];
  const subject = { ...subjectOf(graph), kernelsStay };
  const found = ranked({
    subject,
    now: outlookOf(flow),
    tried(change) {
      const edits = editsOf(subject, change);
      const changed = edits && graphFlow(withEdits(graph, edits), input);
      if (edits === undefined || changed === undefined || isUnknownFlow(changed)) return undefined;
      return { made: { edits }, outlook: outlookOf(changed) };
    },
  });
  return [...found];
}

/** A remedy as a command: "Use ReLU with he_normal: 2.0e-6 → 0.91". */
export const fixOf = (remedy: GraphRemedy): { readonly title: string; readonly edits: readonly GraphEdit[] } => ({
  title: `${remedy.command}: ${effectOf(remedy)}`,
  edits: remedy.edits,
});
