import { PublishCommand } from '@aws-sdk/client-sns';
import { expect, onTestFinished, test } from 'vitest';
import { launch } from '../../../support/launch.ts';
import { functionArn, invokedAs, serveFunctionsAt } from '../functions.ts';
import { startHttpEndpoint } from '../http-endpoint.ts';
import { receiveEnvelope, snsWorldOf } from '../sdk-world.ts';

async function setup() {
  const functions = await startHttpEndpoint();
  const broker = await launch(serveFunctionsAt(functions.url));
  onTestFinished(async () => void (await broker.stop()));
  return { ...snsWorldOf(broker), functions };
}

test('a function is invoked with the event of AWS Lambda', async () => {
  const { sns, makeTopic, subscribe, functions } = await setup();
  functions.answerBy((response) => response.writeHead(202).end());
  const TopicArn = await makeTopic();
  const EventSubscriptionArn = await subscribe({ TopicArn, Protocol: 'lambda', Endpoint: functionArn('orders') });

  const MessageAttributes = { city: { DataType: 'String', StringValue: 'Zürich' } };
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'one crate', MessageAttributes }));
  const post = await functions.posts.take();

  expect(invokedAs(post)).toEqual(['orders', 'Event']);
  expect(JSON.parse(post.body)).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn,
        Sns: {
          ...{ Type: 'Notification', MessageId, TopicArn, Subject: null, Message: 'one crate' },
          Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: expect.stringMatching(/\.pem$/),
          UnsubscribeUrl: expect.stringContaining('Action=Unsubscribe'),
          MessageAttributes: { city: { Type: 'String', Value: 'Zürich' } },
        },
      },
    ],
  });
});

test('a function that is not there leaves the message to the dead-letter queue', async () => {
  const { sns, sqs, makeTopic, makeQueue, subscribe, functions } = await setup();
  functions.answerBy((response) => response.writeHead(404).end());
  const [TopicArn, deadLetters] = [await makeTopic(), await makeQueue()];
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn });
  const Endpoint = functionArn('missing');
  await subscribe({ TopicArn, Protocol: 'lambda', Endpoint, Attributes: { RedrivePolicy } });

  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'nobody runs' }));

  expect(await receiveEnvelope(sqs, deadLetters.url)).toMatchObject({ MessageId, Message: 'nobody runs' });
});
