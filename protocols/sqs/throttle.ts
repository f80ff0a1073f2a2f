import type { Instant } from '../../src/model/clock.ts';
import type { Queue } from '../../src/model/queue.ts';
import type { AwsError } from '../aws/errors.ts';
import { sqsError } from './errors.ts';
import { ownLimits, type SqsPacing } from './limits.ts';
import type { OperationName } from './shapes.ts';

/** Those that AWS counts; what makes, changes and lists queues has limits of its own there. */
const counted: ReadonlySet<OperationName> = new Set([
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
]);

interface Bucket {
  calls: number;
  filledAt: Instant;
}

/**
 * The rate at which AWS serves a FIFO queue, for tests of how a client bears it: so many calls a second of each
 * operation; one that groups share out (`FifoThroughputLimit` perMessageGroupId) has none [sqs-sns 1.11]. A second's
 * calls may come at once.
 */
export class Throttle {
  private readonly pacing: Pick<SqsPacing, 'fifoCallsASecondMax'>;
  private readonly bucketsByKey = new Map<string, Bucket>();

  constructor(pacing: Pick<SqsPacing, 'fifoCallsASecondMax'>) {
    this.pacing = pacing;
  }

  isOnFor(operation: OperationName): boolean {
    return this.pacing.fifoCallsASecondMax > 0 && counted.has(operation);
  }

  /** Counts a call. @throws AwsError `RequestThrottled` */
  take(operation: OperationName, queue: Queue, now: Instant): void {
    if (queue.kind === 'standard' || queue.attributes.throughputScope === 'message-group') return;
    const { fifoCallsASecondMax: callsMax } = this.pacing;
    const bucket = this.bucketFor(`${operation} ${queue.id}`, now);
    const filled = bucket.calls + ((now - bucket.filledAt) / 1000) * callsMax;
    bucket.calls = Math.min(filled, callsMax);
    bucket.filledAt = now;
    if (bucket.calls < 1) throw throttled();
    bucket.calls--;
  }

  /** A full memory begins anew: whoever was throttled gains a second's calls. */
  private bucketFor(key: string, now: Instant): Bucket {
    const known = this.bucketsByKey.get(key);
    if (known !== undefined) return known;
    if (this.bucketsByKey.size >= ownLimits.throttledMax) this.bucketsByKey.clear();
    const made = { calls: this.pacing.fifoCallsASecondMax, filledAt: now };
    this.bucketsByKey.set(key, made);
    return made;
  }
}

function throttled(): AwsError {
  return sqsError('RequestThrottled', 'Rate exceeded');
}
