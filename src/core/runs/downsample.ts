/**
 * Down-sampling for drawing: what is recorded stays whole, what is drawn becomes buckets of consecutive steps. A bucket keeps what a
 * plot must not lose: the extremes, how many values were exactly zero, and the first that was not finite.
 */
export interface Bucket {
  /** Steps covered, from 0: first … last, of which the last bucket of a running series holds only some yet. */
  readonly firstStep: number;
  readonly lastStep: number;
  /** Values seen. */
  readonly count: number;
  /** Mean of the finite values (of the positive ones where it is geometric); NaN where there is none. */
  readonly mean: number;
  /** Extremes of the same values; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  /** How many values were exactly 0. */
  readonly zeros: number;
  /** Step of the first NaN or infinite value, and the value; undefined where all were finite. */
  readonly broken: { readonly step: number; readonly value: number } | undefined;
}

/**
 * A growing series in buckets of a fixed size, aligned to step 0: adding values changes the last bucket only, so that a drawn line
 * never shimmers. A geometric mean leaves zeros out; they are counted.
 */
export class BucketedSeries {
  readonly #sum: number[] = [];
  readonly #used: number[] = [];
  readonly #count: number[] = [];
  readonly #min: number[] = [];
  readonly #max: number[] = [];
  readonly #zeros: number[] = [];
  readonly #broken = new Map<number, { step: number; value: number }>();

  constructor(
    readonly bucketSize: number,
    readonly mean: 'arithmetic' | 'geometric' = 'arithmetic',
  ) {}

  /** Buckets begun so far; one may be empty where values come only every few steps. */
  get length(): number {
    return this.#count.length;
  }

  /** Takes the value of a step; steps ascend. */
  add(step: number, value: number): void {
    const i = Math.floor(step / this.bucketSize);
    while (this.#count.length <= i) {
      this.#sum.push(0);
      this.#used.push(0);
      this.#count.push(0);
      this.#min.push(Number.POSITIVE_INFINITY);
      this.#max.push(Number.NEGATIVE_INFINITY);
      this.#zeros.push(0);
    }
    this.#count[i]!++;
    if (!Number.isFinite(value)) {
      if (!this.#broken.has(i)) this.#broken.set(i, { step, value });
      return;
    }
    if (value === 0) this.#zeros[i]!++;
    if (this.mean === 'geometric' && value <= 0) return;
    this.#sum[i]! += this.mean === 'geometric' ? Math.log(value) : value;
    this.#used[i]!++;
    this.#min[i] = Math.min(this.#min[i]!, value);
    this.#max[i] = Math.max(this.#max[i]!, value);
  }

  /** Values seen in a bucket: tells cheaply whether it has changed. */
  countAt(i: number): number {
    return this.#count[i] ?? 0;
  }

  /** undefined where no value has fallen into it. */
  at(i: number): Bucket | undefined {
    const count = this.#count[i];
    if (count === undefined || count === 0) return undefined;
    const used = this.#used[i]!;
    const average = this.#sum[i]! / used;
    const none = used === 0;
    return {
      firstStep: i * this.bucketSize,
      lastStep: (i + 1) * this.bucketSize - 1,
      count,
      mean: none ? Number.NaN : this.mean === 'geometric' ? Math.exp(average) : average,
      min: none ? Number.NaN : this.#min[i]!,
      max: none ? Number.NaN : this.#max[i]!,
      zeros: this.#zeros[i]!,
      broken: this.#broken.get(i),
    };
  }
}

/** The bucket size with which `length` steps make at most `buckets` buckets. */
export const bucketSizeFor = (length: number, buckets: number): number =>
  Math.max(1, Math.ceil(length / Math.max(1, buckets)));
