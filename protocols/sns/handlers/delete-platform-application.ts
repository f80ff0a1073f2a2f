import type { Call } from '../../aws/service.ts';
import { applicationAddressOf, applicationKey, applicationsOf } from '../mobile/applications.ts';
import { dropEndpoints } from '../mobile/endpoints.ts';
import type { Sns } from '../sns.ts';

/**
 * With its endpoints (verified); one that is not there is no error. The endpoints go first, so that a crash leaves an
 * application that can be deleted again; those that were made meanwhile go after it, when nobody makes any.
 */
export async function deletePlatformApplication(sns: Sns, call: Call): Promise<undefined> {
  const key = applicationKey(applicationAddressOf(sns, call));
  const known = applicationsOf(sns.broker).get(key);
  if (known === undefined) return;
  await dropEndpoints(sns.broker, known.id);
  await applicationsOf(sns.broker).change(key, (now) => (now?.id === known.id ? undefined : now));
  await dropEndpoints(sns.broker, known.id);
}
