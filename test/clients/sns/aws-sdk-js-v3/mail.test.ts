import { ConfirmSubscriptionCommand, PublishCommand } from '@aws-sdk/client-sns';
import { expect, onTestFinished, test } from 'vitest';
import { launch } from '../../../support/launch.ts';
import { startMailbox } from '../mailbox.ts';
import { snsWorldOf } from '../sdk-world.ts';

async function setup() {
  const mailbox = await startMailbox();
  const broker = await launch({ args: ['--smtp-url', mailbox.url, '--smtp-from', 'Shop <shop@example.com>'] });
  onTestFinished(async () => void (await broker.stop()));
  return { ...snsWorldOf(broker), mailbox };
}

test('a mail asks to confirm, the link in it does, and a notification comes as a text', async () => {
  const { sns, makeTopic, subscribe, mailbox } = await setup();
  const TopicArn = await makeTopic({ DisplayName: 'Shop' });

  await subscribe({ TopicArn, Protocol: 'email', Endpoint: 'you@example.com' });
  const asked = await mailbox.mails.take();
  const link = /https?:\/\/\S+Action=ConfirmSubscription[^\s"<>]+/.exec(asked.text)?.[0] ?? 'no link';
  const visited = await fetch(link);
  await sns.send(new PublishCommand({ TopicArn, Message: 'Two crates, café', Subject: 'Fruit' }));
  const notification = await mailbox.mails.take();

  expect([asked.to, asked.from, visited.status]).toEqual([['you@example.com'], 'shop@example.com', 200]);
  expect(notification).toMatchObject({ to: ['you@example.com'], from: 'shop@example.com' });
  expect(notification.headers).toMatch(/^Subject: Fruit$/m);
  expect(notification.text).toContain('Two crates, café');
  expect(notification.text).toMatch(/https?:\/\/\S+Action=Unsubscribe/);
});

test('email-json brings the envelope, and its token confirms through the SDK', async () => {
  const { sns, makeTopic, subscribe, mailbox } = await setup();
  const TopicArn = await makeTopic();

  await subscribe({ TopicArn, Protocol: 'email-json', Endpoint: 'you@example.com' });
  const { Type, Token } = JSON.parse((await mailbox.mails.take()).text);
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'Zürich' }));
  const notification = JSON.parse((await mailbox.mails.take()).text);

  expect(Type).toBe('SubscriptionConfirmation');
  expect(notification).toMatchObject({ Type: 'Notification', MessageId, TopicArn, Message: 'Zürich' });
});
