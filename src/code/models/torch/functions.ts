import { methodSpelling, pathSpelling } from '../../../core/frameworks/spellings';
import { type CallArguments, constant, type Value } from '../../interpret/values';
import { givenBy, numberOf, product } from '../given';
import { activationUse } from '../tracing/activation';
import { type Moment, newStep, type Tensor, tensorIn, tensorsIn } from '../tracing/step';
import { clampedAs } from './clamps';
import { type FunctionCall, held, opaque } from './functions/call';
import { alikeMakers, made, makers } from './functions/made';
import { shapeOf, sizeAt } from './functions/sizes';
import { handlers } from './functions/table';
import { writtenPath } from './layer';
import { lastPart, parameterIn, sizeValue, tensorValue } from './state';

/** Methods that give the same numbers, and the other half of in-place ones. */
const canonical = (name: string): string => (Object.hasOwn(handlers, name) ? name : name.replace(/_$/, ''));

/** Functions whose result nobody derives through. */
const discarded =
  /^(argmax|argmin|topk|sort|argsort|eq|ne|gt|lt|ge|le|no_grad|backward|manual_seed|save|load|set_grad_enabled|is_tensor|numel|dim|ndimension|device|unique|multinomial|bernoulli)$/;

function activated(
  path: string | undefined,
  method: string,
  args: CallArguments,
  moment: Moment,
  type: string,
  input: Tensor,
): Value | undefined {
  const spelling = path === undefined ? methodSpelling('torch', method) : pathSpelling(path, 'python');
  if (spelling === undefined || spelling.form === 'layer') return undefined;
  // A method's tensor stands before the dot.
  const own = path === undefined ? { ...args, positional: args.positional.slice(1) } : args;
  const { use, certain, symbols } = activationUse(spelling, own, type, moment.site.source);
  return tensorValue({
    ...newStep(
      {
        operation: { kind: 'activation', activation: use },
        inputs: [input],
        type,
        source: moment.site.source,
        certain,
        symbols,
        keeps: use.notElementWise !== 'glu',
      },
      moment.machine,
    ),
    ...(input.constant ? { constant: true } : {}),
  });
}

/** A function of torch on tensors; undefined where no tensor is among its arguments. */
export function callFunction(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const name = lastPart(path);
  const [first] = args.positional;
  if (/^torch\.(as_tensor|tensor|from_numpy|\w*Tensor)$/.test(path) && tensorIn(first) !== undefined) return first;
  if (/^torch\.\w+$/.test(path) && makers.has(name) && name !== 'tril' && name !== 'triu')
    return made(name, args, moment);
  if (/^torch\.\w+$/.test(path) && alikeMakers.test(name)) {
    return held(moment, tensorIn(first)?.step.shape, name);
  }
  if (!/^torch\.(\w+|nn\.functional\.\w+|special\.\w+|linalg\.\w+)$/.test(path)) return undefined;
  return applyFunction(name, path, args, moment, writtenPath(path));
}

/** A method of a tensor: `x.view(…)`, `x.relu()`. */
export const callMethod = (tensor: Tensor, name: string, args: CallArguments, moment: Moment): Value | undefined => {
  const { machine } = moment;
  const { shape } = tensor.step;
  if (name === 'size') {
    const [axis = args.named.get('dim')] = args.positional;
    const at = numberOf(axis);
    return axis === undefined ? shapeOf(tensor, moment) : at === undefined ? undefined : sizeAt(tensor, at, moment);
  }
  if (name === 'dim' || name === 'ndimension') return shape === undefined ? undefined : constant(shape.length);
  if (name === 'numel') return shape === undefined ? undefined : sizeValue(product(shape), machine);
  if (name === 'new' || name.startsWith('new_')) return held(moment, undefined, name);
  const positional: Value[] = [tensorValue(tensor), ...args.positional];
  const sources = new Map(
    [...args.sources].map(([key, range]) => [typeof key === 'number' ? key + 1 : key, range] as const),
  );
  return applyFunction(name, undefined, { ...args, positional, sources }, moment, name);
};

function applyFunction(
  name: string,
  path: string | undefined,
  args: CallArguments,
  moment: Moment,
  type: string,
): Value | undefined {
  const all = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  const [first] = args.positional;
  const input = tensorIn(first) ?? tensorsIn(first)[0] ?? all[0];
  const weight = parameterIn(first);
  if (input === undefined) {
    return weight === undefined ? undefined : held(moment, undefined, type);
  }
  if (discarded.test(name)) return undefined;
  const call: FunctionCall = {
    type,
    args,
    moment,
    input,
    given: (...names) => givenBy(args, ['input', ...names], 'python'),
  };
  const known = canonical(name);
  const handler = Object.hasOwn(handlers, known) ? handlers[known] : undefined;
  const clamp = clampedAs(known, args);
  return (
    (clamp === undefined
      ? activated(path, name, args, moment, type, input)
      : activated(
          clamp,
          name,
          { ...args, positional: args.positional.slice(0, 1), named: new Map() },
          moment,
          type,
          input,
        )) ??
    handler?.(call) ??
    opaque(call)
  );
}
