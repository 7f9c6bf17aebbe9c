import type { FunctionValue } from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import { argumentsWith } from '../given';
import { tensorValue } from './apply';
import { inputTensor } from './input';
import type { LayerData } from './layer';
import { layerIn } from './model';
import type { Body } from './modelData';
import type { Moment, Reading } from './state';
import { type Step, stepsBefore, tensorsIn } from './tensor';

const layerOf = ({ owner }: Step): LayerData | undefined =>
  owner !== undefined && 'steps' in owner ? (owner as LayerData) : undefined;

/** Layers that stand in a model of their own. */
const layersInModels = ({ models }: Reading): Set<LayerData | undefined> =>
  new Set(models.flatMap(({ items }) => items.map(({ value }) => layerIn(value))));

/** Inputs that functions were tried with. */
const tried = new WeakSet<Step>();

/** Whether a layer led an input on before, as those of a functional model did. */
const ledInputs = ({ applications }: LayerData): boolean =>
  applications.some(
    ({ inputs }) =>
      inputs.some(({ step }) => step.symbolic) && !stepsBefore(inputs).some((before) => tried.has(before)),
  );

/**
 * The way of a function of one argument that leads it through layers that were there before: a model with no object of its
 * own. A function that makes its layers itself is none, as each call has others.
 *
 * @param weighty kinds of operation that have weights
 */
export function functionBody(callee: FunctionValue, weighty: ReadonlySet<string>, moment: Moment): Body | undefined {
  const { machine, reading } = moment;
  const [parameter] = callee.code.parameters;
  if (parameter === undefined) return undefined;
  const before = machine.next();
  const input = inputTensor(undefined, sourceAt(callee.place, parameter), moment);
  tried.add(input.step);
  const result = machine.call(callee, argumentsWith([tensorValue(input, moment)], moment), moment.site);
  const steps = stepsBefore(tensorsIn(result), [input]);
  const own = steps.filter(({ operation }) => weighty.has(operation.kind));
  if (own.length === 0 || !steps.includes(input.step)) return undefined;
  const inModels = layersInModels(reading);
  const isFree = own.every((step) => {
    const layer = layerOf(step);
    if (layer === undefined || inModels.has(layer) || ledInputs(layer)) return false;
    return step.weights !== undefined && step.weights < before;
  });
  return isFree ? { inputs: [input], outputs: result } : undefined;
}
