import { expect, it } from 'vitest';
import { exchange } from '../../sqs/call.ts';
import { arn } from './cases.ts';
import { type World, withWorld } from './world.ts';

/** The ways in which a Query request says that its answer shall be JSON [sqs-sns 0.1]. */
const ways: readonly (readonly [string, (world: World, query: string) => ReturnType<typeof exchange>])[] = [
  ['accepts JSON', ({ port }, query) => get(port, query, { Accept: 'application/json' })],
  [
    'has the parameter ContentType=JSON, as boto 2 sends it,',
    ({ port }, query) => get(port, `${query}&ContentType=JSON`),
  ],
];

function get(port: number, query: string, headers: Readonly<Record<string, string>> = {}) {
  return exchange({ port }, { method: 'GET', path: `/?Version=2010-03-31&${query}`, headers });
}

it.each(ways)('a Query request that %s is answered in it', (_, ask) =>
  withWorld(async (world) => {
    await world.topic('a');

    const answer = await ask(world, 'Action=ListTopics');
    const error = await ask(world, `Action=GetTopicAttributes&TopicArn=${arn('b')}`);
    const attributes = await ask(world, `Action=GetTopicAttributes&TopicArn=${arn('a')}`);
    const unknown = await ask(world, 'Action=FooBar');
    const silent = await ask(world, `Action=DeleteTopic&TopicArn=${arn('a')}`);

    expect(JSON.parse(answer.text)).toEqual({
      ListTopicsResponse: {
        ListTopicsResult: { Topics: [{ TopicArn: arn('a') }], NextToken: null },
        ResponseMetadata: { RequestId: answer.headers['x-amzn-requestid'] },
      },
    });
    expect([error.status, JSON.parse(error.text)]).toEqual([
      404,
      {
        Error: { Code: 'NotFound', Message: 'Topic does not exist', Type: 'Sender' },
        RequestId: error.headers['x-amzn-requestid'],
      },
    ]);
    expect(JSON.parse(attributes.text).GetTopicAttributesResponse.GetTopicAttributesResult.Attributes).toMatchObject({
      TopicArn: arn('a'),
    });
    expect([unknown.status, JSON.parse(unknown.text).Error]).toEqual([
      400,
      { Code: 'InvalidAction', Message: 'The action FooBar is not valid for this endpoint.', Type: 'Sender' },
    ]);
    expect(JSON.parse(silent.text)).toEqual({
      DeleteTopicResponse: { ResponseMetadata: { RequestId: silent.headers['x-amzn-requestid'] } },
    });
  }),
);

it.each([
  ['SNS', '2010-03-31', '</Message></Error>'],
  ['SQS', '2012-11-05', '</Message><Detail/></Error>'],
])('an unknown action of %s is refused in its own form of an error (verified) [0.2]', (_, version, end) =>
  withWorld(async ({ port }) => {
    const { status, text } = await exchange({ port }, { method: 'GET', path: `/?Action=FooBar&Version=${version}` });

    expect(status).toBe(400);
    expect(text).toContain(`/doc/${version}/"`);
    expect(text).toContain(`<Message>The action FooBar is not valid for this endpoint.${end}`);
  }),
);
