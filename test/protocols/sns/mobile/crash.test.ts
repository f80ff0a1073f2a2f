import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateSMSSandboxPhoneNumberCommand,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  GetSMSAttributesCommand,
  ListPhoneNumbersOptedOutCommand,
  ListSMSSandboxPhoneNumbersCommand,
  PublishCommand,
  SetEndpointAttributesCommand,
  SetSMSAttributesCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { launch } from '../../../support/launch.ts';
import { snsClient } from '../sdk.ts';

const number = '+15551234567';

test('what was answered is there after a crash: applications, endpoints, attributes, opt-outs, and what was sent', async () => {
  const broker = await launch();
  const before = snsClient(broker);
  const Attributes = { PlatformPrincipal: 'the principal', PlatformCredential: 'the credential' };
  const made = await before.send(new CreatePlatformApplicationCommand({ Name: 'app', Platform: 'ADM', Attributes }));
  const { PlatformApplicationArn } = made;
  const create = new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 't', CustomUserData: 'u' });
  const { EndpointArn } = await before.send(create);
  await before.send(new SetSMSAttributesCommand({ attributes: { DefaultSenderID: 'Gantry' } }));
  await before.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber: '+15550000000' }));
  const body = JSON.stringify({ phoneNumber: '+4411111111' });
  await fetch(`${broker.endpoint}/_aws/sns/phone-opt-outs`, { method: 'POST', body });
  const sent = await before.send(new PublishCommand({ PhoneNumber: number, Message: 'hello' }));
  const pushed = await before.send(new PublishCommand({ TargetArn: EndpointArn, Message: 'push' }));
  await before.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));
  await broker.kill9();

  const again = await launch({ dataDir: broker.dataDir });
  try {
    const client = snsClient(again);
    const read = async (path: string) => (await fetch(`${again.endpoint}/_aws/sns/${path}`)).json();
    const application = await client.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }));
    expect(application.Attributes).toEqual({ Enabled: 'true' });
    expect((await client.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes).toEqual({
      ...{ Enabled: 'false', Token: 't', CustomUserData: 'u' },
    });
    expect((await client.send(new GetSMSAttributesCommand({}))).attributes).toEqual({
      ...{ DefaultSenderID: 'Gantry', MonthlySpendLimit: '1' },
    });
    expect((await client.send(new ListSMSSandboxPhoneNumbersCommand({}))).PhoneNumbers).toEqual([
      { PhoneNumber: '+15550000000', Status: 'Pending' },
    ]);
    expect((await client.send(new ListPhoneNumbersOptedOutCommand({}))).phoneNumbers).toEqual(['+4411111111']);
    expect(await read('sms-messages')).toMatchObject({
      sms_messages: { [number]: [{ MessageId: sent.MessageId, Message: 'hello' }] },
    });
    expect(await read('platform-endpoint-messages')).toMatchObject({
      platform_endpoint_messages: { [EndpointArn ?? '']: [{ MessageId: pushed.MessageId, Message: 'push' }] },
    });
    // Credentials are on no disk; what a person named is, which shows that all was looked at.
    const files = await Promise.all(
      (await readdir(broker.dataDir)).map(async (name) =>
        (await readFile(join(broker.dataDir, name))).toString('latin1'),
      ),
    );
    const holds = (text: string) => files.some((file) => file.includes(text));
    expect(['+4411111111', 'the principal', 'the credential'].map(holds)).toEqual([true, false, false]);
  } finally {
    await again.stop();
  }
});
