import type { FrameworkId } from '../../../core/frameworks/framework';
import type { LossUse, Model, ModelNode, Operation, Shape, SourceRange } from '../../../core/model/model';
import { channelsToLast } from './shape';
import { type Step, stepsBefore, type Tensor } from './tensor';

interface Described {
  readonly name: string;
  readonly framework: FrameworkId;
  readonly source: SourceRange;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly loss: LossUse | undefined;
  /** How many open conditions the model was made under. */
  readonly doubt: number;
}

/** Steps whose tensors have channels first, found from the layers that say so, up to the inputs. */
function channelsFirstSteps(steps: readonly Step[]): Set<Step> {
  const found = new Set<Step>();
  const spatial = (shape: Shape | undefined) => shape === undefined || shape.length > 1;
  for (const step of steps.toReversed()) {
    const told = step.channelsFirst && spatial(step.shape);
    if (told) found.add(step);
    if (!told && !found.has(step)) continue;
    for (const { step: input } of step.inputs) if (spatial(input.shape)) found.add(input);
  }
  return found;
}

/** Symbols anywhere in an operation or a shape. */
function symbolsIn(part: unknown, found: Set<string>, depth = 0): void {
  if (typeof part !== 'object' || part === null || depth > 4) return;
  if ('kind' in part && part.kind === 'symbolic' && 'symbols' in part) {
    for (const symbol of part.symbols as string[]) found.add(symbol);
  } else for (const each of Object.values(part)) symbolsIn(each, found, depth + 1);
}

const noOperation: Operation = { kind: 'input' };

/** The graph of what leads from inputs to outputs; undefined where there is nothing between them. */
export function graphBetween({ name, framework, source, inputs, outputs, loss, doubt }: Described): Model | undefined {
  const steps = stepsBefore(outputs, inputs);
  const starts = new Set(inputs.map(({ step }) => step));
  if (steps.every((step) => starts.has(step) || step.operation.kind === 'input')) return undefined;
  const ids = new Map(steps.map((step, id) => [step, id]));
  const first = channelsFirstSteps(steps);
  const symbols = new Set<string>();
  const nodes = steps.map((step, id): ModelNode => {
    const isInput = starts.has(step);
    const shape = first.has(step) ? channelsToLast(step.shape) : step.shape;
    symbolsIn(step.operation, symbols);
    symbolsIn(shape, symbols);
    for (const symbol of step.symbols) symbols.add(symbol);
    return {
      id,
      operation: isInput ? noOperation : step.operation,
      inputs: isInput ? [] : step.inputs.map((tensor) => ids.get(tensor.step)!),
      type: step.type,
      ...(step.name === undefined ? {} : { name: step.name }),
      source: step.source,
      ...(step.applied === undefined || isInput ? {} : { applied: step.applied }),
      shape,
      ...(step.weights === undefined || isInput ? {} : { weights: step.weights }),
      certain: step.certain && step.doubt <= doubt,
    };
  });
  const inputNodes = nodes.filter(({ operation }) => operation.kind === 'input');
  return {
    name,
    framework,
    source,
    nodes,
    inputs: inputNodes.map(({ id }) => id),
    outputs: [...new Set(outputs.map(({ step }) => ids.get(step)!))],
    inputShape: inputNodes[0]?.shape,
    loss,
    symbols: [...symbols].map((symbol) => ({ name: symbol, source })),
  };
}
