import type { Random } from '../math/random';

/**
 * A random semi-orthogonal matrix, row-major: QR of a Gaussian matrix by Householder reflections, with the signs of R's
 * diagonal taken out, so that it is uniform over such matrices (Saxe et al. 2014; Mezzadri 2007). The shorter side is
 * orthonormal.
 */
export function orthogonalMatrix(rows: number, columns: number, random: Random): Float64Array {
  const tall = rows >= columns;
  const [n, k] = tall ? [rows, columns] : [columns, rows];
  // Columns of a tall matrix, one after the other.
  const a = new Float64Array(n * k);
  random.normals(a);
  const signs = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const column = a.subarray(j * n, (j + 1) * n);
    let norm = 0;
    for (let i = j; i < n; i++) norm += column[i]! ** 2;
    norm = Math.sqrt(norm);
    const alpha = column[j]! < 0 ? norm : -norm;
    signs[j] = Math.sign(alpha) || 1;
    // The reflection's vector, of norm √2, stands where the column was.
    column[j]! -= alpha;
    const size = Math.sqrt(norm * (norm + Math.abs(column[j]! + alpha)));
    for (let i = j; i < n; i++) column[i] = size > 0 ? column[i]! / size : 0;
    for (let c = j + 1; c < k; c++) reflect(a.subarray(c * n, (c + 1) * n), column, j);
  }
  const q = new Float64Array(n * k);
  for (let c = 0; c < k; c++) {
    const column = q.subarray(c * n, (c + 1) * n);
    column[c] = signs[c]!;
    for (let j = k - 1; j >= 0; j--) reflect(column, a.subarray(j * n, (j + 1) * n), j);
  }
  if (!tall) return q;
  return Float64Array.from({ length: n * k }, (_, at) => q[(at % k) * n + Math.floor(at / k)]!);
}

/** x − v·(vᵀx) from one row on; v has norm √2. */
function reflect(x: Float64Array, v: Float64Array, from: number): void {
  let product = 0;
  for (let i = from; i < x.length; i++) product += v[i]! * x[i]!;
  for (let i = from; i < x.length; i++) x[i]! -= product * v[i]!;
}
