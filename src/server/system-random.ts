import { randomFillSync } from 'node:crypto';
import type { Random } from '../model/random.ts';

const poolBytes = 4096;

/**
 * Random by the system's generator. Small requests are cut from a pool, because a call into the generator costs more
 * than a whole pool's copying (one for 256 ids). What was handed out is never handed out again.
 */
export function createSystemRandom(): Random {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;

  function bytes(count: number): Uint8Array {
    if (count > poolBytes / 4) return randomFillSync(new Uint8Array(count));
    if (used + count > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    used += count;
    // A copy: the pool is filled again while the bytes still wait for the disk.
    return pool.slice(used - count, used);
  }

  function uuid(): Uint8Array {
    const id = bytes(16);
    id[6] = ((id[6] ?? 0) & 0x0f) | 0x40; // Version 4 [RFC 9562 5.4].
    id[8] = ((id[8] ?? 0) & 0x3f) | 0x80; // The variant of the RFC.
    return id;
  }

  return { uuid, bytes };
}
