import { expect, it } from 'vitest';
import { GantryError } from '../../../../src/model/errors.ts';
import { arn } from './cases.ts';
import { withWorld } from './world.ts';

it('who misses a topic is told of one that is meant', () => {
  const told: string[] = [];
  return withWorld(
    async ({ topic, sns }) => {
      await topic('orders');
      const publish = async (TopicArn: string, region = 'us-east-1') =>
        (await sns('Publish', { TopicArn, Message: 'm' }, { region })).hint;

      expect(await publish(arn('ordres'))).toBe('did you mean "orders"?');
      expect(await publish(arn('orders', '000000000000', 'eu-west-1'), 'eu-west-1')).toBe(
        '"orders" exists in account 000000000000, region us-east-1; the request is for account 000000000000, region eu-west-1',
      );
      expect(await publish(arn('orders', '<script>'))).toContain(
        'the request is for account ?script?, region us-east-1',
      );
      expect(await publish(arn('something'))).toBeUndefined();
      expect((await sns('ListTagsForResource', { ResourceArn: arn('order') })).hint).toBe('did you mean "orders"?');
    },
    { hint: (hint) => void told.push(hint) },
  );
});

it('nobody is told of a topic that he may not see', () =>
  withWorld(
    async ({ topic, sns }) => {
      await topic('hidden');

      expect((await sns('Publish', { TopicArn: arn('hiden'), Message: 'm' })).hint).toBeUndefined();
    },
    { authorize: (_, action) => (action === 'browse' ? new GantryError('access-denied', 'no') : undefined) },
  ));
