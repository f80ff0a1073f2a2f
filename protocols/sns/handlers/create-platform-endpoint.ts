import type { Call } from '../../aws/service.ts';
import { mustNotBeNull } from '../errors.ts';
import { applicationAddressOf, findApplication } from '../mobile/applications.ts';
import { checkToken, checkUserData, readEndpointAttributes } from '../mobile/endpoint-attributes.ts';
import { createEndpoint } from '../mobile/endpoints.ts';
import { endpointArn } from '../mobile/platform-arn.ts';
import type { Sns } from '../sns.ts';

export async function createPlatformEndpoint(sns: Sns, call: Call) {
  const { members } = call;
  const application = applicationAddressOf(sns, call);
  const token = members.text('Token');
  if (token === undefined) throw mustNotBeNull('token');
  findApplication(sns, application);
  checkToken(token);
  const userData = members.text('CustomUserData');
  checkUserData(userData);
  // Of user data that is given twice that among the attributes counts (verified) [sqs-sns 2.15].
  const attributes = {
    Enabled: 'true',
    ...(userData !== undefined && { CustomUserData: userData }),
    ...readEndpointAttributes(members.textMap('Attributes') ?? []),
    Token: token,
  };
  return { EndpointArn: endpointArn(await createEndpoint(sns.broker, application, attributes)) };
}
