import type { InitializerKind } from '../../../core/frameworks/initializerKinds';
import { initializerKind, initializerPath } from '../../../core/frameworks/initializerNames';
import type { Initializer } from '../../../core/initializers/initializer';
import type { Initialization } from '../../../core/model/model';
import type { CallArguments, Value } from '../../interpret/values';
import { constantsOf, type Given, givenBy, isNone } from '../given';
import type { Moment } from '../tracing/step';
import { foreign, lastPart } from './state';

/** jax.nn.initializers, and Flax's names for it. */

/** An initialiser as an object of the program. */
interface InitializerData {
  readonly initializer: Initializer | undefined;
}

const module = /^(jax\.nn|flax\.linen|flax\.(experimental\.)?nnx|flax\.nn)(\.nn)?\.initializers\.(\w+)$/;

/** `haiku.initializers.VarianceScaling`; undefined for another path. */
const ofLibrary = (path: string): InitializerKind | undefined => {
  const found = initializerPath(path, 'python');
  return found?.library && found.kind;
};

/** True for a path among the initialisers. */
export const isInitializerPath = (path: string): boolean => module.test(path) || ofLibrary(path) !== undefined;

/** Functions of JAX that fill an array by themselves. */
const filling: Readonly<Record<string, Initializer>> = {
  'jax.numpy.zeros': { kind: 'zeros' },
  'jax.numpy.ones': { kind: 'constant', value: 1 },
};

/** What Flax's own layers start with. */
const usualKernel = /^flax\.(linen|(experimental\.)?nnx)\.(\w+\.)*default_kernel_init$/;

/** `nn.initializers.he_normal()`; undefined for another path. */
export function initializerCall(path: string, args: CallArguments): Value | undefined {
  const library = ofLibrary(path);
  if (library === undefined && !module.test(path)) return undefined;
  const kind = library ?? initializerKind('jax', lastPart(path));
  if (kind?.itself) return undefined;
  const initializer = args.complete ? kind?.make(constantsOf(givenBy(args, kind.names, 'python'))) : undefined;
  return foreign('initializer', { initializer } satisfies InitializerData);
}

/** What a value that is an initialiser draws; undefined where nobody knows. */
export function initializerIn(value: Value | undefined): Initializer | undefined {
  if (value?.kind === 'path' && module.test(value.path)) {
    const kind = initializerKind('jax', lastPart(value.path));
    return kind?.itself ? kind.make(() => undefined) : undefined;
  }
  if (value?.kind === 'path' && usualKernel.test(value.path)) return { kind: 'lecun_normal' };
  if (value?.kind === 'path' && Object.hasOwn(filling, value.path)) return filling[value.path];
  return value?.kind === 'foreign' && value.type === 'initializer'
    ? (value.data as InitializerData).initializer
    : undefined;
}

/** What an argument such as `kernel_init=` comes to. */
export function initializationOf(given: Given, name: string, { machine }: Moment): Initialization {
  const value = given.value(name);
  if (isNone(value)) return { kind: 'default' };
  const source = given.source(name);
  const initializer = initializerIn(value);
  const written = machine.text(source);
  const spelled = written.replace(/^\w+\s*=\s*/, '');
  return initializer ? { kind: 'known', initializer, spelled, source } : { kind: 'unknown', spelled, source };
}
