import type { KnownFlow } from '../../theory/graph';
import { modelHelp } from '../help';
import { fixOf, graphRemedies } from '../modelRemedies';
import { modelSentence } from '../modelSentence';
import { type Finding, finding, type Rule, type RuleContext } from './rule';

/** What a flow that is out of bounds says at the first layer: its number, the reason, and the first remedy of the ranking. */
export function flowFinding(rule: Rule, { graph }: RuleContext, flow: KnownFlow): Finding {
  const remedies = graphRemedies(graph, flow);
  const [first] = remedies;
  const message = `${modelSentence(graph, flow)}${modelHelp(flow, remedies)}.`;
  return finding(rule, graph.nodes[flow.layers[0]!.node]!, message, { fix: first && fixOf(first) });
}
