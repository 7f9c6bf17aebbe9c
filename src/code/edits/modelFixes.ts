import type { ActivationName } from '../../core/activations/catalogue';
import { fixOf, graphRemedies } from '../../core/advice/modelRemedies';
import { type GraphEdit, keepsSteps, withEdits } from '../../core/advice/remedies/graphEdits';
import { shownRatio } from '../../core/advice/remedies/rank';
import { findingsOf } from '../../core/advice/rememberedFindings';
import { type Finding, findings } from '../../core/advice/rules';
import type { Model, ModelNode, SourceRange } from '../../core/model/model';
import { type GraphFlow, graphFlow, isUnknownFlow } from '../../core/theory/graph';
import { flowOf } from '../../core/theory/rememberedFlow';
import { budgetsIn } from '../diagnostics/budget';
import { type DiagnosticOptions, isOn } from '../diagnostics/diagnose';
import type { ModelDocument, ModelReadingOptions } from '../models/read';
import { activationEdits } from './activationEdits';
import { flaxKernel, haikuKernel, haikuScaling, kerasKernel } from './kernelEdits';
import { Names } from './names';
import { type Proposal, proposalsFor } from './ruleFixes';
import { passedOn, type Site, siteAt } from './sites';
import type { TextEdit } from './textEdit';
import { type NewKernel, newFillers, otherFillers } from './torchKernels';
import { Texts } from './tree';
import { type Change, Verification } from './verify';

/** A quick fix: a change of the text with what it does to the model. */
export interface ModelFix {
  /** "Use ReLU with he_normal: 2.0e-6 → 1.0" */
  readonly title: string;
  /** In the order of the text, none over another; offsets count before any of them. */
  readonly edits: readonly TextEdit[];
  /** True for the first choice of a rule that it answers: what the rule itself proposes, or the best for the flow. */
  readonly preferred: boolean;
  /** Ids of the rules that find something in the model as it is, and not any more after the edits. */
  readonly rules: readonly string[];
  /** Where the findings stand that it answers, with their rule; for the diagnostics that it is offered at. */
  readonly answers: readonly { readonly rule: string; readonly range: SourceRange }[];
}

export interface FixOptions extends ModelReadingOptions {
  /** See `DiagnosticOptions`. */
  readonly budget?: number | undefined;
  /** See `DiagnosticOptions`: what a rule that is off would find is not mended. */
  readonly severities?: DiagnosticOptions['severities'];
}

const key = ({ cell, from, to }: SourceRange): string => `${cell} ${from} ${to}`;

/**
 * The quick fixes for a model: {@link graphRemedies} and what the rules propose, as edits of its text. Each was applied and
 * read again, and what came out is exactly what its title says; where the text cannot be changed so, there is no fix.
 *
 * Use: `readModels(documents, options).models.flatMap((model) => modelFixes(model, documents, options))`, once for each
 * version of the text, when somebody asks for fixes: it reads the text once more for each. A fix belongs to a diagnostic
 * where `answers` has its rule and range. The edits of one fix are applied together.
 *
 * @param model as `readModels` gave it for these documents and options
 */
export function modelFixes(
  model: Model,
  documents: readonly ModelDocument[],
  options: FixOptions,
): readonly ModelFix[] {
  const steps = modelFixSteps(model, documents, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same in steps, for an editor that must not stand still: each applies and reads one edit, which takes some
 * milliseconds, and up to 0.5 s where a model has hundreds of layers. What is returned at the end are the fixes.
 */
export function modelFixSteps(
  model: Model,
  documents: readonly ModelDocument[],
  options: FixOptions,
): Generator<undefined, readonly ModelFix[]> {
  return new FixSearch(model, documents, options).steps();
}

interface Found {
  readonly fix: Omit<ModelFix, 'preferred'>;
  /** The rules that propose it themselves. */
  readonly meant: string[];
}

const layerKey = ({ source, operation }: ModelNode): string => `${operation.kind} ${key(source)}`;

class FixSearch {
  readonly texts: Texts;
  readonly names: Names;
  private readonly verification: Verification;
  private readonly flow: GraphFlow;
  private readonly budget: number | undefined;
  private readonly before: readonly Finding[];
  private readonly influences = new Map<string, ReadonlySet<number>>();

  constructor(
    readonly model: Model,
    documents: readonly ModelDocument[],
    readonly options: FixOptions,
  ) {
    this.texts = new Texts(documents);
    this.names = new Names(this.texts);
    this.verification = new Verification(model, documents, options);
    this.flow = flowOf(model);
    const { models } = this.verification;
    const own = models.find((each) => isSameGraph(each, model));
    this.budget = own && budgetsIn(models, documents, options.budget).of.get(own)?.value;
    this.before = findingsOf(model, this.budget).filter(({ rule }) => isOn(rule, options.severities));
  }

  *steps(): Generator<undefined, readonly ModelFix[]> {
    const found: Found[] = [];
    yield;
    // Equinox's layers take no initialiser.
    const kernelsStay = this.model.library === 'equinox';
    for (const { title, edits } of graphRemedies(this.model, this.flow, {}, kernelsStay).map(fixOf)) {
      yield;
      const [proposals, change] = [this.proposals(edits), this.changeOf(edits)];
      if (keepsSteps(edits)) this.add(found, { title, proposals, change });
    }
    for (const finding of this.before) {
      yield;
      const { fix, rule } = finding;
      // The fix of a rule on the flow is a remedy, and among those.
      if (fix !== undefined && initialiserRules.has(rule)) {
        const { title, edits } = fix;
        this.add(found, { title, proposals: this.proposals(edits), change: this.changeOf(edits) }, finding);
      }
      for (const proposal of proposalsFor(finding, this)) this.add(found, proposal, finding);
    }
    const preferred = new Set(
      found
        .flatMap(({ fix: { rules } }) => rules)
        .map((rule) => {
          const answering = found.filter(({ fix }) => fix.rules.includes(rule));
          return answering.find(({ meant }) => meant.includes(rule)) ?? answering[0];
        }),
    );
    return found.map((each) => ({ ...each.fix, preferred: preferred.has(each) }));
  }

  /** Adds the first of a proposal's texts that does what it shall, unless it is there already. */
  private add(found: Found[], { title, proposals, change }: Proposal, finding?: Finding): void {
    for (const proposal of proposals) {
      const confirmed = proposal && this.verification.confirmed(proposal, change);
      if (confirmed === undefined) continue;
      const { edits, model } = confirmed;
      const meant = finding === undefined ? [] : [finding.rule];
      const former = found.find(({ fix }) => JSON.stringify(fix.edits) === JSON.stringify(edits));
      if (former !== undefined) former.meant.push(...meant);
      else {
        const flow = graphFlow(model);
        const said = this.model.library === 'haiku' ? inWordsOfHaiku(title) : title;
        const own = finding === undefined ? said : withRatio(said, ratioOf(this.flow), ratioOf(flow));
        found.push({ fix: { title: own, edits, ...this.answered(model, flow, finding) }, meant });
      }
      return;
    }
  }

  /** Which findings are gone: where steps are numbered anew, the one that was meant, and those of rules that find nothing more. */
  private answered(after: Model, flow: GraphFlow, meant: Finding | undefined): Pick<ModelFix, 'rules' | 'answers'> {
    const left = findings(after, flow, this.budget);
    const numbered = after.nodes.length === this.model.nodes.length;
    const gone = this.before.filter((finding) => {
      if (finding === meant) return true;
      return !left.some(({ rule, node }) => rule === finding.rule && (!numbered || node === finding.node));
    });
    return {
      rules: [...new Set(gone.map(({ rule }) => rule))],
      answers: gone.map(({ rule, range }) => ({ rule, range })),
    };
  }

  /** The edits; of another model, those for every layer of it that the same code makes. */
  private changeOf(edits: readonly GraphEdit[]): Change {
    const { nodes } = this.model;
    const kernels = new Map<string, Pick<GraphEdit, 'kernel'>>();
    const activations = new Map<string, Pick<GraphEdit, 'activation'>>();
    for (const { node, kernel, activationNode, activation } of edits) {
      const phi = nodes[activationNode ?? -1]?.operation;
      if (kernel !== undefined) kernels.set(layerKey(nodes[node]!), { kernel });
      if (phi?.kind === 'activation' && activation !== undefined) {
        activations.set(key(phi.activation.source), { activation });
      }
    }
    return (graph) => {
      if (isSameGraph(graph, this.model)) return withEdits(graph, edits);
      const own = graph.nodes.flatMap((node): GraphEdit[] => {
        const { id, operation } = node;
        if (operation.kind !== 'activation') return [{ node: id, ...kernels.get(layerKey(node)) }];
        return [{ node: id, activationNode: id, ...activations.get(key(operation.activation.source)) }];
      });
      return withEdits(graph, own);
    };
  }

  /** Texts for edits of the graph, the best first. */
  private *proposals(edits: readonly GraphEdit[]): Generator<readonly TextEdit[] | undefined> {
    const activations: TextEdit[] = [];
    const seen = new Set<string>();
    const passed: { readonly node: ModelNode; readonly wanted: ActivationName }[] = [];
    for (const { activationNode, activation } of edits) {
      const node = this.model.nodes[activationNode ?? -1];
      if (
        node?.operation.kind !== 'activation' ||
        activation === undefined ||
        node.operation.activation.name === activation
      )
        continue;
      const { source } = node.operation.activation;
      const place = this.texts.expression(source);
      const site = place && siteAt(place, node.operation.activation.framework, this.options);
      if (site === undefined) {
        passed.push({ node, wanted: activation });
        continue;
      }
      const where = `${key(source)} ${activation}`;
      if (seen.has(where)) continue;
      seen.add(where);
      const own = activationEdits(site, activation, this.names);
      if (own === undefined) return;
      activations.push(...own);
    }
    const sources = this.sourcesOf(passed);
    if (sources === undefined) return;
    for (const { site, wanted } of sources) {
      const own = activationEdits(site, wanted, this.names);
      if (own === undefined) return;
      activations.push(...own);
    }
    for (const kernels of this.kernels(edits)) if (kernels !== undefined) yield [...activations, ...kernels];
  }

  /**
   * Where it is said what is passed on by variables, arguments and settings: the places whose change changes these
   * activations and no others. Undefined where there are none.
   */
  private sourcesOf(
    passed: readonly { readonly node: ModelNode; readonly wanted: ActivationName }[],
  ): readonly { readonly site: Site; readonly wanted: ActivationName }[] | undefined {
    const open = new Map(passed.map(({ node, wanted }) => [node.id, wanted]));
    const found: { site: Site; wanted: ActivationName }[] = [];
    for (const { node } of passed) {
      const { operation } = node;
      if (!open.has(node.id) || operation.kind !== 'activation') continue;
      const { name, framework } = operation.activation;
      const entry = name?.replace(/\(.*/, '');
      if (entry === undefined) return undefined;
      const wanted = open.get(node.id)!;
      const isIt = (changed: ReadonlySet<number>): boolean =>
        changed.has(node.id) && [...changed].every((id) => open.get(id) === wanted);
      const source = passedOn(this.texts, framework, entry, this.options).find((site) =>
        isIt(this.influence(site, entry)),
      );
      if (source === undefined) return undefined;
      for (const id of this.influence(source, entry)) open.delete(id);
      found.push({ site: source, wanted });
    }
    return found;
  }

  /** The activations of the model that hang on what a place says: it is changed, and the text read again. */
  private influence(site: Site, entry: string): ReadonlySet<number> {
    const where = key({ cell: site.place.cell, from: site.place.node.from, to: site.place.node.to });
    const known = this.influences.get(where);
    if (known !== undefined) return known;
    const edits = activationEdits(site, entry === 'tanh' ? 'relu' : 'tanh', this.names);
    const after = edits && this.verification.rereadModel(edits);
    const { nodes } = this.model;
    const changed = new Set<number>();
    if (after?.nodes.length === nodes.length) {
      for (const { id, operation: now } of after.nodes) {
        const was = nodes[id]!.operation;
        if (now.kind === 'activation' && was.kind === 'activation' && now.activation.name !== was.activation.name) {
          changed.add(id);
        }
      }
    }
    this.influences.set(where, changed);
    return changed;
  }

  /** Texts for the kernels alone. */
  private *kernels(edits: readonly GraphEdit[]): Generator<readonly TextEdit[] | undefined> {
    const wanted = edits.flatMap(({ node, kernel }): NewKernel[] =>
      kernel === undefined ? [] : [{ node: this.model.nodes[node]!, initializer: kernel }],
    );
    const { framework, library } = this.model;
    const open = wanted.filter(({ node: { operation }, initializer }) => {
      const kernel = 'kernel' in operation ? operation.kernel : undefined;
      return !(kernel?.kind === 'known' && JSON.stringify(kernel.initializer) === JSON.stringify(initializer));
    });
    if (open.length === 0) {
      yield [];
    } else if (framework === 'torch') {
      yield otherFillers(open, this.texts, this.names);
      yield newFillers(open, this.texts, this.names);
      yield newFillers(open, this.texts, this.names, true);
    } else if (library !== 'equinox') {
      const all = open.map(({ node, initializer }) => {
        if (framework !== 'jax') return kerasKernel(this.model, node, initializer, this.texts);
        const kernel = library === 'haiku' ? haikuKernel : flaxKernel;
        return kernel(node, initializer, this.texts, this.names);
      });
      yield all.every((each) => each !== undefined) ? all.flat() : undefined;
    }
  }
}

const initialiserRules: ReadonlySet<string> = new Set([
  'saturating-initialiser',
  'he-with-tanh',
  'glorot-under-relu',
  'torch-default-deep',
  'selu-initialiser',
]);

const ratioOf = (flow: GraphFlow): number | undefined =>
  isUnknownFlow(flow) || !flow.certain ? undefined : flow.ratio;

/** The title with what becomes of the ratio, where that is another number. */
function withRatio(title: string, before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return title;
  const [was, is] = [shownRatio(before), shownRatio(after)];
  return was === is ? title : `${title}: ${was} → ${is}`;
}

/** `he_normal` as the initialiser that Haiku has for it. */
const inWordsOfHaiku = (title: string): string =>
  title.replace(/\b(he|glorot|lecun)_(normal|uniform)\b/g, (name) => haikuScaling(name) ?? name);

const isSameGraph = (a: Model, b: Model): boolean => a.name === b.name && key(a.source) === key(b.source);
