import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  paginateListTopics,
  RemovePermissionCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { given } from '../../sqs/sdk-world.ts';
import { withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();

test('a new topic has the attributes of AWS, and no others', async () => {
  const { sns, newName } = setup();
  const Name = newName();

  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }));
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));

  expect(TopicArn).toBe(`arn:aws:sns:us-east-1:000000000000:${Name}`);
  expect(Attributes).toEqual({
    DisplayName: '',
    EffectiveDeliveryPolicy: expect.stringContaining('"numRetries":3'),
    Owner: '000000000000',
    Policy: expect.stringContaining('"__default_policy_ID"'),
    SubscriptionsConfirmed: '0',
    SubscriptionsDeleted: '0',
    SubscriptionsPending: '0',
    TopicArn,
  });
});

test('a FIFO topic shows what makes it one', async () => {
  const { sns, makeTopic } = setup();
  const TopicArn = await makeTopic({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });

  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));

  expect(TopicArn.endsWith('.fifo')).toBe(true);
  expect(Attributes).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
});

test('attributes that are set come back', async () => {
  const { sns, makeTopic } = setup();
  const TopicArn = await makeTopic({ DisplayName: 'Orders' });

  const before = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  for (const [AttributeName, AttributeValue] of [
    ['DisplayName', 'Zürich "orders"'],
    ['SignatureVersion', '2'],
    ['TracingConfig', 'Active'],
  ]) {
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
  }
  const after = await sns.send(new GetTopicAttributesCommand({ TopicArn }));

  expect(before.Attributes).toMatchObject({ DisplayName: 'Orders' });
  expect(after.Attributes).toMatchObject({
    DisplayName: 'Zürich "orders"',
    SignatureVersion: '2',
    TracingConfig: 'Active',
  });
});

test('making a topic again gives the same ARN', async () => {
  const { sns, newName } = setup();
  const input = { Name: newName(), Attributes: { DisplayName: 'same' }, Tags: [{ Key: 'team', Value: 'blue' }] };

  const first = await sns.send(new CreateTopicCommand(input));
  const second = await sns.send(new CreateTopicCommand(input));
  const third = await sns.send(new CreateTopicCommand({ Name: input.Name }));

  expect([second.TopicArn, third.TopicArn]).toEqual([first.TopicArn, first.TopicArn]);
});

test('tags are put on, changed, taken off and listed', async () => {
  const { sns, newName } = setup();
  const Tags = [
    { Key: 'team', Value: 'blue' },
    { Key: 'stage', Value: 'test' },
  ];
  const { TopicArn: ResourceArn } = await sns.send(new CreateTopicCommand({ Name: newName(), Tags }));

  await sns.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'team', Value: 'red' }] }));
  await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['stage', 'never there'] }));
  const listed = await sns.send(new ListTagsForResourceCommand({ ResourceArn }));

  expect(listed.Tags).toEqual([{ Key: 'team', Value: 'red' }]);
});

test('a topic without tags has an empty list of them', async () => {
  const { sns, makeTopic } = setup();

  const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: await makeTopic() }));

  expect(Tags).toEqual([]);
});

test('the paginator walks through 157 topics once', async () => {
  const { sns, newName } = setup();
  const prefix = `${newName()}-page-`;
  const names = Array.from({ length: 157 }, (_, index) => `${prefix}${index}`);
  const made = await Promise.all(names.map((Name) => sns.send(new CreateTopicCommand({ Name }))));

  const pages: (readonly string[])[] = [];
  for await (const { Topics } of paginateListTopics({ client: sns }, {})) {
    pages.push((Topics ?? []).map(({ TopicArn }) => given(TopicArn, 'an ARN')));
  }

  expect(pages[0]).toHaveLength(100);
  expect(
    pages
      .flat()
      .filter((arn) => arn.includes(prefix))
      .sort(),
  ).toEqual(made.map(({ TopicArn }) => TopicArn).sort());
});

test('a permission becomes a statement of the policy, and is taken away', async () => {
  const { sns, makeTopic } = setup();
  const TopicArn = await makeTopic();
  const policy = async (): Promise<{ readonly Statement: readonly { readonly Sid: string }[] }> => {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return JSON.parse(given(Attributes?.Policy, 'a policy'));
  };
  const permission = { TopicArn, Label: 'partner', AWSAccountId: ['123456789012'], ActionName: ['Publish'] };

  await sns.send(new AddPermissionCommand(permission));
  const added = await policy();
  await sns.send(new RemovePermissionCommand({ TopicArn, Label: 'partner' }));
  const removed = await policy();

  expect(added.Statement.map(({ Sid }) => Sid)).toEqual(['__default_statement_ID', 'partner']);
  expect(added.Statement[1]).toMatchObject({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::123456789012:root' },
    Action: 'SNS:Publish',
    Resource: TopicArn,
  });
  expect(removed.Statement.map(({ Sid }) => Sid)).toEqual(['__default_statement_ID']);
});

test('a topic is gone once it was deleted, and deleting it again is no error', async () => {
  const { sns, makeTopic } = setup();
  const TopicArn = await makeTopic();

  await sns.send(new DeleteTopicCommand({ TopicArn }));
  await sns.send(new DeleteTopicCommand({ TopicArn }));

  await expect(sns.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toThrow('Topic does not exist');
});
