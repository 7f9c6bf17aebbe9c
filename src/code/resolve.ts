import type { SyntaxNode } from '@lezer/common';
import { attributeBindings, attributeOf, classAt } from './classes';
import { expressionOf } from './expression';
import type { Expression } from './expressionTypes';
import { globalObjects } from './javascript/modules';
import { type Found, lookup, unboundPaths } from './lookup';
import { at, type Place } from './place';
import { mostBindings } from './reaching';
import { originalPath } from './reexports';
import { combined, converted, objectOf, ofTensor, ofUnknown, resultOf, resultOfMember } from './results';
import type { Binding } from './scope';
import { argumentNodes, itemsOf, membersOf } from './syntax';
import { entryOf } from './tables';
import { knownKey, knownText } from './texts';
import { further, newTrail, type Trail as TrailOf } from './trail';
import { partsOfType, valueOfBuiltInType } from './types';
import { collection, data, foreign, mayBeTensor, namesClass, namespace, object, pathValue, type Value } from './value';
import { agreed, firstArgument, keepers, makesObject, memberOf, partials } from './values';

type Trail = TrailOf<Value>;

/** The value of a binding, found once for each question; a binding that leads back to itself stands for any data. */
function bindingValue(binding: Binding, place: Omit<Place, 'node'>, trail: Trail): Value {
  const former = trail.known.get(binding);
  if (former !== undefined) return former;
  trail.known.set(binding, data);
  const value = meaningValue(binding, place, trail);
  trail.known.set(binding, value);
  return value;
}

function meaningValue(binding: Binding, place: Omit<Place, 'node'>, trail: Trail): Value {
  const { meaning } = binding;
  switch (meaning.kind) {
    case 'path':
      return pathValue(originalPath(meaning.path));
    case 'expression': {
      const value = meaning.members.reduce(memberOf, follow(at(place, meaning.node), trail));
      return value.kind === 'data' ? typed(meaning.type, place, trail) : value;
    }
    case 'instance':
      return { kind: 'instance' };
    case 'local': {
      const of = classAt(binding, place);
      return of === undefined ? namespace : { kind: 'namespace', of };
    }
    case 'data':
      return typed(meaning.type, place, trail);
    default:
      return data;
  }
}

/** What a name with this annotation may hold. */
function typed(type: SyntaxNode | undefined, place: Omit<Place, 'node'>, trail: Trail): Value {
  const next = type === undefined ? undefined : further(trail);
  if (type === undefined || next === undefined) return data;
  const parts = partsOfType(place.document, type);
  if (parts === undefined) return data;
  return agreed(parts.map((part) => typeValue(at(place, part.node), part.path, next)));
}

/** An object of the class that a dotted name in an annotation stands for. */
function typeValue(place: Place, [first = '', ...rest]: readonly string[], trail: Trail): Value {
  const isPython = place.document.language === 'python';
  const builtIn = rest.length === 0 && !isBound(place, first) ? valueOfBuiltInType(first, isPython) : undefined;
  if (builtIn !== undefined) return builtIn;
  const value = rest.reduce(memberOf, nameValue(place, first, trail));
  if (value.kind === 'path') return objectOf(value.path, isPython);
  if (value.kind === 'namespace' && value.of !== undefined) return { kind: 'object', of: value.of };
  return value.kind === 'namespace' || !isPython ? objectOf(rest.at(-1) ?? first, isPython) : data;
}

function bindingsValue(bindings: readonly Binding[], place: Omit<Place, 'node'>, trail: Trail): Value {
  if (bindings.length > mostBindings) return namespace;
  return agreed(bindings.map((binding) => bindingValue(binding, place, trail)));
}

function nameValue(place: Place, name: string, trail: Trail): Value {
  const found = lookup(place, name);
  if (found !== undefined) return bindingsValue(found.bindings, found.place, trail);
  if (place.document.language !== 'python' && globalObjects.has(name)) return pathValue(name);
  const [path, ...alternatives] = unboundPaths(place, name);
  return path === undefined ? data : { kind: 'path', path, alternatives };
}

/** An item of a collection that is written out, or by its name of a module; of a tensor, a tensor. */
function itemValue(place: Place, expression: Expression & { kind: 'item' }, trail: Trail): Value {
  const owner = at(place, expression.object);
  const key = expression.index === undefined ? undefined : knownKey(at(place, expression.index));
  if (key !== undefined) {
    const named = typeof key === 'string' ? namedIn(owner, key, expression.index!, trail) : undefined;
    if (named !== undefined) return named;
    const entry = entryOf(owner, key, pathOfTable(trail));
    if (entry !== undefined) return follow(entry, trail);
  }
  const value = follow(owner, trail);
  return value.kind === 'tensor' || (value.kind === 'foreign' && !value.holds) ? value : data;
}

const pathOfTable = (trail: Trail) => (place: Place) => {
  const value = follow(place, trail);
  return value.kind === 'path' ? value.path : undefined;
};

/** `nn.__dict__['GELU']`, `vars(nn)['GELU']`, and JavaScript's `tf[name]`. */
function namedIn(owner: Place, key: string, index: SyntaxNode, trail: Trail): Value | undefined {
  const expression = expressionOf(owner.document, owner.node);
  if (owner.document.language !== 'python') {
    const value = follow(owner, trail);
    return value.kind === 'path' ? memberOf(value, key) : undefined;
  }
  if (expression.kind === 'member' && expression.name === '__dict__') {
    return attributeValue(at(owner, expression.object), key, index, trail);
  }
  const first =
    expression.kind === 'call' && isBuiltIn(owner, expression.callee, 'vars')
      ? firstArgument(expression.list)
      : undefined;
  return first === undefined ? undefined : attributeValue(at(owner, first), key, index, trail);
}

/** True for a name of Python itself that nothing binds. */
function isBuiltIn(place: Place, callee: SyntaxNode, name: string): boolean {
  const expression = expressionOf(place.document, callee);
  const isNamed = place.document.language === 'python' && expression.kind === 'name' && expression.name === name;
  return isNamed && !isBound(place, name);
}

const foundValue = (found: Found | undefined, trail: Trail): Value =>
  found === undefined ? data : bindingsValue(found.bindings, found.place, trail);

/** A member of what stands at a place, by its name; `property` is where the name is written. */
function attributeValue(owner: Place, name: string, property: SyntaxNode, trail: Trail): Value {
  const value = follow(owner, trail);
  if (value.kind === 'instance') {
    return name === '__class__' ? value : foundValue(attributeBindings(owner, name, property), trail);
  }
  if ((value.kind === 'object' || value.kind === 'namespace') && value.of !== undefined) {
    const found = attributeOf(value.of, name, value.kind === 'object');
    if (found !== undefined) return foundValue(found, trail);
  }
  if (value.kind === 'foreign' && value.holds && owner.document.language !== 'python') {
    const entry = entryOf(owner, name, pathOfTable(trail));
    if (entry !== undefined) return follow(entry, trail);
  }
  return memberOf(value, name);
}

/**
 * What a call gives that names a member by a text: `getattr(nn, 'GELU')`, `table.get('gelu')`,
 * `importlib.import_module('torch.nn')`. Undefined for any other call.
 */
function namedByCall(place: Place, expression: Expression & { kind: 'call' }, trail: Trail): Value | undefined {
  if (place.document.language !== 'python' || expression.list === undefined) return undefined;
  const [first, second] = itemsOf(expression.list).map((item) => (item.length === 1 ? item[0] : undefined));
  if (first === undefined) return undefined;
  const name = (node: SyntaxNode | undefined) => (node === undefined ? undefined : knownText(at(place, node)));
  if (isBuiltIn(place, expression.callee, 'getattr')) {
    const known = name(second);
    return known === undefined ? data : attributeValue(at(place, first), known, second!, trail);
  }
  if (isBuiltIn(place, expression.callee, 'type')) {
    const value = follow(at(place, first), trail);
    return value.kind === 'instance' ? value : undefined;
  }
  const called = expressionOf(place.document, expression.callee);
  const text = name(first);
  if (text === undefined) return attributeGot(place, called, first, trail);
  if (isBuiltIn(place, expression.callee, '__import__')) return pathValue(text.split('.', 1)[0]!);
  if (called.kind === 'member' && called.name === '__getattribute__') {
    return attributeValue(at(place, called.object), text, first, trail);
  }
  if (called.kind === 'member' && (called.name === 'get' || called.name === 'pop')) {
    const entry = entryOf(at(place, called.object), text, pathOfTable(trail));
    return entry === undefined ? undefined : follow(entry, trail);
  }
  return undefined;
}

/** Which argument of a call names a member, if one does: of `getattr` the second, of `table.get` the first. */
export function namingArgument(call: Place): number | undefined {
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call' || call.document.language !== 'python') return undefined;
  if (isBuiltIn(call, expression.callee, 'getattr')) return 1;
  const called = expressionOf(call.document, expression.callee);
  return called.kind === 'member' && ['get', 'pop', '__getattribute__'].includes(called.name) ? 0 : undefined;
}

/** `operator.attrgetter('GELU')(nn)`. */
function attributeGot(place: Place, called: Expression, owner: SyntaxNode, trail: Trail): Value | undefined {
  if (called.kind !== 'call') return undefined;
  const getter = follow(at(place, called.callee), trail);
  const name = firstArgument(called.list);
  if (getter.kind !== 'path' || getter.path !== 'operator.attrgetter' || name === undefined) return undefined;
  const text = knownText(at(place, name));
  return text?.split('.').reduce(memberOf, follow(at(place, owner), trail));
}

function memberValue(place: Place, expression: Expression & { kind: 'member' }, trail: Trail): Value {
  return attributeValue(at(place, expression.object), expression.name, expression.property, trail);
}

function callValue(place: Place, expression: Expression & { kind: 'call' }, trail: Trail): Value {
  const named = namedByCall(place, expression, trail);
  if (named !== undefined) return named;
  const callee = follow(at(place, expression.callee), trail);
  if (callee.kind === 'made' && callee.partial && makesObject(callee.path)) {
    return { kind: 'made', path: callee.path, call: place, partial: false };
  }
  if (callee.kind !== 'path') return resultValue(place, expression, callee, trail);
  const first = firstArgument(expression.list);
  if (first !== undefined && callee.path === 'importlib.import_module') {
    const path = knownText(at(place, first));
    return path === undefined || path.startsWith('.') ? namespace : pathValue(path);
  }
  if (first !== undefined && keepers.has(callee.path)) return follow(at(place, first), trail);
  if (first !== undefined && partials.has(callee.path)) {
    const inner = follow(at(place, first), trail);
    return inner.kind === 'path' ? { kind: 'made', path: inner.path, call: place, partial: true } : data;
  }
  const result = resultValue(place, expression, callee, trail);
  if (result.kind === 'tensor' || !makesObject(callee.path)) return result;
  return { kind: 'made', path: callee.path, call: place, partial: false };
}

/** What a call gives, as far as it may be a tensor. */
function resultValue(place: Place, expression: Expression & { kind: 'call' }, callee: Value, trail: Trail): Value {
  const isPython = place.document.language === 'python';
  const given = argumentNodes(place.document, expression.list);
  const takesTensor = () => given.some((node) => mayHoldTensor(at(place, node), trail));
  const called = expressionOf(place.document, expression.callee);
  switch (callee.kind) {
    case 'path':
      return resultOf(callee.path, isPython, takesTensor());
    case 'made':
      return callee.partial ? data : resultOfMember(callee.path, isPython, takesTensor());
    case 'foreign':
      return callee.holds ? data : foreign;
    case 'object':
      return takesTensor() ? data : object;
    case 'namespace':
      if (callee.of !== undefined) return { kind: 'object', of: callee.of };
      return namesClass(nameOf(called)) ? object : data;
    case 'tensor':
      return called.kind === 'member' ? ofTensor(called.name) : data;
    case 'data':
      return called.kind === 'member'
        ? resultOfMethod(follow(at(place, called.object), trail), called.name, isPython, takesTensor)
        : resultOfName(place, called, given, trail);
    case 'instance':
      return data;
  }
}

const nameOf = (expression: Expression): string =>
  expression.kind === 'name' || expression.kind === 'member' ? expression.name : '';

/** What a method of something gives whose class does not tell it. */
function resultOfMethod(owner: Value, name: string, isPython: boolean, takesTensor: () => boolean): Value {
  if (owner.kind === 'object') return takesTensor() ? data : object;
  return owner.kind === 'made' ? resultOfMember(owner.path, isPython, takesTensor()) : ofUnknown(name);
}

/** What a call of a name gives that nothing tells of: of Python itself, or a class by its name. */
function resultOfName(place: Place, called: Expression, given: readonly SyntaxNode[], trail: Trail): Value {
  if (called.kind !== 'name' || isBound(place, called.name)) return data;
  if (folds.has(called.name)) {
    return combined(given.map((node) => numeric(at(place, node), trail)));
  }
  return converted(called.name) ?? (namesClass(called.name) ? object : data);
}

/** Functions of Python itself that give what they are given. */
const folds: ReadonlySet<string> = new Set(['abs', 'sum', 'max', 'min', 'pow', 'divmod', 'round', 'next']);

const isBound = (place: Place, name: string): boolean => lookup(place, name) !== undefined;

/** An operand as arithmetic takes it: what a class made is an object, and what a collection holds may be anything. */
function numeric(place: Place, trail: Trail): Value {
  const value = follow(place, trail);
  const isPython = place.document.language === 'python';
  if (value.kind === 'made') return value.partial ? object : objectOf(value.path, isPython);
  if (value.kind === 'foreign' && value.holds) return data;
  return value.kind === 'path' && objectOf(value.path, isPython).kind === 'foreign' ? foreign : value;
}

/** True where an argument may be a tensor, or a collection with one in it. */
function mayHoldTensor(place: Place, trail: Trail): boolean {
  const next = further(trail);
  if (next === undefined) return true;
  if (expressionOf(place.document, place.node).kind !== 'collection') return mayBeTensor(follow(place, next));
  const members = membersOf(place.node);
  return members === undefined || members.some((node) => mayHoldTensor(at(place, node), next));
}

/** The part of `valueAt` that knows how far it has come. */
export function follow(place: Place, trail: Trail): Value {
  const next = further(trail);
  if (next === undefined) return data;
  const expression = expressionOf(place.document, place.node);
  switch (expression.kind) {
    case 'name':
      return nameValue(place, expression.name, next);
    case 'member':
      return memberValue(place, expression, next);
    case 'call':
      return callValue(place, expression, next);
    case 'wrapped':
      return follow(at(place, expression.inner), next);
    case 'choice':
    case 'either':
      return agreed(expression.branches.map((branch) => follow(at(place, branch), next)));
    case 'instance':
      return { kind: 'instance' };
    case 'module':
      return expression.path === undefined ? namespace : pathValue(expression.path);
    case 'operation':
      return combined(expression.operands.map((operand) => numeric(at(place, operand), next)));
    case 'item':
      return itemValue(place, expression, next);
    case 'constant':
    case 'plain':
      return foreign;
    case 'collection':
      return collection;
    default:
      return data;
  }
}

/** What the expression at a place stands for. */
export const valueAt = (place: Place): Value => follow(place, newTrail());

/** The absolute dotted path that the expression at a place stands for, as imported: `torch.nn.functional.relu`. */
export function resolvePath(place: Place): string | undefined {
  const value = valueAt(place);
  return value.kind === 'path' ? value.path : undefined;
}

/** The path of what a call calls, also through `functools.partial`: the path that its keywords belong to. */
export function calleePath(call: Place): string | undefined {
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call') return undefined;
  const callee = valueAt(at(call, expression.callee));
  if (callee.kind === 'made' && callee.partial) return callee.path;
  if (callee.kind !== 'path') return undefined;
  const first = partials.has(callee.path) ? firstArgument(expression.list) : undefined;
  return first === undefined ? callee.path : resolvePath(at(call, first));
}

/** True for a call of `functools.partial`. */
export function isPartial(call: Place): boolean {
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call') return false;
  const path = resolvePath(at(call, expression.callee));
  return path !== undefined && partials.has(path);
}
