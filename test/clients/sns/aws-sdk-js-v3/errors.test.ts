import {
  BatchEntryIdsNotDistinctException,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  EmptyBatchRequestException,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  InvalidBatchEntryIdException,
  InvalidParameterException,
  InvalidParameterValueException,
  ListTagsForResourceCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  ResourceNotFoundException,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TooManyEntriesInBatchRequestException,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();
const missingTopic = 'arn:aws:sns:us-east-1:000000000000:missing';

type Refused = abstract new (...args: never[]) => Error;

/** @param says the text of the error, which is AWS's */
async function expectRefused(asked: Promise<unknown>, kind: Refused, says: string): Promise<void> {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject({ message: says, $metadata: { attempts: 1, requestId: expect.any(String) } });
}

test('what is not there is a NotFoundException', async () => {
  const { sns, makeTopic } = setup();
  const unknown = `${await makeTopic()}:22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324`;

  const topic = sns.send(new GetTopicAttributesCommand({ TopicArn: missingTopic }));
  await expectRefused(topic, NotFoundException, 'Topic does not exist');
  const published = sns.send(new PublishCommand({ TopicArn: missingTopic, Message: 'x' }));
  await expectRefused(published, NotFoundException, 'Topic does not exist');
  const subscription = sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: unknown }));
  await expectRefused(subscription, NotFoundException, 'Subscription does not exist');
});

test('what is wrong in a request is an InvalidParameterException', async () => {
  const { sns, makeTopic, newName } = setup();
  const TopicArn = await makeTopic();

  const refusals = {
    'Invalid parameter: Topic Name': new CreateTopicCommand({ Name: 'no spaces' }),
    'Invalid parameter: AttributeName': new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Nope' }),
    'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1': new PublishCommand({
      TopicArn: 'nonsense',
      Message: 'x',
    }),
    'Invalid parameter: Empty message': new PublishCommand({ TopicArn, Message: '' }),
    'Invalid parameter: Message too long': new PublishCommand({ TopicArn, Message: 'x'.repeat(262_145) }),
    'Invalid parameter: Subject': new PublishCommand({ TopicArn, Message: 'x', Subject: 'two\nlines' }),
    'Invalid parameter: SQS endpoint ARN': new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: `http://127.0.0.1/000000000000/${newName()}`,
    }),
    'Invalid parameter: Amazon SNS does not support this protocol string: pigeon': new SubscribeCommand({
      TopicArn,
      Protocol: 'pigeon',
      Endpoint: 'x',
    }),
  };

  for (const [says, command] of Object.entries(refusals)) {
    // Which of them it is does not matter to `send`; its overloads want to know.
    await expectRefused(sns.send(Object.assign(command)), InvalidParameterException, says);
  }
});

test('a bad message attribute is an InvalidParameterValueException', async () => {
  const { sns, makeTopic } = setup();
  const MessageAttributes = { attr1: { DataType: 'Strange', StringValue: 'x' } };

  const publishing = sns.send(new PublishCommand({ TopicArn: await makeTopic(), Message: 'x', MessageAttributes }));

  await expectRefused(
    publishing,
    InvalidParameterValueException,
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  );
});

test('a batch as a whole is refused with an exception of its own', async () => {
  const { sns, makeTopic } = setup();
  const TopicArn = await makeTopic();
  const batch = (...ids: readonly string[]) =>
    sns.send(
      new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message: 'x' })) }),
    );

  await expect(batch()).rejects.toBeInstanceOf(EmptyBatchRequestException);
  await expect(batch('a', 'b', 'a')).rejects.toBeInstanceOf(BatchEntryIdsNotDistinctException);
  await expect(batch('a b')).rejects.toBeInstanceOf(InvalidBatchEntryIdException);
  await expect(batch(...'abcdefghijk')).rejects.toBeInstanceOf(TooManyEntriesInBatchRequestException);
});

test('tags of a topic that is not there are a ResourceNotFoundException', async () => {
  const { sns } = setup();

  const listing = sns.send(new ListTagsForResourceCommand({ ResourceArn: missingTopic }));

  await expectRefused(listing, ResourceNotFoundException, 'Resource does not exist');
});

test('a platform application that is not there is a NotFoundException', async () => {
  const { sns } = setup();
  const PlatformApplicationArn = 'arn:aws:sns:us-east-1:000000000000:app/GCM/missing';

  const making = sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'token' }));

  await expectRefused(making, NotFoundException, 'PlatformApplication does not exist');
});
