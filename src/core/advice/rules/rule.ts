import type { ActivationUse, LossUse, Model, ModelNode, SourceRange } from '../../model/model';
import {
  type GraphFlow,
  graphFlow,
  hiddenLayers,
  isUnknownFlow,
  type KnownFlow,
  outputLayers,
} from '../../theory/graph';
import { type FlowContext, flowContext, functionOf } from '../../theory/graphForward';
import { type GraphEdit, withEdits } from '../remedies/graphEdits';
import { editableLayers, type HiddenLayer } from '../remedies/subject';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What would mend a finding, as data. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly GraphEdit[];
}

/** Another place that has its part in a finding. */
export interface Related {
  readonly range: SourceRange;
  /** What stands there: a sentence. */
  readonly message: string;
}

export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly node: number;
  readonly range: SourceRange;
  /** One sentence with its number and reason. */
  readonly message: string;
  readonly fix: Fix | undefined;
  /** The other places, where two make the fault. */
  readonly related: readonly Related[];
}

/** What people read about a rule. */
export interface RuleDocumentation {
  readonly what: string;
  readonly number: string;
  readonly why: string;
  readonly fix: string;
  readonly sources: readonly string[];
  /** Code that it finds fault with, and the same code as it should be. */
  readonly examples: readonly Example[];
}

export interface Example {
  /** Where it differs by framework: `Keras`, `PyTorch`. */
  readonly framework: string;
  readonly wrong: string;
  readonly right: string;
}

export interface Rule {
  readonly id: string;
  readonly title: string;
  /** By default. */
  readonly severity: Severity;
  /** True for a rule that says nothing unless the settings ask for it: it is right often, and seldom news. */
  readonly offByDefault?: true;
  readonly documentation: RuleDocumentation;
  /** Undefined for a rule that looks at the code around a model, which `src/code/diagnostics` does. */
  readonly check?: (context: RuleContext) => readonly Finding[];
}

/** What rules look at. */
export interface RuleContext {
  readonly graph: Model;
  readonly flow: GraphFlow;
  readonly context: FlowContext;
  readonly hidden: ReadonlySet<number>;
  readonly outputs: ReadonlySet<number>;
  readonly layers: readonly HiddenLayer[];
  /** What has to reach the first layer at least, where the code says so. */
  readonly budget: number | undefined;
}

export function ruleContext(graph: Model, flow: GraphFlow = graphFlow(graph), budget?: number): RuleContext {
  const context = flowContext(graph);
  return {
    graph,
    flow,
    context,
    hidden: new Set(hiddenLayers(graph)),
    outputs: outputLayers(graph),
    layers: editableLayers(context),
    budget,
  };
}

export const finding = (
  rule: { readonly id: string; readonly severity: Severity },
  node: ModelNode,
  message: string,
  more: {
    readonly fix?: Fix | undefined;
    readonly range?: SourceRange | undefined;
    readonly related?: readonly Related[];
  } = {},
): Finding => ({
  rule: rule.id,
  severity: rule.severity,
  node: node.id,
  range: more.range ?? node.source,
  message,
  fix: more.fix,
  related: more.related ?? [],
});

/** A step as another place of a finding. */
export const relatedStep = (node: ModelNode, message: string): Related => ({
  range: node.operation.kind === 'activation' ? node.operation.activation.source : node.source,
  message,
});

export const relatedLoss = ({ source, spelled, wants }: LossUse): Related => {
  const words = { logits: 'logits', probabilities: 'probabilities', logProbabilities: 'logarithms of probabilities' };
  return { range: source, message: wants ? `${spelled} wants ${words[wants]}.` : `${spelled} is the loss.` };
};

/** The flow where it is known for certain. */
export const certainFlow = ({ flow }: RuleContext): KnownFlow | undefined =>
  isUnknownFlow(flow) || !flow.certain ? undefined : flow;

/** The flow as it is and with edits, where both are known for certain. */
export function compared(
  context: RuleContext,
  edits: readonly GraphEdit[],
): { readonly before: number; readonly after: number } | undefined {
  const flow = certainFlow(context);
  if (flow === undefined || edits.length === 0) return undefined;
  const changed = graphFlow(withEdits(context.graph, edits));
  return isUnknownFlow(changed) ? undefined : { before: flow.ratio, after: changed.ratio };
}

/** What a model's output is before the loss. */
export interface OutputUse {
  /** The layer that makes it. */
  readonly layer: ModelNode;
  /** Undefined where it is linear. */
  readonly activation: ActivationUse | undefined;
  readonly node: ModelNode;
  readonly units: number;
  readonly loss: LossUse;
}

/** The output and the loss, where both are known for certain; of one output alone. */
export function outputUse({ graph, context }: Pick<RuleContext, 'graph' | 'context'>): OutputUse | undefined {
  const { loss, outputs, nodes } = graph;
  if (loss === undefined || loss.assumed || outputs.length !== 1) return undefined;
  let node = nodes[outputs[0]!];
  let found: { activation: ActivationUse; node: ModelNode | undefined } | undefined;
  for (const activation of loss.applied ?? []) {
    if (!isNamed(activation) || found) return undefined;
    if (functionOf(activation)?.name !== 'linear') found = { activation, node: undefined };
  }
  while (node?.certain) {
    const { operation }: ModelNode = node;
    if (operation.kind === 'dense' || operation.kind === 'convolution') {
      const last: unknown = context.shapes[node.id]?.at(-1);
      return {
        layer: node,
        activation: found?.activation,
        node: found?.node ?? node,
        units: typeof last === 'number' ? last : Number.NaN,
        loss,
      };
    }
    if (operation.kind === 'activation') {
      const { activation } = operation;
      if (!isNamed(activation)) return undefined;
      if (functionOf(activation)?.name !== 'linear') {
        if (found) return undefined;
        found = { activation, node };
      }
    } else if (operation.kind !== 'rearrange' && operation.kind !== 'flatten') return undefined;
    node = nodes[node.inputs[0] ?? -1];
  }
  return undefined;
}

const isNamed = ({ name, notElementWise }: ActivationUse): boolean =>
  name !== undefined || notElementWise !== undefined;

export const isCrossEntropy = ({ kind }: LossUse): boolean =>
  kind === 'categoricalCrossEntropy' || kind === 'binaryCrossEntropy' || kind === 'negativeLogLikelihood';

/** Whether a use is the function or its not element-wise name. */
export const isCalled = (use: ActivationUse | undefined, name: string): boolean =>
  use !== undefined && (use.notElementWise === name || functionOf(use)?.entry === name);
