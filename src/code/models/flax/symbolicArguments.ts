import type { Shape } from '../../../core/model/model';
import { type CallArguments, constant, type FunctionValue, type Value } from '../../interpret/values';
import { type Parameter as CodeParameter, sourceAt } from '../../program/ast';
import { evaluatingFlag, trainingFlag } from '../flags';
import { argumentsWith } from '../given';
import { type Moment, newStep } from '../tracing/step';
import { withLengths } from './functions/sizes';
import { tensorValue } from './state';

/** Parameters of `__call__` that are no inputs. */
const notInputs =
  /^(self|args|kwargs|.*mask.*|lengths?|.*_lens?|.*_lengths?|rngs?|.*_rng|key|.*_key|decode|return_.*|dtype|axis|method|init|mutable)$/;

const isOpen = ({ target, rest, default: usual }: CodeParameter): boolean =>
  target.kind === 'name' && rest === undefined && usual === undefined;

/** The arguments of `__call__` for a model that is looked at for itself. */
export function symbolicArguments(
  call: FunctionValue,
  shapes: readonly (Shape | undefined)[],
  moment: Moment,
  skip = 1,
): CallArguments {
  const { machine } = moment;
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  let count = 0;
  const parameters = call.code.parameters.slice(skip);
  const someOpen = parameters.some(
    (each) =>
      isOpen(each) &&
      each.target.kind === 'name' &&
      !notInputs.test(each.target.name) &&
      !trainingFlag.test(each.target.name) &&
      !evaluatingFlag.test(each.target.name),
  );
  const input = (name: string, parameter: CodeParameter): Value => {
    const source = sourceAt(call.place, parameter);
    const shape = withLengths(shapes[count++]);
    return tensorValue(
      newStep(
        { operation: { kind: 'input' }, inputs: [], type: 'input', name, source, shape, infer: () => shape },
        machine,
      ),
    );
  };
  for (const parameter of parameters) {
    const { target, rest, keywordOnly } = parameter;
    if (target.kind !== 'name' || rest === 'keywords') continue;
    const { name } = target;
    if (rest === 'positional') {
      if (count === 0) positional.push(input(name, parameter));
      break;
    }
    const flag = trainingFlag.test(name) ? true : evaluatingFlag.test(name) ? false : undefined;
    if (flag !== undefined) {
      named.set(name, constant(flag));
      if (!keywordOnly) break;
      continue;
    }
    if (keywordOnly) continue;
    const first = !someOpen && count === 0 && !notInputs.test(name);
    if (!isOpen(parameter) && !first) break;
    positional.push(notInputs.test(name) ? machine.unknown(name) : input(name, parameter));
  }
  // Flags that come after what has defaults.
  for (const { target } of parameters) {
    if (target.kind !== 'name' || named.has(target.name)) continue;
    if (trainingFlag.test(target.name)) named.set(target.name, constant(true));
    else if (evaluatingFlag.test(target.name)) named.set(target.name, constant(false));
  }
  return { ...argumentsWith(positional, moment), named };
}
