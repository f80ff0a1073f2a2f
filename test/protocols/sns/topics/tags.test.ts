import { describe, expect, it } from 'vitest';
import { arn, wires } from './cases.ts';
import { withWorld } from './world.ts';

const ResourceArn = arn('a');
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ Key: `k${at + from}`, Value: 'v' }));

describe.each(wires)('over %s', (wire) => {
  it('tags are set, overwritten, listed and taken away; those of a fresh topic are an empty list', () =>
    withWorld(async ({ topic, good, sns }) => {
      await topic('a');
      const tags = async () => (await good('ListTagsForResource', { ResourceArn }, { wire })).Tags;
      const tag = (Tags: { Key: string; Value: string }[]) => good('TagResource', { ResourceArn, Tags }, { wire });

      expect(await tags()).toEqual([]);
      expect((await sns('ListTagsForResource', { ResourceArn })).text).toContain('<Tags></Tags>');
      expect(await tag([{ Key: 'one', Value: '1' }])).toEqual({});
      await tag([
        { Key: 'one', Value: '' },
        { Key: 'two', Value: 'zwei é' },
      ]);
      expect(await tags()).toEqual([
        { Key: 'one', Value: '' },
        { Key: 'two', Value: 'zwei é' },
      ]);
      expect(await good('UntagResource', { ResourceArn, TagKeys: ['one', 'three'] }, { wire })).toEqual({});
      expect(await tags()).toEqual([{ Key: 'two', Value: 'zwei é' }]);
    }));

  it('a key that stands twice is refused (verified)', () =>
    withWorld(async ({ topic, sns }) => {
      await topic('a');
      const Tags = [
        { Key: 'one', Value: '1' },
        { Key: 'one', Value: '2' },
      ];

      for (const [operation, input] of [
        ['TagResource', { ResourceArn, Tags }],
        ['CreateTopic', { Name: 'b', Tags }],
      ] as const) {
        expect((await sns(operation, input, { wire })).error).toBe(
          'InvalidParameter: Invalid parameter: Duplicated keys are not allowed.',
        );
      }
    }));

  it('fifty tags are all that a topic has', () =>
    withWorld(async ({ topic, sns }) => {
      await topic('a');
      const quota = 'TagLimitExceeded: Could not complete request: tag quota of per resource exceeded';

      expect((await sns('TagResource', { ResourceArn, Tags: many(51) }, { wire })).error).toBe(quota);
      expect((await sns('TagResource', { ResourceArn, Tags: many(50) }, { wire })).status).toBe(200);
      expect((await sns('TagResource', { ResourceArn, Tags: many(50) }, { wire })).status).toBe(200);
      expect((await sns('TagResource', { ResourceArn, Tags: many(1, 50) }, { wire })).error).toBe(quota);
    }));

  it.each(['TagResource', 'UntagResource', 'ListTagsForResource'])('%s of an unknown topic', (operation) =>
    withWorld(async ({ sns }) => {
      const { status, error } = await sns(operation, { ResourceArn, Tags: many(1), TagKeys: ['k'] }, { wire });

      expect([status, error]).toEqual([404, 'ResourceNotFound: Resource does not exist']);
      expect((await sns(operation, { ResourceArn: 'a' }, { wire })).error).toBe(
        'InvalidParameter: Invalid parameter: ResourceArn Reason: An ARN must have at least 6 elements, not 1',
      );
    }),
  );

  it('the tags of a deleted topic are gone (verified)', () =>
    withWorld(async ({ topic, sns, good }) => {
      await topic('a');
      await good('TagResource', { ResourceArn, Tags: many(1) }, { wire });
      await good('DeleteTopic', { TopicArn: ResourceArn }, { wire });

      expect((await sns('ListTagsForResource', { ResourceArn }, { wire })).error).toBe(
        'ResourceNotFound: Resource does not exist',
      );
      await topic('a');
      expect(await good('ListTagsForResource', { ResourceArn }, { wire })).toEqual({ Tags: [] });
    }));
});

it.each([
  [{ Key: '', Value: 'v' }, /tag key \[\] must be 1 to 128/],
  [{ Key: 'k'.repeat(129), Value: 'v' }, /must be 1 to 128/],
  [{ Key: 'k', Value: 'v'.repeat(257) }, /tag value .* must be 0 to 256/],
  [{ Key: 'a\u0001', Value: 'v' }, /tag key/],
  [{ Key: 'AWS:k', Value: 'v' }, /aws: prefixed tag key names are not allowed/],
])('the tag %o is refused', (tag, why) =>
  withWorld(async ({ topic, sns }) => {
    await topic('a');

    expect((await sns('TagResource', { ResourceArn, Tags: [tag] })).error).toMatch(why);
  }),
);

it('what must be there is asked for', () =>
  withWorld(async ({ topic, sns }) => {
    await topic('a');
    const nullAt = (path: string) =>
      `ValidationError: 1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`;

    expect((await sns('TagResource', { ResourceArn })).error).toBe(nullAt('tags'));
    expect((await sns('TagResource', { ResourceArn, Tags: [{ Key: 'a' }] })).error).toBe(nullAt('tags.1.member.value'));
    expect((await sns('UntagResource', { ResourceArn })).error).toBe(nullAt('tagKeys'));
  }));
