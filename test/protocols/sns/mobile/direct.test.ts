import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  PublishCommand,
  type PublishCommandInput,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import type { Gantry } from '../../../../src/index.ts';
import { startWorld } from '../../../library/world.ts';
import { failure, snsClient } from '../sdk.ts';

const number = '+15551234567';

async function world() {
  const gantry = await startWorld();
  const client = snsClient(gantry);
  const publish = (input: PublishCommandInput) => client.send(new PublishCommand(input));
  const endpoint = async (Platform: string) => {
    const Attributes = { PlatformPrincipal: 'p', PlatformCredential: 'c' };
    const made = await client.send(new CreatePlatformApplicationCommand({ Name: 'app', Platform, Attributes }));
    const { PlatformApplicationArn } = made;
    const command = new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'token' });
    return { app: PlatformApplicationArn, arn: (await client.send(command)).EndpointArn ?? '' };
  };
  return { gantry, client, publish, endpoint };
}

async function page({ endpoint }: Gantry, path: string): Promise<unknown> {
  return (await fetch(`${endpoint}/_aws/sns/${path}`)).json();
}

test('a text message is kept with its attributes before Publish answers', async () => {
  const { gantry, publish } = await world();
  const MessageAttributes = {
    'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'Gantry' },
    bytes: { DataType: 'Binary', BinaryValue: Buffer.from('ab') },
  };
  const { MessageId } = await publish({ PhoneNumber: number, Message: 'hello', MessageAttributes });

  const message = {
    ...{ PhoneNumber: number, TopicArn: null, SubscriptionArn: null, MessageId, Message: 'hello' },
    ...{ MessageStructure: null, Subject: null },
    MessageAttributes: {
      'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'Gantry' },
      bytes: { DataType: 'Binary', BinaryValue: 'YWI=' },
    },
  };
  const all = { sms_messages: { [number]: [message] }, region: 'us-east-1' };
  expect(await page(gantry, 'sms-messages')).toEqual(all);
  expect(await page(gantry, `sms-messages?phoneNumber=${number}`)).toEqual(all);
  expect(await page(gantry, `sms-messages?phoneNumber=${encodeURIComponent(number)}`)).toEqual(all);
  expect(await page(gantry, 'sms-messages?region=eu-west-1')).toEqual({ sms_messages: {}, region: 'eu-west-1' });
  expect(await page(gantry, 'sms-messages?accountId=111111111111')).toMatchObject({ sms_messages: {} });
});

test('a message with several texts comes as the one for SMS', async () => {
  const { gantry, publish } = await world();
  const Message = JSON.stringify({ default: 'all', sms: 'short' });
  await publish({ PhoneNumber: number, Message, MessageStructure: 'json' });

  expect(await page(gantry, 'sms-messages')).toMatchObject({
    sms_messages: { [number]: [{ Message: '"short"', MessageStructure: 'json' }] },
  });
});

test.each(['+1a234', 'NAA+15551234567'])('the number %s is not published to (verified)', async (PhoneNumber) => {
  const { publish } = await world();

  expect(await failure(publish({ PhoneNumber, Message: 'hello' }))).toEqual({
    status: 400,
    code: 'InvalidParameter',
    message: `Invalid parameter: PhoneNumber Reason: ${PhoneNumber} is not valid to publish to`,
  });
});

test('a number that is opted out is told nothing, and Publish says no word of it', async () => {
  const { gantry, publish } = await world();
  const body = JSON.stringify({ phoneNumber: number });
  await fetch(`${gantry.endpoint}/_aws/sns/phone-opt-outs`, { method: 'POST', body });

  expect((await publish({ PhoneNumber: number, Message: 'hello' })).MessageId).toMatch(/^[0-9a-f-]{36}$/);
  await publish({ PhoneNumber: '+15550000000', Message: 'hello' });

  expect(await page(gantry, 'sms-messages')).toMatchObject({
    sms_messages: { '+15550000000': [{ Message: 'hello' }] },
  });
  expect(await page(gantry, `sms-messages?phoneNumber=${number}`)).toMatchObject({ sms_messages: { [number]: [] } });
});

test('a device gets the text of its platform, or the default, with its attributes', async () => {
  const { gantry, publish, endpoint } = await world();
  const apns = await endpoint('APNS');
  const gcm = await endpoint('GCM');
  const MessageAttributes = { 'AWS.SNS.MOBILE.APNS.PRIORITY': { DataType: 'String', StringValue: '5' } };
  const payload = JSON.stringify({ aps: { 'content-available': 1 } });
  const Message = JSON.stringify({ APNS: payload });
  const json = { MessageStructure: 'json', MessageAttributes };
  const { MessageId } = await publish({ TargetArn: apns.arn, Message, ...json });
  await publish({ TargetArn: gcm.arn, Message: JSON.stringify({ default: 'd', APNS: payload }), ...json });
  await publish({ TargetArn: gcm.arn, Message: 'plain' });

  expect(await page(gantry, 'platform-endpoint-messages')).toEqual({
    region: 'us-east-1',
    platform_endpoint_messages: {
      [apns.arn]: [
        {
          ...{ TargetArn: apns.arn, TopicArn: null, MessageId, Message: JSON.stringify(payload) },
          ...{ MessageStructure: 'json', Subject: null, MessageAttributes },
        },
      ],
      [gcm.arn]: [
        expect.objectContaining({ Message: '"d"', MessageStructure: 'json' }),
        expect.objectContaining({ Message: 'plain', MessageStructure: null, MessageAttributes: null }),
      ],
    },
  });
  expect(await failure(publish({ TargetArn: gcm.arn, Message, MessageStructure: 'json' }))).toMatchObject({
    message: 'Invalid parameter: Message Structure - No default entry in JSON message body',
  });
  expect(await failure(publish({ TargetArn: gcm.arn, Message: '{', MessageStructure: 'json' }))).toMatchObject({
    message: 'Invalid parameter: Message Structure - JSON message body failed to parse',
  });
});

test('an endpoint that is not there is not found (verified), and one that is disabled says so', async () => {
  const { client, publish, endpoint } = await world();
  const { arn, app } = await endpoint('ADM');
  const notFound = {
    status: 400,
    code: 'InvalidParameter',
    message: 'Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified',
  };
  const disable = { Attributes: { Enabled: 'false' } };

  for (const TargetArn of [`${arn}0`, arn.replace('us-east-1', 'eu-west-1'), arn.replace('/ADM', ''), `${arn}/x`])
    expect(await failure(publish({ TargetArn, Message: 'hello' }))).toEqual(notFound);
  await client.send(new SetEndpointAttributesCommand({ EndpointArn: arn, ...disable }));
  const disabled = { status: 400, code: 'EndpointDisabled', message: 'Endpoint is disabled' };
  expect(await failure(publish({ TargetArn: arn, Message: 'hello' }))).toEqual(disabled);
  // Before what is wrong with the message (verified).
  expect(await failure(publish({ TargetArn: arn, Message: 'hello', MessageStructure: 'json' }))).toEqual(disabled);
  await client.send(new SetPlatformApplicationAttributesCommand({ PlatformApplicationArn: app, ...disable }));
  expect(await failure(publish({ TargetArn: arn, Message: 'hello' }))).toMatchObject({
    status: 400,
    code: 'PlatformApplicationDisabled',
  });
});

test('what was sent is forgotten by its receiver, or all of a region', async () => {
  const { gantry, publish, endpoint } = await world();
  const { arn } = await endpoint('ADM');
  const other = '+15550000000';
  for (const PhoneNumber of [number, other]) await publish({ PhoneNumber, Message: 'hello' });
  await publish({ TargetArn: arn, Message: 'hello' });
  const forget = async (path: string) =>
    (await fetch(`${gantry.endpoint}/_aws/sns/${path}`, { method: 'DELETE' })).status;

  expect(await forget(`sms-messages?phoneNumber=${encodeURIComponent(number)}`)).toBe(204);
  expect(await page(gantry, 'sms-messages')).toMatchObject({ sms_messages: { [other]: [{ Message: 'hello' }] } });
  expect(await forget('sms-messages?region=eu-west-1')).toBe(204);
  expect(await page(gantry, `sms-messages?phoneNumber=${other}`)).toMatchObject({ sms_messages: { [other]: [{}] } });
  expect(await forget('sms-messages')).toBe(204);
  expect(await page(gantry, 'sms-messages')).toEqual({ sms_messages: {}, region: 'us-east-1' });
  expect(await forget(`platform-endpoint-messages?endpointArn=${encodeURIComponent(arn)}`)).toBe(204);
  expect(await page(gantry, `platform-endpoint-messages?endpointArn=${encodeURIComponent(arn)}`)).toEqual({
    platform_endpoint_messages: { [arn]: [] },
    region: 'us-east-1',
  });
});

test('a reset forgets what was sent, applications and opt-outs', async () => {
  const { gantry, publish, endpoint } = await world();
  const { arn } = await endpoint('ADM');
  await publish({ PhoneNumber: number, Message: 'hello' });

  await gantry.reset();

  expect(await page(gantry, 'sms-messages')).toEqual({ sms_messages: {}, region: 'us-east-1' });
  expect((await failure(publish({ TargetArn: arn, Message: 'hello' }))).message).toContain('No endpoint found');
  await publish({ PhoneNumber: number, Message: 'again' });
  expect(await page(gantry, 'sms-messages')).toMatchObject({ sms_messages: { [number]: [{ Message: 'again' }] } });
});
