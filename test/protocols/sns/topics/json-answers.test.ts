import { expect, it } from 'vitest';
import { exchange } from '../../sqs/call.ts';
import { arn } from './cases.ts';
import { type World, withWorld } from './world.ts';

/** A Query request whose answer shall be JSON [sqs-sns 0.1]. */
function ask({ port }: World, query: string) {
  const headers = { Accept: 'application/json' };
  return exchange({ port }, { method: 'GET', path: `/?Version=2010-03-31&${query}`, headers });
}

it('a Query request that accepts JSON is answered in it', () =>
  withWorld(async (world) => {
    await world.topic('a');

    const answer = await ask(world, 'Action=ListTopics');
    const error = await ask(world, `Action=GetTopicAttributes&TopicArn=${arn('b')}`);
    const attributes = await ask(world, `Action=GetTopicAttributes&TopicArn=${arn('a')}`);

    expect(JSON.parse(answer.text)).toEqual({
      ListTopicsResponse: {
        ListTopicsResult: { Topics: [{ TopicArn: arn('a') }] },
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
    expect(JSON.parse(attributes.text).GetTopicAttributesResponse.GetTopicAttributesResult.Attributes).toContainEqual({
      key: 'TopicArn',
      value: arn('a'),
    });
  }));
