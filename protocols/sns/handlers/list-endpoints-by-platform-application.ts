import type { Call } from '../../aws/service.ts';
import { documentPageOf } from '../document-pages.ts';
import { snsLimits } from '../limits.ts';
import { applicationAddressOf, findApplication } from '../mobile/applications.ts';
import { endpointPrefix, endpointsOf } from '../mobile/endpoints.ts';
import { endpointArn } from '../mobile/platform-arn.ts';
import type { Sns } from '../sns.ts';

export async function listEndpointsByPlatformApplication(sns: Sns, call: Call) {
  const application = applicationAddressOf(sns, call);
  const prefix = endpointPrefix(findApplication(sns, application).id);
  const token = call.members.text('NextToken');
  const page = { prefix, token, parameter: 'NextToken', max: snsLimits.listPageMax };
  const { items, next } = documentPageOf(endpointsOf(sns.broker).list, page);
  return {
    Endpoints: items.map(({ key, value: { attributes } }) => ({
      EndpointArn: endpointArn({ application, id: key.slice(prefix.length) }),
      Attributes: attributes,
    })),
    NextToken: next,
  };
}
