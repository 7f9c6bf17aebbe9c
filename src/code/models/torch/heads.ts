import type { FunctionValue, InstanceValue } from '../../interpret/values';
import type { Step, Tensor } from '../tracing/step';

/** Methods that train, store or set up, whatever they return. */
const noHead =
  /^(_|forward$|(training|validation|test|predict|shared)_step|configure_|on_|train|fit|update|learn|optimi[sz]e|save|load|init|put_|add_|set_|reset|compute_(loss|grad)|backward|step$|log|\w*loss)/;

/** Names of the methods of a module that may compute something of a tensor, those of its base first. */
export function headNames({ class: own }: InstanceValue, depth = 0): string[] {
  const inherited = own.bases.flatMap((base) =>
    base.kind === 'class' && depth < 20 ? headNames({ class: base } as InstanceValue, depth + 1) : [],
  );
  const names = [...own.attributes].filter(([name, value]) => value.kind === 'function' && !noHead.test(name));
  return [...new Set([...inherited, ...names.map(([name]) => name)])];
}

/** True for a method that wants something beside the object itself. */
export const wantsInput = ({ code, self }: FunctionValue): boolean => {
  const next = code.parameters[self === undefined ? 0 : 1];
  return next !== undefined && next.rest === undefined && next.default === undefined;
};

interface Within {
  readonly steps: ReadonlySet<Step>;
  readonly weights: ReadonlySet<number>;
  readonly certain: boolean;
}

/** What outputs go through, and whether nothing unknown is on the way. */
function within(outputs: readonly Tensor[]): Within {
  const seen = new Set<Step>();
  const found = new Set<number>();
  let certain = true;
  const open = outputs.map(({ step }) => step);
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (seen.has(step)) continue;
    seen.add(step);
    certain &&= step.certain;
    if (step.weights !== undefined) found.add(step.weights);
    for (const input of step.inputs) open.push(input.step);
  }
  return { steps: seen, weights: found, certain };
}

const isWithin = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => [...a].every((each) => b.has(each));

/**
 * Of what several methods compute, that which shows weights that no other one shows as well. One that computes on with
 * what others give, such as an advantage of two values, is left out.
 */
export function widest(bodies: readonly (readonly Tensor[])[]): (readonly Tensor[])[] {
  const all = bodies.map((outputs) => ({ outputs, ...within(outputs) })).filter(({ weights }) => weights.size > 0);
  const plain = new Set(all.flatMap(({ certain, weights }) => (certain ? [...weights] : [])));
  const told = all.filter(({ certain, weights }) => certain || !isWithin(weights, plain));
  return told
    .filter(
      (one, k) =>
        !told.some(
          (other, m) =>
            m !== k && isWithin(one.weights, other.weights) && (other.weights.size > one.weights.size || m < k),
        ),
    )
    .map(({ outputs }) => outputs);
}

/** True where several methods have neither an input nor weights in common, as `encode` and `decode` may. */
export function areApart(bodies: readonly (readonly Tensor[])[]): boolean {
  const found = bodies.map((outputs) => within(outputs));
  const all = found.flatMap(({ steps, weights }) => [...steps, ...weights]);
  return bodies.length > 1 && new Set(all).size === all.length;
}
