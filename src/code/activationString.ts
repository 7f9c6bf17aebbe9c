import type { SyntaxNode } from '@lezer/common';
import { expressionOf } from './expression';
import { javascriptSlot } from './javascript/slot';
import { at, type Place } from './place';
import { pythonSlot } from './python/slot';
import { calleePath, isPartial } from './resolve';
import type { Slot } from './slot';
import { isSameNode, itemsOf } from './syntax';

/** A place where a string names an activation. */
export interface ActivationSlot {
  /** The path of the call that it is an argument of. */
  readonly callee: string | undefined;
  /** The argument's, parameter's, key's or variable's name; undefined for a positional argument. */
  readonly keyword: string | undefined;
  /** That call, or a dict whose other entries belong to the name: `dict(type='LeakyReLU', negative_slope=0.1)`. */
  readonly call: SyntaxNode | undefined;
}

const furthest = 50;

const activationWord = /^(?:.*_)?(?:act|activation|nonlin|nonlinearity)s?(?:_(?:fn|func|function|layer|name|type))?s?$/;

/**
 * True for `activation`, `recurrent_activation`, `hiddenActivation`, `ACTIVATION`, `act`, `hidden_act`, `act_layer`,
 * `activation_fn`, `nonlinearity`, their plurals and other cases, timm's `gate_layer`, and the tables of transformers.
 */
export function isActivationName(name: string): boolean {
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return activationWord.test(snake) || snake === 'gate_layer' || /^act2_?(fn|cls)$/.test(snake);
}

/** Which positional arguments of what name activations. */
const positions: Readonly<Record<string, readonly number[]>> = {
  Activation: [0],
  calculate_gain: [0],
  Dense: [1],
  SimpleRNN: [1],
  LSTM: [1, 2],
  GRU: [1, 2],
  EinsumDense: [2],
  Conv1D: [7],
  Conv2D: [7],
  Conv3D: [7],
  // PyTorch and libraries on it.
  RNN: [3],
  RNNCell: [3],
  kaiming_normal_: [3],
  kaiming_uniform_: [3],
  TransformerEncoderLayer: [4],
  TransformerDecoderLayer: [4],
  Transformer: [6],
  get_activation: [0],
  get_activation_fn: [0],
  get_activation_layer: [0],
  get_act_fn: [0],
  get_act_layer: [0],
  create_act_layer: [0],
};

/** Which positional arguments of a call of this path name activations. */
export function positionsOf(path: string): readonly number[] {
  if (path.endsWith('activations.get') || path.endsWith('activations.deserialize')) return [0];
  const point = path.lastIndexOf('.');
  const name = path.slice(point + 1);
  return point > 0 && Object.hasOwn(positions, name) ? positions[name]! : [];
}

/** The node that stands in the slot: around a literal, the brackets, choices and lists that it is a part of. */
function outermost(literal: Place): SyntaxNode {
  let node = literal.node;
  for (let step = 0; step < furthest; step++) {
    const around = node.parent;
    if (around === null || !passesOn(at(literal, around), node)) return node;
    node = around;
  }
  return node;
}

function passesOn(around: Place, inner: SyntaxNode): boolean {
  switch (around.node.name) {
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'ContinuedString':
      return true;
  }
  const expression = expressionOf(around.document, around.node);
  if (expression.kind === 'wrapped') return isSameNode(expression.inner, inner);
  if (expression.kind !== 'choice' && expression.kind !== 'either') return false;
  return expression.branches.some((branch) => isSameNode(branch, inner));
}

const slotOf = (place: Place): Slot | undefined =>
  place.document.language === 'python'
    ? pythonSlot(place.document, place.node)
    : javascriptSlot(place.document, place.node);

/**
 * Where an expression stands, through brackets, choices and lists, if `isName` knows the argument's, parameter's, key's or
 * variable's name, or `positionsOf` the position among a call's arguments.
 */
export function slotWhere(
  expression: Place,
  isName: (name: string) => boolean,
  positionsOf: (path: string) => readonly number[],
): ActivationSlot | undefined {
  const node = outermost(expression);
  const slot = slotOf(at(expression, node));
  if (slot === undefined) return undefined;
  const call = slot.call === undefined ? undefined : at(expression, slot.call);
  if (slot.name !== undefined) {
    if (!isName(slot.name)) return undefined;
    return { callee: call === undefined ? undefined : calleePath(call), keyword: slot.name, call: call?.node };
  }
  if (call === undefined || slot.position === undefined) return undefined;
  const callee = calleePath(call);
  if (callee === undefined) return undefined;
  const position = isPartial(call) ? slot.position - 1 : slot.position;
  return positionsOf(callee).includes(position) ? { callee, keyword: undefined, call: call.node } : undefined;
}

/** `dict(type=…)` or `{'type': …}` around a literal. */
function configurationAround(literal: Place): Place | undefined {
  const slot = slotOf(literal);
  if (literal.document.language !== 'python' || slot?.name !== 'type') return undefined;
  const around = slot.call ?? literal.node.parent;
  if (around === null) return undefined;
  if (around.name === 'DictionaryExpression') return at(literal, around);
  const expression = expressionOf(literal.document, around);
  const callee = expression.kind === 'call' ? expressionOf(literal.document, expression.callee) : undefined;
  return callee?.kind === 'name' && callee.name === 'dict' ? at(literal, around) : undefined;
}

/** The dict behind a name in a pair: `('leakyrelu', {'negative_slope': 0.1})`. */
function settingsBeside({ node }: Place): SyntaxNode | undefined {
  const items = node.parent?.name === 'TupleExpression' ? itemsOf(node.parent) : [];
  const [first, second] = items.map((item) => (item.length === 1 ? item[0]! : null));
  const isPair = items.length === 2 && isSameNode(first ?? null, node);
  return isPair && second?.name === 'DictionaryExpression' ? second : undefined;
}

const isConfigurationName = (name: string): boolean => isActivationName(name.replace(/_(cfg|config)$/i, ''));

/** What a literal is to name an activation for; undefined where it names none. */
export function activationSlot(literal: Place): ActivationSlot | undefined {
  const configuration = configurationAround(literal);
  if (configuration !== undefined) {
    const slot = slotWhere(configuration, isConfigurationName, positionsOf);
    return slot && { ...slot, call: configuration.node };
  }
  const slot = slotWhere(literal, isActivationName, positionsOf);
  const settings = slot && settingsBeside(literal);
  return settings === undefined ? slot : { ...slot!, call: settings };
}
