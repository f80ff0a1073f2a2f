import type { Broker } from '../../src/core/broker.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { AwsService } from '../aws/service.ts';
import { actOf } from './acts.ts';
import { errorOf, queryTextOf, sqsErrors } from './errors.ts';
import { noPacing, type SqsPacing } from './limits.ts';
import { createOperations } from './operations.ts';
import { Pacer } from './pacer.ts';
import { actionAt } from './peek.ts';
import { QueueUrls } from './queue-url.ts';
import { addressOf } from './sqs.ts';
import { Throttle } from './throttle.ts';

export interface SqsDependencies {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Scheme, host and port to name in queue URLs; default: those by which the client came. No slash at its end. */
  readonly publicUrl?: string | undefined;
  /** The waits that AWS imposes on purging and recreating; default none. Read at each call: it may change. */
  readonly pacing?: SqsPacing | undefined;
  /** Passes over a ReceiveRequestAttemptId on a standard queue, which AWS refuses; default no. */
  readonly isAttemptLenient?: boolean | undefined;
}

/** SQS for `createAwsFront`. */
export function createSqs(dependencies: SqsDependencies): AwsService {
  const { broker, clock, publicUrl, pacing = noPacing, isAttemptLenient = false } = dependencies;
  const throttle = new Throttle(pacing);
  const purges = new Pacer(() => pacing.purgeMs);
  const deletions = new Pacer(() => pacing.recreateMs);
  const urls = new QueueUrls();
  broker.events.on('reset', () => deletions.forgetAll());
  return {
    targetPrefix: 'AmazonSQS',
    namespace: 'com.amazonaws.sqs',
    signingName: 'sqs',
    actOf,
    operations: createOperations({
      ...{ broker, clock, publicUrl, purges, deletions, throttle, isAttemptLenient },
      urls,
    }),
    errorOf,
    errors: sqsErrors,
    addressOf: (call) => addressOf(urls, call),
    query: {
      // 2012-11-05 is what the API is; older clients ask in the same words.
      versions: ['2012-11-05', '2011-10-01', '2009-02-01'],
      xmlNamespaceOf: (version) => `http://queue.amazonaws.com/doc/${version}/`,
      hasDetail: true,
      actionAt,
      textOf: queryTextOf,
    },
  };
}
