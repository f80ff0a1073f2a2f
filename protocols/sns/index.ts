import type { AwsService } from '../aws/service.ts';
import { actOf } from './acts.ts';
import { errorOf, snsErrors } from './errors.ts';
import { createOperations } from './operations.ts';
import type { SnsDependencies } from './parts.ts';

export type { SnsDependencies } from './parts.ts';

/** SNS for `createAwsFront`. */
export function createSns(dependencies: SnsDependencies): AwsService {
  return {
    targetPrefix: 'AmazonSimpleNotificationService',
    namespace: 'com.amazonaws.sns',
    signingName: 'sns',
    actOf,
    operations: createOperations(dependencies),
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
