import type { Broker } from '../../src/core/broker.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { AwsService } from '../aws/service.ts';
import { actOf } from './acts.ts';
import { type Destinations, noDestinations } from './destinations.ts';
import { errorOf, snsErrors } from './errors.ts';
import { createOperations } from './operations.ts';

export interface SnsDependencies {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Scheme, host and port to name in links; default: those by which the client came. No slash at its end. */
  readonly publicUrl?: string | undefined;
  /** Default: nothing is served but topics. */
  readonly destinations?: Destinations | undefined;
}

/** SNS for `createAwsFront`. */
export function createSns({ broker, clock, publicUrl, destinations = noDestinations }: SnsDependencies): AwsService {
  return {
    targetPrefix: 'AmazonSimpleNotificationService',
    namespace: 'com.amazonaws.sns',
    signingName: 'sns',
    actOf,
    operations: createOperations({ broker, clock, publicUrl, destinations }),
    errorOf,
    errors: snsErrors,
    query: {
      versions: ['2010-03-31'],
      xmlNamespaceOf: (version) => `http://sns.amazonaws.com/doc/${version}/`,
      hasDetail: false,
      textOf: (error) => error.message,
    },
  };
}
