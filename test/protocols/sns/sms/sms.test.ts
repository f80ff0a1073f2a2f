import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreateSMSSandboxPhoneNumberCommand,
  DeleteSMSSandboxPhoneNumberCommand,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  ListOriginationNumbersCommand,
  ListPhoneNumbersOptedOutCommand,
  ListSMSSandboxPhoneNumbersCommand,
  OptInPhoneNumberCommand,
  SetSMSAttributesCommand,
  VerifySMSSandboxPhoneNumberCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { startWorld } from '../../../library/world.ts';
import { askJson, failure, snsClient } from '../sdk.ts';

const number = '+15551234567';
const invalidPhone = {
  status: 400,
  code: 'InvalidParameter',
  message: 'Invalid parameter: PhoneNumber Reason: input incorrectly formatted',
};

async function world() {
  const gantry = await startWorld();
  return { gantry, client: snsClient(gantry) };
}

function optOut({ endpoint }: { readonly endpoint: string }, body: object | string, method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${endpoint}/_aws/sns/phone-opt-outs`, { method, body: text });
}

test('attributes of SMS begin with a spend limit of 1, are set one by one, and shown all or some (verified)', async () => {
  const { gantry, client } = await world();
  const get = async (...attributes: string[]) =>
    (await client.send(new GetSMSAttributesCommand({ ...(attributes.length > 0 && { attributes }) }))).attributes;

  expect(await get()).toEqual({ MonthlySpendLimit: '1' });
  const attributes = { DefaultSMSType: 'Promotional', DefaultSenderID: 'LSTest' };
  await client.send(new SetSMSAttributesCommand({ attributes }));
  await client.send(new SetSMSAttributesCommand({ attributes: { DeliveryStatusSuccessSamplingRate: '100' } }));

  expect(await get()).toEqual({ ...attributes, DeliveryStatusSuccessSamplingRate: '100', MonthlySpendLimit: '1' });
  expect(await get('DefaultSMSType', 'DefaultSenderID')).toEqual(attributes);
  const elsewhere = await snsClient(gantry, 'eu-west-1').send(new GetSMSAttributesCommand({}));
  expect(elsewhere.attributes).toEqual({ MonthlySpendLimit: '1' });
});

test.each([
  [{ InvalidAttribute: 'x' }, 'InvalidAttribute is not a valid attribute'],
  [{ DefaultSenderID: 'TooLongSender' }, 'DefaultSendID is not a valid attribute'],
  [{ DefaultSenderID: '123' }, 'DefaultSendID is not a valid attribute'],
  [{ DefaultSMSType: 'invalidType' }, 'DefaultSMSType is invalid'],
])('the attributes %j are refused (verified)', async (attributes, message) => {
  const { client } = await world();

  const expected = { status: 400, code: 'InvalidParameter', message };
  expect(await failure(client.send(new SetSMSAttributesCommand({ attributes })))).toEqual(expected);
  expect((await client.send(new GetSMSAttributesCommand({}))).attributes).toEqual({ MonthlySpendLimit: '1' });
});

test.each([
  [{ MonthlySpendLimit: 'much' }, 'MonthlySpendLimit is invalid'],
  [{ DeliveryStatusSuccessSamplingRate: '101' }, 'DeliveryStatusSuccessSamplingRate is invalid'],
  [{ UsageReportS3Bucket: 'b'.repeat(2_049) }, 'UsageReportS3Bucket is invalid'],
])('the attributes %j are no numbers, or too long', async (attributes, message) => {
  const { client } = await world();

  expect(await failure(client.send(new SetSMSAttributesCommand({ attributes })))).toMatchObject({ message });
});

test('a number is opted out, shown as such in every region, and opted in again (verified)', async () => {
  const { gantry, client } = await world();
  const isOptedOut = async (phoneNumber: string) =>
    (await client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut;
  const listed = async () => (await client.send(new ListPhoneNumbersOptedOutCommand({}))).phoneNumbers;

  expect([await isOptedOut(number), await listed()]).toEqual([false, []]);
  expect((await optOut(gantry, { phoneNumber: number, accountId: '000000000000' })).status).toBe(200);
  expect((await optOut(gantry, { phoneNumber: '+4411111111' }, 'PUT')).status).toBe(200);
  expect([await isOptedOut(number), await listed()]).toEqual([true, [number, '+4411111111']]);
  const elsewhere = snsClient(gantry, 'eu-west-1');
  expect((await elsewhere.send(new ListPhoneNumbersOptedOutCommand({}))).phoneNumbers).toHaveLength(2);
  const page = await fetch(`${gantry.endpoint}/_aws/sns/phone-opt-outs`);
  expect(await page.json()).toEqual({ phone_opt_outs: [number, '+4411111111'], region: 'us-east-1' });

  for (let twice = 0; twice < 2; twice++) await client.send(new OptInPhoneNumberCommand({ phoneNumber: number }));
  expect([await isOptedOut(number), await listed()]).toEqual([false, ['+4411111111']]);
});

test('what is no telephone number is neither asked for nor opted in (verified)', async () => {
  const { gantry, client } = await world();

  for (const phoneNumber of ['+1a234', 'NAA+15551234567', '', '+0123456', `+1${'2'.repeat(15)}`]) {
    expect(await failure(client.send(new OptInPhoneNumberCommand({ phoneNumber })))).toEqual(invalidPhone);
    expect(await failure(client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber })))).toEqual(invalidPhone);
    expect((await optOut(gantry, { phoneNumber })).status).toBe(400);
  }
  for (const body of ['', '{', 'null', '[]', '{}', '{"phoneNumber":1}', `{"phoneNumber":"${number}","accountId":"1"}`])
    expect((await optOut(gantry, body)).status).toBe(400);
});

test('opted out numbers come in pages of 100', async () => {
  const { gantry, client } = await world();
  for (let at = 100; at <= 200; at++) await optOut(gantry, { phoneNumber: `+1555${at}` });
  const first = await client.send(new ListPhoneNumbersOptedOutCommand({}));
  const second = await client.send(new ListPhoneNumbersOptedOutCommand({ nextToken: first.nextToken }));

  expect([first.phoneNumbers?.length, first.phoneNumbers?.at(-1)]).toEqual([100, '+1555199']);
  expect(second.phoneNumbers).toEqual(['+1555200']);
  expect(second.nextToken).toBeUndefined();
});

test('phone calls answer in the small letters of their members, over both protocols (verified)', async () => {
  const { gantry } = await world();
  const asked = 'Action=CheckIfPhoneNumberIsOptedOut&phoneNumber=%2B15551234567';
  const listed = 'Action=ListPhoneNumbersOptedOut';
  const query = async (body: string) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return (await fetch(gantry.endpoint, { method: 'POST', headers, body: `${body}&Version=2010-03-31` })).text();
  };

  expect(await query(asked)).toContain('<isOptedOut>false</isOptedOut>');
  expect(await query(listed)).toContain('<phoneNumbers></phoneNumbers>');
  await optOut(gantry, { phoneNumber: number });
  expect(await query(listed)).toContain(`<phoneNumbers><member>${number}</member></phoneNumbers>`);
  expect(await query('Action=GetSMSAttributes')).toContain(
    '<attributes><entry><key>MonthlySpendLimit</key><value>1</value></entry></attributes>',
  );
  const json = await askJson(gantry, 'CheckIfPhoneNumberIsOptedOut', { phoneNumber: number });
  expect(json).toEqual({ status: 200, output: { isOptedOut: true } });
  const set = await askJson(gantry, 'SetSMSAttributes', { attributes: { DefaultSMSType: 'Transactional' } });
  expect(set).toEqual({ status: 200, output: {} });
});

test('nobody is in the sandbox, and a number is verified by the code that it is sent', async () => {
  const { gantry, client } = await world();
  const list = async () => (await client.send(new ListSMSSandboxPhoneNumbersCommand({}))).PhoneNumbers;
  const verify = (OneTimePassword: string) =>
    client.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber: number, OneTimePassword }));
  const sent = async () => (await fetch(`${gantry.endpoint}/_aws/sns/sms-messages?phoneNumber=${number}`)).text();

  expect((await client.send(new GetSMSSandboxAccountStatusCommand({}))).IsInSandbox).toBe(false);
  expect(await failure(verify('123456'))).toMatchObject({ status: 404, code: 'ResourceNotFound' });
  await client.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber: number }));
  expect(await list()).toEqual([{ PhoneNumber: number, Status: 'Pending' }]);
  const code = /code is (\d{6})/.exec(await sent())?.[1] ?? '';
  expect(await failure(verify(code === '000000' ? '000001' : '000000'))).toMatchObject({
    status: 400,
    code: 'VerificationException',
  });
  await verify(code);
  expect(await list()).toEqual([{ PhoneNumber: number, Status: 'Verified' }]);
  await client.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber: number }));
  expect(await list()).toEqual([{ PhoneNumber: number, Status: 'Verified' }]);
  await client.send(new DeleteSMSSandboxPhoneNumberCommand({ PhoneNumber: number }));
  expect(await list()).toEqual([]);
  const again = client.send(new DeleteSMSSandboxPhoneNumberCommand({ PhoneNumber: number }));
  expect(await failure(again)).toMatchObject({ status: 404, code: 'ResourceNotFound' });
});

test('a sandbox takes ten numbers, and none that is opted out', async () => {
  const { gantry, client } = await world();
  const add = (PhoneNumber: string) => client.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber }));
  await optOut(gantry, { phoneNumber: number });
  for (let at = 0; at < 10; at++) await add(`+155500${at}`);

  expect(await failure(add(number))).toMatchObject({ code: 'OptedOut' });
  expect(await failure(add('+1555010'))).toMatchObject({ code: 'UserError' });
  await add('+1555009');
  const first = await client.send(new ListSMSSandboxPhoneNumbersCommand({ MaxResults: 4 }));
  const rest = await client.send(new ListSMSSandboxPhoneNumbersCommand({ NextToken: first.NextToken }));
  expect([first.PhoneNumbers?.length, rest.PhoneNumbers?.length]).toEqual([4, 6]);
});

test('there are no origination numbers', async () => {
  const { client } = await world();

  expect((await client.send(new ListOriginationNumbersCommand({}))).PhoneNumbers).toEqual([]);
  const tooMany = client.send(new ListOriginationNumbersCommand({ MaxResults: 31 }));
  expect(await failure(tooMany)).toMatchObject({ code: 'InvalidParameter' });
});
