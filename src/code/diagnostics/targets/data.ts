import type { Expression } from '../../program/ast';
import { type Call, dottedName, type Found, isCall, isFunction, lastName, methodName, receiver } from '../walk';
import { type Definition, type Names, type Site, seenAt, siteOf } from './definitions';
import { type Data, dataSets, normal, parts, scaled, sum, through, together, type Values, values } from './ranges';

/** Calls that give what they are given in another form. */
const sameValues = new RegExp(
  '^(array|asarray|Tensor|FloatTensor|DoubleTensor|tensor([1-4]d)?|as_tensor|from_numpy|constant|convert_to_tensor|cast|' +
    'reshape|astype|asType|float(32|64)?|double|view|unsqueeze|squeeze|expand_dims|expandDims|newaxis|to|cuda|cpu|flatten|' +
    'ravel|numpy|to_numpy|copy|clone|detach|type|toFloat|transpose|t|requires_grad_|Variable|list|device_put|tqdm|shuffle|' +
    'batch|prefetch|cache|DataLoader|vstack|hstack|concatenate)$',
);
const functions: Readonly<Record<string, (x: number) => number>> = {
  ...{ sin: Math.sin, cos: Math.cos, exp: Math.exp, sqrt: Math.sqrt, abs: Math.abs, log: Math.log, tanh: Math.tanh },
  ...{ square: (x: number) => x * x, neg: (x: number) => -x },
};
const drawsNormal = /^(randn|standard_normal|randomNormal|randn_like|normal)$/;
const drawsUniform = /^(rand|random|random_sample|randomUniform|uniform)$/;

/** Deeper than this nobody follows values. */
const DEEPEST = 24;

/** How far the values of data go, as far as a text tells. */
export class DataReader {
  /** What definitions give, each worked out once; undefined too while it is, since nothing is made of itself. */
  private readonly known = new Map<Definition, Data | undefined>();
  private readonly parameters = new Map<string, Data | undefined>();

  constructor(
    private readonly all: readonly Found[],
    private readonly names: Names,
  ) {}

  /** Undefined for what is not known. */
  read(value: Expression, site: Site, depth = 0): Data | undefined {
    if (depth > DEEPEST) return undefined;
    const inner = (each: Expression): Data | undefined => this.read(each, site, depth + 1);
    switch (value.kind) {
      case 'constant':
        return typeof value.value === 'number' ? values(value.value, value.value) : undefined;
      case 'name':
        return this.named(value.name, site, value.from, depth);
      case 'list':
        return value.items.length === 0 ? undefined : together(value.items.map(inner));
      case 'tuple':
        return parts(...value.items.map(inner));
      case 'unary':
        return value.operator === '-' ? scaled(inner(value.operand), -1, 0) : undefined;
      case 'binary':
        return this.binary(value, inner);
      case 'member':
        if (value.name === 'target') return itemOf(inner(value.object), 1);
        if (value.name === 'data') return itemOf(inner(value.object), 0);
        return value.name === 'T' || value.name === 'values' ? inner(value.object) : undefined;
      case 'index':
        return this.item(value, inner);
      case 'comprehension':
        return this.comprehension(value, site, depth);
      case 'call':
        return this.call(value, inner);
      default:
        return undefined;
    }
  }

  private named(name: string, site: Site, from: number, depth: number): Data | undefined {
    if (this.names.changed.has(name)) return undefined;
    const owners = site.around.filter(isFunction).toReversed();
    for (const owner of [...owners, undefined]) {
      const position =
        owner?.parameters.findIndex(({ target }) => target.kind === 'name' && target.name === name) ?? -1;
      const seen = seenAt(this.names.of.get(name) ?? [], owner, site, from);
      if (seen !== undefined && seen.length > 0) return merged(seen.map((each) => this.defined(each, depth)));
      if (position >= 0 && owner?.name !== undefined) return this.handed(owner.name, position, name, depth);
      if (position >= 0 || seen !== undefined) return undefined;
    }
    return undefined;
  }

  private defined(definition: Definition, depth: number): Data | undefined {
    if (this.known.has(definition)) return this.known.get(definition);
    this.known.set(definition, undefined);
    const { value, site, path, element } = definition;
    let data = this.read(value, site, depth + 1);
    if (element && data?.kind === 'rows') data = parts(...data.items);
    for (const k of path) data = itemOf(data, k);
    this.known.set(definition, data);
    return data;
  }

  /** What calls of a function hand to a parameter, those of its gradient among them: `jax.grad(loss)(params, x, y)`. */
  private handed(owner: string, position: number, name: string, depth: number): Data | undefined {
    const key = `${owner} ${name}`;
    if (this.parameters.has(key)) return this.parameters.get(key);
    this.parameters.set(key, undefined);
    const isIt = (callee: Expression): boolean => {
      if (callee.kind === 'name') {
        if (callee.name === owner) return true;
        const given = this.names.of.get(callee.name) ?? [];
        return given.length > 0 && given.every(({ value }) => value.kind === 'call' && isGradient(value, owner));
      }
      return callee.kind === 'call' && isGradient(callee, owner);
    };
    const given = this.all
      .filter(isCall)
      .filter(({ node }) => isIt(node.callee))
      .map((call) => {
        const own = call.node.arguments.find((each) => each.name === name) ?? call.node.arguments[position];
        if (own === undefined || own.value.kind === 'spread' || depth > DEEPEST) return undefined;
        return this.read(own.value, siteOf(call), depth + 4);
      });
    const data = given.length === 0 ? undefined : merged(given);
    this.parameters.set(key, data);
    return data;
  }

  private binary(
    { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
    inner: (each: Expression) => Data | undefined,
  ): Data | undefined {
    if (operator === '/' && isCentred(left)) return standardised;
    const [a, b] = [inner(left), inner(right)];
    const [p, q] = [numberIn(a), numberIn(b)];
    if (operator === '+' && q !== undefined) return scaled(a, 1, q);
    if (operator === '+' && p !== undefined) return scaled(b, 1, p);
    if (operator === '+') return sum(a, b);
    if (operator === '-' && q !== undefined) return scaled(a, 1, -q);
    if (operator === '-') return p !== undefined ? scaled(b, -1, p) : sum(a, scaled(b, -1, 0));
    if (operator === '*' && q !== undefined) return scaled(a, q, 0);
    if (operator === '*' && p !== undefined) return scaled(b, p, 0);
    if (operator === '/' && q !== undefined) return scaled(a, 1 / q, 0);
    if (operator === '**' && q !== undefined) return through(a, (x) => x ** q);
    return undefined;
  }

  private item(
    { object, index }: Extract<Expression, { kind: 'index' }>,
    inner: (each: Expression) => Data | undefined,
  ): Data | undefined {
    const data = inner(object);
    if (index.kind === 'constant') {
      if (index.value === 'target' || index.value === 'data') return itemOf(data, index.value === 'data' ? 0 : 1);
      if (data?.kind !== 'values') return typeof index.value === 'number' ? itemOf(data, index.value) : undefined;
    }
    if (data?.kind !== 'values') return undefined;
    const adds = index.kind === 'tuple' && index.items.every((each) => isWhole(each) || lastName(each) === 'newaxis');
    return data.mixed || isWhole(index) || adds ? data : undefined;
  }

  /** `[2 * x for x in xs]`. */
  private comprehension(
    { of, element, clauses }: Extract<Expression, { kind: 'comprehension' }>,
    site: Site,
    depth: number,
  ): Data | undefined {
    const [clause, ...more] = clauses;
    if (of === 'dict' || clause === undefined || more.length > 0 || clause.tests.length > 0) return undefined;
    if (clause.target.kind !== 'name') return undefined;
    const { name } = clause.target;
    if (site.around.some(isFunction)) return undefined;
    const own: Definition = { site: { ...site, around: [] }, value: clause.over, path: [], element: true, local: true };
    const around = new Map([...this.names.of, [name, [own]]]);
    return new DataReader(this.all, { ...this.names, of: around }).read(element, site, depth + 1);
  }

  private call(call: Call, inner: (each: Expression) => Data | undefined): Data | undefined {
    const { callee, arguments: given } = call;
    const name = lastName(callee) ?? '';
    const object = receiver(call);
    const known = dataSets.get(name) ?? dataSets.get(`${object ? lastName(object) : ''}.${name}`);
    if (known !== undefined) return known;
    const at = (k: number, word?: string): Expression | undefined =>
      (given.find((each) => word !== undefined && each.name === word) ?? given.filter((each) => !each.name)[k])?.value;
    const number = (k: number, word: string, usual: number): number | undefined => {
      const value = at(k, word);
      return value === undefined ? usual : numberIn(inner(value));
    };
    const isLibrary = object === undefined || isModule(object);
    if (name === 'train_test_split')
      return parts(...split(given.filter((each) => !each.name).map((each) => inner(each.value))));
    if (/^(TensorDataset|zip)$/.test(name)) return { kind: 'rows', items: given.map(({ value }) => inner(value)) };
    if (name === 'from_tensor_slices') {
      const [first] = given;
      const data = first && inner(first.value);
      return data?.kind === 'tuple' ? { kind: 'rows', items: data.items } : undefined;
    }
    if (name === 'enumerate') {
      const data = given[0] && inner(given[0].value);
      return { kind: 'rows', items: [undefined, data?.kind === 'rows' ? parts(...data.items) : data] };
    }
    if (isLibrary && drawsNormal.test(name)) {
      const numpy = name === 'normal' && /^((np|numpy)\.)?random$/.test(dottedName(object));
      const [mean, deviation] =
        numpy || name === 'randomNormal'
          ? [number(name === 'randomNormal' ? 1 : 0, 'loc', 0), number(name === 'randomNormal' ? 2 : 1, 'scale', 1)]
          : [0, 1];
      return mean === undefined || deviation === undefined ? undefined : normal(mean, deviation);
    }
    if (isLibrary && drawsUniform.test(name)) return uniform(name, dottedName(object), number);
    if (name === 'randint') {
      const [low, high] = [number(0, 'low', 0), number(1, 'high', Number.NaN)];
      return low === undefined || high === undefined || !(high > low) ? undefined : values(low, high - 1, true);
    }
    if (name === 'linspace') return together([at(0, 'start'), at(1, 'stop')].map((each) => each && inner(each)));
    if (/^(arange|range)$/.test(name)) return steps(given.map(({ value }) => numberIn(inner(value))));
    if (name === 'to_categorical' || name === 'one_hot' || name === 'oneHot') return values(0, 1, true);
    if (name === 'ones' || name === 'zeros') return values(name === 'ones' ? 1 : 0, name === 'ones' ? 1 : 0, true);
    if (name === 'fit_transform') return object && this.transformed(object);
    const subject = isLibrary ? at(0) : object;
    if (Object.hasOwn(functions, name) && subject) return through(inner(subject), functions[name]!);
    if (!isLibrary && /^(add|sub|mul|div)$/.test(name)) return this.method(name, object!, at(0), inner);
    return sameValues.test(name) && subject !== undefined ? inner(subject) : undefined;
  }

  /** `y.mul(2)` as `y * 2`. */
  private method(
    name: string,
    left: Expression,
    right: Expression | undefined,
    inner: (each: Expression) => Data | undefined,
  ): Data | undefined {
    const operator = { add: '+', sub: '-', mul: '*', div: '/' }[name]!;
    const { from, to } = left;
    return right && this.binary({ from, to, kind: 'binary', operator, left, right }, inner);
  }

  /** What a scaler of scikit-learn makes of anything. */
  private transformed(scaler: Expression): Data | undefined {
    const name = lastName(scaler);
    const made = scaler.kind === 'call' ? [scaler] : (this.names.of.get(name ?? '') ?? []).map(({ value }) => value);
    const ranges = made.map((value) => {
      if (value.kind !== 'call') return undefined;
      const of = lastName(value.callee);
      if (of === 'StandardScaler' && value.arguments.length === 0) return standardised;
      return of === 'MinMaxScaler' && value.arguments.length === 0 ? values(0, 1, true) : undefined;
    });
    return ranges.length === 0 ? undefined : merged(ranges);
  }
}

/** With mean 0 and standard deviation 1: some are below 0, some above, and some as far from it as 1. */
const standardised = normal(0, 0.5);

/** Where several definitions may be in force, what holds for each of them. */
const merged = (all: readonly (Data | undefined)[]): Data | undefined => (all.length === 1 ? all[0] : together(all));

const itemOf = (data: Data | undefined, k: number): Data | undefined =>
  data?.kind === 'tuple' ? data.items.at(k) : undefined;

const numberIn = (data: Data | undefined): number | undefined =>
  data?.kind === 'values' && data.min === data.max ? data.min : undefined;

const split = (all: readonly (Data | undefined)[]): (Data | undefined)[] => all.flatMap((each) => [each, each]);

/** `:`, `...`, `None`. */
const isWhole = (index: Expression): boolean =>
  (index.kind === 'slice' && index.start === undefined && index.stop === undefined) ||
  (index.kind === 'constant' && index.value === null);

const isGradient = ({ callee, arguments: [first] }: Call, of: string): boolean =>
  /^(filter_)?(grad|value_and_grad|jit)$/.test(lastName(callee) ?? '') &&
  first?.value.kind === 'name' &&
  first.value.name === of;

/** `y - y.mean()`, `y - np.mean(y)`. */
function isCentred(value: Expression): boolean {
  if (value.kind !== 'binary' || value.operator !== '-' || value.right.kind !== 'call') return false;
  const of = isModule(receiver(value.right)) ? value.right.arguments[0]?.value : receiver(value.right);
  return (
    methodName(value.right) === 'mean' &&
    value.left.kind === 'name' &&
    of !== undefined &&
    lastName(of) === value.left.name
  );
}

const isModule = (object: Expression | undefined): boolean =>
  /^(np|numpy|torch|tf|jnp|jax|keras|K|Math|random|data|utils|datasets)(\.|$)/.test(dottedName(object));

function uniform(
  name: string,
  of: string,
  number: (k: number, word: string, usual: number) => number | undefined,
): Values | undefined {
  if (name === 'rand' || name === 'random_sample' || (name === 'random' && /random$|^Math$/.test(of)))
    return values(0, 1, true);
  const first = name === 'randomUniform' ? 1 : 0;
  if (!(name === 'randomUniform' || (name === 'uniform' && /^(np|numpy)?\.?random$/.test(of)))) return undefined;
  const [low, high] = [number(first, 'low', 0), number(first + 1, 'high', 1)];
  return low === undefined || high === undefined ? undefined : values(Math.min(low, high), Math.max(low, high), true);
}

/** `range(10)`, `np.arange(0, 1, 0.1)`. */
function steps(given: readonly (number | undefined)[]): Values | undefined {
  if (given.length === 0 || given.some((each) => each === undefined)) return undefined;
  const [first, second, step = 1] = given as readonly number[];
  const [start, stop] = second === undefined ? [0, first!] : [first!, second];
  return stop > start && step > 0 ? values(start, start + Math.floor((stop - start) / step - 1e-9) * step) : undefined;
}
