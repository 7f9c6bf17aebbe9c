import type { ActivationName } from '../../core/activations/catalogue';
import type { Finding } from '../../core/advice/rules';
import type { ActivationUse, LossUse, Model, ModelNode, Operation, SourceRange } from '../../core/model/model';
import type { ReadingOptions } from '../codeActivation';
import { expressionOf } from '../expression';
import { resolvePath } from '../resolve';
import { textOf } from '../syntax';
import { activationEdits } from './activationEdits';
import { withArgument } from './argumentEdits';
import type { Names } from './names';
import { withoutActivation } from './removal';
import { siteAt } from './sites';
import type { TextEdit } from './textEdit';
import { type CellPlace, plainArguments, quoteNear, type Texts } from './tree';
import type { Change } from './verify';

/** What would mend one finding. */
export interface Proposal {
  readonly title: string;
  /** Texts that may do it, the likeliest first. */
  readonly proposals: Iterable<readonly TextEdit[] | undefined>;
  readonly change: Change;
}

interface Surroundings {
  readonly model: Model;
  readonly texts: Texts;
  readonly names: Names;
  readonly options: ReadingOptions;
}

const key = ({ cell, from, to }: SourceRange): string => `${cell} ${from} ${to}`;

/** The proposals for a finding; none where its mending is the writer's choice. */
export function proposalsFor(finding: Finding, around: Surroundings): readonly Proposal[] {
  const node = around.model.nodes[finding.node]!;
  switch (finding.rule) {
    case 'activation-twice':
      return removed(node, around);
    case 'relu-before-cross-entropy':
      return around.model.loss?.wants === 'logits' ? removed(node, around) : [];
    case 'log-softmax-before-cross-entropy':
      return removed(node, around);
    case 'softmax-before-logits-loss':
    case 'sigmoid-before-logits-loss':
      return [...fromLogits(around, false), ...removed(node, around)];
    case 'logits-where-probabilities':
      return [...withLogits(around), ...fromLogits(around, true), ...activated(node, around)];
    case 'bias-before-batchnorm':
      return withoutBias(node, around);
    case 'selu-with-dropout':
      return alphaDropout(node, around);
    case 'output-against-loss':
      return sigmoidOutput(node, around);
    default:
      return [];
  }
}

/** The graph with other operations at the steps that one place of the text makes. */
const operations =
  ({ source }: ModelNode, kind: Operation['kind'], make: (operation: Operation) => Operation): Change =>
  (graph) => ({
    ...graph,
    nodes: graph.nodes.map((node) =>
      key(node.source) === key(source) && node.operation.kind === kind
        ? { ...node, operation: make(node.operation) }
        : node,
    ),
  });

// Activations

function removed(node: ModelNode, { texts }: Surroundings): readonly Proposal[] {
  const { operation } = node;
  if (operation.kind !== 'activation') return [];
  const { source, spelled } = operation.activation;
  const isIt = (each: ModelNode): boolean =>
    each.operation.kind === 'activation' &&
    key(each.operation.activation.source) === key(source) &&
    key(each.applied ?? each.source) === key(node.applied ?? node.source);
  const named = /^[\w.]+/.exec(spelled)?.[0] ?? 'the activation';
  return [{ title: `Remove ${named}`, proposals: withoutActivation(node, texts), change: without(isIt) }];
}

/** The graph without some steps of one input: what read them reads their input. */
const without =
  (is: (node: ModelNode) => boolean): Change =>
  (graph) => {
    const numbers: number[] = [];
    const nodes: ModelNode[] = [];
    for (const node of graph.nodes) {
      if (is(node) && node.inputs.length === 1) {
        numbers[node.id] = numbers[node.inputs[0]!]!;
        continue;
      }
      numbers[node.id] = nodes.length;
      nodes.push({ ...node, id: nodes.length, inputs: node.inputs.map((from) => numbers[from]!) });
    }
    const of = (ids: readonly number[]): number[] => ids.map((id) => numbers[id]!);
    return { ...graph, nodes, inputs: of(graph.inputs), outputs: of(graph.outputs) };
  };

/** Softmax or sigmoid as the argument of a linear output layer of Keras. */
function activated(node: ModelNode, { model, texts }: Surroundings): readonly Proposal[] {
  const { loss, framework } = model;
  const call = texts.exactly(node.source);
  const { operation } = node;
  if (framework === 'torch' || framework === 'jax' || loss === undefined || call === undefined) return [];
  if (operation.kind !== 'dense' || loss.wants !== 'probabilities') return [];
  const name = loss.kind === 'binaryCrossEntropy' ? 'sigmoid' : ('softmax' as const);
  if (name === 'softmax' && !(typeof operation.units === 'number' && operation.units > 1)) return [];
  const quote = quoteNear(call.document, call.node.from, call.node.to);
  const edit = withArgument(call, 'activation', quote + name + quote, []);
  const use = { framework, spelled: name, source: node.source };
  const phi: ActivationUse = name === 'softmax' ? { ...use, name: undefined, notElementWise: name } : { ...use, name };
  return [
    {
      title: `Give the output ${name}`,
      proposals: [edit && [edit]],
      change: (graph) => after(graph, node, { kind: 'activation', activation: phi }),
    },
  ];
}

/** The graph with a step after the output that a place of the text makes. */
function after(graph: Model, { source }: ModelNode, operation: Operation): Model {
  const outputs = [...graph.outputs];
  const nodes = [...graph.nodes];
  const [output] = outputs;
  const layer = nodes[output ?? -1];
  if (layer === undefined || layer.id !== nodes.length - 1 || key(layer.source) !== key(source)) return graph;
  const { weights: _, ...rest } = layer;
  nodes.push({ ...rest, id: nodes.length, operation, inputs: [layer.id] });
  return { ...graph, nodes, outputs: outputs.map((id) => (id === layer.id ? nodes.length - 1 : id)) };
}

function sigmoidOutput(node: ModelNode, { model, texts, names, options }: Surroundings): readonly Proposal[] {
  const { operation } = node;
  const { loss } = model;
  if (operation.kind !== 'activation' || operation.activation.notElementWise !== 'softmax') return [];
  if (loss?.kind !== 'binaryCrossEntropy' || loss.wants !== 'probabilities') return [];
  const { source, framework } = operation.activation;
  const place = texts.expression(source);
  const site = place && siteAt(place, framework, options);
  const wanted: ActivationName = 'sigmoid';
  const isIt = (each: Operation): boolean => each.kind === 'activation' && key(each.activation.source) === key(source);
  return [
    {
      title: 'Use sigmoid',
      proposals: [site && activationEdits(site, wanted, names)],
      change: (graph) => ({
        ...graph,
        nodes: graph.nodes.map((each) =>
          isIt(each.operation)
            ? {
                ...each,
                operation: { kind: 'activation', activation: { name: wanted, framework, spelled: wanted, source } },
              }
            : each,
        ),
      }),
    },
  ];
}

// Layers

/** Which argument of which layers says whether there is a bias, and its position. */
function biasArgument({ type }: ModelNode, { framework }: Model): readonly [name: string, position: number] {
  const dense = /dense|linear$/i.test(type);
  if (framework === 'torch') return ['bias', dense ? 2 : 7];
  if (framework === 'jax') return ['use_bias', /dense$/i.test(type) ? 1 : Number.POSITIVE_INFINITY];
  return [framework === 'tfjs' ? 'useBias' : 'use_bias', dense ? 2 : Number.POSITIVE_INFINITY];
}

function withoutBias(node: ModelNode, { model, texts }: Surroundings): readonly Proposal[] {
  const { operation } = node;
  const call = texts.exactly(node.source);
  if (call?.node.name !== 'CallExpression' || !('bias' in operation) || operation.bias === null) return [];
  // Code that fills a bias would find none.
  if (operation.bias.kind !== 'default') return [];
  const [name, position] = biasArgument(node, model);
  const positional = plainArguments(call)?.filter((each) => each.name === undefined).length;
  if (positional === undefined || positional > position) return [];
  const no = call.document.language === 'python' ? 'False' : 'false';
  const edit = withArgument(call, name, no, []);
  const sign = call.document.language === 'python' ? '=' : ': ';
  return [
    {
      title: `Leave the bias out: ${name}${sign}${no}`,
      proposals: [edit && [edit]],
      change: operations(node, operation.kind, (each) => ({ ...each, bias: null }) as Operation),
    },
  ];
}

/** Another name for what a call calls, in the same module. */
function otherCallee(call: CellPlace, change: (name: string) => string | undefined, names: Names) {
  const expression = expressionOf(call.document, call.node);
  const callee = expression.kind === 'call' ? expression.callee : call.node;
  const { cell, document } = call;
  const path = resolvePath({ ...call, node: callee });
  const dot = path?.lastIndexOf('.') ?? -1;
  const name = path === undefined ? undefined : change(path.slice(dot + 1));
  if (path === undefined || name === undefined) return undefined;
  const written = expressionOf(document, callee);
  if (written.kind === 'member') {
    const { from, to } = written.property;
    return [{ cell, from, to, text: name }];
  }
  if (written.kind !== 'name') return undefined;
  const other = names.for(call, `${path.slice(0, dot)}.${name}`, written.name);
  return other && [{ cell, from: callee.from, to: callee.to, text: other.text }, ...other.edits];
}

const alpha: ReadonlyMap<string, string> = new Map([
  ['Dropout', 'AlphaDropout'],
  ['Dropout1d', 'AlphaDropout'],
  ['dropout', 'alpha_dropout'],
]);

function alphaDropout(node: ModelNode, { model, texts, names }: Surroundings): readonly Proposal[] {
  const call = texts.exactly(node.source);
  // Flax has none.
  if (call?.node.name !== 'CallExpression' || model.framework === 'jax') return [];
  const edits = otherCallee(call, (name) => (model.framework === 'tfjs' ? 'alphaDropout' : alpha.get(name)), names);
  return [
    {
      title: 'Use alpha dropout',
      proposals: [edits],
      change: operations(node, 'dropout', (each) => ({ ...each, variant: 'alpha' }) as Operation),
    },
  ];
}

// Losses

/** The graph with another loss where it has the one at a place. */
const lossAt =
  ({ source }: LossUse, make: (loss: LossUse) => LossUse): Change =>
  (graph) =>
    graph.loss !== undefined && key(graph.loss.source) === key(source) ? { ...graph, loss: make(graph.loss) } : graph;

const logitLosses: ReadonlyMap<string, string> = new Map([
  ['BCELoss', 'BCEWithLogitsLoss'],
  ['NLLLoss', 'CrossEntropyLoss'],
  ['binary_cross_entropy', 'binary_cross_entropy_with_logits'],
  ['nll_loss', 'cross_entropy'],
]);

/** PyTorch's loss of the same kind that takes logits. */
function withLogits({ model: { loss, framework }, texts, names }: Surroundings): readonly Proposal[] {
  const call = loss && texts.expression(loss.source);
  if (framework !== 'torch' || loss === undefined || call === undefined) return [];
  const edits = otherCallee(call, (name) => logitLosses.get(name), names);
  const last = edits?.[0]?.text;
  if (last === undefined) return [];
  const kind = loss.kind === 'negativeLogLikelihood' ? 'categoricalCrossEntropy' : loss.kind;
  return [
    {
      title: `Use ${last}`,
      proposals: [edits],
      change: lossAt(loss, (own) => ({ ...own, kind, wants: 'logits' })),
    },
  ];
}

const lossClasses: ReadonlyMap<string, string> = new Map([
  ['binary_crossentropy', 'BinaryCrossentropy'],
  ['categorical_crossentropy', 'CategoricalCrossentropy'],
  ['sparse_categorical_crossentropy', 'SparseCategoricalCrossentropy'],
]);

/** Keras's loss told what it receives. */
function fromLogits({ model: { loss, framework }, texts, names }: Surroundings, logits: boolean): readonly Proposal[] {
  if (loss === undefined || (framework !== 'keras' && framework !== 'tf2')) return [];
  const place = texts.expression(loss.source);
  const value = logits ? 'True' : 'False';
  const change = lossAt(loss, (own) => ({ ...own, wants: logits ? 'logits' : 'probabilities' }));
  const proposal = (edits: readonly TextEdit[] | undefined): readonly Proposal[] =>
    edits === undefined ? [] : [{ title: `Set from_logits=${value}`, proposals: [edits], change }];
  if (place === undefined) return [];
  const expression = expressionOf(place.document, place.node);
  if (expression.kind === 'call') {
    const given = plainArguments(place);
    if (given === undefined || given.some(({ name }) => name === undefined)) return [];
    const edit = withArgument(place, 'from_logits', value, []);
    return proposal(edit && [edit]);
  }
  const written = expression.kind === 'constant' && typeof expression.value === 'string' ? expression.value : undefined;
  const name = written === undefined ? undefined : lossClasses.get(written);
  if (!logits || name === undefined) return [];
  const root = /\btensorflow\b/.test(textOf(place.document, place.document.tree.topNode)) ? 'tf.keras' : 'keras';
  for (const module of [root, root === 'keras' ? 'tf.keras' : 'keras']) {
    const own = names.for(place, `${module}.losses.${name}`);
    if (own === undefined) continue;
    const { from, to } = place.node;
    return proposal([{ cell: place.cell, from, to, text: `${own.text}(from_logits=True)` }, ...own.edits]);
  }
  return [];
}
