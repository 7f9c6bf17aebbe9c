import type { Size } from '../../../../core/model/model';
import { constant, list, type Value } from '../../../interpret/values';
import { givenBy, numberOf, unknownSize } from '../../given';
import { joined, lastSize, newStep, plus, type Tensor, tensorsIn } from '../../tracing/step';
import { foreign, tensorValue } from '../state';
import { fixed, type Handler, held, rankOf, rearranged, same } from './call';

/** True for what Equinox's layers make in space: they take one example, so that the code counts no batch. */
function isOneExample({ step }: Tensor): boolean {
  let now = step;
  while (now.layout === undefined && now.keeps && now.inputs[0] !== undefined) now = now.inputs[0].step;
  return now.layout === 'channels';
}

export const concatenate: Handler = ({ args, moment, type }) => {
  const given = givenBy(args, ['arrays', 'axis'], 'python');
  const value = given.value('arrays');
  const inputs = tensorsIn(value);
  const axis = given.value('axis') ?? constant(0);
  const { machine, site } = moment;
  if (inputs.length === 0) return undefined;
  if (inputs.every(fixed)) return held(moment, undefined, type);
  const complete = value?.kind === 'list' && value.complete && value.items.length === inputs.length;
  const at = numberOf(axis);
  const last = at === -1 ? inputs.map((input) => lastSize(input) ?? unknownSize).reduce(plus) : undefined;
  return tensorValue(
    newStep(
      {
        operation: { kind: 'concatenate' },
        inputs,
        type,
        source: site.source,
        certain: complete,
        infer: joined(at !== undefined && at >= 0 && inputs.some(isOneExample) ? at + 1 : at),
        last,
      },
      machine,
    ),
  );
};

/** `jnp.hstack([a, b])`: along the second axis with the batch, which is the last of one example. */
export const hstack: Handler = (call) => {
  const axis = (rankOf(call.input) ?? 2) > 2 ? 1 : -1;
  return concatenate({
    ...call,
    args: { ...call.args, named: new Map([...call.args.named, ['axis', constant(axis)]]) },
  });
};

export const stack: Handler = ({ args, moment, type }) => {
  const value = args.positional[0] ?? args.named.get('arrays');
  const inputs = tensorsIn(value);
  if (inputs.every(fixed)) return held(moment, undefined, type);
  const { machine, site } = moment;
  const certain = value?.kind === 'list' && value.complete && value.items.length === inputs.length;
  return tensorValue(
    newStep({ operation: { kind: 'concatenate' }, inputs, type, source: site.source, certain }, machine),
  );
};

/** `jnp.array([a, b])` joins them; of one array it is that one. */
export const array: Handler = (call) => (call.args.positional[0]?.kind === 'list' ? stack(call) : same(call));

/** Parts of which nobody knows how many there are. */
export interface Parts {
  part(k: number): Value;
}

export const split: Handler = (call) => {
  const given = call.given('indices_or_sections', 'axis');
  const sections = given.value('indices_or_sections');
  const axis = numberOf(given.value('axis') ?? constant(0)) ?? 0;
  const starts = sections?.kind === 'list' && sections.complete ? sections.items.map(numberOf) : undefined;
  const count = starts === undefined ? numberOf(sections) : starts.length + 1;
  const size = (k: number, all: Size | undefined): Size => {
    if (starts === undefined) return typeof all === 'number' && count !== undefined ? all / count : unknownSize;
    const [from, to] = [k === 0 ? 0 : starts[k - 1], k === starts.length ? all : starts[k]];
    return typeof from === 'number' && typeof to === 'number' ? to - from : unknownSize;
  };
  const part = (k: number): Value =>
    rearranged(
      call,
      ([input]) => {
        const at = input !== undefined && axis < 0 ? input.length + axis : axis;
        return input?.map((each, i) => (i === at ? size(k, each) : each));
      },
      axis === -1 ? { last: size(k, lastSize(call.input)) } : {},
    );
  if (count === undefined || count > 64) return foreign('parts', { part } satisfies Parts);
  return list(
    Array.from({ length: count }, (_, k) => part(k)),
    'list',
  );
};
