import { lyingSyncUs, probeSync, type SyncTimes } from '../sync-probe.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const syncs = 100;
/** A disk without a cache that survives power loss: consumers' drives, and most network volumes. */
const slowSyncUs = 1_000;
/** A turning disk, or a volume that is held back. */
const verySlowSyncUs = 20_000;
/** Some syncs wait behind what others write: then receives and sends do, now and then. */
const unevenFactor = 20;

/** How long one message alone waits for the disk of that folder. */
export function checkSync(folder: string): Finding {
  try {
    return judgeSync(probeSync(folder, syncs));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail('sync', `nothing can be written and synced there: ${why}`, 'choose another folder with --data-dir');
  }
}

export function judgeSync({ p50Us, p99Us }: SyncTimes): Finding {
  const measured = `${millisecondsText(p50Us)} (p50), ${millisecondsText(p99Us)} (p99)`;
  if (p50Us < lyingSyncUs) {
    const text = `${measured}: too quick to be true, what is acknowledged is in memory and gone at a power loss`;
    return warn('sync', text, 'fine for tests; else a folder on a disk that syncs: no tmpfs, no cache that lies');
  }
  const meaning = `one sender alone gets about ${rateText(p50Us)} sends a second; many at once share each sync`;
  if (p50Us >= verySlowSyncUs)
    return warn('sync', `${measured}: ${meaning}`, 'batches and many senders at once, or an SSD for the data folder');
  if (p50Us >= slowSyncUs) return ok('sync', `${measured}: ${meaning}; as of an SSD without power-loss protection`);
  if (p99Us > p50Us * unevenFactor && p99Us > verySlowSyncUs)
    return warn(
      'sync',
      `${measured}: ${meaning}, and now and then one waits`,
      'look for what else writes to this disk',
    );
  return ok('sync', `${measured}: ${meaning}`);
}

function millisecondsText(us: number): string {
  return `${(us / 1000).toPrecision(2)} ms`;
}

function rateText(us: number): string {
  return Math.round(Number((1_000_000 / us).toPrecision(2))).toLocaleString('en-US');
}
