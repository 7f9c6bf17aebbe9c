import { collection, data, foreign, lastOf, namesClass, object, rootOf, tensor, type Value } from './value';

/** Libraries whose arrays are no tensors of PyTorch or TensorFlow.js, and have methods of their own or none. */
const otherLibraries: ReadonlySet<string> = new Set(
  'Math numpy cupy numba scipy sympy mpmath math cmath decimal fractions random statistics pandas polars dask xarray sklearn statsmodels xgboost lightgbm h2o neupy lasagne skimage cv2 PIL matplotlib jax jaxlib flax haiku equinox optax tensorflow tf_keras keras mxnet paddle mlx tinygrad theano aesara pytensor pymc autograd chainer cntk jittor megengine mindspore micrograd casadi symengine uncertainties json os sys re time datetime collections itertools pathlib string numjs mathjs ndarray numeric ml-matrix'.split(
    ' ',
  ),
);

/** True for a library that has nothing to do with PyTorch's or TensorFlow.js's functions. */
export const isOtherLibrary = (path: string): boolean => otherLibraries.has(rootOf(path));

/** Libraries whose functions give tensors of PyTorch. */
const givesTorch = (root: string): boolean => root === 'torch' || root.startsWith('torch');

/** What Python has without an import, and gives no tensor. */
const converters: Readonly<Record<string, Value>> = Object.fromEntries([
  ...'complex float int str bool bytes bytearray len ord chr repr format hash id open input round type object slice'
    .split(' ')
    .map((name) => [name, foreign] as const),
  ...'list tuple dict set frozenset range zip map filter enumerate sorted reversed iter'
    .split(' ')
    .map((name) => [name, collection] as const),
]);

/** What a call of a name of Python itself gives; undefined for another name. */
export const converted = (name: string): Value | undefined =>
  Object.hasOwn(converters, name) ? converters[name] : undefined;

/** Methods by which a tensor becomes something else. */
const leaving: ReadonlySet<string> = new Set(
  'numpy tolist item dim size stride numel backward data_ptr element_size data dataSync array arraySync buffer bufferSync bytes toString print dispose'.split(
    ' ',
  ),
);

/** Methods that say by their name what they give, whatever they are called on. */
const telling: ReadonlySet<string> = new Set(['numpy', 'tolist', 'dataSync', 'arraySync']);

/** Methods that hardly anything but a tensor has. */
const ofTensors: ReadonlySet<string> = new Set([
  'relu',
  'relu6',
  'leakyRelu',
  'selu',
  'softplus',
  'matMul',
  'expandDims',
]);

/** What a method of something of no known class gives. */
export function ofUnknown(method: string): Value {
  if (telling.has(method)) return foreign;
  return ofTensors.has(method) ? tensor : data;
}

/** What a tensor's method gives. */
export const ofTensor = (method: string): Value => (leaving.has(method) ? foreign : tensor);

/** Functions of tfjs that give no tensor. */
const noTensors: ReadonlySet<string> = new Set(
  'sequential model input loadLayersModel loadGraphModel memory profile time getBackend setBackend ready engine env backend keep dispose disposeVariables nextFrame registerClass grad grads customGrad valueAndGrad valueAndGrads'.split(
    ' ',
  ),
);

const roomsOfOps: ReadonlySet<string> = new Set(
  'browser fused image linalg losses math metrics random signal sparse spectral string'.split(' '),
);

function ofTfjs(path: string): Value {
  const [, room = '', name] = path.split('.');
  if (name === undefined) return noTensors.has(room) ? object : tensor;
  return roomsOfOps.has(room) ? tensor : object;
}

const isTensorClass = (name: string): boolean => /(Tensor\d?D?|Variable|Scalar|^Parameter|^Buffer)$/.test(name);

/**
 * An object of the class at a path, or with a name. What is called a tensor of an unknown library may be one of
 * PyTorch's: `TensorType`, `Array`.
 */
export function objectOf(path: string, isPython: boolean): Value {
  const [root, name] = [rootOf(path), lastOf(path)];
  if (isPython && root === 'torch') return isTensorClass(name) ? tensor : object;
  if (!isPython && root === 'tf') return isTensorClass(name) ? tensor : object;
  if (otherLibraries.has(root)) return foreign;
  if (root === 'typing' || root === 'typing_extensions' || /Tensor|Array/.test(name)) return data;
  return namesClass(name) ? object : data;
}

/** What a call of something imported gives; `takesTensor` where an argument may be a tensor. */
export function resultOf(path: string, isPython: boolean, takesTensor: boolean): Value {
  const root = rootOf(path);
  if (namesClass(lastOf(path))) {
    const made = objectOf(path, isPython);
    return made.kind === 'data' ? object : made;
  }
  if (otherLibraries.has(root)) return foreign;
  if (!isPython && root === 'tf') return ofTfjs(path);
  if (isPython && root === 'torch') return tensor;
  if (isPython && givesTorch(root)) return data;
  return takesTensor ? data : object;
}

/** What a member of what a class at a path made gives when it is called. */
export function resultOfMember(path: string, isPython: boolean, takesTensor: boolean): Value {
  const root = rootOf(path);
  if (otherLibraries.has(root)) return foreign;
  return (isPython ? root === 'torch' : root === 'tf') || takesTensor ? data : object;
}

/** What arithmetic of these gives: an unknown class has its own, and a tensor wins over numbers. */
export function combined(operands: readonly Value[]): Value {
  if (operands.some(({ kind }) => kind === 'tensor')) return tensor;
  if (operands.some(({ kind }) => kind === 'object')) return object;
  return operands.every(({ kind }) => kind === 'foreign') ? foreign : data;
}
