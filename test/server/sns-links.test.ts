import { expect, test } from 'vitest';
import { defaultParts } from '../../src/server/parts.ts';
import { exchange } from '../protocols/sqs/call.ts';
import { startWorld, type World } from './setup.ts';

const by = { Authorization: `Basic ${Buffer.from('root:of the root').toString('base64')}` };
const to = 'ann@shop.example';

/** Asks by a Host of one's choice. */
async function ask(world: World, method: string, path: string, host: string, body?: object) {
  const { port } = new URL(world.url());
  const headers = { ...(path.startsWith('/_gantry') ? by : {}), Host: host, 'Content-Type': 'application/json' };
  const sent = { method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await exchange({ port: Number(port) }, sent);
  if ((answer.status ?? 500) >= 300) throw new Error(`${path}: ${answer.text}`);
  return answer.text;
}

/** What has been sent to the one mail address, when there are so many mails. */
async function mails(world: World, count: number): Promise<readonly string[]> {
  let sent: readonly { readonly body: string }[] = [];
  await expect
    .poll(async () => {
      sent = JSON.parse(await ask(world, 'GET', `/_gantry/outbox?to=${to}`, 'localhost')).sent;
      return sent.length;
    })
    .toBe(count);
  return sent.map(({ body }) => body);
}

async function start(): Promise<World> {
  return await startWorld({}, undefined, { createHttpFront: defaultParts.createHttpFront });
}

/** A question, a notification and the end of a subscription, each caused under another host. */
async function threeMails(world: World): Promise<readonly string[]> {
  await ask(world, 'PUT', '/_gantry/topics/t', 'localhost');
  await ask(world, 'POST', '/_gantry/topics/t/subscriptions', 'maker.example', { email: to });
  await mails(world, 1);
  const { subscriptions } = JSON.parse(await ask(world, 'GET', '/_gantry/topics/t/subscriptions', 'localhost'));
  const [{ id }] = subscriptions;
  await ask(world, 'POST', `/_gantry/topics/t/subscriptions/${id}/confirm`, 'localhost');
  await ask(world, 'POST', '/_gantry/topics/t/messages', 'publisher.example', { messages: [{ body: 'hello' }] });
  await mails(world, 2);
  const arn = `arn:aws:sns:us-east-1:000000000000:t:${id}`;
  await ask(world, 'GET', `/?Action=Unsubscribe&SubscriptionArn=${arn}`, 'anybody');
  return await mails(world, 3);
}

test('with users no mail has a link by the Host of whoever asked', async () => {
  const world = await start();
  await ask(world, 'PUT', '/_gantry/users/root', 'localhost', { admin: true, password: 'of the root' });

  const texts = await threeMails(world);

  for (const text of texts) {
    expect(text).not.toMatch(/(maker|publisher)\.example|anybody/);
    expect(text).toContain(world.url('/?Action='));
  }
});

test('without users on loopback links are by the name under which a client came', async () => {
  const [asked, told, ended] = await threeMails(await start());

  expect(asked).toContain('http://maker.example/?Action=ConfirmSubscription');
  expect(told).toContain('http://publisher.example/?Action=Unsubscribe');
  expect(ended).toContain('http://anybody/?Action=ConfirmSubscription');
});
