import { isKnown, type Model, type ModelNode, type Shape } from './model';
import { inferShapes, outputShape } from './shapes';
import { agrees, componentsOf } from './sizes';

/** A model on an input of which its code tells nothing, or not all. */

const isOpen = (shape: Shape | undefined): boolean => shape === undefined || !shape.every(isKnown);

/**
 * The model with what a person says of its input's shape, and every shape that follows from it. Unchanged where the
 * code tells the shape, and where there is more than one input.
 *
 * @param shape components without the batch, channels last
 * @returns a sentence where the code tells part of the shape, or how many components a flattened one has, and `shape`
 * contradicts it
 */
export function withInputShape(model: Model, shape: readonly number[]): Model | { readonly problem: string } {
  const [input, ...others] = model.inputs;
  const told = model.inputShape;
  if (input === undefined || others.length > 0 || !isOpen(told)) return model;
  if (!agrees(told, shape)) {
    const known = told?.map((size) => (isKnown(size) ? size : '?')).join(' × ');
    return { problem: `${model.name} takes an input of ${known}, and ${shape.join(' × ')} was given.` };
  }
  const clash = flattenings(model, input, shape).find(({ told, given }) => given !== undefined && given !== told);
  if (clash !== undefined) {
    const fitting = fittingInput(model);
    const hint = fitting === undefined ? '' : `; ${fitting.join(' × ')} would fit`;
    return {
      problem: `${model.name} flattens to ${clash.told} components, and an input of ${shape.join(' × ')} gives ${clash.given}${hint}.`,
    };
  }
  const nodes = model.nodes.map(
    (node): ModelNode => (node.id === input && node.operation.kind === 'input' ? { ...node, shape } : node),
  );
  const shapes = inferShapes(nodes, shape);
  return { ...model, inputShape: shape, nodes: nodes.map((node) => ({ ...node, shape: shapes[node.id] })) };
}

interface Flattening {
  /** Components that the code tells: PyTorch's `in_features` behind a flatten. */
  readonly told: number;
  /** Components that follow from the input; undefined where nothing follows. */
  readonly given: number | undefined;
}

/** What an input makes of each flattening whose size the code tells by itself. */
function flattenings({ nodes }: Model, input: number, shape: Shape): Flattening[] {
  const shapes = new Map<number, Shape | undefined>([[input, shape]]);
  const found: Flattening[] = [];
  for (const { id, inputs, operation, shape: told } of nodes) {
    if (id === input) continue;
    const follows = outputShape(
      operation,
      inputs.map((from) => shapes.get(from)),
    );
    shapes.set(id, follows);
    const size = operation.kind === 'flatten' ? componentsOf(told) : undefined;
    if (size !== undefined) found.push({ told: size, given: componentsOf(follows) });
  }
  return found;
}

/** The longest side of an image that is tried. */
const LONGEST = 1024;

/**
 * An input of which the code tells how many components it has once it is flattened: a vector, or the square image that
 * fits. Where several fit, since strides round, the one that most halvings leave whole: 28, not 29. It is a guess for a
 * person to confirm; undefined where nothing is to be guessed from.
 *
 * @returns components without the batch, channels last
 */
export function fittingInput(model: Model): readonly number[] | undefined {
  const [input, ...others] = model.inputs;
  const told = model.inputShape;
  if (input === undefined || others.length > 0 || !isOpen(told)) return undefined;
  if (told === undefined) {
    const flat = model.nodes.find(({ operation, inputs }) => operation.kind === 'flatten' && inputs[0] === input);
    const size = componentsOf(flat?.shape);
    return size === undefined ? undefined : [size];
  }
  const channels = told.at(-1);
  if (channels === undefined || !isKnown(channels) || told.slice(0, -1).some(isKnown)) return undefined;
  const fitting: number[] = [];
  for (let side = 1; side <= LONGEST; side++) {
    const all = flattenings(model, input, [...told.slice(1).map(() => side), channels]);
    if (all.length === 0 || all.some(({ given = 0, told: most }) => given > most)) break;
    if (all.every(({ given, told: most }) => given === most)) fitting.push(side);
  }
  if (fitting.length === 0) return undefined;
  const side = fitting.reduce((best, each) => (halvings(each) > halvings(best) ? each : best));
  return [...told.slice(1).map(() => side), channels];
}

/** How often a number can be halved: the power of two in it. */
const halvings = (n: number): number => Math.log2(n & -n);
