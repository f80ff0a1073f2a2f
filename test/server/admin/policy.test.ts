import { expect, test } from 'vitest';
import { fetchJson, startWorld, type World } from '../setup.ts';

const root = { Authorization: `Basic ${Buffer.from('root:r').toString('base64')}` };

async function world(): Promise<World> {
  const made = await startWorld();
  const send = (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = root) =>
    fetch(made.url(`/_gantry${path}`), { method, headers, body: JSON.stringify(body) });
  await send('PUT', '/users/root', { admin: true, password: 'r' }, {});
  const policy = [
    { Sid: 'Sends', Effect: 'Allow', Action: 'send', Resource: 'orders*' },
    { Effect: 'Deny', Action: 'sqs:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
  ];
  await send('PUT', '/users/shop', { policy });
  const Statement = [
    { Sid: 'Nobody', Effect: 'Deny', Principal: '*', Action: 'sqs:PurgeQueue', Resource: '*' },
    { Sid: 'Partner', Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:*', Resource: '*' },
    { Sid: 'All', Effect: 'Allow', Principal: '*', Action: 'sqs:GetQueueUrl', Resource: '*' },
  ];
  await send('PUT', '/queues/orders', { policy: { Version: '2012-10-17', Statement } });
  return made;
}

const ask = (made: World, body: unknown) =>
  fetchJson(made.url('/_gantry/policy/check'), { method: 'POST', headers: root, body: JSON.stringify(body) });

test('names the statement that decided', async () => {
  const made = await world();
  const partner = 'arn:aws:iam::111122223333:user/bob';

  for (const [asked, allowed, why, statement] of [
    [
      { user: 'shop', action: 'sqs:SendMessage', resource: 'orders', context: { 'aws:SourceIp': '192.0.2.1' } },
      true,
      'allowed by statement 0 ("Sends") of the policy of user "shop"',
      { of: 'user', index: 0, sid: 'Sends' },
    ],
    [
      { user: 'shop', action: 'send', resource: 'orders', context: { 'aws:sourceip': '10.1.2.3' } },
      false,
      'denied by statement 1 of the policy of user "shop"',
      { of: 'user', index: 1 },
    ],
    [
      { user: 'shop', action: 'receive', resource: 'orders', context: { 'aws:SourceIp': '192.0.2.1' } },
      false,
      'denied: no statement of the policy of user "shop" allows it, nor does the policy of queue "orders" name it',
      null,
    ],
    [
      { user: 'shop', action: 'sqs:PurgeQueue', resource: 'orders', context: { 'aws:SourceIp': '192.0.2.1' } },
      false,
      'denied by statement 0 ("Nobody") of the policy of queue "orders"',
      { of: 'queue', index: 0, sid: 'Nobody' },
    ],
    [
      { principal: 'anonymous', action: 'sqs:GetQueueUrl', resource: 'orders' },
      true,
      'allowed by statement 2 ("All") of the policy of queue "orders"',
      { of: 'queue', index: 2, sid: 'All' },
    ],
    [
      { principal: 'anonymous', action: 'receive', resource: 'orders' },
      false,
      'denied: no statement of the policy of queue "orders" allows it, which who does not sign needs',
      null,
    ],
    [
      { principal: partner, action: 'send', resource: 'arn:aws:sqs:us-east-1:000000000000:orders' },
      false,
      'denied: there is no user "bob", and the policy of queue "orders" does not name it',
      null,
    ],
    [
      { user: 'root', action: 'admin', resource: 'broker' },
      true,
      'user "root" is an admin, who may do everything',
      null,
    ],
  ] as const)
    expect(await ask(made, asked)).toMatchObject({ status: 200, body: { allowed, why, statement } });
});

test.each([
  [{ action: 'send', resource: 'orders' }, 400, 'name either a user or a principal'],
  [{ user: 'shpo', action: 'send', resource: 'orders' }, 404, 'user "shpo" does not exist; did you mean "shop"?'],
  [{ user: 'shop', action: 'sned', resource: 'orders' }, 400, 'unknown action "sned"; did you mean "send"?'],
  [{ user: 'shop', action: 'send', resource: 'a b' }, 400, 'expected the name or ARN of a queue or topic, or broker'],
  [
    { principal: 'bob', action: 'send', resource: 'x' },
    400,
    'expected anonymous, arn:aws:iam::<account>:user/<name>, or the ARN of a topic',
  ],
])('%j is refused in words', async (asked, status, message) => {
  const made = await world();

  expect(await ask(made, asked)).toMatchObject({
    status,
    body: { error: { message: expect.stringContaining(message) } },
  });
});

test('without users everybody may', async () => {
  const made = await startWorld();

  expect(await ask(made, { principal: 'anonymous', action: 'send', resource: 'x' })).toMatchObject({
    body: { allowed: true, why: 'allowed: there are no users, and everybody may do everything' },
  });
});

test('topics are judged too: what may be done with them, and where they may deliver', async () => {
  const made = await world();
  const topic = 'arn:aws:sns:us-east-1:000000000000:events';
  const Condition = { ArnEquals: { 'aws:SourceArn': topic } };
  const allow = { Sid: 'Fan', Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const policy = { Version: '2012-10-17', Statement: [{ ...allow, Resource: '*', Condition }] };
  await fetch(made.url('/_gantry/queues/fed'), { method: 'PUT', headers: root, body: JSON.stringify({ policy }) });
  const statement = { Effect: 'Allow', Action: 'sns:Publish', Resource: 'events' };
  await fetch(made.url('/_gantry/users/news'), {
    ...{ method: 'PUT', headers: root, body: JSON.stringify({ policy: [statement] }) },
  });

  for (const [asked, allowed, why] of [
    [
      { principal: topic, action: 'send', resource: 'fed' },
      true,
      'allowed by statement 0 ("Fan") of the policy of queue "fed"',
    ],
    [
      { principal: `${topic}s`, action: 'sqs:SendMessage', resource: 'fed' },
      false,
      'denied: no statement of the policy of queue "fed" allows it to sns.amazonaws.com, as which a topic asks',
    ],
    [
      { user: 'news', action: 'sns:PublishBatch', resource: 'events' },
      true,
      'allowed by statement 0 of the policy of user "news"',
    ],
    [{ user: 'news', action: 'send', resource: topic }, true, 'allowed by statement 0 of the policy of user "news"'],
    [
      { user: 'news', action: 'subscribe', resource: topic },
      false,
      'denied: no statement of the policy of user "news" allows it, nor does the policy of topic "events" name it',
    ],
  ] as const)
    expect(await ask(made, asked)).toMatchObject({ status: 200, body: { allowed, why } });
});
