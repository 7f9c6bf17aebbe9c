/**
 * The GPU's backends, a bundle of their own (`dist/gpu-backends.js`): they are as large as all else that a worker runs. It
 * brings what it needs of tfjs-core along, but no second engine: tfjs keeps engine, flags and kernels on the global scope,
 * where every copy of it finds those of the first.
 */
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
