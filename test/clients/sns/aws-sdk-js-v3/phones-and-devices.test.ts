import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  DeletePlatformApplicationCommand,
  EndpointDisabledException,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  GetSMSAttributesCommand,
  ListPlatformApplicationsCommand,
  OptInPhoneNumberCommand,
  PublishCommand,
  paginateListEndpointsByPlatformApplication,
  SetEndpointAttributesCommand,
  SetSMSAttributesCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { given } from '../../sqs/sdk-world.ts';
import { withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();

/** A page of the outbox, as tests of people read it. */
async function outbox(endpoint: string, page: string, query: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(`${endpoint}/_aws/sns/${page}?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return response.json();
}

async function application() {
  const world = setup();
  const { PlatformApplicationArn } = await world.sns.send(
    new CreatePlatformApplicationCommand({
      Name: world.newName(),
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'secret of the provider' },
    }),
  );
  return { ...world, PlatformApplicationArn: given(PlatformApplicationArn, 'the ARN of an application') };
}

test('a message to a device is seen in the outbox', async () => {
  const { sns, broker, PlatformApplicationArn } = await application();
  const { EndpointArn } = await sns.send(
    new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'device-1', CustomUserData: 'of Ann' }),
  );
  const TargetArn = given(EndpointArn, 'the ARN of an endpoint');

  const { MessageId } = await sns.send(new PublishCommand({ TargetArn, Message: 'ding' }));

  expect(await outbox(broker.endpoint, 'platform-endpoint-messages', { endpointArn: TargetArn })).toMatchObject({
    platform_endpoint_messages: { [TargetArn]: [{ MessageId, Message: 'ding', TargetArn }] },
  });
});

test('a device that is subscribed gets what its topic gets, in the words for its platform', async () => {
  const { sns, broker, makeTopic, subscribe, PlatformApplicationArn } = await application();
  const { EndpointArn } = await sns.send(
    new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'device-1' }),
  );
  const TargetArn = given(EndpointArn, 'the ARN of an endpoint');
  const TopicArn = await makeTopic();
  await subscribe({ TopicArn, Protocol: 'application', Endpoint: TargetArn });
  const Message = JSON.stringify({ default: 'for all', GCM: '{"notification":{"title":"ding"}}' });

  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));

  await expect
    .poll(() => outbox(broker.endpoint, 'platform-endpoint-messages', { endpointArn: TargetArn }))
    .toMatchObject({ platform_endpoint_messages: { [TargetArn]: [{ MessageId, TopicArn }] } });
});

test('a device that is disabled is not published to', async () => {
  const { sns, PlatformApplicationArn } = await application();
  const { EndpointArn } = await sns.send(
    new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'device-1' }),
  );
  await sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));

  const { Attributes } = await sns.send(new GetEndpointAttributesCommand({ EndpointArn }));
  const publishing = sns.send(new PublishCommand({ TargetArn: EndpointArn, Message: 'ding' }));

  expect(Attributes).toEqual({ Enabled: 'false', Token: 'device-1' });
  await expect(publishing).rejects.toBeInstanceOf(EndpointDisabledException);
});

test('applications and devices are made once, listed and deleted', async () => {
  const { sns, PlatformApplicationArn } = await application();
  const make = async (Token: string) =>
    (await sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token }))).EndpointArn;
  const made = [await make('device-1'), await make('device-2')];
  const again = await make('device-1');
  const listed = async (): Promise<readonly (string | undefined)[]> => {
    const arns: (string | undefined)[] = [];
    const walk = paginateListEndpointsByPlatformApplication({ client: sns }, { PlatformApplicationArn });
    for await (const { Endpoints } of walk) arns.push(...(Endpoints ?? []).map(({ EndpointArn }) => EndpointArn));
    return arns.sort();
  };

  const shown = await sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }));
  const { PlatformApplications } = await sns.send(new ListPlatformApplicationsCommand({}));
  const before = await listed();
  await sns.send(new DeleteEndpointCommand({ EndpointArn: again }));
  const after = await listed();
  await sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn }));

  expect(shown.Attributes).toMatchObject({ Enabled: 'true' });
  expect(shown.Attributes).not.toHaveProperty('PlatformCredential');
  expect(PlatformApplications?.map((each) => each.PlatformApplicationArn)).toContain(PlatformApplicationArn);
  expect([again, before, after]).toEqual([made[0], made.toSorted(), made.slice(1)]);
  await expect(listed()).rejects.toThrow('PlatformApplication does not exist');
});

test('a message to a phone is seen in the outbox, directly and through a topic', async () => {
  const { sns, broker, makeTopic, subscribe } = setup();
  const [PhoneNumber, TopicArn] = ['+15551234567', await makeTopic()];
  await subscribe({ TopicArn, Protocol: 'sms', Endpoint: PhoneNumber });

  const direct = await sns.send(new PublishCommand({ PhoneNumber, Message: 'to you' }));
  const byTopic = await sns.send(new PublishCommand({ TopicArn, Message: 'to all' }));

  await expect
    .poll(() => outbox(broker.endpoint, 'sms-messages', { phoneNumber: PhoneNumber }))
    .toMatchObject({
      sms_messages: {
        [PhoneNumber]: [
          { MessageId: direct.MessageId, Message: 'to you', TopicArn: null },
          { MessageId: byTopic.MessageId, Message: 'to all', TopicArn },
        ],
      },
    });
});

test('the settings of messages to phones come back, and a number can opt in again', async () => {
  const { sns, broker } = setup();
  const phoneNumber = '+15557654321';
  const isOptedOut = async () => (await sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut;
  const optOut = { method: 'POST', body: JSON.stringify({ phoneNumber }) };

  await sns.send(new SetSMSAttributesCommand({ attributes: { DefaultSMSType: 'Transactional' } }));
  const set = await sns.send(new GetSMSAttributesCommand({}));
  await fetch(`${broker.endpoint}/_aws/sns/phone-opt-outs`, optOut);
  const out = await isOptedOut();
  await sns.send(new OptInPhoneNumberCommand({ phoneNumber }));

  expect(set.attributes).toMatchObject({ MonthlySpendLimit: '1', DefaultSMSType: 'Transactional' });
  expect([out, await isOptedOut()]).toEqual([true, false]);
});
