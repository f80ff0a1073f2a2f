import { expect, it, test } from 'vitest';
import { optOut } from '../../../../protocols/sns/sms/opt-outs.ts';
import type { FunctionInvoker, FunctionOutcome } from '../../../../src/core/functions.ts';
import { quiet } from '../../../core/world.ts';
import { account, entries, namingSigner, queueArn, type Topics, withTopics } from '../with-topics.ts';

const functionArn = `arn:aws:lambda:us-east-1:${account}:function:f`;

function functionsThat(outcome: () => FunctionOutcome) {
  const invoked: { readonly arn: string; readonly event: string; readonly isAsync: boolean }[] = [];
  const functions: FunctionInvoker = {
    invoke: async (arn, event, { isAsync }) => {
      invoked.push({ arn, event, isAsync });
      return outcome();
    },
  };
  return { functions, invoked };
}

test('a function gets one record in the spelling of Lambda (verified) [2.9]', () => {
  const { functions, invoked } = functionsThat(() => ({ type: 'accepted', statusCode: 202, requestId: 'r' }));
  return withTopics(
    async ({ createTopic, subscribe, query, url, clock }) => {
      const TopicArn = await createTopic('t');
      const arn = (await subscribe(TopicArn, 'lambda', functionArn)).text('SubscriptionArn');

      const MessageId = (await query('Publish', { TopicArn, Message: 'hello' })).text('MessageId');
      await quiet();

      expect(invoked).toMatchObject([{ arn: functionArn, isAsync: true }]);
      expect(JSON.parse(invoked[0]?.event ?? '')).toEqual({
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: arn,
            Sns: {
              ...{ Type: 'Notification', MessageId, TopicArn, Subject: null, Message: 'hello' },
              Timestamp: new Date(clock.now()).toISOString(),
              SignatureVersion: '1',
              Signature: 'v1:Message,MessageId,Timestamp,TopicArn,Type',
              SigningCertUrl: `${url}/cert.pem`,
              UnsubscribeUrl: `${url}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
              MessageAttributes: {},
            },
          },
        ],
      });
    },
    { functions, signer: namingSigner },
  );
});

test('a function is told of version 1, by whichever the message is signed (verified) [2.9]', () => {
  const { functions, invoked } = functionsThat(() => ({ type: 'accepted', statusCode: 202, requestId: 'r' }));
  return withTopics(
    async ({ createTopic, subscribe, query }) => {
      const TopicArn = await createTopic('t');
      await query('SetTopicAttributes', { TopicArn, AttributeName: 'SignatureVersion', AttributeValue: '2' });
      await subscribe(TopicArn, 'lambda', functionArn);

      await query('Publish', { TopicArn, Message: 'hello' });
      await quiet();

      expect(JSON.parse(invoked[0]?.event ?? '').Records[0].Sns).toMatchObject({
        SignatureVersion: '1',
        Signature: 'v2:Message,MessageId,Timestamp,TopicArn,Type',
      });
    },
    { functions, signer: namingSigner },
  );
});

test('a function that cannot be reached is tried again, at once and then in growing delays [2.11]', () => {
  const { functions, invoked } = functionsThat(() => ({ type: 'unavailable', reason: 'nobody listens' }));
  return withTopics(
    async ({ createTopic, subscribe, query, clock }) => {
      const TopicArn = await createTopic('t');
      await subscribe(TopicArn, 'lambda', functionArn);

      await query('Publish', { TopicArn, Message: 'hello' });
      for (let turn = 0; turn < 6; turn++) await quiet();
      expect(invoked).toHaveLength(4);
      clock.advance(1_000);
      await quiet();

      expect(invoked).toHaveLength(5);
    },
    { functions },
  );
});

test('a function that is not there costs the message, as does a broker without functions [2.11]', () => {
  const { functions, invoked } = functionsThat(() => ({ type: 'refused', reason: 'no function', statusCode: 404 }));
  const failing = async ({ createTopic, subscribe, query, failures }: Topics) => {
    const TopicArn = await createTopic('t');
    await subscribe(TopicArn, 'lambda', functionArn);
    await query('Publish', { TopicArn, Message: 'hello' });
    await quiet();
    expect(failures).toMatchObject([{ isGivenUp: true }]);
  };
  return withTopics(failing, { functions })
    .then(() => expect(invoked).toHaveLength(1))
    .then(() => withTopics(failing));
});

test('a defect that one message meets is reported, costs that message alone, and its dead-letter queue has it', () => {
  const { functions, invoked } = functionsThat(() => {
    if (invoked.length === 1) throw new TypeError('a defect');
    return { type: 'accepted', statusCode: 202 };
  });
  return withTopics(
    async ({ port, createTopic, subscribe, query, failures, defects }) => {
      const TopicArn = await createTopic('t');
      const url = `http://127.0.0.1:${port}/`;
      const ask = async (parameters: Record<string, string>) =>
        await (await fetch(`${url}?${new URLSearchParams(parameters)}`)).text();
      await ask({ Action: 'CreateQueue', QueueName: 'dead' });
      const RedrivePolicy = `{"deadLetterTargetArn":"${queueArn('dead')}"}`;
      await subscribe(TopicArn, 'lambda', functionArn, { RedrivePolicy });

      await query('Publish', { TopicArn, Message: 'the first' });
      await quiet();
      await query('Publish', { TopicArn, Message: 'the second' });
      await quiet();

      expect(defects).toEqual([new TypeError('a defect')]);
      expect(invoked).toHaveLength(2);
      expect(failures).toEqual([{ reason: 'internal failure: the log has its trace', isGivenUp: true }]);
      const QueueUrl = `${url}${account}/dead`;
      expect(await ask({ Action: 'ReceiveMessage', QueueUrl })).toContain('the first');
    },
    { functions },
  );
});

it.each(['email', 'email-json'])(
  '%s: a mail asks, its link confirms, mails bring what is published [2.4]',
  (protocol) =>
    withTopics(async ({ createTopic, subscribe, query, follow, outbox, url }) => {
      const TopicArn = await createTopic('t');
      await subscribe(TopicArn, protocol, 'a@b.example');
      await quiet();

      const question = mailIn(outbox[0]);
      const link = /http:[^\s"]+/.exec(question.text)?.[0] ?? '';
      const arn = (await follow(link)).text('SubscriptionArn');
      await query('Publish', { TopicArn, Message: 'hello', Subject: 'greeting' });
      await quiet();
      await follow(`${url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);
      await quiet();

      expect(question).toMatchObject({ to: 'a@b.example', subject: 'AWS Notification - Subscription Confirmation' });
      const mail = mailIn(outbox[1]);
      expect(mail).toMatchObject({ to: 'a@b.example', subject: 'greeting' });
      expect(mail.text).toContain(protocol === 'email' ? `hello\n\n--\n` : '"Type":"Notification"');
      expect(mail.text).toContain(`${url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);
      expect(mailIn(outbox[2])).toMatchObject({ subject: 'AWS Notification - Unsubscribe Confirmation' });
    }),
);

test('text messages and mobile pushes go to the outbox, with whose they are [2.14]', () =>
  withTopics(async ({ createTopic, subscribe, query, outbox }) => {
    const TopicArn = await createTopic('t');
    const endpointArn = await makeEndpoint(query);
    const phone = (await subscribe(TopicArn, 'sms', '+15551234567')).text('SubscriptionArn');
    const device = (await subscribe(TopicArn, 'application', endpointArn)).text('SubscriptionArn');

    const messageId = (await query('Publish', { TopicArn, Message: 'hello' })).text('MessageId');
    await quiet();

    const common = { messageId, message: 'hello', topicArn: TopicArn, account, region: 'us-east-1' };
    expect(outbox).toHaveLength(2);
    expect(outbox).toContainEqual(
      expect.objectContaining({ kind: 'sms', phoneNumber: '+15551234567', subscriptionArn: phone, ...common }),
    );
    expect(outbox).toContainEqual(
      expect.objectContaining({ kind: 'push', endpointArn, subscriptionArn: device, ...common }),
    );
  }));

test('a device gets the text of its platform, and nobody what is opted out or disabled [2.14] [2.15]', () =>
  withTopics(async ({ createTopic, subscribe, query, outbox, failures, broker }) => {
    const TopicArn = await createTopic('t');
    const endpointArn = await makeEndpoint(query);
    await subscribe(TopicArn, 'application', endpointArn);
    await subscribe(TopicArn, 'sms', '+15551234567');
    await optOut(broker, account, '+15551234567');
    const Message = JSON.stringify({ default: 'plain', GCM: '{"notification":{}}' });

    await query('Publish', { TopicArn, Message, MessageStructure: 'json' });
    await quiet();
    await query('SetEndpointAttributes', { EndpointArn: endpointArn, ...entries({ Enabled: 'false' }) });
    await query('Publish', { TopicArn, Message: 'again' });
    await quiet();

    expect(outbox).toMatchObject([{ kind: 'push', endpointArn, message: '{"notification":{}}' }]);
    expect(failures.map(({ reason }) => reason).toSorted()).toEqual([
      'the endpoint is disabled',
      'the phone number is opted out',
      'the phone number is opted out',
    ]);
  }));

async function makeEndpoint(query: Topics['query']): Promise<string> {
  const attributes = entries({ PlatformPrincipal: 'p', PlatformCredential: 'c' });
  const made = await query('CreatePlatformApplication', { Name: 'app', Platform: 'GCM', ...attributes });
  const PlatformApplicationArn = made.text('PlatformApplicationArn') ?? '';
  return (await query('CreatePlatformEndpoint', { PlatformApplicationArn, Token: 'token' })).text('EndpointArn') ?? '';
}

function mailIn(entry: Topics['outbox'][number] | undefined) {
  if (entry?.kind !== 'mail') throw new Error('there is no mail');
  return entry.mail;
}
