import { pathSpelling } from '../../../core/frameworks/spellings';
import type { CallArguments, Value } from '../../interpret/values';
import { givenBy } from '../given';
import { activationUse } from '../tracing/activation';
import { type Moment, newStep, type Tensor, tensorIn, tensorsIn } from '../tracing/step';
import { type FunctionCall, held, opaque, same, withFixed } from './functions/call';
import { made, numbersOf } from './functions/made';
import { sizeAt } from './functions/sizes';
import { handlers } from './functions/table';
import { writtenPath } from './layer';
import { lastPart, parameterIn, tensorValue } from './state';

/** Functions whose result nobody derives through. */
const discarded =
  /^(argmax|argmin|argsort|sort|equal|not_equal|greater|less|isnan|save|load|device_put|make_causal_mask|make_attention_mask|combine_masks|shape|ndim|size)$/;

function activated(path: string, args: CallArguments, moment: Moment, type: string, input: Tensor): Value | undefined {
  const spelling = pathSpelling(path, 'python');
  if (spelling === undefined || spelling.form !== 'function') return undefined;
  const { use, certain, symbols } = activationUse(spelling, args, type, moment.site.source);
  const { machine, site } = moment;
  if (use.name === 'linear') return tensorValue(input);
  const next = newStep(
    {
      operation: { kind: 'activation', activation: use },
      inputs: [input],
      type,
      source: site.source,
      certain,
      symbols,
      keeps: use.notElementWise !== 'glu',
    },
    machine,
  );
  return withFixed(next, input);
}

const functions =
  /^(jax\.(numpy|nn|lax|image|scipy\.special|random)|flax\.(linen|(experimental\.)?nnx)|einops)\.(\w+\.)?[a-z]\w*$/;

/** A function of JAX or Flax on arrays; undefined where none is among its arguments. */
export function callFunction(path: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!functions.test(path)) return undefined;
  const number = numbersOf(path, args);
  if (number !== undefined) return number;
  const fresh = made(path, args, moment);
  if (fresh !== undefined) return fresh;
  if (discarded.test(lastPart(path))) return moment.machine.unknown(lastPart(path));
  return applyFunction(lastPart(path), path, args, moment, writtenPath(path));
}

/** A method of an array: `x.reshape(…)`, `x.mean(axis=1)`. */
export function callMethod(tensor: Tensor, name: string, args: CallArguments, moment: Moment): Value | undefined {
  if (name === '__len__') return sizeAt(tensor, 0, moment);
  const positional: Value[] = [tensorValue(tensor), ...args.positional];
  const sources = new Map(
    [...args.sources].map(([key, range]) => [typeof key === 'number' ? key + 1 : key, range] as const),
  );
  return applyFunction(name, undefined, { ...args, positional, sources }, moment, name);
}

/** A function of weights: the weights in another type, or numbers that no input leads to. */
const sameOrHeld = (name: string, parameter: Value, moment: Moment, type: string): Value =>
  handlers[name] === same ? parameter : held(moment, undefined, type);

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
  if (input === undefined && parameterIn(first) !== undefined) return sameOrHeld(name, first!, moment, type);
  if (input === undefined || discarded.test(name)) return undefined;
  const call: FunctionCall = {
    type,
    args,
    moment,
    input,
    given: (...names) => givenBy(args, ['a', ...names], 'python'),
  };
  const phi = path === undefined ? undefined : activated(path, args, moment, type, input);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  return phi ?? handler?.(call) ?? opaque(call);
}
