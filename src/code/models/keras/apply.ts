import type { Operation, Shape, SourceRange } from '../../../core/model/model';
import { type CallArguments, list, type Value } from '../../interpret/values';
import { eachWithin } from '../../interpret/within';
import { argumentsWith } from '../given';
import type { LayerData, Phi, Shapes } from './layer';
import { shapeAfter } from './outputShape';
import { doubtOf, foreign, type Moment } from './state';
import { type Step, type Tensor, tellShape, tensorOf, tensorsIn } from './tensor';

interface NewStep {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly type: string;
  readonly name?: string | undefined;
  readonly source: SourceRange;
  readonly applied?: SourceRange | undefined;
  readonly weights?: number | undefined;
  readonly certain?: boolean;
  readonly doubt?: number;
  readonly channelsFirst?: boolean;
  readonly infer?: ((inputs: Shapes) => Shape | undefined) | undefined;
  readonly shape?: Shape | undefined;
  readonly symbols?: readonly string[];
  readonly owner?: object | undefined;
}

export function newStep(given: NewStep, { machine }: Pick<Moment, 'machine'>): Tensor {
  const { operation, inputs, channelsFirst = false, infer } = given;
  const shapes = inputs.map(({ shape }) => shape);
  const inferred = infer ?? ((all: Shapes) => shapeAfter(operation, all, channelsFirst));
  const step: Step = {
    order: machine.next(),
    operation,
    inputs,
    type: given.type,
    name: given.name,
    source: given.source,
    applied: given.applied,
    weights: given.weights,
    certain: given.certain ?? true,
    symbolic: operation.kind === 'input' || inputs.some((input) => input.step.symbolic),
    doubt: Math.max(given.doubt ?? 0, doubtOf({ machine })),
    shape: given.shape ?? (operation.kind === 'input' ? undefined : inferred(shapes)),
    channelsFirst,
    infer: inferred,
    symbols: given.symbols ?? [],
    owner: given.owner,
  };
  return tensorOf(step);
}

export const tensorValue = (tensor: Tensor, { reading }: Moment): Value => foreign(reading, 'tensor', tensor);

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.cell === outer.cell && inner.from >= outer.from && inner.to <= outer.to;

const inside = (source: SourceRange, layer: SourceRange): SourceRange => (within(source, layer) ? source : layer);

/** Where a layer is applied, where that is not where it is made. */
export const appliedAt = (source: SourceRange, { site }: Moment): SourceRange | undefined =>
  within(source, site.source) || within(site.source, source) ? undefined : site.source;

/** Something that is not known, as a step that leads on from the tensors that went into it. */
export function opaqueStep(type: string, inputs: readonly Tensor[], moment: Moment, shape?: Shape): Tensor {
  const source = moment.site.source;
  return newStep({ operation: { kind: 'opaque' }, inputs, type, source, certain: false, infer: () => shape }, moment);
}

/** A value as tensors; one that nobody knows becomes an opaque source. */
export function inputTensors(value: Value | undefined, moment: Moment): Tensor[] {
  const found = someTensors(value, moment);
  return found.length > 0 ? found : [opaqueStep('nothing', [], moment)];
}

function someTensors(value: Value | undefined, moment: Moment): Tensor[] {
  const found: Tensor[] = [];
  if (value === undefined) return [opaqueStep('unknown', [], moment)];
  eachWithin(value, 20, (each) => {
    if (each.kind === 'list' || each.kind === 'dict') return undefined;
    const tensors = tensorsIn(each);
    const isTold = tensors.length > 0;
    found.push(...(isTold ? tensors : [opaqueStep(each.kind === 'unknown' ? each.text : 'unknown', [], moment)]));
    return [];
  });
  return found;
}

/** An activation that was given as an argument, as a step of its own. */
export function applyPhi(
  phi: Phi | undefined,
  tensor: Tensor,
  owner: Pick<LayerData, 'type' | 'name' | 'source'> & { readonly certain?: boolean; readonly doubt?: number },
  moment: Moment,
  isLayer = false,
): Tensor {
  if (phi === undefined || phi.kind === 'none') return tensor;
  if (phi.kind === 'use') {
    const { use, certain, symbols } = phi;
    return newStep(
      {
        operation: { kind: 'activation', activation: use },
        inputs: [tensor],
        type: isLayer ? owner.type : use.spelled,
        name: isLayer ? owner.name : undefined,
        // TensorFlow.js has no functions beside layers: what stands elsewhere is its layer's all the same.
        source: moment.machine.language === 'python' || isLayer ? use.source : inside(use.source, owner.source),
        applied: appliedAt(owner.source, moment),
        certain: certain && (owner.certain ?? true),
        doubt: owner.doubt ?? 0,
        symbols,
        infer: ([input]) => input,
        channelsFirst: tensor.step.channelsFirst,
        owner,
      },
      moment,
    );
  }
  const result = moment.machine.call(phi.callee, argumentsWith([tensorValue(tensor, moment)], moment), {
    source: phi.source,
  });
  const [output] = tensorsIn(result);
  return output ?? opaqueStep(moment.machine.text(phi.source), [tensor], moment, tensor.shape);
}

/** A layer applied to a tensor or to several. */
export function applyLayer(layer: LayerData, value: Value | undefined, args: CallArguments, moment: Moment): Value {
  const [input] = tensorsIn(value);
  if (input !== undefined) tellShape(input, layer.inputShape?.shape);
  const result =
    layer.custom === undefined
      ? applySteps(layer, value, args, moment)
      : (layer.custom(value ?? moment.machine.unknown('nothing'), args, moment) ??
        tensorValue(opaqueStep(layer.type, inputTensors(value, moment), moment), moment));
  layer.applications.push({ inputs: tensorsIn(value), output: result });
  return result;
}

function applySteps(layer: LayerData, value: Value | undefined, args: CallArguments, moment: Moment): Value {
  const main = inputTensors(value, moment);
  const further = layer.steps.some(
    ({ operation }) => typeof operation === 'function' || operation.kind === 'recurrent' || operation.kind === 'opaque',
  )
    ? callInputs(layer, args)
    : [];
  const applied = appliedAt(layer.source, moment);
  let inputs: Tensor[] = [...main, ...further];
  for (const plan of layer.steps) {
    const operation =
      typeof plan.operation === 'function' ? plan.operation(inputs.map(({ shape }) => shape)) : plan.operation;
    inputs = [
      newStep(
        {
          operation,
          inputs,
          type: plan.type ?? layer.type,
          name: layer.name,
          source: plan.source ?? layer.source,
          applied,
          weights: plan.weights,
          certain: layer.certain,
          doubt: layer.doubt,
          channelsFirst: plan.channelsFirst ?? inputs[0]?.step.channelsFirst ?? false,
          infer: plan.infer,
          owner: layer,
        },
        moment,
      ),
    ];
  }
  const isActivationLayer = layer.steps.length === 0;
  const output = applyPhi(layer.phi, inputs[0]!, layer, moment, isActivationLayer);
  return withStates(layer, output, moment);
}

/** Attention's value and key, a recurrent layer's initial states. */
function callInputs(layer: LayerData, args: CallArguments): Tensor[] {
  const named = ['value', 'key', 'initial_state', 'initialState'].flatMap((name) => tensorsIn(args.named.get(name)));
  const isAttention = layer.type.toLowerCase().includes('attention');
  return [...(isAttention ? args.positional.slice(1, 3).flatMap((item) => tensorsIn(item)) : []), ...named];
}

function withStates({ states }: LayerData, output: Tensor, moment: Moment): Value {
  if (states === undefined) return tensorValue(output, moment);
  const parts = Array.from({ length: states.count }, () => tensorValue({ ...output, shape: states.shape }, moment));
  return list([tensorValue(output, moment), ...parts]);
}
