import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { lastToken } from '../../../../protocols/sns/confirmation.ts';
import { snsLimits } from '../../../../protocols/sns/limits.ts';
import { GantryError } from '../../../../src/model/errors.ts';
import { quiet } from '../../../core/world.ts';
import { user } from '../../../support/users.ts';
import { answering, closedPort } from '../delivery/endpoints.ts';
import { namingSigner, queueArn, type Topics, withTopics } from '../with-topics.ts';

const invalid = (what: string) => ({ status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${what}` });
/** As AWS made one. */
const foreignToken =
  '51b2ff3edb475b7d91550e0ab6edf0c1de2a34e6ebaf6c2262a001bcb7e051c43aa00022ceecce70bd2a67b2042da8d8eb47fef7a4e4e942d23e7fa56146b9ee35da040b4b8af564cc4184a7391c834cb75d75c22981f776ad1ce8805e9bab29da2329985337bb8095627907b46c8577c8440556b6f86582a954758026f41fc62041c4b3f67b0f5921232b5dae5aaca1';

interface Confirmation {
  readonly Token: string;
  readonly SubscribeURL: string;
  readonly MessageId: string;
}

/** An endpoint that has been asked. */
async function asked({ createTopic, subscribe, broker }: Topics) {
  const endpoint = await answering(200);
  const topicArn = await createTopic('t');
  await subscribe(topicArn, 'http', endpoint.url);
  await endpoint.hasReceived(1);
  const confirmation: Confirmation = JSON.parse(endpoint.received[0]?.body ?? '');
  const [subscription] = [...broker.topics.subscriptions.all()];
  return { endpoint, topicArn, confirmation, arn: `${topicArn}:${subscription?.address.id}` };
}

/** What the endpoint received has left the hidden queue too. */
async function nothingWaits({ broker }: Topics): Promise<void> {
  const subscriptions = [...broker.topics.subscriptions.all()];
  while ((await broker.topics.push.waiting(subscriptions)).some((waiting) => waiting > 0)) await setImmediate();
}

test('an endpoint is asked with these headers and this body (verified) [2.4]', () =>
  withTopics(
    async (topics) => {
      const { endpoint, topicArn, confirmation } = await asked(topics);

      const [post] = endpoint.received;
      expect(confirmation).toEqual({
        Type: 'SubscriptionConfirmation',
        MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        Token: expect.stringMatching(/^[0-9a-f]{288,}$/),
        TopicArn: topicArn,
        Message:
          `You have chosen to subscribe to the topic ${topicArn}.\n` +
          'To confirm the subscription, visit the SubscribeURL included in this message.',
        SubscribeURL: `${topics.url}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${confirmation.Token}`,
        Timestamp: new Date(topics.clock.now()).toISOString(),
        SignatureVersion: '1',
        Signature: 'v1:Message,MessageId,SubscribeURL,Timestamp,Token,TopicArn,Type',
        SigningCertURL: `${topics.url}/cert.pem`,
      });
      expect(post?.headers).toMatchObject({
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'accept-encoding': 'gzip,deflate',
        'x-amz-sns-message-type': 'SubscriptionConfirmation',
        'x-amz-sns-message-id': confirmation.MessageId,
        'x-amz-sns-topic-arn': topicArn,
      });
      expect(post?.headers).not.toHaveProperty('x-amz-sns-subscription-arn');
    },
    { signer: namingSigner },
  ));

test('the link confirms, as often as it is followed (verified) [2.4]', () =>
  withTopics(async (topics) => {
    const { confirmation, arn } = await asked(topics);

    for (let time = 1; time <= 2; time++) {
      const answer = await topics.follow(confirmation.SubscribeURL);
      expect(answer).toMatchObject({ status: 200, xml: expect.stringContaining('<ConfirmSubscriptionResponse ') });
      expect(answer.text('SubscriptionArn')).toBe(arn);
    }

    expect((await topics.query('GetSubscriptionAttributes', { SubscriptionArn: arn })).entries()).toMatchObject({
      ...{ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'false' },
    });
  }));

describe('a confirmation is refused', () => {
  test('for a topic that is none or is elsewhere, and for a token that is none (verified) [2.4]', () =>
    withTopics(async (topics) => {
      const { confirmation, topicArn } = await asked(topics);
      const { Token } = confirmation;
      const confirm = (TopicArn: string, token: string) =>
        topics.query('ConfirmSubscription', { TopicArn, Token: token });
      const changed = `${Token.slice(0, -1)}${Token.endsWith('0') ? '1' : '0'}`;

      expect(await confirm('not-an-arn', Token)).toMatchObject(invalid('Topic'));
      expect(await confirm(topicArn.replace('us-east-1', 'eu-central-1'), Token)).toMatchObject(invalid('Topic'));
      expect(await confirm(topicArn, 'randomtoken')).toMatchObject({ status: 400, message: 'Invalid token' });
      for (const token of ['abc123', foreignToken, changed, `${Token}00`, Token.slice(0, -2)]) {
        expect(await confirm(topicArn, token)).toMatchObject(invalid('Token'));
      }
      expect(await confirm(`${topicArn.slice(0, -1)}i`, foreignToken)).toMatchObject(invalid('Token'));
    }));

  test('when three days are over [2.4]', () =>
    withTopics(async ({ clock, ...topics }) => {
      const { confirmation, topicArn } = await asked({ clock, ...topics });
      const confirm = () => topics.query('ConfirmSubscription', { TopicArn: topicArn, Token: confirmation.Token });

      clock.advance(3 * 86_400_000 - 3_600_000);
      expect(await confirm()).toMatchObject({ status: 200 });
      clock.advance(3_600_000);

      expect(await confirm()).toMatchObject(invalid('Token'));
    }));
});

test('the token decides, not the name of the topic (verified) [2.4]', () =>
  withTopics(async (topics) => {
    const { confirmation, topicArn, arn } = await asked(topics);
    const parameters = { TopicArn: `${topicArn.slice(0, -1)}i`, Token: confirmation.Token };

    expect((await topics.query('ConfirmSubscription', parameters)).text('SubscriptionArn')).toBe(arn);
  }));

test('a confirmation may order that only a signed request unsubscribes [2.4]', () =>
  withTopics(async (topics) => {
    const { confirmation, topicArn, arn } = await asked(topics);
    const parameters = { TopicArn: topicArn, Token: confirmation.Token, AuthenticateOnUnsubscribe: 'true' };
    await topics.query('ConfirmSubscription', parameters);

    const byLink = await topics.follow(`${topics.url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);
    const signed = await topics.query('Unsubscribe', { SubscriptionArn: arn });

    expect(byLink).toMatchObject({ status: 403, code: 'AuthorizationError' });
    expect(signed).toMatchObject({ status: 200 });
    expect([...topics.broker.topics.subscriptions.all()]).toEqual([]);
  }));

test('whoever unsubscribes by link is told how to take that back, and can (verified) [2.4]', () =>
  withTopics(async (topics) => {
    const { endpoint, confirmation, topicArn, arn } = await asked(topics);
    await topics.follow(confirmation.SubscribeURL);

    await topics.follow(`${topics.url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);
    await endpoint.hasReceived(2);

    const end = JSON.parse(endpoint.received[1]?.body ?? '');
    expect(end).toMatchObject({
      Type: 'UnsubscribeConfirmation',
      Message:
        `You have chosen to deactivate subscription ${arn}.\n` +
        'To cancel this operation and restore the subscription, visit the SubscribeURL included in this message.',
      SubscribeURL: `${topics.url}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${end.Token}`,
    });
    expect(endpoint.received[1]?.headers).toMatchObject({
      'x-amz-sns-message-type': 'UnsubscribeConfirmation',
      'x-amz-sns-subscription-arn': arn,
    });
    expect(await topics.query('GetSubscriptionAttributes', { SubscriptionArn: arn })).toMatchObject({ status: 404 });
    expect((await topics.query('ListSubscriptions')).xml).not.toContain(arn);

    topics.clock.advance(2 * 86_400_000); // Longer than it was there before: the end is what counts.
    expect((await topics.follow(end.SubscribeURL)).text('SubscriptionArn')).toBe(arn);
    expect(await topics.query('GetSubscriptionAttributes', { SubscriptionArn: arn })).toMatchObject({ status: 200 });
  }));

test('who subscribes an endpoint anew whose subscription ended gets another one', () =>
  withTopics(async (topics) => {
    const { endpoint, confirmation, topicArn, arn } = await asked(topics);
    await topics.follow(confirmation.SubscribeURL);
    await topics.follow(`${topics.url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);

    await topics.subscribe(topicArn, 'http', endpoint.url);

    expect(await topics.follow(confirmation.SubscribeURL)).toMatchObject(invalid('Token'));
    expect([...topics.broker.topics.subscriptions.all()]).toMatchObject([{ state: 'pending' }]);
  }));

test('an endpoint that answers 429 is not asked again within a second, and its token stays good [2.11]', () =>
  withTopics(async (topics) => {
    const endpoint = await answering(429);
    const topicArn = await topics.createTopic('t');
    await topics.subscribe(topicArn, 'http', endpoint.url);
    await endpoint.hasReceived(1);
    await quiet();

    topics.clock.advance(1_000);
    await quiet();
    expect(endpoint.received).toHaveLength(1);
    topics.clock.advance(20_000);
    await endpoint.hasReceived(2);

    expect(endpoint.received[1]?.body).toBe(endpoint.received[0]?.body);
    const { SubscribeURL }: Confirmation = JSON.parse(endpoint.received[1]?.body ?? '');
    expect(await topics.follow(SubscribeURL)).toMatchObject({ status: 200 });
  }));

test('links are followed without a signature also where there are users', () =>
  withTopics(
    async (topics) => {
      const { broker, follow, url } = topics;
      const admin = { name: 'operator', account: '000000000000', isAnonymous: false };
      const topic = await broker.topics.catalogue.create(admin, {
        ...{ address: { account: '000000000000', region: 'us-east-1', name: 't' }, kind: 'standard', tags: {} },
        attributes: {
          ...{ isContentDeduplicated: false, dedupScope: 'topic', messageBytesMax: 262_144 },
          ...{ policy: undefined, archiveMs: undefined },
        },
        extras: {},
      });
      const made = await broker.topics.subscriptions.create(admin, {
        ...{ topic: topic.address, protocol: 'sqs', endpoint: queueArn('q'), owner: '000000000000', extras: {} },
        target: { type: 'queue', queue: { account: '000000000000', region: 'us-east-1', name: 'q' } },
        ...{ state: 'confirmed', isRaw: false, filter: undefined, deadLetter: undefined },
      });
      const arn = `arn:aws:sns:us-east-1:000000000000:t:${made.address.id}`;

      const confirming = await follow(`${url}/?Action=ConfirmSubscription&TopicArn=${arn}&Token=${foreignToken}`);
      const listing = await follow(`${url}/?Action=ListSubscriptions`);
      const unsubscribing = await follow(`${url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);

      expect(confirming).toMatchObject(invalid('Token'));
      expect(listing.status).toBe(403);
      expect(unsubscribing.status).toBe(200);
      expect([...broker.topics.subscriptions.all()]).toEqual([]);
    },
    { users: [user('operator', { isAdmin: true })] },
  ));

test('the last token that an endpoint was sent is read of its subscription, after each question', () =>
  withTopics(async (topics) => {
    const { endpoint, topicArn, confirmation, arn } = await asked(topics);
    const known = () => {
      const [subscription] = [...topics.broker.topics.subscriptions.all()];
      return subscription && lastToken(subscription);
    };
    const sent = (at: number): Confirmation => JSON.parse(endpoint.received[at]?.body ?? '');
    expect(known()).toBe(confirmation.Token);

    await nothingWaits(topics);
    topics.clock.advance(snsLimits.confirmationRepeatMs);
    await topics.subscribe(topicArn, 'http', endpoint.url);
    await endpoint.hasReceived(2);
    expect(sent(1).Token).not.toBe(confirmation.Token);
    expect(known()).toBe(sent(1).Token);
    expect((await topics.follow(sent(0).SubscribeURL)).status).toBe(200);

    topics.clock.advance(1_000);
    await topics.follow(`${topics.url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);
    await endpoint.hasReceived(3);
    expect(known()).toBe(sent(2).Token);
  }));

describe('a pending endpoint that is subscribed again', () => {
  test('is asked again, but not within seconds, and the answer is the same', () =>
    withTopics(async (topics) => {
      const { clock, subscribe } = topics;
      const { endpoint, topicArn } = await asked(topics);
      await nothingWaits(topics);
      const again = async () => (await subscribe(topicArn, 'http', endpoint.url)).text('SubscriptionArn');

      clock.advance(snsLimits.confirmationRepeatMs - 1);
      const early = await Promise.all(Array.from({ length: 20 }, again));
      await nothingWaits(topics);
      expect(endpoint.received).toHaveLength(1);

      clock.advance(1);
      const late = await Promise.all(Array.from({ length: 20 }, again));
      await endpoint.hasReceived(2);
      await nothingWaits(topics);
      expect(endpoint.received).toHaveLength(2);
      expect(new Set([...early, ...late])).toEqual(new Set(['pending confirmation']));
    }));

  test('is not asked again while it has not taken the last question', () =>
    withTopics(async ({ broker, clock, createTopic, subscribe }) => {
      const topicArn = await createTopic('t');
      const url = `http://127.0.0.1:${await closedPort()}/`;
      for (let time = 0; time < 5; time++) {
        expect(await subscribe(topicArn, 'http', url)).toMatchObject({ status: 200 });
        clock.advance(snsLimits.confirmationRepeatMs);
      }

      expect(await broker.topics.push.waiting([...broker.topics.subscriptions.all()])).toEqual([1]);
    }));

  test('is asked again where the last question could not be stored', () =>
    withTopics(async (topics) => {
      const endpoint = await answering(200);
      const topicArn = await topics.createTopic('t');
      const { push } = topics.broker.topics;
      const { tell } = push;
      push.tell = async () => {
        throw new GantryError('store-full', 'no room');
      };
      expect((await topics.subscribe(topicArn, 'http', endpoint.url)).status).not.toBe(200);
      push.tell = tell;

      expect((await topics.subscribe(topicArn, 'http', endpoint.url)).status).toBe(200);

      await endpoint.hasReceived(1);
    }));
});

test('what one account sets off beyond a number goes out one after the other', () =>
  withTopics(async ({ broker, clock, createTopic, outbox, subscribe }) => {
    const topicArn = await createTopic('t');
    const { confirmationsAtOnce, confirmationEveryMs } = snsLimits;
    for (let at = 0; at <= confirmationsAtOnce; at++) {
      expect((await subscribe(topicArn, 'email', `${at}@b.example`)).text('SubscriptionArn')).toBe(
        'pending confirmation',
      );
    }
    const waiting = async () => {
      const each = await broker.topics.push.waiting([...broker.topics.subscriptions.all()]);
      return each.reduce((sum, one) => sum + one, 0);
    };

    while ((await waiting()) > 1) await setImmediate();
    expect(outbox).toHaveLength(confirmationsAtOnce);
    await quiet();
    expect(await waiting()).toBe(1);

    clock.advance(confirmationEveryMs);
    while ((await waiting()) > 0) await setImmediate();
    expect(outbox).toHaveLength(confirmationsAtOnce + 1);
  }));
