import { initializerKind } from '../../../core/frameworks/initializerNames';
import type { Initializer } from '../../../core/initializers/initializer';
import type { Initialization, SourceRange } from '../../../core/model/model';
import type { CallArguments, Machine, Value } from '../../interpret/values';
import { constantsOf, type Given, givenBy, isNone, textOf } from '../given';
import { type Moment, spelledAt } from './state';

/** An initialiser as an object of the program. */
export interface InitializerData {
  readonly initializer: Initializer | undefined;
}

/** A call of one: `HeNormal(seed=1)`, `tf.random_normal_initializer(0, 0.02)`, `tf.initializers.heNormal({})`. */
export function initializerCall(name: string, args: CallArguments, language: 'python' | 'javascript'): InitializerData {
  const kind = initializerKind('keras', name);
  if (kind === undefined || !args.complete) return { initializer: undefined };
  return { initializer: kind.make(constantsOf(givenBy(args, kind.names, language))) };
}

/** A string, the name of a function or class, or a path's end. */
function initializerNamed(name: string): Initializer | undefined {
  const noArguments: CallArguments = {
    positional: [],
    named: new Map(),
    complete: true,
    sources: new Map(),
    list: { cell: 0, from: 0, to: 0 },
  };
  return initializerCall(name, noArguments, 'python').initializer;
}

/** What an argument such as `kernel_initializer=` comes to. */
export function initializationOf(given: Given, name: string, { machine }: Moment): Initialization {
  const value: Value | undefined = given.value(name);
  if (!isNone(given.value('weights'))) return filledWith(given.source('weights'), machine);
  if (isNone(value)) return { kind: 'default' };
  const source: SourceRange = given.source(name);
  const initializer = fromValue(value);
  const spelled = textOf(value) ?? spelledAt(machine, source);
  return initializer ? { kind: 'known', initializer, spelled, source } : { kind: 'unknown', spelled, source };
}

/** A layer that is given its numbers draws none. */
const filledWith = (source: SourceRange, machine: Machine): Initialization => ({
  kind: 'unknown',
  spelled: spelledAt(machine, source),
  source,
});

function fromValue(value: Value | undefined): Initializer | undefined {
  if (value?.kind === 'constant') return typeof value.value === 'string' ? initializerNamed(value.value) : undefined;
  if (value?.kind === 'path') return initializerNamed(value.path.slice(value.path.lastIndexOf('.') + 1));
  if (value?.kind === 'foreign' && value.type === 'initializer') return (value.data as InitializerData).initializer;
  return undefined;
}
