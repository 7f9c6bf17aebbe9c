import type { FrameworkId, ParameterValue, Spelling } from '../../../core/frameworks/framework';
import { isNotElementWiseName } from '../../../core/frameworks/notElementWise';
import { frameworkOfPath } from '../../../core/frameworks/paths';
import { resolveSpelling } from '../../../core/frameworks/resolve';
import type { ActivationUse, SourceRange } from '../../../core/model/model';
import type { Argument } from '../../arguments';
import { spellingOfPath, spellingOfString, writtenArguments } from '../../codeActivation';
import type { CallArguments, Value } from '../../interpret/values';
import { isNone } from '../given';
import type { InitializerData } from './initializer';
import type { LayerData, Phi } from './layer';
import { type Moment, spelledAt } from './state';

/** Undefined where the text is not known; a slope's initialiser that is constant is its number. */
function plainText(value: Value): ParameterValue | undefined {
  if (value.kind === 'foreign' && value.type === 'initializer') {
    const { initializer } = value.data as InitializerData;
    if (initializer?.kind === 'zeros') return 0;
    return initializer?.kind === 'constant' ? initializer.value : undefined;
  }
  return value.kind === 'constant' ? (value.value ?? null) : undefined;
}

/** The use of a spelling with the arguments of a call. */
export function useOf(
  spelling: Spelling,
  args: CallArguments | undefined,
  spelled: string,
  source: SourceRange,
): { readonly use: ActivationUse; readonly certain: boolean } {
  const given = args === undefined ? [] : argumentsOf(args);
  const written = writtenArguments(spelling, given);
  const found = resolveSpelling(spelling, written);
  const notElementWise = isNotElementWiseName(spelling.activation) ? { notElementWise: spelling.activation } : {};
  const use: ActivationUse = {
    name: found?.activation.name,
    ...notElementWise,
    framework: spelling.framework,
    spelled,
    source,
  };
  const open = found !== undefined && written.some(({ value }) => value === undefined);
  return { use, certain: !open && (args?.complete ?? true) };
}

type Written = Pick<Argument, 'name' | 'position' | 'value' | 'text'>;

const named = (name: string, value: Value): Written => ({
  name,
  position: undefined,
  value: plainText(value),
  text: name,
});

function argumentsOf(args: CallArguments): Written[] {
  const positional = args.positional.flatMap((value, position): Written[] => {
    if (value.kind === 'dict') return [...value.entries].map(([name, item]) => named(String(name), item));
    return [{ name: undefined, position, value: plainText(value), text: String(position) }];
  });
  return [...positional, ...[...args.named].map(([name, value]) => named(name, value))];
}

const none: Phi = { kind: 'none' };

const opaquePhi = (framework: FrameworkId, spelled: string, source: SourceRange, value: Value): Phi => ({
  kind: 'use',
  use: { name: undefined, framework, spelled, source },
  certain: false,
  symbols: value.kind === 'unknown' ? value.symbols : [],
});

/** The activation of a path of a framework; undefined for another function. */
export function spellingAt(path: string, { reading, machine }: Moment): Spelling | undefined {
  // The package tf_keras is Keras 2 for ever, whichever tf.keras is.
  const options = path.startsWith('tf_keras') ? { tensorflowKeras: 2 as const } : reading.options;
  return spellingOfPath(path, machine.language, options);
}

/** The activation that a string means in a framework. */
export function stringUse(id: FrameworkId, text: string, source: SourceRange): ActivationUse | undefined {
  const spelling = spellingOfString(id, text);
  return spelling && useOf(spelling, undefined, text, source).use;
}

/** @param value of an argument such as `activation=` */
export function phiOf(value: Value | undefined, source: SourceRange, id: FrameworkId, moment: Moment): Phi {
  if (value === undefined || isNone(value)) return none;
  const spelled = spelledAt(moment.machine, source);
  if (value.kind === 'constant' && typeof value.value === 'string') {
    const use = stringUse(id, value.value, source);
    return use ? { kind: 'use', use, certain: true, symbols: [] } : opaquePhi(id, value.value, source, value);
  }
  if (value.kind === 'path') {
    const spelling = spellingAt(value.path, moment);
    // Another function of TensorFlow is a step of its own; of anything else nothing is known.
    const known = frameworkOfPath(value.path, moment.machine.language) !== undefined;
    if (spelling === undefined)
      return known ? { kind: 'call', callee: value, source } : opaquePhi(id, spelled, source, value);
    return { kind: 'use', ...useOf(spelling, undefined, spelled, source), symbols: [] };
  }
  if (value.kind === 'foreign' && value.type === 'layer') {
    const { phi } = value.data as LayerData;
    if (phi?.kind === 'use') return { ...phi, use: { ...phi.use, spelled, source } };
    return { kind: 'call', callee: value, source };
  }
  if (value.kind === 'function' || value.kind === 'bound' || value.kind === 'instance') {
    return { kind: 'call', callee: value, source };
  }
  return opaquePhi(id, spelled, source, value);
}
