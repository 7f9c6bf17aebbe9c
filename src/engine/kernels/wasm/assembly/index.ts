export { activate, slopes, throughSlopes } from './activations';
export { packColumns, packFours, packRowFours, packRows, product, sumRows } from './gemm';
export { softmaxCrossEntropy, squaredError } from './loss';
export { countBelow, moments, total } from './probe';
export { floatsOfBytes, sparseBytes, sparseFloats, sparseProduct, transposeSparse } from './sparse';
export { update } from './updates';
