import { lastOf, rootOf } from './value';

/** What libraries that are imported with a star bring with them, besides their own names. */
const ofTorch: Readonly<Record<string, string>> = {
  torch: 'torch',
  nn: 'torch.nn',
  F: 'torch.nn.functional',
  init: 'torch.nn.init',
  tensor: 'torch.tensor',
  Tensor: 'torch.Tensor',
  FloatTensor: 'torch.FloatTensor',
  Variable: 'torch.autograd.Variable',
  np: 'numpy',
  math: 'math',
  partial: 'functools.partial',
};

const bringers: ReadonlySet<string> = new Set(['fastai', 'fastai2', 'fastbook', 'fastxtend', 'miniai']);

/** True for a library whose star import brings PyTorch: `fastai.vision.all`. */
export const bringsTorch = (path: string): boolean => bringers.has(rootOf(path));

/** TensorFlow.js as danfo.js and ml5 hand it on. */
const ofTfjs = /^(?:danfojs|dfd|ml5)\.(?:default\.)?(?:tf|tensorflow)(?=\.|$)/;

/** A path by its own name where a library only hands it on: `torch.nn` for `fastai.vision.all.nn`, `tf` for `danfojs.tf`. */
export function originalPath(path: string): string {
  if (ofTfjs.test(path)) return path.replace(ofTfjs, 'tf');
  if (!bringsTorch(path)) return path;
  const name = lastOf(path);
  return Object.hasOwn(ofTorch, name) ? ofTorch[name]! : path;
}

/** The names under which nearly all code has these modules, for a star import of a file that is not here. */
const customs: Readonly<Record<string, string>> = {
  torch: 'torch',
  F: 'torch.nn.functional',
  keras: 'keras',
  tf: 'tensorflow',
  jax: 'jax',
  jnp: 'jax.numpy',
  np: 'numpy',
  nnx: 'flax.nnx',
};

/** What a name is by custom; `nn` is Flax's in a text that uses JAX. */
export function customaryPath(name: string, usesJax: boolean): string | undefined {
  if (name === 'nn') return usesJax ? 'flax.linen' : 'torch.nn';
  return Object.hasOwn(customs, name) ? customs[name] : undefined;
}
