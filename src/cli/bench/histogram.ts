/**
 * Latencies in buckets: exact below 256 microseconds, then 128 buckets for each power of two, so that a value is known
 * to 1 % and adding one costs a shift and an increment. Frugal: it runs once a request inside the load generator.
 */
const exactMax = 256;
const bucketCount = exactMax + 24 * 128;

export class LatencyHistogram {
  readonly counts: Uint32Array;

  constructor(counts: Uint32Array = new Uint32Array(bucketCount)) {
    this.counts = counts;
  }

  add(us: number): void {
    const bucket = bucketOf(us);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }

  merge(other: LatencyHistogram): void {
    other.counts.forEach((count, bucket) => {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    });
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Microseconds that `share` (0 to 1) of the requests did not exceed; not-a-number without any. */
  quantile(share: number): number {
    let left = Math.ceil(this.total * share);
    for (const [bucket, count] of this.counts.entries()) {
      left -= count;
      if (left <= 0 && count > 0) return middleOf(bucket);
    }
    return Number.NaN;
  }
}

function bucketOf(us: number): number {
  const whole = Math.min(Math.max(0, us) | 0, 0x7fff_ffff);
  if (whole < exactMax) return whole;
  const exponent = 31 - Math.clz32(whole);
  return exactMax + (exponent - 8) * 128 + ((whole >>> (exponent - 7)) & 127);
}

function middleOf(bucket: number): number {
  if (bucket < exactMax) return bucket;
  const exponent = 8 + ((bucket - exactMax) >> 7);
  const step = 2 ** (exponent - 7);
  return (128 + ((bucket - exactMax) & 127)) * step + step / 2;
}
