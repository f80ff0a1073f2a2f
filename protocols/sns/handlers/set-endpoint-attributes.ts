import type { Call } from '../../aws/service.ts';
import { requireAttributes } from '../mobile/application-attributes.ts';
import { readEndpointAttributes } from '../mobile/endpoint-attributes.ts';
import { alterEndpoint, endpointDoesNotExist, findEndpoint } from '../mobile/endpoints.ts';
import { endpointOfArn, endpointResource } from '../mobile/platform-arn.ts';
import { requireOwnAct, type Sns } from '../sns.ts';

export async function setEndpointAttributes(sns: Sns, call: Call): Promise<undefined> {
  const { members, namespace } = call;
  const address = endpointOfArn(members.text('EndpointArn') ?? '', 'EndpointArn', namespace);
  requireOwnAct(sns, call, endpointResource(address));
  const given = requireAttributes(members.textMap('Attributes'));
  if (findEndpoint(sns.broker, address) === undefined) throw endpointDoesNotExist();
  await alterEndpoint(sns.broker, address, readEndpointAttributes(given));
}
