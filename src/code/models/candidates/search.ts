import type { Model, ModelSymbol, SourceRange } from '../../../core/model/model';
import type { ClassValue, Foreign, InstanceValue, Value } from '../../interpret/values';
import { eachWithin } from '../../interpret/within';
import type { ClassCode } from '../../program/ast';
import type { Steps } from '../../steps';
import { assignmentAround, type FunctionDefinition, functionAround } from '../definitions';
import { hasWay, type ModelCandidate } from '../framework';
import type { Made } from '../recorder';
import { functionModels } from './functionModels';
import { type Filled, OpenArguments } from './openArguments';
import { classesIn, definitionIn, frameworkOf, type Ran } from './ran';
import { Trials } from './trials';

const byPosition = (a: SourceRange, b: SourceRange): number => a.cell - b.cell || a.from - b.from;

/** Values made at one place that are looked at: a loop or a recursion makes thousands, which are none or are alike. */
const MOST_AT_ONE_PLACE = 32;

/** What a method is called that makes a part of a model, and not all of it. */
const partBuilder =
  /^_?(build|make|create|define|get|init)_(\w+_)?(foot|stem|neck|head|heads|body|blocks?|backbone|encoder|decoder|embeddings?|layers?|classifier)$/;

function foreignInside(value: Value, depth = 0): Foreign | undefined {
  if (value.kind === 'foreign') return value;
  if (value.kind !== 'list' || depth > 2) return undefined;
  return value.items.map((item) => foreignInside(item, depth + 1)).find((found) => found !== undefined);
}

class Looks {
  private readonly counts = new Map<string, number>();

  /** Whether there is one more look at what was made at a place. */
  at(place: string): boolean {
    const count = this.counts.get(place) ?? 0;
    this.counts.set(place, count + 1);
    return count < MOST_AT_ONE_PLACE;
  }
}

/** Finds what may be a model in a program that has run, and runs what nobody called. */
export class CandidateSearch {
  private readonly open: OpenArguments;
  private readonly trials: Trials;
  private classes: ReadonlyMap<ClassCode, ClassValue> | undefined;

  constructor(
    private readonly ran: Ran,
    filled: Filled,
  ) {
    this.open = new OpenArguments(ran.machine, filled, (name) => {
      const found = ran.names.get(name);
      return found?.kind === 'class' ? found : undefined;
    });
    this.trials = new Trials(ran, this.open);
  }

  /** What was asked for so far, whether it was filled in or not. */
  get asked(): Iterable<string> {
    return this.open.symbols.keys();
  }

  /** Whether not all that may be a model was tried. */
  get isCut(): boolean {
    return this.trials.isCut;
  }

  /** The graphs of all models, in the order of the text, each once. */
  *graphs(): Steps<Model[]> {
    yield* this.trials.all();
    const variables = yield* this.variables();
    const instances = yield* this.instances();
    const left = yield* this.leftInFunctions();
    // What is left in functions may hold objects that were taken for models.
    const whole = instances.filter(({ instance }) => !this.isPart(instance)).map(({ graph }) => graph);
    const functions = yield* functionModels(this.ran);
    const models = [...variables, ...whole, ...left, ...functions, ...this.givenBack()];
    const found = models.length > 0 ? models : this.ofBasesElsewhere();
    return found.map((graph) => this.withSymbols(graph)).sort((a, b) => byPosition(a.source, b.source));
  }

  private graphOf(value: Value, name: string, source: SourceRange): Model | undefined {
    const candidate: ModelCandidate = { value, name, source };
    const framework =
      value.kind === 'foreign'
        ? this.ran.frameworks.find(({ library }) => library === value.library)
        : value.kind === 'instance'
          ? frameworkOf(this.ran, value.class)
          : undefined;
    return framework && this.ran.attempt(() => framework.graphOf(candidate, this.ran.machine));
  }

  /** Module-level variables that hold models, also in lists and dicts. */
  private *variables(): Steps<Model[]> {
    const graphs: Model[] = [];
    const last = new Map<string, SourceRange>();
    for (const { assignments } of this.ran.definitions) {
      for (const { name, source } of assignments) last.set(name, source);
    }
    for (const [name, source] of last) {
      const value = this.ran.names.get(name);
      if (value !== undefined) this.variable(value, name, source, graphs, 0);
      yield;
    }
    return graphs;
  }

  private readonly shown = new Set<Value>();

  private variable(value: Value, name: string, source: SourceRange, graphs: Model[], depth: number): void {
    if (value.kind === 'list' && depth < 2) {
      value.items.slice(0, 20).forEach((item, k) => {
        this.variable(item, `${name}[${k}]`, source, graphs, depth + 1);
      });
    } else if (value.kind === 'dict' && depth < 2) {
      for (const [key, item] of [...value.entries].slice(0, 20)) {
        this.variable(item, `${name}[${JSON.stringify(key)}]`, source, graphs, depth + 1);
      }
    } else if (value.kind === 'foreign' && !this.shown.has(value)) {
      const graph = this.graphOf(value, name, this.assignedAt(value, name) ?? source);
      if (graph === undefined) return;
      this.shown.add(value);
      graphs.push(graph);
    }
  }

  /** Where a name got a value, which may not be where it was assigned last. */
  private assignedAt(value: Foreign, name: string): SourceRange | undefined {
    const made = this.ran.recorder.made.get(value);
    const assignment = made && assignmentAround(this.ran.definitions, made.source);
    return assignment?.name === name ? assignment.source : undefined;
  }

  /** Classes without a way from input to output: what their objects hold stands for itself. */
  private readonly silent = new Set<ClassValue>();
  /** Classes of whose way nothing can be read, as where a solver takes their layers: objects that they hold stand for themselves. */
  private readonly unread = new Set<ClassValue>();

  /** Classes that are models: the first object of each that is no part of another. */
  private *instances(): Steps<{ readonly graph: Model; readonly instance: InstanceValue }[]> {
    const byClass = new Map<ClassValue, InstanceValue[]>();
    const tried = this.trials.made;
    const byOthers = new Set(this.ran.recorder.instances.filter((each) => !tried.has(each)).map((each) => each.class));
    for (const instance of this.ran.recorder.instances) {
      // One that another model makes of the class counts, and not the one that was made to see what the class is.
      if (tried.has(instance) && byOthers.has(instance.class)) continue;
      const alike = byClass.get(instance.class);
      if (alike === undefined) byClass.set(instance.class, [instance]);
      else alike.push(instance);
    }
    const looked = new Set<ClassValue>();
    const found: { graph: Model; instance: InstanceValue }[] = [];
    // Looking at one may show that another is a part of it, so that all are looked at before any is taken.
    const lost = (): number => this.silent.size + this.unread.size;
    for (let before = -1; before < lost(); ) {
      before = lost();
      const parts = this.heldInInstances();
      yield;
      for (const [value, instances] of byClass) {
        const definition = definitionIn(this.ran, ({ classes }) => classes.get(value.code));
        const whole = instances.filter(
          (instance) => !parts.has(instance) && !this.isPart(instance) && !this.isOfAnother(instance),
        );
        const own = whole.length > 1 ? (whole.find((each) => this.isFilled(each)) ?? whole[0]) : whole[0];
        if (definition === undefined || own === undefined || looked.has(value)) continue;
        looked.add(value);
        const graph = this.graphOf(own, value.name, definition.source);
        if (graph !== undefined) found.push({ graph, instance: own });
        else (hasWay(own, this.ran.machine) ? this.unread : this.silent).add(value);
        yield;
      }
    }
    return found;
  }

  /** Made by another model's method, which has put something else in its place: `self.a = A() if wide else B()`. */
  private isOfAnother({ class: { code }, source }: InstanceValue): boolean {
    const definition = functionAround(this.ran.definitions, source);
    if (definition?.owner === undefined || definition.owner === code) return false;
    const owner = this.byCode.get(definition.owner);
    return owner !== undefined && !this.unread.has(owner) && this.isModelMethod(definition);
  }

  private isFilled(value: Value): boolean {
    return this.ran.frameworks.some((framework) => framework.isFilled?.(value) ?? false);
  }

  private isPart(value: Value): boolean {
    return (
      this.ran.recorder.used.has(value) || this.ran.frameworks.some((framework) => framework.isPart?.(value) ?? false)
    );
  }

  /** Everything that an object of the file's model classes holds and shows. */
  private heldInInstances(): Set<Value> {
    const held = new Set<Value>();
    const hold = (value: Value, objects: boolean, seen: Set<Value>): void =>
      eachWithin(
        value,
        4,
        (each) => {
          if (each.kind === 'foreign' || (each.kind === 'instance' && objects)) held.add(each);
          return undefined;
        },
        seen,
      );
    const [ofRead, ofUnread] = [new Set<Value>(), new Set<Value>()];
    for (const { attributes, class: value } of this.ran.recorder.instances) {
      if (this.silent.has(value)) continue;
      const isRead = !this.unread.has(value);
      for (const each of attributes.values()) hold(each, isRead, isRead ? ofRead : ofUnread);
    }
    return held;
  }

  /** Models that no variable of the module holds at the end. */
  private *leftInFunctions(): Steps<Model[]> {
    const held = this.heldInInstances();
    const sources = new Set([...this.shown].map((value) => this.placeOf(value)));
    const looks = new Looks();
    const alone: Model[] = [];
    const byFunction = new Map<FunctionDefinition, { made: Made; graph: Model }[]>();
    for (const made of this.ran.recorder.made.values()) {
      const { value, source, framework } = made;
      const skip =
        this.shown.has(value) ||
        held.has(value) ||
        this.ran.recorder.used.has(value) ||
        sources.has(this.placeOf(value));
      if (skip || framework.isPart?.(value) || !looks.at(this.placeOf(value))) continue;
      yield;
      const definition = functionAround(this.ran.definitions, source);
      if (definition === undefined) {
        const graph = this.replaced(made);
        if (graph !== undefined) alone.push(graph);
        if (graph !== undefined) sources.add(this.placeOf(value));
        continue;
      }
      if (this.isModelMethod(definition)) continue;
      const candidate: ModelCandidate = {
        value,
        name: definition.name ?? 'model',
        source: definition.source,
        within: definition.owner === undefined ? this.ran.functions.get(definition.code) : undefined,
      };
      let graph = this.ran.attempt(() => framework.graphOf(candidate, this.ran.machine));
      if (graph === undefined) continue;
      if (this.isPartElsewhere(definition))
        graph = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, certain: false })) };
      sources.add(this.placeOf(value));
      byFunction.set(definition, [...(byFunction.get(definition) ?? []), { made, graph }]);
    }
    return [...alone, ...[...byFunction.values()].flatMap((several) => this.named(several))];
  }

  /** Inputs and outputs that a function gives back, for somebody else to make a model of. */
  private givenBack(): Model[] {
    return this.trials.results.flatMap(({ value, definition: { owner, name: own, source } }) => {
      const name = owner?.name ?? own ?? 'model';
      const library = value.kind === 'list' ? foreignInside(value)?.library : undefined;
      const framework = this.ran.frameworks.find((each) => each.library === library);
      return framework?.graphOfResult?.({ value, name, source }, this.ran.machine) ?? [];
    });
  }

  /** What methods make of their argument, of classes whose base in another package makes a model of it. */
  private ofBasesElsewhere(): Model[] {
    return this.trials.results.flatMap(({ value, definition: { owner, source } }) => {
      const { name, bases = [] } = (owner && this.byCode.get(owner)) ?? {};
      if (value.kind !== 'foreign' || name === undefined || !bases.some(({ kind }) => kind === 'path')) return [];
      const framework = this.ran.frameworks.find(({ library }) => library === value.library);
      return framework?.graphOfResult?.({ value, name, source }, this.ran.machine) ?? [];
    });
  }

  /** A model whose variable holds another one by now, as in notebooks that call each one `model`. */
  private replaced({ value, source, assignedTo }: Made): Model | undefined {
    const assignment = assignmentAround(this.ran.definitions, source);
    if (assignment !== undefined) return this.graphOf(value, assignment.name, assignment.source);
    // A decorator makes it of a function.
    return assignedTo === undefined ? undefined : this.graphOf(value, assignedTo, source);
  }

  /** One model has its function's name; of several, and in a constructor or a cell, each has its variable's. */
  private named(several: readonly { made: Made; graph: Model }[]): Model[] {
    const isNameless = /^(__init__|constructor|_)$/.test(several[0]?.graph.name ?? '');
    if (several.length === 1 && !isNameless) return several.map(({ graph }) => graph);
    return several.map(({ made, graph }) => ({ ...graph, name: made.assignedTo ?? graph.name, source: made.source }));
  }

  private placeOf(value: Value): string {
    const made = value.kind === 'foreign' ? this.ran.recorder.made.get(value) : undefined;
    return made === undefined ? '' : `${made.source.cell}:${made.source.from}`;
  }

  /** The module's classes by their code. */
  private get byCode(): ReadonlyMap<ClassCode, ClassValue> {
    this.classes ??= new Map(classesIn(this.ran).map((value) => [value.code, value]));
    return this.classes;
  }

  /** What a model's own methods make belongs to it. */
  private isModelMethod({ owner }: FunctionDefinition): boolean {
    if (owner === undefined) return false;
    const value = this.byCode.get(owner);
    return value !== undefined && !this.silent.has(value) && frameworkOf(this.ran, value) !== undefined;
  }

  /** `build_head` of a class whose base is in another file makes a part of a model that nobody sees. */
  private isPartElsewhere({ owner, name }: FunctionDefinition): boolean {
    if (owner === undefined || name === undefined || !partBuilder.test(name)) return false;
    return this.byCode.get(owner)?.bases.some(({ kind }) => kind === 'path' || kind === 'unknown') === true;
  }

  private withSymbols(graph: Model): Model {
    const symbols = graph.symbols.map(
      ({ name, source }): ModelSymbol => ({ name, source: this.open.symbols.get(name) ?? source }),
    );
    return { ...graph, symbols };
  }
}
