import type { Call } from '../../aws/service.ts';
import { endpointDoesNotExist, findEndpoint } from '../mobile/endpoints.ts';
import { endpointOfArn, endpointResource } from '../mobile/platform-arn.ts';
import { requireOwnAct, type Sns } from '../sns.ts';

export async function getEndpointAttributes(sns: Sns, call: Call) {
  const address = endpointOfArn(call.members.text('EndpointArn') ?? '', 'EndpointArn', call.namespace);
  requireOwnAct(sns, call, endpointResource(address));
  const endpoint = findEndpoint(sns.broker, address);
  if (endpoint === undefined) throw endpointDoesNotExist();
  return { Attributes: endpoint.attributes };
}
