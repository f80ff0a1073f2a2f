import type { Call } from '../../aws/service.ts';
import { dropEndpoint } from '../mobile/endpoints.ts';
import { endpointOfArn, endpointResource } from '../mobile/platform-arn.ts';
import { requireOwnAct, type Sns } from '../sns.ts';

/** Its subscriptions stay (verified) [sqs-sns 2.15]. */
export async function deleteEndpoint(sns: Sns, call: Call): Promise<undefined> {
  const address = endpointOfArn(call.members.text('EndpointArn') ?? '', 'EndpointArn', call.namespace);
  requireOwnAct(sns, call, endpointResource(address));
  await dropEndpoint(sns.broker, address);
}
