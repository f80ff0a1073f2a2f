import { describe, expect, it } from 'vitest';
import { arn, wires } from './cases.ts';
import { withWorld } from './world.ts';

describe.each(wires)('over %s', (wire) => {
  it('no topics are an empty list', () =>
    withWorld(async ({ sns }) => {
      const { output, text } = await sns('ListTopics', {}, { wire });

      expect(output).toEqual({ Topics: [] });
      expect(text).toContain(
        wire === 'query' ? '<ListTopicsResult><Topics></Topics></ListTopicsResult>' : '"Topics":[]',
      );
    }));

  it('a hundred topics are a page, and the token leads to the next', () =>
    withWorld(async ({ topic, good }) => {
      const names = Array.from({ length: 205 }, (_, at) => `t${String(at).padStart(3, '0')}`);
      for (const name of names) await topic(name);
      const seen: unknown[] = [];
      const sizes: number[] = [];
      let token: string | undefined;
      do {
        const page = await good('ListTopics', token === undefined ? {} : { NextToken: token }, { wire });
        const topics = Array.isArray(page.Topics) ? page.Topics : [];
        sizes.push(topics.length);
        seen.push(...topics);
        token = typeof page.NextToken === 'string' ? page.NextToken : undefined;
      } while (token !== undefined);

      expect(sizes).toEqual([100, 100, 5]);
      expect(seen).toEqual(names.map((name) => ({ TopicArn: arn(name) })));
    }));

  it.each(['nonsense!', 'a', '%'])('the token %s is none of ours', (NextToken) =>
    withWorld(async ({ sns }) => {
      const { status, error } = await sns('ListTopics', { NextToken }, { wire });

      expect([status, error]).toEqual([400, 'InvalidParameter: Invalid parameter: NextToken']);
    }),
  );
});

it('each account and each region has topics of its own', () =>
  withWorld(async ({ good }) => {
    await good('CreateTopic', { Name: 'a' });
    await good('CreateTopic', { Name: 'a' }, { region: 'eu-west-1' });
    await good('CreateTopic', { Name: 'a' }, { account: '111111111111' });

    expect(await good('ListTopics', {})).toEqual({ Topics: [{ TopicArn: arn('a') }] });
    expect(await good('ListTopics', {}, { region: 'eu-west-1' })).toEqual({
      Topics: [{ TopicArn: arn('a', '000000000000', 'eu-west-1') }],
    });
    expect(await good('ListTopics', {}, { account: '111111111111' })).toEqual({
      Topics: [{ TopicArn: arn('a', '111111111111') }],
    });
  }));
