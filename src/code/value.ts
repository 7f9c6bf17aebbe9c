import type { ClassPlace, Place } from './place';

/** What an expression stands for, as far as its text tells. */
export type Value =
  /** Something imported. `alternatives` are further paths where several `import *` may have brought the name. */
  | { readonly kind: 'path'; readonly path: string; readonly alternatives: readonly string[] }
  /**
   * What a call of something imported gives: `nn.GELU()`, `tf.layers.reLU()`. With `partial`, the call is one of
   * `functools.partial`, whose first argument the path is.
   */
  | { readonly kind: 'made'; readonly path: string; readonly call: Place; readonly partial: boolean }
  /** `self`, `cls`, `this`, `super()`. */
  | { readonly kind: 'instance' }
  /**
   * A module, class or function of the project, or one of several imports: its members are known only where it is
   * `of` a class of these texts.
   */
  | { readonly kind: 'namespace'; readonly of?: ClassPlace }
  /** A tensor of PyTorch or TensorFlow.js for sure. */
  | { readonly kind: 'tensor' }
  /** An object of another class, perhaps `of` one of these texts: no tensor, but it may give some, as a network does. */
  | { readonly kind: 'object'; readonly of?: ClassPlace }
  /** No tensor, nor does it give any: a number, a text, what NumPy gives. `holds` where its items may be anything. */
  | { readonly kind: 'foreign'; readonly holds: boolean }
  /** Any data, which may be a tensor. */
  | { readonly kind: 'data' };

export const data: Value = { kind: 'data' };
export const namespace: Value = { kind: 'namespace' };
export const tensor: Value = { kind: 'tensor' };
export const object: Value = { kind: 'object' };
export const foreign: Value = { kind: 'foreign', holds: false };
export const collection: Value = { kind: 'foreign', holds: true };

export const pathValue = (path: string): Value => ({ kind: 'path', path, alternatives: [] });

/** True for what may be a tensor. */
export const mayBeTensor = ({ kind }: Value): boolean => kind === 'tensor' || kind === 'data';

/** The first part of a path, which names the library. */
export const rootOf = (path: string): string => path.split('.', 1)[0]!;

export const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const isUpperCase = (c: string): boolean => c !== c.toLowerCase();

/** True for the name of a class, by the custom of both languages; private ones begin with underscores. */
export const namesClass = (name: string): boolean => isUpperCase(name.replace(/^_+/, '')[0] ?? '');
