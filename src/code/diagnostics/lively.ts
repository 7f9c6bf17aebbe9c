import { isKnown, type Model, type SourceRange } from '../../core/model/model';
import type { ClassCode, Expression, FunctionCode, Parameter } from '../program/ast';
import { handsOn, madeBy } from './made';
import {
  type Call,
  dottedName,
  type Found,
  inside,
  isCall,
  isClass,
  isFunction,
  lastName,
  type valuesByName,
} from './walk';

/** A model with dropout or batch normalisation, as code names it. */
export interface Lively {
  /** The variable. */
  readonly name: string;
  /** The class, or the model where it is no class. */
  readonly model: string;
  /** Where that stands. */
  readonly source: SourceRange;
  /** How many of its steps behave otherwise in training. */
  readonly steps: number;
}

/** Calls that are looked at for layers, in all of a text: functions may call each other many times over. */
const MOST_LOOKED = 20_000;

/** A class or a function, and where its name stands. */
interface Defined {
  readonly code: ClassCode | FunctionCode;
  readonly source: SourceRange;
}

/** How many steps of a model behave otherwise in training. */
export const livelySteps = ({ nodes }: Model): number =>
  nodes.filter(({ operation, certain }) => {
    if (!certain) return false;
    if (operation.kind === 'normalisation') return operation.over === 'batch';
    return operation.kind === 'dropout' && isKnown(operation.rate) && operation.rate > 0;
  }).length;

/** Names of layers that behave otherwise in training. */
const isLivelyLayer = (call: Call): boolean => {
  const name = lastName(call.callee) ?? '';
  if (/^(Sync)?BatchNorm([123]d)?$/.test(name)) return true;
  if (!/^(Alpha|Feature)?Dropout([123]d)?$/.test(name)) return false;
  const rate = call.arguments.find(({ name: word }) => word === undefined || word === 'p')?.value;
  return rate === undefined || (rate.kind === 'constant' && typeof rate.value === 'number' && rate.value > 0);
};

/** Finds the models that names in the code around them mean, with dropout or batch normalisation. */
export class LivelyModels {
  /** Classes and functions by their names, in the order of the text. */
  private readonly codes = new Map<string, Defined[]>();
  private readonly calls: readonly Found<Call>[];
  private readonly read = new Map<string, Model[]>();
  private looked = 0;
  /** What is given to variables, beside what attributes of the same name hold. */
  private readonly variables = new Map<string, Expression[]>();

  constructor(
    private readonly all: readonly Found[],
    models: readonly Model[],
    private readonly values: ReturnType<typeof valuesByName>,
  ) {
    this.calls = all.filter(isCall);
    for (const { node, range } of all) {
      if (!('kind' in node) || (node.kind !== 'class' && node.kind !== 'function')) continue;
      const code = node.kind === 'class' ? node.class : node.function;
      if (code.name === undefined) continue;
      const { nameSpan = code } = code;
      const shift = range.from - node.from;
      const source = { cell: range.cell, from: nameSpan.from + shift, to: nameSpan.to + shift };
      this.codes.set(code.name, [...(this.codes.get(code.name) ?? []), { code, source }]);
    }
    for (const { node } of all) {
      if (node.kind !== 'assign') continue;
      for (const target of node.targets) {
        if (target.kind !== 'name') continue;
        this.variables.set(target.name, [...(this.variables.get(target.name) ?? []), node.value]);
      }
    }
    for (const model of models) this.read.set(model.name, [...(this.read.get(model.name) ?? []), model]);
  }

  /** What is called at a place: a variable, or a parameter, which may stand for several. */
  called(call: Found<Call>): readonly Lively[] {
    const name = lastName(call.node.callee);
    if (name === undefined || call.node.callee.kind === 'call') return [];
    const owner = call.around.findLast(isFunction);
    const k = owner?.parameters.findIndex(({ target }) => target.kind === 'name' && target.name === name) ?? -1;
    if (call.node.callee.kind === 'name' && owner?.name !== undefined && k >= 0) {
      const handed = this.handed(owner, owner.parameters[k]!, k);
      if (handed.length > 0) return handed.flatMap((each) => this.named(each, call) ?? []);
    }
    return this.named(call.node.callee, call) ?? [];
  }

  /** Names that calls of a function hand to a parameter. */
  private handed({ name }: FunctionCode, { target }: Parameter, k: number): readonly Expression[] {
    const word = target.kind === 'name' ? target.name : undefined;
    const given = this.calls.flatMap(({ node }) => {
      if (node.callee.kind !== 'name' || node.callee.name !== name) return [];
      const own = node.arguments.find((each) => each.name === word) ?? node.arguments[k];
      return own?.value.kind === 'name' || own?.value.kind === 'member' ? [own.value] : [];
    });
    return given.filter((each, k) => given.findIndex((other) => dottedName(other) === dottedName(each)) === k);
  }

  /** The model that all of the texts mean by a name; undefined where one of them has neither dropout nor batch normalisation. */
  private named(reference: Expression, from: Found): Lively[] | undefined {
    const name = lastName(reference)!;
    const own = reference.kind === 'name' ? this.variables.get(name) : undefined;
    const given = (own ?? this.values.get(name) ?? []).filter((value) => !handsOn(value, name));
    const found = given.map((value) => this.made(value, name, from));
    const [first] = found;
    if (first === undefined || !found.every((each) => each?.model === first.model)) return undefined;
    return [first];
  }

  private made(value: Expression, name: string, from: Found): Lively | undefined {
    const call = madeBy(value);
    const maker = call && lastName(call.callee);
    if (call === undefined || maker === undefined) return undefined;
    const known = this.read.get(/^(Sequential|Model)$/.test(maker) ? name : maker) ?? [];
    const [model] = known;
    if (model !== undefined && known.every((each) => livelySteps(each) > 0)) {
      return { name, model: model.name, source: model.source, steps: livelySteps(model) };
    }
    // A class of which one was read without them may have them with other arguments.
    if (model !== undefined && call.arguments.length === 0) return undefined;
    return this.written(call, maker, name, from);
  }

  /** A class that nobody could read, or that was read with other arguments: by the layers that its `__init__` makes. */
  private written(call: Call, maker: string, name: string, from: Found): Lively | undefined {
    const own = this.codes.get(maker) ?? [];
    const steps = own.map(({ code, source: { cell } }) =>
      isClass(code) && isModule(code) ? this.stepsOf(code, call, cell) : 0,
    );
    const near = nearest(own, from.range.cell);
    if (near === undefined || !steps.every((each) => each > 0)) return undefined;
    return { name, model: maker, source: near.source, steps: steps[own.indexOf(near)]! };
  }

  private stepsOf(code: ClassCode, call: Call, cell: number): number {
    const methods = code.body.flatMap((each) => (each.kind === 'function' ? [each.function] : []));
    const init = methods.find(({ name }) => name === '__init__');
    const forward = methods.find(({ name }) => name === 'forward');
    if (init === undefined || forward === undefined) return 0;
    const used = new Set(inside(this.all, forward).flatMap(({ node }) => (node.kind === 'member' ? [node.name] : [])));
    return inside(this.all, init).reduce((sum, { node, around }) => {
      if (node.kind !== 'assign') return sum;
      const [target] = node.targets;
      if (target?.kind !== 'member' || !used.has(target.name)) return sum;
      const open = around.slice(around.indexOf(init) + 1);
      const runs = open.every((each) => 'kind' in each && each.kind === 'if' && isChosen(each, node.from, init, call));
      return runs ? sum + this.layersIn(node.value, cell) : sum;
    }, 0);
  }

  /** The layers that an expression makes: itself, in a container, in a function of these texts. */
  private layersIn(value: Expression, cell: number, depth = 0): number {
    if (depth > 8 || value.kind !== 'call' || ++this.looked > MOST_LOOKED) return 0;
    if (isLivelyLayer(value)) return 1;
    const maker = lastName(value.callee) ?? '';
    if (/^(Sequential|ModuleList)$/.test(maker)) {
      const items = value.arguments.flatMap(({ value: each }) => (each.kind === 'list' ? each.items : [each]));
      return items.reduce((sum, each) => sum + this.layersIn(each, cell, depth + 1), 0);
    }
    const code = nearest(this.codes.get(maker) ?? [], cell)?.code;
    if (value.callee.kind !== 'name' || code === undefined || !isFunction(code)) return 0;
    const last = code.body.at(-1);
    return last?.kind === 'return' && last.value !== undefined ? this.layersIn(last.value, cell, depth + 1) : 0;
  }
}

/** Of several of one name, the last that a cell can see. */
const nearest = (all: readonly Defined[], cell: number): Defined | undefined =>
  all.findLast(({ source }) => source.cell <= cell) ?? all[0];

const isModule = ({ bases }: ClassCode): boolean =>
  bases.length === 1 &&
  bases.every(
    ({ value }) => lastName(value) === 'Module' && value.kind === 'member' && lastName(value.object) === 'nn',
  );

/** Whether a branch is the one that a call's arguments choose: `if use_norm:` of `Net(use_norm=True)`. */
function isChosen(
  branch: {
    readonly kind: 'if';
    readonly test: Expression;
    readonly consequence: readonly { from: number; to: number }[];
  },
  at: number,
  init: FunctionCode,
  call: Call,
): boolean {
  const { test, consequence } = branch;
  const word = lastName(test);
  const k = init.parameters.findIndex(({ target }) => target.kind === 'name' && target.name === word);
  if (k < 1 || (test.kind === 'member' && lastName(test.object) !== 'self')) return false;
  const given = call.arguments.find(({ name }) => name === word) ?? call.arguments.filter(({ name }) => !name)[k - 1];
  const value = given?.value ?? init.parameters[k]!.default;
  if (value?.kind !== 'constant') return false;
  const isThere = consequence.some(({ from, to }) => at >= from && at < to);
  return Boolean(value.value) === isThere;
}
