import type { InitializerKind } from '../../../core/frameworks/initializerKinds';
import { initializerKind, initializerMethod } from '../../../core/frameworks/initializerNames';
import type { CallArguments, Value } from '../../interpret/values';
import { constantsOf, givenBy } from '../given';
import { doubtOf, type Moment } from '../tracing/step';
import { lastPart, type Parameter, parameterIn, plainParameterIn, readingOf } from './state';

/** torch.nn.init, and the methods of a tensor that fill it. */

function fill(
  parameter: Parameter,
  filler: InitializerKind | undefined,
  args: CallArguments,
  { machine, site }: Moment,
): void {
  const initializer =
    args.complete && doubtOf(machine) <= parameter.doubt
      ? filler?.make(constantsOf(givenBy(args, filler.names, 'python')))
      : undefined;
  const spelled = machine.text(site.source);
  parameter.initialization = initializer
    ? { kind: 'known', initializer, spelled, source: site.source }
    : { kind: 'unknown', spelled, source: site.source };
}

/** `nn.init.kaiming_normal_(layer.weight, …)`: what it fills; undefined for another function. */
export function initCall(path: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!/^torch\.nn\.init\./.test(path)) return undefined;
  const tensor = args.positional[0] ?? args.named.get('tensor');
  const parameter = parameterIn(tensor);
  if (parameter === undefined) return tensor;
  fill(parameter, initializerKind('torch', lastPart(path)), args, moment);
  return tensor;
}

const changing: ReadonlySet<string> = new Set(
  'add_ sub_ mul_ div_ clamp_ clamp_min_ clamp_max_ addcmul_ addcdiv_ lerp_ copy_ erfinv_ renorm_ set_'.split(' '),
);

/** A step of an optimiser or of a moving average: what is computed from gradients or from other weights. */
function isTraining(args: CallArguments, { machine, site }: Moment): boolean {
  if (readingOf(machine).trained) return true;
  // `w.data.copy_(w.data / scale)` computes with nothing but the weights themselves.
  const own = /^[\w.[\]]+\.(weight|bias)\w*(\.data)?(?=\.\w+\()/.exec(machine.text(site.source))?.[0] ?? '';
  const given = machine.text(args.list);
  return /\.(data|grad)\b|\bgrad\b/.test(own === '' ? given : given.replaceAll(own, ''));
}

/** `weight.data.normal_(0, 0.02)`: true where it is such a method. */
export function fillMethod(parameter: Parameter, name: string, args: CallArguments, moment: Moment): boolean {
  const filler = initializerMethod('torch', name)?.kind;
  if (filler !== undefined) {
    fill(parameter, filler, args, moment);
    return true;
  }
  if (!changing.has(name)) return false;
  const other = name === 'copy_' ? plainParameterIn(args.positional[0]) : undefined;
  if (other !== undefined) parameter.initialization = other.initialization;
  else if (!isTraining(args, moment)) setUnknown(parameter, moment);
  return true;
}

/** What a tensor that a function draws has: `nn.Parameter(torch.randn(3, 4) * 0.02)`. */
export function setUnknown(parameter: Parameter, { machine, site }: Moment): void {
  parameter.initialization = { kind: 'unknown', spelled: machine.text(site.source), source: site.source };
}
