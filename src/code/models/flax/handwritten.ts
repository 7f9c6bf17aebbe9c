import type { Operation } from '../../../core/model/model';
import type { InstanceValue } from '../../interpret/values';
import { type Moment, newStep, type Step, stepsBefore, type Tensor } from '../tracing/step';

/** Normalisations that a file writes for itself: mean and variance, and a root of it. */

type Over = Extract<Operation, { kind: 'normalisation' }>['over'];

const short = new Map<string, Over>([
  ['LN', 'layer'],
  ['GN', 'group'],
  ['BN', 'batch'],
  ['IN', 'instance'],
]);
const named = /^(my|own|custom|simple|flax|fp32)?_?(layer|group|batch|instance|rms)_?norm(alization)?(\dd)?$/i;

/** Steps of which such a normalisation is made. */
const plain: ReadonlySet<Operation['kind']> = new Set(['opaque', 'scale', 'add', 'multiply', 'rearrange']);

const isMean = ({ type, operation }: Step): boolean =>
  (operation.kind === 'pooling' && operation.mode === 'average') ||
  /(^|\.)(mean|var|std|moments|standardize|normalize)$/.test(type);
const isRoot = ({ type }: Step): boolean => /sqrt|std$|standardize|normalize|-\s*(0?\.5|1\s*\/\s*2)/.test(type);

/** What a class of such a name gives, as one step; undefined for anything that does more. */
export function ownNormalisation(
  instance: InstanceValue,
  inputs: readonly Tensor[],
  output: Tensor,
  since: number,
  { machine }: Moment,
): Tensor | undefined {
  const { name } = instance.class;
  const over = short.get(name) ?? (named.exec(name)?.[2]?.toLowerCase() as Over | undefined);
  const [input, ...others] = inputs;
  if (over === undefined || input === undefined || others.length > 0) return undefined;
  const steps = stepsBefore([output]).filter(({ order }) => order > since);
  const known = new Set<Step>([...steps, input.step]);
  const isClosed = steps.every((step) => step.inputs.every(({ step: before }) => known.has(before)));
  const isPlain = steps.every(
    ({ operation }) => plain.has(operation.kind) || (operation.kind === 'pooling' && operation.global),
  );
  if (!isClosed || !isPlain || !steps.some(isMean) || !steps.some(isRoot)) return undefined;
  return newStep(
    {
      operation: { kind: 'normalisation', over },
      inputs: [input],
      type: instance.class.name,
      source: instance.source,
      keeps: true,
    },
    machine,
  );
}
